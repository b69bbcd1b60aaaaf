//! `member_facts`, `member_positions`, `member_workplaces` and `member_relatives`: the projection of membership. A newer version replaces a record whole; an older or equal one
//! changes nothing, so that any order and repetition of events ends the same.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use kernel::{BankAccountId, MemberId, PersonId, Position};
use serde::Deserialize;
use sqlx::PgConnection;
use sqlx::types::Json;
use uuid::Uuid;

use super::StoreError;
use crate::domain::catalogue::Relation;
use crate::domain::member::{MemberFacts, PositionPeriod, Relative, Workplace};

const TABLE: &str = "member_facts";

struct Row {
    member_id: Uuid,
    positions: Json<Vec<PositionRow>>,
    workplaces: Json<Vec<WorkplaceRow>>,
    relatives: Json<Vec<RelativeRow>>,
    version: i64,
    person_id: Uuid,
    birth_date: NaiveDate,
    sex: String,
    province_iso: String,
    external_services: bool,
    death_date: Option<NaiveDate>,
    bank_account_id: Option<Uuid>,
    recorded_at: DateTime<Utc>,
}

#[derive(Deserialize)]
struct PositionRow {
    position: String,
    valid_from: NaiveDate,
    valid_to: Option<NaiveDate>,
}

#[derive(Deserialize)]
struct WorkplaceRow {
    province_iso: String,
    external_services: bool,
    valid_from: Option<NaiveDate>,
}

#[derive(Deserialize)]
struct RelativeRow {
    person_id: Uuid,
    relation: String,
    birth_date: NaiveDate,
    sex: String,
    death_date: Option<NaiveDate>,
}

fn corrupt() -> StoreError {
    StoreError::Corrupt { table: TABLE }
}

/// What is known of the member; nothing before membership's event was followed. One statement: it is asked in every transaction of a member.
pub(crate) async fn of_member(
    conn: &mut PgConnection,
    member: MemberId,
) -> Result<Option<MemberFacts>, StoreError> {
    let Some(row) = sqlx::query_as!(
        Row,
        r#"SELECT member_id, version, person_id, birth_date, sex, province_iso, external_services, death_date,
                  bank_account_id, recorded_at,
                  (SELECT coalesce(jsonb_agg(held ORDER BY held.valid_from), '[]') FROM member_positions AS held
                   WHERE held.member_id = facts.member_id) AS "positions!: Json<Vec<PositionRow>>",
                  (SELECT coalesce(jsonb_agg(place ORDER BY place.valid_from NULLS FIRST), '[]') FROM member_workplaces AS place
                   WHERE place.member_id = facts.member_id) AS "workplaces!: Json<Vec<WorkplaceRow>>",
                  (SELECT coalesce(jsonb_agg(relative ORDER BY relative.birth_date, relative.person_id), '[]')
                   FROM member_relatives AS relative WHERE relative.member_id = facts.member_id) AS "relatives!: Json<Vec<RelativeRow>>"
           FROM member_facts AS facts WHERE member_id = $1"#,
        member.as_uuid()
    )
    .fetch_optional(conn)
    .await?
    else {
        return Ok(None);
    };
    let positions = row
        .positions
        .0
        .into_iter()
        .map(|held| {
            Ok(PositionPeriod {
                position: Position::parse(&held.position).map_err(|_| corrupt())?,
                from: held.valid_from,
                to: held.valid_to,
            })
        })
        .collect::<Result<Vec<_>, StoreError>>()?;
    let mut workplaces: Vec<Workplace> = row
        .workplaces
        .0
        .into_iter()
        .map(|place| Workplace {
            province_iso: place.province_iso,
            external_services: place.external_services,
            from: place.valid_from,
        })
        .collect();
    if workplaces.is_empty() {
        // Written by the version before, which knew one.
        workplaces.push(Workplace {
            province_iso: row.province_iso,
            external_services: row.external_services,
            from: None,
        });
    }
    let relatives = row
        .relatives
        .0
        .into_iter()
        .map(|row| {
            Ok(Relative {
                person: PersonId::from_uuid(row.person_id),
                relation: Relation::parse(&row.relation).ok_or_else(corrupt)?,
                birth_date: row.birth_date,
                sex: row.sex,
                death_date: row.death_date,
            })
        })
        .collect::<Result<Vec<_>, StoreError>>()?;
    Ok(Some(MemberFacts {
        member: MemberId::from_uuid(row.member_id),
        version: row.version,
        person: PersonId::from_uuid(row.person_id),
        birth_date: row.birth_date,
        sex: row.sex,
        positions,
        workplaces,
        death_date: row.death_date,
        relatives,
        bank_account: row.bank_account_id.map(BankAccountId::from_uuid),
        recorded_at: row.recorded_at,
    }))
}

