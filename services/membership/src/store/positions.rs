//! The table `positions`: what is believed now, and what was believed before.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use kernel::Position;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::domain::position_history::Period;

/// A believed period and its row.
pub(crate) struct Believed {
    pub(crate) row: Uuid,
    pub(crate) period: Period,
}

/// What is believed now about these members.
pub(crate) async fn believed(
    conn: &mut PgConnection,
    members: &[Uuid],
) -> Result<HashMap<Uuid, Vec<Believed>>, sqlx::Error> {
    let rows = sqlx::query!(
        "SELECT position_id, member_id, position, valid_from, valid_to FROM positions
         WHERE member_id = ANY($1) AND superseded_at IS NULL ORDER BY member_id, valid_from",
        members
    )
    .fetch_all(conn)
    .await?;
    let mut found: HashMap<Uuid, Vec<Believed>> = HashMap::new();
    for row in rows {
        let position = Position::parse(&row.position).map_err(|error| sqlx::Error::Decode(error.into()))?;
        let period = Period {
            position,
            from: row.valid_from,
            to: row.valid_to,
        };
        found.entry(row.member_id).or_default().push(Believed {
            row: row.position_id,
            period,
        });
    }
    Ok(found)
}

/// A period to insert for a member.
pub(crate) struct NewPeriod {
    pub(crate) row: Uuid,
    pub(crate) member: Uuid,
    pub(crate) period: Period,
}

/// Ends the belief in some rows and adds others.
pub(crate) async fn revise(
    conn: &mut PgConnection,
    superseded: &[Uuid],
    fresh: &[NewPeriod],
    now: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    if !superseded.is_empty() {
        sqlx::query!(
            "UPDATE positions SET superseded_at = $2 WHERE position_id = ANY($1)",
            superseded,
            now
        )
        .execute(&mut *conn)
        .await?;
    }
    if fresh.is_empty() {
        return Ok(());
    }
    let rows: Vec<Uuid> = fresh.iter().map(|f| f.row).collect();
    let members: Vec<Uuid> = fresh.iter().map(|f| f.member).collect();
    let positions: Vec<String> = fresh
        .iter()
        .map(|f| f.period.position.as_str().to_owned())
        .collect();
    let from: Vec<_> = fresh.iter().map(|f| f.period.from).collect();
    let to: Vec<_> = fresh.iter().map(|f| f.period.to).collect();
    sqlx::query!(
        "INSERT INTO positions (position_id, member_id, position, valid_from, valid_to, recorded_at)
         SELECT t.*, $6 FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::date[], $5::date[]) AS t",
        &rows,
        &members,
        &positions,
        &from,
        &to as _,
        now
    )
    .execute(conn)
    .await?;
    Ok(())
}
