//! The wizard of a request: one question a page, saved as one goes, Back keeps the answers. The steps are the guide's: account, person, reason,
//! paper, summary; the service's own pages of typed questions stand behind the reason, consent comes before a health paper.

pub(crate) mod account;
pub(crate) mod consent;
pub(crate) mod correction;
pub(crate) mod details;
pub(crate) mod papers;
pub(crate) mod person;
pub(crate) mod reason;
mod resend;
pub(crate) mod summary;
mod typed;
pub(crate) mod upload;

use axum::response::Response;

use crate::backend::Audience;
use crate::backend::models::{
    Answer, Application, BenefitForm, Ceiling, CeilingLeft, FileState, MemberRecord, QuestionPage,
};
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
    /// One of the service's own pages, by its place among them.
    Details(usize),
    Consent,
    Papers,
    Summary,
}

impl Step {
    /// Last part of the page's address.
    pub(crate) fn word(self, form: &BenefitForm) -> String {
        let word = match self {
            Step::Account => "account",
            Step::Person => "person",
            Step::Reason => "reason",
            Step::Details(at) => {
                return format!(
                    "details/{}",
                    form.pages.get(at).map_or("", |page| page.code.as_str())
                );
            }
            Step::Consent => "consent",
            Step::Papers => "papers",
            Step::Summary => "summary",
        };
        word.to_owned()
    }

    /// The step's short name; a page of the service's own is called by its title.
    pub(crate) fn label(self, visit: &Visit, form: &BenefitForm) -> String {
        let key = match self {
            Step::Account => "step-account",
            Step::Person => "step-person",
            Step::Reason => "step-reason",
            Step::Details(at) => {
                let title = form.pages.get(at).map(|page| page.title.in_locale(visit.locale));
                return title.unwrap_or_default().to_owned();
            }
            Step::Consent => "step-consent",
            Step::Papers => "step-papers",
            Step::Summary => "step-summary",
        };
        visit.say(key)
    }

    /// Whether its page is one form in which something is typed or chosen. Papers are files, which no browser sends twice.
    fn has_one_form(self) -> bool {
        !matches!(self, Self::Papers | Self::Summary)
    }

