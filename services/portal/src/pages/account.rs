//! Opening an account and a forgotten password: one form, as the guide has it, with the rules of the position checked at the field.
//!
//! Whether the person exists is never shown: whoever fills in the form well sees the same page afterwards.

use askama::Template;
use axum::http::StatusCode;
use kernel::{Cin, EmailAddress, Matricule, PensionNumber, Position};

use super::robot::{self, Robot};
use super::{Desk, Page, refusal};
use crate::backend::identity::Form;
use crate::backend::models::AccountRequest;
use crate::error::Error;
use crate::text::comma;
use crate::views::{self, Choice, Field, Frame, Problems, Section};
use crate::visit::Visit;

const POSITIONS: [Position; 5] = [
    Position::Active,
    Position::Seconded,
    Position::AtDisposal,
    Position::Retired,
    Position::Survivor,
];

#[derive(Template)]
#[template(path = "account.html")]
struct Account {
    p: Frame,
    problems: Problems,
    notice: Option<String>,
    matricule: Field,
    cin: Field,
    positions: Vec<Choice>,
    position_problem: String,
    email: Field,
    pension: Field,
    domains: String,
    robot: Robot,
}

#[derive(Template)]
#[template(path = "account_sent.html")]
struct Sent {
    p: Frame,
    desk: Desk,
}

pub(crate) async fn show(visit: Visit) -> Page {
    render(&visit, Problems::default(), None, StatusCode::OK).await
}

pub(crate) async fn submit(visit: Visit) -> Page {
    let mut problems = Problems {
        heading: visit.say("problems-heading"),
        ..Problems::default()
    };
    let request = check(&visit, &mut problems);
    let proof = robot::proof(&visit.fields);
    if proof.is_none() {
        problems.add(robot::FIELD, visit.say("robot-missing"));
    }
    let (Some(proof), true) = (proof, problems.is_empty()) else {
        problems.refused_here = true;
        return render(&visit, problems, None, StatusCode::UNPROCESSABLE_ENTITY).await;
    };
    match visit
        .backend()
        .request_link(&request, proof, visit.locale, &visit.client_address)
        .await
    {
        Ok(()) => Ok(visit.go("/account/sent")),
        Err(error) if error.is_transient() => {
            let notice = Some(visit.say("away-try-again"));
            render(&visit, problems, notice, StatusCode::SERVICE_UNAVAILABLE).await
        }
        Err(Error::Refused { reason, .. }) if reason == "ROBOT_PROOF_REFUSED" => {
            problems.add(robot::FIELD, robot::refused(&visit, &reason));
            render(&visit, problems, None, StatusCode::UNPROCESSABLE_ENTITY).await
        }
        Err(error) => {
            refusal(&visit, &mut problems, error)?;
            render(&visit, problems, None, StatusCode::UNPROCESSABLE_ENTITY).await
        }
    }
}

pub(crate) async fn sent(visit: Visit) -> Page {
    let frame = visit.heading(Section::None, "account-sent-title");
    Ok(visit.page(&Sent {
        p: frame,
        desk: Desk::of(&visit),
    }))
}

/// The rules of the form: formats, and what the position asks for.
fn check(visit: &Visit, problems: &mut Problems) -> AccountRequest {
    let fields = &visit.fields;
    let matricule = Matricule::parse(fields.trimmed("matricule"));
    if matricule.is_err() {
        problems.add("matricule", visit.say("matricule-problem"));
    }
    let cin = Cin::parse(fields.trimmed("cin"));
    if cin.is_err() {
        problems.add("cin", visit.say("cin-problem"));
    }
    let position = Position::parse(fields.trimmed("position")).ok();
    if position.is_none() {
        problems.add("position", visit.say("position-problem"));
    }
    let mut pension_number = String::new();
    if position.is_some_and(Position::requires_pension_number) {
        match PensionNumber::parse(fields.trimmed("pension_number")) {
            Ok(number) => pension_number = number.as_str().to_owned(),
            Err(_) => problems.add("pension_number", visit.say("pension-problem")),
        }
    }
    let email = fields.trimmed("email");
    let domains = &visit.portal.settings.account.professional_mail_domains;
    match EmailAddress::parse(email) {
        Err(_) => problems.add("email", visit.say("email-problem")),
        Ok(address)
            if position.is_some_and(Position::requires_professional_email)
                && !address.is_at_one_of(domains) =>
        {
            problems.add(
                "email",
                visit.say1(
                    "email-not-professional",
                    "domain",
                    domains.join(comma(visit.locale)),
                ),
            );
        }
        Ok(_) => {}
    }
    AccountRequest {
        matricule: matricule.map(String::from).unwrap_or_default(),
        cin: cin.map(|cin| cin.as_str().to_owned()).unwrap_or_default(),
        position: position
            .map(|position| position.as_str().to_owned())
            .unwrap_or_default(),
        email: email.to_owned(),
        pension_number,
    }
}

async fn render(visit: &Visit, mut problems: Problems, notice: Option<String>, status: StatusCode) -> Page {
    let mut frame = visit.heading(Section::None, "account-title");
    frame.keeps_typed = true;
    if !problems.is_empty() {
        frame.title = visit.say1("title-with-problem", "title", &frame.title);
    }
    frame.scripts = vec!["robot.js", "forms.js"];
    let robot = Robot::issue(visit, &frame, Form::Account, &mut problems).await;
    let typed = |name: &str| visit.fields.trimmed(name).to_owned();
    let position = typed("position");
    let code = |id, label: &str, hint: &str, pattern, message: &str| Field {
        id,
        label: visit.say(label),
        hint: visit.say(hint),
        value: typed(id),
        problem: problems.of(id),
        kind: "text",
        inputmode: "text",
        autocomplete: "off",
        maxlength: 30,
        ltr: true,
        required: true,
        pattern,
        pattern_message: visit.say(message),
        only_for: "",
    };
    let page = Account {
        matricule: Field {
            inputmode: "numeric",
            autocomplete: "username",
            ..code(
                "matricule",
                "matricule",
                "matricule-hint",
                "matricule",
                "matricule-problem",
            )
        },
        cin: code("cin", "cin", "cin-hint", "cin", "cin-problem"),
        positions: POSITIONS
            .iter()
            .map(|known| Choice {
                value: known.as_str().to_owned(),
                label: frame.of_family("position", known.as_str()),
                hint: String::new(),
                chosen: position == known.as_str(),
            })
            .collect(),
        position_problem: problems.of("position"),
        email: Field {
            kind: "email",
            inputmode: "email",
            autocomplete: "email",
            maxlength: 254,
            ..code("email", "email", "email-hint", "email", "email-problem")
        },
        pension: Field {
            required: false,
            only_for: "retired",
            ..code(
                "pension_number",
                "pension",
                "pension-hint",
                "pension",
                "pension-problem",
            )
        },
        domains: visit.portal.settings.account.professional_mail_domains.join(" "),
        robot,
        p: frame,
        problems,
        notice,
    };
    Ok(views::page(status, &page))
}
