//! Internal tokens: EdDSA JSON Web Tokens of at most 60 seconds with one audience; a partner's, which is asked for by a system far away, lives
//! five minutes. A key may assert only the kinds that the trust file gives its owner: a service cannot speak as a member.

use std::path::PathBuf;

use chrono::{DateTime, Utc};
use jsonwebtoken::{Algorithm, EncodingKey, Header, Validation};
use kernel::ids::{AccountId, MemberId, SessionId};
use kernel::permission::{Assurance, CallerKind, Role};
use platform::ids::uuid_v7;
use platform::keys::{KeyDirectory, KeyError, TrustFile};
use serde::{Deserialize, Serialize};

use crate::trust::Trust;

/// Longest life of an internal token, in seconds.
pub const LIFETIME: i64 = 60;
/// Longest life of a partner's token, in seconds: a gate that checks cards all day asks for one every few minutes, not for each card.
pub const PARTNER_LIFETIME: i64 = 300;
/// Whom a partner's token is for.
pub const PARTNER_AUDIENCE: &str = "partnerships";
/// How far two machines' clocks may differ, in seconds.
const LEEWAY: i64 = 5;

/// What a token says.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Claims {
    pub iss: String,
    pub sub: String,
    pub aud: String,
    pub iat: i64,
    pub exp: i64,
    pub jti: String,
    pub kind: CallerKind,
    /// A member's own membership. An agent may carry one too: theirs as staff, so that they are kept from their own and a relative's file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub member_id: Option<MemberId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account_id: Option<AccountId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub session_id: Option<SessionId>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub roles: Vec<Role>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub scopes: Vec<String>,
    /// The current terms of use are accepted.
    #[serde(default)]
    pub terms: bool,
    #[serde(default = "one_factor")]
    pub assurance: Assurance,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub locale: String,
}

fn one_factor() -> Assurance {
    Assurance::One
}

impl Claims {
    fn new(iss: &str, sub: &str, aud: &str, kind: CallerKind, now: DateTime<Utc>) -> Self {
        Self {
            iss: iss.to_owned(),
            sub: sub.to_owned(),
            aud: aud.to_owned(),
            iat: now.timestamp(),
            exp: now.timestamp() + LIFETIME,
            jti: uuid_v7(now).to_string(),
            kind,
            member_id: None,
            account_id: None,
            session_id: None,
            roles: Vec::new(),
            scopes: Vec::new(),
            terms: false,
            assurance: Assurance::One,
            locale: String::new(),
        }
    }

    /// A service speaks for itself.
    #[must_use]
    pub fn service(service: &str, audience: &str, now: DateTime<Utc>) -> Self {
        Self::new(service, service, audience, CallerKind::Service, now)
    }

    /// Identity speaks for a signed-in member.
    #[must_use]
    pub fn member(
        account: AccountId,
        member: MemberId,
        session: SessionId,
        audience: &str,
        now: DateTime<Utc>,
    ) -> Self {
        Self {
            account_id: Some(account),
            member_id: Some(member),
            session_id: Some(session),
            ..Self::new(
                "identity",
                &account.to_string(),
                audience,
                CallerKind::Member,
                now,
            )
        }
    }

    /// Identity speaks for a signed-in agent. Dead 60 seconds from now even where clocks differ: a disabled agent reads nothing a minute later.
    #[must_use]
    pub fn agent(
        account: AccountId,
        roles: Vec<Role>,
        session: SessionId,
        audience: &str,
        now: DateTime<Utc>,
    ) -> Self {
        Self {
            account_id: Some(account),
            session_id: Some(session),
            roles,
            exp: now.timestamp() + LIFETIME - LEEWAY,
            ..Self::new("identity", &account.to_string(), audience, CallerKind::Agent, now)
        }
    }

    /// The agent is a member too.
    #[must_use]
    pub fn who_is_member(self, member: Option<MemberId>) -> Self {
        Self {
            member_id: member,
            ..self
        }
    }

    /// Identity speaks for an OAuth client.
    #[must_use]
    pub fn app(client: &str, scopes: Vec<String>, audience: &str, now: DateTime<Utc>) -> Self {
        Self {
            scopes,
            ..Self::new("identity", client, audience, CallerKind::App, now)
        }
    }

    /// Identity speaks for a partner's system: `client` is its client id, the audience always partnerships.
    #[must_use]
    pub fn partner(client: &str, scopes: Vec<String>, now: DateTime<Utc>) -> Self {
        Self {
            scopes,
            exp: now.timestamp() + PARTNER_LIFETIME,
            ..Self::new("identity", client, PARTNER_AUDIENCE, CallerKind::Partner, now)
        }
    }
}

/// Longest life of a token of this kind, in seconds.
const fn longest_life(kind: CallerKind) -> i64 {
    match kind {
        CallerKind::Partner => PARTNER_LIFETIME,
        CallerKind::Member | CallerKind::Agent | CallerKind::App | CallerKind::Service => LIFETIME,
    }
}

/// Why a token is not believed. The caller is told nothing of it; the log is.
#[derive(Debug, thiserror::Error)]
pub enum TokenError {
    #[error("the token is not a signed token of ours")]
    Malformed,
    #[error("the key is not in the trust file")]
    UnknownKey,
    #[error("the key's owner may not assert this")]
    NotEntitled,
    #[error("the token is for another audience, too old, too long or from the future")]
    NotNow,
}

