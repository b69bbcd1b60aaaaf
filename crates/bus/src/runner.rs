//! Runs a subscriber: at least once from the broker, once in effect by the inbox. A transient failure stops pulling and tries again; a permanent
//! one parks the event and what follows it for the same record. Putting parked events in again is [`crate::release`]'s.

use std::collections::HashSet;
use std::time::Duration;

use anyhow::Context as _;
use async_nats::jetstream::consumer::{Info, PullConsumer};
use async_nats::jetstream::stream::{ConsumerError, ConsumerErrorKind};
use async_nats::jetstream::{AckKind, ErrorCode, Message};
use futures::{Stream, StreamExt as _};
use platform::clock::Clock;
use platform::fault_points::{self, FaultPoint};
use platform::metrics::messaging::Receiving;
use platform::telemetry;
use sqlx::{PgConnection, PgPool};
use tokio::time::Instant;
use tracing::Instrument as _;
use uuid::Uuid;

use crate::asked;
use crate::dead_letters::{self, Unread};
use crate::event::{self, IncomingEvent, subject};
use crate::grants;
use crate::inbox;
use crate::metrics::{self, Of};
use crate::position::Place;
use crate::restored;
use crate::stream::Bus;
use crate::subscriber::{HandlerError, Subscriber};

/// How long a pull waits for messages, and how often parked events are looked for that may be applied.
const PULL: Duration = Duration::from_secs(5);
/// How long what a pull brings is waited for at all. The client ends only a pull that has an expiry: the answer to one that asks for what is there
/// may die with the broker, and would be awaited for ever.
const LONGEST_PULL: Duration = Duration::from_secs(10);
pub(crate) const FIRST_REST: Duration = Duration::from_millis(250);
pub(crate) const LONGEST_REST: Duration = Duration::from_secs(10);

pub(crate) struct Runner<S> {
    pub(crate) pool: PgPool,
    pub(crate) bus: Bus,
    pub(crate) subscriber: S,
    pub(crate) clock: Clock,
    pub(crate) receiving: Receiving,
}

/// How far a chunk brings us.
#[derive(Clone, Copy)]
struct Standing {
    /// The epoch that we know.
    epoch: Option<i64>,
    /// To be written down before anything of the chunk is acknowledged; none when it is.
    place: Option<Place>,
}

/// What became of a chunk.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Applied {
    Here,
    /// Another replica has gone on to another epoch of the stream. Nothing of the chunk was applied by us.
    Elsewhere,
}

/// What became of events that were to be applied together.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Committed {
    /// All of them, with the place.
    Whole,
    /// None: some were applied or parked before.
    Known,
    /// None: as [`Applied::Elsewhere`].
    Elsewhere,
}

impl Committed {
    /// Of events that were new a moment ago.
    fn alone(self) -> anyhow::Result<Applied> {
        match self {
            Self::Whole => Ok(Applied::Here),
            Self::Elsewhere => Ok(Applied::Elsewhere),
            Self::Known => anyhow::bail!("another replica applies some of these events"),
        }
    }
}

/// What a pull brought, also when its end does not come: nothing that was delivered is left out.
async fn collect<T, E: std::fmt::Display>(
    messages: impl Stream<Item = Result<T, E>>,
) -> anyhow::Result<Vec<T>> {
    let end = Instant::now() + LONGEST_PULL;
    let mut messages = std::pin::pin!(messages);
    let mut pulled = Vec::new();
    while let Ok(Some(message)) = tokio::time::timeout_at(end, messages.next()).await {
        pulled.push(message.map_err(|error| anyhow::anyhow!("a pull: {error}"))?);
    }
    Ok(pulled)
}

/// How many events a subscriber has before it.
fn set_lag(subscriber: &str, events: u64) {
    metrics::LAG
        .get_or_create(&Of::subscriber(subscriber))
        .set(i64::try_from(events).unwrap_or(i64::MAX));
}

/// The broker has no such durable.
fn is_gone(error: &ConsumerError) -> bool {
    matches!(error.kind(), ConsumerErrorKind::JetStream(ref error) if error.error_code() == ErrorCode::CONSUMER_NOT_FOUND)
}

