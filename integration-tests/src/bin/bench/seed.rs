//! Many drafts from one: rows are copied, and every id of a copy keeps its first half and ends in the copy's number, so that a script of pgbench
//! can name them too. What is sealed is sealed anew, with a key of each member's own.

use std::ops::RangeInclusive;

use anyhow::{Context as _, Result};
use platform::crypto::{FieldCipher, Place};
use sqlx::{AssertSqlSafe, PgConnection};
use uuid::Uuid;

use crate::benefits::Draft;
use crate::installation::Installation;

/// Copies made by one statement.
const CHUNK: usize = 4_000;
/// How many characters of an id stay as they are: all but the last group.
pub(crate) const KEPT: usize = 24;

/// The id of a copy. The digits of a number in decimal are digits of an id.
pub(crate) fn numbered(id: Uuid, number: usize) -> Uuid {
    let text = id.to_string();
    format!("{}{number:012}", &text[..KEPT])
        .parse()
        .expect("an id with its last group replaced is an id")
}

impl Draft {
    /// Its copy of this number.
    pub(crate) fn copy(&self, number: usize) -> Self {
        Self {
            application: numbered(self.application, number),
            member: numbered(self.member, number),
            account: numbered(self.account, number),
            person: numbered(self.person, number),
        }
    }
}

/// Makes the copies of a draft with everything that its submission reads, for these benefits in turn.
pub(crate) async fn copies(
    installation: &Installation,
    database: &mut PgConnection,
    draft: &Draft,
    numbers: RangeInclusive<usize>,
    benefits: &[String],
) -> Result<()> {
    let cipher = FieldCipher::new(installation.keys.directory().ring("benefits.data")?);
    let key = cipher
        .existing_person_key(database, draft.member)
        .await?
        .context("the member's key")?;
    let sealed: Vec<u8> = sqlx::query_scalar("SELECT answers FROM applications WHERE application_id = $1")
        .bind(draft.application)
        .fetch_one(&mut *database)
        .await?;
    let answers = String::from_utf8(key.open(place(draft.application), &sealed)?.to_vec())?;

    let members = [
        ("member_facts", "member_id", &["member_id", "person_id"][..]),
        ("member_positions", "member_id", &["member_id"]),
        ("member_workplaces", "member_id", &["member_id"]),
        ("member_relatives", "member_id", &["member_id", "person_id"]),
    ];
    for (table, column, ids) in members {
        copy_rows(database, (table, column, draft.member), ids, &numbers).await?;
    }
    copy_rows(
        database,
        ("audit_chain", "record_id", draft.application),
        &["record_id"],
        &numbers,
    )
    .await?;
    let all: Vec<usize> = numbers.collect();
    for chunk in all.chunks(CHUNK) {
        insert_sealed(database, &cipher, (draft, &answers), chunk, benefits).await?;
    }
    Ok(())
}

fn place(application: Uuid) -> Place {
    Place {
        table: "applications",
        column: "answers",
        row: application,
    }
}

/// Copies the rows of one record, whatever columns the table has, with the numbers put into `ids`.
async fn copy_rows(
    database: &mut PgConnection,
    (table, column, of): (&str, &str, Uuid),
    ids: &[&str],
    numbers: &RangeInclusive<usize>,
) -> Result<()> {
    let put_in: Vec<String> = ids
        .iter()
        .map(|id| format!("'{id}', left(original.{id}::text, {KEPT}) || lpad(copy_number::text, 12, '0')"))
        .collect();
    let statement = format!(
        "INSERT INTO {table} SELECT copy.* FROM {table} AS original, generate_series($2::bigint, $3::bigint) AS copy_number,
         jsonb_populate_record(NULL::{table}, to_jsonb(original) || jsonb_build_object({})) AS copy
         WHERE original.{column} = $1",
        put_in.join(", ")
    );
    sqlx::query(AssertSqlSafe(statement))
        .bind(of)
        .bind(i64::try_from(*numbers.start())?)
        .bind(i64::try_from(*numbers.end())?)
        .execute(database)
        .await
        .with_context(|| format!("copies of a row of {table}"))?;
    Ok(())
}

async fn insert_sealed(
    database: &mut PgConnection,
    cipher: &FieldCipher,
    (draft, answers): (&Draft, &str),
    numbers: &[usize],
    benefits: &[String],
) -> Result<()> {
    let (mut applications, mut members, mut codes) = (Vec::new(), Vec::new(), Vec::new());
    let (mut sealed, mut keys) = (Vec::new(), Vec::new());
    for number in numbers {
        let copy = draft.copy(*number);
        let (key, wrapped) = cipher.fresh_key(copy.member);
        let own = answers.replace(&draft.person.to_string(), &copy.person.to_string());
        sealed.push(key.seal(place(copy.application), own.as_bytes()));
        keys.push(wrapped);
        applications.push(copy.application);
        members.push(copy.member);
        codes.push(benefits[number % benefits.len()].as_str());
    }
    sqlx::query(
        "INSERT INTO person_keys (person_id, wrapped, created_at) SELECT member, wrapped, now() FROM unnest($1::uuid[], $2::bytea[]) AS t (member, wrapped)",
    )
    .bind(&members)
    .bind(&keys)
    .execute(&mut *database)
    .await?;
    sqlx::query(
        "INSERT INTO applications (application_id, member_id, benefit_code, state, version, answers, created_at, updated_at)
         SELECT copy.id, copy.member, copy.benefit, state, version, copy.answers, created_at, updated_at
         FROM applications AS original, unnest($2::uuid[], $3::uuid[], $4::bytea[], $5::text[]) AS copy (id, member, answers, benefit)
         WHERE original.application_id = $1",
    )
    .bind(draft.application)
    .bind(&applications)
    .bind(&members)
    .bind(&sealed)
    .bind(&codes)
    .execute(database)
    .await?;
    Ok(())
}
