//! Settings of the place, one section for whoever uses it. What contradicts itself is refused in one line that says what to change.

use std::path::PathBuf;
use std::time::Duration;

use platform::settings::{Secret, SettingsError};
use serde::Deserialize;
use url::Url;

/// What kind of place.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A folder, of this machine or mounted.
    #[default]
    Disk,
    /// A bucket.
    S3,
}

/// The section `storage`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StorageSettings {
    #[serde(default)]
    pub kind: Kind,
    /// The folder; empty with a bucket.
    #[serde(default)]
    pub directory: PathBuf,
    /// Longest time for one paper, tries that follow one another included.
    #[serde(default = "default_seconds")]
    pub timeout_seconds: u64,
    #[serde(default)]
    pub s3: S3Settings,
}

fn default_seconds() -> u64 {
    20
}

/// The section `storage.s3`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct S3Settings {
    /// `https://host:port`; empty: that of Amazon in the region.
    pub endpoint: String,
    pub region: String,
    pub bucket: String,
    /// Before every name, when the bucket is shared.
    pub prefix: String,
    /// The bucket in the path of the address; otherwise before its host.
    pub path_style: bool,
    pub access_key_id: Secret,
    pub secret_access_key: Secret,
    /// PEM with the authority that signed the store's certificate, when no public one did.
    pub ca_file: PathBuf,
}

impl Default for S3Settings {
    fn default() -> Self {
        Self {
            endpoint: String::new(),
            region: String::new(),
            bucket: String::new(),
            prefix: String::new(),
            path_style: true,
            access_key_id: Secret::default(),
            secret_access_key: Secret::default(),
            ca_file: PathBuf::new(),
        }
    }
}

impl StorageSettings {
    /// A folder.
    #[must_use]
    pub fn disk(directory: impl Into<PathBuf>) -> Self {
        Self {
            kind: Kind::Disk,
            directory: directory.into(),
            timeout_seconds: default_seconds(),
            s3: S3Settings::default(),
        }
    }

    /// A bucket.
    #[must_use]
    pub fn bucket(s3: S3Settings) -> Self {
        Self {
            kind: Kind::S3,
            directory: PathBuf::new(),
            timeout_seconds: default_seconds(),
            s3,
        }
    }

    /// Whether a place is named at all: a backup of other services needs none.
    #[must_use]
    pub fn names_a_place(&self) -> bool {
        self.kind == Kind::S3 || !self.directory.as_os_str().is_empty()
    }

    /// Longest time for one paper.
    #[must_use]
    pub fn deadline(&self) -> Duration {
        Duration::from_secs(self.timeout_seconds)
    }

    /// Everything but the key.
    ///
    /// # Errors
    /// The first setting that cannot be used, by its key in the section `storage`.
    pub fn validate(&self) -> Result<(), SettingsError> {
        if !(1..=120).contains(&self.timeout_seconds) {
            return Err(SettingsError::bad(
                "storage.timeout_seconds",
                "must be between 1 and 120",
            ));
        }
        match self.kind {
            Kind::Disk => self.validate_disk(),
            Kind::S3 => self.validate_bucket(),
        }
    }

    /// The key, for whoever goes to the bucket: roles that do not are given none.
    ///
    /// # Errors
    /// A part of it is missing.
    pub fn validate_key(&self) -> Result<(), SettingsError> {
        let s3 = &self.s3;
        if self.kind == Kind::Disk {
            return Ok(());
        }
        for (key, secret) in [
            ("access_key_id", &s3.access_key_id),
            ("secret_access_key", &s3.secret_access_key),
        ] {
            if secret.expose().is_empty() {
                let variable = format!("TADAMON_STORAGE__S3__{}", key.to_uppercase());
                return Err(SettingsError::bad(
                    format!("storage.s3.{key}"),
                    format!("is empty: give it as the variable {variable}"),
                ));
            }
        }
        Ok(())
    }

