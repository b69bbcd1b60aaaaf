//! `card_codes` and `card_suspensions`: whose code a hash is, with all that a check is judged by, in one statement whether the code exists or not.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use kernel::{MemberId, PersonId, Position};
use sqlx::PgConnection;
use uuid::Uuid;

use super::StoreError;
use crate::domain::category::Category;
use crate::domain::check::KnownCard;
use crate::domain::household::{Holder, living_position};

/// The revision of the book, and for each code the card if it was ever given out. What was sold on it so far is not looked at here
/// ([`super::redemptions::used`]).
pub(crate) async fn look_up(
    conn: &mut PgConnection,
    code_hashes: &[Vec<u8>],
    day: NaiveDate,
) -> Result<(i64, Vec<Option<KnownCard>>), StoreError> {
    // What is given stands in a table of its own, so that no plan is dearer or cheaper for it: the server then makes one plan and keeps it. Planned each
    // time, these tables cost ten times what finding the rows costs.
    let rows = sqlx::query!(
        r#"WITH given AS MATERIALIZED (SELECT $1::bytea[] AS hashes, $2::date AS day)
         SELECT asked.place AS "place!", book.revision,
                card.member_id AS "member_id?", card.person_id AS "person_id?", card.expires_at AS "expires_at?", card.voided_at,
                facts.person_id AS "own_person?", facts.birth_date AS "own_birth?", facts.death_date AS own_death,
                relative.relation AS "relation?", relative.birth_date AS "birth?", relative.death_date AS death,
                held.position AS "position?", suspension.person_id AS "suspended?"
         FROM given CROSS JOIN book
         CROSS JOIN LATERAL unnest(given.hashes) WITH ORDINALITY AS asked (code_hash, place)
         LEFT JOIN card_codes card ON card.code_hash = asked.code_hash
         LEFT JOIN member_facts facts ON facts.member_id = card.member_id
         LEFT JOIN member_relatives relative ON relative.member_id = card.member_id AND relative.person_id = card.person_id
         LEFT JOIN member_positions held ON held.member_id = card.member_id
               AND held.valid_from <= given.day AND (held.valid_to IS NULL OR held.valid_to >= given.day)
         LEFT JOIN card_suspensions suspension ON suspension.person_id = card.person_id"#,
        code_hashes,
        day
    )
    .fetch_all(conn)
    .await?;
    let mut revision = 0;
    let mut cards: Vec<Option<KnownCard>> = code_hashes.iter().map(|_| None).collect();
    for row in rows {
        revision = row.revision;
        let place = usize::try_from(row.place)
            .ok()
            .and_then(|place| place.checked_sub(1));
        let Some(found) = place.and_then(|place| cards.get_mut(place)) else {
            continue;
        };
        let (Some(member), Some(person), Some(expires_at)) = (row.member_id, row.person_id, row.expires_at)
        else {
            continue;
        };
        let held = row
            .position
            .as_deref()
            .map(Position::parse)
            .transpose()
            .map_err(|_| StoreError::Corrupt {
                table: "member_positions",
            })?;
        let (category, birth_date, death_date) = if row.own_person == Some(person) {
            (Some(Category::Member), row.own_birth, row.own_death)
        } else {
            (
                row.relation.as_deref().and_then(Category::parse),
                row.birth,
                row.death,
            )
        };
        let holder = category.zip(birth_date).map(|(category, birth_date)| Holder {
            person: PersonId::from_uuid(person),
            category,
            birth_date,
            death_date,
            position: living_position(held, row.own_death, day),
            suspended: row.suspended.is_some(),
        });
        *found = Some(KnownCard {
            member: MemberId::from_uuid(member),
            person: PersonId::from_uuid(person),
            expires_at,
            voided_at: row.voided_at,
            holder,
            used: BTreeMap::new(),
        });
    }
    Ok((revision, cards))
}

/// When the member's sets of codes since then were made, the earliest first.
pub(crate) async fn issued_since(
    conn: &mut PgConnection,
    member: MemberId,
    since: DateTime<Utc>,
) -> Result<Vec<DateTime<Utc>>, StoreError> {
    Ok(sqlx::query_scalar!(
        "SELECT DISTINCT issued_at FROM card_codes WHERE member_id = $1 AND issued_at > $2 ORDER BY issued_at",
        member.as_uuid(),
        since
    )
    .fetch_all(conn)
    .await?)
}

/// Voids the member's codes that are still good.
pub(crate) async fn void(
    conn: &mut PgConnection,
    member: MemberId,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    sqlx::query!(
        "UPDATE card_codes SET voided_at = $2 WHERE member_id = $1 AND voided_at IS NULL AND expires_at > $2",
        member.as_uuid(),
        now
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Writes the hashes of a member's new codes.
pub(crate) async fn insert(
    conn: &mut PgConnection,
    member: MemberId,
    codes: &[(PersonId, Vec<u8>)],
    issued_at: DateTime<Utc>,
    expires_at: DateTime<Utc>,
) -> Result<(), StoreError> {
    let persons: Vec<Uuid> = codes.iter().map(|(person, _)| person.as_uuid()).collect();
    let hashes: Vec<Vec<u8>> = codes.iter().map(|(_, hash)| hash.clone()).collect();
    sqlx::query!(
        "INSERT INTO card_codes (code_hash, member_id, person_id, issued_at, expires_at)
         SELECT hash, $1, person, $4, $5 FROM UNNEST($2::bytea[], $3::uuid[]) AS fresh (hash, person)",
        member.as_uuid(),
        &hashes,
        &persons,
        issued_at,
        expires_at
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Whose card is suspended among these.
pub(crate) async fn suspended(
    conn: &mut PgConnection,
    persons: &[PersonId],
) -> Result<Vec<PersonId>, StoreError> {
    let persons: Vec<Uuid> = persons.iter().map(|person| person.as_uuid()).collect();
    let found = sqlx::query_scalar!(
        "SELECT person_id FROM card_suspensions WHERE person_id = ANY($1)",
        &persons
    )
    .fetch_all(conn)
    .await?;
    Ok(found.into_iter().map(PersonId::from_uuid).collect())
}

pub(crate) async fn suspend(
    conn: &mut PgConnection,
    person: PersonId,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    sqlx::query!(
        "INSERT INTO card_suspensions (person_id, suspended_at) VALUES ($1, $2) ON CONFLICT DO NOTHING",
        person.as_uuid(),
        now
    )
    .execute(conn)
    .await?;
    Ok(())
}

pub(crate) async fn lift_suspension(conn: &mut PgConnection, person: PersonId) -> Result<(), StoreError> {
    sqlx::query!(
        "DELETE FROM card_suspensions WHERE person_id = $1",
        person.as_uuid()
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Deletes codes that ended before then. Returns how many.
pub(crate) async fn forget_ended(conn: &mut PgConnection, before: DateTime<Utc>) -> Result<u64, StoreError> {
    Ok(
        sqlx::query!("DELETE FROM card_codes WHERE expires_at < $1", before)
            .execute(conn)
            .await?
            .rows_affected(),
    )
}
