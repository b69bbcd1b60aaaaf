//! Where an agent of the foundation arrives. The back office itself is not built yet: the page says so and offers to sign out.

use askama::Template;

use super::Page;
use crate::views::{Frame, Section};
use crate::visit::Visit;

#[derive(Template)]
#[template(path = "office.html")]
struct Office {
    p: Frame,
}

pub(crate) async fn show(visit: Visit) -> Page {
    Ok(visit.page(&Office {
        p: visit.heading(Section::None, "office-title"),
    }))
}
