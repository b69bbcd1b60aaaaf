//! How many messages the reader has not read, for the header of every page.

use kernel::MemberId;
use sqlx::PgConnection;

use crate::error::Error;
use crate::store::messages;

pub(crate) async fn count_unread(conn: &mut PgConnection, reader: MemberId) -> Result<i32, Error> {
    let count = messages::count_unread(conn, reader).await?;
    Ok(i32::try_from(count).unwrap_or(i32::MAX))
}
