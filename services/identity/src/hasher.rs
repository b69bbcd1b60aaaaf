//! Argon2id in a bounded pool: a few hashes at once, a few waiting, and "try again" for the rest, so that sign-ins cannot take the machine's
//! memory. It knows no account and no rule about passwords.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use argon2::password_hash::{PasswordHash, PasswordHasher as _, PasswordVerifier as _, SaltString};
use argon2::{Algorithm, Argon2, Params, Version};
use platform::ids::random;
use tokio::sync::Semaphore;
use zeroize::Zeroizing;

use crate::config::PasswordSettings;
use crate::error::Error;

/// The pool.
#[derive(Clone)]
pub(crate) struct Hasher {
    argon: Argon2<'static>,
    /// One permit per hash that runs.
    running: Arc<Semaphore>,
    /// One permit per hash that runs or waits.
    admitted: Arc<Semaphore>,
    /// A hash of a random password, checked where there is no account, so that unknown costs what known costs.
    nobody: Arc<str>,
    done: Arc<AtomicU64>,
}

impl Hasher {
    pub(crate) fn new(settings: &PasswordSettings) -> Result<Self, Error> {
        let params = Params::new(settings.memory_kib, settings.passes, settings.lanes, None)
            .map_err(|error| Error::Hash(error.into()))?;
        let argon = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
        let nobody = hash(&argon, &hex::encode(random::<32>()))?;
        Ok(Self {
            argon,
            running: Arc::new(Semaphore::new(settings.workers)),
            admitted: Arc::new(Semaphore::new(settings.workers + settings.queue)),
            nobody: nobody.into(),
            done: Arc::default(),
        })
    }

    /// How many hashes were computed, for the test that known and unknown cost the same.
    pub(crate) fn done(&self) -> Arc<AtomicU64> {
        Arc::clone(&self.done)
    }

    /// The hash to store, with its salt and parameters.
    pub(crate) async fn hash(&self, password: Zeroizing<String>) -> Result<String, Error> {
        self.run(move |argon| hash(argon, &password)).await
    }

    /// Whether the password is right. Without a stored hash the same work is done and the answer is no.
    pub(crate) async fn verify(
        &self,
        password: Zeroizing<String>,
        stored: Option<String>,
    ) -> Result<bool, Error> {
        let known = stored.is_some();
        let stored = stored.unwrap_or_else(|| self.nobody.to_string());
        self.run(move |argon| {
            let parsed = PasswordHash::new(&stored).map_err(Error::Hash)?;
            match argon.verify_password(password.as_bytes(), &parsed) {
                Ok(()) => Ok(known),
                Err(argon2::password_hash::Error::Password) => Ok(false),
                Err(error) => Err(Error::Hash(error)),
            }
        })
        .await
    }

    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Argon2<'static>) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        let _place = self.admitted.try_acquire().map_err(|_| Error::Busy)?;
        let turn = Arc::clone(&self.running)
            .acquire_owned()
            .await
            .map_err(|_| Error::Busy)?;
        let argon = self.argon.clone();
        self.done.fetch_add(1, Ordering::Relaxed);
        let outcome = tokio::task::spawn_blocking(move || {
            let result = work(&argon);
            drop(turn);
            result
        });
        outcome.await.map_err(|_| Error::Busy)?
    }
}

fn hash(argon: &Argon2<'_>, password: &str) -> Result<String, Error> {
    let salt = SaltString::encode_b64(&random::<16>()).map_err(Error::Hash)?;
    Ok(argon
        .hash_password(password.as_bytes(), &salt)
        .map_err(Error::Hash)?
        .to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(workers: usize, queue: usize) -> PasswordSettings {
        PasswordSettings {
            least: 15,
            most: 128,
            context_words: Vec::new(),
            memory_kib: 64,
            passes: 1,
            lanes: 1,
            workers,
            queue,
        }
    }

    fn typed(password: &str) -> Zeroizing<String> {
        Zeroizing::new(password.to_owned())
    }

    #[tokio::test]
    async fn a_hash_verifies_its_own_password_only_and_carries_its_parameters() {
        let hasher = Hasher::new(&settings(1, 4)).unwrap();
        let stored = hasher.hash(typed("grue lampe ocre")).await.unwrap();
        assert!(stored.starts_with("$argon2id$v=19$m=64,t=1,p=1$"), "{stored}");
        assert!(
            hasher
                .verify(typed("grue lampe ocre"), Some(stored.clone()))
                .await
                .unwrap()
        );
        assert!(
            !hasher
                .verify(typed("grue lampe ocra"), Some(stored))
                .await
                .unwrap()
        );
    }

    #[tokio::test]
    async fn nobody_has_no_right_password_and_costs_a_hash() {
        let hasher = Hasher::new(&settings(1, 4)).unwrap();
        assert!(!hasher.verify(typed("grue lampe ocre"), None).await.unwrap());
        assert_eq!(hasher.done().load(Ordering::Relaxed), 1);
    }

    #[tokio::test]
    async fn nothing_of_a_long_password_is_cut() {
        let hasher = Hasher::new(&settings(1, 4)).unwrap();
        let long = "brume ".repeat(30);
        let stored = hasher.hash(typed(&long)).await.unwrap();
        assert!(
            !hasher
                .verify(typed(&long[..long.len() - 1]), Some(stored))
                .await
                .unwrap()
        );
    }

    #[tokio::test]
    async fn more_than_run_and_wait_are_told_to_try_again() {
        let hasher = Hasher::new(&settings(1, 1)).unwrap();
        let first = hasher.running.clone().acquire_owned().await.unwrap();
        let _one = hasher.admitted.clone().acquire_owned().await.unwrap();
        let _two = hasher.admitted.clone().acquire_owned().await.unwrap();
        assert!(matches!(
            hasher.hash(typed("grue lampe ocre")).await,
            Err(Error::Busy)
        ));
        drop(first);
    }
}
