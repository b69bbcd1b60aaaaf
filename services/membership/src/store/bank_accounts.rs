//! The table `bank_accounts`: versions of a member's account, sealed with the member's key.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use kernel::Rib;
use platform::crypto::{CryptoError, PersonKey, Place};
use sqlx::PgConnection;
use uuid::Uuid;

use super::open_text;
use crate::domain::person::Digest;

const TABLE: &str = "bank_accounts";

/// The current version of an account.
pub(crate) struct Current {
    pub(crate) account: Uuid,
    pub(crate) index: Digest,
}

pub(crate) async fn current(
    conn: &mut PgConnection,
    members: &[Uuid],
) -> Result<HashMap<Uuid, Current>, sqlx::Error> {
    let rows = sqlx::query!(
        "SELECT member_id, bank_account_id, rib_index FROM bank_accounts WHERE member_id = ANY($1) AND superseded_at IS NULL",
        members
    )
    .fetch_all(conn)
    .await?;
    let current = |account, index| Current { account, index };
    Ok(rows
        .into_iter()
        .map(|row| (row.member_id, current(row.bank_account_id, row.rib_index)))
        .collect())
}

/// A new version of a member's account.
pub(crate) struct NewAccount {
    pub(crate) account: Uuid,
    pub(crate) member: Uuid,
    pub(crate) rib: Rib,
    pub(crate) index: Digest,
    /// The member's own.
    pub(crate) key: PersonKey,
}

/// Ends some versions and adds others.
pub(crate) async fn replace(
    conn: &mut PgConnection,
    superseded: &[Uuid],
    fresh: &[NewAccount],
    now: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    if !superseded.is_empty() {
        sqlx::query!(
            "UPDATE bank_accounts SET superseded_at = $2 WHERE bank_account_id = ANY($1)",
            superseded,
            now
        )
        .execute(&mut *conn)
        .await?;
    }
    if fresh.is_empty() {
        return Ok(());
    }
    let ids: Vec<Uuid> = fresh.iter().map(|f| f.account).collect();
    let members: Vec<Uuid> = fresh.iter().map(|f| f.member).collect();
    let sealed: Vec<Vec<u8>> = fresh
        .iter()
        .map(|f| f.key.seal(place(f.account), f.rib.as_str().as_bytes()))
        .collect();
    let indexes: Vec<Digest> = fresh.iter().map(|f| f.index.clone()).collect();
    sqlx::query!(
        "INSERT INTO bank_accounts (bank_account_id, member_id, rib_sealed, rib_index, recorded_at)
         SELECT t.*, $5 FROM unnest($1::uuid[], $2::uuid[], $3::bytea[], $4::bytea[]) AS t",
        &ids,
        &members,
        &sealed,
        &indexes,
        now
    )
    .execute(conn)
    .await?;
    Ok(())
}

fn place(account: Uuid) -> Place {
    Place {
        table: TABLE,
        column: "rib",
        row: account,
    }
}

/// Opens the account number of a member's own record.
pub(crate) fn open(key: &PersonKey, account: Uuid, sealed: &[u8]) -> Result<Rib, CryptoError> {
    Rib::parse(&open_text(key, place(account), sealed)?).map_err(|_| CryptoError::DoesNotOpen)
}
