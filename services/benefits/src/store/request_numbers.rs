//! Request numbers: a Postgres sequence per service code and year. Taking a number locks nothing that another submission waits for; a
//! transaction that fails leaves a gap, and a number is never given twice.

use std::collections::HashSet;
use std::sync::atomic::{AtomicI32, Ordering};
use std::sync::{Arc, Mutex};

use kernel::RequestNumber;
use sqlx::{PgConnection, PgPool};

use super::StoreError;

/// Hands out numbers; remembers which sequences are known to exist.
#[derive(Debug, Clone, Default)]
pub(crate) struct RequestNumbers {
    made: Arc<Mutex<HashSet<String>>>,
    /// The year of which every sequence that is needed is known to exist.
    whole_year: Arc<AtomicI32>,
}

impl RequestNumbers {
    /// Whether every sequence of the year was prepared before: what nearly every submission finds.
    pub(crate) fn has(&self, year: i32) -> bool {
        self.whole_year.load(Ordering::Relaxed) == year
    }

    /// Every sequence of the year that the catalogue needs is prepared.
    pub(crate) fn has_all_of(&self, year: i32) {
        self.whole_year.store(year, Ordering::Relaxed);
    }

    /// Makes the sequence of that code and year unless it exists. In a transaction of its own: creating one takes locks that must not be
    /// held until a submission commits.
    pub(crate) async fn prepare(&self, pool: &PgPool, code: &str, year: i32) -> Result<(), StoreError> {
        let name = sequence_name(code, year);
        if self.made.lock().is_ok_and(|made| made.contains(&name)) {
            return Ok(());
        }
        let mut tx = pool.begin().await?;
        // Two replicas may meet here: CREATE ... IF NOT EXISTS alone can fail for the second one.
        sqlx::query!("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", name)
            .execute(&mut *tx)
            .await?;
        let exists = sqlx::query_scalar!(r#"SELECT to_regclass($1) IS NOT NULL AS "exists!""#, name)
            .fetch_one(&mut *tx)
            .await?;
        if !exists {
            // After a restore from rows alone the sequence goes on behind the highest number that was given.
            let highest = sqlx::query_scalar!(
                "SELECT max(request_sequence) FROM applications WHERE request_code = $1 AND request_year = $2",
                code,
                year
            )
            .fetch_one(&mut *tx)
            .await?
            .unwrap_or_default();
            // A sequence that did not exist at the time of a backup may have given numbers until the restore.
            let ahead = sqlx::query_scalar!(
                r#"SELECT coalesce(sum(numbers_ahead), 0)::bigint AS "ahead!" FROM restores
                   WHERE extract(year FROM restored_at AT TIME ZONE 'UTC' + interval '1 day')::integer >= $1"#,
                year
            )
            .fetch_one(&mut *tx)
            .await?;
            // A name cannot be a parameter; this one is letters, digits and underscores by `sequence_name`.
            let create = format!(
                "CREATE SEQUENCE {name} AS bigint START WITH {} MINVALUE 1 NO CYCLE",
                highest + ahead + 1
            );
            sqlx::query(sqlx::AssertSqlSafe(create)).execute(&mut *tx).await?;
        }
        tx.commit().await?;
        if let Ok(mut made) = self.made.lock() {
            made.insert(name);
        }
        Ok(())
    }

    /// The next number of a prepared sequence, unless such a request is open already, by its blind index.
    pub(crate) async fn next_unless_open(
        &self,
        conn: &mut PgConnection,
        code: &str,
        year: i32,
        open_request_key: &[u8],
    ) -> Result<Option<RequestNumber>, StoreError> {
        let corrupt = || StoreError::Corrupt {
            table: "request numbers",
        };
        let Some(sequence) = sqlx::query_scalar!(
            r#"SELECT nextval(($1::text)::regclass) AS "next!" WHERE NOT EXISTS (
                   SELECT FROM applications
                   WHERE open_request_key = $2 AND state IN ('submitted', 'in_review', 'information_requested'))"#,
            sequence_name(code, year),
            open_request_key
        )
        .fetch_optional(conn)
        .await?
        else {
            return Ok(None);
        };
        let sequence = u32::try_from(sequence).map_err(|_| corrupt())?;
        let year = u16::try_from(year).map_err(|_| corrupt())?;
        let number = RequestNumber::new(sequence, code, year).map_err(|_| corrupt())?;
        Ok(Some(number))
    }
}

/// `Aid_X` in 2026 is `request_number_aid_x_2026`. The catalogue holds codes to Latin letters and underscores, distinct without case.
fn sequence_name(code: &str, year: i32) -> String {
    let word: String = code
        .chars()
        .filter(|c| c.is_ascii_alphabetic() || *c == '_')
        .collect();
    format!("request_number_{}_{year}", word.to_ascii_lowercase())
}

#[cfg(test)]
mod tests;
