//! The second factor: what a session still has to prove, and codes that change every 30 seconds (RFC 6238). Computing a code is `totp.rs`.

use chrono::{DateTime, Utc};

/// Seconds of one step.
pub(crate) const STEP_SECONDS: i64 = 30;
/// How many recovery codes an enrolment gives.
pub(crate) const RECOVERY_CODES: usize = 10;

/// What a session still has to prove.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SecondFactor {
    /// A member: none is asked.
    NotAsked,
    /// An agent without one enrols it first.
    Enrol,
    /// An agent who has one gives a code.
    Verify,
    /// Proved in this session.
    Done,
}

impl SecondFactor {
    /// From what is known of the account and its session.
    pub(crate) fn of(is_agent: bool, enrolled: bool, proved: bool) -> Self {
        match (is_agent, enrolled, proved) {
            (false, _, _) => Self::NotAsked,
            (true, true, true) => Self::Done,
            (true, true, false) => Self::Verify,
            // A session that was proved by a factor that is gone since proves nothing.
            (true, false, _) => Self::Enrol,
        }
    }

    /// As the edge reads it.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::NotAsked => "none",
            Self::Enrol => "enrol",
            Self::Verify => "verify",
            Self::Done => "done",
        }
    }
}

/// Six digits as they were typed.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct OneTimeCode(String);

impl OneTimeCode {
    /// Takes spaces, hyphens and Arabic digits; `None` for what is not six digits.
    pub(crate) fn parse(typed: &str) -> Option<Self> {
        if typed.len() > 64 {
            return None;
        }
        let clean: String = kernel::digits::to_ascii_digits(typed)
            .chars()
            .filter(|c| !c.is_whitespace() && *c != '-' && !kernel::digits::is_invisible(*c))
            .collect();
        (clean.len() == 6 && clean.bytes().all(|byte| byte.is_ascii_digit())).then_some(Self(clean))
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

/// The steps whose codes are taken now: the present one, the one before (a slow typist), the one after (a clock that is fast). Present first.
pub(crate) fn open_steps(now: DateTime<Utc>) -> [i64; 3] {
    let present = now.timestamp().div_euclid(STEP_SECONDS);
    [present, present - 1, present + 1]
}

/// Whether a step may be taken after the last one that was: each code once, and no older one after it.
pub(crate) fn is_fresh(step: i64, last: Option<i64>) -> bool {
    last.is_none_or(|last| step > last)
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::TimeZone;

    #[test]
    fn members_are_asked_for_nothing_and_agents_until_they_proved_it() {
        assert_eq!(SecondFactor::of(false, false, false), SecondFactor::NotAsked);
        assert_eq!(SecondFactor::of(false, true, true), SecondFactor::NotAsked);
        assert_eq!(SecondFactor::of(true, false, false), SecondFactor::Enrol);
        assert_eq!(SecondFactor::of(true, true, false), SecondFactor::Verify);
        assert_eq!(SecondFactor::of(true, true, true), SecondFactor::Done);
        assert_eq!(SecondFactor::of(true, false, true), SecondFactor::Enrol);
    }

    #[test]
    fn a_code_is_six_digits_however_they_are_typed() {
        for typed in ["123456", " 123 456 ", "١٢٣٤٥٦", "123-456"] {
            assert_eq!(OneTimeCode::parse(typed).unwrap().as_str(), "123456", "{typed}");
        }
        for typed in ["", "12345", "1234567", "12345a", "12345६"] {
            assert!(OneTimeCode::parse(typed).is_none(), "{typed}");
        }
    }

    #[test]
    fn one_step_before_and_one_after_are_open() {
        let now = Utc.timestamp_opt(30 * 1_000 + 29, 0).unwrap();
        assert_eq!(open_steps(now), [1_000, 999, 1_001]);
    }

    #[test]
    fn no_step_is_taken_twice_nor_after_a_later_one() {
        assert!(is_fresh(7, None) && is_fresh(8, Some(7)));
        assert!(!is_fresh(7, Some(7)) && !is_fresh(6, Some(7)));
    }
}
