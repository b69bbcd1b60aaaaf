//! The facts that rules may speak of, declared once for all benefits, and how one case's facts are gathered. A rule that names a fact
//! nobody provides does not compile. What the rules say is data of the catalogue.

use chrono::NaiveDate;
use kernel::{Money, Position, age_on};
use rules::{Facts, Schema, SchemaError, Type};

use super::catalogue::{Form, Relation};
use super::member::{Beneficiary, MemberFacts, is_alive};

/// Every fact, with its type. `application.reason` takes the reasons of the benefit's own form.
pub(crate) fn schema(form: Option<&Form>) -> Result<Schema, SchemaError> {
    let positions = Type::enumeration(Position::ALL.iter().map(|position| position.as_str()));
    let relations = Type::enumeration(Relation::ALL.iter().map(|relation| relation.as_str()));
    let reasons = match form {
        Some(form) if !form.reasons.is_empty() => {
            Type::enumeration(form.reasons.iter().map(|reason| reason.code.as_str()))
        }
        Some(_) | None => Type::Text,
    };
    Schema::new()
        .optional(
            "member.position",
            positions,
            "the member's position on the day of the request; unknown when none is held",
        )?
        .required(
            "member.alive",
            Type::Bool,
            "no death of the member is recorded up to that day",
        )?
        .required(
            "member.external_services",
            Type::Bool,
            "the member works in the external services",
        )?
        .required(
            "member.province",
            Type::Text,
            "ISO 3166-2 code of the province of the workplace",
        )?
        .required(
            "person.relation",
            relations,
            "who the request is for, seen from the member",
        )?
        .required(
            "person.alive",
            Type::Bool,
            "no death of the person concerned is recorded up to that day",
        )?
        .optional(
            "person.age",
            Type::Int,
            "completed years of the person concerned; unknown when the birth lies after that day",
        )?
        .optional("application.reason", reasons, "the reason chosen")?
        .required(
            "application.papers",
            Type::list(Type::Text),
            "codes of the papers given",
        )?
        .required(
            "application.submitted_on",
            Type::Date,
            "the civil day of the request in Casablanca",
        )?
        .optional(
            "ceiling.left",
            Type::Money,
            "what is left of the ceiling of the person concerned this year; unknown without a ceiling",
        )?
        .optional(
            "cost.retained",
            Type::Money,
            "what care still costs after refunds, as an agent retains it; unknown before the examination",
        )?
        .optional("trip.price", Type::Money, "price of the return ticket")?
        .optional("trip.is_return", Type::Bool, "one ticket there and back")?
        .optional("trip.outward_on", Type::Date, "day of the outward flight")?
        .optional("trip.return_on", Type::Date, "day of the return flight")?
        .optional(
            "trip.from_province",
            Type::Text,
            "ISO 3166-2 code of the province of departure",
        )?
        .optional(
            "trip.to_province",
            Type::Text,
            "ISO 3166-2 code of the province of arrival",
        )?
        .optional(
            "trip.earlier_this_year",
            Type::Int,
            "supported or pending trips of the traveller with an outward flight in the same year",
        )
}

/// The facts that the member and the day decide, whatever is answered.
pub(crate) const KNOWN_OF_THE_MEMBER: [&str; 5] = [
    "member.position",
    "member.alive",
    "member.external_services",
    "member.province",
    "application.submitted_on",
];

/// Those facts of a member who would ask on that day.
pub(crate) fn of_the_member(member: &MemberFacts, on: NaiveDate) -> Facts {
    Facts::new()
        .with_known("member.position", member.position_on(on).map(Position::as_str))
        .with("member.alive", is_alive(member.death_date, on))
        .with("member.external_services", member.external_services)
        .with("member.province", member.province_iso.as_str())
        .with("application.submitted_on", on)
}

/// What is known of one request when it is judged.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Case<'a> {
    pub(crate) member: &'a MemberFacts,
    pub(crate) beneficiary: Beneficiary,
    pub(crate) reason: Option<&'a str>,
    pub(crate) ceiling_left: Option<Money>,
    /// The civil day.
    pub(crate) on: NaiveDate,
}

impl Case<'_> {
    /// The facts for the rules, with the codes of the papers given.
    pub(crate) fn facts<'p>(&self, papers: impl IntoIterator<Item = &'p str>) -> Facts {
        let papers: Vec<&str> = papers.into_iter().collect();
        of_the_member(self.member, self.on)
            .with("person.relation", self.beneficiary.relation.as_str())
            .with("person.alive", is_alive(self.beneficiary.death_date, self.on))
            .with_known(
                "person.age",
                age_on(self.beneficiary.birth_date, self.on).ok().map(i64::from),
            )
            .with_known("application.reason", self.reason)
            .with("application.papers", papers)
            .with_known("ceiling.left", self.ceiling_left)
    }
}
