//! For a member whom the desk gave a printed code: payroll number, code, a new password. A wrong number, a wrong code and an old one look alike.

use askama::Template;
use axum::http::StatusCode;
use kernel::Matricule;

use super::link::{check_new_password, new_password_fields};
use super::robot::{self, Robot};
use super::{Desk, Page, refusal};
use crate::backend::agents::Redemption;
use crate::backend::identity::Form;
use crate::error::Error;
use crate::security::cookies::Cookie;
use crate::views::{self, Field, Frame, Problems, Section};
use crate::visit::{Visit, set_cookie};

#[derive(Template)]
#[template(path = "activate.html")]
struct Activate {
    p: Frame,
    problems: Problems,
    notice: Option<String>,
    matricule: Field,
    code: Field,
    password: Field,
    again: Field,
    min: i64,
    robot: Robot,
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
    let matricule = Matricule::parse(visit.fields.trimmed("matricule"));
    if matricule.is_err() {
        problems.add("matricule", visit.say("matricule-problem"));
    }
    let code = visit.fields.trimmed("secret_activation");
    if code.is_empty() {
        problems.add("secret_activation", visit.say("activate-code-missing"));
    }
    check_new_password(&visit, &mut problems);
    let proof = robot::proof(&visit.fields);
    if proof.is_none() {
        problems.add(robot::FIELD, visit.say("robot-missing"));
    }
    let (Ok(matricule), Some(proof), true) = (matricule, proof, problems.is_empty()) else {
        problems.refused_here = true;
        return render(&visit, problems, None, StatusCode::UNPROCESSABLE_ENTITY).await;
    };
    let redemption = Redemption {
        matricule: matricule.as_str(),
        code,
        password: visit.fields.get("new_password"),
        locale: visit.locale,
        client_address: &visit.client_address,
    };
    match visit.backend().redeem_activation_code(&redemption, proof).await {
        Ok(device_token) => {
            let mut response = visit.go("/sign-in?notice=password-set");
            if !device_token.is_empty() {
                set_cookie(&mut response, &visit.portal, Cookie::Device, Some(&device_token));
            }
            Ok(response)
        }
        Err(error) => refused(&visit, problems, error).await,
    }
}

async fn refused(visit: &Visit, mut problems: Problems, error: Error) -> Page {
    match error {
        error if error.is_transient() => {
            let notice = Some(visit.say("away-try-again"));
            render(visit, problems, notice, StatusCode::SERVICE_UNAVAILABLE).await
        }
        Error::Refused { reason, .. } if reason == "ROBOT_PROOF_REFUSED" => {
            problems.add(robot::FIELD, robot::refused(visit, &reason));
            render(visit, problems, None, StatusCode::UNPROCESSABLE_ENTITY).await
        }
        Error::Refused { reason, .. } if reason == "ACTIVATION_REFUSED" => {
            problems.add("secret_activation", visit.reason(&reason));
            render(visit, problems, None, StatusCode::UNPROCESSABLE_ENTITY).await
        }
        other => {
            refusal(visit, &mut problems, other)?;
            for (field, _) in &mut problems.lines {
                match field.as_str() {
                    "password" => "new_password".clone_into(field),
                    "code" => "secret_activation".clone_into(field),
                    _ => {}
                }
            }
            render(visit, problems, None, StatusCode::UNPROCESSABLE_ENTITY).await
        }
    }
}

async fn render(visit: &Visit, mut problems: Problems, notice: Option<String>, status: StatusCode) -> Page {
    let mut frame = visit.heading(Section::None, "activate-title");
    frame.keeps_typed = true;
    if !problems.is_empty() {
        frame.title = visit.say1("title-with-problem", "title", &frame.title);
    }
    frame.scripts = vec!["robot.js", "forms.js"];
    let (password, again) = new_password_fields(visit, &problems);
    let robot = Robot::issue(visit, &frame, Form::Activation, &mut problems).await;
    let page = Activate {
        matricule: Field {
            id: "matricule",
            label: visit.say("matricule"),
            hint: visit.say("matricule-hint"),
            value: visit.fields.trimmed("matricule").to_owned(),
            problem: problems.of("matricule"),
            kind: "text",
            inputmode: "numeric",
            autocomplete: "username",
            maxlength: 20,
            ltr: true,
            required: true,
            pattern: "matricule",
            pattern_message: visit.say("matricule-problem"),
            ..Field::default()
        },
        code: Field {
            id: "secret_activation",
            label: visit.say("activate-code"),
            hint: visit.say("activate-code-hint"),
            problem: problems.of("secret_activation"),
            kind: "text",
            autocomplete: "off",
            maxlength: 40,
            ltr: true,
            required: true,
            ..Field::default()
        },
        password,
        again,
        min: i64::try_from(visit.portal.settings.account.password_min_length).unwrap_or_default(),
        robot,
        desk: Desk::of(visit),
        problems,
        notice,
        p: frame,
    };
    Ok(views::page(status, &page))
}
