//! The relay: the only writer of a service's stream. It claims unsent rows, publishes with many in flight, and checks that every acknowledgement
//! is the next of the same epoch; anything else makes it compare notes and stream and publish the rest again.

use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail, ensure};
use async_nats::jetstream::stream::{Info, RawMessageErrorKind, Stream};
use chrono::{DateTime, TimeDelta, Utc};
use futures::StreamExt as _;
use futures::stream::FuturesOrdered;
use platform::clock::Clock;
use platform::fault_points::{self, FaultPoint};
use platform::metrics::messaging::Sending;
use platform::telemetry;
use sqlx::{PgConnection, PgPool};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;
use tracing::Instrument as _;
use uuid::Uuid;

use crate::asked::OtherSettings;
use crate::event;
use crate::metrics;
use crate::position::{Ack, Announcement, Comparison, Position, judge};
use crate::stream::Bus;

/// Rows claimed at once, all in flight together.
const BATCH: i64 = 500;
/// The timer beside the wake-up: a wake-up is a hint that may be lost.
const TICK: Duration = Duration::from_millis(500);
/// Months are looked through that hold events from so long before the newest one on, until so long after it and after now; all others with each timer.
const NEAR: TimeDelta = TimeDelta::hours(1);
/// After every event.
const FAR: DateTime<Utc> = DateTime::<Utc>::MAX_UTC;
/// How often an idle relay looks whether the stream is still what it noted: a broker may lose its tail while nobody publishes.
const LOOK: Duration = Duration::from_secs(5);
/// Rest after a failure and between attempts to become the one relay.
const REST: Duration = Duration::from_secs(1);

/// Tells the relay of this process that a row was committed. Losing it costs at most a tick.
#[derive(Clone, Debug, Default)]
pub struct Wake(Arc<Notify>);

impl Wake {
    /// Call after a commit.
    pub fn now(&self) {
        self.0.notify_one();
    }
}

/// One service's relay.
#[derive(Clone, Debug)]
pub struct Relay {
    pool: PgPool,
    bus: Bus,
    service: &'static str,
    wake: Wake,
    sending: Sending,
}

/// Which part of the outbox has to be asked.
#[derive(Default)]
struct Near {
    /// When the newest event was written that this life has seen.
    newest: Option<DateTime<Utc>>,
    /// When the whole outbox was last asked and nothing was left behind.
    whole: Option<Instant>,
    /// The question under way is about the whole.
    asks_whole: bool,
}

impl Near {
    fn bounds(&mut self, now: DateTime<Utc>) -> (DateTime<Utc>, DateTime<Utc>) {
        let newest = self
            .newest
            .filter(|_| self.whole.is_some_and(|at| at.elapsed() < TICK));
        self.asks_whole = newest.is_none();
        match newest {
            // After a quiet night the event that woke the relay is far from the newest one.
            Some(newest) => (newest - NEAR, newest.max(now) + NEAR),
            None => (DateTime::UNIX_EPOCH, FAR),
        }
    }

    /// A full batch may have left older ones behind: the next question is about the whole, so that events of a record follow one another.
    fn learn(&mut self, rows: &[Row]) {
        self.newest = self.newest.max(rows.iter().map(|row| row.created_at).max());
        if i64::try_from(rows.len()).unwrap_or(BATCH) >= BATCH {
            self.whole = None;
        } else if self.asks_whole {
            self.whole = Some(Instant::now());
        }
    }
}

struct Row {
    id: Uuid,
    created_at: DateTime<Utc>,
    restricted: bool,
    event_type: String,
    aggregate: Uuid,
    sequence: i64,
    actor_kind: String,
    data: serde_json::Value,
    traceparent: Option<String>,
}

impl Relay {
    /// `service` names the stream and the source of the events.
    #[must_use]
    pub fn new(pool: PgPool, bus: Bus, service: &'static str) -> Self {
        Self {
            pool,
            bus,
            service,
            wake: Wake::default(),
            sending: Sending::to("nats", service),
        }
    }

    /// The hint for use cases of this process.
    #[must_use]
    pub fn wake(&self) -> Wake {
        self.wake.clone()
    }

