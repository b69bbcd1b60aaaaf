//! The key directory that `tadamon bootstrap` makes: one signing key per principal, symmetric rings with versions, index keys, and the trust
//! file with every public key and what its owner may assert. Reading and making only; what each key is for stands in `deploy/keys.md`.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use chrono::{DateTime, Utc};
use ed25519_dalek::pkcs8::spki::der::pem::LineEnding;
use ed25519_dalek::pkcs8::{DecodePrivateKey as _, EncodePrivateKey as _};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::clock::Clock;
use crate::ids::random;
use crate::settings::Secret;

pub mod rotation;

/// Principals with a signing key, and the kinds of token that each may assert.
pub const SIGNERS: &[(&str, &[&str])] = &[
    ("identity", &["service", "member", "agent", "partner", "app"]),
    ("membership", &["service"]),
    ("benefits", &["service", "opening"]),
    ("documents", &["service", "receipt"]),
    ("notifications", &["service"]),
    ("partnerships", &["service"]),
    ("portal", &["service"]),
    ("tadamon-cli", &["client_assertion"]),
];
/// Versioned 32-byte keys that wrap or seal.
pub const RINGS: &[&str] = &[
    "identity.data",
    "membership.data",
    "benefits.data",
    "documents.data",
    "notifications.data",
    "portal.seal",
];
/// Fixed 32-byte keys: blind indexes and derivations, which cannot rotate without a rebuild.
pub const FIXED: &[&str] = &[
    "membership.index",
    "identity.index",
    "identity.link",
    "identity.challenge",
    "benefits.index",
    "benefits.page",
    "partnerships.index",
    "partnerships.page",
];

/// Why keys cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    #[error("the key directory {0} is missing; run `tadamon bootstrap`, or name the right one")]
    NoDirectory(PathBuf),
    #[error("the key file {0} is missing; run `tadamon bootstrap --add-missing`")]
    Missing(PathBuf),
    #[error("the key file {0} cannot be read")]
    Unreadable(PathBuf),
    #[error(
        "nobody believes the key file {0}: no line of trust.json has its public half; put that line there first (docs/operations/rotate.md)"
    )]
    NotTrusted(PathBuf),
    #[error("the key directory")]
    Io(#[from] std::io::Error),
}

/// A 32-byte key under several versions: new data takes the current one, old data opens with its own.
#[derive(Clone)]
pub struct KeyRing {
    current: u32,
    keys: BTreeMap<u32, Zeroizing<[u8; 32]>>,
}

impl std::fmt::Debug for KeyRing {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "KeyRing(current {}, {} keys)", self.current, self.keys.len())
    }
}

impl KeyRing {
    /// The version for new data and its key.
    #[must_use]
    pub fn current(&self) -> (u32, &[u8; 32]) {
        (
            self.current,
            self.keys
                .get(&self.current)
                .expect("the current version was checked when the ring was read"),
        )
    }

    /// The key of a version.
    #[must_use]
    pub fn version(&self, version: u32) -> Option<&[u8; 32]> {
        self.keys.get(&version).map(|key| &**key)
    }
}

#[derive(Serialize, Deserialize)]
struct RingFile {
    current: u32,
    keys: BTreeMap<u32, String>,
}

/// The trust file: public keys and what each may assert.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct TrustFile {
    pub keys: Vec<TrustedKey>,
}

/// One public key.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct TrustedKey {
    /// Names the key in a token's header.
    pub kid: String,
    /// The principal that signs with it.
    pub issuer: String,
    /// Ed25519 public key, base64url without padding.
    pub public: String,
    /// Kinds of token that the principal may assert.
    pub kinds: Vec<String>,
    /// When the key was made; keys of versions before this field do not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub made_at: Option<DateTime<Utc>>,
    /// Since when another key of the principal signs ([`rotation`]).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replaced_at: Option<DateTime<Utc>>,
}

impl TrustFile {
    /// The trust file of a key directory.
    ///
    /// # Errors
    /// When it is missing or unreadable.
    pub fn read(path: &Path) -> Result<Self, KeyError> {
        let text = fs::read_to_string(path).map_err(|error| match error.kind() {
            std::io::ErrorKind::NotFound => KeyError::Missing(path.to_owned()),
            _ => KeyError::Unreadable(path.to_owned()),
        })?;
        serde_json::from_str(&text).map_err(|_| KeyError::Unreadable(path.to_owned()))
    }

    /// Written aside and renamed, so that a reader never sees half a file.
    fn write(&self, path: &Path) -> Result<(), KeyError> {
        let text = serde_json::to_string_pretty(self).expect("a list of texts is JSON");
        let fresh = path.with_extension("json.new");
        let _nothing_left_over = fs::remove_file(&fresh);
        write_private(&fresh, text.as_bytes())?;
        fs::rename(&fresh, path)?;
        Ok(())
    }

