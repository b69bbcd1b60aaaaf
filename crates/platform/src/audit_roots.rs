//! Roots over the audit trail: once a day a hash over the ends of all chains that grew, and over the root before. A chain shows a line that was
//! changed or taken away; a root shows a chain that was rewritten whole; copies of the roots outside the database (the log, the operator's file)
//! show rewritten roots.

use std::time::Duration;

use chrono::{DateTime, NaiveDate, Utc};
use ring::digest;
use sqlx::{PgConnection, PgPool};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::audit::{Flaw, find_flaw};
use crate::clock::Clock;

/// How often it is looked whether a day has ended.
const EVERY: Duration = Duration::from_secs(15 * 60);
/// Chains whose ends one root covers at most; what is beyond waits for the next root.
const LEAVES: i64 = 200_000;

/// The root of one day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Root {
    /// From 1, without gaps.
    pub number: i64,
    pub made_at: DateTime<Utc>,
    /// SHA-256, 32 bytes.
    pub root: Vec<u8>,
}

/// The end of a record's chain when a root was made.
struct Leaf {
    record_kind: String,
    record_id: Uuid,
    number: i64,
    /// `None` when the line is gone.
    hash: Option<Vec<u8>>,
}

/// Makes the missing root whenever a day has ended (UTC), until `shutdown`. One replica makes it; a failure is made up for by the next look.
///
/// # Errors
/// None; the type fits the process's tasks.
pub async fn run(pool: PgPool, clock: Clock, shutdown: CancellationToken) -> anyhow::Result<()> {
    let mut ticks = tokio::time::interval(EVERY);
    while shutdown.run_until_cancelled(ticks.tick()).await.is_some() {
        match make_root(&pool, clock.now()).await {
            // The copy outside the database.
            Ok(Some(root)) => tracing::info!(
                audit.root.number = root.number,
                audit.root = hex::encode(&root.root),
                "a root over the audit trail"
            ),
            Ok(None) => {}
            Err(error) => tracing::warn!(%error, "no root over the audit trail yet"),
        }
    }
    Ok(())
}

/// The root of what was written since the last one, unless one was made today or nothing was written. A chain that is being written to at this
/// moment waits for the next root.
///
/// # Errors
/// The database.
pub async fn make_root(pool: &PgPool, now: DateTime<Utc>) -> Result<Option<Root>, sqlx::Error> {
    let mut tx = pool.begin().await?;
    let alone = sqlx::query_scalar!(
        r#"SELECT pg_try_advisory_xact_lock(hashtextextended('tadamon audit root', 0)) AS "alone!""#
    )
    .fetch_one(&mut *tx)
    .await?;
    let last = last_root(&mut tx).await?;
    let today = |root: &Root| day_of(root.made_at) >= day_of(now);
    if !alone || last.as_ref().is_some_and(today) {
        // Waited for: the lock is free once this returns.
        tx.rollback().await?;
        return Ok(None);
    }
    // Who writes a line holds its chain: skipped, so that nobody waits for anybody.
    let leaves = sqlx::query_as!(
        Leaf,
        r#"SELECT record_kind, record_id, number, hash AS "hash?" FROM audit_chain WHERE number > rooted
           ORDER BY record_kind, record_id LIMIT $1 FOR UPDATE SKIP LOCKED"#,
        LEAVES
    )
    .fetch_all(&mut *tx)
    .await?;
    if leaves.is_empty() {
        tx.rollback().await?;
        return Ok(None);
    }
    let number = last.as_ref().map_or(1, |last| last.number + 1);
    let root = Root {
        number,
        made_at: now,
        root: hash_over(last.as_ref(), number, &leaves).to_vec(),
    };
    sqlx::query!(
        "INSERT INTO audit_roots (number, made_at, root) VALUES ($1, $2, $3)",
        root.number,
        root.made_at,
        root.root
    )
    .execute(&mut *tx)
    .await?;
    let kinds: Vec<String> = leaves.iter().map(|leaf| leaf.record_kind.clone()).collect();
    let ids: Vec<Uuid> = leaves.iter().map(|leaf| leaf.record_id).collect();
    let numbers: Vec<i64> = leaves.iter().map(|leaf| leaf.number).collect();
    sqlx::query!(
        "WITH leaf AS (SELECT * FROM UNNEST($2::text[], $3::uuid[], $4::bigint[]) AS leaf (record_kind, record_id, number)),
              kept AS (INSERT INTO audit_root_leaves (root, record_kind, record_id, number) SELECT $1, * FROM leaf)
         UPDATE audit_chain SET rooted = leaf.number FROM leaf
         WHERE audit_chain.record_kind = leaf.record_kind AND audit_chain.record_id = leaf.record_id",
        number,
        &kinds,
        &ids,
        &numbers
    )
    .execute(&mut *tx)
    .await?;
    tx.commit().await?;
    Ok(Some(root))
}

