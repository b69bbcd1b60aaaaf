//! Step 3: for which of the service's reasons?

use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;

use super::{Draft, Step, is_going_back, open};
use crate::backend::models::Answer;
use crate::pages::{Page, refusal};
use crate::views::{self, Choice, Frame, Problems, WizardHead};
use crate::visit::Visit;

#[derive(Template)]
#[template(path = "wizard/reason.html")]
struct Reason {
    p: Frame,
    head: WizardHead,
    problems: Problems,
    choices: Vec<Choice>,
    saved: String,
}

pub(crate) async fn show(visit: Visit, Path((_, id)): Path<(String, String)>) -> Page {
    match open(&visit, &id, Step::Reason).await? {
        Ok(draft) => render(&visit, &draft, Problems::default(), StatusCode::OK),
        Err(elsewhere) => Ok(elsewhere),
    }
}

pub(crate) async fn submit(visit: Visit, Path((_, id)): Path<(String, String)>) -> Page {
    let mut draft = match open(&visit, &id, Step::Reason).await? {
        Ok(draft) => draft,
        Err(elsewhere) => return Ok(elsewhere),
    };
    let mut problems = Problems {
        heading: visit.say("problems-heading"),
        ..Problems::default()
    };
    let code = visit.fields.trimmed("reason");
    let known = draft.form.reasons.iter().any(|reason| reason.code == code);
    if is_going_back(&visit) {
        let answer = known.then(|| Answer::Reason(code.to_owned()));
        return draft.step_back(&visit, Step::Reason, answer).await;
    }
    if !known {
        problems.add("reason-0", visit.say("choose-reason"));
        return render(&visit, &draft, problems, StatusCode::UNPROCESSABLE_ENTITY);
    }
    match draft.save(&visit, Answer::Reason(code.to_owned())).await {
        Ok(()) => Ok(draft.onward(&visit, Step::Reason)),
        Err(error) => {
            refusal(&visit, &mut problems, error)?;
            render(&visit, &draft, problems, StatusCode::UNPROCESSABLE_ENTITY)
        }
    }
}

fn render(visit: &Visit, draft: &Draft, problems: Problems, status: StatusCode) -> Page {
    let (frame, head) = draft.head(visit, Step::Reason, "reason-step-title", &problems);
    let typed = visit.typed();
    let chosen = match typed.get("reason") {
        "" => draft.file.answers.reason_code.as_str(),
        typed => typed,
    };
    let choices = draft
        .form
        .reasons
        .iter()
        .map(|reason| Choice {
            value: reason.code.clone(),
            label: reason.label.in_locale(visit.locale).to_owned(),
            hint: reason.hint.in_locale(visit.locale).to_owned(),
            chosen: reason.code == chosen,
        })
        .collect();
    let page = Reason {
        saved: draft.saved(&frame),
        p: frame,
        head,
        problems,
        choices,
    };
    Ok(views::page(status, &page))
}
