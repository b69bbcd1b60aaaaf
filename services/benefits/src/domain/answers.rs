//! What an applicant has answered so far, and what a new answer does to the rest. Answers of a health benefit are health facts: they are
//! sealed wherever they are kept, and `Debug` shows none of them.

pub(crate) mod fields;

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use kernel::{BankAccountId, DocumentId, MemberId, PersonId, civil};
use serde::{Deserialize, Serialize};

use self::fields::{FieldGiven, FieldProblem, FieldValue};
use super::catalogue::{Form, Relation};
use super::member::MemberFacts;

/// The answers of one application.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Answers {
    pub(crate) bank_account: Option<BankAccountAnswer>,
    pub(crate) person: Option<PersonConcerned>,
    pub(crate) reason: Option<String>,
    pub(crate) consent: Option<ConsentGiven>,
    /// By the code of the paper asked for.
    #[serde(default)]
    pub(crate) papers: BTreeMap<String, GivenPaper>,
    /// By the code of the typed question.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) fields: BTreeMap<String, FieldValue>,
}

impl std::fmt::Debug for Answers {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Answers")
    }
}

/// Whether the account on file is the right one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum BankAccountAnswer {
    Confirmed(BankAccountId),
    /// Wrong, or none is on file: a proof must be lodged first, the draft waits.
    NotMine,
}

/// Whom the request is for. The relation may be answered before the person.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct PersonConcerned {
    pub(crate) relation: Relation,
    pub(crate) person: Option<PersonId>,
}

/// Which notice was agreed to, and when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ConsentGiven {
    pub(crate) version: String,
    pub(crate) at: DateTime<Utc>,
}

/// What scanning said of a paper.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum ScanState {
    Clean,
    NotScanned,
    Infected,
}

impl ScanState {
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Clean => "clean",
            Self::NotScanned => "not_scanned",
            Self::Infected => "infected",
        }
    }

    pub(crate) fn parse(word: &str) -> Option<Self> {
        [Self::Clean, Self::NotScanned, Self::Infected]
            .into_iter()
            .find(|state| state.as_str() == word)
    }
}

/// A paper in the draft, as its receipt described it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct GivenPaper {
    pub(crate) document: DocumentId,
    pub(crate) file_name: String,
    pub(crate) size_bytes: u64,
    pub(crate) sha256: String,
    pub(crate) scan_state: ScanState,
}

impl GivenPaper {
    pub(crate) fn is_infected(&self) -> bool {
        self.scan_state == ScanState::Infected
    }
}

/// A paper that documents vouches for: what its receipt says.
#[derive(Clone)]
pub(crate) struct ProvenPaper {
    pub(crate) owner: MemberId,
    pub(crate) document_class: String,
    pub(crate) media_type: String,
    pub(crate) paper: GivenPaper,
}

/// One answer, as typed.
#[derive(Clone)]
pub(crate) enum Answer {
    BankAccountConfirmed(BankAccountId),
    BankAccountNotMine,
    Person(PersonConcerned),
    Reason(String),
    Consent(String),
    Paper {
        code: String,
        proven: ProvenPaper,
    },
    RemovePaper(String),
    /// The typed questions of one page.
    Fields {
        page: String,
        given: Vec<FieldGiven>,
    },
}

impl std::fmt::Debug for Answer {
    /// Which question is answered, never how.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::BankAccountConfirmed(_) => "BankAccountConfirmed",
            Self::BankAccountNotMine => "BankAccountNotMine",
            Self::Person(_) => "Person",
            Self::Reason(_) => "Reason",
            Self::Consent(_) => "Consent",
            Self::Paper { .. } => "Paper",
            Self::RemovePaper(_) => "RemovePaper",
            Self::Fields { .. } => "Fields",
        })
    }
}

/// A question of the form, in the order of the steps.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Step {
    BankAccount,
    PersonConcerned,
    Reason,
    /// A typed question of the benefit's own, by its code.
    Field(String),
    Consent,
    Papers,
}

impl Step {
    pub(crate) fn as_str(&self) -> &str {
        match self {
            Self::BankAccount => "bank_account",
            Self::PersonConcerned => "person_concerned",
            Self::Reason => "reason",
            Self::Field(code) => code,
            Self::Consent => "consent",
            Self::Papers => "papers",
        }
    }
}

