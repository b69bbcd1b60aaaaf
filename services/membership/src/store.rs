//! SQL of membership, a file per table, on `&mut PgConnection`. No rules: what is read or written is decided elsewhere.
//!
//! The import writes many rows at once (`unnest`); everything else reads one member or a bounded list.

pub(crate) mod bank_accounts;
pub(crate) mod contacts;
pub(crate) mod family_links;
pub(crate) mod members;
pub(crate) mod person_keys;
pub(crate) mod persons;
pub(crate) mod positions;
pub(crate) mod roster_imports;
pub(crate) mod workplaces;

use platform::crypto::{CryptoError, PersonKey, Place};

/// A sealed column that must open to a text.
fn open_text(key: &PersonKey, place: Place, sealed: &[u8]) -> Result<String, CryptoError> {
    let plain = key.open(place, sealed)?;
    String::from_utf8(plain.to_vec()).map_err(|_| CryptoError::DoesNotOpen)
}
