//! Receipts of papers: documents signs what it took in, benefits believes the signature, so that an application needs no other service up.

use std::path::Path;

use chrono::{DateTime, TimeDelta, Utc};
use kernel::ids::{DocumentId, MemberId};
use serde::{Deserialize, Serialize};

use crate::token::{self, SigningKey, TokenError};
use crate::trust::Trust;

/// How long a receipt proves a paper: the life of a draft.
const LIFE: TimeDelta = TimeDelta::days(90);
const TYPE: &str = "tadamon-receipt";

/// What documents took in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipt {
    pub document_id: DocumentId,
    pub owner: MemberId,
    /// SHA-256 of the content, hexadecimal.
    pub sha256: String,
    pub document_class: String,
    pub file_name: String,
    pub size_bytes: i64,
    pub media_type: String,
    pub scan_state: String,
    pub uploaded_at: DateTime<Utc>,
}

#[derive(Serialize, Deserialize)]
struct Signed {
    exp: i64,
    #[serde(flatten)]
    receipt: Receipt,
}

/// Signs a receipt with documents' key.
#[must_use]
pub fn sign(key: &SigningKey, receipt: &Receipt, now: DateTime<Utc>) -> String {
    token::sign_json(
        key,
        TYPE,
        &Signed {
            exp: (now + LIFE).timestamp(),
            receipt: receipt.clone(),
        },
    )
}

/// Believes receipts.
#[derive(Clone, Debug)]
pub struct Verifier(Trust);

impl Verifier {
    /// With the trust file.
    #[must_use]
    pub fn new(trust: &Path) -> Self {
        Self(Trust::new(trust))
    }

    /// # Errors
    /// When documents did not sign it or it is too old.
    pub fn verify(&self, text: &str, now: DateTime<Utc>) -> Result<Receipt, TokenError> {
        let (_, signed) = token::verify_json::<Signed>(&self.0, text, TYPE, "receipt")?;
        if signed.exp < now.timestamp() {
            Err(TokenError::NotNow)
        } else {
            Ok(signed.receipt)
        }
    }
}
