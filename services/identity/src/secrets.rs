//! What is made from the service's keys: blind indexes, tokens and their hashes. Keys stay in here; nothing of it is stored in the clear.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use kernel::{AccountId, DeliveryId, Matricule};
use platform::crypto::BlindIndex;
use platform::ids::random;
use platform::keys::{KeyDirectory, KeyError, KeyRing};
use ring::{digest, hmac};
use subtle::ConstantTimeEq as _;
use uuid::Uuid;

/// The keys of identity.
#[derive(Debug)]
pub(crate) struct Secrets {
    index: BlindIndex,
    link: hmac::Key,
    challenge: [u8; 32],
    data: KeyRing,
}

/// A browser's token once its signature held for the account.
#[derive(Debug, Clone)]
pub(crate) struct DeviceClaim {
    pub(crate) device_id: Uuid,
    pub(crate) token_hash: Vec<u8>,
}

impl Secrets {
    pub(crate) fn open(keys: &KeyDirectory) -> Result<Self, KeyError> {
        Ok(Self {
            index: BlindIndex::new(keys.key("identity.index")?),
            link: hmac::Key::new(hmac::HMAC_SHA256, &keys.key("identity.link")?),
            challenge: keys.key("identity.challenge")?,
            data: keys.ring("identity.data")?,
        })
    }

    /// Finds an account by its login without keeping the login.
    pub(crate) fn login_index(&self, matricule: &Matricule) -> Vec<u8> {
        self.index.of("identity.matricule", matricule.as_str())
    }

    /// Names a value in Redis without writing it there.
    pub(crate) fn limit_key(&self, what: &str, value: &str) -> String {
        hex::encode(&self.index.of(what, value)[..16])
    }

    /// What is stored of a code that is typed from paper. Keyed and bound to its account, since such codes have fewer bits than a token.
    pub(crate) fn code_hash(&self, purpose: &str, account: AccountId, code: &str) -> Vec<u8> {
        self.index.of(purpose, &format!("{account}:{code}"))
    }

    /// The single-use token of a link; the same for the same delivery, so that it need not be stored.
    pub(crate) fn link_token(&self, delivery: DeliveryId, nonce: &[u8]) -> String {
        let input = [delivery.as_uuid().as_bytes(), nonce].concat();
        URL_SAFE_NO_PAD.encode(hmac::sign(&self.link, &input))
    }

    /// A browser's token: its id, and a signature that ties it to the account.
    pub(crate) fn device_token(&self, device_id: Uuid, account: AccountId) -> String {
        format!(
            "{}.{}",
            device_id.simple(),
            URL_SAFE_NO_PAD.encode(self.device_mac(device_id, account))
        )
    }

    /// Reads a browser's token; `None` for one that was not made for this account.
    pub(crate) fn read_device_token(&self, token: &str, account: AccountId) -> Option<DeviceClaim> {
        let (id, mac) = token.split_once('.')?;
        let device_id = Uuid::try_parse(id).ok()?;
        let mac = URL_SAFE_NO_PAD.decode(mac).ok()?;
        let expected = self.device_mac(device_id, account);
        bool::from(mac.as_slice().ct_eq(expected.as_slice())).then(|| DeviceClaim {
            device_id,
            token_hash: hash_of_token(token),
        })
    }

    fn device_mac(&self, device_id: Uuid, account: AccountId) -> Vec<u8> {
        self.index
            .of("identity.device", &format!("{device_id}:{account}"))
    }

    /// Signs puzzles, as the text that the altcha crate takes.
    pub(crate) fn puzzle_secret(&self) -> String {
        hex::encode(hmac::sign(
            &hmac::Key::new(hmac::HMAC_SHA256, &self.challenge),
            b"identity.puzzle",
        ))
    }

    /// Signs the key that solves a puzzle, so that checking it costs one HMAC.
    pub(crate) fn solution_secret(&self) -> String {
        hex::encode(hmac::sign(
            &hmac::Key::new(hmac::HMAC_SHA256, &self.challenge),
            b"identity.solution",
        ))
    }

    /// The answer to a text question, bound to its challenge, form and installation.
    pub(crate) fn answer_mac(&self, challenge: Uuid, form: &str, installation: &str, answer: u8) -> String {
        let key = hmac::Key::new(hmac::HMAC_SHA256, &self.challenge);
        hex::encode(hmac::sign(
            &key,
            format!("identity.answer:{challenge}:{form}:{installation}:{answer}").as_bytes(),
        ))
    }

    /// Seals a short text for one row of one table.
    pub(crate) fn seal(&self, place: &str, row: Uuid, plain: &[u8]) -> Vec<u8> {
        platform::crypto::seal_with(&self.data, &associated(place, row), plain)
    }

    /// Opens what [`Self::seal`] made for the same row.
    pub(crate) fn unseal(
        &self,
        place: &str,
        row: Uuid,
        sealed: &[u8],
    ) -> Result<zeroize::Zeroizing<Vec<u8>>, crate::error::Error> {
        Ok(platform::crypto::open_with(
            &self.data,
            &associated(place, row),
            sealed,
        )?)
    }
}

fn associated(place: &str, row: Uuid) -> Vec<u8> {
    [place.as_bytes(), b"\0", row.as_bytes()].concat()
}

/// A fresh opaque token of 256 bits.
pub(crate) fn new_token() -> String {
    URL_SAFE_NO_PAD.encode(random::<32>())
}

/// What is stored of a token. Plain SHA-256 is right for 256 random bits; passwords never come here.
pub(crate) fn hash_of_token(token: &str) -> Vec<u8> {
    digest::digest(&digest::SHA256, token.as_bytes())
        .as_ref()
        .to_vec()
}
