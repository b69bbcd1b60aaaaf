//! Withdrawing a request before the decision, after one question.

use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;

use super::{Page, refusal};
use crate::backend::Audience;
use crate::views::{self, Frame, Problems, Section};
use crate::visit::Visit;

#[derive(Template)]
#[template(path = "withdraw.html")]
struct Withdraw {
    p: Frame,
    problems: Problems,
    number: String,
    id: String,
}

pub(crate) async fn show(visit: Visit, Path((_, id)): Path<(String, String)>) -> Page {
    render(&visit, &id, Problems::default(), StatusCode::OK).await
}

pub(crate) async fn submit(visit: Visit, Path((_, id)): Path<(String, String)>) -> Page {
    let id = super::files::known_id(&id)?;
    let token = visit.token(Audience::Benefits).await?;
    match visit.backend().withdraw(&token, id, &visit.key()).await {
        Ok(file) => Ok(visit.go(format_args!("/applications/{}", file.id))),
        Err(error) => {
            let mut problems = Problems {
                heading: visit.say("problems-cannot"),
                ..Problems::default()
            };
            refusal(&visit, &mut problems, error)?;
            render(&visit, id, problems, StatusCode::CONFLICT).await
        }
    }
}

async fn render(visit: &Visit, id: &str, problems: Problems, status: StatusCode) -> Page {
    let token = visit.token(Audience::Benefits).await?;
    let file = visit
        .backend()
        .application(&token, super::files::known_id(id)?)
        .await?;
    if !file.can_withdraw && problems.is_empty() {
        return Ok(visit.go(format_args!("/applications/{}", file.id)));
    }
    let frame = visit.heading(Section::Files, "withdraw-title");
    Ok(views::page(
        status,
        &Withdraw {
            p: frame,
            problems,
            number: file.number,
            id: file.id,
        },
    ))
}
