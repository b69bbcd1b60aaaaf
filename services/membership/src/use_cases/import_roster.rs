//! The roster import: lines in the order of the file, applied family by family in batches of one transaction each.
//!
//! It needs no idempotency key: the same file again finds every family's digest unchanged and writes nothing. A batch that
//! failed ends the import; what was applied before stays, and the next import goes on from there. A dry run does
//! everything in one transaction that is rolled back.

mod apply;
mod audit;

use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};
use kernel::civil::civil_date;
use platform::audit::Actor;
use platform::clock::Clock;
use platform::ids::uuid_v7;
use sqlx::postgres::PgConnection;
use sqlx::{PgPool, Postgres, Transaction};
use uuid::Uuid;

use crate::domain::roster::{Family, Finding, RosterReader, header_matches};
use crate::error::Error;
use crate::sealing::Sealing;
use crate::store::roster_imports;

/// Families of one transaction: long enough to save round trips, short enough to keep locks and memory small.
const BATCH_FAMILIES: usize = 200;
const SHA256_HEX: usize = 64;

/// What the import needs of the service.
#[derive(Clone)]
pub(crate) struct ImportRoster {
    pub(crate) pool: PgPool,
    pub(crate) sealing: Arc<Sealing>,
    pub(crate) wake: bus::Wake,
    pub(crate) clock: Clock,
}

/// How the file introduces itself.
pub(crate) struct Opening {
    pub(crate) header: String,
    pub(crate) dry_run: bool,
    pub(crate) file_sha256: String,
}

/// How many members came out how.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Counts {
    pub(crate) registered: u32,
    pub(crate) changed: u32,
    pub(crate) unchanged: u32,
    pub(crate) relatives: u32,
}

/// How far the import is, and what was found since the last answer.
pub(crate) struct Progress {
    pub(crate) lines_read: u32,
    pub(crate) findings: Vec<Finding>,
}

/// How the import ended.
pub(crate) struct Summary {
    pub(crate) lines_read: u32,
    pub(crate) lines_bad: u32,
    pub(crate) counts: Counts,
    pub(crate) dry_run: bool,
}

/// What every batch is told.
pub(crate) struct Context {
    pub(crate) now: DateTime<Utc>,
    pub(crate) today: NaiveDate,
    pub(crate) actor_kind: String,
}

impl ImportRoster {
    /// Checks the header and takes the lock; nothing is applied yet.
    pub(crate) async fn open(&self, opening: Opening, actor: Actor) -> Result<RunningImport, Error> {
        if !header_matches(&opening.header) {
            return Err(Error::HeaderMismatch);
        }
        let digits = opening.file_sha256.bytes().all(|byte| byte.is_ascii_hexdigit());
        if opening.file_sha256.len() != SHA256_HEX || !digits {
            return Err(Error::BadOpening("file_sha256 must be 64 hexadecimal digits"));
        }
        // The lock lives with this connection: if the process dies, it is gone.
        let mut lock = self.pool.acquire().await?.detach();
        if !roster_imports::try_lock(&mut lock).await? {
            return Err(Error::ImportRunning);
        }
        let now = self.clock.now();
        let import = uuid_v7(now);
        let rehearsal = if opening.dry_run {
            Some(self.pool.begin().await?)
        } else {
            None
        };
        if rehearsal.is_none() {
            let mut tx = self.pool.begin().await?;
            roster_imports::start(&mut tx, import, &opening.file_sha256, &actor, now).await?;
            audit::started(&mut tx, import, &actor, now).await?;
            tx.commit().await?;
        }
        Ok(RunningImport {
            service: self.clone(),
            lock,
            rehearsal,
            reader: RosterReader::new(civil_date(now)),
            import,
            actor,
            counts: Counts::default(),
        })
    }
}

/// An import that has the lock.
pub(crate) struct RunningImport {
    service: ImportRoster,
    lock: PgConnection,
    /// The transaction of a dry run, never committed.
    rehearsal: Option<Transaction<'static, Postgres>>,
    reader: RosterReader,
    import: Uuid,
    actor: Actor,
    counts: Counts,
}

