//! What was said of a file, each with who and when: the opinion, the proposal, the decision.

use chrono::{DateTime, Utc};

use super::colleague;
use super::file_parts::{AmountLine, amount_lines};
use crate::backend::office::ReviewFile;
use crate::views::Frame;
use crate::visit::Visit;

/// An opinion or a proposal, with who and when.
pub(super) struct Said {
    pub(super) granted: bool,
    pub(super) sentence: String,
    pub(super) by: String,
    pub(super) lines: Vec<AmountLine>,
    pub(super) amount: String,
    pub(super) reason: String,
}

pub(super) fn opinion(visit: &Visit, frame: &Frame, file: &ReviewFile) -> Option<Said> {
    let opinion = file.opinion.as_ref()?;
    let sentence = if opinion.favourable {
        "opinion-favourable"
    } else {
        "opinion-unfavourable"
    };
    Some(Said {
        granted: opinion.favourable,
        sentence: frame.t(sentence),
        by: by(visit, frame, &opinion.agent, opinion.at),
        lines: Vec::new(),
        amount: if opinion.favourable {
            frame.money(opinion.retained_cost)
        } else {
            String::new()
        },
        reason: String::new(),
    })
}

pub(super) fn proposal(visit: &Visit, frame: &Frame, file: &ReviewFile) -> Option<Said> {
    let proposal = file.proposal.as_ref()?;
    let reason = file
        .refusal_reasons
        .iter()
        .find(|reason| reason.code == proposal.refusal_reason);
    Some(Said {
        granted: proposal.grant,
        sentence: frame.t(if proposal.grant {
            "proposal-grant"
        } else {
            "proposal-refuse"
        }),
        by: by(visit, frame, &proposal.agent, proposal.at),
        lines: amount_lines(frame, &proposal.steps),
        amount: if proposal.grant {
            frame.money(proposal.amount)
        } else {
            String::new()
        },
        reason: reason
            .map(|reason| reason.label.in_locale(frame.locale).to_owned())
            .unwrap_or_default(),
    })
}

pub(super) fn decided(visit: &Visit, frame: &Frame, file: &ReviewFile) -> Option<Said> {
    let decided = file.decided.as_ref()?;
    Some(Said {
        granted: decided.granted,
        sentence: frame.t(if decided.granted {
            "review-decision-granted"
        } else {
            "review-decision-refused"
        }),
        by: by(visit, frame, &decided.agent, decided.at),
        lines: amount_lines(frame, &decided.steps),
        amount: if decided.granted {
            frame.money(decided.amount)
        } else {
            String::new()
        },
        reason: [&decided.reason, &decided.sentence]
            .into_iter()
            .map(|text| text.in_locale(frame.locale))
            .filter(|text| !text.is_empty())
            .collect::<Vec<_>>()
            .join(" · "),
    })
}

/// Who and when; of an act whose agent is not told, when.
fn by(visit: &Visit, frame: &Frame, agent: &str, at: Option<DateTime<Utc>>) -> String {
    if agent.is_empty() {
        return frame.moment(at);
    }
    frame.t2(
        "said-by",
        "agent",
        colleague(visit, frame, agent),
        "when",
        frame.moment(at),
    )
}
