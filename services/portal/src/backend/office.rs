//! What the office's pages know about files under examination, agents and openings: plain values, no wire type and no sentence.

use chrono::{DateTime, NaiveDate, Utc};

use super::models::{Answers, BankAccount, Bilingual, Ceiling, Condition, FileState, Name, Relative};

/// A list of work, by whose turn it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Queue {
    Opinion,
    Examination,
    Validation,
    Waiting,
    All,
}

impl Queue {
    pub(crate) const EVERY: [Queue; 5] = [
        Queue::Opinion,
        Queue::Examination,
        Queue::Validation,
        Queue::Waiting,
        Queue::All,
    ];

    /// As in addresses and in the keys of sentences.
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Queue::Opinion => "opinion",
            Queue::Examination => "examination",
            Queue::Validation => "validation",
            Queue::Waiting => "waiting",
            Queue::All => "all",
        }
    }

    pub(crate) fn parse(word: &str) -> Option<Self> {
        Self::EVERY.into_iter().find(|queue| queue.word() == word)
    }
}

/// Counts of one queue.
#[derive(Clone, Debug)]
pub(crate) struct QueueSummary {
    pub(crate) queue: Queue,
    pub(crate) files: i64,
    pub(crate) unassigned: i64,
    pub(crate) mine: i64,
    /// Days that are the foundation's.
    pub(crate) oldest_age: i64,
    pub(crate) oldest_urgency: Urgency,
}

/// How near an open file is to the day on which the member expects the answer, as benefits counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Urgency {
    /// Also of a file that waits for its member, or ended.
    None,
    Soon,
    Late,
}

impl Urgency {
    /// As a class of the pages.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::None => "",
            Self::Soon => "soon",
            Self::Late => "late",
        }
    }
}

/// What a list of files is narrowed to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct QueueFilter {
    pub(crate) benefit: String,
    /// `me`, `nobody` or empty.
    pub(crate) assigned: String,
    pub(crate) number: String,
    pub(crate) minimum_age: i32,
}

/// Whose turn it is while a file is open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    Opinion,
    Examination,
    Validation,
}

/// Who has a file.
#[derive(Clone, Debug)]
pub(crate) struct Assignment {
    pub(crate) agent: String,
    pub(crate) since: Option<DateTime<Utc>>,
    pub(crate) mine: bool,
}

/// A line of a queue.
#[derive(Clone, Debug)]
pub(crate) struct FileLine {
    pub(crate) id: String,
    pub(crate) number: String,
    pub(crate) benefit_code: String,
    pub(crate) title: Bilingual,
    pub(crate) state: FileState,
    /// `None` once it is decided or withdrawn.
    pub(crate) step: Option<Step>,
    pub(crate) member_id: String,
    /// Days since it was sent that were the foundation's.
    pub(crate) age: i64,
    pub(crate) urgency: Urgency,
    /// The member died: nobody answers what is asked.
    pub(crate) cannot_answer: bool,
    pub(crate) assignment: Option<Assignment>,
    pub(crate) version: i64,
}

/// What the reader may do with a file now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Action {
    Assign,
    Release,
    OpenPaper,
    RecordOpinion,
    RequestInformation,
    Propose,
    Validate,
    AddNote,
    StopWaiting,
}

/// An answer to a typed question, with its label.
#[derive(Clone, Debug)]
pub(crate) struct TypedAnswer {
    pub(crate) code: String,
    pub(crate) value: TypedValue,
}

#[derive(Clone, Debug)]
pub(crate) enum TypedValue {
    Date(String),
    Money(i64),
    Province(String),
    YesNo(bool),
    Number(i64),
}

/// What was found medically: never why.
#[derive(Clone, Debug)]
pub(crate) struct Opinion {
    pub(crate) favourable: bool,
    pub(crate) retained_cost: i64,
    pub(crate) agent: String,
    pub(crate) at: Option<DateTime<Utc>>,
}

/// How an amount was found, in order: label and centimes.
pub(crate) type Steps = Vec<(Bilingual, i64)>;

#[derive(Clone, Debug)]
pub(crate) struct Proposal {
    pub(crate) grant: bool,
    pub(crate) amount: i64,
    pub(crate) steps: Steps,
    pub(crate) refusal_reason: String,
    pub(crate) agent: String,
    pub(crate) at: Option<DateTime<Utc>>,
}

#[derive(Clone, Debug)]
pub(crate) struct Decided {
    pub(crate) granted: bool,
    pub(crate) amount: i64,
    pub(crate) steps: Steps,
    pub(crate) reason: Bilingual,
    pub(crate) sentence: Bilingual,
    pub(crate) agent: String,
    pub(crate) at: Option<DateTime<Utc>>,
}

#[derive(Clone, Debug)]
pub(crate) struct Note {
    pub(crate) text: String,
    pub(crate) agent: String,
    pub(crate) at: Option<DateTime<Utc>>,
}

#[derive(Clone, Debug)]
pub(crate) struct RefusalReason {
    pub(crate) code: String,
    pub(crate) label: Bilingual,
    pub(crate) sentence: Bilingual,
}

/// What the member may be asked to correct: a question, or a paper.
#[derive(Clone, Debug)]
pub(crate) struct Requestable {
    pub(crate) field: String,
    pub(crate) paper: String,
    pub(crate) label: Bilingual,
}

/// What was asked: which question or paper, why, and whether it was corrected since.
#[derive(Clone, Debug)]
pub(crate) struct AskedItem {
    pub(crate) field: String,
    pub(crate) paper: String,
    /// `incorrect`, `incomplete` or `outdated`.
    pub(crate) cause: &'static str,
    pub(crate) note: String,
    pub(crate) corrected: bool,
}