impl RunningImport {
    /// Takes the next lines of the file.
    pub(crate) async fn lines(
        &mut self,
        lines: impl IntoIterator<Item = (u32, String)>,
    ) -> Result<Progress, Error> {
        for (number, text) in lines {
            self.reader.line(number, &text);
        }
        if self.reader.ready() >= BATCH_FAMILIES {
            self.apply_ready().await?;
        }
        Ok(Progress {
            lines_read: self.reader.lines_read(),
            findings: self.reader.take_findings(),
        })
    }

    /// No further line follows: applies what is left. The findings of the last families come with the summary.
    pub(crate) async fn finish(mut self) -> Result<(Progress, Summary), Error> {
        self.reader.end();
        if let Err(error) = self.apply_ready().await {
            self.interrupt().await;
            return Err(error);
        }
        let progress = Progress {
            lines_read: self.reader.lines_read(),
            findings: self.reader.take_findings(),
        };
        let summary = Summary {
            lines_read: self.reader.lines_read(),
            lines_bad: self.reader.lines_bad(),
            counts: self.counts,
            dry_run: self.rehearsal.is_some(),
        };
        self.end("finished").await?;
        Ok((progress, summary))
    }

    /// The caller went away or a batch failed: what was applied stays, and the record says so.
    pub(crate) async fn interrupt(self) {
        let import = self.import;
        if let Err(error) = self.end("interrupted").await {
            tracing::error!(import.id = %import, error = %error, "the end of an interrupted import could not be recorded");
        }
    }

    async fn apply_ready(&mut self) -> Result<(), Error> {
        let mut families = self.reader.take_families().into_iter().peekable();
        while families.peek().is_some() {
            let batch: Vec<Family> = families.by_ref().take(BATCH_FAMILIES).collect();
            self.apply(batch).await?;
        }
        Ok(())
    }

    async fn apply(&mut self, batch: Vec<Family>) -> Result<(), Error> {
        let now = self.service.clock.now();
        let context = Context {
            now,
            today: civil_date(now),
            actor_kind: self.actor.kind.clone(),
        };
        let sealing = &self.service.sealing;
        let applied = if let Some(rehearsal) = &mut self.rehearsal {
            apply::apply(rehearsal, sealing, batch, &context).await?
        } else {
            let mut tx = self.service.pool.begin().await?;
            let applied = apply::apply(&mut tx, sealing, batch, &context).await?;
            tx.commit().await?;
            self.service.wake.now();
            applied
        };
        self.counts.registered += applied.counts.registered;
        self.counts.changed += applied.counts.changed;
        self.counts.unchanged += applied.counts.unchanged;
        self.counts.relatives += applied.counts.relatives;
        self.reader.add_findings(applied.findings);
        Ok(())
    }

    async fn end(mut self, outcome: &'static str) -> Result<(), Error> {
        if let Some(rehearsal) = self.rehearsal.take() {
            rehearsal.rollback().await?;
        } else {
            self.note_the_end(outcome).await?;
        }
        // Let go before the answer: a connection that is merely dropped keeps its locks until the server notices, and whoever imports the next
        // file at once would be told that this one still runs.
        roster_imports::unlock(&mut self.lock).await?;
        Ok(())
    }

    async fn note_the_end(&self, outcome: &'static str) -> Result<(), Error> {
        let now = self.service.clock.now();
        let end = roster_imports::End {
            outcome,
            lines_read: self.reader.lines_read(),
            lines_bad: self.reader.lines_bad(),
            registered: self.counts.registered,
            changed: self.counts.changed,
            unchanged: self.counts.unchanged,
        };
        let mut tx = self.service.pool.begin().await?;
        roster_imports::end(&mut tx, self.import, &end, now).await?;
        audit::ended(&mut tx, self.import, &self.actor, outcome, now).await?;
        tx.commit().await?;
        Ok(())
    }
}
