//! The "I am not a robot" proof: which form it belongs to, and whether a taken challenge may serve. The puzzle's arithmetic is the altcha crate's.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// The form that a challenge was issued for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Form {
    SignIn,
    Account,
    Activation,
}

impl Form {
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::SignIn => "sign_in",
            Self::Account => "account",
            Self::Activation => "activation",
        }
    }
}

/// What a challenge is bound to, kept with it from issue to use.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Binding {
    pub(crate) form: Form,
    pub(crate) installation: String,
    pub(crate) expires_at: DateTime<Utc>,
}

impl Binding {
    /// Whether a challenge with this binding serves the form of this installation now.
    pub(crate) fn serves(&self, form: Form, installation: &str, now: DateTime<Utc>) -> bool {
        self.form == form && self.installation == installation && now < self.expires_at
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::{Duration, TimeZone};

    #[test]
    fn a_challenge_serves_its_own_form_and_installation_until_it_expires() {
        let now = Utc.with_ymd_and_hms(2026, 3, 2, 8, 0, 0).unwrap();
        let binding = Binding {
            form: Form::SignIn,
            installation: "demo".to_owned(),
            expires_at: now + Duration::minutes(5),
        };
        assert!(binding.serves(Form::SignIn, "demo", now));
        assert!(!binding.serves(Form::Account, "demo", now));
        assert!(!binding.serves(Form::SignIn, "other", now));
        assert!(!binding.serves(Form::SignIn, "demo", now + Duration::minutes(5)));
    }
}
