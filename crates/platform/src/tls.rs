//! Who a process is towards the others of its installation, and whom it believes: a certificate with its key, and the authorities that sign. Both ends
//! of a call show theirs (TLS 1.3). The files are looked at again and again, so that what renews them needs no restart. Nothing of browsers
//! and brokers: what stands in front ends the one, each client library has its own words for the other.
//!
//! A certificate is a service's when it bears the name that [`TlsSettings::names`] gives to it. The same name is asked of the peer that one calls,
//! whatever address leads there, and binds the tokens of whoever calls (`auth::guard`).

mod incoming;
mod material;

use std::path::PathBuf;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use chrono::{DateTime, Utc};
use rustls::ServerConfig;
use serde::Deserialize;
use tokio::sync::watch;
use tonic::transport::ClientTlsConfig;

use crate::settings::SettingsError;

pub(crate) use incoming::accept;
use material::{Files, Material};
pub use material::{Report, examine};

/// How often the files are looked at.
pub(crate) const LOOK: Duration = Duration::from_secs(10);
/// The place of a service's name in `names`.
const PLACE: &str = "{service}";

/// Certificates between services; with all three files, or off with none.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct TlsSettings {
    /// The process's own certificate with what leads to the authority, PEM.
    pub certificate: PathBuf,
    /// Its private key, PEM.
    pub key: PathBuf,
    /// The authorities that are believed, one or several, PEM.
    pub authorities: PathBuf,
    /// Whether callers must show a certificate of those authorities.
    pub mutual: bool,
    /// The DNS name by which a certificate says whose it is; `{service}` stands for the service.
    pub names: String,
}

impl Default for TlsSettings {
    fn default() -> Self {
        Self {
            certificate: PathBuf::new(),
            key: PathBuf::new(),
            authorities: PathBuf::new(),
            mutual: true,
            names: "{service}.tadamon.internal".to_owned(),
        }
    }
}

impl TlsSettings {
    /// Whether calls are encrypted.
    #[must_use]
    pub fn is_on(&self) -> bool {
        !self.certificate.as_os_str().is_empty()
    }

    /// # Errors
    /// When some of the three files are named and others not, or `names` has no place for a service.
    pub fn validate(&self) -> Result<(), SettingsError> {
        let files = [
            ("certificate", &self.certificate),
            ("key", &self.key),
            ("authorities", &self.authorities),
        ];
        let is_named = |(_, path): &(&str, &PathBuf)| !path.as_os_str().is_empty();
        if let (Some((named, _)), Some((missing, _))) = (
            files.iter().copied().find(is_named),
            files.iter().copied().find(|file| !is_named(file)),
        ) {
            return Err(SettingsError::bad(
                format!("common.tls.{missing}"),
                format!(
                    "is empty although common.tls.{named} is set; name its file, or empty all three to speak clear text"
                ),
            ));
        }
        Naming::parse(&self.names).map(|_| ()).ok_or_else(|| {
            SettingsError::bad(
                "common.tls.names",
                "must be a DNS name with {service} in its first label, such as tadamon-{service}.tadamon.svc",
            )
        })
    }
}

/// A DNS name with a place for a service.
#[derive(Clone, Debug)]
struct Naming {
    before: String,
    after: String,
}

impl Naming {
    fn parse(text: &str) -> Option<Self> {
        let (before, after) = text.split_once(PLACE)?;
        let is_name = text.replacen(PLACE, "x", 1).split('.').all(|label| {
            (1..=63).contains(&label.len())
                && label
                    .bytes()
                    .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
        });
        // The place in the first label: else a name of one service could be read as that of another one.
        (is_name && !before.contains('.')).then(|| Self {
            before: before.to_owned(),
            after: after.to_owned(),
        })
    }

    fn name_of(&self, service: &str) -> String {
        format!("{}{service}{}", self.before, self.after)
    }

    fn service_in<'a>(&self, name: &'a str) -> Option<&'a str> {
        let service = name.strip_prefix(&self.before)?.strip_suffix(&self.after)?;
        let is_plain = !service.is_empty() && service.bytes().all(|b| b.is_ascii_lowercase());
        is_plain.then_some(service)
    }
}

/// What a caller's certificate says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    services: Vec<String>,
    until: DateTime<Utc>,
}

