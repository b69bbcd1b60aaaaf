//! The second factor of agents: setting it up with a QR code, the recovery codes shown once, the code of each sign-in. Nothing of the office opens
//! before. A code is never kept and never comes back in a page.

use askama::Template;
use axum::http::StatusCode;

use super::{Page, refusal};
use crate::backend::agents::{Enrolment, Factor, Raised};
use crate::backend::models::SecondFactor;
use crate::error::Error;
use crate::security::cookies::Cookie;
use crate::security::{kept, next};
use crate::views::{self, Field, Frame, Problems, Section};
use crate::visit::{Visit, go_to, set_cookie};

/// Shown when fewer are left after one was used.
const FEW_CODES: i64 = 10;

#[derive(Template)]
#[template(path = "office/factor_begin.html")]
struct Begin {
    p: Frame,
    problems: Problems,
    next: String,
    kept: String,
}

#[derive(Template)]
#[template(path = "office/factor_enrol.html")]
struct Enrol {
    p: Frame,
    problems: Problems,
    /// Absent when a code was refused: the application has the secret already.
    enrolment: Option<Enrolment>,
    code: Field,
    next: String,
    kept: String,
}

#[derive(Template)]
#[template(path = "office/factor_codes.html")]
struct Codes {
    p: Frame,
    /// What was done before they are shown.
    done: String,
    codes: Vec<String>,
    onward: String,
}

#[derive(Template)]
#[template(path = "office/factor_verify.html")]
struct Verify {
    p: Frame,
    problems: Problems,
    code: Field,
    recovery: Field,
    by_recovery: bool,
    next: String,
    kept: String,
}

#[derive(Template)]
#[template(path = "office/factor_done.html")]
struct Done {
    p: Frame,
    problems: Problems,
    code: Field,
    next: String,
    kept: String,
}

pub(crate) async fn show(visit: Visit) -> Page {
    match visit.session()?.info.second_factor {
        SecondFactor::Done => done(&visit, Problems::default(), StatusCode::OK),
        SecondFactor::Enrol => begin(&visit, Problems::default(), StatusCode::OK),
        SecondFactor::Verify | SecondFactor::None => verify(&visit, Problems::default(), StatusCode::OK),
    }
}

pub(crate) async fn submit(visit: Visit) -> Page {
    let session = visit.session()?.token.clone();
    match visit.fields.get("step") {
        "begin" => match visit.backend().begin_totp(&session).await {
            Ok(enrolment) => enrol(&visit, Some(enrolment), Problems::default(), StatusCode::OK),
            Err(error) => {
                let (problems, status) = refused(&visit, "", error)?;
                begin(&visit, problems, status)
            }
        },
        "confirm" => {
            let problems = empty_code(&visit, "secret_code");
            if !problems.is_empty() {
                return enrol(&visit, None, problems, StatusCode::UNPROCESSABLE_ENTITY);
            }
            match visit
                .backend()
                .confirm_totp(&session, visit.fields.trimmed("secret_code"))
                .await
            {
                Ok(raised) => codes(&visit, raised),
                Err(Error::Refused { reason, .. }) if starts_again(&reason) => Ok(visit.go("/second-factor")),
                Err(error) => {
                    let (problems, status) = refused(&visit, "secret_code", error)?;
                    enrol(&visit, None, problems, status)
                }
            }
        }
        "codes" => renew(&visit, &session).await,
        _ => by_code(&visit, &session).await,
    }
}

/// A page of before: the factor is set up already, or the set-up was never begun.
fn starts_again(reason: &str) -> bool {
    matches!(reason, "SECOND_FACTOR_ENROLLED" | "SECOND_FACTOR_NOT_ENROLLED")
}

/// Other recovery codes, for a sheet that was lost, used up or never seen.
async fn renew(visit: &Visit, session: &str) -> Page {
    let problems = empty_code(visit, "secret_code");
    if !problems.is_empty() {
        return done(visit, problems, StatusCode::UNPROCESSABLE_ENTITY);
    }
    let typed = visit.fields.trimmed("secret_code");
    match visit.backend().renew_recovery_codes(session, typed).await {
        Ok(codes) => {
            let mut frame = visit.heading(Section::None, "factor-codes-title");
            frame.scripts = vec!["receipt.js"];
            Ok(visit.page(&Codes {
                done: visit.say("factor-codes-renewed"),
                codes,
                onward: visit.url("/office"),
                p: frame,
            }))
        }
        Err(Error::Refused { reason, .. }) if starts_again(&reason) => Ok(visit.go("/second-factor")),
        Err(error) => {
            let (problems, status) = refused(visit, "secret_code", error)?;
            done(visit, problems, status)
        }
    }
}

async fn by_code(visit: &Visit, session: &str) -> Page {
    let field = if visit.fields.get("way") == "recovery" {
        "secret_recovery"
    } else {
        "secret_code"
    };
    let problems = empty_code(visit, field);
    if !problems.is_empty() {
        return verify(visit, problems, StatusCode::UNPROCESSABLE_ENTITY);
    }
    let typed = visit.fields.trimmed(field);
    let by_recovery = field == "secret_recovery";
    let factor = if by_recovery {
        Factor::RecoveryCode(typed)
    } else {
        Factor::Code(typed)
    };
    match visit.backend().verify_second_factor(session, factor).await {
        Ok(raised) => {
            let left = raised.recovery_codes_left;
            let onward = if by_recovery && left < FEW_CODES {
                visit.url(format_args!("/office?recovery_left={left}"))
            } else {
                onward(visit, &raised)
            };
            let mut response = go_to(&onward);
            set_cookie(
                &mut response,
                &visit.portal,
                Cookie::Session,
                Some(&raised.session_token),
            );
            Ok(response)
        }
        Err(Error::Refused { reason, .. }) if starts_again(&reason) => Ok(visit.go("/second-factor")),
        Err(error) => {
            let (problems, status) = refused(visit, field, error)?;
            verify(visit, problems, status)
        }
    }
}

