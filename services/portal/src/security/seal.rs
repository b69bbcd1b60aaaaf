//! Values that go out in a page and must come back unread and unchanged: sealed under the ring `portal.seal`.
//!
//! The additional data names the use, so that a value sealed for one use opens for no other. Nothing here is stored.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use platform::crypto;
use platform::keys::KeyRing;
use serde::Serialize;
use serde::de::DeserializeOwned;

/// Seals and opens; cheap to clone.
#[derive(Clone)]
pub(crate) struct Sealer {
    ring: KeyRing,
}

impl Sealer {
    pub(crate) fn new(ring: KeyRing) -> Self {
        Self { ring }
    }

    /// A text for a hidden field or an address. `purpose` must be given again to open it.
    pub(crate) fn seal(&self, purpose: &str, value: &impl Serialize) -> Option<String> {
        let plain = serde_json::to_vec(value).ok()?;
        Some(URL_SAFE_NO_PAD.encode(crypto::seal_with(&self.ring, purpose.as_bytes(), &plain)))
    }

    /// The value, when it was sealed here for this purpose and not changed since.
    pub(crate) fn open<T: DeserializeOwned>(&self, purpose: &str, sealed: &str) -> Option<T> {
        let sealed = URL_SAFE_NO_PAD.decode(sealed).ok()?;
        let plain = crypto::open_with(&self.ring, purpose.as_bytes(), &sealed).ok()?;
        serde_json::from_slice(&plain).ok()
    }
}
