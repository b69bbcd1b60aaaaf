//! The files behind TLS, read and joined: what a server and a client are made of, and what `doctor` says of them. No settings of its own, no clock.

use std::sync::{Arc, LazyLock};

use chrono::{DateTime, Utc};
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::Unit;
use ring::digest;
use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::ServerCertVerifier as _;
use rustls::crypto::CryptoProvider;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName, UnixTime};
use rustls::server::{NoServerSessionStorage, WebPkiClientVerifier};
use rustls::{RootCertStore, ServerConfig};
use tonic::transport::{Certificate as Pem, ClientTlsConfig, Identity};
use x509_parser::extensions::GeneralName;
use x509_parser::prelude::{FromDer as _, X509Certificate};
use zeroize::Zeroizing;

use super::{Naming, TlsSettings};
use crate::metrics;
use crate::settings::SettingsError;

/// How long a handshake may take.
pub(super) const HANDSHAKE: std::time::Duration = std::time::Duration::from_secs(5);

pub(super) type Digest = [u8; digest::SHA256_OUTPUT_LEN];

static UNTIL: LazyLock<Gauge> = LazyLock::new(|| {
    metrics::registered(
        "tls_certificate_not_after",
        "When the certificate that the process shows to other services ends, since 1970",
        Some(Unit::Seconds),
        Gauge::default(),
    )
});

/// The three files as they were at one look.
pub(super) struct Files {
    certificate: Vec<u8>,
    key: Zeroizing<Vec<u8>>,
    authorities: Vec<u8>,
}

impl Files {
    pub(super) fn read(settings: &TlsSettings) -> Result<Self, SettingsError> {
        let read = |name: &str, path: &std::path::Path| {
            std::fs::read(path).map_err(|error| {
                SettingsError::bad(
                    format!("common.tls.{name}"),
                    format!("{} cannot be read ({error}); put the file there", path.display()),
                )
            })
        };
        Ok(Self {
            certificate: read("certificate", &settings.certificate)?,
            key: Zeroizing::new(read("key", &settings.key)?),
            authorities: read("authorities", &settings.authorities)?,
        })
    }

    pub(super) fn digest(&self) -> Digest {
        let mut context = digest::Context::new(&digest::SHA256);
        for file in [&self.certificate, &*self.key, &self.authorities] {
            context.update(&(file.len() as u64).to_be_bytes());
            context.update(file);
        }
        let mut digest = Digest::default();
        digest.copy_from_slice(context.finish().as_ref());
        digest
    }

    fn chain(&self) -> Result<Vec<CertificateDer<'static>>, SettingsError> {
        let bad = || SettingsError::bad("common.tls.certificate", "holds no certificate in PEM");
        let chain: Vec<_> = CertificateDer::pem_slice_iter(&self.certificate)
            .collect::<Result<_, _>>()
            .map_err(|_| bad())?;
        if chain.is_empty() { Err(bad()) } else { Ok(chain) }
    }

    fn roots(&self) -> Result<Arc<RootCertStore>, SettingsError> {
        let bad = |problem: &str| SettingsError::bad("common.tls.authorities", problem);
        let mut roots = RootCertStore::empty();
        for authority in CertificateDer::pem_slice_iter(&self.authorities) {
            let authority = authority.map_err(|_| bad("is not PEM"))?;
            roots
                .add(authority)
                .map_err(|_| bad("holds something that is no certificate of an authority"))?;
        }
        if roots.is_empty() {
            return Err(bad("holds no certificate in PEM"));
        }
        Ok(Arc::new(roots))
    }
}

/// What servers and clients are made of.
#[derive(Debug)]
pub(super) struct Material {
    pub(super) server: Arc<ServerConfig>,
    pub(super) client: ClientTlsConfig,
    pub(super) until: DateTime<Utc>,
    pub(super) digest: Digest,
}

