//! Money in whole centimes of the dirham, and percentages in basis points. No floating point comes near.
//!
//! Every operation that can leave the range gives `None` or an error; nothing wraps, saturates or panics.
//! Only the dirham exists here, and the choice of the unit's word in each language is [`crate::civil`]'s.

use std::fmt;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::digits::{ascii_digit, is_invisible};

/// U+202F, between groups of three digits. Its direction class lets an amount stand inside an Arabic
/// sentence without its groups changing places.
const GROUP_SPACE: char = '\u{202F}';

/// An amount in centimes (0.01 dirham). Serialised as that whole number.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Money(i64);

/// Why a text is not an amount or a percentage.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum MoneyError {
    /// Nothing but spaces.
    #[error("the amount is missing")]
    Empty,
    /// A letter, two decimal signs, more than two decimals, or groups that are not of three digits.
    #[error("not an amount: digits, then at most two decimals after a comma or a dot")]
    NotAnAmount,
    /// More than the type can hold.
    #[error("the amount is too large")]
    TooLarge,
}

impl Money {
    /// Nothing.
    pub const ZERO: Money = Money(0);
    /// The largest amount that can be held.
    pub const MAX: Money = Money(i64::MAX);

    /// An amount of that many centimes.
    #[must_use]
    pub const fn from_centimes(centimes: i64) -> Self {
        Self(centimes)
    }

    /// An amount of that many whole dirhams; `None` when it cannot be held.
    #[must_use]
    pub const fn from_dirhams(dirhams: i64) -> Option<Self> {
        match dirhams.checked_mul(100) {
            Some(centimes) => Some(Self(centimes)),
            None => None,
        }
    }

    /// The amount in centimes.
    #[must_use]
    pub const fn centimes(self) -> i64 {
        self.0
    }

    /// Below nothing.
    #[must_use]
    pub const fn is_negative(self) -> bool {
        self.0 < 0
    }

    /// Exactly nothing.
    #[must_use]
    pub const fn is_zero(self) -> bool {
        self.0 == 0
    }

    /// The sum; `None` when it cannot be held.
    #[must_use]
    pub const fn checked_add(self, other: Money) -> Option<Money> {
        match self.0.checked_add(other.0) {
            Some(centimes) => Some(Money(centimes)),
            None => None,
        }
    }

    /// The difference, possibly negative; `None` when it cannot be held.
    #[must_use]
    pub const fn checked_sub(self, other: Money) -> Option<Money> {
        match self.0.checked_sub(other.0) {
            Some(centimes) => Some(Money(centimes)),
            None => None,
        }
    }

    /// The amount so many times; `None` when it cannot be held.
    #[must_use]
    pub const fn checked_mul(self, times: i64) -> Option<Money> {
        match self.0.checked_mul(times) {
            Some(centimes) => Some(Money(centimes)),
            None => None,
        }
    }

    /// The sum of many amounts; `None` when it cannot be held.
    pub fn checked_sum(amounts: impl IntoIterator<Item = Money>) -> Option<Money> {
        amounts.into_iter().try_fold(Money::ZERO, Money::checked_add)
    }

    /// That share of the amount, rounded half-up to the centime (a negative amount rounds as its opposite
    /// does, so that a correction cancels exactly). `None` only for shares above 100 % that cannot be held.
    #[must_use]
    pub fn share(self, share: BasisPoints) -> Option<Money> {
        let scaled = i128::from(self.0) * i128::from(share.0);
        let full = i128::from(BasisPoints::FULL.0);
        let magnitude = (scaled.abs() + full / 2) / full;
        i64::try_from(magnitude * scaled.signum()).ok().map(Money)
    }

    /// Reads an amount in dirhams: `1850`, `1850.50`, `1 850,50`, Arabic digits and `٫` as well. Spaces may
    /// group the whole part by three; one or two decimals; a leading minus sign.
    pub fn parse(text: &str) -> Result<Self, MoneyError> {
        parse_hundredths(text).map(Self)
    }

    /// The amount in dirhams with no-break groups and a decimal comma: `1 250,50`. The unit is not added.
    #[must_use]
    pub fn amount_fr(self) -> String {
        let whole = (self.0.unsigned_abs() / 100).to_string();
        let mut text = String::with_capacity(whole.len() + 12);
        if self.is_negative() {
            text.push('-');
        }
        for (at, digit) in whole.chars().enumerate() {
            if at > 0 && (whole.len() - at).is_multiple_of(3) {
                text.push(GROUP_SPACE);
            }
            text.push(digit);
        }
        text.push_str(&format!(",{:02}", self.0.unsigned_abs() % 100));
        text
    }
}

impl fmt::Display for Money {
    /// The plain decimal form for files and logs: `1250.50`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&plain(self.is_negative(), self.0.unsigned_abs()))
    }
}

impl std::str::FromStr for Money {
    type Err = MoneyError;

    fn from_str(text: &str) -> Result<Self, MoneyError> {
        Self::parse(text)
    }
}

