//! The wizard of a request: one question a page, saved as one goes, Back keeps the answers. The steps are the guide's: account, person, reason,
//! paper, summary; consent comes before a health paper.

pub(crate) mod account;
pub(crate) mod consent;
pub(crate) mod papers;
pub(crate) mod person;
pub(crate) mod reason;
pub(crate) mod summary;
pub(crate) mod upload;

use axum::response::Response;

use crate::backend::Audience;
use crate::backend::models::{Answer, Application, BenefitForm, FileState, MemberRecord};
use crate::error::Error;
use crate::text::Arg;
use crate::views::{Frame, Problems, Section, WizardHead};
use crate::visit::Visit;

/// One page of the wizard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    Account,
    Person,
    Reason,
    Consent,
    Papers,
    Summary,
}

impl Step {
    /// Last part of the page's address.
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Step::Account => "account",
            Step::Person => "person",
            Step::Reason => "reason",
            Step::Consent => "consent",
            Step::Papers => "papers",
            Step::Summary => "summary",
        }
    }

    /// Key of the step's short name.
    pub(crate) const fn label_key(self) -> &'static str {
        match self {
            Step::Account => "step-account",
            Step::Person => "step-person",
            Step::Reason => "step-reason",
            Step::Consent => "step-consent",
            Step::Papers => "step-papers",
            Step::Summary => "step-summary",
        }
    }

    /// Whether the draft has the answer of this step. The summary is never answered: sending ends the draft.
    pub(crate) fn is_answered(self, file: &Application, form: &BenefitForm) -> bool {
        let answers = &file.answers;
        match self {
            Step::Account => answers.bank_account_answer == "confirmed",
            Step::Person => !answers.relation.is_empty(),
            Step::Reason => !answers.reason_code.is_empty(),
            Step::Consent => form
                .consent
                .as_ref()
                .is_none_or(|consent| consent.version == answers.consent_version),
            Step::Papers => form
                .papers
                .iter()
                .all(|needed| answers.papers.iter().any(|paper| paper.code == needed.code)),
            Step::Summary => false,
        }
    }
}

/// The steps of a service, in order.
pub(crate) fn steps_of(form: &BenefitForm) -> Vec<Step> {
    let mut steps = vec![Step::Account, Step::Person];
    if !form.reasons.is_empty() {
        steps.push(Step::Reason);
    }
    if form.consent.is_some() {
        steps.push(Step::Consent);
    }
    if !form.papers.is_empty() {
        steps.push(Step::Papers);
    }
    steps.push(Step::Summary);
    steps
}

/// A draft that its member is filling in.
pub(crate) struct Draft {
    pub(crate) file: Application,
    pub(crate) form: BenefitForm,
    pub(crate) token: String,
}

/// Opens the draft. A file that was sent meanwhile (Back, another device) leads to its page instead; so does a draft that the member's own facts
/// rule out, whose page says why: nothing is asked and no paper taken for it.
pub(crate) async fn open(visit: &Visit, id: &str) -> Result<Result<Draft, Response>, Error> {
    let id = super::files::known_id(id)?;
    let token = visit.token(Audience::Benefits).await?;
    let file = visit.backend().application(&token, id).await?;
    if file.state != FileState::Draft {
        return Ok(Err(visit.go(format_args!("/applications/{}", file.id))));
    }
    let form = visit.backend().benefit(&token, &file.benefit_code).await?;
    if !form.broken.is_empty() {
        return Ok(Err(visit.go(format_args!("/applications/{}", file.id))));
    }
    Ok(Ok(Draft { file, form, token }))
}

impl Draft {
    /// Title and head of a step's page.
    pub(crate) fn head(
        &self,
        visit: &Visit,
        step: Step,
        title_key: &str,
        problems: &Problems,
    ) -> (Frame, WizardHead) {
        let steps = steps_of(&self.form);
        let at = steps
            .iter()
            .position(|known| *known == step)
            .map_or(1, |at| at + 1);
        let mut frame = visit.heading(Section::None, title_key);
        if !problems.is_empty() {
            frame.title = visit.say1("title-with-problem", "title", &frame.title);
        }
        frame.key = visit.key();
        let number = |count: usize| Arg::Text(count.to_string());
        let sentence = visit.portal.texts.with(
            visit.locale,
            "step-of",
            &[("step", number(at)), ("total", number(steps.len()))],
        );
        let service = self.form.benefit.title.in_locale(visit.locale).to_owned();
        (
            frame,
            WizardHead {
                service,
                step: at,
                of: steps.len(),
                sentence,
            },
        )
    }

