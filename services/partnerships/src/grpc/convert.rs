//! Between the domain and the wire. Nothing is decided here.

use chrono::{DateTime, NaiveDate, Utc};
use kernel::{AgeMode, AgeWindow, BasisPoints, Position};
use partnerships_proto::v1 as wire;
use pbjson_types::Timestamp;

use crate::domain::agreement::{Agreement, Counter, Limits, Offer, Terms};
use crate::domain::book::{Book, Partner};
use crate::domain::category::Category;
use crate::error::Error;
use crate::store::verifications::{SeenCheck, SeenSale};
use crate::use_cases::issue_card_codes::{OfferCover, PersonCard};

pub(super) fn timestamp(at: DateTime<Utc>) -> Timestamp {
    Timestamp {
        seconds: at.timestamp(),
        nanos: i32::try_from(at.timestamp_subsec_nanos()).unwrap_or_default(),
    }
}

fn category(category: Category) -> i32 {
    let category = match category {
        Category::Member => wire::CardCategory::Member,
        Category::Spouse => wire::CardCategory::Spouse,
        Category::Child => wire::CardCategory::Child,
    };
    category.into()
}

fn day(day: Option<NaiveDate>) -> String {
    day.map_or_else(String::new, |day| day.to_string())
}

pub(super) fn card(card: PersonCard) -> wire::PersonCard {
    let (code, reason) = match card.code {
        Ok(code) => (code.as_str().to_owned(), String::new()),
        Err(reason) => (String::new(), reason.to_owned()),
    };
    wire::PersonCard {
        person_id: card.person.to_string(),
        category: category(card.category),
        code,
        reason,
        offers: card.offers.into_iter().map(offer_cover).collect(),
    }
}

fn offer_cover(offer: OfferCover) -> wire::OfferCover {
    let (child_age_from, child_age_to) = offer.child_ages.unwrap_or_default();
    wire::OfferCover {
        partner_code: offer.partner_code,
        partner_name_ar: offer.partner_name.0,
        partner_name_fr: offer.partner_name.1,
        offer_code: offer.offer_code,
        offer_name_ar: offer.offer_name.0,
        offer_name_fr: offer.offer_name.1,
        percent_basis_points: offer.percent.value(),
        covered: offer.refusal.is_none(),
        reason: offer.refusal.unwrap_or_default().to_owned(),
        child_age_from: child_age_from.into(),
        child_age_to: child_age_to.into(),
        last_day: day(offer.last_day),
    }
}

/// A check with the names that the book has for its partner, offer and counter: codes where it has none any more.
pub(super) fn check(seen: SeenCheck, book: &Book) -> wire::CardCheck {
    let partner = book.partner(seen.partner);
    let counter = partner.and_then(|partner| partner.counter_ever(&seen.counter_code));
    let offer = partner.and_then(|partner| partner.offer_ever(&seen.offer_code));
    let named = |name: Option<&String>, code: &str| name.cloned().unwrap_or_else(|| code.to_owned());
    wire::CardCheck {
        verification_id: seen.id.to_string(),
        person_id: seen.person.to_string(),
        category: category(seen.category),
        partner_code: partner.map(|partner| partner.code.clone()).unwrap_or_default(),
        partner_name_ar: partner.map(|partner| partner.name_ar.clone()).unwrap_or_default(),
        partner_name_fr: partner.map(|partner| partner.name_fr.clone()).unwrap_or_default(),
        counter_name_ar: named(counter.map(|counter| &counter.name_ar), &seen.counter_code),
        counter_name_fr: named(counter.map(|counter| &counter.name_fr), &seen.counter_code),
        counter_code: seen.counter_code,
        offer_name_ar: named(offer.map(|offer| &offer.name_ar), &seen.offer_code),
        offer_name_fr: named(offer.map(|offer| &offer.name_fr), &seen.offer_code),
        checked_at: Some(timestamp(seen.at)),
        valid: seen.refusal.is_none(),
        reason: seen.refusal.unwrap_or_default(),
        percent_basis_points: seen.percent,
        redemption: seen.sale.map(sale),
    }
}

fn sale(sale: SeenSale) -> wire::Redemption {
    wire::Redemption {
        redemption_id: sale.id.to_string(),
        gross_centimes: sale.gross.centimes(),
        reduction_centimes: sale.reduction.centimes(),
        net_centimes: sale.gross.centimes() - sale.reduction.centimes(),
        occurred_at: Some(timestamp(sale.occurred_at)),
        cancelled_at: sale.cancelled_at.map(timestamp),
    }
}

pub(super) fn partner(partner: &Partner, book: &Book) -> wire::Partner {
    let mut client_ids: Vec<String> = book
        .clients
        .iter()
        .filter(|(_, owner)| **owner == partner.id)
        .map(|(client, _)| client.clone())
        .collect();
    client_ids.sort();
    wire::Partner {
        partner_id: partner.id.to_string(),
        code: partner.code.clone(),
        name_ar: partner.name_ar.clone(),
        name_fr: partner.name_fr.clone(),
        created_at: Some(timestamp(partner.created_at)),
        agreements: partner.agreements.iter().map(agreement).collect(),
        client_ids,
    }
}

/// With its newest version.
pub(super) fn agreement(agreement: &Agreement) -> wire::Agreement {
    let newest = agreement.versions.last();
    wire::Agreement {
        agreement_id: agreement.id.to_string(),
        reference: agreement.reference.clone(),
        version: newest.map_or(0, |version| version.number),
        terms: newest.map(|version| terms_on_the_wire(&version.terms)),
        ended_on: day(agreement.ended_on),
    }
}

