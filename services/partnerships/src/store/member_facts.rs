//! `member_facts`, `member_positions` and `member_relatives`: the projection of membership. A newer version replaces a record whole; an older or
//! equal one changes nothing, so that any order and repetition of events ends the same.

use std::collections::HashMap;

use chrono::NaiveDate;
use kernel::{MemberId, PersonId, Position};
use sqlx::PgConnection;
use uuid::Uuid;

use super::StoreError;
use crate::domain::category::Category;
use crate::domain::household::{Household, PositionPeriod, Relative};

fn corrupt() -> StoreError {
    StoreError::Corrupt {
        table: "member_facts",
    }
}

/// What is known of the member; nothing before membership's event was followed. The row is locked, so that two sets of codes follow one another.
pub(crate) async fn locked(
    conn: &mut PgConnection,
    member: MemberId,
) -> Result<Option<Household>, StoreError> {
    let Some(row) = sqlx::query!(
        "SELECT version, person_id, birth_date, death_date FROM member_facts WHERE member_id = $1 FOR NO KEY UPDATE",
        member.as_uuid()
    )
    .fetch_optional(&mut *conn)
    .await?
    else {
        return Ok(None);
    };
    let positions = positions_of(conn, member).await?;
    let relatives = sqlx::query!(
        "SELECT person_id, relation, birth_date, death_date FROM member_relatives WHERE member_id = $1",
        member.as_uuid()
    )
    .fetch_all(conn)
    .await?
    .into_iter()
    .map(|row| {
        Ok(Relative {
            person: PersonId::from_uuid(row.person_id),
            category: Category::parse(&row.relation).ok_or_else(corrupt)?,
            birth_date: row.birth_date,
            death_date: row.death_date,
        })
    })
    .collect::<Result<Vec<_>, StoreError>>()?;
    Ok(Some(Household {
        member,
        version: row.version,
        person: PersonId::from_uuid(row.person_id),
        birth_date: row.birth_date,
        death_date: row.death_date,
        positions,
        relatives,
    }))
}

async fn positions_of(conn: &mut PgConnection, member: MemberId) -> Result<Vec<PositionPeriod>, StoreError> {
    sqlx::query!(
        "SELECT position, valid_from, valid_to FROM member_positions WHERE member_id = $1 ORDER BY valid_from",
        member.as_uuid()
    )
    .fetch_all(conn)
    .await?
    .into_iter()
    .map(|row| {
        Ok(PositionPeriod {
            position: Position::parse(&row.position).map_err(|_| corrupt())?,
            from: row.valid_from,
            to: row.valid_to,
        })
    })
    .collect()
}

/// Takes in records of many members, each only if it is newer than what stands. One statement a table, whatever the number of members.
pub(crate) async fn upsert_newer(conn: &mut PgConnection, facts: &[Household]) -> Result<(), StoreError> {
    // One row a member: a statement may not touch the same row twice. Sorted, so that two batches lock in one order.
    let mut newest: HashMap<MemberId, &Household> = HashMap::new();
    for record in facts {
        let kept = newest.entry(record.member).or_insert(record);
        if record.version > kept.version {
            *kept = record;
        }
    }
    let mut records: Vec<&Household> = newest.into_values().collect();
    records.sort_by_key(|record| record.member);
    let changed = upsert_members(conn, &records).await?;
    records.retain(|record| changed.contains(&record.member.as_uuid()));
    sqlx::query!("DELETE FROM member_relatives WHERE member_id = ANY($1)", &changed)
        .execute(&mut *conn)
        .await?;
    sqlx::query!("DELETE FROM member_positions WHERE member_id = ANY($1)", &changed)
        .execute(&mut *conn)
        .await?;
    insert_positions(conn, &records).await?;
    insert_relatives(conn, &records).await
}

async fn upsert_members(conn: &mut PgConnection, records: &[&Household]) -> Result<Vec<Uuid>, StoreError> {
    let members: Vec<Uuid> = records.iter().map(|r| r.member.as_uuid()).collect();
    let versions: Vec<i64> = records.iter().map(|r| r.version).collect();
    let persons: Vec<Uuid> = records.iter().map(|r| r.person.as_uuid()).collect();
    let births: Vec<NaiveDate> = records.iter().map(|r| r.birth_date).collect();
    let deaths: Vec<Option<NaiveDate>> = records.iter().map(|r| r.death_date).collect();
    let changed = sqlx::query_scalar!(
        "INSERT INTO member_facts AS known (member_id, version, person_id, birth_date, death_date)
         SELECT * FROM UNNEST($1::uuid[], $2::bigint[], $3::uuid[], $4::date[], $5::date[])
         ON CONFLICT (member_id) DO UPDATE SET
                version = excluded.version, person_id = excluded.person_id, birth_date = excluded.birth_date,
                death_date = excluded.death_date
         WHERE known.version < excluded.version
         RETURNING known.member_id",
        &members,
        &versions,
        &persons,
        &births,
        &deaths as &[Option<NaiveDate>]
    )
    .fetch_all(conn)
    .await?;
    Ok(changed)
}

async fn insert_positions(conn: &mut PgConnection, records: &[&Household]) -> Result<(), StoreError> {
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

async fn insert_relatives(conn: &mut PgConnection, records: &[&Household]) -> Result<(), StoreError> {
    let each = || {
        records
            .iter()
            .flat_map(|record| record.relatives.iter().map(|relative| (record.member, relative)))
    };
    let members: Vec<Uuid> = each().map(|(member, _)| member.as_uuid()).collect();
    let persons: Vec<Uuid> = each().map(|(_, r)| r.person.as_uuid()).collect();
    let relations: Vec<String> = each().map(|(_, r)| r.category.as_str().to_owned()).collect();
    let births: Vec<NaiveDate> = each().map(|(_, r)| r.birth_date).collect();
    let deaths: Vec<Option<NaiveDate>> = each().map(|(_, r)| r.death_date).collect();
    sqlx::query!(
        "INSERT INTO member_relatives (member_id, person_id, relation, birth_date, death_date)
         SELECT * FROM UNNEST($1::uuid[], $2::uuid[], $3::text[], $4::date[], $5::date[])
         ON CONFLICT DO NOTHING",
        &members,
        &persons,
        &relations,
        &births,
        &deaths as &[Option<NaiveDate>]
    )
    .execute(conn)
    .await?;
    Ok(())
}
