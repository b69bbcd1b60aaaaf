//! What templates are given: the frame of a page and the parts that pages share, with every sentence already in the reader's language.
//!
//! No wire type, no call, no decision about a request.

mod field;
mod files;
pub(crate) mod frame;
pub(crate) mod icons;
mod office;
mod parts;
mod question;

pub(crate) use field::Field;
pub(crate) use files::{FileRow, describe_state, describe_state_of, family_icon};
pub(crate) use frame::{Frame, Section};
pub(crate) use office::{AgentNav, REVIEWERS, Rail, RailItem, agent_code};
pub(crate) use parts::{Baton, Choice, Problems, Status, UploadCard, WizardHead, file_size};
pub(crate) use question::TypedField;

use askama::Template;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};

use crate::error::Error;

/// Writes a page.
pub(crate) fn page(status: StatusCode, template: &impl Template) -> Response {
    match template.render() {
        Ok(html) => (status, Html(html)).into_response(),
        Err(error) => {
            tracing::error!(error = %error, "a page could not be written");
            Error::Unforeseen.into_response()
        }
    }
}

/// Writes a part inside a page.
fn part(template: &impl Template) -> String {
    template.render().unwrap_or_else(|error| {
        tracing::error!(error = %error, "a part of a page could not be written");
        String::new()
    })
}
