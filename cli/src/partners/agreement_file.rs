//! An agreement as an operator writes it: a TOML file with the words of docs/partners.md. Spelling only; what the terms must satisfy is
//! partnerships' to say.

use std::path::Path;

use chrono::NaiveDate;
use kernel::BasisPoints;
use partnerships_proto::v1::{AgreementTerms, Counter, Offer};
use serde::Deserialize;

use crate::exit::Failure;

/// The file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct AgreementFile {
    pub(crate) reference: String,
    valid_from: NaiveDate,
    valid_to: Option<NaiveDate>,
    categories: Vec<String>,
    #[serde(default)]
    positions: Vec<String>,
    children: Option<Children>,
    #[serde(default)]
    cndp_reference: String,
    offers: Vec<OfferLine>,
    counters: Vec<CounterLine>,
}

/// Ages of children.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Children {
    from: u32,
    to: u32,
    mode: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct OfferLine {
    code: String,
    name_ar: String,
    name_fr: String,
    /// `30` or `27.5`.
    percent: String,
    #[serde(default)]
    per_day: u32,
    #[serde(default)]
    per_month: u32,
    #[serde(default)]
    per_year: u32,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct CounterLine {
    code: String,
    name_ar: String,
    name_fr: String,
}

impl AgreementFile {
    /// # Errors
    /// A file that cannot be read, or is not an agreement.
    pub(crate) fn open(path: &Path) -> Result<Self, Failure> {
        let text = std::fs::read_to_string(path)
            .map_err(|error| Failure::refused(format!("{}: {error}", path.display())))?;
        Self::parse(&text).map_err(|problem| Failure::refused(format!("{}: {problem}", path.display())))
    }

    /// # Errors
    /// What is wrong, in one line.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let file: Self = toml::from_str(text).map_err(|error| error.message().replace('\n', " "))?;
        match file
            .offers
            .iter()
            .find(|offer| BasisPoints::parse_percent(&offer.percent).is_err())
        {
            Some(offer) => Err(format!("percent of {} is no percentage", offer.code)),
            None => Ok(file),
        }
    }

    /// As the contract writes it.
    pub(crate) fn terms(&self) -> AgreementTerms {
        let children = self.children.as_ref();
        AgreementTerms {
            valid_from: self.valid_from.to_string(),
            valid_to: self.valid_to.map(|day| day.to_string()).unwrap_or_default(),
            categories: self.categories.clone(),
            positions: self.positions.clone(),
            child_age_from: children.map_or(0, |ages| ages.from),
            child_age_to: children.map_or(0, |ages| ages.to),
            child_age_mode: children.map_or("whole_year", |ages| &ages.mode).to_owned(),
            offers: self.offers.iter().map(offer).collect(),
            counters: self
                .counters
                .iter()
                .map(|counter| Counter {
                    code: counter.code.clone(),
                    name_ar: counter.name_ar.clone(),
                    name_fr: counter.name_fr.clone(),
                })
                .collect(),
            cndp_reference: self.cndp_reference.clone(),
        }
    }
}

fn offer(line: &OfferLine) -> Offer {
    Offer {
        code: line.code.clone(),
        name_ar: line.name_ar.clone(),
        name_fr: line.name_fr.clone(),
        percent_basis_points: BasisPoints::parse_percent(&line.percent).map_or(0, BasisPoints::value),
        per_day: line.per_day,
        per_month: line.per_month,
        per_year: line.per_year,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::demo::COACH_AGREEMENT;

    #[test]
    fn the_demonstration_s_agreement_says_thirty_percent_for_children_of_4_to_21() {
        let file = AgreementFile::parse(COACH_AGREEMENT).unwrap();
        let terms = file.terms();
        assert_eq!(terms.valid_from, "2020-12-01");
        assert_eq!(terms.offers[0].percent_basis_points, 3_000);
        assert_eq!(
            (
                terms.child_age_from,
                terms.child_age_to,
                terms.child_age_mode.as_str()
            ),
            (4, 21, "whole_year")
        );
        assert_eq!(terms.categories, ["member", "spouse", "child"]);
    }

    #[test]
    fn a_wrong_file_is_told_in_one_line() {
        for (from, to) in [
            ("percent = \"30\"", "percent = \"thirty\""),
            ("reference = ", "refrence = "),
            ("2020-12-01", "2020-13-01"),
            ("[[counters]]", "[[desks]]"),
        ] {
            let text = COACH_AGREEMENT.replace(from, to);
            assert_ne!(text, COACH_AGREEMENT, "{from}");
            let problem = AgreementFile::parse(&text).unwrap_err();
            assert!(!problem.contains('\n') && !problem.is_empty(), "{problem}");
        }
    }
}