    fn validate_disk(&self) -> Result<(), SettingsError> {
        let s3 = &self.s3;
        let set = [
            ("endpoint", !s3.endpoint.is_empty()),
            ("region", !s3.region.is_empty()),
            ("bucket", !s3.bucket.is_empty()),
            ("prefix", !s3.prefix.is_empty()),
            ("access_key_id", !s3.access_key_id.expose().is_empty()),
            ("secret_access_key", !s3.secret_access_key.expose().is_empty()),
            ("ca_file", !s3.ca_file.as_os_str().is_empty()),
        ];
        if let Some((key, _)) = set.iter().find(|(_, set)| *set) {
            return Err(SettingsError::bad(
                format!("storage.s3.{key}"),
                "is set, but storage.kind is disk: set storage.kind to \"s3\", or take this out",
            ));
        }
        if self.directory.as_os_str().is_empty() {
            return Err(SettingsError::bad(
                "storage.directory",
                "is empty: name the folder of the papers, or set storage.kind to \"s3\"",
            ));
        }
        if !self.directory.is_dir() {
            return Err(SettingsError::bad("storage.directory", "is not a directory"));
        }
        Ok(())
    }

    fn validate_bucket(&self) -> Result<(), SettingsError> {
        let s3 = &self.s3;
        if !self.directory.as_os_str().is_empty() {
            return Err(SettingsError::bad(
                "storage.directory",
                "is set, but storage.kind is s3: take it out, or set storage.kind to \"disk\"",
            ));
        }
        if s3.bucket.is_empty() {
            return Err(SettingsError::bad(
                "storage.s3.bucket",
                "is empty: name the bucket of the papers, or set storage.kind to \"disk\"",
            ));
        }
        let fits = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b".-".contains(&byte);
        if !(3..=63).contains(&s3.bucket.len()) || !s3.bucket.bytes().all(fits) {
            return Err(SettingsError::bad(
                "storage.s3.bucket",
                "must be 3 to 63 of a-z, 0-9, dots and hyphens",
            ));
        }
        if s3.endpoint.is_empty() && s3.region.is_empty() {
            return Err(SettingsError::bad(
                "storage.s3.endpoint",
                "is empty, and so is storage.s3.region: write the store's address, such as https://s3.example:9000, or Amazon's region",
            ));
        }
        if !s3.endpoint.is_empty() {
            s3.address()?;
        }
        let part = |part: &str| {
            !part.is_empty()
                && part != "."
                && part != ".."
                && part
                    .bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte))
        };
        if !s3.prefix.is_empty() && !s3.prefix.split('/').all(part) {
            return Err(SettingsError::bad(
                "storage.s3.prefix",
                "must be such as tadamon or tadamon/papers: letters, digits, dots, hyphens and underscores between slashes",
            ));
        }
        if !s3.ca_file.as_os_str().is_empty() {
            if s3.endpoint.starts_with("http://") {
                return Err(SettingsError::bad(
                    "storage.s3.ca_file",
                    "is set, but storage.s3.endpoint begins with http://, which proves nobody: write https://, or take the file out",
                ));
            }
            if !s3.ca_file.is_file() {
                return Err(SettingsError::bad("storage.s3.ca_file", "is not a file"));
            }
        }
        Ok(())
    }
}

impl S3Settings {
    /// Where requests go; `None` is Amazon's own address in the region.
    pub(crate) fn address(&self) -> Result<Option<String>, SettingsError> {
        if self.endpoint.is_empty() {
            return Ok(None);
        }
        // The value is not repeated: somebody may have written a key into it.
        let bad = || {
            SettingsError::bad(
                "storage.s3.endpoint",
                "must be such as https://s3.example:9000, without a path; the bucket has a setting of its own",
            )
        };
        let url = Url::parse(&self.endpoint).map_err(|_| bad())?;
        let plain = ["http", "https"].contains(&url.scheme())
            && url.path() == "/"
            && url.query().is_none()
            && url.fragment().is_none()
            && url.username().is_empty()
            && url.password().is_none();
        let Some(host) = url.host_str().filter(|_| plain) else {
            return Err(bad());
        };
        let port = url.port().map_or_else(String::new, |port| format!(":{port}"));
        Ok(Some(if self.path_style {
            format!("{}://{host}{port}", url.scheme())
        } else {
            format!("{}://{}.{host}{port}", url.scheme(), self.bucket)
        }))
    }

