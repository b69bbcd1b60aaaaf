//! Step 5: the papers. The card says beforehand what is accepted; the sending itself is in `upload`.

use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;

use super::{Draft, Step, open};
use crate::backend::models::{Answer, PaperNeeded};
use crate::pages::{Page, refusal};
use crate::views::{self, Frame, Problems, UploadCard, WizardHead, file_size};
use crate::visit::Visit;

#[derive(Template)]
#[template(path = "wizard/papers.html")]
struct Papers {
    p: Frame,
    head: WizardHead,
    problems: Problems,
    cards: Vec<UploadCard>,
    id: String,
    saved: String,
    back: String,
    consent: String,
}

pub(crate) async fn show(visit: Visit, Path((_, id)): Path<(String, String)>) -> Page {
    let draft = match open(&visit, &id, Step::Papers).await? {
        Ok(draft) => draft,
        Err(elsewhere) => return Ok(elsewhere),
    };
    if !Step::Consent.is_answered(&draft.file, &draft.form) {
        return Ok(visit.go(format_args!("/applications/{}/consent", draft.file.id)));
    }
    render(&visit, &draft, Problems::default(), StatusCode::OK)
}

/// Suivant, or taking a paper out.
pub(crate) async fn submit(visit: Visit, Path((_, id)): Path<(String, String)>) -> Page {
    let mut draft = match open(&visit, &id, Step::Papers).await? {
        Ok(draft) => draft,
        Err(elsewhere) => return Ok(elsewhere),
    };
    let mut problems = Problems {
        heading: visit.say("problems-heading"),
        ..Problems::default()
    };
    let remove = visit.fields.trimmed("remove");
    // In a correction a paper is replaced, never taken away: what was sent was examined.
    if !remove.is_empty() && !draft.is_correction() {
        return match draft.save(&visit, Answer::RemovePaper(remove.to_owned())).await {
            Ok(()) => Ok(visit.go(format_args!("/applications/{}/papers", draft.file.id))),
            Err(error) => {
                refusal(&visit, &mut problems, error)?;
                render(&visit, &draft, problems, StatusCode::UNPROCESSABLE_ENTITY)
            }
        };
    }
    let is_open = |needed: &&PaperNeeded| {
        let is_there = draft
            .file
            .answers
            .papers
            .iter()
            .any(|paper| paper.code == needed.code);
        draft.asks_paper(&needed.code) && (!is_there || draft.is_to_replace(&needed.code))
    };
    let open: Vec<&PaperNeeded> = draft.form.papers.iter().filter(is_open).collect();
    if open.is_empty() {
        return Ok(draft.onward(&visit, Step::Papers));
    }
    for needed in open {
        let label = needed.label.in_locale(visit.locale);
        let sentence = if draft.is_to_replace(&needed.code) {
            "paper-other-missing"
        } else {
            "paper-missing"
        };
        problems.add(&field_of(&needed.code), visit.say1(sentence, "paper", label));
    }
    draft.file.updated_at = draft.file.updated_at.or(Some(visit.now));
    render(&visit, &draft, problems, StatusCode::UNPROCESSABLE_ENTITY)
}

impl Draft {
    /// The paper that the file has under this code, for noticing that another window sent one since the page was drawn.
    pub(super) fn paper_there(&self, code: &str) -> &str {
        let mut papers = self.file.answers.papers.iter();
        papers
            .find(|paper| paper.code == code)
            .map_or("none", |paper| paper.document_id.as_str())
    }
}

/// Id of the file field of a paper.
pub(crate) fn field_of(code: &str) -> String {
    format!("file-{code}")
}

/// Largest file of this paper: the service's limit, never above the portal's.
pub(crate) fn limit(visit: &Visit, needed: &PaperNeeded) -> u64 {
    let own = visit.portal.settings.upload.max_bytes;
    if needed.max_bytes == 0 {
        own
    } else {
        needed.max_bytes.min(own)
    }
}

pub(crate) fn render(visit: &Visit, draft: &Draft, problems: Problems, status: StatusCode) -> Page {
    let title = if draft.form.papers.len() > 1 {
        "papers-step-title-many"
    } else {
        "papers-step-title"
    };
    let title = visit.say(title);
    let (mut frame, head) = draft.head_titled(visit, Step::Papers, title, &problems);
    frame.scripts = vec!["upload.js"];
    // A refused paper answers at its own address; the page is this one.
    frame.path = format!("/applications/{}/papers", draft.file.id);
    let cards = draft
        .form
        .papers
        .iter()
        .filter(|needed| draft.asks_paper(&needed.code))
        .map(|needed| {
            let max_bytes = limit(visit, needed);
            let uploaded = draft
                .file
                .answers
                .papers
                .iter()
                .find(|paper| paper.code == needed.code)
                .cloned();
            UploadCard {
                code: needed.code.clone(),
                label: needed.label.in_locale(visit.locale).to_owned(),
                hint: needed.hint.in_locale(visit.locale).to_owned(),
                limit: visit.say1("paper-limit", "size", file_size(max_bytes, visit.locale)),
                max_bytes,
                uploaded_size: uploaded
                    .as_ref()
                    .map(|paper| file_size(paper.size_bytes, visit.locale))
                    .unwrap_or_default(),
                scan_note: uploaded
                    .as_ref()
                    .map(|paper| frame.of_family("scan", &paper.scan_state))
                    .unwrap_or_default(),
                problem: problems.of(&field_of(&needed.code)),
                to_replace: draft.is_to_replace(&needed.code),
                removable: !draft.is_correction(),
                was: draft.paper_there(&needed.code).to_owned(),
                uploaded,
            }
        })
        .collect();
    let consent = if draft.form.consent.is_some() {
        visit.url(format_args!("/applications/{}/consent", draft.file.id))
    } else {
        String::new()
    };
    let page = Papers {
        saved: draft.saved(&frame),
        back: draft.back(visit, Step::Papers),
        id: draft.file.id.clone(),
        p: frame,
        head,
        problems,
        cards,
        consent,
    };
    Ok(views::page(status, &page))
}
