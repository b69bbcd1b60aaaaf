//! `GET /partner/v1/openapi.json`: the description, for everybody.

use hyper::StatusCode;
use hyper::header::{self, HeaderValue};

use super::{OPENAPI, Response, response};

pub(super) fn document() -> Response {
    let mut response = response(StatusCode::OK, "application/json", OPENAPI);
    response.headers_mut().insert(
        header::CACHE_CONTROL,
        HeaderValue::from_static("public, max-age=300"),
    );
    response
}
