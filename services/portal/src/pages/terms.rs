//! Terms of use: the public page, and the gate that a signed-in person passes once per version.

use askama::Template;
use axum::http::StatusCode;

use super::{Page, refusal};
use crate::backend::Audience;
use crate::backend::models::Terms;
use crate::security::next;
use crate::views::{self, Frame, Problems, Section};
use crate::visit::{Visit, go_to};

#[derive(Template)]
#[template(path = "terms.html")]
struct Public {
    p: Frame,
    terms: Terms,
}

#[derive(Template)]
#[template(path = "terms_accept.html")]
struct Gate {
    p: Frame,
    problems: Problems,
    terms: Terms,
    next: String,
}

pub(crate) async fn show(visit: Visit) -> Page {
    let terms = visit.backend().terms(visit.locale).await?;
    let frame = visit.heading(Section::None, "terms-title");
    Ok(visit.page(&Public { p: frame, terms }))
}

pub(crate) async fn gate(visit: Visit) -> Page {
    if visit.session()?.info.terms_accepted {
        return Ok(visit.go("/home"));
    }
    render(&visit, Problems::default(), StatusCode::OK).await
}

pub(crate) async fn accept(visit: Visit) -> Page {
    let token = visit.token(Audience::Identity).await?;
    match visit
        .backend()
        .accept_terms(&token, visit.fields.get("version"))
        .await
    {
        Ok(()) => Ok(go_to(
            next::own_path(visit.fields.get("next")).unwrap_or(&visit.url("/home")),
        )),
        Err(error) => {
            let mut problems = Problems {
                heading: visit.say("problems-heading"),
                ..Problems::default()
            };
            refusal(&visit, &mut problems, error)?;
            render(&visit, problems, StatusCode::CONFLICT).await
        }
    }
}

async fn render(visit: &Visit, problems: Problems, status: StatusCode) -> Page {
    let terms = visit.backend().terms(visit.locale).await?;
    let frame = visit.heading(Section::None, "terms-accept-title");
    let wanted = if visit.fields.get("next").is_empty() {
        visit.query.get("next")
    } else {
        visit.fields.get("next")
    };
    let next = next::own_path(wanted).unwrap_or_default().to_owned();
    Ok(views::page(
        status,
        &Gate {
            p: frame,
            problems,
            terms,
            next,
        },
    ))
}
