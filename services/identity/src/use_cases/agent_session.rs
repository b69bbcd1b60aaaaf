//! The living session of an agent by its token, with the account: what enrolling and verifying a second factor begin with, and how both end.

use kernel::{AccountId, Assurance};
use platform::audit::Actor;
use sqlx::PgConnection;
use uuid::Uuid;

use super::exchange_session::SessionView;
use crate::context::Context;
use crate::domain::second_factor::SecondFactor;
use crate::domain::session::SessionLife;
use crate::error::Error;
use crate::secrets::{hash_of_token, new_token};
use crate::store::accounts::{self, Account};
use crate::store::sessions::{self, Session};
use crate::store::terms_acceptances;

/// Where a secret is sealed for.
pub(crate) const SECRET_PLACE: &str = "second_factors.secret";
/// What a recovery code is hashed as.
pub(crate) const RECOVERY_PURPOSE: &str = "identity.recovery";
/// Wrong codes have a count of their own beside the browsers': one for the account, whatever browser they come from.
pub(crate) const CODES: Uuid = Uuid::from_u128(2);

/// An agent who is signed in.
pub(crate) struct AgentSession {
    pub(crate) session: Session,
    pub(crate) account: Account,
    token_hash: Vec<u8>,
}

/// A session under its new token.
pub(crate) struct Raised {
    pub(crate) session_token: String,
    pub(crate) session: SessionView,
}

impl AgentSession {
    pub(crate) async fn open(context: &Context, token: &str) -> Result<Self, Error> {
        let token_hash = hash_of_token(token);
        let mut conn = context.pool.acquire().await?;
        let session = sessions::by_token(&mut conn, &token_hash)
            .await?
            .filter(|session| {
                session
                    .life
                    .is_alive(context.settings.session.times(), context.now())
            })
            .ok_or(Error::SessionEnded)?;
        let account = accounts::by_id(&mut conn, session.account_id).await?;
        if !account.is_agent() {
            return Err(Error::SecondFactorNotAsked);
        }
        Ok(Self {
            session,
            account,
            token_hash,
        })
    }

    pub(crate) fn id(&self) -> AccountId {
        self.account.id
    }

    /// Whose wrong codes are counted.
    pub(crate) fn login(&self) -> Vec<u8> {
        self.account.login_index.clone().unwrap_or_default()
    }

    pub(crate) fn actor(&self) -> Actor {
        Actor {
            kind: "agent".to_owned(),
            id: self.account.id.to_string(),
        }
    }

    /// Two factors from now on, under a fresh token: whoever saw the one before has nothing.
    pub(crate) async fn raise(self, context: &Context, conn: &mut PgConnection) -> Result<Raised, Error> {
        let now = context.now();
        let session_token = new_token();
        let fresh = hash_of_token(&session_token);
        if !sessions::raise(conn, self.session.id, &self.token_hash, &fresh, now).await? {
            return Err(Error::SessionEnded);
        }
        let terms_accepted =
            terms_acceptances::exists(conn, self.account.id, context.terms.current(now).version()).await?;
        let life = SessionLife {
            last_seen_at: now,
            ..self.session.life
        };
        Ok(Raised {
            session_token,
            session: SessionView {
                account: self.account,
                terms_accepted,
                ends_at: life.ends_at(context.settings.session.times()),
                second_factor: SecondFactor::Done,
            },
        })
    }
}

/// What a session of this account still has to prove.
pub(crate) async fn second_factor_of(
    conn: &mut PgConnection,
    account: &Account,
    assurance: Assurance,
) -> Result<SecondFactor, Error> {
    if !account.is_agent() {
        return Ok(SecondFactor::NotAsked);
    }
    let proved = assurance == Assurance::Two;
    let enrolled = proved || crate::store::second_factors::is_enrolled(conn, account.id).await?;
    Ok(SecondFactor::of(true, enrolled, proved))
}
