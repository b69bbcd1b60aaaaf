//! Agents' accounts: the list, and what its pages share: duties to choose, and the pairs that exclude each other said where one chooses.

use askama::Template;
use kernel::Role;

use super::{nav, queues, rail, require};
use crate::backend::Audience;
use crate::backend::office::Agent;
use crate::pages::Page;
use crate::views::{Choice, Frame, Rail, Section, Status};
use crate::visit::Visit;

struct AgentLine {
    href: String,
    code: String,
    login: String,
    duties: String,
    status: Status,
    second_factor: bool,
    since: String,
}

#[derive(Template)]
#[template(path = "office/agents.html")]
struct List {
    p: Frame,
    rail: Rail,
    agents: Vec<AgentLine>,
    may_create: bool,
}

pub(crate) async fn list(visit: Visit) -> Page {
    require(&visit, &[Role::Administrator, Role::Auditor])?;
    let nav = nav(&visit)?;
    let token = visit.token(Audience::Identity).await?;
    let (agents, queues) = tokio::try_join!(visit.backend().agents(&token), queues(&visit))?;
    let frame = visit.heading(Section::None, "agents-title");
    let page = List {
        rail: rail(&frame, &nav, &queues, "/office/agents"),
        agents: agents
            .iter()
            .map(|agent| AgentLine {
                href: frame.url(format_args!("/office/agents/{}", agent.id)),
                code: crate::views::agent_code(&agent.id),
                login: agent.login.clone(),
                duties: duties(&frame, &agent.roles),
                status: account_status(&frame, agent),
                second_factor: agent.second_factor,
                since: frame.date(agent.created_at),
            })
            .collect(),
        may_create: nav.administers(),
        p: frame,
    };
    Ok(visit.page(&page))
}

pub(crate) fn duties(frame: &Frame, roles: &[Role]) -> String {
    roles
        .iter()
        .map(|role| frame.of_family("role", role.as_str()))
        .collect::<Vec<_>>()
        .join(" · ")
}

/// Invited, open or closed.
pub(crate) fn account_status(frame: &Frame, agent: &Agent) -> Status {
    let (tone, icon, word) = if agent.disabled_at.is_some() {
        ("", "lock", "disabled")
    } else if agent.activated_at.is_some() {
        ("ok", "tick", "open")
    } else {
        ("wait", "mail", "invited")
    };
    Status {
        tone,
        icon,
        word: frame.of_family("agent-state", word),
    }
}

/// Name of the field of a duty: each has its own, since one name would keep one value.
pub(crate) fn role_field(role: Role) -> String {
    format!("role_{}", role.as_str())
}

/// The duties as boxes to tick, each with what it excludes.
pub(crate) fn role_choices(frame: &Frame, chosen: impl Fn(Role) -> bool) -> Vec<Choice> {
    Role::ALL
        .iter()
        .map(|role| Choice {
            value: role_field(*role),
            label: frame.of_family("role", role.as_str()),
            hint: frame.of_family("role-note", role.as_str()),
            chosen: chosen(*role),
        })
        .collect()
}

/// The duties that were ticked.
pub(crate) fn ticked(visit: &Visit) -> Vec<String> {
    Role::ALL
        .iter()
        .filter(|role| !visit.fields.get(&role_field(**role)).is_empty())
        .map(|role| role.as_str().to_owned())
        .collect()
}