impl Shown {
    /// What a certificate says. One that was believed and cannot be read here is nobody's and has ended: taken for none, it would be asked nothing.
    fn of(certificate: &[u8], naming: &Naming) -> Self {
        let Some(certificate) = material::Certificate::parse(certificate) else {
            tracing::warn!("a caller's certificate cannot be read");
            return Self {
                services: Vec::new(),
                until: DateTime::<Utc>::MIN_UTC,
            };
        };
        Self {
            services: certificate
                .names
                .iter()
                .filter_map(|name| naming.service_in(name))
                .map(str::to_owned)
                .collect(),
            until: certificate.until,
        }
    }

    /// Whether the certificate is this service's and nobody else's: one that names several proves nothing about any.
    #[must_use]
    pub fn is_of(&self, service: &str) -> bool {
        self.services == [service]
    }

    /// Whether it still holds: a connection may outlive it.
    #[must_use]
    pub fn holds_at(&self, now: DateTime<Utc>) -> bool {
        now <= self.until
    }
}

/// How a call came, beside each request of a server that encrypts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Nothing where callers are not asked for a certificate.
    pub shown: Option<Shown>,
}

/// The certificate of this process and whom it believes, as they are now; cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct Tls(Option<Arc<Inner>>);

#[derive(Debug)]
struct Inner {
    settings: TlsSettings,
    naming: Naming,
    now: RwLock<Now>,
    /// Counts what was taken in.
    generation: watch::Sender<u64>,
}

#[derive(Debug)]
struct Now {
    material: Arc<Material>,
    /// The digest of files that were refused, so that each is told once.
    refused: Option<material::Digest>,
}

impl Tls {
    /// Calls in clear text.
    #[must_use]
    pub fn off() -> Self {
        Self::default()
    }

    /// Reads the files.
    ///
    /// # Errors
    /// When they are not there or do not belong together; an expired certificate is no error: its renewal is read without a restart.
    pub fn open(settings: &TlsSettings) -> Result<Self, SettingsError> {
        settings.validate()?;
        if !settings.is_on() {
            return Ok(Self::off());
        }
        let Some(naming) = Naming::parse(&settings.names) else {
            return Ok(Self::off());
        };
        let material = Material::of(&Files::read(settings)?, settings)?;
        material.measure();
        Ok(Self(Some(Arc::new(Inner {
            settings: settings.clone(),
            naming,
            now: RwLock::new(Now {
                material: Arc::new(material),
                refused: None,
            }),
            generation: watch::Sender::new(0),
        }))))
    }

    /// Looks at the files now. Files that do not belong together, as in the middle of a replacement, change nothing.
    pub fn refresh(&self) {
        let Some(inner) = &self.0 else { return };
        let files = match Files::read(&inner.settings) {
            Ok(files) => files,
            Err(error) => {
                tracing::warn!(%error, "the certificate cannot be read now; the one read before stays");
                return;
            }
        };
        let digest = files.digest();
        {
            let now = inner.read();
            if now.material.digest == digest || now.refused == Some(digest) {
                return;
            }
        }
        let taken = Material::of(&files, &inner.settings);
        let mut now = inner.now.write().unwrap_or_else(PoisonError::into_inner);
        match taken {
            Ok(material) => {
                tracing::info!(until = %material.until, "another certificate was taken in");
                material.measure();
                now.material = Arc::new(material);
                now.refused = None;
                inner.generation.send_modify(|generation| *generation += 1);
            }
            Err(error) => {
                tracing::error!(%error, "a new certificate cannot be used; the one read before stays");
                now.refused = Some(digest);
            }
        }
    }

    #[must_use]
    pub fn is_on(&self) -> bool {
        self.0.is_some()
    }

    pub(crate) fn server(&self) -> Option<Arc<ServerConfig>> {
        self.0
            .as_ref()
            .map(|inner| Arc::clone(&inner.read().material.server))
    }

    /// What is shown to `service`, and what it must show.
    pub(crate) fn client(&self, service: &str) -> Option<ClientTlsConfig> {
        let inner = self.0.as_ref()?;
        let client = inner.read().material.client.clone();
        Some(client.domain_name(inner.naming.name_of(service)))
    }

    pub(crate) fn generation(&self) -> u64 {
        self.0.as_ref().map_or(0, |inner| *inner.generation.borrow())
    }

