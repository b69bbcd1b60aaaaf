//! A new agent's account: the administrator chooses the duties; the link goes to the agent by mail, and is shown in a demonstration alone.

use askama::Template;
use axum::http::StatusCode;
use kernel::{Locale, Matricule, Role};

use super::agent::said_membership;
use super::agents::{role_choices, role_field, ticked};
use super::{nav, queues, rail, require};
use crate::backend::Audience;
use crate::backend::office::{NewAgent, Secret};
use crate::pages::{Page, refusal};
use crate::views::{self, Choice, Field, Frame, Problems, Rail, Section};
use crate::visit::Visit;

#[derive(Template)]
#[template(path = "office/agent_new.html")]
struct New {
    p: Frame,
    rail: Rail,
    problems: Problems,
    login: Field,
    email: Field,
    matricule: Field,
    no_membership: bool,
    languages: Vec<Choice>,
    roles: Vec<Choice>,
    roles_problem: String,
}

#[derive(Template)]
#[template(path = "office/agent_link.html")]
struct Link {
    p: Frame,
    link: String,
    until: String,
    account: String,
}

pub(crate) async fn show(visit: Visit) -> Page {
    require(&visit, &[Role::Administrator])?;
    render(&visit, Problems::default(), StatusCode::OK).await
}

pub(crate) async fn submit(visit: Visit) -> Page {
    require(&visit, &[Role::Administrator])?;
    let mut problems = Problems {
        heading: visit.say("problems-heading"),
        ..Problems::default()
    };
    let login = Matricule::parse(visit.fields.trimmed("login"));
    if login.is_err() {
        problems.add("login", visit.say("agent-login-problem"));
    }
    let email = visit.fields.trimmed("email");
    if !email.contains('@') {
        problems.add("email", visit.say("email-problem"));
    }
    let (matricule, no_membership) = said_membership(&visit, &mut problems);
    let roles = ticked(&visit);
    if roles.is_empty() {
        problems.add("roles", visit.reason("ROLES_REQUIRED"));
    }
    let (Ok(login), true) = (login, problems.is_empty()) else {
        return render(&visit, problems, StatusCode::UNPROCESSABLE_ENTITY).await;
    };
    let agent = NewAgent {
        login: login.as_str().to_owned(),
        email: email.to_owned(),
        locale: Locale::parse(visit.fields.trimmed("language"))
            .unwrap_or(visit.locale)
            .as_str()
            .to_owned(),
        roles,
        matricule,
        no_membership,
    };
    let token = visit.token(Audience::Identity).await?;
    match visit.backend().create_agent(&token, &agent).await {
        Ok((account, link)) => Ok(link_page(&visit, account, link)),
        Err(error) => {
            refusal(&visit, &mut problems, error)?;
            name_the_field(&mut problems);
            render(&visit, problems, StatusCode::UNPROCESSABLE_ENTITY).await
        }
    }
}

/// A refusal of the whole form is about the login, the only thing that another account may have.
fn name_the_field(problems: &mut Problems) {
    for (field, _) in &mut problems.lines {
        if field.is_empty() {
            "login".clone_into(field);
        } else if field.starts_with("roles") {
            "roles".clone_into(field);
        }
    }
}

/// Where the link went; itself, this once, in a demonstration.
pub(crate) fn link_page(visit: &Visit, account: String, link: Secret) -> axum::response::Response {
    let frame = visit.heading(Section::None, "agent-link-title");
    visit.page(&Link {
        link: link.text,
        until: frame.moment(link.until),
        account,
        p: frame,
    })
}

async fn render(visit: &Visit, problems: Problems, status: StatusCode) -> Page {
    let mut frame = visit.heading(Section::None, "agent-new-title");
    if !problems.is_empty() {
        frame.title = visit.say1("title-with-problem", "title", &frame.title);
    }
    frame.scripts = vec!["forms.js"];
    frame.keeps_typed = true;
    let typed = visit.typed();
    let field = |id: &'static str, label: &str, hint: &str| Field {
        id,
        label: visit.say(label),
        hint: visit.say(hint),
        value: typed.trimmed(id).to_owned(),
        problem: problems.of(id),
        kind: "text",
        autocomplete: "off",
        maxlength: 20,
        ltr: true,
        required: true,
        ..Field::default()
    };
    let language = |locale: Locale, label: &str| Choice {
        value: locale.as_str().to_owned(),
        label: label.to_owned(),
        hint: String::new(),
        chosen: match typed.get("language") {
            "" => locale == visit.locale,
            typed => typed == locale.as_str(),
        },
    };
    let page = New {
        rail: rail(&frame, &nav(visit)?, &queues(visit).await?, "/office/agents"),
        login: Field {
            inputmode: "numeric",
            ..field("login", "agent-login", "agent-login-hint")
        },
        email: Field {
            kind: "email",
            maxlength: 254,
            ..field("email", "email", "agent-email-hint")
        },
        matricule: Field {
            inputmode: "numeric",
            required: false,
            ..field("matricule", "agent-matricule", "agent-matricule-hint")
        },
        languages: vec![language(Locale::Ar, "العربية"), language(Locale::Fr, "Français")],
        no_membership: !typed.get("no_membership").is_empty(),
        roles: role_choices(&frame, |role| !typed.get(&role_field(role)).is_empty()),
        roles_problem: problems.of("roles"),
        problems,
        p: frame,
    };
    Ok(views::page(status, &page))
}
