//! Who applies: the cast, and of the generated members the first who can, far fewer than there are members, as in life.

use chrono::{Days, NaiveDate};
use kernel::Province;

use super::calendar::OLDEST;
use crate::demo::cast;
use crate::demo::load::Applicant;
use crate::demo::roster::families::Families;
use crate::demo::roster::line::{Member, Row};

/// Generated applicants of a whole demonstration (an account costs as much to open as a file to examine); a small one has one for each so many members.
const MOST: usize = 44;
const MEMBERS_FOR_ONE: usize = 12;
/// Of these, who work where the air transport support is for.
const TRAVELLERS: usize = 16;
/// They worked where they work before the first flight that is asked for.
const SETTLED: u64 = OLDEST + 60;

/// A member who applies, with family.
#[derive(Clone, Debug)]
pub(crate) struct Household {
    pub(crate) form: Applicant,
    pub(crate) spouses: usize,
    pub(crate) children: usize,
    /// The province of the airport from which they fly; none of those who have no right to the air transport support.
    pub(crate) airport: Option<&'static str>,
}

impl Household {
    pub(crate) fn of<'a>(member: &Member, relatives: impl Iterator<Item = &'a str>) -> Self {
        let (mut spouses, mut children) = (0, 0);
        for row_type in relatives {
            match row_type {
                "spouse" => spouses += 1,
                "child" => children += 1,
                _ => {}
            }
        }
        let right =
            member.external_services && matches!(member.position, "active" | "seconded" | "at_disposal");
        Self {
            form: Applicant {
                key: member.matricule.clone(),
                matricule: member.matricule.clone(),
                cin: member.person.cin.clone(),
                position: member.position.to_owned(),
                email: member.email.clone(),
                pension_number: member.pension_number.clone(),
                locale: member.language,
            },
            spouses,
            children,
            airport: right.then(|| airport(member.province)).flatten(),
        }
    }
}

/// The airport that serves a province of the air transport support: its own, or the next one's.
fn airport(province: &'static str) -> Option<&'static str> {
    let province = Province::from_iso(province)
        .ok()
        .filter(|province| province.is_air_support())?;
    if province.airport().is_some() {
        return Some(province.iso());
    }
    Some(match province.iso() {
        "MA-DRI" => "MA-NAD",
        "MA-BER" | "MA-GUF" | "MA-JRA" | "MA-TAI" => "MA-OUJ",
        "MA-MID" => "MA-ERR",
        "MA-TIN" => "MA-OUA",
        "MA-TAT" => "MA-ZAG",
        "MA-BOD" | "MA-TAF" => "MA-LAA",
        _ => "MA-GUE",
    })
}

/// The cast's, then those of the roster of that size, seed and day.
pub(crate) fn households(members: usize, seed: u64, date: NaiveDate) -> Vec<Household> {
    let mut found = cast::households();
    let wanted = (members / MEMBERS_FOR_ONE).min(MOST);
    let travellers = (wanted * TRAVELLERS).div_ceil(MOST);
    let (mut left_to_travel, mut left_to_stay) = (travellers, wanted - travellers);
    let mut families = Families::new(seed, date);
    let mut left = members.saturating_sub(cast::size(date));
    while left > 0 && left_to_travel + left_to_stay > 0 {
        let (rows, count) = families.next_household(left);
        left = left.saturating_sub(count);
        let Some(household) = able(&rows, count, date) else {
            continue;
        };
        let quota = if household.airport.is_some() {
            &mut left_to_travel
        } else {
            &mut left_to_stay
        };
        if *quota > 0 {
            *quota -= 1;
            found.push(household);
        }
    }
    found
}

/// A member who may apply and can be written to. Not of two who are married: their children stand in both files.
fn able(rows: &[Row], count: usize, date: NaiveDate) -> Option<Household> {
    let (Row::Member(member), relatives) = rows.split_first()? else {
        return None;
    };
    let settled = member.position_from + Days::new(SETTLED) <= date;
    let able = count == 1
        && settled
        && matches!(member.position, "active" | "seconded" | "retired")
        && !member.email.is_empty()
        && !member.rib.is_empty();
    let kinds = relatives.iter().map(|row| match row {
        Row::Member(_) => "member",
        Row::Relative(relative) => relative.row_type,
    });
    able.then(|| Household::of(member, kinds))
}