    /// For sentences: the address without any secret.
    pub(crate) fn shown(&self) -> String {
        if self.endpoint.is_empty() {
            return format!("Amazon's store in {}", self.region);
        }
        self.endpoint.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bucket() -> StorageSettings {
        StorageSettings::bucket(S3Settings {
            endpoint: "https://s3.example:9000".to_owned(),
            bucket: "papers".to_owned(),
            access_key_id: Secret::new("id"),
            secret_access_key: Secret::new("hunter2"),
            ..S3Settings::default()
        })
    }

    fn refused(change: impl FnOnce(&mut StorageSettings)) -> String {
        let mut settings = bucket();
        change(&mut settings);
        let found = settings.validate().and_then(|()| settings.validate_key());
        found.expect_err("it contradicts itself").to_string()
    }

    #[test]
    fn a_bucket_needs_its_name_an_address_and_a_key() {
        bucket().validate().unwrap();
        assert!(refused(|of| of.s3.bucket.clear()).contains("storage.s3.bucket: is empty: name the bucket"));
        assert!(refused(|of| of.s3.bucket = "Papers/".to_owned()).contains("storage.s3.bucket: must be"));
        assert!(refused(|of| of.s3.endpoint.clear()).contains("and so is storage.s3.region"));
        let key = refused(|of| of.s3.secret_access_key = Secret::default());
        assert!(key.contains("TADAMON_STORAGE__S3__SECRET_ACCESS_KEY"), "{key}");
        let mut of_amazon = bucket();
        of_amazon.s3.endpoint.clear();
        of_amazon.s3.region = "eu-west-3".to_owned();
        of_amazon.validate().unwrap();
    }

    #[test]
    fn what_belongs_to_the_other_kind_is_refused_with_both_ways_out() {
        let folder = refused(|of| of.directory = PathBuf::from("/papers"));
        assert!(
            folder.contains("storage.directory: is set, but storage.kind is s3")
                && folder.contains("\"disk\""),
            "{folder}"
        );
        let mut disk = bucket();
        disk.kind = Kind::Disk;
        disk.directory = std::env::temp_dir();
        let address = disk.validate().unwrap_err().to_string();
        assert!(
            address.contains("storage.s3.endpoint: is set, but storage.kind is disk")
                && address.contains("\"s3\""),
            "{address}"
        );
        disk.s3 = S3Settings::default();
        disk.validate().unwrap();
        disk.directory = PathBuf::new();
        assert!(disk.validate().unwrap_err().to_string().contains("is empty"));
        assert!(
            refused(|of| {
                of.s3.endpoint = "http://s3.example".to_owned();
                of.s3.ca_file = PathBuf::from("/ca.pem");
            })
            .contains("proves nobody")
        );
    }

    #[test]
    fn an_address_is_scheme_host_and_port_and_is_not_repeated() {
        for bad in [
            "s3.example",
            "s3.example:9000",
            "ftp://s3.example",
            "https://s3.example/papers",
            "https://id:hunter2@s3.example",
            "https://s3.example?x=hunter2",
            "https://",
        ] {
            let error = refused(|of| of.s3.endpoint = bad.to_owned());
            assert!(
                error.starts_with("setting storage.s3.endpoint: must be such as"),
                "{error}"
            );
            assert!(!error.contains("hunter2"), "{error}");
        }
        let of = |endpoint: &str, path_style| S3Settings {
            endpoint: endpoint.to_owned(),
            path_style,
            ..bucket().s3
        };
        let address = |endpoint, path_style| of(endpoint, path_style).address().unwrap().unwrap();
        assert_eq!(address("http://127.0.0.1:9/", true), "http://127.0.0.1:9");
        assert_eq!(
            address("https://s3.example:9000", false),
            "https://papers.s3.example:9000"
        );
    }

    #[test]
    fn a_prefix_leads_nowhere_else() {
        for bad in ["/papers", "papers/", "a//b", "../other", "a b", "a\\b"] {
            assert!(
                refused(|of| of.s3.prefix = bad.to_owned()).contains("storage.s3.prefix"),
                "{bad}"
            );
        }
        let mut good = bucket();
        good.s3.prefix = "tadamon/papers-2026".to_owned();
        good.validate().unwrap();
    }

    #[test]
    fn no_key_stands_in_what_is_printed_of_the_settings() {
        assert!(!format!("{:?}", bucket()).contains("hunter2"));
    }
}