impl<S: Subscriber> Runner<S> {
    pub(crate) async fn listen(&self, rest: &mut Duration) -> anyhow::Result<()> {
        self.honour_restore().await?;
        let consumer = self.consumer().await?;
        self.check_position(&consumer).await?;
        let made = consumer.cached_info().created.unix_timestamp_nanos();
        let mut epoch = None;
        let mut released = None::<Instant>;
        loop {
            if released.is_none_or(|at| at.elapsed() >= PULL) {
                self.release().await?;
                released = Some(Instant::now());
            }
            // Waits for the first one only: a lone event must not wait for company until the pull expires.
            let waited = consumer
                .batch()
                .max_messages(1)
                .expires(PULL)
                .messages()
                .await
                .context("a pull")?;
            let mut pulled = collect(waited).await?;
            // It says how many stood behind it: a lone one is not asked about again.
            let behind = pulled
                .first()
                .and_then(|message| message.info().ok())
                .map(|info| info.pending);
            if behind.is_some_and(|behind| behind > 0) {
                let there = consumer
                    .fetch()
                    .max_messages(S::BATCH.max(32) - 1)
                    .messages()
                    .await
                    .context("a pull")?;
                pulled.extend(collect(there).await?);
            }
            let waiting = pulled
                .last()
                .and_then(|message| message.info().ok())
                .map_or(0, |last| last.pending);
            if !pulled.is_empty() {
                set_lag(S::NAME, waiting);
                self.set_age(pulled.first());
            }
            self.receiving.came(pulled.len());
            for chunk in pulled.chunks(S::BATCH.max(1)) {
                epoch = self.take(chunk, made, epoch, &consumer, rest).await?;
            }
            if waiting == 0 {
                self.set_age(None);
            }
            if pulled.is_empty() {
                self.check_position(&consumer).await?;
            }
        }
    }

    /// How long the stream has had the first of what is not applied; `None`: nothing is known to wait. The broker's clock said when it came and ours
    /// says how long ago that is: one that is behind the broker's shows a younger event, never one from the future.
    fn set_age(&self, first: Option<&Message>) {
        let came = first
            .and_then(|message| message.info().ok())
            .map(|info| info.published.unix_timestamp());
        let age = came.map_or(0, |came| (self.clock.now().timestamp() - came).max(0));
        metrics::BEHIND.get_or_create(&Of::subscriber(S::NAME)).set(age);
    }

    /// The subjects that the subscriber names; the durable may bring others of the same thing.
    fn subjects(&self) -> impl Iterator<Item = String> {
        S::EVENTS
            .iter()
            .map(|event| match event.strip_prefix("restricted:") {
                Some(event) => subject(&self.bus.prefix, true, event),
                None => subject(&self.bus.prefix, false, event),
            })
    }

    fn durable(&self) -> String {
        grants::durable_name(&self.bus.prefix, S::NAME)
    }

    /// Makes the durable, or gives an existing one the settings of this version, which is said in the log: they change with the code, and who
    /// listens to less than it was listed for would miss events.
    async fn consumer(&self) -> anyhow::Result<PullConsumer> {
        let asked = asked::durable(&self.bus.prefix, S::NAME, &grants::filter_of(S::EVENTS));
        let stream = self.bus.ensure_stream(S::PUBLISHER).await.context("the stream")?;
        if let Ok(found) = stream.consumer_info(self.durable()).await {
            let differences = asked::durable_differences(&found.config, &asked);
            if !differences.is_empty() {
                tracing::warn!(
                    subscriber = S::NAME,
                    differences = asked::list(&differences),
                    "the durable gets this version's settings"
                );
            }
        }
        stream.create_consumer(asked).await.context("the durable")
    }

    /// After a restore of our database the broker's durable knows of events whose effect is gone: it is made anew, once for each restore.
    async fn honour_restore(&self) -> anyhow::Result<()> {
        let Some(restores) = restored::not_honoured(&self.pool, S::NAME).await? else {
            return Ok(());
        };
        tracing::warn!(
            subscriber = S::NAME,
            "the database was restored; starting again from the beginning of the stream"
        );
        let stream = self.bus.ensure_stream(S::PUBLISHER).await.context("the stream")?;
        // The durable goes before the note, as in `start_again`.
        match stream.delete_consumer(&self.durable()).await {
            Err(error) if !is_gone(&error) => return Err(error).context("the durable"),
            _ => {}
        }
        restored::honour(&self.pool, S::NAME, restores).await?;
        Ok(())
    }

    /// A stream that was put back to an older state may end before our position, and would then keep new events from us.
    async fn check_position(&self, consumer: &PullConsumer) -> anyhow::Result<()> {
        let stream = self.bus.ensure_stream(S::PUBLISHER).await?;
        let last = stream.cached_info().state.last_sequence;
        let info = self.look(consumer).await?;
        if info.delivered.stream_sequence > last {
            let place = inbox::place(&self.pool, S::NAME).await?;
            let epoch = place.map_or(0, |place| place.epoch);
            return self
                .start_again(epoch, "the position is ahead of the stream")
                .await;
        }
        Ok(())
    }

