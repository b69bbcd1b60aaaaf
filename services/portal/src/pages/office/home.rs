//! Where an agent arrives: the queues of the agent's duties with what is in them and how old it is, and the other work.

use askama::Template;

use super::{nav, queues, rail};
use crate::backend::office::{Queue, QueueSummary, Urgency};
use crate::pages::Page;
use crate::views::{AgentNav, Frame, Rail, Section};
use crate::visit::Visit;

struct QueueCard {
    href: String,
    name: String,
    files: i64,
    unassigned: i64,
    mine: i64,
    oldest: i64,
    late: bool,
    /// Of what one comes to work on; the look-up of all files has no age to mind.
    aged: bool,
}

#[derive(Template)]
#[template(path = "office/home.html")]
struct Home {
    p: Frame,
    rail: Rail,
    nav: AgentNav,
    duties: String,
    today: String,
    queues: Vec<QueueCard>,
    /// Recovery codes left after one was used; below zero when none was.
    recovery_left: i64,
}

pub(crate) async fn show(visit: Visit) -> Page {
    let (nav, queues) = (nav(&visit)?, queues(&visit).await?);
    let frame = visit.heading(Section::None, "office-home");
    let page = Home {
        rail: rail(&frame, &nav, &queues, "/office"),
        duties: nav.duties(&frame),
        today: frame.date(Some(visit.now)),
        queues: queues.iter().map(|summary| card(&frame, summary)).collect(),
        recovery_left: visit.query.get("recovery_left").parse().unwrap_or(-1),
        nav,
        p: frame,
    };
    Ok(visit.page(&page))
}

fn card(frame: &Frame, summary: &QueueSummary) -> QueueCard {
    let word = summary.queue.word();
    QueueCard {
        href: frame.url(format_args!("/office/queues/{word}")),
        name: frame.of_family("queue", word),
        files: summary.files,
        unassigned: summary.unassigned,
        mine: summary.mine,
        oldest: summary.oldest_age,
        late: summary.oldest_urgency == Urgency::Late,
        aged: summary.queue != Queue::All && summary.files > 0,
    }
}