/// Why an answer cannot be taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum AnswerRefused {
    #[error("the member's facts have not arrived yet")]
    FactsUnknown,
    #[error("no bank account is on file")]
    BankAccountNotOnFile,
    #[error("the bank account on file is another one by now")]
    BankAccountChanged,
    #[error("the benefit is not for such a person")]
    RelationNotOffered,
    #[error("no such person is declared")]
    PersonNotDeclared,
    #[error("the benefit has no such reason")]
    ReasonUnknown,
    #[error("another version of the notice is in force")]
    ConsentOutdated,
    #[error("consent is asked for before a paper")]
    ConsentFirst,
    #[error("the benefit asks for no such paper")]
    PaperUnknown,
    #[error("the paper is another person's")]
    PaperNotYours,
    #[error("the paper was uploaded as something else")]
    PaperClass,
    #[error("the paper is of a kind that is not accepted")]
    PaperType,
    #[error("the paper is too large")]
    PaperTooLarge,
    #[error("the paper is infected")]
    PaperInfected,
    #[error("the benefit has no such page")]
    PageUnknown,
    #[error("typed answers break rules")]
    Fields(Vec<FieldProblem>),
}

/// What an answer is held against.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Context<'a> {
    pub(crate) form: &'a Form,
    pub(crate) member: MemberId,
    /// Absent until the projection has them.
    pub(crate) facts: Option<&'a MemberFacts>,
    pub(crate) now: DateTime<Utc>,
}

impl Answers {
    /// The answers with one more; those that it makes meaningless are gone.
    ///
    /// # Errors
    /// Why the answer cannot be taken; nothing changes then.
    pub(crate) fn with(mut self, answer: Answer, context: Context<'_>) -> Result<Self, AnswerRefused> {
        match answer {
            Answer::BankAccountConfirmed(account) => {
                let on_file = known(context)?
                    .bank_account
                    .ok_or(AnswerRefused::BankAccountNotOnFile)?;
                if on_file != account {
                    return Err(AnswerRefused::BankAccountChanged);
                }
                self.bank_account = Some(BankAccountAnswer::Confirmed(account));
            }
            Answer::BankAccountNotMine => self.bank_account = Some(BankAccountAnswer::NotMine),
            Answer::Person(person) => self.person = Some(concerned(person, context)?),
            Answer::Reason(code) => {
                context.form.reason(&code).ok_or(AnswerRefused::ReasonUnknown)?;
                self.reason = Some(code);
            }
            Answer::Consent(version) => {
                let notice = context
                    .form
                    .consent
                    .as_ref()
                    .ok_or(AnswerRefused::ConsentOutdated)?;
                if notice.version != version {
                    return Err(AnswerRefused::ConsentOutdated);
                }
                self.consent = Some(ConsentGiven {
                    version,
                    at: context.now,
                });
            }
            Answer::Paper { code, proven } => {
                if !self.consents_to(context.form) {
                    return Err(AnswerRefused::ConsentFirst);
                }
                let paper = accepted(&code, proven, context)?;
                self.papers.insert(code, paper);
            }
            Answer::RemovePaper(code) => {
                context.form.paper(&code).ok_or(AnswerRefused::PaperUnknown)?;
                self.papers.remove(&code);
            }
            Answer::Fields { page, given } => {
                let page = context.form.page(&page).ok_or(AnswerRefused::PageUnknown)?;
                let today = civil::civil_date(context.now);
                self.fields =
                    fields::with_page(&self.fields, page, &given, today).map_err(AnswerRefused::Fields)?;
            }
        }
        Ok(self)
    }

    /// The version in force was agreed to, where one is needed.
    fn consents_to(&self, form: &Form) -> bool {
        let given = self.consent.as_ref().map(|given| given.version.as_str());
        form.consent
            .as_ref()
            .is_none_or(|notice| given == Some(notice.version.as_str()))
    }

