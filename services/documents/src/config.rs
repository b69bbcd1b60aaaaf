//! Settings of documents; what each key means stands in `config.default.toml`.

use std::net::SocketAddr;

use chrono::TimeDelta;
use paper_store::StorageSettings;
use platform::settings::{Common, Role, SettingsError, Validate};
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

impl Settings {
    /// Whether a role of this process writes or reads papers; others are not given the key of a bucket.
    pub(crate) fn uses_storage(&self) -> bool {
        self.common.plays(Role::Grpc) || self.common.plays(Role::Jobs)
    }
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
    /// The scanner's host and port, looked up each time; `None` when there is none.
    pub(crate) fn address(&self) -> Result<Option<String>, SettingsError> {
        let address = &self.clamd_address;
        if address.is_empty() {
            return Ok(None);
        }
        let fits = address.parse::<SocketAddr>().is_ok()
            || address
                .rsplit_once(':')
                .is_some_and(|(host, port)| is_host(host) && port.parse::<u16>().is_ok_and(|port| port > 0));
        match fits {
            true => Ok(Some(address.clone())),
            false => Err(SettingsError::bad(
                "scanner.clamd_address",
                "must be a host and a port such as clamd.example:3310 or 127.0.0.1:3310",
            )),
        }
    }
}

/// A name of labels as DNS has them, or an address of IP version 4.
fn is_host(host: &str) -> bool {
    (1..=253).contains(&host.len())
        && host.split('.').all(|label| {
            (1..=63).contains(&label.len())
                && !label.starts_with('-')
                && !label.ends_with('-')
                && label
                    .bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
        })
}

impl Validate for Settings {
    fn validate(&self) -> Result<(), SettingsError> {
        self.common.validate()?;
        self.scanner.address()?;
        self.storage.validate()?;
        if self.uses_storage() {
            self.storage.validate_key()?;
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

#[cfg(test)]
mod tests {
    use super::*;

    fn address(clamd_address: &str) -> Result<Option<String>, SettingsError> {
        let clamd_address = clamd_address.to_owned();
        ScannerSettings {
            clamd_address,
            timeout_seconds: 1,
        }
        .address()
    }

    #[test]
    fn the_scanner_is_found_by_name_or_by_address_and_always_with_a_port() {
        for good in [
            "clamd:3310",
            "clamd.tadamon.svc.cluster.local:3310",
            "127.0.0.1:3310",
            "[::1]:3310",
        ] {
            assert_eq!(address(good).unwrap().as_deref(), Some(good));
        }
        assert_eq!(address("").unwrap(), None);
        for bad in [
            "clamd",
            "clamd:",
            "clamd:0",
            "clamd:65536",
            ":3310",
            "::1:3310",
            "tcp://clamd:3310",
            "cl amd:3310",
            "-clamd:3310",
            "clamd..example:3310",
            "clamd:3310/scan",
        ] {
            let error = address(bad).expect_err(bad).to_string();
            assert!(
                error.starts_with("setting scanner.clamd_address: must be a host and a port"),
                "{bad}: {error}"
            );
        }
    }
}
