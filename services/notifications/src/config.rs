//! The settings of notifications, one struct per section, validated before anything opens.
//!
//! Limits that an operator must not move (attempts, backoff) are in the queue table in `jobs`, not here.

use lettre::message::Mailbox;
use platform::settings::{Common, PeerSettings, Secret, SettingsError, Validate};
use serde::Deserialize;

/// Everything that can be set.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    pub common: Common,
    pub peers: PeersSettings,
    pub smtp: SmtpSettings,
    pub mail: MailSettings,
}

/// The services that are asked.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PeersSettings {
    pub identity: PeerSettings,
    pub membership: PeerSettings,
}

/// How the connection to the mail server is protected.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Encryption {
    None,
    Starttls,
    Tls,
}

/// The mail server.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SmtpSettings {
    pub host: String,
    pub port: u16,
    pub encryption: Encryption,
    /// Empty: the server asks for no name.
    pub username: String,
    pub password: Secret,
    pub timeout_seconds: u64,
}

/// What stands in every mail.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MailSettings {
    /// `Name <address>`.
    pub from: String,
    /// Where people sign in.
    pub portal_url: String,
}

impl Validate for Settings {
    fn validate(&self) -> Result<(), SettingsError> {
        self.common.validate()?;
        self.peers
            .identity
            .validate("peers.identity.url", &self.common.tls)?;
        self.peers
            .membership
            .validate("peers.membership.url", &self.common.tls)?;
        self.smtp.validate()?;
        self.mail.validate()
    }
}

impl Validate for SmtpSettings {
    fn validate(&self) -> Result<(), SettingsError> {
        if self.host.trim().is_empty() {
            return Err(SettingsError::bad("smtp.host", "name the mail server"));
        }
        if self.port == 0 {
            return Err(SettingsError::bad("smtp.port", "must be between 1 and 65535"));
        }
        // A job is cut off after a minute; connecting, greeting and handing over must fit.
        if !(1..=30).contains(&self.timeout_seconds) {
            return Err(SettingsError::bad(
                "smtp.timeout_seconds",
                "must be between 1 and 30",
            ));
        }
        if self.username.is_empty() != self.password.expose().is_empty() {
            return Err(SettingsError::bad(
                "smtp.username",
                "give both username and password, or neither",
            ));
        }
        if !self.username.is_empty() && self.encryption == Encryption::None {
            return Err(SettingsError::bad(
                "smtp.encryption",
                "a password needs starttls or tls",
            ));
        }
        Ok(())
    }
}

impl Validate for MailSettings {
    fn validate(&self) -> Result<(), SettingsError> {
        if self.from.parse::<Mailbox>().is_err() {
            return Err(SettingsError::bad(
                "mail.from",
                "write it as Name <address@domain>",
            ));
        }
        let known_scheme = self.portal_url.starts_with("http://") || self.portal_url.starts_with("https://");
        if !known_scheme || self.portal_url.contains(char::is_whitespace) {
            return Err(SettingsError::bad(
                "mail.portal_url",
                "must be a URL such as https://portal.example",
            ));
        }
        Ok(())
    }
}
