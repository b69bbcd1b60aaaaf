//! What agents asked of a member and what was decided, as the member may read it: wire types in, models out.

use benefits_proto::v1 as wire;
use chrono::{DateTime, NaiveDate, Utc};

use super::benefits::text;
use super::instant;
use super::models::{Application, Bilingual, FileState};
use super::office::{Asked, Steps};
use super::review_convert;

/// A decision with its reasons and the way to appeal.
#[derive(Clone, Debug)]
pub(crate) struct Decision {
    /// Else refused.
    pub(crate) granted: bool,
    /// Centimes.
    pub(crate) amount: i64,
    /// How the amount was found, in order.
    pub(crate) steps: Steps,
    /// Of a refusal: its short name, and the sentence of whoever refused.
    pub(crate) reason: Bilingual,
    pub(crate) sentence: Bilingual,
    pub(crate) at: Option<DateTime<Utc>>,
    /// The last day for an appeal.
    pub(crate) appeal_until: Option<NaiveDate>,
    pub(crate) appeal_path: Bilingual,
}

impl Application {
    /// What waits for the member; none while nothing does.
    pub(crate) fn open_request(&self) -> Option<&Asked> {
        self.asked
            .first()
            .filter(|_| self.state == FileState::InformationRequested)
    }

    /// When the member last sent the corrected file again.
    pub(crate) fn resent_at(&self) -> Option<DateTime<Utc>> {
        self.asked.iter().filter_map(|asked| asked.resent_at).max()
    }
}

pub(super) fn asked(requests: Vec<wire::InformationRequest>) -> Vec<Asked> {
    requests.into_iter().map(review_convert::asked).collect()
}

pub(super) fn decision(decision: wire::Decision) -> Decision {
    Decision {
        granted: decision.granted,
        amount: decision.amount_centimes,
        steps: review_convert::steps(decision.steps),
        reason: text(decision.reason_label),
        sentence: text(decision.sentence),
        at: instant(decision.decided_at),
        appeal_until: decision.appeal_until.parse().ok(),
        appeal_path: text(decision.appeal_path),
    }
}
