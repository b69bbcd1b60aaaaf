//! Refusals of the examination: what an agent, or a member who corrects, did wrong and can do instead. Part of the one conversion in `status`.

use std::time::Duration;

use platform::status::Problem;
use tonic::Code;

use crate::domain::review::information::{ItemsRefused, Target};
use crate::domain::review::refusal::RefusalRefused;
use crate::error::Error;

/// When to ask again while membership is away.
const FACTS_DELAY: Duration = Duration::from_secs(30);

/// `None` for what is not of the examination.
pub(super) fn problem(error: &Error) -> Option<Problem> {
    let denied = |reason| Problem::new(Code::PermissionDenied, reason);
    let not_now = |reason| Problem::new(Code::FailedPrecondition, reason);
    let wrong = |reason| Problem::new(Code::InvalidArgument, reason);
    let problem = match error {
        Error::Duty(refused) => denied(refused.reason()),
        Error::NotYourQueue => denied("NOT_YOUR_QUEUE"),
        Error::FileChanged => Problem::new(Code::Aborted, "FILE_CHANGED"),
        Error::FileNotYours => not_now("FILE_NOT_YOURS"),
        Error::FileFull => not_now("FILE_FULL"),
        Error::PaperNotInFile => not_now("PAPER_NOT_IN_FILE"),
        Error::PaperNotOpened => not_now("PAPER_NOT_OPENED"),
        Error::OpinionUnfavourable => not_now("OPINION_UNFAVOURABLE"),
        Error::GrantNotProposed => not_now("GRANT_NOT_PROPOSED"),
        Error::FileIncomplete(steps) => steps.iter().fold(not_now("FILE_INCOMPLETE"), |problem, step| {
            problem.field(step.as_str(), "ANSWER_MISSING", "ask the member for it")
        }),
        Error::ProposalOutdated => not_now("PROPOSAL_OUTDATED"),
        Error::FactsNotFresh(_) => {
            Problem::new(Code::Unavailable, "FACTS_NOT_FRESH").retry_after(FACTS_DELAY)
        }
        Error::Cost(_) => wrong("COST_REFUSED").field(
            "retained_cost_centimes",
            "COST_REFUSED",
            "more than zero with a favourable opinion, at most 1,000,000.00; zero with an unfavourable one",
        ),
        Error::Note(_) => wrong("NOTE_REFUSED").field("text", "NOTE_REFUSED", "1 to 1000 characters"),
        Error::Items(refused) => items(*refused),
        Error::Refusal(refused) => refusal(*refused),
        Error::StillTimeToAnswer => not_now("STILL_TIME_TO_ANSWER"),
        Error::MemberCannotAnswer => not_now("MEMBER_CANNOT_ANSWER"),
        Error::NothingAsked => not_now("NOTHING_ASKED"),
        Error::NotAskedFor => not_now("ANSWER_NOT_ASKED_FOR"),
        Error::CorrectionIncomplete(targets) => {
            targets
                .iter()
                .fold(not_now("CORRECTION_INCOMPLETE"), |problem, target| {
                    let (Target::Field(code) | Target::Paper(code)) = target;
                    problem.field(code.as_str(), "CORRECTION_INCOMPLETE", "answer it anew")
                })
        }
        _ => return None,
    };
    Some(problem)
}

fn items(refused: ItemsRefused) -> Problem {
    let (reason, instead) = match refused {
        ItemsRefused::Number => ("ITEMS_NUMBER", "1 to 10 items"),
        ItemsRefused::Twice => ("ITEM_REPEATED", "each answer and paper once"),
        ItemsRefused::Unknown => ("ITEM_UNKNOWN", "one of the file's requestable items"),
        ItemsRefused::Cause => (
            "CAUSE_MISSING",
            "incorrect, incomplete or outdated: this is no file",
        ),
        ItemsRefused::Note => ("ITEM_NOTE", "at most 500 characters"),
        ItemsRefused::NoteNotAllowed => ("NOTE_NOT_ALLOWED", "no note: the causes say it"),
    };
    Problem::new(Code::InvalidArgument, "ITEMS_REFUSED").field("items", reason, instead)
}

fn refusal(refused: RefusalRefused) -> Problem {
    let (field, reason, instead) = match refused {
        RefusalRefused::Reason => (
            "reason_code",
            "REFUSAL_REASON_UNKNOWN",
            "one of the file's refusal_reasons",
        ),
        RefusalRefused::SentenceAr => (
            "sentence_ar",
            "SENTENCE_REFUSED",
            "10 to 600 characters in Arabic",
        ),
        RefusalRefused::SentenceFr => (
            "sentence_fr",
            "SENTENCE_REFUSED",
            "10 to 600 characters in French",
        ),
        RefusalRefused::Contradicted => (
            "reason_code",
            "REFUSAL_CONTRADICTED",
            "a reason that the file's conditions, ceiling and opinion do not deny",
        ),
    };
    Problem::new(Code::InvalidArgument, "REFUSAL_REFUSED").field(field, reason, instead)
}
