//! Amounts as partners write them: dirhams as a text with exactly two decimals, `120.00`. A JSON number would pass through floating point somewhere.

use kernel::Money;

/// Digits before the point: ten million dirhams is no coach ticket.
const MOST_DIGITS: usize = 7;

/// Reads the one spelling: no sign, no leading zero, no group, two decimals. `None` for anything else.
pub(crate) fn parse(text: &str) -> Option<Money> {
    let (whole, decimals) = text.split_once('.')?;
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    let plain = digits(whole) && whole.len() <= MOST_DIGITS && (whole == "0" || !whole.starts_with('0'));
    if !(plain && digits(decimals) && decimals.len() == 2) {
        return None;
    }
    let whole: i64 = whole.parse().ok()?;
    let decimals: i64 = decimals.parse().ok()?;
    Some(Money::from_centimes(whole * 100 + decimals))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn only_two_decimals_and_a_point_are_an_amount() {
        assert_eq!(parse("120.00"), Some(Money::from_centimes(12_000)));
        assert_eq!(parse("0.05"), Some(Money::from_centimes(5)));
        assert_eq!(parse("9999999.99"), Some(Money::from_centimes(999_999_999)));
        for text in [
            "",
            "120",
            "120.0",
            "120.000",
            "120,00",
            "-1.00",
            "+1.00",
            "01.00",
            "1 200.00",
            "1e3.00",
            ".50",
            "1.",
            "٣.٠٠",
            "10000000.00",
            "NaN",
            "120.00 ",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn an_amount_reads_back_as_it_is_written(centimes in 0_i64..=999_999_999) {
            let money = Money::from_centimes(centimes);
            prop_assert_eq!(parse(&money.to_string()), Some(money));
        }

        #[test]
        fn any_text_is_read_without_a_panic(text in ".{0,24}") {
            let _amount_or_not = parse(&text);
        }
    }
}
