//! `ceiling_counters` and `ceiling_lines`: what was taken of each ceiling. A counter is moved only by a statement that refuses what does
//! not fit, so that two transactions together cannot take more than the limit. Which limit applies is the catalogue's.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use kernel::{ApplicationId, Money, PersonId};
use sqlx::PgConnection;
use uuid::Uuid;

use super::StoreError;
use crate::domain::ceiling::CeilingKey;

/// A share of a ceiling for one application.
#[derive(Debug, Clone)]
pub(crate) struct Taking {
    pub(crate) key: CeilingKey,
    pub(crate) amount: Money,
    pub(crate) limit: Money,
}

/// What was used in that year, per ceiling and holder; counters that do not exist are left out.
pub(crate) async fn used(
    conn: &mut PgConnection,
    ceilings: &[String],
    holders: &[PersonId],
    year: i32,
) -> Result<HashMap<CeilingKey, Money>, StoreError> {
    let holder_ids: Vec<Uuid> = holders.iter().map(|holder| holder.as_uuid()).collect();
    let rows = sqlx::query!(
        "SELECT ceiling_code, holder_id, used_centimes FROM ceiling_counters
         WHERE ceiling_code = ANY($1) AND holder_id = ANY($2) AND year = $3",
        ceilings,
        &holder_ids,
        year
    )
    .fetch_all(conn)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| {
            let key = CeilingKey {
                ceiling: row.ceiling_code,
                holder: PersonId::from_uuid(row.holder_id),
                year,
            };
            (key, Money::from_centimes(row.used_centimes))
        })
        .collect())
}

/// Takes all or, when one does not fit, says so: then the caller must roll back. Counters move in the order of their keys.
#[cfg_attr(
    not(test),
    expect(
        dead_code,
        reason = "called by a decision that grants an amount; submissions take nothing"
    )
)]
pub(crate) async fn take(
    conn: &mut PgConnection,
    application: ApplicationId,
    mut takings: Vec<Taking>,
    now: DateTime<Utc>,
) -> Result<bool, StoreError> {
    takings.sort_by(|one, other| one.key.cmp(&other.key));
    for taking in takings {
        let (ceiling, holder, year) = (&taking.key.ceiling, taking.key.holder.as_uuid(), taking.key.year);
        sqlx::query!(
            "INSERT INTO ceiling_counters (ceiling_code, holder_id, year, used_centimes) VALUES ($1, $2, $3, 0)
             ON CONFLICT DO NOTHING",
            ceiling,
            holder,
            year
        )
        .execute(&mut *conn)
        .await?;
        let moved = sqlx::query!(
            "UPDATE ceiling_counters SET used_centimes = used_centimes + $4
             WHERE ceiling_code = $1 AND holder_id = $2 AND year = $3 AND used_centimes + $4 <= $5",
            ceiling,
            holder,
            year,
            taking.amount.centimes(),
            taking.limit.centimes()
        )
        .execute(&mut *conn)
        .await?;
        if moved.rows_affected() == 0 {
            return Ok(false);
        }
        sqlx::query!(
            "INSERT INTO ceiling_lines
                (application_id, ceiling_code, holder_id, year, amount_centimes, state, created_at, updated_at)
             VALUES ($1, $2, $3, $4, $5, 'reserved', $6, $6)",
            application.as_uuid(),
            ceiling,
            holder,
            year,
            taking.amount.centimes(),
            now
        )
        .execute(&mut *conn)
        .await?;
    }
    Ok(true)
}

/// Gives back what the application had reserved; what was committed stays.
pub(crate) async fn release(
    conn: &mut PgConnection,
    application: ApplicationId,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let lines = sqlx::query!(
        "UPDATE ceiling_lines SET state = 'released', updated_at = $2 WHERE application_id = $1 AND state = 'reserved'
         RETURNING ceiling_code, holder_id, year, amount_centimes",
        application.as_uuid(),
        now
    )
    .fetch_all(&mut *conn)
    .await?;
    let mut lines: Vec<(CeilingKey, i64)> = lines
        .into_iter()
        .map(|line| {
            let key = CeilingKey {
                ceiling: line.ceiling_code,
                holder: PersonId::from_uuid(line.holder_id),
                year: line.year,
            };
            (key, line.amount_centimes)
        })
        .collect();
    lines.sort();
    for (key, amount) in lines {
        sqlx::query!(
            "UPDATE ceiling_counters SET used_centimes = used_centimes - $4
             WHERE ceiling_code = $1 AND holder_id = $2 AND year = $3",
            key.ceiling,
            key.holder.as_uuid(),
            key.year,
            amount
        )
        .execute(&mut *conn)
        .await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests;
