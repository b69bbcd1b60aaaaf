//! The facts that rules may speak of, declared once for all benefits, and how one case's facts are gathered. A rule that names a fact
//! nobody provides does not compile. What the rules say is data of the catalogue.

use chrono::NaiveDate;
use kernel::{Position, age_on};
use rules::{Facts, Schema, SchemaError, Type, Value};

use super::answers::Answers;
use super::answers::fields::FieldValue;
use super::catalogue::{CeilingUnit, Definition, Form, Relation};
use super::ceiling::Left;
use super::member::{Beneficiary, MemberFacts, Workplace, is_alive};

/// Every fact, with its type. `application.reason` takes the reasons of the benefit's own form; the answers of its typed questions are
/// facts under the names that the form gives them; what is left of a ceiling is known where there is one.
pub(crate) fn schema(definition: &Definition) -> Result<Schema, SchemaError> {
    let form = definition.form.as_ref();
    let positions = Type::enumeration(Position::ALL.iter().map(|position| position.as_str()));
    let relations = Type::enumeration(Relation::ALL.iter().map(|relation| relation.as_str()));
    let reasons = match form {
        Some(form) if !form.reasons.is_empty() => {
            Type::enumeration(form.reasons.iter().map(|reason| reason.code.as_str()))
        }
        Some(_) | None => Type::Text,
    };
    let mut schema = Schema::new()
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
            "the member works in the external services, on the day of the request or that the form names for it",
        )?
        .required(
            "member.province",
            Type::Text,
            "ISO 3166-2 code of the province of the workplace on that same day; empty when none is known",
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
            "cost.retained",
            Type::Money,
            "what care still costs after refunds, as an agent retains it; unknown before the examination",
        )?;
    for ceiling in &definition.ceilings {
        let (ty, about) = match ceiling.unit {
            CeilingUnit::Money => (Type::Money, "the amount that is left of the ceiling this year"),
            CeilingUnit::Uses => (
                Type::Int,
                "how many uses are left of the ceiling, this one not taken yet",
            ),
        };
        schema = schema.optional(ceiling_fact(ceiling.unit), ty, about)?;
    }
    for field in form.into_iter().flat_map(Form::fields) {
        if let Some(fact) = &field.fact {
            schema = schema.optional(fact, field.kind.fact_type(), &field.label.fr)?;
        }
    }
    Ok(schema)
}

/// The name by which rules read what is left.
pub(crate) const fn ceiling_fact(unit: CeilingUnit) -> &'static str {
    match unit {
        CeilingUnit::Money => "ceiling.left",
        CeilingUnit::Uses => "ceiling.uses_left",
    }
}

/// The facts that the member and the day decide, whatever is answered; the workplace's only while no answer names its day.
pub(crate) const KNOWN_OF_THE_MEMBER: [&str; 5] = [
    "member.position",
    "member.alive",
    "member.external_services",
    "member.province",
    "application.submitted_on",
];

/// Those facts of a member who would ask on that day, with a workplace.
pub(crate) fn of_the_member(member: &MemberFacts, workplace: Option<&Workplace>, on: NaiveDate) -> Facts {
    let (external, province) = workplace.map_or((false, ""), |place| {
        (place.external_services, place.province_iso.as_str())
    });
    Facts::new()
        .with_known("member.position", member.position_on(on).map(Position::as_str))
        .with("member.alive", is_alive(member.death_date, on))
        .with("member.external_services", external)
        .with("member.province", province)
        .with("application.submitted_on", on)
}

/// What is known of one request when it is judged.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Case<'a> {
    pub(crate) member: &'a MemberFacts,
    pub(crate) beneficiary: Beneficiary,
    pub(crate) form: &'a Form,
    pub(crate) answers: &'a Answers,
    /// For whom and in which year the request counts; this request's own use not taken.
    pub(crate) ceiling_left: Option<Left>,
    /// The civil day.
    pub(crate) on: NaiveDate,
}

impl Case<'_> {
    /// Where the member worked on the day that counts for this form.
    fn workplace(&self) -> Option<&Workplace> {
        let day = match &self.form.workplace_on {
            None => self.on,
            Some(field) => match self.answers.fields.get(field) {
                Some(FieldValue::Date(day)) => *day,
                // The catalogue names a required date: a case without it is not judged.
                Some(_) | None => return None,
            },
        };
        self.member.workplace_on(day)
    }

    /// The facts for the rules. An agent's finding, such as the retained cost, is the caller's to add.
    pub(crate) fn facts(&self) -> Facts {
        let papers: Vec<&str> = self.answers.papers.keys().map(String::as_str).collect();
        let mut facts = of_the_member(self.member, self.workplace(), self.on)
            .with("person.relation", self.beneficiary.relation.as_str())
            .with("person.alive", is_alive(self.beneficiary.death_date, self.on))
            .with_known(
                "person.age",
                age_on(self.beneficiary.birth_date, self.on).ok().map(i64::from),
            )
            .with_known("application.reason", self.answers.reason.as_deref())
            .with("application.papers", papers);
        match self.ceiling_left {
            Some(Left::Money(left)) => facts.set(ceiling_fact(CeilingUnit::Money), left),
            Some(Left::Uses(left)) => facts.set(ceiling_fact(CeilingUnit::Uses), left),
            None => {}
        }
        for field in self.form.fields() {
            if let (Some(fact), Some(value)) = (&field.fact, self.answers.fields.get(&field.code)) {
                facts.set(fact.as_str(), fact_of(*value));
            }
        }
        facts
    }
}

fn fact_of(value: FieldValue) -> Value {
    match value {
        FieldValue::Date(day) => day.into(),
        FieldValue::Money(amount) => amount.into(),
        FieldValue::Province(province) => province.iso().into(),
        FieldValue::YesNo(yes) => yes.into(),
        FieldValue::Number(number) => number.into(),
    }
}
