//! Changes the password of the signed-in person. The session named goes on; all others end, the other browsers are forgotten, and
//! a printed code opens nothing any more.
//! A wrong present password counts like a wrong sign-in, under a count of the session's own.

use kernel::AccountId;
use platform::audit::{self, Actor, AuditEntry};
use zeroize::Zeroizing;

use super::guard_sign_in::{claim_attempt, forgive};
use super::own_matricule::refuse_own_matricule;
use crate::context::Context;
use crate::domain::field::WrongField;
use crate::error::Error;
use crate::secrets::hash_of_token;
use crate::store::{accounts, activation_codes, devices, sessions};

/// The form as it was typed.
pub(crate) struct PasswordChange {
    pub(crate) current: Zeroizing<String>,
    pub(crate) new: Zeroizing<String>,
    pub(crate) session_token: Zeroizing<String>,
}

pub(crate) async fn change_password(
    context: &Context,
    caller: AccountId,
    actor: &Actor,
    change: PasswordChange,
) -> Result<(), Error> {
    let mut conn = context.pool.acquire().await?;
    let account = accounts::by_id(&mut conn, caller).await?;
    let session = sessions::by_token(&mut conn, &hash_of_token(&change.session_token)).await?;
    drop(conn);
    let alive = |life: crate::domain::session::SessionLife| {
        life.is_alive(context.settings.session.times(), context.now())
    };
    let session = session
        .filter(|session| session.account_id == caller && alive(session.life))
        .ok_or(Error::SessionEnded)?;
    context
        .passwords
        .check(&change.new, "new_password")
        .map_err(Error::field)?;
    refuse_own_matricule(
        context,
        account.login_index.as_deref(),
        &change.new,
        "new_password",
    )?;

    if change.new == change.current {
        return Err(Error::field(WrongField::new(
            "new_password",
            "PASSWORD_UNCHANGED",
            "The new password is the present one.",
        )));
    }

    let login = account.login_index.clone().unwrap_or_default();
    claim_attempt(context, &login, session.id.as_uuid()).await?;
    if !context
        .hasher
        .verify(change.current, account.password_hash.clone())
        .await?
    {
        return Err(Error::field(WrongField::new(
            "current_password",
            "CURRENT_PASSWORD_WRONG",
            "This is not the present password.",
        )));
    }
    let hash = context.hasher.hash(change.new).await?;

    let now = context.now();
    let mut tx = context.begin().await?;
    accounts::lock(&mut tx, caller).await?;
    if !accounts::still_has(&mut tx, caller, account.password_hash.as_deref()).await? {
        return Err(Error::SessionEnded);
    }
    accounts::set_password(&mut tx, caller, &hash, now).await?;
    activation_codes::void_open(&mut tx, caller, now).await?;
    sessions::end_others(&mut tx, caller, Some(session.id)).await?;
    devices::forget_others(&mut tx, caller, session.device_id).await?;
    forgive(&mut tx, &login, session.id.as_uuid()).await?;
    let line = AuditEntry {
        record_kind: "account",
        record_id: caller.as_uuid(),
        actor,
        action: "password_changed",
        fields: &["password", "sessions", "devices"],
        reason: None,
        at: now,
    };
    audit::record(&mut tx, line).await?;
    tx.commit().await?;
    Ok(())
}
