//! The chart's rules, hastened: nobody waits ten minutes in a test. Every time in them is divided by the same factor (how long something must
//! last, the windows and offsets of questions, ages in seconds), so that a minute of an operator is a second here; nothing else is touched. The
//! file is the one that the chart puts into a PrometheusRule, as it is.

use regex_lite::{Captures, Regex};

const RULES: &str = include_str!("../../../helm/tadamon/files/rules/tadamon.yaml");
/// How much faster time passes here.
const FACTOR: u64 = 60;

pub(crate) fn hastened() -> String {
    hasten(RULES)
}

fn hasten(rules: &str) -> String {
    let mut text = rules.to_owned();
    for before in ["for: ", r"\[", "offset "] {
        let time = Regex::new(&format!("({before})([0-9]+)([smhd])")).expect("a pattern");
        text = time
            .replace_all(&text, |found: &Captures<'_>| {
                let number: u64 = found[2].parse().expect("digits are a number");
                let seconds = match &found[3] {
                    "s" => 1,
                    "m" => 60,
                    "h" => 3_600,
                    _ => 86_400,
                };
                format!("{}{}ms", &found[1], number * seconds * 1_000 / FACTOR)
            })
            .into_owned();
    }
    let age = Regex::new(r"(_age_seconds(?:\{[^}]*\})?\) > )([0-9]+)").expect("a pattern");
    age.replace_all(&text, |found: &Captures<'_>| {
        let seconds: u32 = found[2].parse().expect("digits are a number");
        format!("{}{}", &found[1], f64::from(seconds) / FACTOR as f64)
    })
    .into_owned()
}

#[test]
fn every_time_of_the_rules_is_hastened_and_nothing_else() {
    let rules = "expr: max(a_age_seconds) > 30 or max(a_age_seconds{b=~\".*\"}) > 30 and rate(b[5m]) > 14.4 * 0.001 and c offset 1h > 5000\nfor: 2m\n";
    let wanted = "expr: max(a_age_seconds) > 0.5 or max(a_age_seconds{b=~\".*\"}) > 0.5 and rate(b[5000ms]) > 14.4 * 0.001 and c offset 60000ms > 5000\nfor: 2000ms\n";
    assert_eq!(hasten(rules), wanted);
    let left = Regex::new(r"(for: |\[|offset )[0-9]+[smhd][\] \n]").expect("a pattern");
    let hastened = hastened();
    assert!(left.find(&hastened).is_none(), "{:?}", left.find(&hastened));
    assert_eq!(
        hastened.matches("- alert: ").count(),
        RULES.matches("- alert: ").count()
    );
    assert_eq!(hastened.matches("ms\n").count(), RULES.matches(" for: ").count());
}
