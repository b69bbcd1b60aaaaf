//! `ceiling_counters` and `ceiling_lines`: what was taken of each ceiling, in centimes or uses. A counter is moved only by a statement that
//! refuses what does not fit, so that two transactions together cannot take more than the limit. Which limit applies is the catalogue's.
//!
//! A line is `reserved` while its request is open, `committed` by the grant, `released` when the request is refused or withdrawn. Whoever
//! changes lines has locked the application's row: only the counters are contended.

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, Utc};
use kernel::{ApplicationId, PersonId};
use sqlx::PgConnection;
use uuid::Uuid;

use super::StoreError;
use crate::domain::ceiling::{CeilingKey, Taking};

const TABLE: &str = "ceiling_lines";

/// What was used of each of these; counters that do not exist are left out.
pub(crate) async fn used(
    conn: &mut PgConnection,
    keys: &[CeilingKey],
) -> Result<HashMap<CeilingKey, i64>, StoreError> {
    let codes: Vec<String> = keys.iter().map(|key| key.ceiling.clone()).collect();
    let holders: Vec<Uuid> = keys.iter().map(|key| key.holder.as_uuid()).collect();
    let years: Vec<i32> = keys.iter().map(|key| key.year).collect();
    let rows = sqlx::query!(
        "SELECT ceiling_code, holder_id, year, used FROM ceiling_counters
         WHERE (ceiling_code, holder_id, year) IN (SELECT * FROM unnest($1::text[], $2::uuid[], $3::int[]))",
        &codes,
        &holders,
        &years
    )
    .fetch_all(conn)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| (key(row.ceiling_code, row.holder_id, row.year), row.used))
        .collect())
}

/// The same without what this application has taken and not given back, reserved or committed.
pub(crate) async fn used_by_others(
    conn: &mut PgConnection,
    keys: &[CeilingKey],
    application: ApplicationId,
) -> Result<HashMap<CeilingKey, i64>, StoreError> {
    let codes: Vec<String> = keys.iter().map(|key| key.ceiling.clone()).collect();
    let holders: Vec<Uuid> = keys.iter().map(|key| key.holder.as_uuid()).collect();
    let years: Vec<i32> = keys.iter().map(|key| key.year).collect();
    let rows = sqlx::query!(
        r#"SELECT ceiling_code AS "ceiling_code!", holder_id AS "holder_id!", year AS "year!", counter.used - coalesce(line.amount, 0) AS "used!"
           FROM unnest($1::text[], $2::uuid[], $3::int[]) AS asked (ceiling_code, holder_id, year)
           JOIN ceiling_counters AS counter USING (ceiling_code, holder_id, year)
           LEFT JOIN (SELECT * FROM ceiling_lines WHERE application_id = $4 AND state <> 'released') AS line
                USING (ceiling_code, holder_id, year)"#,
        &codes,
        &holders,
        &years,
        application.as_uuid()
    )
    .fetch_all(conn)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| (key(row.ceiling_code, row.holder_id, row.year), row.used))
        .collect())
}

/// Makes exactly these the application's reserved lines, giving back what it had reserved elsewhere, or says that one does not fit: then the
/// caller must roll back. Counters move in the order of their keys, each once. The same call again changes nothing.
///
/// # Errors
/// [`StoreError::Corrupt`] when one of them was committed before.
pub(crate) async fn reserve(
    conn: &mut PgConnection,
    application: ApplicationId,
    takings: &[Taking],
    now: DateTime<Utc>,
) -> Result<bool, StoreError> {
    for (key, change) in changes(&mut *conn, application, takings).await? {
        let moves = change.after - change.before;
        let fits = if moves > 0 {
            take(&mut *conn, &key, moves, change.limit).await?
        } else {
            give_back(&mut *conn, &key, -moves).await?;
            true
        };
        if !fits {
            return Ok(false);
        }
        if change.after > 0 {
            write_line(&mut *conn, application, &key, change.after, now).await?;
        } else {
            release_line(&mut *conn, application, &key, now).await?;
        }
    }
    Ok(true)
}

/// The grant: what is reserved is used for good.
pub(crate) async fn commit(
    conn: &mut PgConnection,
    application: ApplicationId,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    sqlx::query!(
        "UPDATE ceiling_lines SET state = 'committed', updated_at = $2 WHERE application_id = $1 AND state = 'reserved'",
        application.as_uuid(),
        now
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Gives back what the application had reserved; what was committed stays. Again changes nothing.
pub(crate) async fn release(
    conn: &mut PgConnection,
    application: ApplicationId,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    // Nothing is taken: nothing can fail to fit.
    reserve(conn, application, &[], now).await.map(drop)
}

/// A counter that is not the sum of its lines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Difference {
    pub(crate) key: CeilingKey,
    pub(crate) counted: i64,
    pub(crate) summed: i64,
}

/// Counters and lines that disagree, at most `limit`. One statement: it sees no half of a transaction.
pub(crate) async fn differences(conn: &mut PgConnection, limit: i64) -> Result<Vec<Difference>, StoreError> {
    let rows = sqlx::query!(
        r#"SELECT ceiling_code AS "ceiling_code!", holder_id AS "holder_id!", year AS "year!",
                  coalesce(counter.used, 0) AS "counted!", coalesce(line.used, 0)::bigint AS "summed!"
           FROM ceiling_counters AS counter
           FULL JOIN (
               SELECT ceiling_code, holder_id, year, sum(amount) AS used FROM ceiling_lines WHERE state <> 'released'
               GROUP BY ceiling_code, holder_id, year
           ) AS line USING (ceiling_code, holder_id, year)
           WHERE coalesce(counter.used, 0) <> coalesce(line.used, 0)
           ORDER BY ceiling_code, holder_id, year LIMIT $1"#,
        limit
    )
    .fetch_all(conn)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| Difference {
            key: key(row.ceiling_code, row.holder_id, row.year),
            counted: row.counted,
            summed: row.summed,
        })
        .collect())
}