/// A principal's private key with the id under which the trust file lists it.
#[derive(Clone)]
pub struct SigningKey {
    pub(crate) issuer: String,
    pub(crate) kid: String,
    pub(crate) key: EncodingKey,
}

impl std::fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "SigningKey({})", self.issuer)
    }
}

impl SigningKey {
    /// Reads a principal's key, and its id from the line of the trust file that has its public half: during a rotation the principal has two
    /// lines, and a token under the other one's id would be believed by nobody.
    ///
    /// # Errors
    /// When the key or its line in the trust file is missing.
    pub fn open(directory: &KeyDirectory, principal: &str) -> Result<Self, KeyError> {
        let file = PathBuf::from(format!("{principal}.signing.pem"));
        let pem = directory.signing_pem(principal)?;
        let public = directory.public_half(principal)?;
        let trust = TrustFile::read(&directory.trust_path())?;
        let line = trust
            .line(principal, &public)
            .ok_or_else(|| KeyError::NotTrusted(file.clone()))?;
        let key =
            EncodingKey::from_ed_pem(pem.expose().as_bytes()).map_err(|_| KeyError::Unreadable(file))?;
        Ok(Self {
            issuer: principal.to_owned(),
            kid: line.kid.clone(),
            key,
        })
    }

    /// The id under which others know the key.
    #[must_use]
    pub fn kid(&self) -> &str {
        &self.kid
    }
}

/// Signs claims; the issuer is the key's owner whatever the claims say.
#[must_use]
pub fn sign(key: &SigningKey, claims: &Claims) -> String {
    sign_json(
        key,
        "JWT",
        &Claims {
            iss: key.issuer.clone(),
            ..claims.clone()
        },
    )
}

/// Signs any claims under a type of its own, so that one kind of token is never taken for another.
#[must_use]
pub fn sign_json<T: Serialize>(key: &SigningKey, typ: &str, claims: &T) -> String {
    let header = Header {
        alg: Algorithm::EdDSA,
        kid: Some(key.kid.clone()),
        typ: Some(typ.to_owned()),
        ..Header::default()
    };
    jsonwebtoken::encode(&header, claims, &key.key).expect("an Ed25519 key signs plain claims")
}

/// Checks signature, type and who signed; times and audience are the caller's to check.
///
/// # Errors
/// [`TokenError`] but never `NotNow`.
pub fn verify_json<T: serde::de::DeserializeOwned>(
    trust: &Trust,
    token: &str,
    typ: &str,
    kind: &str,
) -> Result<(String, T), TokenError> {
    let header = jsonwebtoken::decode_header(token).map_err(|_| TokenError::Malformed)?;
    if header.alg != Algorithm::EdDSA || header.typ.as_deref() != Some(typ) {
        return Err(TokenError::Malformed);
    }
    let kid = header.kid.ok_or(TokenError::Malformed)?;
    let key = trust.key(&kid).ok_or(TokenError::UnknownKey)?;
    if !key.kinds.iter().any(|allowed| allowed == kind) {
        return Err(TokenError::NotEntitled);
    }
    let mut validation = Validation::new(Algorithm::EdDSA);
    validation.validate_exp = false;
    validation.validate_aud = false;
    validation.required_spec_claims.clear();
    let data = jsonwebtoken::decode::<T>(token, &key.key, &validation).map_err(|_| TokenError::Malformed)?;
    Ok((key.issuer, data.claims))
}

/// Believes a token or says why not.
///
/// # Errors
/// [`TokenError`].
pub fn verify(trust: &Trust, token: &str, audience: &str, now: DateTime<Utc>) -> Result<Claims, TokenError> {
    // The kind decides which keys may sign it, so it is read first and believed only once the signature holds.
    let kind = unverified_kind(token).ok_or(TokenError::Malformed)?;
    let (issuer, claims) = verify_json::<Claims>(trust, token, "JWT", kind.as_str())?;
    if claims.iss != issuer || claims.kind != kind || (kind == CallerKind::Service && claims.sub != issuer) {
        return Err(TokenError::NotEntitled);
    }
    is_now(&claims, audience, now)?;
    Ok(claims)
}

/// Whether the claims are for this audience and this moment.
pub(crate) fn is_now(claims: &Claims, audience: &str, now: DateTime<Utc>) -> Result<(), TokenError> {
    let now = now.timestamp();
    let long = claims.exp - claims.iat > longest_life(claims.kind);
    if claims.aud != audience || long || claims.exp + LEEWAY < now || claims.iat - LEEWAY > now {
        return Err(TokenError::NotNow);
    }
    Ok(())
}

fn unverified_kind(token: &str) -> Option<CallerKind> {
    use base64::Engine as _;
    let payload = token.split('.').nth(1)?;
    let bytes = base64::engine::general_purpose::URL_SAFE_NO_PAD
        .decode(payload)
        .ok()?;
    let value: serde_json::Value = serde_json::from_slice(&bytes).ok()?;
    serde_json::from_value(value.get("kind")?.clone()).ok()
}
