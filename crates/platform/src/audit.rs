//! The audit trail: who did what to which record and when, by field name and never by value. Rows of a record form a chain of hashes, written
//! in the transaction of the change itself.

use chrono::{DateTime, Utc};
use ring::digest;
use sqlx::PgConnection;
use uuid::Uuid;

/// Who acted: a caller's kind and id, or a named system principal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Actor {
    pub kind: String,
    pub id: String,
}

impl Actor {
    /// A job or subscriber of ours: it acts under a name of its own and carries no token.
    #[must_use]
    pub fn system(name: &str) -> Self {
        Self {
            kind: "system".to_owned(),
            id: name.to_owned(),
        }
    }
}

/// One line of the trail.
#[derive(Clone, Debug)]
pub struct AuditEntry<'a> {
    pub record_kind: &'static str,
    pub record_id: Uuid,
    pub actor: &'a Actor,
    pub action: &'static str,
    /// Names of the fields that changed.
    pub fields: &'a [&'static str],
    pub reason: Option<&'a str>,
    pub at: DateTime<Utc>,
}

/// Adds a line to the record's chain.
///
/// # Errors
/// The database.
pub async fn record(conn: &mut PgConnection, entry: AuditEntry<'_>) -> Result<(), sqlx::Error> {
    let fields: Vec<String> = entry.fields.iter().map(|&field| field.to_owned()).collect();
    // Takes the end of the chain and its lock in one statement, so that two writers of one record follow one another.
    let end = sqlx::query!(
        "INSERT INTO audit_chain (record_kind, record_id, number, hash) VALUES ($1, $2, 0, ''::bytea)
         ON CONFLICT (record_kind, record_id) DO UPDATE SET number = audit_chain.number RETURNING number, hash",
        entry.record_kind,
        entry.record_id
    )
    .fetch_one(&mut *conn)
    .await?;
    let number = end.number + 1;
    let hash = chain_hash(&end.hash, &entry, number);
    sqlx::query!(
        "WITH row AS (
            INSERT INTO audit (record_kind, record_id, number, at, actor_kind, actor_id, action, fields, reason, previous_hash, hash)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11))
         UPDATE audit_chain SET number = $3, hash = $11 WHERE record_kind = $1 AND record_id = $2",
        entry.record_kind,
        entry.record_id,
        number,
        entry.at,
        entry.actor.kind,
        entry.actor.id,
        entry.action,
        &fields,
        entry.reason,
        end.hash,
        &hash[..]
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// SHA-256 over the previous hash and every column, each with its length before it.
fn chain_hash(previous: &[u8], entry: &AuditEntry<'_>, number: i64) -> [u8; 32] {
    let mut context = digest::Context::new(&digest::SHA256);
    let mut add = |part: &[u8]| {
        context.update(&u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
        context.update(part);
    };
    add(previous);
    add(entry.record_kind.as_bytes());
    add(entry.record_id.as_bytes());
    add(&number.to_be_bytes());
    add(&entry.at.timestamp_micros().to_be_bytes());
    add(entry.actor.kind.as_bytes());
    add(entry.actor.id.as_bytes());
    add(entry.action.as_bytes());
    for field in entry.fields {
        add(field.as_bytes());
    }
    add(entry.reason.unwrap_or_default().as_bytes());
    let mut hash = [0; 32];
    hash.copy_from_slice(context.finish().as_ref());
    hash
}