/// When what stands of the member was last known to be membership's newest: when it was written, or asked for again since.
pub(crate) async fn known_at(
    conn: &mut PgConnection,
    member: MemberId,
) -> Result<Option<DateTime<Utc>>, StoreError> {
    let at = sqlx::query_scalar!(
        r#"SELECT greatest(recorded_at, checked_at) AS "at!" FROM member_facts WHERE member_id = $1"#,
        member.as_uuid()
    )
    .fetch_optional(conn)
    .await?;
    Ok(at)
}

/// Membership was asked at that instant and has nothing newer.
pub(crate) async fn mark_checked(
    conn: &mut PgConnection,
    member: MemberId,
    at: DateTime<Utc>,
) -> Result<(), StoreError> {
    sqlx::query!(
        "UPDATE member_facts SET checked_at = greatest(checked_at, $2) WHERE member_id = $1",
        member.as_uuid(),
        at
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// The member, and every member with whom somebody of the family is shared: a spouse, the other parent of a child.
pub(crate) async fn near(conn: &mut PgConnection, member: MemberId) -> Result<Vec<Uuid>, StoreError> {
    let near = sqlx::query_scalar!(
        r#"WITH mine AS (
               SELECT person_id FROM member_facts WHERE member_id = $1
               UNION SELECT person_id FROM member_relatives WHERE member_id = $1)
           SELECT $1 AS "member!"
           UNION SELECT member_id FROM member_facts JOIN mine USING (person_id)
           UNION SELECT member_id FROM member_relatives JOIN mine USING (person_id)"#,
        member.as_uuid()
    )
    .fetch_all(conn)
    .await?;
    Ok(near)
}

/// Takes in records of many members, each only if it is newer than what stands. One statement a table, whatever the number of members.
pub(crate) async fn upsert_newer(conn: &mut PgConnection, facts: &[MemberFacts]) -> Result<(), StoreError> {
    // One row a member: a statement may not touch the same row twice. Sorted, so that two batches lock in one order.
    let mut newest: HashMap<MemberId, &MemberFacts> = HashMap::new();
    for record in facts {
        let kept = newest.entry(record.member).or_insert(record);
        if record.version > kept.version {
            *kept = record;
        }
    }
    let mut records: Vec<&MemberFacts> = newest.into_values().collect();
    records.sort_by_key(|record| record.member);
    let changed = upsert_members(conn, &records).await?;
    records.retain(|record| changed.contains(&record.member.as_uuid()));
    sqlx::query!("DELETE FROM member_relatives WHERE member_id = ANY($1)", &changed)
        .execute(&mut *conn)
        .await?;
    sqlx::query!("DELETE FROM member_positions WHERE member_id = ANY($1)", &changed)
        .execute(&mut *conn)
        .await?;
    sqlx::query!(
        "DELETE FROM member_workplaces WHERE member_id = ANY($1)",
        &changed
    )
    .execute(&mut *conn)
    .await?;
    insert_positions(conn, &records).await?;
    insert_workplaces(conn, &records).await?;
    insert_relatives(conn, &records).await
}

async fn upsert_members(conn: &mut PgConnection, records: &[&MemberFacts]) -> Result<Vec<Uuid>, StoreError> {
    let members: Vec<Uuid> = records.iter().map(|r| r.member.as_uuid()).collect();
    let versions: Vec<i64> = records.iter().map(|r| r.version).collect();
    let persons: Vec<Uuid> = records.iter().map(|r| r.person.as_uuid()).collect();
    let births: Vec<NaiveDate> = records.iter().map(|r| r.birth_date).collect();
    let sexes: Vec<String> = records.iter().map(|r| r.sex.clone()).collect();
    // The newest, for the version before.
    let newest = |record: &&MemberFacts| record.workplaces.last().cloned();
    let provinces: Vec<String> = records
        .iter()
        .map(|record| newest(record).map(|place| place.province_iso).unwrap_or_default())
        .collect();
    let external: Vec<bool> = records
        .iter()
        .map(|record| newest(record).is_some_and(|place| place.external_services))
        .collect();
    let deaths: Vec<Option<NaiveDate>> = records.iter().map(|r| r.death_date).collect();
    let accounts: Vec<Option<Uuid>> = records
        .iter()
        .map(|r| r.bank_account.map(BankAccountId::as_uuid))
        .collect();
    let recorded: Vec<DateTime<Utc>> = records.iter().map(|r| r.recorded_at).collect();
    let changed = sqlx::query_scalar!(
        r#"INSERT INTO member_facts AS known (member_id, version, person_id, birth_date, sex, province_iso,
                external_services, death_date, bank_account_id, recorded_at)
         SELECT * FROM UNNEST($1::uuid[], $2::bigint[], $3::uuid[], $4::date[], $5::text[], $6::text[], $7::boolean[], $8::date[],
                $9::uuid[], $10::timestamptz[])
         ON CONFLICT (member_id) DO UPDATE SET
                version = excluded.version, person_id = excluded.person_id, birth_date = excluded.birth_date, sex = excluded.sex,
                province_iso = excluded.province_iso, external_services = excluded.external_services,
                death_date = excluded.death_date, bank_account_id = excluded.bank_account_id, recorded_at = excluded.recorded_at
         WHERE known.version < excluded.version
         RETURNING known.member_id"#,
        &members,
        &versions,
        &persons,
        &births,
        &sexes,
        &provinces,
        &external,
        &deaths as &[Option<NaiveDate>],
        &accounts as &[Option<Uuid>],
        &recorded
    )
    .fetch_all(conn)
    .await?;
    Ok(changed)
}

