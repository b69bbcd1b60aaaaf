//! A member's own applications, newest first, page by page. A page token says where the next page begins; it is authenticated and belongs
//! to one member and one filter, so that a token from elsewhere is refused rather than interpreted.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::DateTime;
use kernel::{ApplicationId, MemberId};
use platform::crypto::BlindIndex;
use subtle::ConstantTimeEq as _;
use uuid::Uuid;

use super::view::{self, View};
use super::{Asker, Office};
use crate::domain::application::Application;
use crate::error::Error;
use crate::store::applications::{self, After};

const DEFAULT_PAGE: i32 = 50;
const LARGEST_PAGE: i32 = 200;
/// Microseconds and id.
const PLACE_BYTES: usize = 8 + 16;

/// One page and, unless it is the last, where the next begins.
#[derive(Debug)]
pub(crate) struct Page {
    pub(crate) views: Vec<View>,
    pub(crate) next_page_token: String,
}

/// # Errors
/// A negative page size, or a page token that was not given out for this list.
pub(crate) async fn list_applications(
    office: &Office,
    asker: &Asker,
    benefit: Option<&str>,
    page_size: i32,
    page_token: &str,
) -> Result<Page, Error> {
    let size = page_size_of(page_size)?;
    let after = match page_token {
        "" => None,
        token => Some(
            read_token(&office.pages, asker.member, benefit, token).ok_or(Error::Malformed {
                field: "page_token",
                reason: "PAGE_TOKEN_INVALID",
                instead: "send the token of the previous page of the same list, or none",
            })?,
        ),
    };
    let mut tx = office.pool.begin().await?;
    let key = office.key_of(&mut tx, asker).await?;
    // One more than the page shows whether there is another.
    let mut found =
        applications::page(&mut tx, &key, asker.member, benefit, after, i64::from(size) + 1).await?;
    let more = found.len() > usize::try_from(size).unwrap_or(usize::MAX);
    if more {
        found.pop();
    }
    let next_page_token = match found.last() {
        Some(last) if more => write_token(&office.pages, asker.member, benefit, last),
        Some(_) | None => String::new(),
    };
    let views = view::load(office, &mut tx, &key, asker, found).await?;
    tx.commit().await?;
    Ok(Page {
        views,
        next_page_token,
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
    place[..8].copy_from_slice(&after.created_at.timestamp_micros().to_be_bytes());
    place[8..].copy_from_slice(after.id.as_uuid().as_bytes());
    place
}

fn seal_of(pages: &BlindIndex, member: MemberId, benefit: Option<&str>, place: &[u8]) -> Vec<u8> {
    let text = format!(
        "{member}\n{}\n{}",
        benefit.unwrap_or_default(),
        hex::encode(place)
    );
    pages.of("benefits.list_applications", &text)
}

fn write_token(pages: &BlindIndex, member: MemberId, benefit: Option<&str>, last: &Application) -> String {
    let place = place_of(After {
        created_at: last.created_at,
        id: last.id,
    });
    let seal = seal_of(pages, member, benefit, &place);
    URL_SAFE_NO_PAD.encode([place.as_slice(), seal.as_slice()].concat())
}

fn read_token(pages: &BlindIndex, member: MemberId, benefit: Option<&str>, token: &str) -> Option<After> {
    let bytes = URL_SAFE_NO_PAD.decode(token).ok()?;
    let (place, seal) = bytes.split_first_chunk::<PLACE_BYTES>()?;
    let expected = seal_of(pages, member, benefit, place);
    if !bool::from(expected.as_slice().ct_eq(seal)) {
        return None;
    }
    let micros = i64::from_be_bytes(place[..8].try_into().ok()?);
    Some(After {
        created_at: DateTime::from_timestamp_micros(micros)?,
        id: ApplicationId::from_uuid(Uuid::from_slice(&place[8..]).ok()?),
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn sample() -> (BlindIndex, MemberId, Application) {
        let member = MemberId::from_uuid(Uuid::from_u128(7));
        let at = DateTime::from_timestamp_micros(1_790_000_000_123_456).expect("an instant");
        (
            BlindIndex::new([7; 32]),
            member,
            Application::draft(
                ApplicationId::from_uuid(Uuid::from_u128(9)),
                member,
                "some_aid",
                at,
            ),
        )
    }

    #[test]
    fn a_token_leads_to_its_place_and_only_for_its_member_and_filter() {
        let (pages, member, last) = sample();
        let token = write_token(&pages, member, None, &last);
        assert_eq!(
            read_token(&pages, member, None, &token),
            Some(After {
                created_at: last.created_at,
                id: last.id
            })
        );
        assert_eq!(read_token(&pages, member, Some("some_aid"), &token), None);
        assert_eq!(
            read_token(&pages, MemberId::from_uuid(Uuid::from_u128(8)), None, &token),
            None
        );
        assert_eq!(read_token(&BlindIndex::new([8; 32]), member, None, &token), None);
    }

    #[test]
    fn a_page_has_50_lines_unless_asked_and_200_at_most() {
        assert_eq!(
            [0, 1, 200, 201, i32::MAX].map(|asked| page_size_of(asked).ok()),
            [Some(50), Some(1), Some(200), Some(200), Some(200)]
        );
        assert!(page_size_of(-1).is_err());
    }

    proptest! {
        #[test]
        fn a_token_that_was_changed_anywhere_is_refused(at in 0_usize..56, flip in 1_u8..=255) {
            let (pages, member, last) = sample();
            let mut bytes = URL_SAFE_NO_PAD.decode(write_token(&pages, member, None, &last)).expect("a token");
            bytes[at] ^= flip;
            prop_assert_eq!(read_token(&pages, member, None, &URL_SAFE_NO_PAD.encode(bytes)), None);
        }

        #[test]
        fn any_text_is_read_without_a_panic(token: String) {
            let (pages, member, _) = sample();
            prop_assert_eq!(read_token(&pages, member, None, &token), None);
        }
    }
}
