//! The table `workplaces`: where a member works and worked. The roster says where, and not since when: a change counts from the day of the import
//! that told it, and what was known first holds for every day before.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

use super::members::MemberRowWrite;

/// A workplace from a day on, until the next begins.
pub(crate) struct Workplace {
    pub(crate) province_iso: String,
    pub(crate) external_services: bool,
    /// None for the one that was known first.
    pub(crate) from: Option<NaiveDate>,
}

/// The workplaces of these members, the earliest first.
pub(crate) async fn of_members(
    conn: &mut PgConnection,
    members: &[Uuid],
) -> Result<HashMap<Uuid, Vec<Workplace>>, sqlx::Error> {
    let rows = sqlx::query!(
        "SELECT member_id, province_iso, external_services, valid_from FROM workplaces WHERE member_id = ANY($1)
         ORDER BY member_id, valid_from NULLS FIRST",
        members
    )
    .fetch_all(conn)
    .await?;
    let mut found: HashMap<Uuid, Vec<Workplace>> = HashMap::new();
    for row in rows {
        found.entry(row.member_id).or_default().push(Workplace {
            province_iso: row.province_iso,
            external_services: row.external_services,
            from: row.valid_from,
        });
    }
    Ok(found)
}

/// Adds the workplaces that differ from the newest known ones. A second change on one day takes the place of the first: only where the day ends
/// counts.
pub(crate) async fn save(
    conn: &mut PgConnection,
    writes: &[MemberRowWrite],
    today: NaiveDate,
    now: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    if writes.is_empty() {
        return Ok(());
    }
    let members: Vec<Uuid> = writes.iter().map(|w| w.member).collect();
    let provinces: Vec<String> = writes.iter().map(|w| w.province_iso.clone()).collect();
    let external: Vec<bool> = writes.iter().map(|w| w.external_services).collect();
    sqlx::query!(
        "INSERT INTO workplaces (member_id, province_iso, external_services, valid_from, recorded_at)
         SELECT told.member_id, told.province_iso, told.external_services, CASE WHEN known.member_id IS NOT NULL THEN $4::date END, $5
         FROM unnest($1::uuid[], $2::text[], $3::bool[]) AS told (member_id, province_iso, external_services)
         LEFT JOIN LATERAL (
             SELECT * FROM workplaces WHERE workplaces.member_id = told.member_id ORDER BY valid_from DESC NULLS LAST LIMIT 1
         ) AS known ON true
         WHERE known.member_id IS NULL
            OR (known.province_iso, known.external_services) <> (told.province_iso, told.external_services)
         ON CONFLICT (member_id, valid_from) DO UPDATE SET
             province_iso = excluded.province_iso, external_services = excluded.external_services, recorded_at = excluded.recorded_at",
        &members,
        &provinces,
        &external,
        today,
        now
    )
    .execute(conn)
    .await?;
    Ok(())
}