    /// Whether the draft has the answer of this step. The summary is never answered: sending ends the draft.
    pub(crate) fn is_answered(self, file: &Application, form: &BenefitForm) -> bool {
        let answers = &file.answers;
        match self {
            Step::Account => answers.bank_account_answer == "confirmed",
            Step::Person => !answers.relation.is_empty(),
            Step::Reason => !answers.reason_code.is_empty(),
            Step::Details(at) => form.pages.get(at).is_none_or(|page| has_answers(page, file)),
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

/// The draft has an answer to each question of the page that needs one.
fn has_answers(page: &QuestionPage, file: &Application) -> bool {
    page.questions
        .iter()
        .filter(|question| question.required)
        .all(|question| file.answers.typed.iter().any(|(code, _)| *code == question.code))
}

/// The steps of a service, in order.
pub(crate) fn steps_of(form: &BenefitForm) -> Vec<Step> {
    let mut steps = vec![Step::Account, Step::Person];
    if !form.reasons.is_empty() {
        steps.push(Step::Reason);
    }
    steps.extend((0..form.pages.len()).map(Step::Details));
    if form.consent.is_some() {
        steps.push(Step::Consent);
    }
    if !form.papers.is_empty() {
        steps.push(Step::Papers);
    }
    steps.push(Step::Summary);
    steps
}

/// A draft that its member is filling in, or a file that was sent and in which its member corrects what was asked.
pub(crate) struct Draft {
    pub(crate) file: Application,
    pub(crate) form: BenefitForm,
    pub(crate) token: String,
    /// The reader is told that the answer was changed elsewhere: the page that says so begins anew.
    pub(crate) told_of_a_change: bool,
}

/// Opens the draft at a page. A file that was sent meanwhile (Back, another device) leads to its own page instead; so does a draft that the
/// member's own facts rule out, whose page says why: nothing is asked and no paper taken for it. A file that waits for corrections opens at what
/// was asked and nowhere else; it is judged by the facts of the day on which it was sent, so today's close nothing.
pub(crate) async fn open(visit: &Visit, id: &str, step: Step) -> Result<Result<Draft, Response>, Error> {
    open_where(visit, id, |_| Ok(step)).await
}

/// The same at a page that only the service's form can tell.
pub(crate) async fn open_where(
    visit: &Visit,
    id: &str,
    step_in: impl FnOnce(&BenefitForm) -> Result<Step, Error>,
) -> Result<Result<Draft, Response>, Error> {
    let id = super::files::known_id(id)?;
    let token = visit.token(Audience::Benefits).await?;
    let file = visit.backend().application(&token, id).await?;
    let elsewhere = visit.go(format_args!("/applications/{}", file.id));
    let is_draft = file.state == FileState::Draft;
    if !is_draft && file.open_request().is_none() {
        return Ok(Err(elsewhere));
    }
    let form = visit.backend().benefit(&token, &file.benefit_code).await?;
    if is_draft && !form.broken.is_empty() {
        return Ok(Err(elsewhere));
    }
    let step = step_in(&form)?;
    let draft = Draft {
        file,
        form,
        token,
        told_of_a_change: false,
    };
    Ok(if draft.admits(step) {
        Ok(draft)
    } else {
        Err(elsewhere)
    })
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
        self.head_titled(visit, step, visit.say(title_key), problems)
    }

    /// The same for a page whose title is the service's.
    pub(crate) fn head_titled(
        &self,
        visit: &Visit,
        step: Step,
        title: String,
        problems: &Problems,
    ) -> (Frame, WizardHead) {
        if self.is_correction() {
            return self.head_of_correction(visit, step, title, problems);
        }
        let steps = steps_of(&self.form);
        let at = steps
            .iter()
            .position(|known| *known == step)
            .map_or(1, |at| at + 1);
        let mut frame = visit.frame(Section::None, title.clone());
        if !problems.is_empty() {
            frame.title = visit.say1("title-with-problem", "title", &frame.title);
        }
        frame.key = visit.key();
        frame.keeps_typed = step.has_one_form();
        frame.was = self.was(visit, step);
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
                heading: title,
                correcting: false,
                asked: Vec::new(),
            },
        )
    }

    /// A correction has no steps: its head names the file, and what was asked on this page.
    fn head_of_correction(
        &self,
        visit: &Visit,
        step: Step,
        title: String,
        problems: &Problems,
    ) -> (Frame, WizardHead) {
        let heading = match step {
            Step::Summary => title,
            step => visit.say1("correction-title", "what", step.label(visit, &self.form)),
        };
        let mut frame = visit.frame(Section::Files, heading.clone());
        if !problems.is_empty() {
            frame.title = visit.say1("title-with-problem", "title", &frame.title);
        }
        frame.key = visit.key();
        frame.keeps_typed = step.has_one_form();
        frame.was = self.was(visit, step);
        let head = WizardHead {
            service: self.form.benefit.title.in_locale(visit.locale).to_owned(),
            step: 0,
            of: 0,
            sentence: visit.say1("file-number-of", "number", &self.file.number),
            heading,
            correcting: true,
            asked: self.asked_on(visit, step),
        };
        (frame, head)
    }

    /// Address of the page before this one; of a correction the file's own page.
    pub(crate) fn back(&self, visit: &Visit, step: Step) -> String {
        if self.is_correction() {
            return visit.url(format_args!("/applications/{}", self.file.id));
        }
        let steps = steps_of(&self.form);
        let before = steps
            .iter()
            .position(|known| *known == step)
            .and_then(|at| at.checked_sub(1));
        match before.and_then(|at| steps.get(at)) {
            Some(before) => visit.url(format_args!(
                "/applications/{}/{}",
                self.file.id,
                before.word(&self.form)
            )),
            None => visit.url(format_args!("/services/{}", self.form.benefit.code)),
        }
    }

