//! Versions and their dates, and terms that cannot be taken.

use kernel::AgeMode;
use uuid::Uuid;

use super::*;
use crate::domain::household::tests::day;

/// The coach agreement of the demonstration: 30 % for members, spouses and children of 4 to 21, whole year.
pub(crate) fn coach_terms() -> Terms {
    let counter = |code: &str| Counter {
        code: code.to_owned(),
        name_ar: "شباك".to_owned(),
        name_fr: "Guichet".to_owned(),
    };
    Terms {
        valid_from: day("2020-12-01"),
        valid_to: None,
        categories: vec![Category::Member, Category::Spouse, Category::Child],
        positions: Vec::new(),
        child_ages: AgeWindow {
            from: 4,
            to: 21,
            mode: AgeMode::WholeYear,
        },
        offers: vec![Offer {
            code: "coach-fare".to_owned(),
            name_ar: "تذاكر الحافلة".to_owned(),
            name_fr: "Billets d’autocar".to_owned(),
            percent: BasisPoints::new(3_000),
            limits: Limits::default(),
        }],
        counters: vec![counter("rabat"), counter("online")],
        cndp_reference: "DEMO-0000/0000".to_owned(),
    }
}

pub(crate) fn agreement(versions: Vec<Terms>) -> Agreement {
    Agreement {
        id: AgreementId::from_uuid(Uuid::from_u128(7)),
        partner: PartnerId::from_uuid(Uuid::from_u128(8)),
        reference: "2020/12".to_owned(),
        ended_on: None,
        versions: versions
            .into_iter()
            .zip(1..)
            .map(|(terms, number)| Version { number, terms })
            .collect(),
    }
}

fn from_to(from: &str, to: Option<&str>) -> Terms {
    Terms {
        valid_from: day(from),
        valid_to: to.map(day),
        ..coach_terms()
    }
}

fn number_on(agreement: &Agreement, text: &str) -> Option<u32> {
    agreement.in_force(day(text)).map(|version| version.number)
}

#[test]
fn a_version_holds_from_its_first_to_its_last_day() {
    let agreement = agreement(vec![from_to("2020-12-01", Some("2026-11-30"))]);
    assert_eq!(number_on(&agreement, "2020-11-30"), None);
    assert_eq!(number_on(&agreement, "2020-12-01"), Some(1));
    assert_eq!(number_on(&agreement, "2026-11-30"), Some(1));
    assert_eq!(number_on(&agreement, "2026-12-01"), None);
    assert_eq!(agreement.end_after(day("2026-11-22")), Some(day("2026-12-01")));
}

#[test]
fn a_later_version_takes_over_on_its_first_day_and_its_end_is_the_agreement_s() {
    let agreement = agreement(vec![
        from_to("2020-12-01", None),
        from_to("2027-01-01", Some("2027-06-30")),
    ]);
    assert_eq!(number_on(&agreement, "2026-12-31"), Some(1));
    assert_eq!(agreement.end_after(day("2026-12-31")), Some(day("2027-01-01")));
    assert_eq!(number_on(&agreement, "2027-01-01"), Some(2));
    assert_eq!(
        number_on(&agreement, "2027-07-01"),
        None,
        "the first does not come back"
    );
}

#[test]
fn an_agreement_that_was_ended_is_in_force_to_the_day_before() {
    let mut agreement = agreement(vec![from_to("2020-12-01", None)]);
    agreement.ended_on = Some(day("2026-11-22"));
    assert_eq!(number_on(&agreement, "2026-11-21"), Some(1));
    assert_eq!(agreement.end_after(day("2026-11-21")), Some(day("2026-11-22")));
    assert_eq!(number_on(&agreement, "2026-11-22"), None);
}

#[test]
fn terms_read_back_from_their_json() {
    let json = serde_json::to_value(coach_terms()).unwrap();
    assert_eq!(serde_json::from_value::<Terms>(json).unwrap(), coach_terms());
}

#[test]
fn every_wrong_field_of_new_terms_is_named() {
    type Change = fn(&mut Terms);
    let today = day("2026-11-22");
    assert_eq!(check_terms("2020/12", &coach_terms(), &[], today), []);
    let changes: [(&str, &str, Change); 12] = [
        ("valid_to", "DATES_INVALID", |t| {
            t.valid_to = Some(day("2020-11-30"))
        }),
        ("categories", "CATEGORIES_INVALID", |t| t.categories.clear()),
        ("categories", "CATEGORIES_INVALID", |t| {
            t.categories.push(Category::Child);
        }),
        ("positions", "POSITIONS_INVALID", |t| {
            t.positions = vec![Position::Active; 2];
        }),
        ("child_age_to", "AGES_INVALID", |t| t.child_ages.to = 3),
        ("child_age_to", "AGES_INVALID", |t| t.child_ages.to = 100),
        ("offers", "CODE_INVALID", |t| t.offers.clear()),
        ("offers", "CODE_INVALID", |t| {
            t.offers[0].code = "Coach".to_owned()
        }),
        ("offers", "NAME_INVALID", |t| t.offers[0].name_ar = " ".to_owned()),
        ("offers", "PERCENT_INVALID", |t| {
            t.offers[0].percent = BasisPoints::new(10_001);
        }),
        ("counters", "CODE_INVALID", |t| {
            t.counters[1].code = "rabat".to_owned();
        }),
        ("counters", "NAME_INVALID", |t| {
            t.counters[0].name_fr = "a\u{7}".to_owned();
        }),
    ];
    for (field, reason, change) in changes {
        let mut terms = coach_terms();
        change(&mut terms);
        let faults = check_terms("2020/12", &terms, &[], today);
        let found: Vec<_> = faults.iter().map(|fault| (fault.field, fault.reason)).collect();
        assert_eq!(found, [(field, reason)]);
    }
    assert_eq!(check_terms(" ", &coach_terms(), &[], today)[0].field, "reference");
}

#[test]
fn only_the_first_version_may_begin_in_the_past() {
    let today = day("2026-11-22");
    let earlier = agreement(vec![coach_terms()]).versions;
    let put = |from: &str| check_terms("r", &from_to(from, None), &earlier, today);
    assert_eq!(put("2026-11-22"), []);
    assert_eq!(put("2026-11-21")[0].reason, "DAY_IN_THE_PAST");
}

#[test]
fn a_partner_s_code_has_one_spelling() {
    for good in ["ctm", "al-akhawayn", "r2", "9z"] {
        assert!(is_code(good), "{good}");
    }
    for bad in [
        "",
        "a",
        "CTM",
        "c_tm",
        "-ctm",
        "ctm-",
        "c tm",
        "سي",
        &"x".repeat(33),
    ] {
        assert!(!is_code(bad), "{bad}");
    }
}
