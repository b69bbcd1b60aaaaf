//! Encryption of personal columns: a key per person, wrapped by the service's versioned key; the place of a value is authenticated, so that a
//! ciphertext moved to another row does not open. Blind indexes for look-ups. The cipher is AES-256-GCM of ring; nothing here invents one.

use chrono::{DateTime, Utc};
use ring::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use ring::hmac;
use sqlx::PgConnection;
use uuid::Uuid;
use zeroize::Zeroizing;

use crate::ids::random;
use crate::keys::KeyRing;

/// Why a value cannot be sealed or opened.
#[derive(Debug, thiserror::Error)]
pub enum CryptoError {
    #[error("the person was erased")]
    Erased,
    #[error("the value does not open: wrong key, wrong place or damaged")]
    DoesNotOpen,
    #[error("the person keys")]
    Database(#[from] sqlx::Error),
}

/// Where a sealed value stands: part of what is authenticated.
#[derive(Clone, Copy, Debug)]
pub struct Place {
    pub table: &'static str,
    pub column: &'static str,
    pub row: Uuid,
}

impl Place {
    fn bytes(&self) -> Vec<u8> {
        [
            self.table.as_bytes(),
            b"\0",
            self.column.as_bytes(),
            b"\0",
            self.row.as_bytes(),
        ]
        .concat()
    }
}

/// A person's own data key, in the clear only in memory.
#[derive(Clone)]
pub struct PersonKey(Zeroizing<[u8; 32]>);

impl std::fmt::Debug for PersonKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PersonKey")
    }
}

impl PersonKey {
    /// Seals a value for its place.
    #[must_use]
    pub fn seal(&self, place: Place, plain: &[u8]) -> Vec<u8> {
        seal(&self.0, &place.bytes(), plain)
    }

    /// Opens a value that was sealed for this place.
    ///
    /// # Errors
    /// [`CryptoError::DoesNotOpen`].
    pub fn open(&self, place: Place, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, CryptoError> {
        open(&self.0, &place.bytes(), sealed)
    }
}

/// Hands out person keys, wrapped in the table `person_keys`.
#[derive(Clone, Debug)]
pub struct FieldCipher {
    ring: KeyRing,
}

impl FieldCipher {
    /// With the service's own ring.
    #[must_use]
    pub fn new(ring: KeyRing) -> Self {
        Self { ring }
    }

    /// The person's key, made on first use.
    ///
    /// # Errors
    /// [`CryptoError::Erased`] when the key was destroyed.
    pub async fn person_key(
        &self,
        conn: &mut PgConnection,
        person: Uuid,
        now: DateTime<Utc>,
    ) -> Result<PersonKey, CryptoError> {
        if let Some(key) = self.existing_person_key(conn, person).await? {
            return Ok(key);
        }
        let (_, wrapped) = self.fresh_key(person);
        sqlx::query!(
            "INSERT INTO person_keys (person_id, wrapped, created_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
            person,
            wrapped,
            now
        )
        .execute(&mut *conn)
        .await?;
        // Another transaction may have been first: what stands in the table counts.
        self.existing_person_key(conn, person)
            .await?
            .ok_or(CryptoError::DoesNotOpen)
    }

    /// The person's key if one was made.
    ///
    /// # Errors
    /// [`CryptoError::Erased`] when the key was destroyed.
    pub async fn existing_person_key(
        &self,
        conn: &mut PgConnection,
        person: Uuid,
    ) -> Result<Option<PersonKey>, CryptoError> {
        let Some(wrapped) =
            sqlx::query_scalar!("SELECT wrapped FROM person_keys WHERE person_id = $1", person)
                .fetch_optional(conn)
                .await?
        else {
            return Ok(None);
        };
        self.unwrap_key(person, &wrapped.ok_or(CryptoError::Erased)?)
            .map(Some)
    }

