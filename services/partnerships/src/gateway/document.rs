//! `GET /partner/v1/openapi.json`: the description, for everybody.

use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse as _, Response};

use super::OPENAPI;

pub(super) async fn document() -> Response {
    let mut response = OPENAPI.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert(
        header::CACHE_CONTROL,
        HeaderValue::from_static("public, max-age=300"),
    );
    response
}
