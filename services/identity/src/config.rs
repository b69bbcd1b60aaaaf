//! The settings of identity: one struct per section of `config.default.toml`, and the checks that no type expresses.

use std::collections::BTreeMap;

use chrono::Duration;
use platform::settings::{Common, ListenSettings, PeerSettings, Secret, SettingsError, Validate};
use serde::Deserialize;

use crate::domain::password::LENGTH_FLOOR;
use crate::domain::session::SessionTimes;

/// All settings.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    pub common: Common,
    pub http: ListenSettings,
    pub redis: RedisSettings,
    pub peers: Peers,
    pub installation: InstallationSettings,
    pub portal: PortalSettings,
    pub account: AccountSettings,
    pub desk: DeskSettings,
    pub proof: ProofSettings,
    pub password: PasswordSettings,
    pub session: SessionSettings,
    pub sign_in: SignInSettings,
    pub sweep: SweepSettings,
    pub oauth: OauthSettings,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RedisSettings {
    pub url: Secret,
    pub prefix: String,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Peers {
    pub membership: PeerSettings,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InstallationSettings {
    pub code: String,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PortalSettings {
    pub url: String,
}

/// Opening an account.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AccountSettings {
    pub professional_domains: Vec<String>,
    pub link_minutes: u32,
    pub requests_per_address: u32,
    pub requests_per_matricule: u32,
    pub requests_per_person: u32,
}

/// The printed code of the desk.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DeskSettings {
    pub code_days: u32,
    pub code_attempts: u32,
    pub attempts_per_address: u32,
}

/// The "I am not a robot" proof.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProofSettings {
    pub minutes: u32,
    pub cost: u32,
    pub least_counter: u32,
    pub most_counter: u32,
    pub questions_per_address: u32,
    pub challenges_per_address: u32,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PasswordSettings {
    pub least: usize,
    pub most: usize,
    pub context_words: Vec<String>,
    pub memory_kib: u32,
    pub passes: u32,
    pub lanes: u32,
    pub workers: usize,
    pub queue: usize,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SessionSettings {
    pub idle_minutes: u32,
    pub absolute_hours: u32,
    pub device_days: u32,
}

impl SessionSettings {
    pub(crate) fn times(&self) -> SessionTimes {
        SessionTimes {
            idle: Duration::minutes(i64::from(self.idle_minutes)),
            absolute: Duration::hours(i64::from(self.absolute_hours)),
        }
    }

    pub(crate) fn device_life(&self) -> Duration {
        Duration::days(i64::from(self.device_days))
    }
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignInSettings {
    pub spray_accounts: u32,
    pub spray_window_hours: u32,
    pub spray_block_hours: u32,
    pub shared_addresses: Vec<String>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SweepSettings {
    pub every_seconds: u32,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OauthSettings {
    pub token_url: String,
    pub wrong_secrets: u32,
    pub wrong_secrets_minutes: u32,
    pub trusted_proxies: usize,
    pub clients: BTreeMap<String, ClientSettings>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClientSettings {
    pub scopes: Vec<String>,
}

impl Validate for Settings {
    fn validate(&self) -> Result<(), SettingsError> {
        self.common.validate()?;
        self.peers
            .membership
            .validate("peers.membership.url", &self.common.tls)?;
        self.redis.validate()?;
        self.account.validate()?;
        must_lie("desk.code_days", self.desk.code_days, 1, 30)?;
        must_lie("desk.code_attempts", self.desk.code_attempts, 1, 100)?;
        must_lie(
            "desk.attempts_per_address",
            self.desk.attempts_per_address,
            1,
            1_000_000,
        )?;
        must_lie("oauth.wrong_secrets", self.oauth.wrong_secrets, 1, 10_000)?;
        must_lie(
            "oauth.wrong_secrets_minutes",
            self.oauth.wrong_secrets_minutes,
            1,
            24 * 60,
        )?;
        if self.oauth.trusted_proxies > platform::http::MOST_PROXIES {
            return Err(SettingsError::bad(
                "oauth.trusted_proxies",
                "must be between 0 and 5",
            ));
        }
        self.proof.validate()?;
        self.password.validate()?;
        let code = &self.installation.code;
        if code.is_empty()
            || !code
                .bytes()
                .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
        {
            return Err(SettingsError::bad(
                "installation.code",
                "may hold a-z, 0-9 and hyphens only",
            ));
        }
        must_be_web_address("portal.url", &self.portal.url)?;
        must_be_web_address("oauth.token_url", &self.oauth.token_url)?;
        must_lie("session.idle_minutes", self.session.idle_minutes, 1, 24 * 60)?;
        must_lie("session.absolute_hours", self.session.absolute_hours, 1, 24 * 30)?;
        must_lie("session.device_days", self.session.device_days, 1, 730)?;
        must_lie("sweep.every_seconds", self.sweep.every_seconds, 1, 24 * 3600)?;
        must_lie("sign_in.spray_accounts", self.sign_in.spray_accounts, 1, 100_000)?;
        must_lie(
            "sign_in.spray_window_hours",
            self.sign_in.spray_window_hours,
            1,
            240,
        )?;
        must_lie(
            "sign_in.spray_block_hours",
            self.sign_in.spray_block_hours,
            1,
            240,
        )
    }
}

impl RedisSettings {
    fn validate(&self) -> Result<(), SettingsError> {
        let url = self.url.expose();
        if !url.starts_with("redis://") && !url.starts_with("rediss://") {
            return Err(SettingsError::bad(
                "redis.url",
                "must start with redis:// or rediss://",
            ));
        }
        if self.prefix.is_empty() {
            return Err(SettingsError::bad("redis.prefix", "must not be empty"));
        }
        Ok(())
    }
}

impl AccountSettings {
    fn validate(&self) -> Result<(), SettingsError> {
        if self
            .professional_domains
            .iter()
            .any(|domain| domain.is_empty() || domain.contains('@') || *domain != domain.to_lowercase())
        {
            return Err(SettingsError::bad(
                "account.professional_domains",
                "lists domains in lower case, such as finances.example",
            ));
        }
        must_lie("account.link_minutes", self.link_minutes, 1, 24 * 60)?;
        must_lie(
            "account.requests_per_address",
            self.requests_per_address,
            1,
            1_000_000,
        )?;
        must_lie(
            "account.requests_per_matricule",
            self.requests_per_matricule,
            1,
            1_000_000,
        )?;
        must_lie(
            "account.requests_per_person",
            self.requests_per_person,
            1,
            1_000_000,
        )
    }
}

impl ProofSettings {
    fn validate(&self) -> Result<(), SettingsError> {
        must_lie("proof.minutes", self.minutes, 1, 60)?;
        must_lie("proof.cost", self.cost, 1, 1_000_000)?;
        must_lie(
            "proof.questions_per_address",
            self.questions_per_address,
            1,
            1_000_000,
        )?;
        must_lie(
            "proof.challenges_per_address",
            self.challenges_per_address,
            1,
            1_000_000,
        )?;
        must_lie("proof.most_counter", self.most_counter, 1, 100_000)?;
        if self.least_counter >= self.most_counter {
            return Err(SettingsError::bad(
                "proof.least_counter",
                "must be below proof.most_counter",
            ));
        }
        Ok(())
    }
}

impl PasswordSettings {
    fn validate(&self) -> Result<(), SettingsError> {
        if self.least < LENGTH_FLOOR {
            return Err(SettingsError::bad(
                "password.least",
                format!("must not be under {LENGTH_FLOOR}"),
            ));
        }
        if self.most < 64 || self.most < self.least || self.most > 1024 {
            return Err(SettingsError::bad(
                "password.most",
                "must be between 64 and 1024, and not under password.least",
            ));
        }
        if self.workers == 0 || self.queue == 0 {
            return Err(SettingsError::bad(
                "password.workers",
                "and password.queue must not be 0",
            ));
        }
        argon2::Params::new(self.memory_kib, self.passes, self.lanes, None).map_err(|_| {
            SettingsError::bad(
                "password.memory_kib",
                "with passes and lanes is no set of Argon2 parameters",
            )
        })?;
        Ok(())
    }
}

fn must_lie(key: &str, value: u32, least: u32, most: u32) -> Result<(), SettingsError> {
    if (least..=most).contains(&value) {
        Ok(())
    } else {
        Err(SettingsError::bad(
            key,
            format!("must be between {least} and {most}"),
        ))
    }
}

fn must_be_web_address(key: &str, url: &str) -> Result<(), SettingsError> {
    if url.starts_with("http://") || url.starts_with("https://") {
        Ok(())
    } else {
        Err(SettingsError::bad(key, "must start with http:// or https://"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DEFAULTS: &str = include_str!("../config.default.toml");

    /// The defaults with one line replaced; the key directory is one that exists.
    fn with(from: &str, to: &str) -> Result<Settings, SettingsError> {
        let here = env!("CARGO_MANIFEST_DIR");
        let text = DEFAULTS.replace("\".local/keys\"", &format!("{here:?}"));
        assert!(text.contains(from), "{from}");
        platform::settings::load(&text.replace(from, to), None)
    }

    #[test]
    fn the_defaults_are_valid_and_give_the_password_fifteen_characters() {
        let settings = with("least = 15", "least = 15").unwrap();
        assert_eq!(settings.password.least, 15);
        assert_eq!(settings.account.professional_domains, ["finances.example"]);
    }

    #[test]
    fn a_bad_value_is_one_line_that_names_its_key() {
        for (from, to, key) in [
            ("least = 15", "least = 7", "password.least"),
            (
                "least_counter = 500",
                "least_counter = 1500",
                "proof.least_counter",
            ),
            ("code = \"demo\"", "code = \"Demo!\"", "installation.code"),
            ("link_minutes = 30", "link_minutes = 0", "account.link_minutes"),
            ("url = \"redis://", "url = \"http://", "redis.url"),
            (
                "challenges_per_address = 600",
                "challenges_per_address = 0",
                "proof.challenges_per_address",
            ),
            (
                "trusted_proxies = 0",
                "trusted_proxies = 6",
                "oauth.trusted_proxies",
            ),
            ("memory_kib = 19456", "memory_kib = 1", "password.memory_kib"),
        ] {
            let message = with(from, to).unwrap_err().to_string();
            assert!(message.contains(key) && !message.contains('\n'), "{message}");
        }
    }
}