    /// What is still to be answered, in the order of the steps. An account that was replaced and a person who is no longer declared
    /// count as not answered, and so does a typed answer that the form no longer takes.
    pub(crate) fn missing(&self, form: &Form, facts: Option<&MemberFacts>) -> Vec<Step> {
        let bank_account = match self.bank_account {
            Some(BankAccountAnswer::Confirmed(account)) => {
                facts.is_none_or(|facts| facts.bank_account == Some(account))
            }
            Some(BankAccountAnswer::NotMine) | None => false,
        };
        let person = self.person.is_some_and(|concerned| {
            concerned.person.is_some_and(|person| {
                facts.is_none_or(|facts| facts.beneficiary(concerned.relation, person).is_some())
            })
        });
        let reason = form.reasons.is_empty()
            || self
                .reason
                .as_ref()
                .is_some_and(|code| form.reason(code).is_some());
        let papers = form
            .papers
            .iter()
            .all(|paper| self.papers.contains_key(&paper.code));
        let before = [
            (Step::BankAccount, bank_account),
            (Step::PersonConcerned, person),
            (Step::Reason, reason),
        ];
        let typed = form.fields().filter(|field| field.required).map(|field| {
            let answered = fields::is_answered(field, &self.fields);
            (Step::Field(field.code.clone()), answered)
        });
        let after = [(Step::Consent, self.consents_to(form)), (Step::Papers, papers)];
        before
            .into_iter()
            .chain(typed)
            .chain(after)
            .filter_map(|(step, answered)| (!answered).then_some(step))
            .collect()
    }

    /// What a file that was sent no longer answers. The notice that was agreed to then covers what was handed in under it; a newer one is agreed
    /// to before a further paper.
    pub(crate) fn missing_of_file(&self, form: &Form, facts: &MemberFacts) -> Vec<Step> {
        let mut missing = self.missing(form, Some(facts));
        missing.retain(|step| *step != Step::Consent || self.consent.is_none());
        // Taken in when no scanner answered, and found infected since.
        if !missing.contains(&Step::Papers) && self.papers.values().any(GivenPaper::is_infected) {
            missing.push(Step::Papers);
        }
        missing
    }

    /// It is there, and not infected.
    pub(crate) fn has_usable_paper(&self, code: &str) -> bool {
        self.papers.get(code).is_some_and(|paper| !paper.is_infected())
    }

    /// The answers with that paper marked as infected; none when it is not among them, or marked already.
    pub(crate) fn with_infected(&self, document: DocumentId) -> Option<Self> {
        let concerned = |paper: &GivenPaper| paper.document == document && !paper.is_infected();
        if !self.papers.values().any(concerned) {
            return None;
        }
        let mut marked = self.clone();
        for paper in marked.papers.values_mut().filter(|paper| concerned(paper)) {
            paper.scan_state = ScanState::Infected;
        }
        Some(marked)
    }
}

fn known<'a>(context: Context<'a>) -> Result<&'a MemberFacts, AnswerRefused> {
    context.facts.ok_or(AnswerRefused::FactsUnknown)
}

fn concerned(answer: PersonConcerned, context: Context<'_>) -> Result<PersonConcerned, AnswerRefused> {
    let relation = answer.relation;
    if !context.form.persons_concerned.contains(&relation) {
        return Err(AnswerRefused::RelationNotOffered);
    }
    let person = match (relation, answer.person) {
        (Relation::Member, _) => Some(known(context)?.person),
        // The relation alone: the person is chosen on the next page, and whoever was chosen before is no longer meant.
        (Relation::Spouse | Relation::Child, None) => None,
        (Relation::Spouse | Relation::Child, Some(person)) => {
            known(context)?
                .beneficiary(relation, person)
                .ok_or(AnswerRefused::PersonNotDeclared)?;
            Some(person)
        }
    };
    Ok(PersonConcerned { relation, person })
}

fn accepted(code: &str, proven: ProvenPaper, context: Context<'_>) -> Result<GivenPaper, AnswerRefused> {
    let asked = context.form.paper(code).ok_or(AnswerRefused::PaperUnknown)?;
    if proven.owner != context.member {
        return Err(AnswerRefused::PaperNotYours);
    }
    if proven.document_class != asked.document_class {
        return Err(AnswerRefused::PaperClass);
    }
    if !asked.media_types.contains(&proven.media_type) {
        return Err(AnswerRefused::PaperType);
    }
    if proven.paper.size_bytes > asked.max_bytes {
        return Err(AnswerRefused::PaperTooLarge);
    }
    match proven.paper.scan_state {
        ScanState::Clean | ScanState::NotScanned => Ok(proven.paper),
        ScanState::Infected => Err(AnswerRefused::PaperInfected),
    }
}

#[cfg(test)]
pub(crate) mod tests;