    /// The line of a principal's key.
    #[must_use]
    pub fn line(&self, issuer: &str, public: &str) -> Option<&TrustedKey> {
        self.keys
            .iter()
            .find(|key| key.issuer == issuer && key.public == public)
    }
}

/// A directory of keys.
#[derive(Clone, Debug)]
pub struct KeyDirectory {
    path: PathBuf,
}

impl KeyDirectory {
    /// Names the directory; nothing is read yet.
    #[must_use]
    pub fn open(path: &Path) -> Self {
        Self {
            path: path.to_owned(),
        }
    }

    /// PKCS#8 PEM of a principal's Ed25519 key.
    ///
    /// # Errors
    /// When the file is missing or unreadable.
    pub fn signing_pem(&self, principal: &str) -> Result<Secret, KeyError> {
        self.read(&signing_file(principal)).map(Secret::new)
    }

    /// The public half of a principal's key, as a line of the trust file has it.
    ///
    /// # Errors
    /// When the file is missing or unreadable.
    pub fn public_half(&self, principal: &str) -> Result<String, KeyError> {
        public_half(
            &self.path.join(signing_file(principal)),
            &self.signing_pem(principal)?,
        )
    }

    /// A versioned ring such as `membership.data`.
    ///
    /// # Errors
    /// When the file is missing or unreadable.
    pub fn ring(&self, name: &str) -> Result<KeyRing, KeyError> {
        let file = format!("{name}.ring.json");
        let unreadable = || KeyError::Unreadable(self.path.join(&file));
        let parsed: RingFile = serde_json::from_str(&self.read(&file)?).map_err(|_| unreadable())?;
        let mut keys = BTreeMap::new();
        for (version, text) in parsed.keys {
            keys.insert(version, Zeroizing::new(decode(&text).ok_or_else(unreadable)?));
        }
        if !keys.contains_key(&parsed.current) {
            return Err(unreadable());
        }
        Ok(KeyRing {
            current: parsed.current,
            keys,
        })
    }

    /// A fixed key such as `membership.index`.
    ///
    /// # Errors
    /// When the file is missing or unreadable.
    pub fn key(&self, name: &str) -> Result<[u8; 32], KeyError> {
        let file = format!("{name}.key");
        decode(self.read(&file)?.trim()).ok_or_else(|| KeyError::Unreadable(self.path.join(&file)))
    }

    /// Where the public keys stand.
    #[must_use]
    pub fn trust_path(&self) -> PathBuf {
        self.path.join("trust.json")
    }

    fn read(&self, file: &str) -> Result<String, KeyError> {
        let path = self.path.join(file);
        match fs::read_to_string(&path) {
            Ok(text) => Ok(text),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Err(if self.path.is_dir() {
                KeyError::Missing(path)
            } else {
                KeyError::NoDirectory(self.path.clone())
            }),
            Err(_) => Err(KeyError::Unreadable(path)),
        }
    }
}

fn signing_file(principal: &str) -> String {
    format!("{principal}.signing.pem")
}

fn public_half(path: &Path, pem: &Secret) -> Result<String, KeyError> {
    let key = ed25519_dalek::SigningKey::from_pkcs8_pem(pem.expose());
    let key = key.map_err(|_| KeyError::Unreadable(path.to_owned()))?;
    Ok(URL_SAFE_NO_PAD.encode(key.verifying_key().as_bytes()))
}

/// A key that was made at `now`: its private file at `path`, and the line that lets others believe it.
fn make_signing(
    path: &Path,
    principal: &str,
    kinds: &[&str],
    now: DateTime<Utc>,
) -> Result<TrustedKey, KeyError> {
    let key = ed25519_dalek::SigningKey::from_bytes(&random());
    let pem = key
        .to_pkcs8_pem(LineEnding::LF)
        .expect("a key that was just made can be written");
    write_private(path, pem.as_bytes())?;
    let public = URL_SAFE_NO_PAD.encode(key.verifying_key().as_bytes());
    Ok(trust_line(principal, kinds, public, Some(now)))
}

fn trust_line(principal: &str, kinds: &[&str], public: String, made_at: Option<DateTime<Utc>>) -> TrustedKey {
    TrustedKey {
        kid: format!("{principal}-{}", URL_SAFE_NO_PAD.encode(random::<6>())),
        issuer: principal.to_owned(),
        public,
        kinds: kinds.iter().map(|&kind| kind.to_owned()).collect(),
        made_at,
        replaced_at: None,
    }
}

fn decode(text: &str) -> Option<[u8; 32]> {
    STANDARD.decode(text).ok()?.try_into().ok()
}