    /// A new key and its wrapped form, for callers that write many rows at once.
    #[must_use]
    pub fn fresh_key(&self, person: Uuid) -> (PersonKey, Vec<u8>) {
        let key = PersonKey(Zeroizing::new(random()));
        let wrapped = seal_with(&self.ring, person.as_bytes(), &*key.0);
        (key, wrapped)
    }

    /// Opens a wrapped key that was read from `person_keys`.
    ///
    /// # Errors
    /// [`CryptoError::DoesNotOpen`].
    pub fn unwrap_key(&self, person: Uuid, wrapped: &[u8]) -> Result<PersonKey, CryptoError> {
        let bytes = open_with(&self.ring, person.as_bytes(), wrapped)?;
        let key: [u8; 32] = bytes
            .as_slice()
            .try_into()
            .map_err(|_| CryptoError::DoesNotOpen)?;
        Ok(PersonKey(Zeroizing::new(key)))
    }
}

/// Seals with the ring's current key; the version stands before the ciphertext.
#[must_use]
pub fn seal_with(ring: &KeyRing, associated: &[u8], plain: &[u8]) -> Vec<u8> {
    let (version, key) = ring.current();
    let mut out = version.to_be_bytes().to_vec();
    out.extend(seal(key, associated, plain));
    out
}

/// Opens what [`seal_with`] made, under whichever version it names.
///
/// # Errors
/// [`CryptoError::DoesNotOpen`].
pub fn open_with(
    ring: &KeyRing,
    associated: &[u8],
    sealed: &[u8],
) -> Result<Zeroizing<Vec<u8>>, CryptoError> {
    let (version, rest) = sealed.split_first_chunk::<4>().ok_or(CryptoError::DoesNotOpen)?;
    let key = ring
        .version(u32::from_be_bytes(*version))
        .ok_or(CryptoError::DoesNotOpen)?;
    open(key, associated, rest)
}

fn cipher(key: &[u8; 32]) -> LessSafeKey {
    LessSafeKey::new(UnboundKey::new(&AES_256_GCM, key).expect("the key has 32 bytes"))
}

fn seal(key: &[u8; 32], associated: &[u8], plain: &[u8]) -> Vec<u8> {
    let nonce: [u8; NONCE_LEN] = random();
    let mut out = Vec::with_capacity(NONCE_LEN + plain.len() + AES_256_GCM.tag_len());
    out.extend_from_slice(&nonce);
    let mut body = plain.to_vec();
    cipher(key)
        .seal_in_place_append_tag(
            Nonce::assume_unique_for_key(nonce),
            Aad::from(associated),
            &mut body,
        )
        .expect("a column is far shorter than the cipher's bound");
    out.append(&mut body);
    out
}

fn open(key: &[u8; 32], associated: &[u8], sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, CryptoError> {
    let (nonce, body) = sealed
        .split_first_chunk::<NONCE_LEN>()
        .ok_or(CryptoError::DoesNotOpen)?;
    let mut body = Zeroizing::new(body.to_vec());
    let length = cipher(key)
        .open_in_place(
            Nonce::assume_unique_for_key(*nonce),
            Aad::from(associated),
            &mut body,
        )
        .map_err(|_| CryptoError::DoesNotOpen)?
        .len();
    body.truncate(length);
    Ok(body)
}

/// Finds equal values without storing them: HMAC-SHA256 under a key of its own.
#[derive(Clone)]
pub struct BlindIndex(hmac::Key);

impl std::fmt::Debug for BlindIndex {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("BlindIndex")
    }
}

impl BlindIndex {
    /// With a key that is used for nothing else.
    #[must_use]
    pub fn new(key: [u8; 32]) -> Self {
        Self(hmac::Key::new(hmac::HMAC_SHA256, &key))
    }

    /// The index of a normalised value; `domain` keeps equal values of different columns apart.
    #[must_use]
    pub fn of(&self, domain: &str, value: &str) -> Vec<u8> {
        hmac::sign(
            &self.0,
            [domain.as_bytes(), b"\0", value.as_bytes()].concat().as_slice(),
        )
        .as_ref()
        .to_vec()
    }
}
