//! Step 6: everything at a glance, what the rule says of it, and Terminer; of a correction, sending it again (`resend` shows that page).

use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;

use super::{BankFact, Draft, Facts, Step, ceiling_sentence, facts, open, resend, steps_of};
use crate::error::Error;
use crate::fields::Fields;
use crate::pages::Page;
use crate::security::kept;
use crate::views::{self, Frame, Problems, WizardHead, file_size};
use crate::visit::Visit;

struct PaperLine {
    label: String,
    name: String,
    size: String,
}

#[derive(Template)]
#[template(path = "wizard/summary.html")]
struct Summary {
    p: Frame,
    head: WizardHead,
    problems: Problems,
    facts: Facts,
    papers: Vec<PaperLine>,
    /// Sentence and whether it held.
    conditions: Vec<(String, bool)>,
    /// A condition is broken already: sending would be refused.
    ruled_out: bool,
    ceiling: String,
    /// Label and address of the first step without an answer, and how many there are.
    unanswered: Option<(String, String)>,
    missing: i64,
    id: String,
    back: String,
    has_reason: bool,
    has_papers: bool,
    /// Whether the consent of today's text was given; nothing when the service asks for none.
    consented: Option<bool>,
    /// What is on the page, so that nothing else is sent.
    version: i64,
}

pub(crate) async fn show(visit: Visit, Path((_, id)): Path<(String, String)>) -> Page {
    let draft = match open(&visit, &id, Step::Summary).await? {
        Ok(draft) => draft,
        Err(elsewhere) => return Ok(elsewhere),
    };
    let typed = visit.typed();
    let problems = match typed.get(REFUSED) {
        "" => Problems::default(),
        CHANGED => problem(
            &visit,
            "problems-heading",
            "",
            visit.say(if draft.is_correction() {
                "resend-changed"
            } else {
                "summary-changed"
            }),
        ),
        // The summary itself shows which answer or which condition it is.
        reason => {
            let broken = draft.file.conditions.iter().any(|condition| !condition.held);
            let place = if broken { "cnd" } else { "" };
            problem(&visit, "problems-cannot", place, visit.reason(reason))
        }
    };
    if draft.is_correction() {
        return resend::render(&visit, &draft, problems, StatusCode::OK);
    }
    render(&visit, &draft, problems, StatusCode::OK)
}

/// Why Terminer was refused, among what is kept for this page.
const REFUSED: &str = "refused";
/// An answer changed after the page was read; beside the reasons of benefits, which are in capitals.
const CHANGED: &str = "changed";

fn problem(visit: &Visit, heading: &'static str, place: &str, sentence: String) -> Problems {
    let mut problems = Problems {
        heading: visit.say(heading),
        ..Problems::default()
    };
    problems.add(place, sentence);
    problems
}

/// The summary again, with the refusal sealed into its address: Back and reload lead to a page, not to a form that is sent once more.
fn refused(visit: &Visit, draft: &Draft, why: &str) -> Page {
    let fields = Fields::from_pairs([(REFUSED.to_owned(), why.to_owned())]);
    let sealer = &visit.portal.sealer;
    let now = visit.now.timestamp();
    let sealed = kept::keep(sealer, visit.owner(), &visit.path, &fields, now).ok_or(Error::Unforeseen)?;
    let id = &draft.file.id;
    Ok(visit.go(format_args!(
        "/applications/{id}/summary?{}={sealed}",
        kept::FIELD
    )))
}

/// Terminer, or Renvoyer le dossier. The key is the form's: a double click, or Back and again, is one file.
pub(crate) async fn submit(visit: Visit, Path((_, id)): Path<(String, String)>) -> Page {
    let draft = match open(&visit, &id, Step::Summary).await? {
        Ok(draft) => draft,
        // Sent already: the member sees the result again.
        Err(_) => return Ok(visit.go(format_args!("/applications/{id}/sent"))),
    };
    // Whoever declares that what they read is exact must have read what is sent.
    let read = visit.fields.trimmed("read_version");
    if !read.is_empty() && read != draft.file.version.to_string() {
        return refused(&visit, &draft, CHANGED);
    }
    // An answer that comes between this look and the sending is held off by benefits.
    let read = read.parse().unwrap_or_default();
    let (backend, key) = (visit.backend(), visit.key());
    let sent = if draft.is_correction() {
        backend.resend(&draft.token, &draft.file.id, &key, read).await
    } else {
        backend.submit(&draft.token, &draft.file.id, &key, read).await
    };
    match sent {
        Ok(file) => Ok(visit.go(format_args!("/applications/{}/sent", file.id))),
        Err(Error::Refused { reason, .. }) if reason == "FILE_CHANGED" => refused(&visit, &draft, CHANGED),
        Err(Error::Refused { reason, .. }) => refused(&visit, &draft, &reason),
        Err(error) => Err(error),
    }
}

fn render(visit: &Visit, draft: &Draft, problems: Problems, status: StatusCode) -> Page {
    let (frame, head) = draft.head(visit, Step::Summary, "summary-step-title", &problems);
    let steps = steps_of(&draft.form);
    let open: Vec<Step> = steps
        .iter()
        .copied()
        .filter(|step| *step != Step::Summary && !step.is_answered(&draft.file, &draft.form))
        .collect();
    let unanswered = open.first().map(|step| {
        let word = step.word(&draft.form);
        (
            step.label(visit, &draft.form),
            visit.url(format_args!("/applications/{}/{word}", draft.file.id)),
        )
    });
    let label_of = |code: &str| {
        let needed = draft.form.papers.iter().find(|needed| needed.code == code);
        needed
            .map(|needed| needed.label.in_locale(visit.locale).to_owned())
            .unwrap_or_default()
    };
    let page = Summary {
        facts: facts(visit, &frame, &draft.file, &draft.form),
        papers: draft
            .file
            .answers
            .papers
            .iter()
            .map(|paper| PaperLine {
                label: label_of(&paper.code),
                name: paper.file_name.clone(),
                size: file_size(paper.size_bytes, visit.locale),
            })
            .collect(),
        conditions: draft
            .file
            .conditions
            .iter()
            .map(|condition| {
                (
                    condition.sentence.in_locale(visit.locale).to_owned(),
                    condition.held,
                )
            })
            .collect(),
        ruled_out: draft.file.conditions.iter().any(|condition| !condition.held),
        ceiling: draft
            .file
            .ceiling
            .map(|ceiling| ceiling_sentence(&frame, ceiling))
            .unwrap_or_default(),
        id: draft.file.id.clone(),
        back: draft.back(visit, Step::Summary),
        has_reason: steps.contains(&Step::Reason),
        has_papers: steps.contains(&Step::Papers),
        consented: steps
            .contains(&Step::Consent)
            .then(|| !open.contains(&Step::Consent)),
        missing: i64::try_from(open.len()).unwrap_or_default(),
        version: draft.file.version,
        p: frame,
        head,
        problems,
        unanswered,
    };
    Ok(views::page(status, &page))
}
