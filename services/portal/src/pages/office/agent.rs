//! One agent's account: duties, membership, a fresh link by mail, a second factor forgotten, the end. Nobody changes their own; a closed one stays
//! closed.

use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use kernel::{Matricule, Role};

use super::agents::{account_status, duties, role_choices, role_field, ticked};
use super::new_agent::link_page;
use super::{nav, queues, rail, require};
use crate::backend::Audience;
use crate::backend::office::Agent;
use crate::error::Error;
use crate::pages::{Page, refusal};
use crate::views::{self, Choice, Field, Frame, Problems, Rail, Section, Status};
use crate::visit::Visit;

/// Why an account is closed.
const CLOSINGS: [&str; 4] = ["left", "moved", "lost_trust", "other"];

#[derive(Template)]
#[template(path = "office/agent.html")]
struct AgentPage {
    p: Frame,
    rail: Rail,
    problems: Problems,
    done: String,
    id: String,
    code: String,
    login: String,
    status: Status,
    duties: String,
    since: String,
    activated: String,
    disabled: String,
    membership: String,
    /// Only the operator changes what was said.
    membership_said: bool,
    second_factor: bool,
    codes_left: i64,
    /// Why nothing can be changed here; empty when it can.
    why_not: String,
    roles: Vec<Choice>,
    roles_problem: String,
    matricule: Field,
    no_membership: bool,
    closings: Vec<Choice>,
    closing_problem: String,
}

pub(crate) async fn show(visit: Visit, Path((_, account)): Path<(String, String)>) -> Page {
    require(&visit, &[Role::Administrator, Role::Auditor])?;
    render(&visit, &account, Problems::default(), StatusCode::OK).await
}

pub(crate) async fn submit(visit: Visit, Path((_, account)): Path<(String, String)>) -> Page {
    require(&visit, &[Role::Administrator])?;
    let mut problems = Problems {
        heading: visit.say("problems-heading"),
        ..Problems::default()
    };
    // Another spelling of an id is no account: nothing of it reaches an address.
    if account.parse::<kernel::AccountId>().is_err() {
        return Err(Error::NotFound);
    }
    let token = visit.token(Audience::Identity).await?;
    let backend = visit.backend();
    let action = visit.fields.get("action");
    let outcome = match action {
        "roles" => {
            let roles = ticked(&visit);
            if roles.is_empty() {
                problems.add("roles", visit.reason("ROLES_REQUIRED"));
                return render(&visit, &account, problems, StatusCode::UNPROCESSABLE_ENTITY).await;
            }
            backend.set_agent_roles(&token, &account, roles).await
        }
        "link" => match backend.agent_link(&token, &account).await {
            Ok(link) => return Ok(link_page(&visit, account, link)),
            Err(error) => Err(error),
        },
        "membership" => {
            let (matricule, none) = said_membership(&visit, &mut problems);
            if !problems.is_empty() {
                return render(&visit, &account, problems, StatusCode::UNPROCESSABLE_ENTITY).await;
            }
            backend
                .set_agent_membership(&token, &account, &matricule, none)
                .await
        }
        "factor" => backend.reset_second_factor(&token, &account, &visit.key()).await,
        "disable" => {
            let reason = visit.fields.get("closing");
            if !CLOSINGS.contains(&reason) {
                problems.add("closing", visit.reason("CLOSING_REASON_UNKNOWN"));
                return render(&visit, &account, problems, StatusCode::UNPROCESSABLE_ENTITY).await;
            }
            backend.disable_agent(&token, &account, reason).await
        }
        _ => return Err(Error::Unreadable(StatusCode::UNPROCESSABLE_ENTITY)),
    };
    match outcome {
        Ok(()) => Ok(visit.go(format_args!("/office/agents/{account}?done={action}"))),
        Err(error) => {
            let status = error.http_status();
            refusal(&visit, &mut problems, error)?;
            for (field, _) in &mut problems.lines {
                if field.starts_with("roles") {
                    "roles".clone_into(field);
                } else if field == "reason" {
                    "closing".clone_into(field);
                }
            }
            render(&visit, &account, problems, status).await
        }
    }
}

