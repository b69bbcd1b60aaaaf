//! Amounts to the centime, and the times between check, sale, telling and taking back.

use proptest::prelude::*;
use uuid::Uuid;

use super::*;
use crate::domain::household::tests::person;

const THIRTY: BasisPoints = BasisPoints::new(3_000);

fn at(text: &str) -> DateTime<Utc> {
    text.parse().expect("an instant")
}

fn verification() -> Verification {
    Verification {
        id: VerificationId::from_uuid(Uuid::from_u128(1)),
        at: at("2026-11-22T10:00:00Z"),
        valid_until: at("2026-11-22T10:30:00Z"),
        agreement: AgreementId::from_uuid(Uuid::from_u128(7)),
        agreement_version: 1,
        offer_code: "coach-fare".to_owned(),
        person: Some(person(3)),
    }
}

fn claimed(gross: i64, reduction: i64) -> Claimed {
    Claimed {
        gross: Money::from_centimes(gross),
        reduction: Money::from_centimes(reduction),
        occurred_at: at("2026-11-22T10:05:00Z"),
        counter_code: "rabat".to_owned(),
        partner_reference: "T-1".to_owned(),
    }
}

fn decided(claimed: &Claimed, now: &str) -> Result<(PersonId, Money), SaleRefused> {
    decide(&verification(), THIRTY, claimed, at(now))
}

#[test]
fn the_reduction_is_thirty_percent_rounded_half_up_to_the_centime() {
    for (gross, reduction) in [
        (185_000, 55_500),
        (99_999, 30_000),
        (123_455, 37_037),
        (333_335, 100_001),
        (8_500, 2_550),
        (13_333, 4_000),
        (1, 0),
        (5, 2),
    ] {
        let (_, computed) = decided(&claimed(gross, reduction), "2026-11-22T10:06:00Z").unwrap();
        assert_eq!(computed.centimes(), reduction, "{gross}");
        for wrong in [reduction - 1, reduction + 1] {
            assert_eq!(
                decided(&claimed(gross, wrong), "2026-11-22T10:06:00Z"),
                Err(SaleRefused::ReductionDiffers(Money::from_centimes(reduction)))
            );
        }
    }
}

#[test]
fn a_sale_takes_place_while_the_answer_holds_and_is_told_within_a_day() {
    let on = |occurred: &str, now: &str| {
        let claimed = Claimed {
            occurred_at: at(occurred),
            ..claimed(8_500, 2_550)
        };
        decided(&claimed, now).map(|_| ())
    };
    assert_eq!(on("2026-11-22T10:29:59Z", "2026-11-22T10:30:00Z"), Ok(()));
    assert_eq!(
        on("2026-11-22T10:30:00Z", "2026-11-22T10:30:00Z"),
        Err(SaleRefused::OutsideAnswer)
    );
    // A partner's clock that is five minutes behind, and one that is more.
    assert_eq!(on("2026-11-22T09:55:00Z", "2026-11-22T10:01:00Z"), Ok(()));
    assert_eq!(
        on("2026-11-22T09:54:59Z", "2026-11-22T10:01:00Z"),
        Err(SaleRefused::OutsideAnswer)
    );
    assert_eq!(on("2026-11-22T10:05:00Z", "2026-11-22T10:00:00Z"), Ok(()));
    assert_eq!(
        on("2026-11-22T10:05:01Z", "2026-11-22T10:00:00Z"),
        Err(SaleRefused::InFuture)
    );
    assert_eq!(on("2026-11-22T10:05:00Z", "2026-11-23T10:05:00Z"), Ok(()));
    assert_eq!(
        on("2026-11-22T10:05:00Z", "2026-11-23T10:05:01Z"),
        Err(SaleRefused::ToldTooLate)
    );
}

#[test]
fn a_check_that_was_not_valid_and_a_sale_of_nothing_are_refused() {
    let refused = Verification {
        person: None,
        ..verification()
    };
    let now = at("2026-11-22T10:06:00Z");
    assert_eq!(
        decide(&refused, THIRTY, &claimed(8_500, 2_550), now),
        Err(SaleRefused::NotVerified)
    );
    assert_eq!(
        decided(&claimed(0, 0), "2026-11-22T10:06:00Z"),
        Err(SaleRefused::GrossIsNothing)
    );
}

fn recorded() -> Redemption {
    Redemption {
        id: RedemptionId::from_uuid(Uuid::from_u128(2)),
        verification: verification().id,
        partner: PartnerId::from_uuid(Uuid::from_u128(8)),
        agreement: AgreementId::from_uuid(Uuid::from_u128(7)),
        agreement_version: 1,
        offer_code: "coach-fare".to_owned(),
        counter_code: "rabat".to_owned(),
        person: person(3),
        partner_reference: "T-1".to_owned(),
        gross: Money::from_centimes(8_500),
        reduction: Money::from_centimes(2_550),
        occurred_at: at("2026-11-22T10:05:00Z"),
        recorded_at: at("2026-11-22T10:06:00Z"),
        cancelled_at: None,
        version: 1,
    }
}

#[test]
fn a_sale_is_taken_back_once_and_within_24_hours() {
    let last = at("2026-11-23T10:06:00Z");
    let taken_back = recorded().cancelled(last).unwrap();
    assert_eq!((taken_back.version, taken_back.cancelled_at), (2, Some(last)));
    assert_eq!(taken_back.cancelled(last), Err(SaleRefused::AlreadyCancelled));
    assert_eq!(
        recorded().cancelled(last + TimeDelta::seconds(1)),
        Err(SaleRefused::CancelledTooLate)
    );
    assert_eq!(recorded().net(), Money::from_centimes(5_950));
}

proptest! {
    #[test]
    fn the_reduction_is_never_more_than_the_price(gross in 1_i64..=999_999_999, percent in 1_u32..=10_000) {
        let share = Money::from_centimes(gross).share(BasisPoints::new(percent)).unwrap();
        prop_assert!(share >= Money::ZERO && share <= Money::from_centimes(gross));
    }
}
