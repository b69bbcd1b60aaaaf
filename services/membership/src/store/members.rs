//! The table `members`, and the reads that start from a member.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::domain::family_merge::KnownMember;
use crate::domain::person::Digest;

/// The members on file with these matricules. Whose newest workplace is not the one of their row counts as changed by any line: an import of a version
/// that knew no workplaces may have moved them, while both versions served.
pub(crate) async fn by_matricule(
    conn: &mut PgConnection,
    matricules: &[String],
) -> Result<HashMap<String, KnownMember>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"SELECT matricule, members.member_id, person_id, version,
                  CASE WHEN placed THEN family_digest ELSE '' END AS "family_digest!",
                  CASE WHEN placed THEN member_digest ELSE '' END AS "member_digest!"
           FROM members CROSS JOIN LATERAL (
               SELECT EXISTS (
                   SELECT FROM workplaces AS newest
                   WHERE newest.member_id = members.member_id AND newest.province_iso = members.province_iso
                     AND newest.external_services = members.external_services
                     AND NOT EXISTS (
                         SELECT FROM workplaces AS later WHERE later.member_id = members.member_id
                           AND coalesce(later.valid_from, '-infinity') > coalesce(newest.valid_from, '-infinity')
                     )
               ) AS placed
           ) AS known
           WHERE matricule = ANY($1)"#,
        matricules
    )
    .fetch_all(conn)
    .await?;
    let mut found = HashMap::with_capacity(rows.len());
    for row in rows {
        let known = KnownMember {
            member: row.member_id,
            person: row.person_id,
            version: row.version,
            digest: row.family_digest,
            own_digest: row.member_digest,
        };
        found.insert(row.matricule, known);
    }
    Ok(found)
}

