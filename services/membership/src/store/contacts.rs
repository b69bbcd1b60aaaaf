//! The table `contacts`: address and language of a member.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use platform::crypto::{CryptoError, PersonKey, Place};
use sqlx::PgConnection;
use uuid::Uuid;

use super::open_text;
use crate::domain::person::Digest;
use kernel::{EmailAddress, Locale};

const TABLE: &str = "contacts";

/// A member's contact as the roster gives it.
pub(crate) struct ContactWrite<'a> {
    pub(crate) member: Uuid,
    pub(crate) person: Uuid,
    pub(crate) email: Option<&'a EmailAddress>,
    pub(crate) email_index: Option<Digest>,
    pub(crate) language: Locale,
}

pub(crate) async fn save(
    conn: &mut PgConnection,
    writes: &[ContactWrite<'_>],
    keys: &HashMap<Uuid, PersonKey>,
    now: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    if writes.is_empty() {
        return Ok(());
    }
    let members: Vec<Uuid> = writes.iter().map(|w| w.member).collect();
    let sealed: Vec<Option<Vec<u8>>> = writes
        .iter()
        .map(|w| {
            let key = keys.get(&w.person)?;
            w.email
                .map(|email| key.seal(place(w.member), email.as_str().as_bytes()))
        })
        .collect();
    let indexes: Vec<Option<Digest>> = writes.iter().map(|w| w.email_index.clone()).collect();
    let languages: Vec<String> = writes.iter().map(|w| w.language.as_str().to_owned()).collect();
    sqlx::query!(
        "INSERT INTO contacts (member_id, email_sealed, email_index, language, recorded_at)
         SELECT t.*, $5 FROM unnest($1::uuid[], $2::bytea[], $3::bytea[], $4::text[]) AS t
         ON CONFLICT (member_id) DO UPDATE SET email_sealed = excluded.email_sealed, email_index = excluded.email_index,
             language = excluded.language, recorded_at = excluded.recorded_at",
        &members,
        &sealed as _,
        &indexes as _,
        &languages,
        now
    )
    .execute(conn)
    .await?;
    Ok(())
}

fn place(member: Uuid) -> Place {
    Place {
        table: TABLE,
        column: "email",
        row: member,
    }
}

/// A stored contact, still sealed.
pub(crate) struct StoredContact {
    pub(crate) person_id: Uuid,
    pub(crate) email_sealed: Option<Vec<u8>>,
    pub(crate) language: String,
}

pub(crate) async fn of_member(
    conn: &mut PgConnection,
    member: Uuid,
) -> Result<Option<StoredContact>, sqlx::Error> {
    sqlx::query_as!(
        StoredContact,
        "SELECT m.person_id, c.email_sealed, c.language FROM contacts c JOIN members m USING (member_id) WHERE c.member_id = $1",
        member
    )
    .fetch_optional(conn)
    .await
}

/// Opens the address of a contact.
pub(crate) fn open(key: &PersonKey, member: Uuid, sealed: &[u8]) -> Result<String, CryptoError> {
    open_text(key, place(member), sealed)
}
