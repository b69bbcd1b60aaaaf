//! One page of the reader's inbox, the latest first.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::DateTime;
use kernel::MemberId;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::error::Error;
use crate::store::messages::{self, Cursor, InboxRow};

const DEFAULT_PAGE: i64 = 50;
const LARGEST_PAGE: i64 = 200;

/// A page and the token of the next one.
pub(crate) struct Page {
    pub(crate) messages: Vec<InboxRow>,
    pub(crate) next: Option<String>,
}

/// `page_size` 0 takes 50; more than 200 gives 200; below 0 is refused.
pub(crate) async fn list_messages(
    conn: &mut PgConnection,
    reader: MemberId,
    page_size: i32,
    page_token: &str,
) -> Result<Page, Error> {
    let size = match page_size {
        ..0 => return Err(Error::PageSize),
        0 => DEFAULT_PAGE,
        asked => i64::from(asked).min(LARGEST_PAGE),
    };
    let after = if page_token.is_empty() {
        None
    } else {
        Some(read(page_token)?)
    };
    let mut messages = messages::list(conn, reader, after, size + 1).await?;
    let more = messages.len() as i64 > size;
    messages.truncate(usize::try_from(size).unwrap_or_default());
    let next = messages.last().filter(|_| more).map(|last| {
        write(Cursor {
            created_at: last.created_at,
            id: last.id,
        })
    });
    Ok(Page { messages, next })
}

/// A token names a place in the reader's own inbox and nothing else: a forged one shows nothing of others.
fn write(cursor: Cursor) -> String {
    let mut bytes = cursor.created_at.timestamp_micros().to_be_bytes().to_vec();
    bytes.extend_from_slice(cursor.id.as_bytes());
    URL_SAFE_NO_PAD.encode(bytes)
}

fn read(token: &str) -> Result<Cursor, Error> {
    let bytes = URL_SAFE_NO_PAD.decode(token).map_err(|_| Error::PageToken)?;
    let (micros, id) = bytes.split_first_chunk::<8>().ok_or(Error::PageToken)?;
    Ok(Cursor {
        created_at: DateTime::from_timestamp_micros(i64::from_be_bytes(*micros)).ok_or(Error::PageToken)?,
        id: Uuid::from_slice(id).map_err(|_| Error::PageToken)?,
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_token_reads_back(micros in 0_i64..4_000_000_000_000_000, id in any::<u128>()) {
            let cursor = Cursor {
                created_at: DateTime::from_timestamp_micros(micros).unwrap(),
                id: Uuid::from_u128(id),
            };
            prop_assert_eq!(read(&write(cursor)).unwrap(), cursor);
        }

        #[test]
        fn any_text_is_a_token_or_refused(text in ".*") {
            let _ = read(&text);
        }
    }
}
