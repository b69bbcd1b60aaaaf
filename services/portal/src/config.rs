//! Settings of the portal. Nothing is read later than at the start; `validate` refuses what no type can.

use std::net::SocketAddr;

use platform::settings::{Common, PeerSettings, SettingsError, Validate};
use serde::Deserialize;

/// Everything in `config.default.toml`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    pub common: Common,
    pub http: HttpSettings,
    pub cookie: CookieSettings,
    pub peers: Peers,
    pub account: AccountSettings,
    pub upload: UploadSettings,
    pub desk: DeskSettings,
}

/// Where browsers reach the portal.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HttpSettings {
    pub listen: SocketAddr,
    /// The address that people type, without a final slash: `https://tadamon.example`.
    pub public_url: String,
    /// Language of a browser that asks for neither Arabic nor French.
    pub default_locale: String,
    /// How many proxies in front of the portal write `X-Forwarded-For`; 0: the header is ignored.
    pub trusted_proxies: usize,
}

/// How the session cookie is set.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CookieSettings {
    /// Off only on `http://localhost`: then the names lose their `__Host-` prefix, which browsers accept on https alone.
    pub secure: bool,
}

/// The services that the portal asks.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Peers {
    pub identity: PeerSettings,
    pub membership: PeerSettings,
    pub benefits: PeerSettings,
    pub documents: PeerSettings,
    pub notifications: PeerSettings,
    pub partnerships: PeerSettings,
}

/// What the account form checks before it asks anybody.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AccountSettings {
    /// Mail domains that count as professional.
    pub professional_mail_domains: Vec<String>,
    /// Fewest characters of a password, as identity asks.
    pub password_min_length: usize,
}

/// Papers.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UploadSettings {
    /// Largest file in bytes; the stream is cut there.
    pub max_bytes: u64,
    /// Longest time that sending one may take; the line is cut then.
    pub max_seconds: u64,
}

/// The counter where people are helped, in both languages.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DeskSettings {
    pub name_ar: String,
    pub name_fr: String,
    pub address_ar: String,
    pub address_fr: String,
    pub hours_ar: String,
    pub hours_fr: String,
    pub phone: String,
    pub email: String,
}

impl Validate for Settings {
    fn validate(&self) -> Result<(), SettingsError> {
        self.common.validate()?;
        let url = &self.http.public_url;
        let local = url.starts_with("http://localhost") || url.starts_with("http://127.0.0.1");
        if !(url.starts_with("https://") || local) || url.ends_with('/') {
            return Err(SettingsError::bad(
                "http.public_url",
                "must be an https address without a final slash, or http://localhost",
            ));
        }
        if !self.cookie.secure && !local {
            return Err(SettingsError::bad(
                "cookie.secure",
                "may be off only when http.public_url is on localhost",
            ));
        }
        if kernel::Locale::parse(&self.http.default_locale).is_err() {
            return Err(SettingsError::bad("http.default_locale", "must be ar or fr"));
        }
        if self.http.trusted_proxies > 5 {
            return Err(SettingsError::bad(
                "http.trusted_proxies",
                "must be between 0 and 5",
            ));
        }
        for (key, peer) in [
            ("peers.identity.url", &self.peers.identity),
            ("peers.membership.url", &self.peers.membership),
            ("peers.benefits.url", &self.peers.benefits),
            ("peers.documents.url", &self.peers.documents),
            ("peers.notifications.url", &self.peers.notifications),
            ("peers.partnerships.url", &self.peers.partnerships),
        ] {
            peer.validate(key, &self.common.tls)?;
        }
        if self.account.professional_mail_domains.is_empty() {
            return Err(SettingsError::bad(
                "account.professional_mail_domains",
                "name at least one domain",
            ));
        }
        if !(8..=128).contains(&self.account.password_min_length) {
            return Err(SettingsError::bad(
                "account.password_min_length",
                "must be between 8 and 128",
            ));
        }
        if !(1024..=1024 * 1024 * 1024).contains(&self.upload.max_bytes) {
            return Err(SettingsError::bad(
                "upload.max_bytes",
                "must be between 1 KiB and 1 GiB",
            ));
        }
        if !(1..=3600).contains(&self.upload.max_seconds) {
            return Err(SettingsError::bad(
                "upload.max_seconds",
                "must be between 1 and 3600",
            ));
        }
        Ok(())
    }
}
