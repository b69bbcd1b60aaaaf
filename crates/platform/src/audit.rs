//! The audit trail: who did what to which record and when, by field name and never by value. Rows of a record form a chain of hashes, written
//! in the transaction of the change itself.

use chrono::{DateTime, Utc};
use ring::digest;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::fault_points::{self, FaultPoint};

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
    let columns = Columns {
        record_kind: entry.record_kind,
        record_id: entry.record_id,
        at: entry.at,
        actor_kind: &entry.actor.kind,
        actor_id: &entry.actor.id,
        action: entry.action,
        fields: entry.fields,
        reason: entry.reason,
    };
    let hash = columns.chain_hash(&end.hash, number);
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
    fault_points::pass(FaultPoint::InTransaction, entry.action);
    Ok(())
}

/// One line as it stands in the trail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditLine {
    /// From 1, without gaps, within the record.
    pub number: i64,
    pub at: DateTime<Utc>,
    pub actor: Actor,
    pub action: String,
    pub fields: Vec<String>,
    pub reason: Option<String>,
}

/// The lines of a record, the newest first, at most `limit`: those before the line of that number, without those of the action `hide`.
///
/// # Errors
/// The database.
pub async fn of_record(
    conn: &mut PgConnection,
    record_kind: &str,
    record_id: Uuid,
    before: Option<i64>,
    hide: Option<&str>,
    limit: i64,
) -> Result<Vec<AuditLine>, sqlx::Error> {
    let rows = sqlx::query!(
        "SELECT number, at, actor_kind, actor_id, action, fields, reason FROM audit
         WHERE record_kind = $1 AND record_id = $2 AND ($3::bigint IS NULL OR number < $3) AND ($4::text IS NULL OR action <> $4)
         ORDER BY number DESC LIMIT $5",
        record_kind,
        record_id,
        before,
        hide,
        limit
    )
    .fetch_all(conn)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| AuditLine {
            number: row.number,
            at: row.at,
            actor: Actor {
                kind: row.actor_kind,
                id: row.actor_id,
            },
            action: row.action,
            fields: row.fields,
            reason: row.reason,
        })
        .collect())
}

/// How a record's trail differs from what was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flaw {
    /// The line of this number says something else than when it was written, or another stands before it.
    Changed(i64),
    /// The line of this number is gone.
    Missing(i64),
    /// The end of the chain is another than its last line: lines were put in or taken away behind it.
    EndDiffers,
}

/// Whether no line of the record was changed, put in or taken away since it was written.
///
/// # Errors
/// The database.
pub async fn is_intact(
    conn: &mut PgConnection,
    record_kind: &str,
    record_id: Uuid,
) -> Result<bool, sqlx::Error> {
    Ok(find_flaw(conn, record_kind, record_id).await?.is_none())
}

/// The first flaw of a record's chain: each hash follows from the line and the one before, and the last is where the chain ends.
///
/// # Errors
/// The database.
pub async fn find_flaw(
    conn: &mut PgConnection,
    record_kind: &str,
    record_id: Uuid,
) -> Result<Option<Flaw>, sqlx::Error> {
    // One statement, so that both are of one instant: a line written in between would look like a flaw.
    let rows = sqlx::query!(
        r#"SELECT chain.number AS "end_number?", chain.hash AS "end_hash?", line.number AS "number?", line.at AS "at?",
                  line.actor_kind AS "actor_kind?", line.actor_id AS "actor_id?", line.action AS "action?", line.fields AS "fields?",
                  line.reason, line.hash AS "hash?"
           FROM (SELECT * FROM audit WHERE record_kind = $1 AND record_id = $2) line
           FULL JOIN (SELECT * FROM audit_chain WHERE record_kind = $1 AND record_id = $2) chain USING (record_id)
           ORDER BY line.number"#,
        record_kind,
        record_id
    )
    .fetch_all(conn)
    .await?;
    let (mut number, mut hash) = (0, Vec::new());
    let end = rows
        .first()
        .and_then(|row| Some((row.end_number?, row.end_hash.clone()?)));
    for row in rows {
        // Without a line: the chain stands alone.
        let Some(found) = row.number else { break };
        number += 1;
        let columns = Columns {
            record_kind,
            record_id,
            at: row.at.unwrap_or_default(),
            actor_kind: row.actor_kind.as_deref().unwrap_or_default(),
            actor_id: row.actor_id.as_deref().unwrap_or_default(),
            action: row.action.as_deref().unwrap_or_default(),
            fields: row.fields.as_deref().unwrap_or_default(),
            reason: row.reason.as_deref(),
        };
        if found != number {
            return Ok(Some(Flaw::Missing(number)));
        }
        let expected = columns.chain_hash(&hash, number);
        if row.hash.as_deref() != Some(&expected[..]) {
            return Ok(Some(Flaw::Changed(number)));
        }
        hash = expected.to_vec();
    }
    let ends = end.map_or(number == 0, |end| end == (number, hash));
    Ok((!ends).then_some(Flaw::EndDiffers))
}

/// What the hash of a line is taken over.
struct Columns<'a, F> {
    record_kind: &'a str,
    record_id: Uuid,
    at: DateTime<Utc>,
    actor_kind: &'a str,
    actor_id: &'a str,
    action: &'a str,
    fields: &'a [F],
    reason: Option<&'a str>,
}

impl<F: AsRef<str>> Columns<'_, F> {
    /// SHA-256 over the previous hash and every column, each with its length before it.
    fn chain_hash(&self, previous: &[u8], number: i64) -> [u8; 32] {
        let mut context = digest::Context::new(&digest::SHA256);
        let mut add = |part: &[u8]| {
            context.update(&u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
            context.update(part);
        };
        add(previous);
        add(self.record_kind.as_bytes());
        add(self.record_id.as_bytes());
        add(&number.to_be_bytes());
        add(&self.at.timestamp_micros().to_be_bytes());
        add(self.actor_kind.as_bytes());
        add(self.actor_id.as_bytes());
        add(self.action.as_bytes());
        for field in self.fields {
            add(field.as_ref().as_bytes());
        }
        add(self.reason.unwrap_or_default().as_bytes());
        let mut hash = [0; 32];
        hash.copy_from_slice(context.finish().as_ref());
        hash
    }
}