    /// The durable's state, which shows how far we are behind: also of what it gave us and we did not apply.
    async fn look(&self, consumer: &PullConsumer) -> anyhow::Result<Info> {
        let info = consumer.get_info().await.context("the durable's state")?;
        set_lag(
            S::NAME,
            info.num_pending
                .saturating_add(u64::try_from(info.num_ack_pending).unwrap_or(u64::MAX)),
        );
        Ok(info)
    }

    /// Looks whether what was pulled may follow what we had. `made`: when the durable was made, in nanoseconds of the broker's clock, which also says
    /// when a message came. `known`: the epoch that we know; without it, and for another one, the place is read and written down here.
    async fn standing(&self, pulled: &[Message], made: i128, known: Option<i64>) -> anyhow::Result<Standing> {
        let mut announced = Vec::with_capacity(pulled.len());
        for message in pulled {
            let info = message
                .info()
                .map_err(|error| anyhow::anyhow!("the place of a message: {error}"))?;
            let settled = info.published.unix_timestamp_nanos() <= made;
            if let Some(announcement) = event::announcement(message.headers.as_ref()) {
                announced.push((announcement, settled, i64::try_from(info.stream_sequence)?));
            }
        }
        let nothing_new = Standing {
            epoch: known,
            place: None,
        };
        let Some(position) = announced.iter().map(|(_, _, position)| *position).max() else {
            return Ok(nothing_new);
        };
        if let Some(epoch) = known
            && announced.iter().all(|(other, _, _)| other.epoch <= epoch)
        {
            return Ok(Standing {
                place: Some(Place { epoch, position }),
                ..nothing_new
            });
        }
        let mut place = inbox::place(&self.pool, S::NAME).await?;
        for (announcement, settled, position) in announced {
            let before = place.unwrap_or(Place {
                epoch: announcement.epoch,
                position: 0,
            });
            let epoch = before.epoch.max(announcement.epoch);
            if !before.admits(announcement, settled) {
                let why = "the stream may hold other events than it did before our position";
                self.start_again(epoch, why).await?;
            }
            place = Some(Place {
                epoch,
                position: before.position.max(position),
            });
        }
        if let Some(place) = place {
            inbox::settle(&self.pool, S::NAME, place).await?;
        }
        Ok(Standing {
            epoch: place.map(|place| place.epoch),
            place: None,
        })
    }

    /// Makes the durable anew, which delivers the stream from its beginning. Harmless: inbox and versions drop what was applied.
    async fn start_again(&self, epoch: i64, why: &'static str) -> anyhow::Result<()> {
        tracing::warn!(
            subscriber = S::NAME,
            why,
            "starting again from the beginning of the stream"
        );
        let stream = self.bus.ensure_stream(S::PUBLISHER).await?;
        // The durable goes before the note: a death in between costs another look from the beginning, the other way round it would cost events.
        stream.delete_consumer(&self.durable()).await?;
        inbox::settle(&self.pool, S::NAME, Place { epoch, position: 0 }).await?;
        anyhow::bail!("the durable is made anew: {why}")
    }

    /// Takes a chunk in and acknowledges it; while a dependency is away it keeps the messages and tells the broker so. Takes and gives the epoch that
    /// we know.
    async fn take(
        &self,
        messages: &[Message],
        made: i128,
        known: Option<i64>,
        consumer: &PullConsumer,
        rest: &mut Duration,
    ) -> anyhow::Result<Option<i64>> {
        let mut standing = self.standing(messages, made, known).await?;
        let mut events = Vec::with_capacity(messages.len());
        for message in messages {
            if !self.subjects().any(|subject| subject == message.subject.as_str()) {
                continue;
            }
            let source = (self.bus.prefix.as_str(), S::PUBLISHER);
            match IncomingEvent::read(
                source,
                &message.subject,
                message.headers.as_ref(),
                &message.payload,
            ) {
                Ok(event) => events.push(event),
                Err(error) => self.park_unread(message, &error).await?,
            }
        }
        loop {
            let error = match self.apply(&events, standing.place).await {
                Ok(Applied::Here) => break,
                Ok(Applied::Elsewhere) => {
                    standing = self.standing(messages, made, None).await?;
                    continue;
                }
                Err(error) => error,
            };
            let first = events.first().map(|event| tracing::field::display(event.id));
            tracing::warn!(
                subscriber = S::NAME,
                event.id = first,
                error = format!("{error:#}"),
                "not applied yet"
            );
            metrics::FAILED.get_or_create(&Of::subscriber(S::NAME)).inc();
            for message in messages {
                let _best_effort = message.ack_with(AckKind::Progress).await;
            }
            // What comes meanwhile waits behind these, and whoever watches must see it grow.
            let _best_effort = self.look(consumer).await;
            self.set_age(messages.first());
            tokio::time::sleep(*rest).await;
            *rest = (*rest * 2).min(LONGEST_REST);
        }
        *rest = FIRST_REST;
        fault_points::pass(FaultPoint::BeforeAck, S::NAME);
        for message in messages {
            message
                .ack()
                .await
                .map_err(|error| anyhow::anyhow!("an acknowledgement: {error}"))?;
        }
        Ok(standing.epoch)
    }