    /// Publishes until `shutdown`; failures are logged, rested upon and tried again.
    ///
    /// # Errors
    /// The stream has other settings than asked, when it is seen for the first time: the process does not start. One that is changed later stops
    /// the relay alone, and events wait in the outbox.
    pub async fn run(self, shutdown: CancellationToken) -> anyhow::Result<()> {
        metrics::relay_starts();
        let mut started = false;
        while !shutdown.is_cancelled() {
            let round = shutdown.run_until_cancelled(self.lead(&mut started));
            if let Some(Err(error)) = round.await {
                if !started && error.chain().any(|cause| cause.is::<OtherSettings>()) {
                    return Err(error);
                }
                tracing::warn!(error = format!("{error:#}"), "the relay rests and starts again");
                let _ended = shutdown.run_until_cancelled(tokio::time::sleep(REST)).await;
            }
        }
        Ok(())
    }

    /// One life: look at the stream, become the only relay, compare, publish until something is wrong.
    async fn lead(&self, started: &mut bool) -> anyhow::Result<()> {
        // Before the lock, so that no replica waits for years to say that it cannot publish.
        self.bus.ensure_stream(self.service).await.context("the stream")?;
        *started = true;
        // The lock belongs to the session. A detached connection closes when this future is dropped, and another replica leads at once.
        let mut lock = self.pool.acquire().await.context("a connection")?.detach();
        // A handful of statements over tables of many months: planning them each time would cost ten times what they do.
        sqlx::query("SET plan_cache_mode = force_generic_plan")
            .execute(&mut lock)
            .await
            .context("the connection's plans")?;
        while !self.lock(&mut lock).await? {
            tokio::time::sleep(REST).await;
        }
        self.publish_forever(&mut lock).await
    }

    async fn lock(&self, conn: &mut PgConnection) -> anyhow::Result<bool> {
        let got =
            sqlx::query_scalar!("SELECT pg_try_advisory_lock(hashtextextended('tadamon outbox relay', 0))")
                .fetch_one(conn)
                .await?;
        Ok(got == Some(true))
    }

    async fn publish_forever(&self, conn: &mut PgConnection) -> anyhow::Result<()> {
        let stream = self.bus.ensure_stream(self.service).await.context("the stream")?;
        let (mut position, announcement) = self.reconcile(conn, &stream).await?;
        let mut announced = false;
        let mut looked = Instant::now();
        let mut near = Near::default();
        loop {
            let rows = self.unsent(conn, &mut near).await?;
            if !announced && !rows.is_empty() {
                // Before the first publish: an epoch must not be announced twice with different bases. Not earlier: who publishes nothing uses none up.
                note(
                    conn,
                    &position,
                    announcement.epoch,
                    Acked::default(),
                    Kept::Durably,
                )
                .await?;
                announced = true;
            }
            let sent = self
                .publish_batch(conn, &rows, &mut position, announcement)
                .await?;
            if sent == 0 {
                let _woken_or_not = tokio::time::timeout(TICK, self.wake.0.notified()).await;
            }
            if looked.elapsed() >= LOOK {
                let info = stream.get_info().await.context("the stream's state")?;
                ensure!(
                    stands_at(&info)? == position,
                    "the stream is not where its last acknowledgement left it"
                );
                looked = Instant::now();
            }
        }
    }

    /// What is to be published next. A wake-up is about what was written a moment ago: as long as nothing older is left, only the months around it
    /// are asked, which costs a fifth.
    async fn unsent(&self, conn: &mut PgConnection, near: &mut Near) -> Result<Vec<Row>, sqlx::Error> {
        let (from, to) = near.bounds(Clock::system().now());
        let rows = sqlx::query_as!(
            Row,
            "SELECT id, created_at, restricted, event_type, aggregate, sequence, actor_kind, data, traceparent
             FROM outbox WHERE stream_sequence IS NULL AND created_at >= $2 AND created_at < $3 ORDER BY lane, id LIMIT $1",
            BATCH,
            from,
            to
        )
        .fetch_all(conn)
        .await?;
        near.learn(&rows);
        Ok(rows)
    }

