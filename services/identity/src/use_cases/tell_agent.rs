//! Tells an agent by mail that another's hand changed their account: a part of other operations, in their transaction. An account without an address
//! on file, made before addresses were kept, is told nothing.

use chrono::{DateTime, Utc};
use kernel::{AccountId, DeliveryId};
use platform::ids::uuid_v7;
use sqlx::PgConnection;

use crate::error::Error;
use crate::events::published;
use crate::store::notices;

pub(super) async fn tell_agent(
    conn: &mut PgConnection,
    account: AccountId,
    version: i64,
    has_address: bool,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    if !has_address {
        return Ok(());
    }
    let delivery = DeliveryId::from_uuid(uuid_v7(now));
    notices::insert(conn, delivery, account, now).await?;
    bus::enqueue(conn, published::agent_changed(now, account, version, delivery)).await?;
    Ok(())
}
