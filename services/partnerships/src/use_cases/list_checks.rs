//! Who checked the cards of the member's household, the newest first, page by page, and which codes are the newest. A page token is authenticated and
//! belongs to one member.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, TimeDelta, Utc};
use kernel::{MemberId, VerificationId};
use platform::crypto::BlindIndex;
use subtle::ConstantTimeEq as _;
use uuid::Uuid;

use super::Desk;
use crate::domain::book::Book;
use crate::error::Error;
use crate::store::card_codes;
use crate::store::verifications::{self, After, SeenCheck};

const DEFAULT_PAGE: i32 = 50;
const LARGEST_PAGE: i32 = 200;
/// Microseconds and id.
const PLACE_BYTES: usize = 8 + 16;

/// One page, the book with the partners' names, and, unless it is the last, where the next page begins.
#[derive(Debug)]
pub(crate) struct Page {
    pub(crate) checks: Vec<SeenCheck>,
    pub(crate) book: Arc<Book>,
    pub(crate) next_page_token: String,
    /// When the newest codes end, if any were asked for within the hour.
    pub(crate) codes_expire_at: Option<DateTime<Utc>>,
}

/// # Errors
/// A negative page size, or a page token that was not given out for this list.
pub(crate) async fn list_checks(
    desk: &Desk,
    member: MemberId,
    page_size: i32,
    page_token: &str,
) -> Result<Page, Error> {
    let size = page_size_of(page_size)?;
    let after = match page_token {
        "" => None,
        token => Some(read_token(&desk.pages, member, token).ok_or(Error::Malformed {
            field: "page_token",
            reason: "PAGE_TOKEN_INVALID",
            instead: "send the token of the previous page of the same list, or none",
        })?),
    };
    let mut conn = desk.pool.acquire().await?;
    let book = desk.book.now(&mut conn).await?;
    let since = desk.clock.now() - TimeDelta::hours(1).max(desk.lives.code);
    let newest = card_codes::issued_since(&mut conn, member, since).await?.pop();
    // One more than the page shows whether there is another.
    let mut checks = verifications::page(&mut conn, member, after, i64::from(size) + 1).await?;
    let more = checks.len() > usize::try_from(size).unwrap_or(usize::MAX);
    if more {
        checks.pop();
    }
    let next_page_token = match checks.last() {
        Some(last) if more => write_token(
            &desk.pages,
            member,
            After {
                at: last.at,
                id: last.id,
            },
        ),
        Some(_) | None => String::new(),
    };
    Ok(Page {
        checks,
        book,
        next_page_token,
        codes_expire_at: newest.map(|issued| issued + desk.lives.code),
    })
}

fn page_size_of(asked: i32) -> Result<i32, Error> {
    match asked {
        0 => Ok(DEFAULT_PAGE),
        1.. => Ok(asked.min(LARGEST_PAGE)),
        _ => Err(Error::Malformed {
            field: "page_size",
            reason: "PAGE_SIZE_INVALID",
            instead: "a number from 1 to 200, or 0 for 50",
        }),
    }
}

fn place_of(after: After) -> [u8; PLACE_BYTES] {
    let mut place = [0; PLACE_BYTES];
    place[..8].copy_from_slice(&after.at.timestamp_micros().to_be_bytes());
    place[8..].copy_from_slice(after.id.as_uuid().as_bytes());
    place
}

fn seal_of(pages: &BlindIndex, member: MemberId, place: &[u8]) -> Vec<u8> {
    pages.of(
        "partnerships.list_checks",
        &format!("{member}\n{}", hex::encode(place)),
    )
}

fn write_token(pages: &BlindIndex, member: MemberId, after: After) -> String {
    let place = place_of(after);
    let seal = seal_of(pages, member, &place);
    URL_SAFE_NO_PAD.encode([place.as_slice(), seal.as_slice()].concat())
}

fn read_token(pages: &BlindIndex, member: MemberId, token: &str) -> Option<After> {
    let bytes = URL_SAFE_NO_PAD.decode(token).ok()?;
    let (place, seal) = bytes.split_first_chunk::<PLACE_BYTES>()?;
    let expected = seal_of(pages, member, place);
    if !bool::from(expected.as_slice().ct_eq(seal)) {
        return None;
    }
    let micros = i64::from_be_bytes(place[..8].try_into().ok()?);
    Some(After {
        at: DateTime::from_timestamp_micros(micros)?,
        id: VerificationId::from_uuid(Uuid::from_slice(&place[8..]).ok()?),
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn sample() -> (BlindIndex, MemberId, After) {
        let after = After {
            at: DateTime::from_timestamp_micros(1_790_000_000_123_456).expect("an instant"),
            id: VerificationId::from_uuid(Uuid::from_u128(9)),
        };
        (
            BlindIndex::new([7; 32]),
            MemberId::from_uuid(Uuid::from_u128(7)),
            after,
        )
    }

    #[test]
    fn a_token_leads_to_its_place_and_only_for_its_member() {
        let (pages, member, after) = sample();
        let token = write_token(&pages, member, after);
        assert_eq!(read_token(&pages, member, &token), Some(after));
        assert_eq!(
            read_token(&pages, MemberId::from_uuid(Uuid::from_u128(8)), &token),
            None
        );
        assert_eq!(read_token(&BlindIndex::new([8; 32]), member, &token), None);
    }

    proptest! {
        #[test]
        fn a_token_that_was_changed_anywhere_is_refused(at in 0_usize..56, flip in 1_u8..=255) {
            let (pages, member, after) = sample();
            let mut bytes = URL_SAFE_NO_PAD.decode(write_token(&pages, member, after)).expect("a token");
            bytes[at] ^= flip;
            prop_assert_eq!(read_token(&pages, member, &URL_SAFE_NO_PAD.encode(bytes)), None);
        }
    }
}