    /// Parks what is no event of ours, as it came, so that nothing is passed over in silence.
    async fn park_unread(&self, message: &Message, error: &event::EnvelopeError) -> anyhow::Result<()> {
        let place = message
            .info()
            .map_err(|error| anyhow::anyhow!("the place of a message: {error}"))?;
        let instant = place.published.unix_timestamp_nanos().to_be_bytes();
        let mut id = [0; 16];
        id[..8].copy_from_slice(&place.stream_sequence.to_be_bytes());
        id[8..].copy_from_slice(&instant[8..]);
        let headers = message.headers.iter().flat_map(|headers| headers.iter());
        let unread = Unread {
            id: uuid::Builder::from_custom_bytes(id).into_uuid(),
            subject: &message.subject,
            headers: headers
                .flat_map(|(name, values)| {
                    values
                        .iter()
                        .map(|value| (name.to_string(), value.as_str().to_owned()))
                })
                .collect(),
            payload: &message.payload,
        };
        tracing::error!(subscriber = S::NAME, event.id = %unread.id, %error, "a message is no event of ours and is parked");
        let (cause, now) = (format!("no event of ours: {error}"), self.clock.now());
        Ok(dead_letters::park_unread(&self.pool, S::NAME, &unread, &cause, now).await?)
    }

    /// Applies what is new of a chunk and writes `place` down. On return all events are applied or parked; an error is transient.
    async fn apply(&self, events: &[IncomingEvent], place: Option<Place>) -> anyhow::Result<Applied> {
        if events.is_empty() {
            return self.advance(place).await;
        }
        // Nearly always all of it is new and nothing is at fault: then nothing needs to be asked before.
        match self.commit(events, place).await {
            Ok(Committed::Whole) => return Ok(Applied::Here),
            Ok(Committed::Elsewhere) => return Ok(Applied::Elsewhere),
            Err(HandlerError::Transient(error)) => return Err(error),
            Ok(Committed::Known) | Err(HandlerError::Permanent(_)) => {}
        }
        let look = inbox::look(&self.pool, S::NAME, events, place).await?;
        if !look.here {
            return Ok(Applied::Elsewhere);
        }
        let mut fresh: Vec<IncomingEvent> = Vec::new();
        for event in events {
            // A chunk may hold one event twice.
            if !look.seen.contains(&event.id) && fresh.iter().all(|other| other.id != event.id) {
                fresh.push(event.clone());
            }
        }
        metrics::REPEATED
            .get_or_create(&Of::subscriber(S::NAME))
            .inc_by(u64::try_from(events.len() - fresh.len()).unwrap_or_default());
        self.hold(&mut fresh, &look.parked).await?;
        // The effect's commit has the place in it; where nothing was committed it is written by itself.
        match self.apply_fresh(fresh, place).await? {
            Some(applied) => Ok(applied),
            None => self.advance(place).await,
        }
    }

    /// Writes the place down and waits for the disk.
    async fn advance(&self, place: Option<Place>) -> anyhow::Result<Applied> {
        let Some(place) = place else {
            return Ok(Applied::Here);
        };
        let mut conn = self.pool.acquire().await?;
        Ok(match inbox::advance(&mut conn, S::NAME, place).await? {
            true => Applied::Here,
            false => Applied::Elsewhere,
        })
    }

