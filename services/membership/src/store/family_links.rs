//! The table `family_links`: who belongs to whose family.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::domain::family_merge::{KnownLink, LinkWrite};
use crate::domain::person::Relation;

/// The open links of these members.
pub(crate) async fn open(
    conn: &mut PgConnection,
    members: &[Uuid],
) -> Result<HashMap<Uuid, Vec<KnownLink>>, sqlx::Error> {
    let rows = sqlx::query!(
        "SELECT link_id, member_id, person_id, relation, relative_no, guardian_no FROM family_links
         WHERE member_id = ANY($1) AND superseded_at IS NULL AND valid_to IS NULL ORDER BY member_id, relative_no",
        members
    )
    .fetch_all(conn)
    .await?;
    let mut found: HashMap<Uuid, Vec<KnownLink>> = HashMap::new();
    for row in rows {
        let relation = Relation::parse(&row.relation)
            .ok_or_else(|| sqlx::Error::Decode("family_links.relation".into()))?;
        found.entry(row.member_id).or_default().push(KnownLink {
            link: row.link_id,
            person: row.person_id,
            relation,
            relative_no: row.relative_no,
            guardian_no: row.guardian_no,
        });
    }
    Ok(found)
}

/// Opens links, each in place of the one it replaces. `ids` are the new rows' in the same order; `today` is the first
/// valid day of a link that has none of its own.
pub(crate) async fn write(
    conn: &mut PgConnection,
    writes: &[LinkWrite],
    ids: &[Uuid],
    today: NaiveDate,
    now: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    let replaced: Vec<Uuid> = writes.iter().filter_map(|w| w.replaces).collect();
    if !replaced.is_empty() {
        sqlx::query!(
            "UPDATE family_links SET superseded_at = $2 WHERE link_id = ANY($1)",
            &replaced,
            now
        )
        .execute(&mut *conn)
        .await?;
    }
    if writes.is_empty() {
        return Ok(());
    }
    let members: Vec<Uuid> = writes.iter().map(|w| w.member).collect();
    let persons: Vec<Uuid> = writes.iter().map(|w| w.person).collect();
    let relations: Vec<String> = writes.iter().map(|w| w.relation.as_str().to_owned()).collect();
    let numbers: Vec<i16> = writes.iter().map(|w| w.relative_no).collect();
    let guardians: Vec<Option<i16>> = writes.iter().map(|w| w.guardian_no).collect();
    let from: Vec<NaiveDate> = writes.iter().map(|w| w.valid_from.unwrap_or(today)).collect();
    sqlx::query!(
        "INSERT INTO family_links (link_id, member_id, person_id, relation, relative_no, guardian_no, valid_from, recorded_at)
         SELECT t.*, $8 FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::smallint[], $6::smallint[], $7::date[]) AS t",
        ids,
        &members,
        &persons,
        &relations,
        &numbers,
        &guardians as _,
        &from,
        now
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Ends links on `last_day`: the open row is superseded and a closed copy says until when it held. `ids` are the copies'.
pub(crate) async fn close(
    conn: &mut PgConnection,
    links: &[Uuid],
    ids: &[Uuid],
    last_day: NaiveDate,
    now: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    if links.is_empty() {
        return Ok(());
    }
    sqlx::query!(
        "WITH ended AS (
             UPDATE family_links SET superseded_at = $4 WHERE link_id = ANY($1)
             RETURNING link_id, member_id, person_id, relation, relative_no, guardian_no, valid_from)
         INSERT INTO family_links (link_id, member_id, person_id, relation, relative_no, guardian_no, valid_from, valid_to, recorded_at)
         SELECT copies.copy_id, member_id, person_id, relation, relative_no, guardian_no, valid_from, $3, $4
         FROM ended JOIN unnest($1::uuid[], $2::uuid[]) AS copies (link_id, copy_id) USING (link_id)",
        links,
        ids,
        last_day,
        now
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// A relative as the member and the services that decide see one.
pub(crate) struct Relative {
    pub(crate) member: Uuid,
    pub(crate) person: Uuid,
    pub(crate) relation: String,
    pub(crate) last_name_fr: String,
    pub(crate) first_name_fr: String,
    pub(crate) last_name_ar: String,
    pub(crate) first_name_ar: String,
    pub(crate) sex: String,
    pub(crate) birth_date: NaiveDate,
    pub(crate) death_date: Option<NaiveDate>,
}

/// Whether two members are one, one is of the other's family, or they have a spouse, child or guardian in common.
pub(crate) async fn is_one_family(
    conn: &mut PgConnection,
    one: Uuid,
    other: Uuid,
) -> Result<bool, sqlx::Error> {
    sqlx::query_scalar!(
        r#"WITH family AS (
               SELECT member_id, person_id FROM members WHERE member_id IN ($1, $2)
               UNION SELECT member_id, person_id FROM family_links
               WHERE member_id IN ($1, $2) AND superseded_at IS NULL AND valid_to IS NULL)
           SELECT $1 = $2 OR EXISTS (SELECT FROM family AS a JOIN family AS b USING (person_id)
                                     WHERE a.member_id = $1 AND b.member_id = $2) AS "one!""#,
        one,
        other
    )
    .fetch_one(conn)
    .await
}

/// Spouses and children of these members, in the order of the family. Guardians have no rights of their own.
pub(crate) async fn relatives(
    conn: &mut PgConnection,
    members: &[Uuid],
) -> Result<Vec<Relative>, sqlx::Error> {
    sqlx::query_as!(
        Relative,
        r#"SELECT l.member_id AS member, l.person_id AS person, l.relation, p.last_name_fr, p.first_name_fr, p.last_name_ar,
                  p.first_name_ar, p.sex, p.birth_date, p.death_date
           FROM family_links l JOIN persons p USING (person_id)
           WHERE l.member_id = ANY($1) AND l.superseded_at IS NULL AND l.valid_to IS NULL AND l.relation IN ('spouse', 'child')
           ORDER BY l.member_id, l.relation DESC, l.relative_no"#,
        members
    )
    .fetch_all(conn)
    .await
}