/// A percentage in hundredths of a percent: 3,000 is 30 %. Serialised as that whole number.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct BasisPoints(u32);

impl BasisPoints {
    /// 0 %.
    pub const ZERO: BasisPoints = BasisPoints(0);
    /// 100 %.
    pub const FULL: BasisPoints = BasisPoints(10_000);

    /// So many hundredths of a percent. More than 100 % is allowed: some scales pay it.
    #[must_use]
    pub const fn new(basis_points: u32) -> Self {
        Self(basis_points)
    }

    /// So many whole percents; `None` when it cannot be held.
    #[must_use]
    pub const fn from_percent(percent: u32) -> Option<Self> {
        match percent.checked_mul(100) {
            Some(basis_points) => Some(Self(basis_points)),
            None => None,
        }
    }

    /// The share in hundredths of a percent.
    #[must_use]
    pub const fn value(self) -> u32 {
        self.0
    }

    /// Reads a percentage: `30`, `30 %`, `2,75`, `2.75%`. Never negative.
    pub fn parse_percent(text: &str) -> Result<Self, MoneyError> {
        let text = text.trim_end();
        let hundredths = parse_hundredths(text.strip_suffix(['%', '\u{066A}']).unwrap_or(text))?;
        if hundredths < 0 {
            return Err(MoneyError::NotAnAmount);
        }
        u32::try_from(hundredths)
            .map(Self)
            .map_err(|_| MoneyError::TooLarge)
    }

    /// The percentage for a page, without needless decimals and with a no-break space: `30 %`, `2,75 %`.
    #[must_use]
    pub fn percent_fr(self) -> String {
        format!("{}\u{00A0}%", self.trimmed(','))
    }

    fn trimmed(self, decimal_sign: char) -> String {
        let (whole, rest) = (self.0 / 100, self.0 % 100);
        match (rest, rest % 10) {
            (0, _) => format!("{whole}"),
            (_, 0) => format!("{whole}{decimal_sign}{}", rest / 10),
            _ => format!("{whole}{decimal_sign}{rest:02}"),
        }
    }
}

impl fmt::Display for BasisPoints {
    /// The plain form for files and logs: `30%`, `2.75%`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&format!("{}%", self.trimmed('.')))
    }
}

fn plain(negative: bool, hundredths: u64) -> String {
    let sign = if negative { "-" } else { "" };
    format!("{sign}{}.{:02}", hundredths / 100, hundredths % 100)
}

/// A decimal text as whole hundredths. A dot is only ever a decimal sign: `1.850` is refused rather than
/// guessed at.
fn parse_hundredths(text: &str) -> Result<i64, MoneyError> {
    let clean: String = text
        .chars()
        .filter(|c| !is_invisible(*c))
        .map(ascii_digit)
        .collect();
    let clean = clean.trim();
    if clean.is_empty() {
        return Err(MoneyError::Empty);
    }
    let (negative, unsigned) = match clean.strip_prefix(['-', '\u{2212}']) {
        Some(rest) => (true, rest),
        None => (false, clean),
    };
    let (whole, decimals) = match unsigned.split_once([',', '.', '\u{066B}']) {
        Some((whole, decimals)) => (whole, read_decimals(decimals)?),
        None => (unsigned, 0),
    };
    let magnitude = read_whole(whole)?
        .checked_mul(100)
        .and_then(|hundredths| hundredths.checked_add(decimals))
        .ok_or(MoneyError::TooLarge)?;
    i64::try_from(if negative { -magnitude } else { magnitude }).map_err(|_| MoneyError::TooLarge)
}

fn read_decimals(decimals: &str) -> Result<i128, MoneyError> {
    match decimals.as_bytes() {
        [tens @ b'0'..=b'9'] => Ok(i128::from(tens - b'0') * 10),
        [tens @ b'0'..=b'9', units @ b'0'..=b'9'] => {
            Ok(i128::from(tens - b'0') * 10 + i128::from(units - b'0'))
        }
        _ => Err(MoneyError::NotAnAmount),
    }
}

fn read_whole(whole: &str) -> Result<i128, MoneyError> {
    let is_group_sign = |c: char| c.is_whitespace() || c == '\u{066C}';
    let mut value: i128 = 0;
    for (at, group) in whole.split(is_group_sign).enumerate() {
        let grouped_well = if at == 0 {
            !group.is_empty()
        } else {
            group.len() == 3
        };
        if !grouped_well || !group.bytes().all(|b| b.is_ascii_digit()) {
            return Err(MoneyError::NotAnAmount);
        }
        if at == 1
            && whole
                .split(is_group_sign)
                .next()
                .is_some_and(|first| first.len() > 3)
        {
            return Err(MoneyError::NotAnAmount);
        }
        for digit in group.bytes() {
            value = value
                .checked_mul(10)
                .and_then(|tens| tens.checked_add(i128::from(digit - b'0')))
                .ok_or(MoneyError::TooLarge)?;
        }
    }
    Ok(value)
}

#[cfg(test)]
mod tests;
