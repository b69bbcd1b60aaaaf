//! Tokens that come again and again, a partner's during its five minutes: the signature of one that was believed is not computed a second time. All
//! else is judged each time, and a key that leaves the trust file takes its tokens along. For tokens that come once, [`crate::token::verify`].

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, Utc};
use ring::digest;

use crate::token::{Claims, TokenError, is_now, verify};
use crate::trust::Trust;

/// Tokens remembered at most; then all are forgotten, which costs each a signature. A partner's client has one or two at a time.
const REMEMBERED: usize = 1_000;

/// What stands for a token: nobody who reads this process's memory or times its answers comes nearer to one.
type Hash = [u8; digest::SHA256_OUTPUT_LEN];

/// Believes tokens, and remembers which.
#[derive(Debug)]
pub struct Believed {
    trust: Trust,
    tokens: Mutex<HashMap<Hash, Arc<Known>>>,
}

#[derive(Debug)]
struct Known {
    kid: String,
    claims: Arc<Claims>,
}

impl Believed {
    /// Nothing is believed yet.
    #[must_use]
    pub fn new(trust: Trust) -> Self {
        Self {
            trust,
            tokens: Mutex::default(),
        }
    }

    /// As [`verify`].
    ///
    /// # Errors
    /// [`TokenError`].
    pub fn verify(&self, token: &str, audience: &str, now: DateTime<Utc>) -> Result<Arc<Claims>, TokenError> {
        let hash = hash_of(token);
        let known = self.tokens().get(&hash).cloned();
        match known {
            Some(known) => {
                let held = self.holds(&known, audience, now);
                if held.is_err() {
                    self.tokens().remove(&hash);
                }
                held.map(|()| Arc::clone(&known.claims))
            }
            None => self.first_time(token, hash, audience, now),
        }
    }

    /// What may have changed since the signature was checked.
    fn holds(&self, known: &Known, audience: &str, now: DateTime<Utc>) -> Result<(), TokenError> {
        let claims = &known.claims;
        let entitled = self.trust.entitles(&known.kid, &claims.iss, claims.kind.as_str());
        if !entitled.ok_or(TokenError::UnknownKey)? {
            return Err(TokenError::NotEntitled);
        }
        is_now(&known.claims, audience, now)
    }

    fn first_time(
        &self,
        token: &str,
        hash: Hash,
        audience: &str,
        now: DateTime<Utc>,
    ) -> Result<Arc<Claims>, TokenError> {
        let claims = Arc::new(verify(&self.trust, token, audience, now)?);
        let header = jsonwebtoken::decode_header(token).map_err(|_| TokenError::Malformed)?;
        let known = Arc::new(Known {
            kid: header.kid.ok_or(TokenError::Malformed)?,
            claims: Arc::clone(&claims),
        });
        let mut tokens = self.tokens();
        if tokens.len() >= REMEMBERED {
            tokens.clear();
        }
        tokens.insert(hash, known);
        Ok(claims)
    }

    fn tokens(&self) -> MutexGuard<'_, HashMap<Hash, Arc<Known>>> {
        // The map is whole between any two statements.
        self.tokens.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn hash_of(token: &str) -> Hash {
    let mut hash = Hash::default();
    hash.copy_from_slice(digest::digest(&digest::SHA256, token.as_bytes()).as_ref());
    hash
}