fn key(ceiling: String, holder: Uuid, year: i32) -> CeilingKey {
    CeilingKey {
        ceiling,
        holder: PersonId::from_uuid(holder),
        year,
    }
}

/// What a reserved line goes from and to.
#[derive(Default)]
struct Change {
    before: i64,
    after: i64,
    limit: i64,
}

/// Each counter that the takings move, in the order of the keys; those that stay as they are are left out.
async fn changes(
    conn: &mut PgConnection,
    application: ApplicationId,
    takings: &[Taking],
) -> Result<BTreeMap<CeilingKey, Change>, StoreError> {
    let rows = sqlx::query!(
        "SELECT ceiling_code, holder_id, year, amount FROM ceiling_lines WHERE application_id = $1 AND state = 'reserved'",
        application.as_uuid()
    )
    .fetch_all(conn)
    .await?;
    let mut changes: BTreeMap<CeilingKey, Change> = BTreeMap::new();
    for row in rows {
        let change = changes.entry(key(row.ceiling_code, row.holder_id, row.year));
        change.or_default().before = row.amount;
    }
    for taking in takings {
        let change = changes.entry(taking.key.clone()).or_default();
        change.after = taking.amount;
        change.limit = taking.limit;
    }
    changes.retain(|_, change| change.before != change.after);
    Ok(changes)
}

async fn take(
    conn: &mut PgConnection,
    key: &CeilingKey,
    amount: i64,
    limit: i64,
) -> Result<bool, StoreError> {
    sqlx::query!(
        "INSERT INTO ceiling_counters (ceiling_code, holder_id, year) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
        key.ceiling,
        key.holder.as_uuid(),
        key.year
    )
    .execute(&mut *conn)
    .await?;
    let moved = sqlx::query!(
        "UPDATE ceiling_counters SET used = used + $4
         WHERE ceiling_code = $1 AND holder_id = $2 AND year = $3 AND used + $4 <= $5",
        key.ceiling,
        key.holder.as_uuid(),
        key.year,
        amount,
        limit
    )
    .execute(conn)
    .await?;
    Ok(moved.rows_affected() == 1)
}

async fn give_back(conn: &mut PgConnection, key: &CeilingKey, amount: i64) -> Result<(), StoreError> {
    let moved = sqlx::query!(
        "UPDATE ceiling_counters SET used = used - $4 WHERE ceiling_code = $1 AND holder_id = $2 AND year = $3",
        key.ceiling,
        key.holder.as_uuid(),
        key.year,
        amount
    )
    .execute(conn)
    .await?;
    one(moved.rows_affected())
}

async fn write_line(
    conn: &mut PgConnection,
    application: ApplicationId,
    key: &CeilingKey,
    amount: i64,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let written = sqlx::query!(
        "INSERT INTO ceiling_lines (application_id, ceiling_code, holder_id, year, amount, state, created_at, updated_at)
         VALUES ($1, $2, $3, $4, $5, 'reserved', $6, $6)
         ON CONFLICT (application_id, ceiling_code, holder_id, year)
         DO UPDATE SET amount = $5, state = 'reserved', updated_at = $6 WHERE ceiling_lines.state <> 'committed'",
        application.as_uuid(),
        key.ceiling,
        key.holder.as_uuid(),
        key.year,
        amount,
        now
    )
    .execute(conn)
    .await?;
    one(written.rows_affected())
}

async fn release_line(
    conn: &mut PgConnection,
    application: ApplicationId,
    key: &CeilingKey,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let released = sqlx::query!(
        "UPDATE ceiling_lines SET state = 'released', updated_at = $5
         WHERE application_id = $1 AND ceiling_code = $2 AND holder_id = $3 AND year = $4 AND state = 'reserved'",
        application.as_uuid(),
        key.ceiling,
        key.holder.as_uuid(),
        key.year,
        now
    )
    .execute(conn)
    .await?;
    one(released.rows_affected())
}

/// A line and its counter are written together: another count means that they were not, or that a grant is written over.
fn one(rows: u64) -> Result<(), StoreError> {
    if rows == 1 {
        Ok(())
    } else {
        Err(StoreError::Corrupt { table: TABLE })
    }
}

#[cfg(test)]
mod tests;