    /// What became of them where anything was committed: an effect with the place, waited for until it is on the disk.
    async fn apply_fresh(
        &self,
        mut fresh: Vec<IncomingEvent>,
        place: Option<Place>,
    ) -> anyhow::Result<Option<Applied>> {
        if fresh.is_empty() {
            return Ok(None);
        }
        match self.commit(&fresh, place).await {
            Ok(committed) => committed.alone().map(Some),
            Err(HandlerError::Transient(error)) => Err(error),
            Err(HandlerError::Permanent(error)) if fresh.len() == 1 => {
                self.park(&fresh[0], &error).await?;
                Ok(None)
            }
            // One of many is at fault: one by one, so that it is parked alone with what follows it.
            Err(HandlerError::Permanent(_)) => {
                let mut applied = None;
                while !fresh.is_empty() {
                    self.park_behind(&mut fresh).await?;
                    let Some(event) = (!fresh.is_empty()).then(|| fresh.remove(0)) else {
                        break;
                    };
                    match self.commit(std::slice::from_ref(&event), place).await {
                        Ok(committed) => {
                            applied = Some(committed.alone()?);
                            if applied == Some(Applied::Elsewhere) {
                                break;
                            }
                        }
                        Err(HandlerError::Transient(error)) => return Err(error),
                        Err(HandlerError::Permanent(error)) => self.park(&event, &error).await?,
                    }
                }
                Ok(applied)
            }
        }
    }

    /// Takes out and parks the events of records of which an earlier one is parked.
    async fn park_behind(&self, events: &mut Vec<IncomingEvent>) -> anyhow::Result<()> {
        let aggregates: Vec<Uuid> = events.iter().map(|event| event.aggregate).collect();
        let parked = dead_letters::parked_aggregates(&self.pool, S::NAME, &aggregates).await?;
        self.hold(events, &parked).await
    }

    /// Takes out and parks the events of these records.
    async fn hold(&self, events: &mut Vec<IncomingEvent>, parked: &HashSet<Uuid>) -> anyhow::Result<()> {
        for event in events.extract_if(.., |event| parked.contains(&event.aggregate)) {
            dead_letters::park(&self.pool, S::NAME, &event, None, self.clock.now()).await?;
        }
        Ok(())
    }

    async fn park(&self, event: &IncomingEvent, cause: &anyhow::Error) -> anyhow::Result<()> {
        let cause = format!("{cause:#}");
        tracing::error!(subscriber = S::NAME, event.id = %event.id, event.type = event.event_type, cause, "event parked");
        Ok(dead_letters::park(&self.pool, S::NAME, event, Some(&cause), self.clock.now()).await?)
    }

    async fn commit(
        &self,
        events: &[IncomingEvent],
        place: Option<Place>,
    ) -> Result<Committed, HandlerError> {
        let began = Instant::now();
        let committed = self.in_span(events, async {
            let facts = self.subscriber.fetch(events).await?;
            let mut tx = self.pool.begin().await?;
            if !inbox::claim(&mut tx, S::NAME, events).await? {
                return Ok(Committed::Known);
            }
            self.effect(&mut tx, events, facts).await?;
            // Last, so that replicas wait for each other only while one commits.
            if let Some(place) = place
                && !inbox::advance(&mut tx, S::NAME, place).await?
            {
                return Ok(Committed::Elsewhere);
            }
            fault_points::pass(FaultPoint::InTransaction, S::NAME);
            tx.commit().instrument(telemetry::database_span("COMMIT")).await?;
            metrics::APPLIED
                .get_or_create(&Of::subscriber(S::NAME))
                .inc_by(u64::try_from(events.len()).unwrap_or_default());
            Ok(Committed::Whole)
        });
        let committed = committed.await;
        self.receiving.ended(committed.is_ok(), began.elapsed());
        committed
    }

    pub(crate) async fn effect(
        &self,
        conn: &mut PgConnection,
        events: &[IncomingEvent],
        facts: S::Facts,
    ) -> Result<(), HandlerError> {
        self.subscriber.apply(conn, events, facts).await
    }

    /// One event continues its trace; a batch has many and stands for itself.
    pub(crate) async fn in_span<T>(&self, events: &[IncomingEvent], work: impl Future<Output = T>) -> T {
        let span = tracing::info_span!("process", otel.name = format!("process {}", S::NAME), otel.kind = "consumer", messaging.system = "nats",
            messaging.operation.name = "process", messaging.operation.type = "process", messaging.destination.name = S::NAME);
        if let [event] = events {
            telemetry::continue_trace(&span, event.traceparent.as_deref());
        }
        work.instrument(span).await
    }
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use futures::stream;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn what_a_pull_brought_is_taken_though_its_end_died_with_the_broker() {
        let broken_off = stream::iter([Ok::<_, Infallible>(1), Ok(2)]).chain(stream::pending());
        assert_eq!(collect(broken_off).await.expect("no message is bad"), [1, 2]);
    }
}
