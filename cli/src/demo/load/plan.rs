//! Which applications the demonstration has, and every step of each: who does what, and when. Pure: the same people, seed and anchor date give
//! the same plan, so that a load that was interrupted goes on with it. Carrying it out is the loader's; nothing here knows a service.
//!
//! About 400 files over fourteen months. The cast's are written out, one for each thing that is there to be shown; those of the other
//! applicants are dealt.

mod applicants;
mod calendar;
mod cast;
mod dealt;
mod standing;
mod story;

use chrono::{DateTime, NaiveDate, Utc};

pub(crate) use applicants::{Household, households};
#[cfg(test)]
use standing::Standing;

/// A service of the catalogue that takes requests.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Benefit {
    HealthAid,
    AirTransport,
}

/// Whom a request is for: the nth spouse or child of the record, from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Concerned {
    Member,
    Spouse(usize),
    Child(usize),
}

/// Agents who examine and decide, each by the name of the cast.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Agent {
    CaseOfficer,
    CaseOfficer2,
    HealthReviewer,
    Validator,
}

/// A return flight.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Trip {
    pub(crate) outward_on: NaiveDate,
    pub(crate) return_on: NaiveDate,
    pub(crate) from: &'static str,
    pub(crate) to: &'static str,
    pub(crate) is_return: bool,
}

/// Why something is to be corrected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Cause {
    Incorrect,
    Incomplete,
    Outdated,
}

/// An answer or paper that an agent asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Asked {
    pub(crate) item: Item,
    pub(crate) cause: Cause,
    /// For the member, in their language; empty from a health reviewer.
    pub(crate) note: &'static str,
}

/// What can be asked for, by its code in the form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Item {
    Field(&'static str),
    Paper(&'static str),
}

/// One call of somebody.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum What {
    Start,
    Bank,
    Person(Concerned),
    Reason(&'static str),
    Consent,
    Trip(Trip),
    /// In centimes.
    Price(i64),
    Paper(&'static str),
    Submit,
    Resend,
    Withdraw,
    Take(Agent),
    Open(Agent, &'static str),
    /// The retained cost in centimes of a favourable one.
    Opinion(Option<i64>),
    Ask(Agent, Asked),
    StopWaiting(Agent),
    ProposeGrant(Agent),
    ProposeRefusal(Agent, &'static str),
    Grant,
    Refuse(&'static str),
    SendBack(&'static str),
    Note(Agent, &'static str),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Step {
    pub(crate) at: DateTime<Utc>,
    pub(crate) what: What,
}

/// A request from its first page to where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct PlannedFile {
    /// Index of the household.
    pub(crate) owner: usize,
    /// Of its owner, and never changed: the idempotency keys of its steps follow from it.
    pub(crate) label: String,
    pub(crate) benefit: Benefit,
    pub(crate) steps: Vec<Step>,
}

impl Benefit {
    pub(crate) const fn code(self) -> &'static str {
        match self {
            Self::HealthAid => "exceptional_health_aid",
            Self::AirTransport => "air_transport_support",
        }
    }

    /// The papers of its form and their class.
    pub(crate) const fn papers(self) -> (&'static [&'static str], &'static str) {
        match self {
            Self::HealthAid => (&["medical_file"], "health_paper"),
            Self::AirTransport => (&["boarding_pass", "payment_proof"], "travel_paper"),
        }
    }
}

impl Agent {
    pub(crate) const ALL: [Self; 4] = [
        Self::CaseOfficer,
        Self::CaseOfficer2,
        Self::HealthReviewer,
        Self::Validator,
    ];

    /// As `tadamon demo code` knows them.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::CaseOfficer => "case_officer",
            Self::CaseOfficer2 => "case_officer_2",
            Self::HealthReviewer => "health_reviewer",
            Self::Validator => "validator",
        }
    }
}

impl PlannedFile {
    /// The instant and civil year of its sending; none of a draft.
    pub(crate) fn sent(&self) -> Option<(DateTime<Utc>, i32)> {
        let step = self.steps.iter().find(|step| step.what == What::Submit)?;
        Some((step.at, kernel::civil::civil_year(step.at)))
    }
}

/// Every file, in the order of its households.
pub(crate) fn files(households: &[Household], seed: u64, anchor: NaiveDate) -> Vec<PlannedFile> {
    let mut files = Vec::new();
    for (owner, household) in households.iter().enumerate() {
        let stories = cast::of(household, anchor).unwrap_or_else(|| dealt::of(household, seed, anchor));
        for (number, story) in stories.into_iter().enumerate() {
            let (benefit, steps) = story.told();
            files.push(PlannedFile {
                owner,
                label: format!("{}/{number}", household.form.matricule),
                benefit,
                steps,
            });
        }
    }
    files
}

#[cfg(test)]
mod tests;
