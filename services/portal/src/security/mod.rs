//! What keeps a page safe: sealed values, form tokens, cookies, headers, and where a sign-in may lead. No page and no call to a backend.

pub(crate) mod cookies;
pub(crate) mod form_token;
pub(crate) mod headers;
pub(crate) mod kept;
pub(crate) mod next;
pub(crate) mod seal;
pub(crate) mod switched;
