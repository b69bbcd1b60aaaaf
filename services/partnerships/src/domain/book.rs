//! The book of partners: who they are, their agreements, and which OAuth clients speak for them. A value of one revision; nothing in it changes.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, NaiveDate, Utc};
use kernel::PartnerId;

use super::agreement::{Agreement, Counter, Offer, Terms};

/// A partner with its agreements.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Partner {
    pub(crate) id: PartnerId,
    pub(crate) code: String,
    pub(crate) name_ar: String,
    pub(crate) name_fr: String,
    pub(crate) created_at: DateTime<Utc>,
    pub(crate) agreements: Vec<Agreement>,
}

/// All partners at one revision.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Book {
    pub(crate) revision: i64,
    /// By code.
    pub(crate) partners: Vec<Partner>,
    pub(crate) clients: HashMap<String, PartnerId>,
    /// Clients that identity disabled: their tokens may live for minutes yet.
    pub(crate) disabled: HashSet<String>,
}

/// Why a partner's request has no terms to be judged by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NoTerms {
    /// No agreement of the partner is in force that day.
    NoAgreement,
    /// None of those in force has the offer.
    OfferUnknown,
    CounterUnknown,
}

/// The terms that a request is judged by.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Standing<'a> {
    pub(crate) agreement: &'a Agreement,
    pub(crate) version: u32,
    pub(crate) terms: &'a Terms,
    pub(crate) offer: &'a Offer,
}

impl Book {
    /// The partner that this client speaks for; none for one that is disabled.
    pub(crate) fn partner_of(&self, client: &str) -> Option<&Partner> {
        if self.disabled.contains(client) {
            return None;
        }
        let id = self.clients.get(client)?;
        self.partner(*id)
    }

    pub(crate) fn partner(&self, id: PartnerId) -> Option<&Partner> {
        self.partners.iter().find(|partner| partner.id == id)
    }

    pub(crate) fn partner_named(&self, code: &str) -> Option<&Partner> {
        self.partners.iter().find(|partner| partner.code == code)
    }
}

impl Partner {
    /// The terms in force on a day for this offer at this counter.
    ///
    /// # Errors
    /// [`NoTerms`].
    pub(crate) fn standing(
        &self,
        day: NaiveDate,
        offer: &str,
        counter: &str,
    ) -> Result<Standing<'_>, NoTerms> {
        let mut why = NoTerms::NoAgreement;
        for agreement in &self.agreements {
            let Some(version) = agreement.in_force(day) else {
                continue;
            };
            let Some(offer) = version.terms.offer(offer) else {
                if why == NoTerms::NoAgreement {
                    why = NoTerms::OfferUnknown;
                }
                continue;
            };
            if version.terms.counter(counter).is_none() {
                why = NoTerms::CounterUnknown;
                continue;
            }
            return Ok(Standing {
                agreement,
                version: version.number,
                terms: &version.terms,
                offer,
            });
        }
        Err(why)
    }

    /// A counter by its code in any version, the newest first: names of what was checked before an agreement changed.
    pub(crate) fn counter_ever(&self, code: &str) -> Option<&Counter> {
        self.terms_ever().find_map(|terms| terms.counter(code))
    }

    /// An offer by its code in any version, the newest first.
    pub(crate) fn offer_ever(&self, code: &str) -> Option<&Offer> {
        self.terms_ever().find_map(|terms| terms.offer(code))
    }

    fn terms_ever(&self) -> impl Iterator<Item = &Terms> {
        self.agreements
            .iter()
            .flat_map(|agreement| agreement.versions.iter().rev())
            .map(|version| &version.terms)
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::domain::agreement::tests::{agreement, coach_terms};
    use crate::domain::household::tests::day;

    fn partner() -> Partner {
        Partner {
            id: PartnerId::from_uuid(Uuid::from_u128(8)),
            code: "ctm".to_owned(),
            name_ar: "ستيام".to_owned(),
            name_fr: "CTM".to_owned(),
            created_at: DateTime::UNIX_EPOCH,
            agreements: vec![agreement(vec![coach_terms()])],
        }
    }

    fn why(offer: &str, counter: &str, on: &str) -> Option<NoTerms> {
        partner().standing(day(on), offer, counter).err()
    }

    #[test]
    fn what_is_missing_is_told_apart() {
        assert_eq!(why("coach-fare", "rabat", "2026-11-22"), None);
        assert_eq!(
            why("coach-fare", "rabat", "2020-11-30"),
            Some(NoTerms::NoAgreement)
        );
        assert_eq!(
            why("train-fare", "rabat", "2026-11-22"),
            Some(NoTerms::OfferUnknown)
        );
        assert_eq!(
            why("coach-fare", "oujda", "2026-11-22"),
            Some(NoTerms::CounterUnknown)
        );
    }

    #[test]
    fn a_client_speaks_for_its_partner_until_it_is_disabled() {
        let mut book = Book {
            revision: 1,
            partners: vec![partner()],
            clients: HashMap::from([("c1".to_owned(), partner().id)]),
            disabled: HashSet::new(),
        };
        assert_eq!(
            book.partner_of("c1").map(|found| found.code.as_str()),
            Some("ctm")
        );
        assert_eq!(book.partner_of("c2"), None);
        book.disabled.insert("c1".to_owned());
        assert_eq!(book.partner_of("c1"), None);
    }
}
