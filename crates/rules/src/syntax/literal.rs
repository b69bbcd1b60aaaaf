//! The texts inside `money("..")`, `percent("..")` and `date("..")`, read and written in one form only, so that two
//! rules that mean the same look the same. Tables and settings use the same forms.

use chrono::{Datelike, NaiveDate};
use kernel::money::{BasisPoints, Money};

/// `1850` or `1850.50` dirhams, without sign, separator or currency. At most 13 digits before the point.
pub(crate) fn parse_money(text: &str) -> Option<Money> {
    parse_hundredths(text, 13, true).map(Money::from_centimes)
}

/// `30`, `12.5` or `12.25` per cent, from 0 to 100.
pub(crate) fn parse_percent(text: &str) -> Option<BasisPoints> {
    let basis_points = parse_hundredths(text, 3, false)?;
    if basis_points > 10_000 {
        return None;
    }
    Some(BasisPoints::new(u32::try_from(basis_points).ok()?))
}

/// `2020-12-01`: four, two and two digits, years 0001 to 9999.
pub(crate) fn parse_date(text: &str) -> Option<NaiveDate> {
    let bytes = text.as_bytes();
    let dash = |place: usize| bytes.get(place) == Some(&b'-');
    if bytes.len() != 10 || !dash(4) || !dash(7) {
        return None;
    }
    let number = |range: std::ops::Range<usize>| -> Option<u32> {
        let part = text.get(range)?;
        part.bytes()
            .all(|b| b.is_ascii_digit())
            .then(|| part.parse().ok())?
    };
    let year = number(0..4)?;
    if year == 0 {
        return None;
    }
    NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, number(5..7)?, number(8..10)?)
}

pub(crate) fn format_money(money: Money) -> String {
    money.to_string()
}

pub(crate) fn format_percent(percent: BasisPoints) -> String {
    percent.to_string().trim_end_matches('%').to_owned()
}

pub(crate) fn format_date(date: NaiveDate) -> String {
    format!("{:04}-{:02}-{:02}", date.year(), date.month(), date.day())
}

/// Digits with an optional point and one or two decimals (exactly two when `cents`), in hundredths.
fn parse_hundredths(text: &str, most_digits: usize, cents: bool) -> Option<i64> {
    let (whole, decimals) = match text.split_once('.') {
        Some((_, "")) => return None,
        Some((whole, decimals)) => (whole, decimals),
        None => (text, ""),
    };
    let digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
    let decimals_fit = match decimals.len() {
        0 | 2 => true,
        1 => !cents,
        _ => false,
    };
    if whole.is_empty() || whole.len() > most_digits || !decimals_fit || !digits(whole) || !digits(decimals) {
        return None;
    }
    if whole.len() > 1 && whole.starts_with('0') {
        return None;
    }
    let fraction: i64 = match decimals.len() {
        0 => 0,
        1 => decimals.parse::<i64>().ok()? * 10,
        _ => decimals.parse().ok()?,
    };
    whole.parse::<i64>().ok()?.checked_mul(100)?.checked_add(fraction)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn money_is_read_in_one_form_only() {
        for (text, centimes) in [("0", 0), ("0.01", 1), ("20000.00", 2_000_000), ("1850", 185_000)] {
            assert_eq!(parse_money(text).map(|m| m.centimes()), Some(centimes), "{text}");
        }
        for text in [
            "",
            ".",
            "1.",
            ".5",
            "1.5",
            "1.555",
            "-1",
            "+1",
            "1,50",
            "1 850",
            "01",
            "1e3",
            "٣",
            "12345678901234",
        ] {
            assert_eq!(parse_money(text), None, "{text}");
        }
    }

    #[test]
    fn a_percentage_stays_between_nought_and_a_hundred() {
        for (text, basis_points) in [
            ("0", 0),
            ("30", 3000),
            ("12.5", 1250),
            ("12.25", 1225),
            ("100", 10_000),
        ] {
            assert_eq!(
                parse_percent(text).map(|p| p.value()),
                Some(basis_points),
                "{text}"
            );
            assert_eq!(parse_percent(text).map(format_percent).as_deref(), Some(text));
        }
        for text in ["", "100.01", "101", "-1", "30%", "1.234"] {
            assert_eq!(parse_percent(text), None, "{text}");
        }
    }

    #[test]
    fn a_date_must_exist_and_be_written_in_full() {
        assert_eq!(parse_date("2020-02-29"), NaiveDate::from_ymd_opt(2020, 2, 29));
        for text in [
            "2021-02-29",
            "2020-2-29",
            "0000-01-01",
            "2020-13-01",
            "20200101",
            "+020-01-01",
            "2020-01-0é",
            "é20-01-01",
        ] {
            assert_eq!(parse_date(text), None, "{text}");
        }
    }
}
