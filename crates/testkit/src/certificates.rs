//! An authority of a test and the certificates that it signs, in folders that change as a cluster's mounted secrets do: a new folder beside the old
//! one, and a link that moves in one step.

use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

use platform::clock::Clock;
use platform::ids::uuid_v7;
use platform::tls::TlsSettings;
use rcgen::{
    BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair,
    KeyUsagePurpose, date_time_ymd,
};

/// Signs; its folder is removed with the value.
#[derive(Debug)]
pub struct Authority {
    issuer: Issuer<'static, KeyPair>,
    pem: String,
    folder: PathBuf,
    written: AtomicU32,
}

/// What a certificate is like.
#[derive(Clone, Copy, Debug)]
pub struct Like<'a> {
    pub names: &'a [&'a str],
    /// Its last year.
    pub until: i32,
}

impl<'a> Like<'a> {
    /// Holds for a long time.
    #[must_use]
    pub fn named(names: &'a [&'a str]) -> Self {
        Self { names, until: 2200 }
    }

    /// Ended long ago.
    #[must_use]
    pub fn expired(names: &'a [&'a str]) -> Self {
        Self { names, until: 2001 }
    }
}

/// A new authority that nobody else knows.
///
/// # Panics
/// When the temporary folder cannot be written.
#[must_use]
pub fn authority() -> Authority {
    let folder = format!("tadamon-authority-{}", uuid_v7(Clock::system().now()).simple());
    let folder = std::env::temp_dir().join(folder);
    let mut params = CertificateParams::new(Vec::new()).expect("no names");
    params
        .distinguished_name
        .push(DnType::CommonName, folder.display().to_string());
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign];
    let key = KeyPair::generate().expect("a key");
    let pem = params.self_signed(&key).expect("an authority").pem();
    std::fs::create_dir_all(&folder).expect("the temporary folder takes certificates");
    Authority {
        issuer: Issuer::new(params, key),
        pem,
        folder,
        written: AtomicU32::new(0),
    }
}

impl Authority {
    /// Its own certificate.
    #[must_use]
    pub fn pem(&self) -> &str {
        &self.pem
    }

    /// A certificate of the service, as settings name its files.
    #[must_use]
    pub fn settings_of(&self, service: &str) -> TlsSettings {
        let name = format!("{service}.tadamon.internal");
        self.settings(service, Like::named(&[&name]), &self.pem)
    }

    /// A certificate like that in the folder `of`, beside whom its bearer believes.
    #[must_use]
    pub fn settings(&self, of: &str, like: Like<'_>, authorities: &str) -> TlsSettings {
        let folder = self.folder.join(of);
        self.put(&folder, like, authorities);
        TlsSettings {
            certificate: folder.join("tls.crt"),
            key: folder.join("tls.key"),
            authorities: folder.join("ca.crt"),
            ..TlsSettings::default()
        }
    }

    /// Renews what lies where the settings point to.
    ///
    /// # Panics
    /// When the settings are none of [`Authority::settings`].
    pub fn renew(&self, settings: &TlsSettings, like: Like<'_>, authorities: &str) {
        let folder = settings.certificate.parent().expect("a file in a folder");
        self.put(folder, like, authorities);
    }

    fn put(&self, folder: &Path, like: Like<'_>, authorities: &str) {
        let (certificate, key) = self.sign(like);
        let version = format!("..{}", self.written.fetch_add(1, Ordering::SeqCst));
        let files = [
            ("tls.crt", certificate.as_str()),
            ("tls.key", key.as_str()),
            ("ca.crt", authorities),
        ];
        let taken = "the folder takes certificates";
        std::fs::create_dir_all(folder.join(&version)).expect(taken);
        for (name, text) in files {
            std::fs::write(folder.join(&version).join(name), text).expect(taken);
            if !folder.join(name).is_symlink() {
                symlink(Path::new("..data").join(name), folder.join(name)).expect(taken);
            }
        }
        symlink(&version, folder.join("..data_tmp")).expect(taken);
        std::fs::rename(folder.join("..data_tmp"), folder.join("..data")).expect(taken);
    }

    fn sign(&self, like: Like<'_>) -> (String, String) {
        let names: Vec<String> = like.names.iter().map(|&name| name.to_owned()).collect();
        let mut params = CertificateParams::new(names).expect("names of a certificate");
        params.not_before = date_time_ymd(2000, 1, 1);
        params.not_after = date_time_ymd(like.until, 1, 1);
        params.extended_key_usages = vec![
            ExtendedKeyUsagePurpose::ServerAuth,
            ExtendedKeyUsagePurpose::ClientAuth,
        ];
        let key = KeyPair::generate().expect("a key");
        let certificate = params.signed_by(&key, &self.issuer).expect("a certificate");
        (certificate.pem(), key.serialize_pem())
    }
}

impl Drop for Authority {
    fn drop(&mut self) {
        let _stays_behind = std::fs::remove_dir_all(&self.folder);
    }
}