    /// Returns once something else than `generation` was taken in; looks every `look`.
    pub(crate) async fn changed(&self, generation: u64, look: Duration) {
        let Some(inner) = &self.0 else {
            return std::future::pending().await;
        };
        let mut taken = inner.generation.subscribe();
        while *taken.borrow_and_update() == generation {
            tokio::select! {
                _ = taken.changed() => {}
                () = tokio::time::sleep(look) => self.refresh(),
            }
        }
    }

    /// What a certificate says of its bearer.
    fn shown(&self, certificate: &[u8]) -> Option<Shown> {
        self.0.as_ref().map(|inner| Shown::of(certificate, &inner.naming))
    }
}

impl Inner {
    fn read(&self) -> std::sync::RwLockReadGuard<'_, Now> {
        // What is held is whole between any two statements.
        self.now.read().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(certificate: &str, key: &str, authorities: &str) -> TlsSettings {
        TlsSettings {
            certificate: certificate.into(),
            key: key.into(),
            authorities: authorities.into(),
            ..TlsSettings::default()
        }
    }

    #[test]
    fn half_of_the_files_is_refused_by_the_name_of_what_is_missing() {
        assert!(TlsSettings::default().validate().is_ok());
        assert!(of("c", "k", "a").validate().is_ok());
        for (settings, missing) in [
            (of("c", "", ""), "common.tls.key"),
            (of("c", "k", ""), "common.tls.authorities"),
            (of("c", "", "a"), "common.tls.key"),
            (of("", "k", ""), "common.tls.certificate"),
            (of("", "", "a"), "common.tls.certificate"),
        ] {
            let error = settings.validate().unwrap_err().to_string();
            assert!(
                error.starts_with(&format!("setting {missing}: is empty although ")),
                "{error}"
            );
        }
    }

    #[test]
    fn a_name_has_one_place_for_the_service_and_it_is_in_the_first_label() {
        for good in ["{service}", "{service}.tadamon.internal", "demo-{service}.ns.svc"] {
            assert!(Naming::parse(good).is_some(), "{good}");
        }
        for bad in [
            "",
            "tadamon.internal",
            "a.{service}.internal",
            "{service}.{service}",
            "{service}..svc",
            "*.{service}",
            "{service}.Svc",
            "{service}_x.svc",
        ] {
            let settings = TlsSettings {
                names: bad.to_owned(),
                ..TlsSettings::default()
            };
            let error = settings.validate().unwrap_err().to_string();
            assert!(error.contains("common.tls.names"), "{bad}: {error}");
        }
    }

    #[test]
    fn a_name_is_read_as_the_service_that_it_was_made_for_and_as_no_other() {
        let naming = Naming::parse("demo-{service}.ns.svc").unwrap();
        assert_eq!(naming.name_of("portal"), "demo-portal.ns.svc");
        assert_eq!(naming.service_in("demo-portal.ns.svc"), Some("portal"));
        for other in [
            "portal",
            "demo-.ns.svc",
            "demo-portal.other.svc",
            "demo-portal.x.ns.svc",
            "*.ns.svc",
            "demo-*.ns.svc",
            "other-portal.ns.svc",
        ] {
            assert_eq!(naming.service_in(other), None, "{other}");
        }
    }

    #[test]
    fn a_certificate_that_cannot_be_read_is_nobody_s_and_has_ended() {
        let naming = Naming::parse("{service}.tadamon.internal").unwrap();
        for bytes in [&b""[..], b"no certificate", &[0x30, 0x82, 0xff, 0xff]] {
            let shown = Shown::of(bytes, &naming);
            assert!(!shown.holds_at(DateTime::UNIX_EPOCH) && !shown.is_of("portal"));
        }
    }

    #[test]
    fn a_certificate_that_names_two_services_is_neither_s() {
        let shown = |services: &[&str]| Shown {
            services: services.iter().map(|&name| name.to_owned()).collect(),
            until: DateTime::UNIX_EPOCH,
        };
        assert!(shown(&["portal"]).is_of("portal"));
        assert!(!shown(&["portal"]).is_of("benefits"));
        assert!(!shown(&["portal", "benefits"]).is_of("portal"));
        assert!(!shown(&[]).is_of(""));
    }
}