fn empty_code(visit: &Visit, field: &str) -> Problems {
    let mut problems = Problems {
        heading: visit.say("problems-heading"),
        ..Problems::default()
    };
    if visit.fields.trimmed(field).is_empty() {
        let sentence = if field == "secret_recovery" {
            "factor-recovery-missing"
        } else {
            "factor-code-missing"
        };
        problems.add(field, visit.say(sentence));
    }
    problems
}

/// The problems to show in the page; an ended session goes on to the edge.
fn refused(visit: &Visit, field: &str, error: Error) -> Result<(Problems, StatusCode), Error> {
    let mut problems = Problems {
        heading: visit.say("problems-heading"),
        ..Problems::default()
    };
    match error {
        Error::Away { .. } => {
            problems.add(field, visit.say("factor-away"));
            Ok((problems, StatusCode::SERVICE_UNAVAILABLE))
        }
        other => {
            refusal(visit, &mut problems, other)?;
            for (at, _) in &mut problems.lines {
                field.clone_into(at);
            }
            Ok((problems, StatusCode::UNPROCESSABLE_ENTITY))
        }
    }
}

/// Where the sign-in was going, with what was typed there when it is this agent's.
fn onward(visit: &Visit, raised: &Raised) -> String {
    let Some(wanted) = next::own_path(carried(visit, "next")) else {
        return visit.url("/office");
    };
    let sealed = carried(visit, kept::FIELD);
    let page = wanted.get(3..).unwrap_or_default();
    let own = kept::restore(
        &visit.portal.sealer,
        &raised.info.account_id,
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

/// A value of the form, or of the address that led here.
fn carried<'a>(visit: &'a Visit, name: &str) -> &'a str {
    match visit.fields.get(name) {
        "" => visit.query.get(name),
        sent => sent,
    }
}

fn next_of(visit: &Visit) -> (String, String) {
    (
        next::own_path(carried(visit, "next"))
            .unwrap_or_default()
            .to_owned(),
        carried(visit, kept::FIELD).to_owned(),
    )
}

fn code_field(visit: &Visit, problems: &Problems) -> Field {
    Field {
        id: "secret_code",
        label: visit.say("factor-code"),
        hint: visit.say("factor-code-hint"),
        problem: problems.of("secret_code"),
        kind: "text",
        inputmode: "numeric",
        autocomplete: "one-time-code",
        maxlength: 12,
        ltr: true,
        required: true,
        ..Field::default()
    }
}

fn heading(visit: &Visit, key: &str, problems: &Problems) -> Frame {
    let mut frame = visit.heading(Section::None, key);
    if !problems.is_empty() {
        frame.title = visit.say1("title-with-problem", "title", &frame.title);
    }
    frame
}

fn done(visit: &Visit, problems: Problems, status: StatusCode) -> Page {
    let (next, kept) = next_of(visit);
    let page = Done {
        p: heading(visit, "factor-title", &problems),
        code: code_field(visit, &problems),
        problems,
        next,
        kept,
    };
    Ok(views::page(status, &page))
}

fn begin(visit: &Visit, problems: Problems, status: StatusCode) -> Page {
    let (next, kept) = next_of(visit);
    let page = Begin {
        p: heading(visit, "factor-begin-title", &problems),
        problems,
        next,
        kept,
    };
    Ok(views::page(status, &page))
}

fn enrol(visit: &Visit, enrolment: Option<Enrolment>, problems: Problems, status: StatusCode) -> Page {
    let (next, kept) = next_of(visit);
    let page = Enrol {
        p: heading(visit, "factor-enrol-title", &problems),
        code: code_field(visit, &problems),
        enrolment,
        problems,
        next,
        kept,
    };
    Ok(views::page(status, &page))
}

/// The recovery codes, this once. The session goes on under another cookie, so the page's forms are bound to that one.
fn codes(visit: &Visit, raised: Raised) -> Page {
    let mut visit = visit.clone();
    visit.bound_to.clone_from(&raised.session_token);
    let onward = onward(&visit, &raised);
    if let Some(session) = &mut visit.session {
        session.token.clone_from(&raised.session_token);
        session.info = raised.info;
    }
    let mut frame = visit.heading(Section::None, "factor-codes-title");
    frame.scripts = vec!["receipt.js"];
    let page = Codes {
        done: visit.say("factor-codes-done"),
        codes: raised.recovery_codes,
        onward,
        p: frame,
    };
    let mut response = visit.page(&page);
    set_cookie(
        &mut response,
        &visit.portal,
        Cookie::Session,
        Some(&raised.session_token),
    );
    Ok(response)
}

fn verify(visit: &Visit, problems: Problems, status: StatusCode) -> Page {
    let (next, kept) = next_of(visit);
    let page = Verify {
        p: heading(visit, "factor-verify-title", &problems),
        code: code_field(visit, &problems),
        recovery: Field {
            id: "secret_recovery",
            label: visit.say("factor-recovery"),
            hint: visit.say("factor-recovery-hint"),
            problem: problems.of("secret_recovery"),
            kind: "text",
            autocomplete: "off",
            maxlength: 40,
            ltr: true,
            required: true,
            ..Field::default()
        },
        by_recovery: visit.fields.get("way") == "recovery",
        problems,
        next,
        kept,
    };
    Ok(views::page(status, &page))
}
