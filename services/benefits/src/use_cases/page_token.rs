//! Where the next page of a list begins, as a text that the list gave out itself: authenticated, and good for one list, one reader and one
//! filter, so that a token from elsewhere is refused rather than interpreted.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Utc};
use platform::crypto::BlindIndex;
use subtle::ConstantTimeEq as _;
use uuid::Uuid;

use crate::error::Error;

const DEFAULT_PAGE: i32 = 50;
const LARGEST_PAGE: i32 = 200;
/// Microseconds and id.
const PLACE_BYTES: usize = 8 + 16;

/// A list as one reader sees it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct List<'a> {
    pub(crate) name: &'static str,
    /// Reader and filter.
    pub(crate) of: &'a str,
}

/// The number of lines of a page.
///
/// # Errors
/// A negative number.
pub(crate) fn page_size(asked: i32) -> Result<i32, Error> {
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

fn seal_of(pages: &BlindIndex, list: List<'_>, place: &[u8]) -> Vec<u8> {
    pages.of(list.name, &format!("{}\n{}", list.of, hex::encode(place)))
}

/// The token of the page after this place.
pub(crate) fn write(pages: &BlindIndex, list: List<'_>, at: DateTime<Utc>, id: Uuid) -> String {
    let mut place = [0; PLACE_BYTES];
    place[..8].copy_from_slice(&at.timestamp_micros().to_be_bytes());
    place[8..].copy_from_slice(id.as_bytes());
    let seal = seal_of(pages, list, &place);
    URL_SAFE_NO_PAD.encode([place.as_slice(), seal.as_slice()].concat())
}

/// The place of a token; none for the first page.
///
/// # Errors
/// A token that was not given out for this list.
pub(crate) fn read(
    pages: &BlindIndex,
    list: List<'_>,
    token: &str,
) -> Result<Option<(DateTime<Utc>, Uuid)>, Error> {
    if token.is_empty() {
        return Ok(None);
    }
    place_of(pages, list, token).map(Some).ok_or(Error::Malformed {
        field: "page_token",
        reason: "PAGE_TOKEN_INVALID",
        instead: "send the token of the previous page of the same list, or none",
    })
}

fn place_of(pages: &BlindIndex, list: List<'_>, token: &str) -> Option<(DateTime<Utc>, Uuid)> {
    let bytes = URL_SAFE_NO_PAD.decode(token).ok()?;
    let (place, seal) = bytes.split_first_chunk::<PLACE_BYTES>()?;
    let expected = seal_of(pages, list, place);
    if !bool::from(expected.as_slice().ct_eq(seal)) {
        return None;
    }
    let micros = i64::from_be_bytes(place[..8].try_into().ok()?);
    Some((
        DateTime::from_timestamp_micros(micros)?,
        Uuid::from_slice(&place[8..]).ok()?,
    ))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const LIST: List<'static> = List {
        name: "some.list",
        of: "reader\nfilter",
    };

    fn sample() -> (BlindIndex, DateTime<Utc>, Uuid, String) {
        let pages = BlindIndex::new([7; 32]);
        let at = DateTime::from_timestamp_micros(1_790_000_000_123_456).expect("an instant");
        let id = Uuid::from_u128(9);
        let token = write(&pages, LIST, at, id);
        (pages, at, id, token)
    }

    #[test]
    fn a_token_leads_to_its_place_and_only_in_its_list() {
        let (pages, at, id, token) = sample();
        assert_eq!(read(&pages, LIST, &token).expect("a place"), Some((at, id)));
        assert_eq!(read(&pages, LIST, "").expect("the first page"), None);
        for list in [
            List {
                name: "another.list",
                ..LIST
            },
            List {
                of: "other\nfilter",
                ..LIST
            },
            List {
                of: "reader\nother",
                ..LIST
            },
        ] {
            assert!(read(&pages, list, &token).is_err());
        }
        assert!(read(&BlindIndex::new([8; 32]), LIST, &token).is_err());
    }

    #[test]
    fn a_page_has_50_lines_unless_asked_and_200_at_most() {
        assert_eq!(
            [0, 1, 200, 201, i32::MAX].map(|asked| page_size(asked).ok()),
            [Some(50), Some(1), Some(200), Some(200), Some(200)]
        );
        assert!(page_size(-1).is_err());
    }

    proptest! {
        #[test]
        fn a_token_that_was_changed_anywhere_is_refused(at in 0_usize..56, flip in 1_u8..=255) {
            let (pages, _, _, token) = sample();
            let mut bytes = URL_SAFE_NO_PAD.decode(token).expect("a token");
            bytes[at] ^= flip;
            prop_assert!(read(&pages, LIST, &URL_SAFE_NO_PAD.encode(bytes)).is_err());
        }

        #[test]
        fn any_text_is_read_without_a_panic(token in ".+") {
            let (pages, ..) = sample();
            prop_assert!(read(&pages, LIST, &token).is_err());
        }
    }
}