fn terms_on_the_wire(terms: &Terms) -> wire::AgreementTerms {
    let none = 0;
    wire::AgreementTerms {
        valid_from: terms.valid_from.to_string(),
        valid_to: day(terms.valid_to),
        categories: terms.categories.iter().map(|c| c.as_str().to_owned()).collect(),
        positions: terms.positions.iter().map(|p| p.as_str().to_owned()).collect(),
        child_age_from: terms.child_ages.from.into(),
        child_age_to: terms.child_ages.to.into(),
        child_age_mode: terms.child_ages.mode.as_str().to_owned(),
        offers: terms
            .offers
            .iter()
            .map(|offer| wire::Offer {
                code: offer.code.clone(),
                name_ar: offer.name_ar.clone(),
                name_fr: offer.name_fr.clone(),
                percent_basis_points: offer.percent.value(),
                per_day: offer.limits.per_day.unwrap_or(none),
                per_month: offer.limits.per_month.unwrap_or(none),
                per_year: offer.limits.per_year.unwrap_or(none),
            })
            .collect(),
        counters: terms
            .counters
            .iter()
            .map(|counter| wire::Counter {
                code: counter.code.clone(),
                name_ar: counter.name_ar.clone(),
                name_fr: counter.name_fr.clone(),
            })
            .collect(),
        cndp_reference: terms.cndp_reference.clone(),
    }
}

fn malformed(field: &'static str, reason: &'static str, instead: &'static str) -> Error {
    Error::Malformed {
        field,
        reason,
        instead,
    }
}

pub(super) fn date(text: &str, field: &'static str) -> Result<NaiveDate, Error> {
    text.parse()
        .map_err(|_| malformed(field, "DATE_MALFORMED", "a day such as 2026-12-01"))
}

pub(super) fn optional_date(text: &str, field: &'static str) -> Result<Option<NaiveDate>, Error> {
    if text.is_empty() {
        Ok(None)
    } else {
        date(text, field).map(Some)
    }
}

pub(super) fn terms(terms: Option<wire::AgreementTerms>) -> Result<Terms, Error> {
    let terms = terms.ok_or(malformed("terms", "TERMS_MISSING", "send the terms"))?;
    let age = |age: u32, field| {
        u16::try_from(age).map_err(|_| malformed(field, "AGES_INVALID", "an age from 0 to 99"))
    };
    Ok(Terms {
        valid_from: date(&terms.valid_from, "valid_from")?,
        valid_to: optional_date(&terms.valid_to, "valid_to")?,
        categories: terms
            .categories
            .iter()
            .map(|word| {
                Category::parse(word).ok_or(malformed(
                    "categories",
                    "CATEGORIES_INVALID",
                    "member, spouse, child",
                ))
            })
            .collect::<Result<_, _>>()?,
        positions: terms
            .positions
            .iter()
            .map(|word| {
                Position::parse(word).map_err(|_| {
                    malformed(
                        "positions",
                        "POSITIONS_INVALID",
                        "active, seconded, at_disposal, retired, survivor",
                    )
                })
            })
            .collect::<Result<_, _>>()?,
        child_ages: AgeWindow {
            from: age(terms.child_age_from, "child_age_from")?,
            to: age(terms.child_age_to, "child_age_to")?,
            mode: AgeMode::parse(&terms.child_age_mode)
                .map_err(|_| malformed("child_age_mode", "AGES_INVALID", "whole_year or until_birthday"))?,
        },
        offers: terms.offers.into_iter().map(offer).collect(),
        counters: terms
            .counters
            .into_iter()
            .map(|counter| Counter {
                code: counter.code,
                name_ar: counter.name_ar,
                name_fr: counter.name_fr,
            })
            .collect(),
        cndp_reference: terms.cndp_reference,
    })
}

fn offer(offer: wire::Offer) -> Offer {
    let limit = |limit| (limit > 0).then_some(limit);
    Offer {
        code: offer.code,
        name_ar: offer.name_ar,
        name_fr: offer.name_fr,
        percent: BasisPoints::new(offer.percent_basis_points),
        limits: Limits {
            per_day: limit(offer.per_day),
            per_month: limit(offer.per_month),
            per_year: limit(offer.per_year),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::agreement::tests::coach_terms;

    #[test]
    fn terms_read_back_from_the_wire() {
        let mut with_limits = coach_terms();
        with_limits.valid_to = Some("2030-12-31".parse().unwrap());
        with_limits.positions = vec![Position::Active, Position::Retired];
        with_limits.offers[0].limits.per_month = Some(8);
        for sample in [coach_terms(), with_limits] {
            assert_eq!(terms(Some(terms_on_the_wire(&sample))).unwrap(), sample);
        }
    }

    #[test]
    fn each_word_that_cannot_be_read_is_named_by_its_field() {
        type Change = fn(&mut wire::AgreementTerms);
        let changes: [(&str, Change); 6] = [
            ("valid_from", |terms| terms.valid_from = "1/12/2020".to_owned()),
            ("valid_to", |terms| terms.valid_to = "never".to_owned()),
            ("categories", |terms| terms.categories[0] = "cousin".to_owned()),
            ("positions", |terms| terms.positions.push("king".to_owned())),
            ("child_age_to", |terms| terms.child_age_to = 70_000),
            ("child_age_mode", |terms| terms.child_age_mode.clear()),
        ];
        for (field, change) in changes {
            let mut sample = terms_on_the_wire(&coach_terms());
            change(&mut sample);
            let error = terms(Some(sample)).unwrap_err();
            assert!(matches!(error, Error::Malformed { field: found, .. } if found == field));
        }
        assert!(terms(None).is_err());
    }
}
