//! Uses a link to set the password. All sessions end, all known browsers are forgotten and the lock-out begins anew: whoever had got in is out,
//! and the member is in. The browser that used the link is known from now on, so that a stranger who keeps guessing cannot keep the member out.
//! The link is used once, so a repetition is refused.

use platform::audit::{self, Actor, AuditEntry};
use platform::ids::uuid_v7;
use zeroize::Zeroizing;

use super::inspect_link::usable_link;
use super::own_matricule::refuse_own_matricule;
use crate::context::Context;
use crate::error::Error;
use crate::events::published;
use crate::secrets::hash_of_token;
use crate::store::{accounts, devices, links, sessions, sign_in_failures};

pub(crate) async fn set_password(
    context: &Context,
    token: &str,
    password: Zeroizing<String>,
) -> Result<String, Error> {
    let link = usable_link(context, token).await?.ok_or(Error::LinkNotUsable)?;
    context
        .passwords
        .check(&password, "password")
        .map_err(Error::field)?;
    let mut conn = context.pool.acquire().await?;
    let account = accounts::by_id(&mut conn, link.account_id).await?;
    drop(conn);
    refuse_own_matricule(context, account.login_index.as_deref(), &password, "password")?;
    let hash = context.hasher.hash(password).await?;

    let now = context.now();
    let mut tx = context.begin().await?;
    accounts::lock(&mut tx, link.account_id).await?;
    if !links::use_up(&mut tx, link.id, now).await? {
        return Err(Error::LinkNotUsable);
    }
    let stored = accounts::set_password(&mut tx, link.account_id, &hash, now).await?;
    sessions::end_others(&mut tx, link.account_id, None).await?;
    devices::forget_others(&mut tx, link.account_id, None).await?;
    let device_id = uuid_v7(now);
    let device_token = context.secrets.device_token(device_id, link.account_id);
    let known_until = now + context.settings.session.device_life();
    devices::remember(
        &mut tx,
        link.account_id,
        device_id,
        &hash_of_token(&device_token),
        now,
        known_until,
    )
    .await?;
    if let Some(login) = &stored.login_index {
        sign_in_failures::forget_all(&mut tx, login).await?;
    }
    if stored.first {
        bus::enqueue(
            &mut tx,
            published::activated(now, link.account_id, stored.version, stored.member_id),
        )
        .await?;
    }
    let line = AuditEntry {
        record_kind: "account",
        record_id: link.account_id.as_uuid(),
        actor: &Actor {
            kind: if stored.member_id.is_some() {
                "member"
            } else {
                "agent"
            }
            .to_owned(),
            id: link.account_id.to_string(),
        },
        action: if stored.first { "activated" } else { "password_set" },
        fields: &["password", "sessions", "devices"],
        reason: Some("link"),
        at: now,
    };
    audit::record(&mut tx, line).await?;
    tx.commit().await?;
    context.wake.now();
    Ok(device_token)
}
