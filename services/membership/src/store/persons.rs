//! The table `persons`: everybody on the staff file, with identity number and disability sealed.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use platform::crypto::{PersonKey, Place};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::domain::family_merge::{KnownPerson, OnFile, PersonWrite};
use crate::domain::person::{Digest, Sex};

/// Adds to `on_file` whom a batch may mean: by id, by identity card, by child key.
pub(crate) async fn load(
    conn: &mut PgConnection,
    ids: &[Uuid],
    cins: &[Digest],
    child_keys: &[String],
    on_file: &mut OnFile,
) -> Result<(), sqlx::Error> {
    let rows = sqlx::query!(
        r#"SELECT p.person_id, p.cin_index, p.child_key, p.birth_date, p.sex, p.last_name_fr, p.first_name_fr, p.content_digest,
                  EXISTS (SELECT 1 FROM members m WHERE m.person_id = p.person_id) AS "is_member!"
           FROM persons p
           WHERE p.person_id = ANY($1) OR p.cin_index = ANY($2) OR p.child_key = ANY($3)"#,
        ids,
        cins,
        child_keys
    )
    .fetch_all(conn)
    .await?;
    for row in rows {
        let sex = Sex::parse(&row.sex).ok_or_else(|| sqlx::Error::Decode("persons.sex".into()))?;
        let person = KnownPerson {
            cin: row.cin_index,
            child_key: row.child_key,
            birth_date: row.birth_date,
            sex,
            last_name_fr: row.last_name_fr,
            first_name_fr: row.first_name_fr,
            content: row.content_digest,
            is_member: row.is_member,
        };
        on_file.add_person(row.person_id, person);
    }
    Ok(())
}

const TABLE: &str = "persons";

/// Inserts or updates. An identity card that a line does not name stays on file.
pub(crate) async fn save(
    conn: &mut PgConnection,
    writes: &[PersonWrite],
    keys: &HashMap<Uuid, PersonKey>,
    now: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    if writes.is_empty() {
        return Ok(());
    }
    let sealed = |write: &PersonWrite, column: &'static str, plain: &[u8]| {
        let place = Place {
            table: TABLE,
            column,
            row: write.person,
        };
        keys.get(&write.person).map(|key| key.seal(place, plain))
    };
    let cin_sealed: Vec<Option<Vec<u8>>> = writes
        .iter()
        .map(|w| {
            w.details
                .cin
                .as_ref()
                .and_then(|cin| sealed(w, "cin", cin.as_str().as_bytes()))
        })
        .collect();
    let disability: Vec<Option<Vec<u8>>> = writes
        .iter()
        .map(|w| {
            sealed(
                w,
                "disability",
                if w.details.disability { b"yes" } else { b"no " },
            )
        })
        .collect();
    let ids: Vec<Uuid> = writes.iter().map(|w| w.person).collect();
    let last_fr: Vec<String> = writes.iter().map(|w| w.details.last_name_fr.clone()).collect();
    let first_fr: Vec<String> = writes.iter().map(|w| w.details.first_name_fr.clone()).collect();
    let last_ar: Vec<String> = writes.iter().map(|w| w.details.last_name_ar.clone()).collect();
    let first_ar: Vec<String> = writes.iter().map(|w| w.details.first_name_ar.clone()).collect();
    let sexes: Vec<String> = writes.iter().map(|w| w.details.sex.as_str().to_owned()).collect();
    let births: Vec<_> = writes.iter().map(|w| w.details.birth_date).collect();
    let deaths: Vec<_> = writes.iter().map(|w| w.details.death_date).collect();
    let cin_index: Vec<Option<Digest>> = writes.iter().map(|w| w.marks.cin.clone()).collect();
    let child_keys: Vec<Option<String>> = writes.iter().map(|w| w.child_key.clone()).collect();
    let contents: Vec<Digest> = writes.iter().map(|w| w.marks.content.clone()).collect();
    sqlx::query!(
        "INSERT INTO persons (person_id, last_name_fr, first_name_fr, last_name_ar, first_name_ar, sex, birth_date, death_date,
                              cin_sealed, cin_index, disability_sealed, child_key, content_digest, recorded_at)
         SELECT t.*, $14 FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::date[], $8::date[],
                                     $9::bytea[], $10::bytea[], $11::bytea[], $12::text[], $13::bytea[]) AS t
         ON CONFLICT (person_id) DO UPDATE SET
             last_name_fr = excluded.last_name_fr, first_name_fr = excluded.first_name_fr,
             last_name_ar = excluded.last_name_ar, first_name_ar = excluded.first_name_ar,
             sex = excluded.sex, birth_date = excluded.birth_date, death_date = excluded.death_date,
             cin_sealed = coalesce(excluded.cin_sealed, persons.cin_sealed),
             cin_index = coalesce(excluded.cin_index, persons.cin_index),
             disability_sealed = excluded.disability_sealed, child_key = excluded.child_key,
             content_digest = excluded.content_digest, recorded_at = excluded.recorded_at",
        &ids,
        &last_fr,
        &first_fr,
        &last_ar,
        &first_ar,
        &sexes,
        &births,
        &deaths as _,
        &cin_sealed as _,
        &cin_index as _,
        &disability as _,
        &child_keys as _,
        &contents,
        now
    )
    .execute(conn)
    .await?;
    Ok(())
}
