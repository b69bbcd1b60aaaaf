//! Opening grants: benefits decides which agent may read which paper of which file, documents believes the signature. So documents needs no
//! knowledge of files, duties and families, and benefits never sees a paper.

use std::path::Path;

use chrono::{DateTime, TimeDelta, Utc};
use kernel::ids::{AccountId, ApplicationId, DocumentId};
use serde::{Deserialize, Serialize};

use crate::token::{self, SigningKey, TokenError};
use crate::trust::Trust;

/// How long a grant opens a paper: the time of one click.
pub const LIFE: TimeDelta = TimeDelta::seconds(60);
/// How far two machines' clocks may differ.
const LEEWAY: TimeDelta = TimeDelta::seconds(5);
const TYPE: &str = "tadamon-opening";
const AUDIENCE: &str = "documents";

/// Who may open what, for which file and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Grant {
    pub document_id: DocumentId,
    pub application_id: ApplicationId,
    /// The one agent whom it serves. Whoever presents it must be that agent by their own token.
    pub agent: AccountId,
    /// A code: assessment, `corrected_paper`, appeal, `quality_check`.
    pub reason: String,
}

#[derive(Serialize, Deserialize)]
struct Signed {
    aud: String,
    iat: i64,
    exp: i64,
    #[serde(flatten)]
    grant: Grant,
}

/// Signs a grant with benefits' key.
#[must_use]
pub fn sign(key: &SigningKey, grant: &Grant, now: DateTime<Utc>) -> String {
    token::sign_json(
        key,
        TYPE,
        &Signed {
            aud: AUDIENCE.to_owned(),
            iat: now.timestamp(),
            exp: (now + LIFE).timestamp(),
            grant: grant.clone(),
        },
    )
}

/// Believes grants.
#[derive(Clone, Debug)]
pub struct Verifier(Trust);

impl Verifier {
    /// With the trust file.
    #[must_use]
    pub fn new(trust: &Path) -> Self {
        Self(Trust::new(trust))
    }

    /// Whether the caller is the agent named in it is the caller's to check.
    ///
    /// # Errors
    /// When benefits did not sign it, it is for another service, too old, not of now yet, or longer than a grant may live.
    pub fn verify(&self, text: &str, now: DateTime<Utc>) -> Result<Grant, TokenError> {
        let (_, signed) = token::verify_json::<Signed>(&self.0, text, TYPE, "opening")?;
        let long = signed.exp - signed.iat > LIFE.num_seconds();
        let over = signed.exp < (now - LEEWAY).timestamp();
        let ahead = signed.iat > (now + LEEWAY).timestamp();
        if signed.aud != AUDIENCE || long || over || ahead {
            Err(TokenError::NotNow)
        } else {
            Ok(signed.grant)
        }
    }
}