    async fn publish_batch(
        &self,
        conn: &mut PgConnection,
        rows: &[Row],
        position: &mut Position,
        announcement: Announcement,
    ) -> anyhow::Result<usize> {
        if rows.is_empty() {
            return Ok(0);
        }
        let mut acks = FuturesOrdered::new();
        let mut failure = None;
        for row in rows {
            let began = Instant::now();
            match self.publish(row, announcement).await {
                Ok(ack) => acks.push_back(async move { (ack.await, began.elapsed()) }),
                Err(error) => {
                    failure = Some(error.context("a publish"));
                    break;
                }
            }
        }
        let published = acks.len();
        let mut acked = Acked::default();
        let mut in_order = true;
        for row in rows.iter().take(published) {
            let Some((ack, took)) = acks.next().await else {
                break;
            };
            self.sending.ended(ack.is_ok(), took);
            // After a failure the acknowledgements are still awaited, so that none is in flight when the comparison starts.
            if !in_order {
                continue;
            }
            match ack {
                Ok(ack) => {
                    let sequence = i64::try_from(ack.sequence)?;
                    match judge(position.sequence, sequence, ack.duplicate) {
                        Ack::Sent { sequence, advances } => {
                            if advances {
                                position.sequence = sequence;
                            }
                            acked.ids.push(row.id);
                            acked.times.push(row.created_at);
                            acked.sequences.push(sequence);
                            fault_points::pass(FaultPoint::BeforeMark, &row.event_type);
                        }
                        Ack::Unexpected => {
                            in_order = false;
                            failure = Some(anyhow::anyhow!(
                                "the stream answered {sequence} after {}",
                                position.sequence
                            ));
                        }
                    }
                }
                Err(error) => {
                    in_order = false;
                    failure = Some(anyhow::Error::new(error).context("an acknowledgement"));
                }
            }
        }
        let count = u64::try_from(acked.ids.len())?;
        // Nothing waits for the disk here: a note that dies with the database is one that was never written, and is made good by the comparison.
        note(conn, position, announcement.epoch, acked, Kept::Soon).await?;
        metrics::PUBLISHED.inc_by(count);
        match failure {
            Some(failure) => Err(failure),
            None => Ok(rows.len()),
        }
    }

    #[expect(
        clippy::disallowed_methods,
        reason = "the relay is the one place that publishes"
    )]
    async fn publish(
        &self,
        row: &Row,
        announcement: Announcement,
    ) -> anyhow::Result<async_nats::jetstream::context::PublishAckFuture> {
        let subject = event::subject(&self.bus.prefix, row.restricted, &row.event_type);
        let headers = event::headers(
            (row.id, row.created_at),
            &row.event_type,
            (row.aggregate, row.sequence),
            &row.actor_kind,
            (self.service, announcement),
            row.traceparent.as_deref(),
        );
        let payload = serde_json::to_vec(&row.data)?;
        let span = tracing::info_span!(
            "send",
            otel.name = format!("send {subject}"),
            otel.kind = "producer",
            messaging.system = "nats",
            messaging.operation.name = "send",
            messaging.operation.type = "send",
            messaging.destination.name = subject,
        );
        telemetry::continue_trace(&span, row.traceparent.as_deref());
        Ok(self
            .bus
            .jetstream
            .publish_with_headers(subject, headers, payload.into())
            .instrument(span)
            .await?)
    }

    /// Makes notes and stream agree before anything is published; see [`Comparison`]. Gives the position and what to announce.
    async fn reconcile(
        &self,
        conn: &mut PgConnection,
        stream: &Stream,
    ) -> anyhow::Result<(Position, Announcement)> {
        let info = stream.get_info().await.context("the stream's state")?;
        let now = stands_at(&info)?;
        let noted = sqlx::query_as!(Position, "SELECT epoch, sequence FROM relay_position")
            .fetch_optional(&mut *conn)
            .await?;
        let mut comparison =
            Comparison::start(noted.as_ref(), &now, i64::try_from(info.state.first_sequence)?);
        let common = loop {
            let Some(sequence) = comparison.ask() else {
                break comparison.end();
            };
            let same = match message_id(stream, sequence).await? {
                Some(id) => {
                    sqlx::query_scalar!(
                        "SELECT count(*) FROM outbox WHERE id = $1 AND stream_sequence = $2 AND stream_epoch = $3",
                        id,
                        sequence,
                        now.epoch
                    )
                    .fetch_one(&mut *conn)
                    .await?
                        == Some(1)
                }
                None => false,
            };
            match comparison.answer(same) {
                Ok(common) => break common,
                Err(next) => comparison = next,
            }
        };
        let again = sqlx::query!(
            "UPDATE outbox SET stream_sequence = NULL, stream_epoch = NULL
             WHERE stream_sequence IS NOT NULL AND (stream_sequence > $1 OR stream_epoch <> $2)",
            common,
            now.epoch
        )
        .execute(&mut *conn)
        .await?
        .rows_affected();
        let mut found = 0_u64;
        for sequence in common + 1..=now.sequence {
            let Some(id) = message_id(stream, sequence).await? else {
                continue;
            };
            found += sqlx::query!(
                "UPDATE outbox SET stream_sequence = $2, stream_epoch = $3 WHERE id = $1",
                id,
                sequence,
                now.epoch
            )
            .execute(&mut *conn)
            .await?
            .rows_affected();
        }
        if again > 0 || found > 0 {
            metrics::MISSING.inc_by(again);
            tracing::warn!(
                service = self.service,
                common,
                again,
                found,
                "notes and stream differed; they agree again"
            );
        }
        let last = sqlx::query_scalar!("SELECT announced FROM relay_position")
            .fetch_optional(&mut *conn)
            .await?
            .unwrap_or_default();
        let announcement = Announcement::next(last, now.epoch.parse()?, common);
        // A difference is announced even if this life ends before it publishes anything: the next one's epoch is then two higher.
        let differed = noted.as_ref() != Some(&now) || common != now.sequence;
        if noted.is_some_and(|noted| noted.epoch != now.epoch) {
            metrics::EPOCHS.inc();
        }
        let announced = if differed { announcement.epoch } else { last };
        note(conn, &now, announced, Acked::default(), Kept::Durably).await?;
        Ok((now, announcement))
    }
}

