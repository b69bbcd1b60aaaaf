//! Who opened which papers, for the auditor: of one file, or all; page after page, the newest first.

use chrono::{DateTime, Utc};
use kernel::ids::ApplicationId;
use sqlx::PgPool;
use uuid::Uuid;

use crate::error::Error;
use crate::store::access_log::{self, Opening};

const DEFAULT_PAGE: i64 = 50;
const LARGEST_PAGE: i64 = 200;

/// A page, and the token of the next; empty on the last.
pub(crate) struct Openings {
    pub(crate) openings: Vec<Opening>,
    pub(crate) next: String,
}

pub(crate) async fn list_openings(
    pool: &PgPool,
    application: Option<ApplicationId>,
    page_size: i32,
    page_token: &str,
) -> Result<Openings, Error> {
    let size = match i64::from(page_size) {
        0 => DEFAULT_PAGE,
        asked => asked.clamp(1, LARGEST_PAGE),
    };
    let after = after(page_token)?;
    let mut conn = pool.acquire().await?;
    // One more than asked for tells whether there is a next page.
    let mut openings = access_log::openings(&mut conn, application, after, size + 1).await?;
    let more = i64::try_from(openings.len()).unwrap_or_default() > size;
    openings.truncate(usize::try_from(size).unwrap_or_default());
    let next = match openings.last() {
        Some(last) if more => format!("{}_{}", last.at.timestamp_micros(), last.id),
        _ => String::new(),
    };
    Ok(Openings { openings, next })
}

/// What the last line of the page before was.
fn after(token: &str) -> Result<Option<(DateTime<Utc>, Uuid)>, Error> {
    if token.is_empty() {
        return Ok(None);
    }
    let parsed = token.split_once('_').and_then(|(at, id)| {
        let at = DateTime::from_timestamp_micros(at.parse().ok()?)?;
        Some((at, id.parse().ok()?))
    });
    parsed.map(Some).ok_or(Error::Malformed {
        field: "page_token",
        reason: "PAGE_TOKEN_MALFORMED",
        instead: "the token of the page before",
    })
}
