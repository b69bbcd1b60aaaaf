//! What was decided on a file, for its member: the amount and how it was found, or why not, and until when and how to appeal.

use kernel::civil;

use crate::backend::models::Application;
use crate::views::Frame;
use crate::visit::Visit;

pub(crate) struct DecisionPanel {
    /// Else refused.
    pub(crate) granted: bool,
    pub(crate) amount: String,
    /// Label and amount of each step.
    pub(crate) steps: Vec<(String, String)>,
    pub(crate) reason: String,
    pub(crate) sentence: String,
    /// "Decided on ..."
    pub(crate) decided: String,
    /// Until when one may appeal, or since when no longer; empty when nobody said.
    pub(crate) appeal: String,
    pub(crate) appeal_open: bool,
    pub(crate) appeal_path: String,
}

impl DecisionPanel {
    pub(crate) fn of(visit: &Visit, frame: &Frame, file: &Application) -> Option<Self> {
        let decision = file.decision.as_ref()?;
        let today = civil::civil_date(visit.now);
        let appeal_open = decision.appeal_until.is_some_and(|until| today <= until);
        let word = if appeal_open {
            "appeal-until"
        } else {
            "appeal-over"
        };
        Some(Self {
            granted: decision.granted,
            amount: frame.money(decision.amount),
            steps: decision
                .steps
                .iter()
                .map(|(label, amount)| (label.in_locale(visit.locale).to_owned(), frame.money(*amount)))
                .collect(),
            reason: match decision.reason.in_locale(visit.locale) {
                "" => visit.say("decision-reason-other"),
                reason => reason.to_owned(),
            },
            sentence: decision.sentence.in_locale(visit.locale).to_owned(),
            decided: frame.t1("decision-on", "date", frame.date(decision.at)),
            appeal: decision
                .appeal_until
                .map(|until| frame.t1(word, "date", frame.day(until)))
                .unwrap_or_default(),
            appeal_open,
            appeal_path: decision.appeal_path.in_locale(visit.locale).to_owned(),
        })
    }
}