fn stands_at(info: &Info) -> anyhow::Result<Position> {
    Ok(Position {
        epoch: info.created.unix_timestamp_nanos().to_string(),
        sequence: i64::try_from(info.state.last_sequence)?,
    })
}

async fn message_id(stream: &Stream, sequence: i64) -> anyhow::Result<Option<Uuid>> {
    match stream.get_raw_message(u64::try_from(sequence)?).await {
        Ok(message) => Ok(message
            .headers
            .get("Nats-Msg-Id")
            .and_then(|id| id.as_str().parse().ok())),
        Err(error) if error.kind() == RawMessageErrorKind::NoMessageFound => Ok(None),
        Err(error) => bail!("message {sequence} of the stream: {error}"),
    }
}

/// Rows that the stream has, and where.
#[derive(Default)]
struct Acked {
    ids: Vec<Uuid>,
    times: Vec<DateTime<Utc>>,
    sequences: Vec<i64>,
}

/// How a note is committed.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kept {
    /// On the disk before anything else is done: an epoch that was announced must never be announced again.
    Durably,
    /// With the next commit of anybody, or within a second.
    Soon,
}

/// Writes acknowledgements down.
async fn note(
    conn: &mut PgConnection,
    position: &Position,
    announced: i64,
    acked: Acked,
    kept: Kept,
) -> Result<(), sqlx::Error> {
    // The setting ends with the statement, which is a transaction of its own.
    sqlx::query!(
        "WITH how AS MATERIALIZED (
            SELECT set_config('synchronous_commit', CASE WHEN $7 THEN 'off' ELSE current_setting('synchronous_commit') END, true)),
         sent AS (
            UPDATE outbox SET stream_sequence = acked.sequence, stream_epoch = $4
            FROM UNNEST($1::uuid[], $2::timestamptz[], $3::bigint[]) AS acked (id, created_at, sequence)
            WHERE outbox.id = acked.id AND outbox.created_at = acked.created_at AND outbox.created_at >= $8 AND outbox.created_at <= $9)
         INSERT INTO relay_position (epoch, sequence, announced) SELECT $4, $5::bigint, $6::bigint FROM how
         ON CONFLICT (only_row) DO UPDATE SET epoch = $4, sequence = $5, announced = $6",
        &acked.ids,
        &acked.times,
        &acked.sequences,
        position.epoch,
        position.sequence,
        announced,
        kept == Kept::Soon,
        acked.times.iter().min(),
        acked.times.iter().max()
    )
    .execute(conn)
    .await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(created_at: DateTime<Utc>) -> Row {
        Row {
            id: Uuid::nil(),
            created_at,
            restricted: false,
            event_type: String::new(),
            aggregate: Uuid::nil(),
            sequence: 1,
            actor_kind: String::new(),
            data: serde_json::Value::Null,
            traceparent: None,
        }
    }

    #[test]
    fn the_event_that_ends_hours_of_quiet_is_found_by_its_own_wake_up() {
        let mut near = Near::default();
        let before = DateTime::UNIX_EPOCH + TimeDelta::days(1);
        assert_eq!(near.bounds(before), (DateTime::UNIX_EPOCH, FAR));
        near.learn(&[row(before)]);
        // The timer has just asked for the whole.
        let now = before + TimeDelta::hours(9);
        near.whole = Some(Instant::now());
        let (from, to) = near.bounds(now);
        assert!(!near.asks_whole, "a wake-up asks for what is near");
        assert!(from <= before && to > now, "{from} to {to}");
        // A clock that is behind the newest event hides nothing either.
        let (_, to) = near.bounds(before - TimeDelta::hours(9));
        assert_eq!(to, before + NEAR);
    }
}
