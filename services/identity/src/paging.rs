//! Page tokens: where the next page begins, sealed, so that nobody makes one up or takes one of another list.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use uuid::Uuid;

use crate::error::Error;
use crate::secrets::Secrets;

const USUAL: i64 = 50;
const MOST: i64 = 200;
/// Longer than any token of ours.
const LONGEST_TOKEN: usize = 512;

/// How many rows a page has, from what was asked for: 50 unless said, 200 at most.
pub(crate) fn page_size(asked: i32) -> i64 {
    match i64::from(asked) {
        ..=0 => USUAL,
        some => some.min(MOST),
    }
}

/// The token of the page after `last`, in the list of this name.
pub(crate) fn token(secrets: &Secrets, list: &str, last: &str) -> String {
    URL_SAFE_NO_PAD.encode(secrets.seal(list, Uuid::nil(), last.as_bytes()))
}

/// What [`token`] was made of; none for the first page.
pub(crate) fn read(secrets: &Secrets, list: &str, token: &str) -> Result<Option<String>, Error> {
    if token.is_empty() {
        return Ok(None);
    }
    if token.len() > LONGEST_TOKEN {
        return Err(Error::BadPageToken);
    }
    let sealed = URL_SAFE_NO_PAD.decode(token).map_err(|_| Error::BadPageToken)?;
    let plain = secrets
        .unseal(list, Uuid::nil(), &sealed)
        .map_err(|_| Error::BadPageToken)?;
    String::from_utf8(plain.to_vec())
        .map(Some)
        .map_err(|_| Error::BadPageToken)
}
