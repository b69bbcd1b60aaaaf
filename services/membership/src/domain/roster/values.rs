//! The rule of each column's value. A refusal is a reason, never the value.
//!
//! Which columns a type of line must, may or may not fill is decided in `line`.

use chrono::{Datelike, NaiveDate};
use kernel::{Cin, EmailAddress, Locale, Matricule, PensionNumber, Position, Province, Rib};

use super::Reason;
use crate::domain::person::Sex;

const MAX_NAME_CHARACTERS: usize = 80;
const MAX_CHILD_KEY: usize = 40;
const OLDEST_YEAR: i32 = 1900;
/// Dates of a contract that ends later are typing errors.
const LATEST_YEAR: i32 = 2100;

pub(super) fn matricule(text: &str) -> Result<Matricule, Reason> {
    Matricule::parse(text).map_err(|_| Reason::BadMatricule)
}

pub(super) fn relative_no(text: &str) -> Result<i16, Reason> {
    small_number(text).ok_or(Reason::BadRelativeNo)
}

pub(super) fn guardian_no(text: &str) -> Result<i16, Reason> {
    small_number(text).ok_or(Reason::BadGuardianNo)
}

fn small_number(text: &str) -> Option<i16> {
    let digits_only = (1..=2).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
    let number = digits_only.then(|| text.parse().ok()).flatten()?;
    (number >= 1).then_some(number)
}

pub(super) fn child_key(text: &str) -> Result<String, Reason> {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
    if (1..=MAX_CHILD_KEY).contains(&text.len()) && text.bytes().all(plain) {
        Ok(text.to_owned())
    } else {
        Err(Reason::BadChildKey)
    }
}

pub(super) fn name_fr(text: &str) -> Result<String, Reason> {
    name(text, |c| c.is_alphabetic() && !is_arabic(c))
}

pub(super) fn name_ar(text: &str) -> Result<String, Reason> {
    name(text, is_arabic)
}

fn name(text: &str, is_letter: impl Fn(char) -> bool) -> Result<String, Reason> {
    let joins = |c: char| matches!(c, ' ' | '-' | '\'' | '\u{2019}' | '.');
    let fits = text.chars().count() <= MAX_NAME_CHARACTERS
        && text.chars().any(&is_letter)
        && text.chars().all(|c| is_letter(c) || joins(c));
    if fits {
        Ok(text.to_owned())
    } else {
        Err(Reason::BadName)
    }
}

/// Letters, vowel signs and the stretching line of the Arabic block; not its digits, not its signs.
fn is_arabic(c: char) -> bool {
    matches!(c, '\u{0620}'..='\u{065F}' | '\u{0670}'..='\u{06D3}' | '\u{0750}'..='\u{077F}')
}

pub(super) fn sex(text: &str) -> Result<Sex, Reason> {
    match text {
        "F" => Ok(Sex::Female),
        "M" => Ok(Sex::Male),
        _ => Err(Reason::BadSex),
    }
}

/// `YYYY-MM-DD` and nothing else: no sign, no short month, no time.
pub(super) fn date(text: &str) -> Result<NaiveDate, Reason> {
    let shaped = text.len() == 10
        && text.bytes().enumerate().all(|(at, byte)| match at {
            4 | 7 => byte == b'-',
            _ => byte.is_ascii_digit(),
        });
    let date = shaped
        .then(|| NaiveDate::parse_from_str(text, "%Y-%m-%d").ok())
        .flatten();
    date.filter(|date| (OLDEST_YEAR..=LATEST_YEAR).contains(&date.year()))
        .ok_or(Reason::BadDate)
}

pub(super) fn birth_date(text: &str, today: NaiveDate) -> Result<NaiveDate, Reason> {
    let date = date(text)?;
    if date > today {
        return Err(Reason::BirthDateInFuture);
    }
    Ok(date)
}

pub(super) fn death_date(text: &str, today: NaiveDate) -> Result<NaiveDate, Reason> {
    let date = date(text)?;
    if date > today {
        return Err(Reason::DeathDateInFuture);
    }
    Ok(date)
}

pub(super) fn cin(text: &str) -> Result<Cin, Reason> {
    Cin::parse(text).map_err(|_| Reason::BadCin)
}

pub(super) fn pension_number(text: &str) -> Result<PensionNumber, Reason> {
    PensionNumber::parse(text).map_err(|_| Reason::BadPensionNumber)
}

pub(super) fn position(text: &str) -> Result<Position, Reason> {
    Position::parse(text).map_err(|_| Reason::UnknownPosition)
}

pub(super) fn province(text: &str) -> Result<Province, Reason> {
    Province::from_iso(text).map_err(|_| Reason::UnknownProvince)
}

pub(super) fn rib(text: &str) -> Result<Rib, Reason> {
    Rib::parse(text).map_err(|_| Reason::BadRib)
}

pub(super) fn email(text: &str) -> Result<EmailAddress, Reason> {
    EmailAddress::parse(text).map_err(|_| Reason::BadEmail)
}

pub(super) fn language(text: &str) -> Result<Locale, Reason> {
    Locale::parse(text).map_err(|_| Reason::UnknownLanguage)
}

/// Empty means no.
pub(super) fn yes_no(text: &str) -> Result<bool, Reason> {
    match text {
        "yes" => Ok(true),
        "no" | "" => Ok(false),
        _ => Err(Reason::BadYesNo),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_is_ten_characters_of_a_real_day() {
        assert!(date("2024-02-29").is_ok());
        for bad in [
            "2023-02-29",
            "2023-2-1",
            "01/02/2023",
            "2023-13-01",
            "1899-12-31",
            "2101-01-01",
            "",
            "٢٠٢٣-٠١-٠١",
            "2023-01-01T00:00",
        ] {
            assert_eq!(date(bad), Err(Reason::BadDate), "{bad}");
        }
    }

    #[test]
    fn a_name_is_written_in_the_script_of_its_column() {
        for good in ["Aït Lahcen", "El Khattabi", "Benjelloun-Touimi", "N'Aït"] {
            assert!(name_fr(good).is_ok(), "{good}");
        }
        assert!(name_ar("آيت لحسن").is_ok());
        assert_eq!(name_fr("آيت"), Err(Reason::BadName));
        assert_eq!(name_ar("Ait"), Err(Reason::BadName));
        assert_eq!(name_fr("A1"), Err(Reason::BadName));
        assert_eq!(name_fr(" - "), Err(Reason::BadName));
        assert_eq!(name_fr(&"a".repeat(81)), Err(Reason::BadName));
    }

    #[test]
    fn a_relative_number_goes_from_1_to_99() {
        assert_eq!(relative_no("1"), Ok(1));
        assert_eq!(relative_no("99"), Ok(99));
        for bad in ["", "0", "00", "100", "1.0", "x", "-1"] {
            assert_eq!(relative_no(bad), Err(Reason::BadRelativeNo), "{bad}");
        }
    }
}
