//! Who opened which papers, for the auditor: of one file, or all but the auditor's own; page after page, the newest first. A page's token is sealed for its list: nobody
//! makes one up, and that of one file is none of another.

use chrono::{DateTime, Utc};
use kernel::ids::{ApplicationId, MemberId};
use platform::crypto::{open_with, seal_with};
use platform::keys::KeyRing;
use sqlx::PgPool;
use uuid::Uuid;

use crate::error::Error;
use crate::store::access_log::{self, Opening};

const DEFAULT_PAGE: i64 = 50;
const LARGEST_PAGE: i64 = 200;
/// Longer than any token of ours.
const LONGEST_TOKEN: usize = 256;

/// A page, and the token of the next; empty on the last.
pub(crate) struct Openings {
    pub(crate) openings: Vec<Opening>,
    pub(crate) next: String,
}

pub(crate) async fn list_openings(
    pool: &PgPool,
    ring: &KeyRing,
    application: Option<ApplicationId>,
    reader: Option<MemberId>,
    page_size: i32,
    page_token: &str,
) -> Result<Openings, Error> {
    let size = match i64::from(page_size) {
        ..0 => {
            return Err(Error::Malformed {
                field: "page_size",
                reason: "PAGE_SIZE_INVALID",
                instead: "0 for the usual size, or 1 to 200",
            });
        }
        0 => DEFAULT_PAGE,
        asked => asked.min(LARGEST_PAGE),
    };
    let list = list_name(application);
    let after = after(ring, &list, page_token)?;
    let mut conn = pool.acquire().await?;
    // One more than asked for tells whether there is a next page.
    let mut openings = access_log::openings(&mut conn, application, reader, after, size + 1).await?;
    let more = i64::try_from(openings.len()).unwrap_or_default() > size;
    openings.truncate(usize::try_from(size).unwrap_or_default());
    let next = match openings.last() {
        Some(last) if more => {
            let place = format!("{}_{}", last.at.timestamp_micros(), last.id);
            hex::encode(seal_with(ring, &list, place.as_bytes()))
        }
        _ => String::new(),
    };
    Ok(Openings { openings, next })
}

/// What a token is sealed for.
fn list_name(application: Option<ApplicationId>) -> Vec<u8> {
    let of = application.map_or_else(|| "all".to_owned(), |id| id.to_string());
    format!("page.openings {of}").into_bytes()
}

/// What the last line of the page before was.
fn after(ring: &KeyRing, list: &[u8], token: &str) -> Result<Option<(DateTime<Utc>, Uuid)>, Error> {
    if token.is_empty() {
        return Ok(None);
    }
    let malformed = Error::Malformed {
        field: "page_token",
        reason: "PAGE_TOKEN_MALFORMED",
        instead: "the token of the page before, of the same list",
    };
    place_of(ring, list, token).map(Some).ok_or(malformed)
}

fn place_of(ring: &KeyRing, list: &[u8], token: &str) -> Option<(DateTime<Utc>, Uuid)> {
    if token.len() > LONGEST_TOKEN {
        return None;
    }
    let sealed = hex::decode(token).ok()?;
    let plain = open_with(ring, list, &sealed).ok()?;
    let (at, id) = std::str::from_utf8(&plain).ok()?.split_once('_')?;
    Some((
        DateTime::from_timestamp_micros(at.parse().ok()?)?,
        id.parse().ok()?,
    ))
}
