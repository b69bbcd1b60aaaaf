//! The pages behind the footer: privacy, accessibility, contact.

use askama::Template;

use super::{Desk, Page};
use crate::views::{Frame, Section};
use crate::visit::Visit;

#[derive(Template)]
#[template(path = "prose.html")]
struct Prose {
    p: Frame,
    lead: String,
    /// Heading and paragraphs.
    sections: Vec<(String, Vec<String>)>,
}

#[derive(Template)]
#[template(path = "contact.html")]
struct Contact {
    p: Frame,
    desk: Desk,
}

pub(crate) async fn privacy(visit: Visit) -> Page {
    let section = |heading: &str, paragraphs: &[&str]| {
        (
            visit.say(heading),
            paragraphs.iter().map(|key| visit.say(key)).collect(),
        )
    };
    let page = Prose {
        p: visit.heading(Section::None, "privacy-title"),
        lead: visit.say("privacy-lead"),
        sections: vec![
            section("privacy-what", &["privacy-what-text", "privacy-what-health"]),
            section("privacy-who", &["privacy-who-text"]),
            section("privacy-long", &["privacy-long-text"]),
            section("privacy-rights", &["privacy-rights-text", "privacy-rights-where"]),
            section("privacy-cookies", &["privacy-cookies-text"]),
        ],
    };
    Ok(visit.page(&page))
}

pub(crate) async fn accessibility(visit: Visit) -> Page {
    let section = |heading: &str, paragraphs: &[&str]| {
        (
            visit.say(heading),
            paragraphs.iter().map(|key| visit.say(key)).collect(),
        )
    };
    let page = Prose {
        p: visit.heading(Section::None, "accessibility-title"),
        lead: visit.say("accessibility-lead"),
        sections: vec![
            section(
                "accessibility-works",
                &[
                    "accessibility-works-keyboard",
                    "accessibility-works-script",
                    "accessibility-works-robot",
                ],
            ),
            section("accessibility-limits", &["accessibility-limits-text"]),
            section("accessibility-tell", &["accessibility-tell-text"]),
        ],
    };
    Ok(visit.page(&page))
}

pub(crate) async fn contact(visit: Visit) -> Page {
    let frame = visit.heading(Section::None, "contact-title");
    Ok(visit.page(&Contact {
        p: frame,
        desk: Desk::of(&visit),
    }))
}
