//! Behind the link of the mail: choose a password. A link that expired, was used, or never was, looks alike.

use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;

use super::{Page, refusal};
use crate::error::Error;
use crate::security::cookies::Cookie;
use crate::views::{self, Field, Frame, Problems, Section};
use crate::visit::{Visit, set_cookie};

#[derive(Template)]
#[template(path = "link.html")]
struct Link {
    p: Frame,
    problems: Problems,
    notice: Option<String>,
    min: i64,
    password: Field,
    again: Field,
}

#[derive(Template)]
#[template(path = "link_expired.html")]
struct Expired {
    p: Frame,
}

pub(crate) async fn show(visit: Visit, Path((_, token)): Path<(String, String)>) -> Page {
    if !visit.backend().link_is_usable(&token).await? {
        return expired(&visit);
    }
    form(&visit, Problems::default(), None, StatusCode::OK)
}

pub(crate) async fn submit(visit: Visit, Path((_, token)): Path<(String, String)>) -> Page {
    let mut problems = Problems {
        heading: visit.say("problems-heading"),
        ..Problems::default()
    };
    check_new_password(&visit, &mut problems);
    if !problems.is_empty() {
        return form(&visit, problems, None, StatusCode::UNPROCESSABLE_ENTITY);
    }
    match visit
        .backend()
        .set_password(&token, visit.fields.get("new_password"))
        .await
    {
        Ok(device_token) => {
            let mut response = visit.go("/sign-in?notice=password-set");
            if !device_token.is_empty() {
                set_cookie(&mut response, &visit.portal, Cookie::Device, Some(&device_token));
            }
            Ok(response)
        }
        Err(Error::NotFound) => expired(&visit),
        Err(Error::Refused { reason, .. }) if reason.starts_with("LINK_") => expired(&visit),
        Err(error) if error.is_transient() => form(
            &visit,
            problems,
            Some(visit.say("away-try-again")),
            StatusCode::SERVICE_UNAVAILABLE,
        ),
        Err(error) => {
            refusal(&visit, &mut problems, error)?;
            name_the_field(&mut problems);
            form(&visit, problems, None, StatusCode::UNPROCESSABLE_ENTITY)
        }
    }
}

/// What can be said of a new password without asking: its length, and that both fields agree.
pub(crate) fn check_new_password(visit: &Visit, problems: &mut Problems) {
    let password = visit.fields.get("new_password");
    let min = visit.portal.settings.account.password_min_length;
    if password.chars().count() < min {
        problems.add("new_password", visit.say1("password-short", "min", min));
    } else if password.chars().count() > 128 {
        problems.add("new_password", visit.say("password-long"));
    } else if password != visit.fields.get("again_password") {
        problems.add("again_password", visit.say("password-differs"));
    }
}

/// A refusal of the whole form, or of identity's `password` field, is about the new password.
pub(crate) fn name_the_field(problems: &mut Problems) {
    for (field, _) in &mut problems.lines {
        if field.is_empty() || field == "password" {
            "new_password".clone_into(field);
        }
    }
}

/// The two fields for a new password.
pub(crate) fn new_password_fields(visit: &Visit, problems: &Problems) -> (Field, Field) {
    let field = |id, label: &str, hint: String| Field {
        id,
        label: visit.say(label),
        hint,
        problem: problems.of(id),
        kind: "password",
        autocomplete: "new-password",
        maxlength: 256,
        ltr: true,
        required: true,
        ..Field::default()
    };
    let min = visit.portal.settings.account.password_min_length;
    let hint = visit.say1("password-new-hint", "min", min);
    (
        field("new_password", "password-new", hint),
        field("again_password", "password-again", String::new()),
    )
}

fn form(visit: &Visit, problems: Problems, notice: Option<String>, status: StatusCode) -> Page {
    let mut frame = visit.heading(Section::None, "link-title");
    frame.scripts = vec!["forms.js"];
    let (password, again) = new_password_fields(visit, &problems);
    let min = i64::try_from(visit.portal.settings.account.password_min_length).unwrap_or_default();
    Ok(views::page(
        status,
        &Link {
            p: frame,
            problems,
            notice,
            min,
            password,
            again,
        },
    ))
}

fn expired(visit: &Visit) -> Page {
    Ok(views::page(
        StatusCode::GONE,
        &Expired {
            p: visit.heading(Section::None, "link-expired-title"),
        },
    ))
}
