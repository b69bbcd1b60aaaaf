//! Changing the password: the current one, the new one twice. Other devices are signed out.

use askama::Template;
use axum::http::StatusCode;

use super::link::{check_new_password, name_the_field, new_password_fields};
use super::{Page, refusal};
use crate::backend::Audience;
use crate::error::Error;
use crate::views::{self, Field, Frame, Problems, Section};
use crate::visit::Visit;

#[derive(Template)]
#[template(path = "password.html")]
struct Password {
    p: Frame,
    problems: Problems,
    done: bool,
    min: i64,
    current: Field,
    password: Field,
    again: Field,
}

pub(crate) async fn show(visit: Visit) -> Page {
    render(&visit, Problems::default(), StatusCode::OK)
}

pub(crate) async fn submit(visit: Visit) -> Page {
    let mut problems = Problems {
        heading: visit.say("problems-heading"),
        ..Problems::default()
    };
    if visit.fields.get("current_password").is_empty() {
        problems.add("current_password", visit.say("password-current-missing"));
    }
    check_new_password(&visit, &mut problems);
    if !problems.is_empty() {
        return render(&visit, problems, StatusCode::UNPROCESSABLE_ENTITY);
    }
    let token = visit.token(Audience::Identity).await?;
    let session = &visit.session()?.token;
    let (current, new) = (
        visit.fields.get("current_password"),
        visit.fields.get("new_password"),
    );
    match visit
        .backend()
        .change_password(&token, session, current, new)
        .await
    {
        Ok(()) => Ok(visit.go("/password?done=1")),
        Err(Error::Refused { reason, .. }) if is_about_the_current(&reason) => {
            problems.add("current_password", visit.say("password-current-wrong"));
            render(&visit, problems, StatusCode::UNPROCESSABLE_ENTITY)
        }
        Err(error) => {
            refusal(&visit, &mut problems, error)?;
            name_the_field(&mut problems);
            render(&visit, problems, StatusCode::UNPROCESSABLE_ENTITY)
        }
    }
}

fn is_about_the_current(reason: &str) -> bool {
    reason == "CURRENT_PASSWORD_WRONG"
}

fn render(visit: &Visit, problems: Problems, status: StatusCode) -> Page {
    let mut frame = visit.heading(Section::None, "password-title");
    frame.scripts = vec!["forms.js"];
    let (password, again) = new_password_fields(visit, &problems);
    let current = Field {
        id: "current_password",
        label: visit.say("password-current"),
        problem: problems.of("current_password"),
        kind: "password",
        autocomplete: "current-password",
        maxlength: 256,
        ltr: true,
        required: true,
        ..Field::default()
    };
    let min = i64::try_from(visit.portal.settings.account.password_min_length).unwrap_or_default();
    let done = visit.query.get("done") == "1";
    Ok(views::page(
        status,
        &Password {
            p: frame,
            problems,
            done,
            min,
            current,
            password,
            again,
        },
    ))
}
