//! `Authorization: Basic` of a client (RFC 6749, section 2.3.1): id and secret, each form-encoded, then together in base64.

use axum::http::{HeaderMap, header};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use zeroize::Zeroizing;

/// Id and secret as they came. `Debug` hides the secret.
pub(crate) struct Basic {
    pub(crate) client_id: String,
    pub(crate) secret: Zeroizing<String>,
}

impl std::fmt::Debug for Basic {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Basic({})", self.client_id)
    }
}

/// A header that is there and is not of this form.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Malformed;

/// The credentials, if a header has some; two headers are one too many.
pub(crate) fn read(headers: &HeaderMap) -> Result<Option<Basic>, Malformed> {
    let mut all = headers.get_all(header::AUTHORIZATION).iter();
    let Some(header) = all.next() else {
        return Ok(None);
    };
    if all.next().is_some() {
        return Err(Malformed);
    }
    let text = header.to_str().map_err(|_| Malformed)?;
    let (scheme, encoded) = text.split_once(' ').ok_or(Malformed)?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return Err(Malformed);
    }
    let plain = Zeroizing::new(STANDARD.decode(encoded.trim()).map_err(|_| Malformed)?);
    let plain = std::str::from_utf8(&plain).map_err(|_| Malformed)?;
    let (id, secret) = plain.split_once(':').ok_or(Malformed)?;
    Ok(Some(Basic {
        client_id: form_decoded(id)?,
        secret: Zeroizing::new(form_decoded(secret)?),
    }))
}

/// Undoes `application/x-www-form-urlencoded` for one value.
fn form_decoded(text: &str) -> Result<String, Malformed> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'+' => b' ',
            b'%' => {
                let pair = [rest.next().ok_or(Malformed)?, rest.next().ok_or(Malformed)?];
                let mut decoded = [0];
                hex::decode_to_slice(pair, &mut decoded).map_err(|_| Malformed)?;
                decoded[0]
            }
            plain => plain,
        });
    }
    String::from_utf8(bytes).map_err(|_| Malformed)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(values: &[&str]) -> Result<Option<(String, String)>, Malformed> {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(header::AUTHORIZATION, value.parse().unwrap());
        }
        Ok(read(&headers)?.map(|basic| (basic.client_id.clone(), basic.secret.to_string())))
    }

    #[test]
    fn id_and_secret_are_read_with_their_encoding_undone() {
        let basic = |text: &str| format!("Basic {}", STANDARD.encode(text));
        let pair = |id: &str, secret: &str| Ok(Some((id.to_owned(), secret.to_owned())));
        assert_eq!(of(&[&basic("partner-1:a_b-c")]), pair("partner-1", "a_b-c"));
        assert_eq!(of(&[&basic("p:a%3Ab:c+d")]), pair("p", "a:b:c d"));
        assert_eq!(of(&[&basic("p:").replace("Basic", "bAsIc")]), pair("p", ""));
        assert_eq!(of(&[]), Ok(None));
    }

    #[test]
    fn anything_else_is_malformed() {
        let basic = |bytes: &[u8]| format!("Basic {}", STANDARD.encode(bytes));
        for header in [
            "Basic".to_owned(),
            "Basic ???".to_owned(),
            "Bearer x".to_owned(),
            basic(b"no colon"),
            basic(b"p:%4"),
            basic(b"p:%zz"),
            basic(&[0xff, b':', b'x']),
            basic(b"p:%ff"),
        ] {
            assert_eq!(of(&[&header]), Err(Malformed), "{header}");
        }
        assert_eq!(of(&[&basic(b"a:b"), &basic(b"c:d")]), Err(Malformed));
    }
}