fn day_of(instant: DateTime<Utc>) -> NaiveDate {
    instant.date_naive()
}

async fn last_root(conn: &mut PgConnection) -> Result<Option<Root>, sqlx::Error> {
    sqlx::query_as!(
        Root,
        "SELECT number, made_at, root FROM audit_roots ORDER BY number DESC LIMIT 1"
    )
    .fetch_optional(conn)
    .await
}

/// The roots after a number, the oldest first.
///
/// # Errors
/// The database.
pub async fn roots_after(conn: &mut PgConnection, number: i64, limit: i64) -> Result<Vec<Root>, sqlx::Error> {
    sqlx::query_as!(
        Root,
        "SELECT number, made_at, root FROM audit_roots WHERE number > $1 ORDER BY number LIMIT $2",
        number,
        limit
    )
    .fetch_all(conn)
    .await
}

/// SHA-256 over the root before, the number and each end with its length before it: a list, not a tree, because a root is only ever recomputed
/// whole.
fn hash_over(previous: Option<&Root>, number: i64, leaves: &[Leaf]) -> [u8; 32] {
    let mut context = digest::Context::new(&digest::SHA256);
    let mut add = |part: &[u8]| {
        context.update(&u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
        context.update(part);
    };
    add(previous.map_or(&[][..], |previous| &previous.root));
    add(&number.to_be_bytes());
    for leaf in leaves {
        add(leaf.record_kind.as_bytes());
        add(leaf.record_id.as_bytes());
        add(&leaf.number.to_be_bytes());
        add(leaf.hash.as_deref().unwrap_or_default());
    }
    let mut hash = [0; 32];
    hash.copy_from_slice(context.finish().as_ref());
    hash
}

/// Whether the root of this number still follows from the lines and the root before; `None` when there is none of this number.
///
/// # Errors
/// The database.
pub async fn root_holds(conn: &mut PgConnection, number: i64) -> Result<Option<bool>, sqlx::Error> {
    let found = roots_after(conn, number - 1, 1).await?;
    let Some(root) = found.into_iter().find(|root| root.number == number) else {
        return Ok(None);
    };
    let previous = roots_after(conn, number - 2, 1).await?;
    let previous = previous.into_iter().find(|root| root.number == number - 1);
    // The hash that stands in the line itself: whether it follows from the line's words is the chain's question.
    let leaves = sqlx::query_as!(
        Leaf,
        r#"SELECT leaf.record_kind, leaf.record_id, leaf.number, line.hash AS "hash?"
           FROM audit_root_leaves leaf LEFT JOIN audit line USING (record_kind, record_id, number)
           WHERE leaf.root = $1 ORDER BY leaf.record_kind, leaf.record_id"#,
        number
    )
    .fetch_all(conn)
    .await?;
    let whole = previous.is_some() == (number > 1);
    Ok(Some(
        whole && hash_over(previous.as_ref(), number, &leaves)[..] == root.root,
    ))
}

/// A record's name in the trail.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RecordName {
    pub kind: String,
    pub id: Uuid,
}

/// What a look at some records' chains found.
#[derive(Clone, Debug, Default)]
pub struct Looked {
    pub records: u32,
    pub flaws: Vec<(RecordName, Flaw)>,
    /// Where to go on; `None` after the last.
    pub next: Option<RecordName>,
}

/// Looks at the chains of `limit` records after `after`, in the order of their names.
///
/// # Errors
/// The database.
pub async fn look_at_chains(
    conn: &mut PgConnection,
    after: &RecordName,
    limit: i64,
) -> Result<Looked, sqlx::Error> {
    let records = sqlx::query_as!(
        RecordName,
        "SELECT record_kind AS kind, record_id AS id FROM audit_chain WHERE (record_kind, record_id) > ($1, $2)
         ORDER BY record_kind, record_id LIMIT $3",
        after.kind,
        after.id,
        limit
    )
    .fetch_all(&mut *conn)
    .await?;
    let mut looked = Looked {
        records: u32::try_from(records.len()).unwrap_or(u32::MAX),
        ..Looked::default()
    };
    if i64::from(looked.records) == limit {
        looked.next = records.last().cloned();
    }
    for record in records {
        if let Some(flaw) = find_flaw(conn, &record.kind, record.id).await? {
            looked.flaws.push((record, flaw));
        }
    }
    Ok(looked)
}

/// Records that have lines and no chain, at most `limit`: their chain was taken away.
///
/// # Errors
/// The database.
pub async fn without_chain(conn: &mut PgConnection, limit: i64) -> Result<Vec<RecordName>, sqlx::Error> {
    sqlx::query_as!(
        RecordName,
        "SELECT DISTINCT line.record_kind AS kind, line.record_id AS id
         FROM audit line LEFT JOIN audit_chain chain USING (record_kind, record_id)
         WHERE chain.number IS NULL LIMIT $1",
        limit
    )
    .fetch_all(conn)
    .await
}