/// Makes every key that is not there yet, files of mode 0600 in a directory of mode 0700. Existing keys are never touched.
///
/// Returns the names of the files that were made, in order; empty when nothing was missing.
///
/// # Errors
/// When a file cannot be written, or the trust file cannot be read.
pub fn make_missing(directory: &Path) -> Result<Vec<String>, KeyError> {
    fs::create_dir_all(directory)?;
    fs::set_permissions(directory, std::os::unix::fs::PermissionsExt::from_mode(0o700))?;
    let trust_path = directory.join("trust.json");
    let mut trust = match TrustFile::read(&trust_path) {
        Err(KeyError::Missing(_)) => TrustFile::default(),
        // Unreadable is not absent: writing a new one would forget every key that it holds.
        read => read?,
    };
    let now = Clock::system().now();
    let mut made = Vec::new();
    let mut trust_changed = false;
    for &(principal, kinds) in SIGNERS {
        trust_changed |= may_assert_all(&mut trust, principal, kinds);
        let name = signing_file(principal);
        let path = directory.join(&name);
        let line = if path.exists() {
            // A run that ended between the key and the trust file left a key that nobody believes: its line is added now.
            if trust.keys.iter().any(|known| known.issuer == principal) {
                continue;
            }
            let pem = Secret::new(fs::read_to_string(&path)?);
            trust_line(principal, kinds, public_half(&path, &pem)?, None)
        } else {
            made.push(name);
            make_signing(&path, principal, kinds, now)?
        };
        trust_changed = true;
        trust.keys.push(line);
    }
    for ring in RINGS {
        let name = format!("{ring}.ring.json");
        if !directory.join(&name).exists() {
            let file = RingFile {
                current: 1,
                keys: BTreeMap::from([(1, STANDARD.encode(random::<32>()))]),
            };
            let text = serde_json::to_string_pretty(&file).expect("a ring of texts is JSON");
            write_private(&directory.join(&name), text.as_bytes())?;
            made.push(name);
        }
    }
    for key in FIXED {
        let name = format!("{key}.key");
        if !directory.join(&name).exists() {
            write_private(&directory.join(&name), STANDARD.encode(random::<32>()).as_bytes())?;
            made.push(name);
        }
    }
    if trust_changed {
        trust.write(&trust_path)?;
    }
    Ok(made)
}

/// A newer version lets a principal assert more: its keys of before learn it. Returns whether anything changed.
fn may_assert_all(trust: &mut TrustFile, principal: &str, kinds: &[&str]) -> bool {
    let mut changed = false;
    for key in trust.keys.iter_mut().filter(|key| key.issuer == principal) {
        for &kind in kinds {
            if !key.kinds.iter().any(|known| known == kind) {
                key.kinds.push(kind.to_owned());
                changed = true;
            }
        }
    }
    changed
}

fn write_private(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let mut file = fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_run_makes_nothing_and_a_lost_trust_line_comes_back() {
        let directory = std::env::temp_dir().join(format!("tadamon-keys-{}", hex::encode(random::<8>())));
        assert!(!make_missing(&directory).unwrap().is_empty());
        assert!(make_missing(&directory).unwrap().is_empty());
        let trust_path = directory.join("trust.json");
        let mut trust: TrustFile = serde_json::from_str(&fs::read_to_string(&trust_path).unwrap()).unwrap();
        let public = trust
            .keys
            .iter()
            .find(|key| key.issuer == "portal")
            .unwrap()
            .public
            .clone();
        trust.keys.retain(|key| key.issuer != "portal");
        fs::write(&trust_path, serde_json::to_string(&trust).unwrap()).unwrap();
        assert!(make_missing(&directory).unwrap().is_empty());
        let trust: TrustFile = serde_json::from_str(&fs::read_to_string(&trust_path).unwrap()).unwrap();
        assert_eq!(
            trust
                .keys
                .iter()
                .find(|key| key.issuer == "portal")
                .unwrap()
                .public,
            public
        );
        fs::remove_dir_all(&directory).unwrap();
    }

    #[test]
    fn a_key_of_an_earlier_version_learns_what_its_owner_may_assert_by_now() {
        let directory = std::env::temp_dir().join(format!("tadamon-keys-{}", hex::encode(random::<8>())));
        make_missing(&directory).unwrap();
        let trust_path = directory.join("trust.json");
        let read =
            || -> TrustFile { serde_json::from_str(&fs::read_to_string(&trust_path).unwrap()).unwrap() };
        let mut trust = read();
        for key in trust.keys.iter_mut().filter(|key| key.issuer == "benefits") {
            key.kinds.retain(|kind| kind != "opening");
        }
        fs::write(&trust_path, serde_json::to_string(&trust).unwrap()).unwrap();
        assert!(make_missing(&directory).unwrap().is_empty(), "no file is made");
        let benefits = read()
            .keys
            .into_iter()
            .find(|key| key.issuer == "benefits")
            .unwrap();
        assert_eq!(benefits.kinds, ["service", "opening"]);
        fs::remove_dir_all(&directory).unwrap();
    }
}
