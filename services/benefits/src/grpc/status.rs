//! The one conversion from [`Error`] to a gRPC status: a stable reason, the fields that were wrong, whether to try again. The caller never
//! sees a chain of causes; the log never sees an answer.

use std::time::Duration;

use platform::status::{Problem, internal, unavailable};
use tonic::{Code, Status};

use super::review_status;
use crate::domain::answers::AnswerRefused;
use crate::domain::answers::fields::{FieldProblem, FieldRule};
use crate::domain::application::Impossible;
use crate::error::Error;

/// When to ask again for facts that are on their way.
const FACTS_DELAY: Duration = Duration::from_secs(5);

impl From<Error> for Status {
    fn from(error: Error) -> Self {
        problem(&error).map_or_else(
            || {
                if error.is_transient() {
                    unavailable(&error)
                } else {
                    internal(&error)
                }
            },
            Problem::into_status,
        )
    }
}

/// The refusal that the caller can act upon; `None` for what is ours to mend.
fn problem(error: &Error) -> Option<Problem> {
    let problem = match error {
        Error::Store(_) | Error::Crypto(_) | Error::Rules(_) => return None,
        Error::Idempotency(error) => return error.to_problem(),
        Error::NotFound => Problem::new(Code::NotFound, "APPLICATION_NOT_FOUND"),
        Error::BenefitUnknown => Problem::new(Code::NotFound, "BENEFIT_NOT_FOUND"),
        Error::BenefitNotOpen => Problem::new(Code::FailedPrecondition, "BENEFIT_NOT_OPEN"),
        Error::Answer(refused) => answer(refused),
        Error::Receipt(_) => Problem::new(Code::InvalidArgument, "PAPER_NOT_USABLE").field(
            "papers",
            "RECEIPT_REFUSED",
            "upload the paper again",
        ),
        Error::Impossible(impossible) => Problem::new(
            Code::FailedPrecondition,
            match impossible {
                Impossible::StillADraft => "APPLICATION_IS_A_DRAFT",
                Impossible::AlreadySent => "APPLICATION_ALREADY_SENT",
                Impossible::AlreadyDecided => "APPLICATION_ALREADY_DECIDED",
                Impossible::Withdrawn => "APPLICATION_WITHDRAWN",
                Impossible::AtAnotherStep => "STEP_NOT_POSSIBLE",
            },
        ),
        Error::FactsUnknown => facts_unknown(),
        Error::Incomplete(steps) => steps.iter().fold(
            Problem::new(Code::FailedPrecondition, "DRAFT_INCOMPLETE"),
            |problem, step| problem.field(step.as_str(), "ANSWER_MISSING", "answer this step"),
        ),
        Error::PaperNotUsable => Problem::new(Code::FailedPrecondition, "PAPER_NOT_USABLE").field(
            "papers",
            "PAPER_INFECTED",
            "upload a clean paper",
        ),
        Error::NotEligible(conditions) => conditions.iter().fold(
            Problem::new(Code::FailedPrecondition, "NOT_ELIGIBLE"),
            |problem, code| {
                problem.field(
                    code.as_str(),
                    "CONDITION_NOT_HELD",
                    "see the condition's sentence",
                )
            },
        ),
        Error::CeilingReached => Problem::new(Code::FailedPrecondition, "CEILING_REACHED"),
        Error::OpenRequestExists => Problem::new(Code::FailedPrecondition, "OPEN_REQUEST_EXISTS").field(
            "reason",
            "OPEN_REQUEST_EXISTS",
            "wait for the decision on the open request, or withdraw it",
        ),
        Error::AlreadyGranted => Problem::new(Code::FailedPrecondition, "ALREADY_GRANTED").field(
            "person_concerned",
            "ALREADY_GRANTED",
            "ask for what was not granted yet",
        ),
        Error::Duty(_)
        | Error::FileChanged
        | Error::FileNotYours
        | Error::FileFull
        | Error::NotYourQueue
        | Error::PaperNotInFile
        | Error::PaperNotOpened
        | Error::OpinionUnfavourable
        | Error::GrantNotProposed
        | Error::FileIncomplete(_)
        | Error::ProposalOutdated
        | Error::FactsNotFresh(_)
        | Error::Cost(_)
        | Error::Note(_)
        | Error::Items(_)
        | Error::Refusal(_)
        | Error::StillTimeToAnswer
        | Error::MemberCannotAnswer
        | Error::NothingAsked
        | Error::NotAskedFor
        | Error::CorrectionIncomplete(_) => return review_status::problem(error),
        Error::Malformed {
            field,
            reason,
            instead,
        } => Problem::new(Code::InvalidArgument, "REQUEST_MALFORMED").field(*field, *reason, *instead),
    };
    Some(problem.message(error.to_string()))
}

