//! Sets a password that a link or a printed code opened the way for: a part of those operations. All sessions end, all known browsers are forgotten
//! and the lock-out begins anew: whoever had got in is out, and the owner is in. The browser that did it is known from now on, so that a stranger who
//! keeps guessing cannot keep the owner out. A printed code that is still about opens nothing any more. The caller holds the account's row and commits.

use chrono::{DateTime, Utc};
use kernel::AccountId;
use platform::audit::{self, Actor, AuditEntry};
use platform::ids::uuid_v7;
use sqlx::PgConnection;

use crate::context::Context;
use crate::error::Error;
use crate::events::published::{self, AccessChange};
use crate::secrets::hash_of_token;
use crate::store::{accounts, activation_codes, devices, sessions, sign_in_failures};

/// What opened the way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum By {
    /// A link that was mailed: whoever reads the mail knows.
    Link,
    /// A printed code, of which the mail would tell nothing.
    PrintedCode,
}

/// The token of the browser.
pub(crate) async fn store_password(
    context: &Context,
    conn: &mut PgConnection,
    account: AccountId,
    hash: &str,
    by: By,
    now: DateTime<Utc>,
) -> Result<String, Error> {
    let stored = accounts::set_password(conn, account, hash, now).await?;
    activation_codes::void_open(conn, account, now).await?;
    sessions::end_others(conn, account, None).await?;
    devices::forget_others(conn, account, None).await?;
    let device_id = uuid_v7(now);
    let device_token = context.secrets.device_token(device_id, account);
    let known_until = now + context.settings.session.device_life();
    devices::remember(
        conn,
        account,
        device_id,
        &hash_of_token(&device_token),
        now,
        known_until,
    )
    .await?;
    if let Some(login) = &stored.login_index {
        sign_in_failures::forget_all(conn, login).await?;
    }
    if stored.first {
        let event = published::activated(now, account, stored.version, stored.member_id);
        bus::enqueue(conn, event).await?;
    } else if let (By::PrintedCode, Some(member)) = (by, stored.member_id) {
        let change = AccessChange::PasswordReplaced;
        let event = published::access_changed(now, account, stored.version, member, change);
        bus::enqueue(conn, event).await?;
    }
    let kind = if stored.member_id.is_some() {
        "member"
    } else {
        "agent"
    };
    let line = AuditEntry {
        record_kind: "account",
        record_id: account.as_uuid(),
        actor: &Actor {
            kind: kind.to_owned(),
            id: account.to_string(),
        },
        action: if stored.first { "activated" } else { "password_set" },
        fields: &["password", "sessions", "devices"],
        reason: Some(match by {
            By::Link => "link",
            By::PrintedCode => "activation code",
        }),
        at: now,
    };
    audit::record(conn, line).await?;
    Ok(device_token)
}
