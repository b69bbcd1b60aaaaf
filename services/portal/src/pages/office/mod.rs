//! The agents' space: queues, files, papers, desk, accounts, trails. Which duty opens which page stands here and is asked again by the services.

pub(crate) mod agent;
pub(crate) mod agents;
pub(crate) mod changes;
pub(crate) mod desk;
pub(crate) mod file;
mod file_forms;
mod file_parts;
mod file_said;
pub(crate) mod home;
pub(crate) mod new_agent;
pub(crate) mod paper;
pub(crate) mod queue;
pub(crate) mod trail;

use kernel::Role;

use crate::backend::Audience;
use crate::backend::office::QueueSummary;
use crate::error::Error;
use crate::views::{AgentNav, Frame, Rail, RailItem, agent_code};
use crate::visit::Visit;

/// Lets in who has one of these duties.
pub(crate) fn require(visit: &Visit, any_of: &[Role]) -> Result<(), Error> {
    if visit.session()?.info.has_role(any_of) {
        Ok(())
    } else {
        Err(Error::Forbidden)
    }
}

/// The reader's duties.
pub(crate) fn nav(visit: &Visit) -> Result<AgentNav, Error> {
    Ok(AgentNav::of(&visit.session()?.info.roles, visit.owner()))
}

/// The reader's queues; none for duties that have none.
pub(crate) async fn queues(visit: &Visit) -> Result<Vec<QueueSummary>, Error> {
    if !nav(visit)?.reviews() {
        return Ok(Vec::new());
    }
    let token = visit.token(Audience::Benefits).await?;
    visit.backend().queues(&token).await
}

/// The rail beside a page; `current` is the path of the page.
pub(crate) fn rail(frame: &Frame, nav: &AgentNav, queues: &[QueueSummary], current: &str) -> Rail {
    let item = |path: &str, label: String, count| RailItem {
        href: frame.url(path),
        label,
        count,
        current: current == path,
    };
    let mut work = vec![item("/office", frame.t("office-home"), None)];
    if nav.audits() {
        work.push(item("/office/queues/all", frame.t("queue-all"), None));
        work.push(item("/office/openings", frame.t("openings-title"), None));
    }
    if nav.serves_the_desk() {
        work.push(item("/office/desk", frame.t("office-desk"), None));
    }
    if nav.administers() || nav.audits() {
        work.push(item("/office/agents", frame.t("agents-title"), None));
    }
    Rail {
        label: frame.t("rail-label"),
        queues_heading: frame.t("rail-queues"),
        queues: queues
            .iter()
            .map(|summary| {
                let word = summary.queue.word();
                item(
                    &format!("/office/queues/{word}"),
                    frame.of_family("queue", word),
                    Some(summary.files),
                )
            })
            .collect(),
        work_heading: frame.t("rail-work"),
        work,
    }
}

/// Who did something: the reader, a colleague by a short code, the member, the platform.
pub(crate) fn actor(visit: &Visit, frame: &Frame, kind: &str, id: &str) -> String {
    match kind {
        "agent" => colleague(visit, frame, id),
        _ => frame.of_family("actor", kind),
    }
}

/// An agent by account.
pub(crate) fn colleague(visit: &Visit, frame: &Frame, account: &str) -> String {
    if account == visit.owner() {
        frame.t("actor-you")
    } else {
        frame.t1("actor-colleague", "code", agent_code(account))
    }
}
