//! Partnerships: the codes of the household's cards, and who checked them.

use auth::client::with_token;
use partnerships_proto::v1 as wire;
use tonic::Request;

use super::models::{Bilingual, CardCheck, CardOffer, PersonCard, Sale};
use super::{Backend, instant};
use crate::error::Error;

/// Checks on a page; the contract's usual page.
const PAGE: i32 = 50;

fn both(ar: String, fr: String) -> Bilingual {
    Bilingual { ar, fr }
}

fn category(word: wire::CardCategory) -> &'static str {
    match word {
        wire::CardCategory::Member | wire::CardCategory::Unspecified => "member",
        wire::CardCategory::Spouse => "spouse",
        wire::CardCategory::Child => "child",
    }
}

impl Backend {
    /// Fresh codes of the whole household, and when they end. The codes shown before are void from now on.
    pub(crate) async fn issue_card_codes(
        &self,
        token: &str,
    ) -> Result<(Vec<PersonCard>, Option<chrono::DateTime<chrono::Utc>>), Error> {
        let request = with_token(Request::new(wire::IssueCardCodesRequest {}), token);
        let answer = self.cards.clone().issue_card_codes(request).await?.into_inner();
        let ends_at = instant(answer.expires_at);
        Ok((answer.cards.into_iter().map(card).collect(), ends_at))
    }

    /// When the newest codes end, if any were asked for lately: others were replaced by them.
    pub(crate) async fn newest_codes_end(
        &self,
        token: &str,
    ) -> Result<Option<chrono::DateTime<chrono::Utc>>, Error> {
        let request = wire::ListChecksRequest {
            page_size: 1,
            page_token: String::new(),
        };
        let answer = self
            .cards
            .clone()
            .list_checks(with_token(Request::new(request), token))
            .await?;
        Ok(instant(answer.into_inner().codes_expire_at))
    }

    /// A page of checks, newest first, and where the next page starts (empty at the end).
    pub(crate) async fn list_checks(
        &self,
        token: &str,
        page_token: &str,
    ) -> Result<(Vec<CardCheck>, String), Error> {
        let request = wire::ListChecksRequest {
            page_size: PAGE,
            page_token: page_token.to_owned(),
        };
        let answer = self
            .cards
            .clone()
            .list_checks(with_token(Request::new(request), token))
            .await?
            .into_inner();
        Ok((
            answer.checks.into_iter().map(check).collect(),
            answer.next_page_token,
        ))
    }
}

fn card(card: wire::PersonCard) -> PersonCard {
    PersonCard {
        category: category(card.category()).to_owned(),
        person_id: card.person_id,
        code: card.code,
        reason: card.reason,
        offers: card
            .offers
            .into_iter()
            .filter(|offer| offer.covered)
            .map(|offer| CardOffer {
                partner: both(offer.partner_name_ar, offer.partner_name_fr),
                offer: both(offer.offer_name_ar, offer.offer_name_fr),
                basis_points: offer.percent_basis_points,
            })
            .collect(),
    }
}

fn check(check: wire::CardCheck) -> CardCheck {
    CardCheck {
        category: category(check.category()),
        person_id: check.person_id,
        partner: both(check.partner_name_ar, check.partner_name_fr),
        counter: both(check.counter_name_ar, check.counter_name_fr),
        offer: both(check.offer_name_ar, check.offer_name_fr),
        at: instant(check.checked_at),
        valid: check.valid,
        reason: check.reason,
        sale: check.redemption.map(|sale| Sale {
            gross: sale.gross_centimes,
            reduction: sale.reduction_centimes,
            net: sale.net_centimes,
            cancelled_at: instant(sale.cancelled_at),
        }),
    }
}