/// Keeps the digests of families of which nothing changed although their lines did; no version rises.
pub(crate) async fn keep_digests(
    conn: &mut PgConnection,
    digests: &[(Uuid, Digest)],
) -> Result<(), sqlx::Error> {
    if digests.is_empty() {
        return Ok(());
    }
    let members: Vec<Uuid> = digests.iter().map(|(member, _)| *member).collect();
    let values: Vec<Digest> = digests.iter().map(|(_, digest)| digest.clone()).collect();
    sqlx::query!(
        "UPDATE members SET family_digest = fresh.digest
         FROM unnest($1::uuid[], $2::bytea[]) AS fresh (member_id, digest) WHERE members.member_id = fresh.member_id",
        &members,
        &values
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// A member's row to insert or update, sealed values included.
pub(crate) struct MemberRowWrite {
    pub(crate) member: Uuid,
    pub(crate) person: Uuid,
    pub(crate) matricule: String,
    pub(crate) pension_sealed: Option<Vec<u8>>,
    pub(crate) pension_index: Option<Digest>,
    pub(crate) province_iso: String,
    pub(crate) external_services: bool,
    pub(crate) digest: Digest,
    pub(crate) own_digest: Digest,
    pub(crate) version: i64,
}

pub(crate) async fn save(
    conn: &mut PgConnection,
    writes: &[MemberRowWrite],
    now: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    if writes.is_empty() {
        return Ok(());
    }
    let members: Vec<Uuid> = writes.iter().map(|w| w.member).collect();
    let persons: Vec<Uuid> = writes.iter().map(|w| w.person).collect();
    let matricules: Vec<String> = writes.iter().map(|w| w.matricule.clone()).collect();
    let sealed: Vec<Option<Vec<u8>>> = writes.iter().map(|w| w.pension_sealed.clone()).collect();
    let indexes: Vec<Option<Digest>> = writes.iter().map(|w| w.pension_index.clone()).collect();
    let provinces: Vec<String> = writes.iter().map(|w| w.province_iso.clone()).collect();
    let external: Vec<bool> = writes.iter().map(|w| w.external_services).collect();
    let digests: Vec<Digest> = writes.iter().map(|w| w.digest.clone()).collect();
    let own_digests: Vec<Digest> = writes.iter().map(|w| w.own_digest.clone()).collect();
    let versions: Vec<i64> = writes.iter().map(|w| w.version).collect();
    sqlx::query!(
        "INSERT INTO members (member_id, person_id, matricule, pension_sealed, pension_index, province_iso, external_services,
                              family_digest, member_digest, version, registered_at, recorded_at)
         SELECT t.*, $11, $11 FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::bytea[], $5::bytea[], $6::text[], $7::bool[],
                                          $8::bytea[], $9::bytea[], $10::bigint[]) AS t
         ON CONFLICT (member_id) DO UPDATE SET
             pension_sealed = excluded.pension_sealed, pension_index = excluded.pension_index,
             province_iso = excluded.province_iso, external_services = excluded.external_services,
             family_digest = excluded.family_digest, member_digest = excluded.member_digest, version = excluded.version, recorded_at = excluded.recorded_at",
        &members,
        &persons,
        &matricules,
        &sealed as _,
        &indexes as _,
        &provinces,
        &external,
        &digests,
        &own_digests,
        &versions,
        now
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Raises the version of every other member whose family one of these people belongs to; gives members and new versions.
pub(crate) async fn touch_families_of(
    conn: &mut PgConnection,
    persons: &[Uuid],
    except: &[Uuid],
    now: DateTime<Utc>,
) -> Result<Vec<(Uuid, i64)>, sqlx::Error> {
    if persons.is_empty() {
        return Ok(Vec::new());
    }
    let rows = sqlx::query!(
        "UPDATE members SET version = version + 1, recorded_at = $3
         WHERE member_id <> ALL($2) AND member_id IN (
             SELECT member_id FROM family_links WHERE person_id = ANY($1) AND superseded_at IS NULL AND valid_to IS NULL)
         RETURNING member_id, version",
        persons,
        except,
        now
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(|row| (row.member_id, row.version)).collect())
}

/// A member's own record without family and positions; the account still sealed.
pub(crate) struct OwnRecord {
    pub(crate) member_id: Uuid,
    pub(crate) person_id: Uuid,
    pub(crate) matricule: String,
    pub(crate) province_iso: String,
    pub(crate) version: i64,
    pub(crate) last_name_fr: String,
    pub(crate) first_name_fr: String,
    pub(crate) last_name_ar: String,
    pub(crate) first_name_ar: String,
    pub(crate) bank_account_id: Option<Uuid>,
    pub(crate) rib_sealed: Option<Vec<u8>>,
}

pub(crate) async fn own_record(
    conn: &mut PgConnection,
    member: Uuid,
) -> Result<Option<OwnRecord>, sqlx::Error> {
    sqlx::query_as!(
        OwnRecord,
        r#"SELECT m.member_id, m.person_id, m.matricule, m.province_iso, m.version, p.last_name_fr, p.first_name_fr, p.last_name_ar,
                  p.first_name_ar, b.bank_account_id AS "bank_account_id?", b.rib_sealed AS "rib_sealed?"
           FROM members m JOIN persons p USING (person_id)
           LEFT JOIN bank_accounts b ON b.member_id = m.member_id AND b.superseded_at IS NULL
           WHERE m.member_id = $1"#,
        member
    )
    .fetch_optional(conn)
    .await
}

/// A member's name and number, as agents are shown them.
pub(crate) struct Named {
    pub(crate) member_id: Uuid,
    pub(crate) matricule: String,
    pub(crate) province_iso: String,
    pub(crate) last_name_fr: String,
    pub(crate) first_name_fr: String,
    pub(crate) last_name_ar: String,
    pub(crate) first_name_ar: String,
}

pub(crate) async fn named(conn: &mut PgConnection, members: &[Uuid]) -> Result<Vec<Named>, sqlx::Error> {
    sqlx::query_as!(
        Named,
        "SELECT m.member_id, m.matricule, m.province_iso, p.last_name_fr, p.first_name_fr, p.last_name_ar, p.first_name_ar
         FROM members m JOIN persons p USING (person_id) WHERE m.member_id = ANY($1) ORDER BY m.member_id",
        members
    )
    .fetch_all(conn)
    .await
}

/// What decisions rest on, without family and positions.
pub(crate) struct Facts {
    pub(crate) member_id: Uuid,
    pub(crate) person_id: Uuid,
    pub(crate) version: i64,
    pub(crate) province_iso: String,
    pub(crate) external_services: bool,
    pub(crate) recorded_at: DateTime<Utc>,
    pub(crate) birth_date: NaiveDate,
    pub(crate) death_date: Option<NaiveDate>,
    pub(crate) sex: String,
    pub(crate) bank_account_id: Option<Uuid>,
}

pub(crate) async fn facts(conn: &mut PgConnection, members: &[Uuid]) -> Result<Vec<Facts>, sqlx::Error> {
    sqlx::query_as!(
        Facts,
        r#"SELECT m.member_id, m.person_id, m.version, m.province_iso, m.external_services, m.recorded_at, p.birth_date,
                  p.death_date, p.sex, b.bank_account_id AS "bank_account_id?"
           FROM members m JOIN persons p USING (person_id)
           LEFT JOIN bank_accounts b ON b.member_id = m.member_id AND b.superseded_at IS NULL
           WHERE m.member_id = ANY($1) ORDER BY m.member_id"#,
        members
    )
    .fetch_all(conn)
    .await
}

/// What typed details are compared with.
pub(crate) struct StaffRecord {
    pub(crate) member_id: Uuid,
    pub(crate) position: Option<String>,
    pub(crate) death_date: Option<NaiveDate>,
    pub(crate) cin_index: Option<Digest>,
    pub(crate) pension_index: Option<Digest>,
    pub(crate) email_index: Option<Digest>,
    pub(crate) language: String,
}

/// The one read of an identity check, the same whether the matricule exists or not. `today` picks the position.
pub(crate) async fn staff_record(
    conn: &mut PgConnection,
    matricule: &str,
    today: NaiveDate,
) -> Result<Option<StaffRecord>, sqlx::Error> {
    sqlx::query_as!(
        StaffRecord,
        r#"SELECT m.member_id, p.death_date, p.cin_index, m.pension_index, c.email_index, c.language,
                  (SELECT h.position FROM positions h
                   WHERE h.member_id = m.member_id AND h.superseded_at IS NULL
                   ORDER BY (h.valid_from <= $2 AND (h.valid_to IS NULL OR h.valid_to >= $2)) DESC, (h.valid_from <= $2) DESC,
                            CASE WHEN h.valid_from <= $2 THEN h.valid_from END DESC, h.valid_from
                   LIMIT 1) AS position
           FROM members m JOIN persons p USING (person_id) JOIN contacts c USING (member_id)
           WHERE m.matricule = $1"#,
        matricule,
        today
    )
    .fetch_optional(conn)
    .await
}