#[derive(Clone, Debug)]
pub(crate) struct Asked {
    pub(crate) at: Option<DateTime<Utc>>,
    pub(crate) resent_at: Option<DateTime<Utc>>,
    /// The last day on which the member may answer.
    pub(crate) answer_by: Option<NaiveDate>,
    /// When the foundation stopped waiting.
    pub(crate) ended_at: Option<DateTime<Utc>>,
    pub(crate) items: Vec<AskedItem>,
}

/// A file as the reader's role may see it.
#[derive(Clone, Debug)]
pub(crate) struct ReviewFile {
    pub(crate) line: FileLine,
    pub(crate) health: bool,
    pub(crate) answers: Answers,
    pub(crate) typed: Vec<TypedAnswer>,
    /// The reason, or a neutral label.
    pub(crate) reason: Bilingual,
    pub(crate) papers_withheld: i64,
    pub(crate) conditions: Vec<Condition>,
    pub(crate) asked: Vec<Asked>,
    pub(crate) opinion: Option<Opinion>,
    pub(crate) proposal: Option<Proposal>,
    pub(crate) decided: Option<Decided>,
    pub(crate) notes: Vec<Note>,
    pub(crate) actions: Vec<Action>,
    pub(crate) refusal_reasons: Vec<RefusalReason>,
    /// Without what the file itself took; `None` when no ceiling applies.
    pub(crate) ceiling: Option<Ceiling>,
    /// Steps and typed questions that are no longer answered.
    pub(crate) missing: Vec<String>,
    pub(crate) timeline: Vec<(String, Option<DateTime<Utc>>)>,
    pub(crate) requestable: Vec<Requestable>,
}

impl ReviewFile {
    pub(crate) fn may(&self, action: Action) -> bool {
        self.actions.contains(&action)
    }
}

/// A change that an agent asks for.
#[derive(Clone, Debug)]
pub(crate) enum Change {
    Assign {
        take_over: bool,
    },
    Release,
    Opinion {
        favourable: bool,
        retained_cost: i64,
    },
    Ask(Vec<AskedItem>),
    /// The code of a reason when a refusal is proposed.
    Propose {
        refusal: Option<String>,
    },
    Grant {
        amount: i64,
    },
    Refuse {
        reason: String,
        sentence: Bilingual,
    },
    SendBack {
        to: Step,
        note: String,
    },
    Note(String),
    /// The member does not answer: the file is examined as it is.
    StopWaiting,
}

/// What a change led to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    Done,
    /// Another agent has the file.
    TakenByAnother,
}

/// A line of a file's trail.
#[derive(Clone, Debug)]
pub(crate) struct TrailLine {
    pub(crate) at: Option<DateTime<Utc>>,
    pub(crate) actor_kind: String,
    pub(crate) actor: String,
    pub(crate) action: String,
    pub(crate) fields: Vec<String>,
    pub(crate) reason: String,
}

#[derive(Clone, Debug)]
pub(crate) struct Trail {
    pub(crate) lines: Vec<TrailLine>,
    pub(crate) next: String,
    pub(crate) intact: bool,
    /// The file's.
    pub(crate) number: String,
}

/// Who opened a paper, or tried to.
#[derive(Clone, Debug)]
pub(crate) struct Opening {
    pub(crate) at: Option<DateTime<Utc>>,
    pub(crate) document: String,
    pub(crate) application: String,
    pub(crate) actor_kind: String,
    pub(crate) actor: String,
    pub(crate) reason: String,
    pub(crate) opened: bool,
}

/// Whom a file is about.
#[derive(Clone, Debug, Default)]
pub(crate) struct MemberLabel {
    pub(crate) id: String,
    pub(crate) name: Name,
    pub(crate) matricule: String,
    pub(crate) position: String,
    pub(crate) province_iso: String,
}

/// Who bears a payroll number that was typed at the desk.
#[derive(Clone, Debug)]
pub(crate) struct MemberAtDesk {
    pub(crate) label: MemberLabel,
    /// A mail could reach them.
    pub(crate) has_address: bool,
    /// A death is recorded: nobody is identified as this person.
    pub(crate) deceased: bool,
}

#[derive(Clone, Debug, Default)]
pub(crate) struct MemberCard {
    pub(crate) label: MemberLabel,
    pub(crate) family: Vec<Relative>,
    pub(crate) bank_account: Option<BankAccount>,
}

/// An agent's account.
#[derive(Clone, Debug)]
pub(crate) struct Agent {
    pub(crate) id: String,
    pub(crate) login: String,
    pub(crate) roles: Vec<kernel::Role>,
    /// None: nobody has said yet.
    pub(crate) is_member: Option<bool>,
    pub(crate) created_at: Option<DateTime<Utc>>,
    pub(crate) activated_at: Option<DateTime<Utc>>,
    pub(crate) disabled_at: Option<DateTime<Utc>>,
    pub(crate) second_factor: bool,
    pub(crate) recovery_codes_left: i64,
}

/// A new agent, as typed.
#[derive(Clone, Debug, Default)]
pub(crate) struct NewAgent {
    pub(crate) login: String,
    pub(crate) email: String,
    pub(crate) locale: String,
    pub(crate) roles: Vec<String>,
    pub(crate) matricule: String,
    pub(crate) no_membership: bool,
}

/// A secret that is shown once, and until when it may be used: a link, a printed code.
#[derive(Clone, Debug)]
pub(crate) struct Secret {
    pub(crate) text: String,
    pub(crate) until: Option<DateTime<Utc>>,
}
