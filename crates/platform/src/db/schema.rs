//! Which migrations a database has, beside those that this program knows: what lets an older program run on a newer schema ("binaries go back, the
//! schema stays") and still refuse a database that another line of versions made.

use std::collections::BTreeMap;

use sqlx::PgConnection;
use sqlx::migrate::Migration;

use super::DbError;

/// What differs, by version, oldest first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Schema {
    /// Known and not applied.
    pub missing: Vec<i64>,
    /// Applied, not known, and newer than all that is known: a newer program was here.
    pub newer: Vec<i64>,
    /// Applied, not known, and not newer: no version of this line wrote it.
    pub unknown: Vec<i64>,
    /// Applied with other words than the program has.
    pub changed: Vec<i64>,
    /// Begun and not ended.
    pub unfinished: Vec<i64>,
}

impl Schema {
    /// Compares without changing anything.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn look(conn: &mut PgConnection, known: &[Migration]) -> Result<Self, sqlx::Error> {
        // sqlx's own table: no migration of ours makes it, so no statement on it can be checked at compile time.
        let applied = sqlx::query_as::<_, (i64, Vec<u8>, bool)>(
            "SELECT version, checksum, success FROM _sqlx_migrations ORDER BY version",
        )
        .fetch_all(conn)
        .await;
        let applied = match applied {
            Err(sqlx::Error::Database(error)) if error.code().as_deref() == Some("42P01") => Vec::new(),
            applied => applied?,
        };
        Ok(Self::compare(&applied, known))
    }

    fn compare(applied: &[(i64, Vec<u8>, bool)], known: &[Migration]) -> Self {
        let known: BTreeMap<i64, &[u8]> = known
            .iter()
            .map(|migration| (migration.version, migration.checksum.as_ref()))
            .collect();
        let newest = known.keys().next_back().copied().unwrap_or_default();
        let mut schema = Self::default();
        for (version, checksum, ended) in applied {
            if !ended {
                schema.unfinished.push(*version);
            }
            match known.get(version) {
                Some(ours) if *ours == checksum.as_slice() => {}
                Some(_) => schema.changed.push(*version),
                None if *version > newest => schema.newer.push(*version),
                None => schema.unknown.push(*version),
            }
        }
        let is_applied = |version: &i64| applied.iter().any(|(other, ..)| other == version);
        schema.missing = known.into_keys().filter(|version| !is_applied(version)).collect();
        schema
    }

    /// Whether `migrate` may run here: what it does not know is newer than itself, and nothing was changed.
    ///
    /// # Errors
    /// The first migration that another line of versions wrote.
    pub fn is_of_this_line(&self) -> Result<(), DbError> {
        if let Some(&version) = self.unfinished.first() {
            return Err(DbError::UnfinishedMigration { version });
        }
        if let Some(&version) = self.changed.first() {
            return Err(DbError::ChangedMigration { version });
        }
        if let Some(&version) = self.unknown.first() {
            return Err(DbError::UnknownMigration { version });
        }
        Ok(())
    }

    /// Whether the program may serve here: all that it knows is applied too.
    ///
    /// # Errors
    /// As said.
    pub fn is_enough(&self) -> Result<(), DbError> {
        self.is_of_this_line()?;
        match self.missing.first() {
            Some(&first) => Err(DbError::Behind {
                missing: self.missing.len(),
                first,
            }),
            None => Ok(()),
        }
    }
}
