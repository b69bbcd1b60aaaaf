//! Step 4: consent before a health paper goes up: what for, who reads it, how long it is kept. The version accepted is recorded.

use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;

use super::{Draft, Step, open};
use crate::backend::models::Answer;
use crate::pages::{Page, refusal};
use crate::views::{self, Frame, Problems, WizardHead};
use crate::visit::Visit;

#[derive(Template)]
#[template(path = "wizard/consent.html")]
struct ConsentStep {
    p: Frame,
    head: WizardHead,
    problems: Problems,
    purpose: String,
    readers: String,
    retention: String,
    statement: String,
    reference: String,
    version: String,
    agreed: bool,
    saved: String,
    back: String,
}

pub(crate) async fn show(visit: Visit, Path((_, id)): Path<(String, String)>) -> Page {
    match open(&visit, &id, Step::Consent).await? {
        Ok(draft) => render(&visit, &draft, Problems::default(), StatusCode::OK),
        Err(elsewhere) => Ok(elsewhere),
    }
}

pub(crate) async fn submit(visit: Visit, Path((_, id)): Path<(String, String)>) -> Page {
    let mut draft = match open(&visit, &id, Step::Consent).await? {
        Ok(draft) => draft,
        Err(elsewhere) => return Ok(elsewhere),
    };
    let mut problems = Problems {
        heading: visit.say("problems-heading"),
        ..Problems::default()
    };
    if visit.fields.trimmed("agreed") != "yes" {
        problems.add("agreed", visit.say("consent-needed"));
        return render(&visit, &draft, problems, StatusCode::UNPROCESSABLE_ENTITY);
    }
    match draft
        .save(
            &visit,
            Answer::Consent(visit.fields.trimmed("version").to_owned()),
        )
        .await
    {
        Ok(()) => Ok(draft.onward(&visit, Step::Consent)),
        Err(error) => {
            refusal(&visit, &mut problems, error)?;
            render(&visit, &draft, problems, StatusCode::UNPROCESSABLE_ENTITY)
        }
    }
}

fn render(visit: &Visit, draft: &Draft, problems: Problems, status: StatusCode) -> Page {
    let Some(consent) = &draft.form.consent else {
        return Ok(draft.onward(visit, Step::Consent));
    };
    let (frame, head) = draft.head(visit, Step::Consent, "consent-step-title", &problems);
    let word = |text: &crate::backend::models::Bilingual| text.in_locale(visit.locale).to_owned();
    let page = ConsentStep {
        purpose: word(&consent.purpose),
        readers: word(&consent.readers),
        retention: word(&consent.retention),
        statement: word(&consent.statement),
        reference: consent.cndp_reference.clone(),
        version: consent.version.clone(),
        agreed: draft.file.answers.consent_version == consent.version || visit.typed().get("agreed") == "yes",
        saved: draft.saved(&frame),
        back: draft.back(visit, Step::Consent),
        p: frame,
        head,
        problems,
    };
    Ok(views::page(status, &page))
}
