//! The public keys that this process believes, read from the trust file and read again when it changes, so that keys rotate without a restart.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, RwLock};
use std::time::{Duration, Instant, SystemTime};

use jsonwebtoken::DecodingKey;
use platform::keys::TrustFile;

/// How often the file's date is looked at.
const LOOK: Duration = Duration::from_secs(5);

/// One believed key.
#[derive(Clone)]
pub struct TrustedKey {
    pub issuer: String,
    pub kinds: Vec<String>,
    pub key: DecodingKey,
}

impl std::fmt::Debug for TrustedKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "TrustedKey({})", self.issuer)
    }
}

/// The trust file, cached.
#[derive(Clone, Debug)]
pub struct Trust(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    path: PathBuf,
    state: RwLock<State>,
}

#[derive(Debug, Default)]
struct State {
    keys: Arc<HashMap<String, TrustedKey>>,
    modified: Option<SystemTime>,
    looked: Option<Instant>,
}

impl Trust {
    /// Nothing is read before the first question.
    #[must_use]
    pub fn new(path: &Path) -> Self {
        Self(Arc::new(Inner {
            path: path.to_owned(),
            state: RwLock::default(),
        }))
    }

    /// The key of this id; `None` for one that is not believed.
    #[must_use]
    pub fn key(&self, kid: &str) -> Option<TrustedKey> {
        self.refresh();
        self.0.state.read().ok()?.keys.get(kid).cloned()
    }

    /// Whether the key of this id signs for this issuer and this kind of caller; `None` for a key that is not believed.
    #[must_use]
    pub fn entitles(&self, kid: &str, issuer: &str, kind: &str) -> Option<bool> {
        self.refresh();
        let state = self.0.state.read().ok()?;
        let key = state.keys.get(kid)?;
        Some(key.issuer == issuer && key.kinds.iter().any(|allowed| allowed == kind))
    }

    fn refresh(&self) {
        let fresh = self
            .0
            .state
            .read()
            .is_ok_and(|state| state.looked.is_some_and(|at| at.elapsed() < LOOK));
        if fresh {
            return;
        }
        let Ok(mut state) = self.0.state.write() else {
            return;
        };
        state.looked = Some(Instant::now());
        let modified = std::fs::metadata(&self.0.path)
            .and_then(|meta| meta.modified())
            .ok();
        if modified.is_some() && modified == state.modified {
            return;
        }
        // A file that is being replaced or is damaged leaves the keys as they were: a bad write must not lock everybody out.
        if let Ok(file) = TrustFile::read(&self.0.path) {
            let mut keys = HashMap::new();
            for key in file.keys {
                if let Ok(decoding) = DecodingKey::from_ed_components(&key.public) {
                    keys.insert(
                        key.kid,
                        TrustedKey {
                            issuer: key.issuer,
                            kinds: key.kinds,
                            key: decoding,
                        },
                    );
                }
            }
            state.keys = Arc::new(keys);
            state.modified = modified;
        } else {
            tracing::error!("the trust file cannot be read; the keys read before stay in force");
        }
    }
}