async fn insert_positions(conn: &mut PgConnection, records: &[&MemberFacts]) -> Result<(), StoreError> {
    let each = || {
        records
            .iter()
            .flat_map(|record| record.positions.iter().map(|period| (record.member, period)))
    };
    let members: Vec<Uuid> = each().map(|(member, _)| member.as_uuid()).collect();
    let positions: Vec<String> = each().map(|(_, p)| p.position.as_str().to_owned()).collect();
    let froms: Vec<NaiveDate> = each().map(|(_, p)| p.from).collect();
    let tos: Vec<Option<NaiveDate>> = each().map(|(_, p)| p.to).collect();
    sqlx::query!(
        "INSERT INTO member_positions (member_id, position, valid_from, valid_to)
         SELECT * FROM UNNEST($1::uuid[], $2::text[], $3::date[], $4::date[])",
        &members,
        &positions,
        &froms,
        &tos as &[Option<NaiveDate>]
    )
    .execute(conn)
    .await?;
    Ok(())
}

async fn insert_workplaces(conn: &mut PgConnection, records: &[&MemberFacts]) -> Result<(), StoreError> {
    let each = || {
        records
            .iter()
            .flat_map(|record| record.workplaces.iter().map(|place| (record.member, place)))
    };
    let members: Vec<Uuid> = each().map(|(member, _)| member.as_uuid()).collect();
    let provinces: Vec<String> = each().map(|(_, place)| place.province_iso.clone()).collect();
    let external: Vec<bool> = each().map(|(_, place)| place.external_services).collect();
    let froms: Vec<Option<NaiveDate>> = each().map(|(_, place)| place.from).collect();
    sqlx::query!(
        "INSERT INTO member_workplaces (member_id, province_iso, external_services, valid_from)
         SELECT * FROM UNNEST($1::uuid[], $2::text[], $3::boolean[], $4::date[])",
        &members,
        &provinces,
        &external,
        &froms as &[Option<NaiveDate>]
    )
    .execute(conn)
    .await?;
    Ok(())
}

async fn insert_relatives(conn: &mut PgConnection, records: &[&MemberFacts]) -> Result<(), StoreError> {
    let each = || {
        records
            .iter()
            .flat_map(|record| record.relatives.iter().map(|relative| (record.member, relative)))
    };
    let members: Vec<Uuid> = each().map(|(member, _)| member.as_uuid()).collect();
    let persons: Vec<Uuid> = each().map(|(_, r)| r.person.as_uuid()).collect();
    let relations: Vec<String> = each().map(|(_, r)| r.relation.as_str().to_owned()).collect();
    let births: Vec<NaiveDate> = each().map(|(_, r)| r.birth_date).collect();
    let sexes: Vec<String> = each().map(|(_, r)| r.sex.clone()).collect();
    let deaths: Vec<Option<NaiveDate>> = each().map(|(_, r)| r.death_date).collect();
    sqlx::query!(
        "INSERT INTO member_relatives (member_id, person_id, relation, birth_date, sex, death_date)
         SELECT * FROM UNNEST($1::uuid[], $2::uuid[], $3::text[], $4::date[], $5::text[], $6::date[])
         ON CONFLICT DO NOTHING",
        &members,
        &persons,
        &relations,
        &births,
        &sexes,
        &deaths as &[Option<NaiveDate>]
    )
    .execute(conn)
    .await?;
    Ok(())
}

#[cfg(test)]
mod tests;
