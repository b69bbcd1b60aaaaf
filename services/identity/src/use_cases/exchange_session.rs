//! Turns a session into a token of at most a minute for one service. Notes the use at most once a minute; needs no Redis.

use auth::token::{Claims, sign};
use chrono::{DateTime, Utc};

use super::agent_session::second_factor_of;
use crate::context::Context;
use crate::domain::second_factor::SecondFactor;
use crate::domain::session;
use crate::error::Error;
use crate::secrets::hash_of_token;
use crate::store::accounts::{self, Account};
use crate::store::{sessions, terms_acceptances};

/// What a session is to the edge.
pub(crate) struct SessionView {
    pub(crate) account: Account,
    pub(crate) terms_accepted: bool,
    pub(crate) ends_at: DateTime<Utc>,
    pub(crate) second_factor: SecondFactor,
}

/// A token and its session.
pub(crate) struct Exchanged {
    pub(crate) access_token: String,
    pub(crate) expires_at: DateTime<Utc>,
    pub(crate) session: SessionView,
}

pub(crate) async fn exchange_session(
    context: &Context,
    token: &str,
    audience: &str,
) -> Result<Exchanged, Error> {
    let audience = session::audience(audience).ok_or(Error::UnknownAudience)?;
    let now = context.now();
    let times = context.settings.session.times();
    let mut conn = context.pool.acquire().await?;
    let found = sessions::by_token(&mut conn, &hash_of_token(token)).await?;
    let found = found
        .filter(|session| session.life.is_alive(times, now))
        .ok_or(Error::SessionEnded)?;
    let mut life = found.life;
    if life.should_touch(now) {
        sessions::touch(&mut conn, found.id, now).await?;
        life.last_seen_at = now;
    }
    let account = accounts::by_id(&mut conn, found.account_id).await?;
    let terms_accepted =
        terms_acceptances::exists(&mut conn, account.id, context.terms.current(now).version()).await?;

    let second_factor = second_factor_of(&mut conn, &account, found.assurance).await?;

    let mut claims = match account.member_id {
        Some(member) => Claims::member(account.id, member, found.id, audience, now),
        None => Claims::agent(account.id, account.roles.clone(), found.id, audience, now)
            .who_is_member(account.own_member_id),
    };
    claims.assurance = found.assurance;
    claims.terms = terms_accepted;
    claims.locale = account.locale.as_str().to_owned();
    let expires_at = DateTime::from_timestamp(claims.exp, 0).unwrap_or(now);
    let view = SessionView {
        account,
        terms_accepted,
        ends_at: life.ends_at(times),
        second_factor,
    };
    Ok(Exchanged {
        access_token: sign(&context.signing_key, &claims),
        expires_at,
        session: view,
    })
}
