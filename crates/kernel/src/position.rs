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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_retired_member_must_give_a_pension_number() {
        let asked: Vec<_> = Position::ALL
            .iter()
            .filter(|p| p.requires_pension_number())
            .collect();
        assert_eq!(asked, [&Position::Retired]);
    }

    #[test]
    fn only_an_active_member_must_give_a_professional_address() {
        let asked: Vec<_> = Position::ALL
            .iter()
            .filter(|p| p.requires_professional_email())
            .collect();
        assert_eq!(asked, [&Position::Active]);
    }
}