impl Material {
    pub(super) fn of(files: &Files, settings: &TlsSettings) -> Result<Self, SettingsError> {
        let chain = files.chain()?;
        let roots = files.roots()?;
        let own = Certificate::parse(&chain[0])
            .ok_or_else(|| SettingsError::bad("common.tls.certificate", "holds no X.509 certificate"))?;
        let key = PrivateKeyDer::from_pem_slice(&files.key)
            .map_err(|_| SettingsError::bad("common.tls.key", "holds no private key in PEM"))?;
        let unusable = |error: rustls::Error| {
            SettingsError::bad(
                "common.tls.key",
                format!("is not the key of common.tls.certificate ({error})"),
            )
        };
        let builder = ServerConfig::builder_with_provider(provider())
            .with_protocol_versions(&[&rustls::version::TLS13])
            .map_err(unusable)?;
        let builder = if settings.mutual {
            let verifier = WebPkiClientVerifier::builder_with_provider(roots, provider())
                .build()
                .map_err(|error| SettingsError::bad("common.tls.authorities", error.to_string()))?;
            builder.with_client_cert_verifier(verifier)
        } else {
            builder.with_no_client_auth()
        };
        let mut server = builder.with_single_cert(chain, key).map_err(unusable)?;
        server.alpn_protocols = vec![b"h2".to_vec()];
        // A session that is taken up again would not show its certificate again, which may have ended since.
        server.session_storage = Arc::new(NoServerSessionStorage {});
        server.send_tls13_tickets = 0;
        Ok(Self {
            server: Arc::new(server),
            client: ClientTlsConfig::new()
                .identity(Identity::from_pem(&files.certificate, &*files.key))
                .ca_certificate(Pem::from_pem(&files.authorities))
                .timeout(HANDSHAKE),
            until: own.until,
            digest: files.digest(),
        })
    }

    /// Shows when the certificate ends.
    pub(super) fn measure(&self) {
        UNTIL.set(self.until.timestamp());
    }
}

fn provider() -> Arc<CryptoProvider> {
    Arc::new(rustls::crypto::ring::default_provider())
}

/// What is read of a certificate.
pub(super) struct Certificate {
    pub(super) names: Vec<String>,
    pub(super) until: DateTime<Utc>,
}

impl Certificate {
    pub(super) fn parse(der: &[u8]) -> Option<Self> {
        let (_, certificate) = X509Certificate::from_der(der).ok()?;
        let until = certificate.validity().not_after.timestamp();
        let alternative = certificate.subject_alternative_name().ok()?;
        let names = alternative.map_or_else(Vec::new, |extension| {
            let names = extension.value.general_names.iter();
            names
                .filter_map(|name| match name {
                    GeneralName::DNSName(name) => Some(name.to_ascii_lowercase()),
                    _ => None,
                })
                .collect()
        });
        Some(Self {
            names,
            until: DateTime::from_timestamp(until, 0)?,
        })
    }
}

/// What a look at a service's files shows.
#[derive(Clone, Debug)]
pub struct Report {
    pub until: DateTime<Utc>,
    /// The name that the service's certificate must bear.
    pub name: String,
    pub bears_the_name: bool,
    /// Why the service's own authorities do not believe it, if they do not.
    pub not_believed: Option<String>,
}

/// Looks at the files as the others see them; nothing when calls are in clear text.
///
/// # Errors
/// When the process would not start with them.
pub fn examine(
    settings: &TlsSettings,
    service: &str,
    now: DateTime<Utc>,
) -> Result<Option<Report>, SettingsError> {
    settings.validate()?;
    let Some(naming) = Naming::parse(&settings.names).filter(|_| settings.is_on()) else {
        return Ok(None);
    };
    let files = Files::read(settings)?;
    let material = Material::of(&files, settings)?;
    let chain = files.chain()?;
    let name = naming.name_of(service);
    let bears_the_name = Certificate::parse(&chain[0]).is_some_and(|own| {
        let services: Vec<_> = own
            .names
            .iter()
            .filter_map(|name| naming.service_in(name))
            .collect();
        services == [service]
    });
    Ok(Some(Report {
        until: material.until,
        bears_the_name,
        not_believed: not_believed(&files, &chain, &name, now)?,
        name,
    }))
}

/// The judgement of a caller at that moment; its name and its end are told apart.
fn not_believed(
    files: &Files,
    chain: &[CertificateDer<'static>],
    name: &str,
    now: DateTime<Utc>,
) -> Result<Option<String>, SettingsError> {
    let bad = |problem: String| SettingsError::bad("common.tls.authorities", problem);
    let verifier = WebPkiServerVerifier::builder_with_provider(files.roots()?, provider())
        .build()
        .map_err(|error| bad(error.to_string()))?;
    let name = ServerName::try_from(name.to_owned()).map_err(|error| bad(error.to_string()))?;
    let seconds = u64::try_from(now.timestamp()).unwrap_or_default();
    let at = UnixTime::since_unix_epoch(std::time::Duration::from_secs(seconds));
    use rustls::CertificateError::{Expired, ExpiredContext, NotValidForName, NotValidForNameContext};
    Ok(
        match verifier.verify_server_cert(&chain[0], &chain[1..], &name, &[], at) {
            Ok(_)
            | Err(rustls::Error::InvalidCertificate(
                Expired | ExpiredContext { .. } | NotValidForName | NotValidForNameContext { .. },
            )) => None,
            Err(error) => Some(error.to_string()),
        },
    )
}
