//! A line of the roster as data, written in the order of the contract's columns. What stands in it is the caller's.

use std::fmt;

use chrono::NaiveDate;
use kernel::Rib;

/// Anybody. `sex` is `F` or `M`; empty `cin`: none.
#[derive(Clone)]
pub(crate) struct Person {
    pub(crate) last_fr: String,
    pub(crate) first_fr: String,
    pub(crate) last_ar: String,
    pub(crate) first_ar: String,
    pub(crate) sex: char,
    pub(crate) birth: NaiveDate,
    pub(crate) cin: String,
    pub(crate) disability: bool,
    pub(crate) death_date: Option<NaiveDate>,
}

/// A member's own columns.
#[derive(Clone)]
pub(crate) struct Member {
    pub(crate) matricule: String,
    pub(crate) person: Person,
    pub(crate) pension_number: String,
    pub(crate) position: &'static str,
    pub(crate) position_from: NaiveDate,
    pub(crate) position_to: Option<NaiveDate>,
    pub(crate) province: &'static str,
    pub(crate) external_services: bool,
    pub(crate) rib: String,
    pub(crate) email: String,
    pub(crate) language: &'static str,
}

/// A relative under the member's matricule.
#[derive(Clone)]
pub(crate) struct Relative {
    pub(crate) row_type: &'static str,
    pub(crate) matricule: String,
    pub(crate) no: u8,
    pub(crate) child_key: String,
    pub(crate) guardian_no: Option<u8>,
    pub(crate) person: Person,
}

/// One line.
pub(crate) enum Row {
    Member(Member),
    Relative(Relative),
}

fn day(date: Option<NaiveDate>) -> String {
    date.map(|date| date.to_string()).unwrap_or_default()
}

fn yes(value: bool) -> &'static str {
    if value { "yes" } else { "" }
}

impl fmt::Display for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Row::Member(m) => {
                let p = &m.person;
                write!(
                    f,
                    "member;{};;;{};{};{};{};",
                    m.matricule, p.last_fr, p.first_fr, p.last_ar, p.first_ar
                )?;
                write!(
                    f,
                    "{};{};{};{};{};",
                    p.sex, p.birth, p.cin, m.pension_number, m.position
                )?;
                write!(f, "{};{};{};", m.position_from, day(m.position_to), m.province)?;
                write!(
                    f,
                    "{};{};{};{};",
                    yes(m.external_services),
                    m.rib,
                    m.email,
                    m.language
                )?;
                write!(f, "{};;{}", yes(p.disability), day(p.death_date))
            }
            Row::Relative(r) => {
                let p = &r.person;
                let guardian = r.guardian_no.map(|no| no.to_string()).unwrap_or_default();
                write!(f, "{};{};{};{};", r.row_type, r.matricule, r.no, r.child_key)?;
                write!(f, "{};{};{};{};", p.last_fr, p.first_fr, p.last_ar, p.first_ar)?;
                write!(f, "{};{};{};;;;;;;;;;", p.sex, p.birth, p.cin)?;
                write!(f, "{};{guardian};{}", yes(p.disability), day(p.death_date))
            }
        }
    }
}

/// A right account number of the demonstration bank (999).
pub(crate) fn rib(city: &str, account: u64) -> String {
    let account = format!("{account:016}");
    Rib::from_parts("999", city, &account)
        .map(|rib| rib.as_str().to_owned())
        .unwrap_or_default()
}
