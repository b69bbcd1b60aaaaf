//! Person keys of many people at once. The table and the wrapping are the platform's; only the statements that take a
//! list are here, because an import would otherwise ask once per person.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use platform::crypto::{CryptoError, FieldCipher, PersonKey};
use sqlx::PgConnection;
use uuid::Uuid;

/// The key of every person named, made where there was none.
pub(crate) async fn get_or_make(
    conn: &mut PgConnection,
    cipher: &FieldCipher,
    persons: &[Uuid],
    now: DateTime<Utc>,
) -> Result<HashMap<Uuid, PersonKey>, CryptoError> {
    let mut keys = existing(conn, cipher, persons).await?;
    let missing: Vec<Uuid> = persons
        .iter()
        .copied()
        .filter(|person| !keys.contains_key(person))
        .collect();
    if missing.is_empty() {
        return Ok(keys);
    }
    let mut wrapped = Vec::with_capacity(missing.len());
    for person in &missing {
        let (key, sealed) = cipher.fresh_key(*person);
        keys.insert(*person, key);
        wrapped.push(sealed);
    }
    let made = sqlx::query!(
        "INSERT INTO person_keys (person_id, wrapped, created_at)
         SELECT person_id, wrapped, $3 FROM unnest($1::uuid[], $2::bytea[]) AS fresh (person_id, wrapped)
         ON CONFLICT (person_id) DO NOTHING",
        &missing,
        &wrapped,
        now
    )
    .execute(&mut *conn)
    .await?
    .rows_affected();
    if made == missing.len() as u64 {
        return Ok(keys);
    }
    // Somebody else made one of them meanwhile: what stands in the table counts.
    existing(conn, cipher, persons).await
}

/// The keys that exist. An erased person is an error: nothing more may be written about them.
pub(crate) async fn existing(
    conn: &mut PgConnection,
    cipher: &FieldCipher,
    persons: &[Uuid],
) -> Result<HashMap<Uuid, PersonKey>, CryptoError> {
    let rows = sqlx::query!(
        "SELECT person_id, wrapped FROM person_keys WHERE person_id = ANY($1)",
        persons
    )
    .fetch_all(conn)
    .await?;
    let mut keys = HashMap::with_capacity(persons.len());
    for row in rows {
        let wrapped = row.wrapped.ok_or(CryptoError::Erased)?;
        keys.insert(row.person_id, cipher.unwrap_key(row.person_id, &wrapped)?);
    }
    Ok(keys)
}
