//! Double of partnerships: codes that never change but for when they end, a child who is too old, two checks.

use partnerships_proto::v1::card_service_server::CardService;
use partnerships_proto::v1::*;
use tonic::{Request, Response, Status, async_trait};

use super::people::{CHILD, SPOUSE};
use super::{KHADIJA, World, now, stamp};

pub(crate) const CODE: &str = "AB3CD4EF5G";

fn card(person_id: &str, category: CardCategory, code: &str, reason: &str) -> PersonCard {
    let covered = OfferCover {
        partner_code: "coach".into(),
        partner_name_ar: "شركة نموذج للنقل".into(),
        partner_name_fr: "Autocars Spécimen".into(),
        offer_code: "coach-fare".into(),
        offer_name_ar: "تذكرة السفر".into(),
        offer_name_fr: "Billet de voyage".into(),
        percent_basis_points: 3000,
        covered: reason.is_empty(),
        reason: reason.into(),
        ..OfferCover::default()
    };
    PersonCard {
        person_id: person_id.into(),
        category: category.into(),
        code: code.into(),
        reason: reason.into(),
        offers: vec![covered],
    }
}

fn check(category: CardCategory, person_id: &str, valid: bool) -> CardCheck {
    CardCheck {
        verification_id: "01930000-0000-7000-8000-0000000000c1".into(),
        person_id: person_id.into(),
        category: category.into(),
        partner_name_ar: "شركة نموذج للنقل".into(),
        partner_name_fr: "Autocars Spécimen".into(),
        counter_name_ar: "شباك المحطة".into(),
        counter_name_fr: "Guichet de la gare".into(),
        offer_name_ar: "تذكرة السفر".into(),
        offer_name_fr: "Billet de voyage".into(),
        checked_at: stamp(now() - chrono::TimeDelta::hours(3)),
        valid,
        reason: if valid {
            String::new()
        } else {
            "CODE_EXPIRED".into()
        },
        percent_basis_points: 3000,
        redemption: valid.then(|| Redemption {
            gross_centimes: 12_050,
            reduction_centimes: 3_615,
            net_centimes: 8_435,
            occurred_at: stamp(now()),
            ..Redemption::default()
        }),
        ..CardCheck::default()
    }
}

#[async_trait]
impl CardService for World {
    async fn issue_card_codes(
        &self,
        request: Request<IssueCardCodesRequest>,
    ) -> Result<Response<IssueCardCodesResponse>, Status> {
        self.enter("partnerships", "issue_card_codes")?;
        self.caller(&request)?;
        // Two askings never end at the same instant.
        let mut ends_at = now() + chrono::TimeDelta::minutes(10);
        if let Some(last) = self.state().codes_expire_at {
            ends_at = last + chrono::TimeDelta::seconds(1);
        }
        self.state().codes_expire_at = Some(ends_at);
        Ok(Response::new(IssueCardCodesResponse {
            cards: vec![
                card("own", CardCategory::Member, CODE, ""),
                card(SPOUSE, CardCategory::Spouse, "K7M2N8P4Q6", ""),
                card(CHILD, CardCategory::Child, "", "TOO_OLD"),
            ],
            expires_at: stamp(ends_at),
        }))
    }

    async fn list_checks(
        &self,
        request: Request<ListChecksRequest>,
    ) -> Result<Response<ListChecksResponse>, Status> {
        self.enter("partnerships", "list_checks")?;
        let checks = match self.caller(&request)?.as_str() {
            KHADIJA => vec![
                check(CardCategory::Spouse, SPOUSE, true),
                check(CardCategory::Member, "own", false),
            ],
            _ => Vec::new(),
        };
        Ok(Response::new(ListChecksResponse {
            checks,
            next_page_token: String::new(),
            codes_expire_at: self.state().codes_expire_at.and_then(stamp),
        }))
    }
}
