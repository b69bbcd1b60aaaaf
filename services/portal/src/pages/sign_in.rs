//! The first page: what the space is for, and signing in. A wrong matricule and a wrong password look alike.

use askama::Template;
use axum::http::StatusCode;
use kernel::Matricule;

use super::robot::{self, Robot};
use super::{Page, refusal};
use crate::backend::identity::{Form, SignInAttempt};
use crate::error::Error;
use crate::security::cookies::Cookie;
use crate::security::{kept, next};
use crate::views::{self, Field, Frame, Problems, Section};
use crate::visit::{Visit, go_to, set_cookie};

#[derive(Template)]
#[template(path = "sign_in.html")]
struct SignIn {
    p: Frame,
    problems: Problems,
    notice: Option<(&'static str, &'static str, String)>,
    matricule: Field,
    password: Field,
    robot: Robot,
    next: String,
    kept: String,
}

pub(crate) async fn show(visit: Visit) -> Page {
    // Who is signed in needs no door, wherever the address came from.
    if visit.session.is_some() {
        return Ok(visit.go("/home"));
    }
    let notice = match visit.query.get("notice") {
        "ended" => Some(("", "info", visit.say("sign-in-ended"))),
        "password-set" => Some(("ok", "tick", visit.say("sign-in-password-set"))),
        _ => None,
    };
    render(&visit, Problems::default(), notice, StatusCode::OK).await
}

pub(crate) async fn submit(visit: Visit) -> Page {
    let mut problems = Problems {
        heading: visit.say("problems-sign-in"),
        ..Problems::default()
    };
    let matricule = Matricule::parse(visit.fields.trimmed("matricule"));
    if matricule.is_err() {
        problems.add("matricule", visit.say("matricule-problem"));
    }
    let password = visit.fields.get("password");
    if password.is_empty() {
        problems.add("password", visit.say("password-missing"));
    }
    let proof = robot::proof(&visit.fields);
    if proof.is_none() {
        problems.add(robot::FIELD, visit.say("robot-missing"));
    }
    let (Ok(matricule), Some(proof), true) = (matricule, proof, problems.is_empty()) else {
        problems.refused_here = true;
        return render(&visit, problems, None, StatusCode::UNPROCESSABLE_ENTITY).await;
    };
    let attempt = SignInAttempt {
        matricule: matricule.as_str(),
        password,
        proof,
        device_token: &visit.device_token,
        device_label: &visit.device_label,
        client_address: &visit.client_address,
        locale: visit.locale,
    };
    let signed_in = match visit.backend().sign_in(attempt).await {
        Ok(signed_in) => signed_in,
        Err(error) => return refused(&visit, problems, error).await,
    };
    let mut response = go_to(&destination(&visit, &signed_in.info.account_id));
    set_cookie(
        &mut response,
        &visit.portal,
        Cookie::Session,
        Some(&signed_in.session_token),
    );
    if !signed_in.device_token.is_empty() {
        set_cookie(
            &mut response,
            &visit.portal,
            Cookie::Device,
            Some(&signed_in.device_token),
        );
    }
    Ok(response)
}

/// Where the sign-in leads: the page that was wanted, with what was typed there when it belongs to this person; else home.
fn destination(visit: &Visit, account_id: &str) -> String {
    let Some(wanted) = next::own_path(visit.fields.get("next")) else {
        return visit.url("/home");
    };
    let sealed = visit.fields.get(kept::FIELD);
    // The language may have been switched meanwhile: the page is named without it.
    let page = wanted.get(3..).unwrap_or_default();
    let own = kept::restore(
        &visit.portal.sealer,
        account_id,
        page,
        sealed,
        visit.now.timestamp(),
    )
    .is_some();
    if own {
        format!("{wanted}?{}={sealed}", kept::FIELD)
    } else {
        wanted.to_owned()
    }
}

async fn refused(visit: &Visit, mut problems: Problems, error: Error) -> Page {
    match error {
        error if error.is_transient() => {
            let notice = Some(("wait", "clock", visit.say("away-try-again")));
            render(visit, problems, notice, StatusCode::SERVICE_UNAVAILABLE).await
        }
        Error::Refused { ref reason, .. } if reason == "ROBOT_PROOF_REFUSED" => {
            problems.add(robot::FIELD, robot::refused(visit, reason));
            render(visit, problems, None, StatusCode::UNPROCESSABLE_ENTITY).await
        }
        Error::Refused { ref reason, .. } if reason == "SIGN_IN_REFUSED" => {
            problems.add("matricule", visit.reason(reason));
            render(visit, problems, None, StatusCode::UNPROCESSABLE_ENTITY).await
        }
        other => {
            refusal(visit, &mut problems, other)?;
            render(visit, problems, None, StatusCode::UNPROCESSABLE_ENTITY).await
        }
    }
}

async fn render(
    visit: &Visit,
    mut problems: Problems,
    notice: Option<(&'static str, &'static str, String)>,
    status: StatusCode,
) -> Page {
    let mut frame = visit.heading(Section::None, "sign-in-title");
    frame.keeps_typed = true;
    if !problems.is_empty() {
        frame.title = visit.say1("title-with-problem", "title", &frame.title);
    }
    frame.scripts = vec!["robot.js", "forms.js"];
    let carried = |name: &str| {
        if visit.fields.get(name).is_empty() {
            visit.query.get(name)
        } else {
            visit.fields.get(name)
        }
        .to_owned()
    };
    let robot = Robot::issue(visit, &frame, Form::SignIn, &mut problems).await;
    let page = SignIn {
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
        password: Field {
            id: "password",
            label: visit.say("password"),
            problem: problems.of("password"),
            kind: "password",
            autocomplete: "current-password",
            maxlength: 256,
            ltr: true,
            required: true,
            ..Field::default()
        },
        robot,
        next: next::own_path(&carried("next")).unwrap_or_default().to_owned(),
        kept: carried(kept::FIELD),
        p: frame,
        problems,
        notice,
    };
    Ok(views::page(status, &page))
}
