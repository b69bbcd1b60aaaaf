//! Signing out: the session ends in identity, the cookie goes, and a page says so.

use askama::Template;

use super::Page;
use crate::security::cookies::Cookie;
use crate::views::{Frame, Section};
use crate::visit::{Visit, set_cookie};

#[derive(Template)]
#[template(path = "signed_out.html")]
struct SignedOut {
    p: Frame,
}

pub(crate) async fn submit(visit: Visit) -> Page {
    visit.backend().sign_out(&visit.session()?.token).await?;
    let mut response = visit.go("/signed-out");
    set_cookie(&mut response, &visit.portal, Cookie::Session, None);
    Ok(response)
}

pub(crate) async fn done(visit: Visit) -> Page {
    Ok(visit.page(&SignedOut {
        p: visit.heading(Section::None, "signed-out-title"),
    }))
}
