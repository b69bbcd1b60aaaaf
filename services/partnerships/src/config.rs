//! Settings of partnerships: the common sections, the gateway, and how long codes and answers hold.

use chrono::TimeDelta;
use platform::settings::{Common, ListenSettings, PeerSettings, Secret, SettingsError, Validate};
use serde::Deserialize;

/// Everything that can be set.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    pub common: Common,
    pub gateway: ListenSettings,
    pub redis: RedisSettings,
    pub peers: Peers,
    pub card: CardSettings,
    pub verification: VerificationSettings,
    pub quota: QuotaSettings,
}

/// Where quotas are counted.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RedisSettings {
    pub url: Secret,
    /// First part of every key.
    pub prefix: String,
}

/// Services that partnerships calls.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Peers {
    /// Asked for members' facts when an event says that they changed.
    pub membership: PeerSettings,
}

/// Members' codes.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CardSettings {
    pub code_minutes: u16,
    pub codes_per_hour: u16,
}

/// Partners' checks.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct VerificationSettings {
    pub minutes: u16,
    pub retention_days: u16,
}

/// What one client may ask.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct QuotaSettings {
    pub verifications_per_minute: u32,
    pub redemptions_per_minute: u32,
    pub refused_per_hour: u32,
}

impl Validate for Settings {
    fn validate(&self) -> Result<(), SettingsError> {
        self.common.validate()?;
        self.peers
            .membership
            .validate("peers.membership.url", &self.common.tls)?;
        let url = self.redis.url.expose();
        if !url.starts_with("redis://") && !url.starts_with("rediss://") {
            return Err(SettingsError::bad(
                "redis.url",
                "must start with redis:// or rediss://",
            ));
        }
        if self.redis.prefix.is_empty() {
            return Err(SettingsError::bad("redis.prefix", "must not be empty"));
        }
        // A code that lives for an hour is a card number: whoever saw it could use it.
        between("card.code_minutes", self.card.code_minutes, 1, 30)?;
        between("card.codes_per_hour", self.card.codes_per_hour, 1, 1_000)?;
        between("verification.minutes", self.verification.minutes, 1, 24 * 60)?;
        // A sale may be told a day late and taken back a day later: its check must still be there.
        between(
            "verification.retention_days",
            self.verification.retention_days,
            3,
            90,
        )?;
        for (key, quota) in [
            (
                "quota.verifications_per_minute",
                self.quota.verifications_per_minute,
            ),
            ("quota.redemptions_per_minute", self.quota.redemptions_per_minute),
            ("quota.refused_per_hour", self.quota.refused_per_hour),
        ] {
            if quota == 0 {
                return Err(SettingsError::bad(key, "must be at least 1"));
            }
        }
        Ok(())
    }
}

fn between(key: &'static str, value: u16, least: u16, most: u16) -> Result<(), SettingsError> {
    if (least..=most).contains(&value) {
        Ok(())
    } else {
        Err(SettingsError::bad(
            key,
            format!("must be between {least} and {most}"),
        ))
    }
}

impl Settings {
    pub(crate) fn code_life(&self) -> TimeDelta {
        TimeDelta::minutes(i64::from(self.card.code_minutes))
    }

    pub(crate) fn answer_life(&self) -> TimeDelta {
        TimeDelta::minutes(i64::from(self.verification.minutes))
    }

    pub(crate) fn check_life(&self) -> TimeDelta {
        TimeDelta::days(i64::from(self.verification.retention_days))
    }
}