fn facts_unknown() -> Problem {
    Problem::new(Code::FailedPrecondition, "FACTS_UNKNOWN").retry_after(FACTS_DELAY)
}

/// The step, the stable reason and what to do, of each answer that cannot be taken.
fn answer(refused: &AnswerRefused) -> Problem {
    let (field, reason, instead) = match refused {
        AnswerRefused::FactsUnknown => return facts_unknown(),
        AnswerRefused::Fields(problems) => return typed_answers(problems),
        AnswerRefused::PageUnknown => ("fields", "PAGE_UNKNOWN", "name a page of the benefit's form"),
        AnswerRefused::BankAccountNotOnFile => (
            "bank_account",
            "BANK_ACCOUNT_NOT_ON_FILE",
            "lodge a proof of account first",
        ),
        AnswerRefused::BankAccountChanged => (
            "bank_account",
            "BANK_ACCOUNT_CHANGED",
            "look at the account on file again",
        ),
        AnswerRefused::RelationNotOffered => (
            "person_concerned",
            "RELATION_NOT_OFFERED",
            "choose one of the persons offered",
        ),
        AnswerRefused::PersonNotDeclared => (
            "person_concerned",
            "PERSON_NOT_DECLARED",
            "choose a declared spouse or child",
        ),
        AnswerRefused::ReasonUnknown => ("reason", "REASON_UNKNOWN", "choose one of the reasons"),
        AnswerRefused::ConsentOutdated => (
            "consent",
            "CONSENT_OUTDATED",
            "read and accept the version in force",
        ),
        AnswerRefused::ConsentFirst => (
            "consent",
            "CONSENT_REQUIRED",
            "accept the notice before adding a paper",
        ),
        AnswerRefused::PaperUnknown => ("papers", "PAPER_UNKNOWN", "add only the papers asked for"),
        AnswerRefused::PaperNotYours => ("papers", "PAPER_NOT_YOURS", "upload the paper yourself"),
        AnswerRefused::PaperClass => ("papers", "PAPER_CLASS", "upload the paper from this step"),
        AnswerRefused::PaperType => ("papers", "PAPER_TYPE", "upload a PDF"),
        AnswerRefused::PaperTooLarge => ("papers", "PAPER_TOO_LARGE", "upload a smaller file"),
        AnswerRefused::PaperInfected => ("papers", "PAPER_INFECTED", "upload a clean file"),
    };
    let whole = if field == "papers" {
        "PAPER_NOT_USABLE"
    } else {
        "ANSWER_REFUSED"
    };
    Problem::new(Code::InvalidArgument, whole).field(field, reason, instead)
}

/// Each wrong answer by the code of its question.
fn typed_answers(problems: &[FieldProblem]) -> Problem {
    problems.iter().fold(
        Problem::new(Code::InvalidArgument, "ANSWER_REFUSED"),
        |problem, wrong| {
            let (reason, instead) = match wrong.rule {
                FieldRule::Unknown => ("FIELD_UNKNOWN", "answer the questions of this page"),
                FieldRule::Repeated => ("FIELD_REPEATED", "answer each question once"),
                FieldRule::Kind => ("FIELD_KIND", "send a value of the question's kind"),
                FieldRule::TooEarly => ("FIELD_TOO_EARLY", "give a later day"),
                FieldRule::TooLate => ("FIELD_TOO_LATE", "give an earlier day"),
                FieldRule::TooSmall => ("FIELD_TOO_SMALL", "give a larger value"),
                FieldRule::TooLarge => ("FIELD_TOO_LARGE", "give a smaller value"),
                FieldRule::Same => ("FIELD_SAME", "give another value than to the question before"),
            };
            problem.field(wrong.field.clone(), reason, instead)
        },
    )
}
