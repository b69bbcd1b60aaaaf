//! The book of partners: who they are, their agreements, and which OAuth clients speak for them. A value of one revision; nothing in it changes.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, NaiveDate, Utc};
use kernel::{AgreementId, PartnerId};

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
    /// What identity last said that clients may do; a token may still say more. Of a client that is missing here nothing was heard yet.
    pub(crate) scopes: HashMap<String, HashSet<String>>,
}

/// What a client may do at the gateway.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scope {
    Verify,
    Redeem,
}

impl Scope {
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Verify => "cards.verify",
            Self::Redeem => "cards.redeem",
        }
    }
}

/// Why a client is not heard, whatever its token says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NotHeard {
    /// It speaks for no partner, or was disabled.
    NotLinked,
    /// The scope was taken away.
    ScopeTaken,
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
    /// The partner that this client speaks for, if it may do this.
    ///
    /// # Errors
    /// [`NotHeard`].
    pub(crate) fn partner_of(&self, client: &str, scope: Scope) -> Result<&Partner, NotHeard> {
        let linked = self.clients.get(client).and_then(|id| self.partner(*id));
        let partner = linked
            .filter(|_| !self.disabled.contains(client))
            .ok_or(NotHeard::NotLinked)?;
        match self.scopes.get(client) {
            Some(scopes) if !scopes.contains(scope.as_str()) => Err(NotHeard::ScopeTaken),
            Some(_) | None => Ok(partner),
        }
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

    /// The terms that a check was judged by, whatever became of the agreement since: what was sold on its answer is judged by them too.
    ///
    /// # Errors
    /// [`NoTerms`]: a counter that those terms do not have.
    pub(crate) fn standing_of(
        &self,
        agreement: AgreementId,
        version: u32,
        offer: &str,
        counter: &str,
    ) -> Result<Standing<'_>, NoTerms> {
        let agreement = self.agreements.iter().find(|known| known.id == agreement);
        let agreement = agreement.ok_or(NoTerms::NoAgreement)?;
        let version = agreement.versions.iter().find(|known| known.number == version);
        let version = version.ok_or(NoTerms::NoAgreement)?;
        let offer = version.terms.offer(offer).ok_or(NoTerms::OfferUnknown)?;
        version.terms.counter(counter).ok_or(NoTerms::CounterUnknown)?;
        Ok(Standing {
            agreement,
            version: version.number,
            terms: &version.terms,
            offer,
        })
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
    fn a_client_speaks_for_its_partner_until_it_is_disabled_and_within_its_scopes() {
        let mut book = Book {
            revision: 1,
            partners: vec![partner()],
            clients: HashMap::from([("c1".to_owned(), partner().id)]),
            disabled: HashSet::new(),
            scopes: HashMap::new(),
        };
        let heard =
            |book: &Book, client: &str, scope| book.partner_of(client, scope).map(|found| found.code.clone());
        assert_eq!(heard(&book, "c1", Scope::Verify), Ok("ctm".to_owned()));
        assert_eq!(heard(&book, "c2", Scope::Verify), Err(NotHeard::NotLinked));
        book.scopes
            .insert("c1".to_owned(), HashSet::from(["cards.verify".to_owned()]));
        assert_eq!(heard(&book, "c1", Scope::Verify), Ok("ctm".to_owned()));
        assert_eq!(heard(&book, "c1", Scope::Redeem), Err(NotHeard::ScopeTaken));
        book.disabled.insert("c1".to_owned());
        assert_eq!(heard(&book, "c1", Scope::Verify), Err(NotHeard::NotLinked));
    }
}
