//! Bodies: one JSON object in UTF-8, of known length, small, and exactly as described. One reader for every route.

use std::time::Duration;

use http_body_util::{BodyExt as _, Limited};
use hyper::body::{Bytes, Incoming};
use hyper::header::{self, HeaderMap};
use serde::de::DeserializeOwned;

use super::problem::{Problem, kind};

/// A sale is a few hundred bytes.
const LARGEST: usize = 16 * 1024;
/// How long the body may take to arrive.
const PATIENCE: Duration = Duration::from_secs(10);
/// Longest Idempotency-Key.
const LONGEST_KEY: usize = 255;

/// The body as the request's own type, which names every field and denies others.
pub(super) async fn read<T: DeserializeOwned>(headers: &HeaderMap, body: Incoming) -> Result<T, Problem> {
    if !is_json(headers) {
        return Err(Problem::new(&kind::CONTENT_TYPE));
    }
    let bytes = bytes(headers, body).await?;
    parse(&bytes).ok_or_else(|| Problem::new(&kind::BODY_MALFORMED))
}

/// Holds a request that has no body to having none.
pub(super) async fn none(headers: &HeaderMap, body: Incoming) -> Result<(), Problem> {
    if bytes(headers, body).await?.is_empty() {
        Ok(())
    } else {
        Err(Problem::new(&kind::BODY_NOT_EXPECTED))
    }
}

async fn bytes(headers: &HeaderMap, body: Incoming) -> Result<Bytes, Problem> {
    let announced = headers
        .get(header::CONTENT_LENGTH)
        .and_then(|value| value.to_str().ok()?.parse::<usize>().ok());
    if announced.is_some_and(|length| length > LARGEST) {
        return Err(Problem::new(&kind::BODY_TOO_LARGE));
    }
    let body = Limited::new(body, LARGEST).collect();
    match tokio::time::timeout(PATIENCE, body).await {
        Ok(Ok(body)) => Ok(body.to_bytes()),
        // Too large without saying so, or broken off by the client, who then hears nothing.
        Ok(Err(_)) => Err(Problem::new(&kind::BODY_TOO_LARGE)),
        Err(_) => Err(Problem::new(&kind::BODY_TOO_SLOW)),
    }
}

/// `application/json`, with no charset or UTF-8, once, and not compressed.
fn is_json(headers: &HeaderMap) -> bool {
    let mut types = headers.get_all(header::CONTENT_TYPE).iter();
    let (Some(value), None) = (types.next(), types.next()) else {
        return false;
    };
    // As nearly everybody writes it.
    if value == "application/json" {
        return !headers.contains_key(header::CONTENT_ENCODING);
    }
    let Ok(value) = value.to_str() else { return false };
    let mut parts = value.split(';').map(|part| part.trim().to_ascii_lowercase());
    parts.next().as_deref() == Some("application/json")
        && parts.all(|parameter| matches!(parameter.as_str(), "charset=utf-8" | "charset=\"utf-8\""))
        && !headers.contains_key(header::CONTENT_ENCODING)
}

/// `None` for whatever is not one object with exactly the fields of `T`, each once.
fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Option<T> {
    // A list would be read as the object's fields in order.
    let begins = bytes.iter().find(|byte| !byte.is_ascii_whitespace());
    if begins != Some(&b'{') {
        return None;
    }
    serde_json::from_slice(bytes).ok()
}

/// The one Idempotency-Key of a request.
pub(super) fn idempotency_key(headers: &HeaderMap) -> Result<String, Problem> {
    let mut keys = headers.get_all("idempotency-key").iter();
    let (Some(key), None) = (keys.next(), keys.next()) else {
        return Err(Problem::new(&kind::IDEMPOTENCY_KEY_INVALID));
    };
    key.to_str()
        .ok()
        .filter(|key| (1..=LONGEST_KEY).contains(&key.len()) && key.bytes().all(|b| b.is_ascii_graphic()))
        .map(str::to_owned)
        .ok_or_else(|| Problem::new(&kind::IDEMPOTENCY_KEY_INVALID))
}

#[cfg(test)]
mod tests {
    use hyper::header::HeaderValue;
    use proptest::prelude::*;
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, PartialEq, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Sample {
        code: String,
        offer: String,
    }

    #[test]
    fn one_object_with_its_fields_once_is_read_and_nothing_else() {
        let read = |text: &[u8]| parse::<Sample>(text);
        assert!(read(br#" {"code":"a","offer":"b"} "#).is_some());
        let deep = [br#"{"code":"#.to_vec(), vec![b'['; 10_000]].concat();
        let refused: [&[u8]; 17] = [
            b"",
            b"null",
            br#"["a","b"]"#,
            br#"{"code":"a"}"#,
            br#"{"code":"a","offer":"b","more":1}"#,
            br#"{"code":"a","code":"c","offer":"b"}"#,
            br#"{"code":"a","offer":"b"} {}"#,
            br#"{"code":"a","offer":"b"}x"#,
            br#"{"code":1,"offer":"b"}"#,
            br#"{"code":NaN,"offer":"b"}"#,
            br#"{"code":1e400,"offer":"b"}"#,
            br#"{"code":"\ud800","offer":"b"}"#,
            b"\xef\xbb\xbf{\"code\":\"a\",\"offer\":\"b\"}",
            b"{\"code\":\"\xff\",\"offer\":\"b\"}",
            br#"{"code":"a","offer":"b",}"#,
            br#"{'code':'a','offer':'b'}"#,
            &deep,
        ];
        for text in refused {
            assert_eq!(
                read(text),
                None,
                "{}",
                String::from_utf8_lossy(&text[..text.len().min(60)])
            );
        }
    }

    #[test]
    fn only_json_in_utf_8_is_json() {
        let with = |values: &[&'static str]| {
            let mut headers = HeaderMap::new();
            for value in values {
                headers.append(header::CONTENT_TYPE, HeaderValue::from_static(value));
            }
            is_json(&headers)
        };
        for good in ["application/json", "Application/JSON; charset=UTF-8"] {
            assert!(with(&[good]), "{good}");
        }
        for bad in [
            "text/json",
            "application/json; charset=utf-16",
            "application/json; charset=utf-7",
            "application/jsonx",
            "application/json, text/plain",
            "application/x-www-form-urlencoded",
        ] {
            assert!(!with(&[bad]), "{bad}");
        }
        assert!(!with(&[]) && !with(&["application/json", "application/json"]));
    }

    #[test]
    fn a_key_has_1_to_255_visible_characters_and_stands_once() {
        let with = |values: &[&str]| {
            let mut headers = HeaderMap::new();
            for value in values {
                headers.append("idempotency-key", HeaderValue::from_str(value).unwrap());
            }
            idempotency_key(&headers).is_ok()
        };
        assert!(with(&["x"]) && with(&[&"k".repeat(255)]));
        for bad in [&[][..], &[""], &["a b"], &["a", "b"], &[&"k".repeat(256)]] {
            assert!(!with(bad), "{bad:?}");
        }
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_or_refused(bytes: Vec<u8>) {
            let _read_or_not = parse::<Sample>(&bytes);
        }
    }
}
