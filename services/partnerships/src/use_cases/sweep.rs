//! Forgets what nobody needs any more: codes that ended a day ago, checks after their retention, answers to partners after 72 hours. Sales stay.

use chrono::{DateTime, TimeDelta, Utc};
use sqlx::PgPool;
use uuid::Uuid;

use super::partner_request::LIFE;
use crate::error::Error;
use crate::store::{card_codes, partner_requests, verifications};

/// How long an ended code is still known as one, so that the member is told that it was tried.
const ENDED_CODES: TimeDelta = TimeDelta::days(1);
/// Checks deleted in one statement.
const BATCH: i64 = 5_000;

/// How much was forgotten.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Forgotten {
    pub(crate) codes: u64,
    pub(crate) checks: u64,
    pub(crate) requests: u64,
}

/// Works in small steps; a run that breaks off is made up for by the next.
pub(crate) async fn sweep(
    pool: &PgPool,
    now: DateTime<Utc>,
    check_life: TimeDelta,
) -> Result<Forgotten, Error> {
    let mut conn = pool.acquire().await?;
    let codes = card_codes::forget_ended(&mut conn, now - ENDED_CODES).await?;
    let requests = partner_requests::forget(&mut conn, now - LIFE).await?;
    let before = now - check_life;
    let first_kept = first_id_of(before);
    let mut checks = 0;
    loop {
        let gone = verifications::forget(&mut conn, before, first_kept, BATCH).await?;
        checks += gone;
        if gone == 0 {
            break;
        }
    }
    Ok(Forgotten {
        codes,
        checks,
        requests,
    })
}

/// The smallest UUIDv7 of an instant: every earlier id is below it.
fn first_id_of(at: DateTime<Utc>) -> Uuid {
    let millis = u64::try_from(at.timestamp_millis()).unwrap_or_default();
    uuid::Builder::from_unix_timestamp_millis(millis, &[0; 10]).into_uuid()
}
