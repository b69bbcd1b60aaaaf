//! The reader has read messages. Doing it twice is doing it once, so there is no idempotency key.

use chrono::{DateTime, Utc};
use kernel::{MemberId, MessageId};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::error::Error;
use crate::store::messages;

/// As many as a page holds.
const MOST: usize = 200;

/// All of them when none is named; ids of other people's messages change nothing and show nothing.
pub(crate) async fn mark_read(
    conn: &mut PgConnection,
    reader: MemberId,
    named: &[String],
    now: DateTime<Utc>,
) -> Result<(), Error> {
    if named.len() > MOST {
        return Err(Error::TooManyIds);
    }
    let ids = named
        .iter()
        .map(|text| text.parse::<MessageId>().map(MessageId::as_uuid))
        .collect::<Result<Vec<Uuid>, _>>()?;
    messages::mark_read(conn, reader, (!ids.is_empty()).then_some(&ids[..]), now).await
}
