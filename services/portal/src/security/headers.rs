//! The headers of every answer. Nothing inline, nothing from elsewhere, never framed (but a paper by our own page beside it), never kept by a cache unless it is a hashed asset.

use axum::http::header::{self, HeaderName, HeaderValue};
use axum::response::Response;

const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; \
                      frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
/// Of a paper that an agent reads beside its file: the browser's own viewer shows it, inside our page and no other.
const FRAMED_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; object-src 'self'; \
                             form-action 'self'; base-uri 'none'; frame-ancestors 'self'";

/// Marks an answer that our own pages may show in a frame.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Framed;

/// Name and value of each header, the same on all routes.
pub(crate) static FIXED: [(HeaderName, &str); 7] = [
    (header::CONTENT_SECURITY_POLICY, POLICY),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::X_FRAME_OPTIONS, "DENY"),
    // Addresses hold ids of files and once a link token: they are told to nobody.
    (header::REFERRER_POLICY, "no-referrer"),
    (
        HeaderName::from_static("cross-origin-opener-policy"),
        "same-origin",
    ),
    (
        HeaderName::from_static("cross-origin-resource-policy"),
        "same-origin",
    ),
    (
        HeaderName::from_static("permissions-policy"),
        "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
    ),
];

const TRANSPORT: &str = "max-age=63072000; includeSubDomains";

/// Writes the fixed headers; `secure` adds the promise of https; pages are never stored unless they said otherwise themselves.
pub(crate) fn apply(response: &mut Response, secure: bool) {
    let framed = response.extensions_mut().remove::<Framed>().is_some();
    let headers = response.headers_mut();
    for (name, value) in &FIXED {
        headers.insert(name.clone(), HeaderValue::from_static(value));
    }
    if framed {
        headers.insert(
            header::CONTENT_SECURITY_POLICY,
            HeaderValue::from_static(FRAMED_POLICY),
        );
        headers.insert(header::X_FRAME_OPTIONS, HeaderValue::from_static("SAMEORIGIN"));
    }
    if secure {
        headers.insert(
            header::STRICT_TRANSPORT_SECURITY,
            HeaderValue::from_static(TRANSPORT),
        );
    }
    headers
        .entry(header::CACHE_CONTROL)
        .or_insert(HeaderValue::from_static("no-store"));
}