    /// Address of the page before this one.
    pub(crate) fn back(&self, visit: &Visit, step: Step) -> String {
        let steps = steps_of(&self.form);
        let before = steps
            .iter()
            .position(|known| *known == step)
            .and_then(|at| at.checked_sub(1));
        match before.and_then(|at| steps.get(at)) {
            Some(before) => visit.url(format_args!("/applications/{}/{}", self.file.id, before.word())),
            None => visit.url(format_args!("/services/{}", self.form.benefit.code)),
        }
    }

    /// Leads to the page after this one.
    pub(crate) fn onward(&self, visit: &Visit, step: Step) -> Response {
        let steps = steps_of(&self.form);
        let next = steps
            .iter()
            .position(|known| *known == step)
            .and_then(|at| steps.get(at + 1))
            .copied()
            .unwrap_or(Step::Summary);
        visit.go(format_args!("/applications/{}/{}", self.file.id, next.word()))
    }

    /// Saves one answer under the form's own key, so that a double click saves it once. A key that was used for another answer (Back, then
    /// another choice) gives way to a fresh one: the newest answer counts.
    pub(crate) async fn save(&self, visit: &Visit, answer: Answer) -> Result<Application, Error> {
        let backend = visit.backend();
        match backend
            .save_answer(&self.token, &self.file.id, &visit.key(), answer.clone())
            .await
        {
            Err(Error::Refused { reason, .. })
                if reason == "IDEMPOTENCY_KEY_REUSED" || reason == "IDEMPOTENCY_KEY_TOO_OLD" =>
            {
                let fresh = platform::ids::uuid_v7(visit.now).to_string();
                backend
                    .save_answer(&self.token, &self.file.id, &fresh, answer)
                    .await
            }
            outcome => outcome,
        }
    }

    /// "Saved at 14:02": the last change of the draft.
    pub(crate) fn saved(&self, frame: &Frame) -> String {
        let at = self.file.updated_at.or(self.file.created_at);
        let today = frame.date(at);
        let time = frame.time(at);
        if time.is_empty() {
            String::new()
        } else {
            frame.t2("saved-at", "date", today, "time", time)
        }
    }
}

/// The answers in words, as the summary, the file page and the receipt show them.
#[derive(Clone, Default)]
pub(crate) struct Facts {
    pub(crate) service: String,
    pub(crate) bank_name: String,
    pub(crate) bank_last_four: String,
    pub(crate) relation: String,
    pub(crate) person: String,
    pub(crate) reason: String,
}

/// Reads the answers against the member's record and the service's form.
pub(crate) fn facts(visit: &Visit, frame: &Frame, file: &Application, form: &BenefitForm) -> Facts {
    let answers = &file.answers;
    let record = visit.record.as_deref();
    let account = record
        .and_then(|record| record.bank_account.as_ref())
        .filter(|account| account.id == answers.bank_account_id);
    let reason = form
        .reasons
        .iter()
        .find(|reason| reason.code == answers.reason_code);
    Facts {
        service: form.benefit.title.in_locale(visit.locale).to_owned(),
        bank_name: account
            .map(|account| account.bank_name.in_locale(visit.locale).to_owned())
            .unwrap_or_default(),
        bank_last_four: account
            .map(|account| account.last_four.clone())
            .unwrap_or_default(),
        relation: if answers.relation.is_empty() {
            String::new()
        } else {
            frame.of_family("relation", &answers.relation)
        },
        person: record
            .map(|record| person_name(visit, record, file))
            .unwrap_or_default(),
        reason: reason
            .map(|reason| reason.label.in_locale(visit.locale).to_owned())
            .unwrap_or_default(),
    }
}

fn person_name(visit: &Visit, record: &MemberRecord, file: &Application) -> String {
    match file.answers.relation.as_str() {
        "" => String::new(),
        "member" => record.name.full(visit.locale),
        _ => record
            .family
            .iter()
            .find(|relative| relative.person_id == file.answers.person_id)
            .map(|relative| relative.name.full(visit.locale))
            .unwrap_or_default(),
    }
}