    /// Retour pressed with an answer chosen and not yet sent: it is saved when the service takes it, and the page before is shown either way.
    pub(crate) async fn step_back(
        mut self,
        visit: &Visit,
        step: Step,
        answer: Option<Answer>,
    ) -> Result<Response, Error> {
        let untouched = |answer: &Answer| self.is_correction() && !self.differs(answer);
        if let Some(answer) = answer.filter(|answer| !untouched(answer)) {
            match self.save(visit, answer).await {
                Ok(()) => {}
                // What is not taken is asked again when this step comes.
                Err(Error::Refused { .. }) if !self.told_of_a_change => {}
                Err(error) => return Err(error),
            }
        }
        Ok(crate::visit::go_to(&self.back(visit, step)))
    }

    /// Leads to the page after this one; from a correction to the file's page, which ticks it, and from the last one to what is sent.
    pub(crate) fn onward(&self, visit: &Visit, step: Step) -> Response {
        if self.is_correction() {
            let place = match step {
                Step::Consent => "/papers",
                _ if self.uncorrected(visit).is_none() => "/summary",
                _ => "",
            };
            return visit.go(format_args!("/applications/{}{place}", self.file.id));
        }
        let steps = steps_of(&self.form);
        let next = steps
            .iter()
            .position(|known| *known == step)
            .and_then(|at| steps.get(at + 1))
            .copied()
            .unwrap_or(Step::Summary);
        visit.go(format_args!(
            "/applications/{}/{}",
            self.file.id,
            next.word(&self.form)
        ))
    }

    /// What the file answers to this page's question, in one spelling: the page carries it, so that a change from another window is noticed. Empty
    /// where nothing can be written over.
    fn says(&self, step: Step) -> String {
        let answers = &self.file.answers;
        let said = match step {
            Step::Account => format!("{} {}", answers.bank_account_answer, answers.bank_account_id),
            Step::Person => format!("{} {}", answers.relation, answers.person_id),
            Step::Reason => answers.reason_code.clone(),
            Step::Details(at) => {
                let asked = |code: &str| {
                    let page = self.form.pages.get(at);
                    page.is_some_and(|page| page.questions.iter().any(|question| question.code == code))
                };
                let said = answers.typed.iter().filter(|(code, _)| asked(code));
                said.map(|(code, value)| format!("{code}={value:?} ")).collect()
            }
            Step::Consent | Step::Papers | Step::Summary => return String::new(),
        };
        format!(":{}", said.trim())
    }

    /// The same as it was when the reader began to fill the page in: before a mistake, or a switch of the language.
    fn was(&self, visit: &Visit, step: Step) -> String {
        let typed = visit.typed();
        match typed.get("was") {
            began if !began.is_empty() && !self.told_of_a_change => began.to_owned(),
            _ => self.says(step),
        }
    }

    /// The page whose question this answers.
    fn step_of(&self, answer: &Answer) -> Option<Step> {
        match answer {
            Answer::BankAccountConfirmed { .. } | Answer::BankAccountNotMine => Some(Step::Account),
            Answer::Person { .. } => Some(Step::Person),
            Answer::Reason(_) => Some(Step::Reason),
            Answer::Typed { page, .. } => {
                let at = self.form.pages.iter().position(|known| known.code == *page);
                at.map(Step::Details)
            }
            Answer::Consent(_) | Answer::Paper { .. } | Answer::RemovePaper(_) => None,
        }
    }

    /// Another window or device answered the question since this page was drawn, and said something else.
    fn was_changed_elsewhere(&self, visit: &Visit, answer: &Answer) -> bool {
        let was = visit.fields.get("was");
        let now = self.step_of(answer).map(|step| self.says(step));
        !was.is_empty() && now.is_some_and(|now| now != was) && self.differs(answer)
    }

    /// Saves one answer under the form's own key, so that a double click saves it once. A key that was used for another answer (Back, then
    /// another choice) gives way to a fresh one: the newest answer counts.
    ///
    /// # Errors
    /// What the service refuses; an answer that would write over one from another window, of which nobody here knows yet.
    pub(crate) async fn save(&mut self, visit: &Visit, answer: Answer) -> Result<(), Error> {
        if self.was_changed_elsewhere(visit, &answer) {
            self.told_of_a_change = true;
            return Err(Error::Refused {
                reason: "ANSWER_CHANGED_ELSEWHERE".to_owned(),
                fields: Vec::new(),
                retry_after: None,
            });
        }
        let backend = visit.backend();
        let saved = match backend
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
        };
        self.file = saved?;
        Ok(())
    }

    /// "Saved at 14:02": the last change of the draft. Empty of a correction: the file's last change may be an agent's.
    pub(crate) fn saved(&self, frame: &Frame) -> String {
        if self.is_correction() {
            return String::new();
        }
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
    pub(crate) bank: BankFact,
    pub(crate) relation: String,
    /// Empty when not answered, and while membership is away.
    pub(crate) person: String,
    /// Something that was answered cannot be shown now: membership is away, and with it the account's last digits and the names.
    pub(crate) hidden: bool,
    pub(crate) reason: String,
    pub(crate) typed: Vec<TypedFact>,
}

