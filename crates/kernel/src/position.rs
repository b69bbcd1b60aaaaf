//! A member's administrative position (وضعية) and what the forms ask for in each.
//!
//! Which benefits a position opens is a rule of the catalogue, and which mail domains are professional is a
//! setting: neither is known here.

use crate::words::words;

words! {
    /// Where a member stands towards the administration.
    pub enum Position ("position") {
        /// In service (en activité, نشيط): a member automatically.
        Active = "active",
        /// Seconded to another body (détaché, ملحق).
        Seconded = "seconded",
        /// Put at another body's disposal (mis à disposition, موضوع رهن الإشارة).
        AtDisposal = "at_disposal",
        /// Retired (retraité, متقاعد).
        Retired = "retired",
        /// Widow, widower, orphan or guardian of a deceased member (ayant cause, ذوو الحقوق).
        Survivor = "survivor",
    }
}

impl Position {
    /// Only a retiree is asked for a pension number.
    #[must_use]
    pub const fn requires_pension_number(self) -> bool {
        matches!(self, Position::Retired)
    }

    /// Only somebody in service must give a professional address; all others may give a private one.
    #[must_use]
    pub const fn requires_professional_email(self) -> bool {
        matches!(self, Position::Active)
    }
}
