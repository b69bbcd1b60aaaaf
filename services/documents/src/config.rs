//! Settings of documents; what each key means stands in `config.default.toml`.

use std::net::SocketAddr;
use std::path::PathBuf;

use chrono::TimeDelta;
use platform::settings::{Common, SettingsError, Validate};
use serde::Deserialize;

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    pub common: Common,
    pub storage: StorageSettings,
    pub limits: LimitSettings,
    pub retention: RetentionSettings,
    pub scanner: ScannerSettings,
    pub review: ReviewSettings,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StorageSettings {
    pub directory: PathBuf,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LimitSettings {
    pub max_bytes: usize,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RetentionSettings {
    pub draft_days: u16,
}

impl RetentionSettings {
    /// How long a paper stays that no file names.
    pub(crate) fn draft(&self) -> TimeDelta {
        TimeDelta::days(i64::from(self.draft_days))
    }
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReviewSettings {
    pub require_scan: bool,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ScannerSettings {
    pub clamd_address: String,
    pub timeout_seconds: u64,
}

impl ScannerSettings {
    /// The scanner's address; `None` when there is none.
    pub(crate) fn address(&self) -> Result<Option<SocketAddr>, SettingsError> {
        if self.clamd_address.is_empty() {
            return Ok(None);
        }
        let bad = |_| {
            SettingsError::bad(
                "scanner.clamd_address",
                "must be an address and a port such as 127.0.0.1:3310",
            )
        };
        self.clamd_address.parse().map(Some).map_err(bad)
    }
}

impl Validate for Settings {
    fn validate(&self) -> Result<(), SettingsError> {
        self.common.validate()?;
        self.scanner.address()?;
        if !self.storage.directory.is_dir() {
            return Err(SettingsError::bad("storage.directory", "is not a directory"));
        }
        if !(1024..=100 * 1024 * 1024).contains(&self.limits.max_bytes) {
            return Err(SettingsError::bad(
                "limits.max_bytes",
                "must be between 1024 and 104857600",
            ));
        }
        // A receipt proves a paper for 90 days: one that went sooner could still be sent.
        if !(90..=366).contains(&self.retention.draft_days) {
            return Err(SettingsError::bad(
                "retention.draft_days",
                "must be between 90 and 366",
            ));
        }
        if !(1..=120).contains(&self.scanner.timeout_seconds) {
            return Err(SettingsError::bad(
                "scanner.timeout_seconds",
                "must be between 1 and 120",
            ));
        }
        Ok(())
    }
}
