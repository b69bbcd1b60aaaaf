//! Throwing a draft away, after one question.

use askama::Template;
use axum::extract::Path;

use super::Page;
use crate::backend::Audience;
use crate::backend::models::FileState;
use crate::views::{Frame, Section};
use crate::visit::Visit;

#[derive(Template)]
#[template(path = "discard.html")]
struct Discard {
    p: Frame,
    title: String,
    id: String,
}

pub(crate) async fn show(visit: Visit, Path((_, id)): Path<(String, String)>) -> Page {
    let token = visit.token(Audience::Benefits).await?;
    let file = visit
        .backend()
        .application(&token, super::files::known_id(&id)?)
        .await?;
    if file.state != FileState::Draft {
        return Ok(visit.go(format_args!("/applications/{}", file.id)));
    }
    let title = visit
        .backend()
        .benefit(&token, &file.benefit_code)
        .await?
        .benefit
        .title
        .in_locale(visit.locale)
        .to_owned();
    let frame = visit.heading(Section::Files, "discard-title");
    Ok(visit.page(&Discard {
        p: frame,
        title,
        id: file.id,
    }))
}

pub(crate) async fn submit(visit: Visit, Path((_, id)): Path<(String, String)>) -> Page {
    let token = visit.token(Audience::Benefits).await?;
    match visit
        .backend()
        .discard(&token, super::files::known_id(&id)?, &visit.key())
        .await
    {
        // A double click brings the same key and is answered the same. What is not there, or is another's, is a page that does not exist.
        Ok(()) => Ok(visit.go("/applications")),
        Err(error) => Err(error),
    }
}