async fn render(visit: &Visit, account: &str, problems: Problems, status: StatusCode) -> Page {
    let nav = nav(visit)?;
    let token = visit.token(Audience::Identity).await?;
    let agents = visit.backend().agents(&token).await?;
    let agent = agents
        .iter()
        .find(|agent| agent.id == account)
        .ok_or(Error::NotFound)?;
    let code = crate::views::agent_code(&agent.id);
    let mut frame = visit.frame(Section::None, visit.say1("actor-colleague", "code", &code));
    if !problems.is_empty() {
        frame.title = visit.say1("title-with-problem", "title", &frame.title);
    }
    let typed = visit.typed();
    let sent = typed.get("action") == "roles";
    let page = AgentPage {
        rail: rail(&frame, &nav, &queues(visit).await?, "/office/agents"),
        done: match visit.query.get("done") {
            "" => String::new(),
            word => frame.of_family("done", word),
        },
        login: agent.login.clone(),
        status: account_status(&frame, agent),
        duties: duties(&frame, &agent.roles),
        since: frame.date(agent.created_at),
        activated: frame.date(agent.activated_at),
        disabled: frame.date(agent.disabled_at),
        membership: match agent.is_member {
            Some(true) => frame.t("answer-yes"),
            Some(false) => frame.t("answer-no"),
            None => frame.t("agent-membership-unsaid"),
        },
        membership_said: agent.is_member.is_some(),
        second_factor: agent.second_factor,
        codes_left: agent.recovery_codes_left,
        why_not: why_not(visit, &frame, agent, nav.administers()),
        roles: role_choices(&frame, |role| {
            if sent {
                !typed.get(&role_field(role)).is_empty()
            } else {
                agent.roles.contains(&role)
            }
        }),
        roles_problem: problems.of("roles"),
        matricule: Field {
            id: "matricule",
            label: visit.say("agent-matricule"),
            hint: visit.say("agent-matricule-hint"),
            value: typed.trimmed("matricule").to_owned(),
            problem: problems.of("matricule"),
            kind: "text",
            inputmode: "numeric",
            autocomplete: "off",
            maxlength: 20,
            ltr: true,
            ..Field::default()
        },
        no_membership: !typed.get("no_membership").is_empty(),
        closings: CLOSINGS
            .iter()
            .map(|reason| Choice {
                value: (*reason).to_owned(),
                label: frame.of_family("closing", reason),
                chosen: typed.get("closing") == *reason,
                ..Choice::default()
            })
            .collect(),
        closing_problem: problems.of("closing"),
        id: agent.id.clone(),
        code,
        problems,
        p: frame,
    };
    Ok(views::page(status, &page))
}

/// The payroll number as it is written, or that there is none: one of the two is said.
pub(super) fn said_membership(visit: &Visit, problems: &mut Problems) -> (String, bool) {
    let none = !visit.fields.get("no_membership").is_empty();
    let typed = visit.fields.trimmed("matricule");
    if typed.is_empty() != none {
        let reason = if none {
            "MEMBERSHIP_SAID_TWICE"
        } else {
            "MEMBERSHIP_UNSAID"
        };
        problems.add("matricule", visit.reason(reason));
    } else if !none && Matricule::parse(typed).is_err() {
        problems.add("matricule", visit.say("matricule-problem"));
    }
    (typed.to_owned(), none)
}

fn why_not(visit: &Visit, frame: &Frame, agent: &Agent, administers: bool) -> String {
    if agent.disabled_at.is_some() {
        frame.t("agent-is-closed")
    } else if agent.id == visit.owner() {
        frame.t("agent-is-you")
    } else if administers {
        String::new()
    } else {
        frame.t("agent-read-only")
    }
}