impl Facts {
    pub(crate) fn bank_is_former(&self) -> bool {
        matches!(self.bank, BankFact::Former)
    }
}

/// Whether the form was sent by its Retour.
pub(crate) fn is_going_back(visit: &Visit) -> bool {
    visit.fields.get("going") == "back"
}

/// What was answered about the bank account, as far as it can be shown.
#[derive(Clone, Default)]
pub(crate) enum BankFact {
    #[default]
    NotAnswered,
    /// Name of the bank and last four digits.
    Shown { bank: String, last_four: String },
    /// Confirmed; membership, which knows the digits, is away.
    Hidden,
    /// Confirmed, and no longer the account on file.
    Former,
}

/// A typed answer in words.
#[derive(Clone, Default)]
pub(crate) struct TypedFact {
    pub(crate) label: String,
    /// Empty when not answered.
    pub(crate) value: String,
    /// Code of the page and question that ask for it.
    pub(crate) page: String,
    pub(crate) code: String,
}

/// Reads the answers against the member's record and the service's form.
pub(crate) fn facts(visit: &Visit, frame: &Frame, file: &Application, form: &BenefitForm) -> Facts {
    let answers = &file.answers;
    let record = visit.record.as_deref();
    let confirmed = answers.bank_account_answer == "confirmed";
    let reason = form
        .reasons
        .iter()
        .find(|reason| reason.code == answers.reason_code);
    Facts {
        service: form.benefit.title.in_locale(visit.locale).to_owned(),
        bank: if confirmed {
            bank_fact(visit, record, &answers.bank_account_id)
        } else {
            BankFact::NotAnswered
        },
        hidden: record.is_none() && (confirmed || !answers.relation.is_empty()),
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
        typed: typed_facts(frame, file, form),
    }
}

fn bank_fact(visit: &Visit, record: Option<&MemberRecord>, confirmed: &str) -> BankFact {
    let Some(record) = record else {
        return BankFact::Hidden;
    };
    match &record.bank_account {
        Some(account) if account.id == confirmed => BankFact::Shown {
            bank: account.bank_name.in_locale(visit.locale).to_owned(),
            last_four: account.last_four.clone(),
        },
        Some(_) | None => BankFact::Former,
    }
}

fn typed_facts(frame: &Frame, file: &Application, form: &BenefitForm) -> Vec<TypedFact> {
    let questions = form
        .pages
        .iter()
        .flat_map(|page| page.questions.iter().map(move |question| (page, question)));
    questions
        .map(|(page, question)| {
            let answer = file.answers.typed.iter().find(|(code, _)| *code == question.code);
            TypedFact {
                label: question.label.in_locale(frame.locale).to_owned(),
                value: answer
                    .map(|(_, value)| typed::in_words(frame, question, value))
                    .unwrap_or_default(),
                page: page.code.clone(),
                code: question.code.clone(),
            }
        })
        .collect()
}

/// What is left of the service's ceiling, in a sentence.
pub(crate) fn ceiling_sentence(frame: &Frame, ceiling: Ceiling) -> String {
    match ceiling.left {
        CeilingLeft::Money(left) => frame.t1("ceiling-left", "amount", frame.money(left)),
        CeilingLeft::Uses { left, limit } => {
            let key = if ceiling.household {
                "uses-left-household"
            } else {
                "uses-left"
            };
            let number = |number: i64| Arg::Text(number.to_string());
            let values = [
                ("left", number(left)),
                ("limit", number(limit)),
                ("year", number(ceiling.year.into())),
            ];
            frame.texts.with(frame.locale, key, &values)
        }
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
