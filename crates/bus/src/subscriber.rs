//! Subscribers of our own services: at least once from the broker, once in effect by the inbox. A transient failure stops pulling and tries
//! again; a permanent one parks the event and what follows it for the same record.

use std::time::Duration;

use anyhow::Context as _;
use async_nats::jetstream::consumer::pull::{Batch, Config};
use async_nats::jetstream::consumer::{AckPolicy, DeliverPolicy, PullConsumer};
use async_nats::jetstream::{AckKind, Message};
use async_trait::async_trait;
use futures::StreamExt as _;
use platform::clock::Clock;
use platform::telemetry;
use sqlx::{PgConnection, PgPool};
use tokio_util::sync::CancellationToken;
use tracing::Instrument as _;

use crate::event::{IncomingEvent, subject};
use crate::inbox;
use crate::stream::Bus;

/// How long the broker waits for an acknowledgement before it delivers again.
const ACK_WAIT: Duration = Duration::from_secs(30);
/// How long a pull waits for messages.
const PULL: Duration = Duration::from_secs(5);
const FIRST_REST: Duration = Duration::from_millis(250);
const LONGEST_REST: Duration = Duration::from_secs(10);

/// Why an event was not applied.
#[derive(Debug, thiserror::Error)]
pub enum HandlerError {
    /// Trying again may help: a dependency is away.
    #[error("{0:#}")]
    Transient(anyhow::Error),
    /// Trying again will not help: the event is parked.
    #[error("{0:#}")]
    Permanent(anyhow::Error),
}

impl HandlerError {
    /// Trying again may help.
    pub fn transient(error: impl Into<anyhow::Error>) -> Self {
        Self::Transient(error.into())
    }

    /// Trying again will not help.
    pub fn permanent(error: impl Into<anyhow::Error>) -> Self {
        Self::Permanent(error.into())
    }
}

impl From<sqlx::Error> for HandlerError {
    fn from(error: sqlx::Error) -> Self {
        if platform::status::is_transient_database_error(&error) {
            Self::transient(error)
        } else {
            Self::permanent(error)
        }
    }
}

/// A fact that a service listens to.
#[async_trait]
pub trait Subscriber: Send + Sync + 'static {
    /// The durable's name, `benefits-member-facts`.
    const NAME: &'static str;
    /// The publishing service.
    const PUBLISHER: &'static str;
    /// Event types, `membership.member.changed.v1`; `restricted:` before those of the restricted subjects.
    const EVENTS: &'static [&'static str];
    /// Events applied in one transaction.
    const BATCH: usize = 1;
    /// What [`Self::fetch`] brings.
    type Facts: Send;

    /// Asks other services, outside of the transaction.
    async fn fetch(&self, events: &[IncomingEvent]) -> Result<Self::Facts, HandlerError>;
    /// The effect; commits together with the inbox rows.
    async fn apply(
        &self,
        conn: &mut PgConnection,
        events: &[IncomingEvent],
        facts: Self::Facts,
    ) -> Result<(), HandlerError>;
}

/// Runs a subscriber until `shutdown`.
///
/// # Errors
/// None in practice; the type fits the process's tasks.
pub async fn run_subscriber<S: Subscriber>(
    pool: PgPool,
    bus: Bus,
    subscriber: S,
    shutdown: CancellationToken,
) -> anyhow::Result<()> {
    let runner = Runner {
        pool,
        bus,
        subscriber,
        clock: Clock::system(),
    };
    let mut rest = FIRST_REST;
    while !shutdown.is_cancelled() {
        if let Some(Err(error)) = shutdown.run_until_cancelled(runner.listen(&mut rest)).await {
            tracing::warn!(
                subscriber = S::NAME,
                error = format!("{error:#}"),
                "the subscriber rests and starts again"
            );
            let _ended = shutdown.run_until_cancelled(tokio::time::sleep(rest)).await;
            rest = (rest * 2).min(LONGEST_REST);
        }
    }
    Ok(())
}

struct Runner<S> {
    pool: PgPool,
    bus: Bus,
    subscriber: S,
    clock: Clock,
}

async fn collect(mut messages: Batch) -> anyhow::Result<Vec<Message>> {
    let mut pulled = Vec::new();
    while let Some(message) = messages.next().await {
        pulled.push(message.map_err(|error| anyhow::anyhow!("a pull: {error}"))?);
    }
    Ok(pulled)
}

impl<S: Subscriber> Runner<S> {
    async fn listen(&self, rest: &mut Duration) -> anyhow::Result<()> {
        let consumer = self.consumer().await?;
        self.check_position(&consumer).await?;
        loop {
            // Waits for the first one only: a lone event must not wait for company until the pull expires.
            let waited = consumer
                .batch()
                .max_messages(1)
                .expires(PULL)
                .messages()
                .await
                .context("a pull")?;
            let mut pulled = collect(waited).await?;
            if !pulled.is_empty() {
                let there = consumer
                    .fetch()
                    .max_messages(S::BATCH.max(32) - 1)
                    .messages()
                    .await
                    .context("a pull")?;
                pulled.extend(collect(there).await?);
            }
            for chunk in pulled.chunks(S::BATCH.max(1)) {
                self.apply_until_done(chunk, rest).await?;
            }
            if pulled.is_empty() {
                self.check_position(&consumer).await?;
            }
        }
    }

    fn subjects(&self) -> Vec<String> {
        S::EVENTS
            .iter()
            .map(|event| match event.strip_prefix("restricted:") {
                Some(event) => subject(&self.bus.prefix, true, event),
                None => subject(&self.bus.prefix, false, event),
            })
            .collect()
    }

    fn durable(&self) -> String {
        format!("{}-{}", self.bus.prefix, S::NAME)
    }

    async fn consumer(&self) -> anyhow::Result<PullConsumer> {
        let config = Config {
            durable_name: Some(self.durable()),
            deliver_policy: DeliverPolicy::All,
            ack_policy: AckPolicy::Explicit,
            ack_wait: ACK_WAIT,
            // The broker delivers without limit; we decide what is parked.
            max_deliver: -1,
            filter_subjects: self.subjects(),
            max_ack_pending: 2_000,
            ..Config::default()
        };
        let stream = self.bus.ensure_stream(S::PUBLISHER).await.context("the stream")?;
        stream
            .get_or_create_consumer(&self.durable(), config)
            .await
            .context("the durable")
    }

    /// A stream that was put back to an older state may end before our position, and would then keep new events from us. Starting again is
    /// harmless: inbox and versions drop what was applied.
    async fn check_position(&self, consumer: &PullConsumer) -> anyhow::Result<()> {
        let stream = self.bus.ensure_stream(S::PUBLISHER).await?;
        let last = stream.cached_info().state.last_sequence;
        let info = consumer.get_info().await.context("the durable's state")?;
        if info.delivered.stream_sequence > last {
            tracing::warn!(
                subscriber = S::NAME,
                "the position is ahead of the stream; starting again from its beginning"
            );
            stream.delete_consumer(&self.durable()).await?;
            anyhow::bail!("the durable is made anew");
        }
        Ok(())
    }

    /// Applies a chunk; while a dependency is away it keeps the messages and tells the broker so.
    async fn apply_until_done(&self, messages: &[Message], rest: &mut Duration) -> anyhow::Result<()> {
        let mut events = Vec::with_capacity(messages.len());
        for message in messages {
            match IncomingEvent::parse(message.headers.as_ref(), &message.payload) {
                Ok(event) => events.push(event),
                // No id, no record: there is nothing to park by. It stays in the stream for its retention.
                Err(error) => {
                    tracing::error!(subscriber = S::NAME, %error, "a message is no event of ours and is passed over")
                }
            }
        }
        while let Err(error) = self.apply(&events).await {
            tracing::warn!(subscriber = S::NAME, %error, "not applied yet");
            for message in messages {
                let _best_effort = message.ack_with(AckKind::Progress).await;
            }
            tokio::time::sleep(*rest).await;
            *rest = (*rest * 2).min(LONGEST_REST);
        }
        *rest = FIRST_REST;
        for message in messages {
            message
                .ack()
                .await
                .map_err(|error| anyhow::anyhow!("an acknowledgement: {error}"))?;
        }
        Ok(())
    }

    /// Applies what is new of a chunk. On return all events are applied or parked; an error is transient.
    async fn apply(&self, events: &[IncomingEvent]) -> anyhow::Result<()> {
        let ids: Vec<_> = events.iter().map(|event| event.id).collect();
        let seen = inbox::seen(&self.pool, S::NAME, &ids).await?;
        let mut fresh: Vec<IncomingEvent> = Vec::new();
        for event in events {
            // A chunk may hold one event twice.
            if !seen.contains(&event.id) && fresh.iter().all(|other| other.id != event.id) {
                fresh.push(event.clone());
            }
        }
        self.park_behind(&mut fresh).await?;
        if fresh.is_empty() {
            return Ok(());
        }
        match self.commit(&fresh).await {
            Ok(()) => Ok(()),
            Err(HandlerError::Transient(error)) => Err(error),
            Err(HandlerError::Permanent(error)) if fresh.len() == 1 => self.park(&fresh[0], &error).await,
            // One of many is at fault: one by one, so that it is parked alone with what follows it.
            Err(HandlerError::Permanent(_)) => {
                while !fresh.is_empty() {
                    self.park_behind(&mut fresh).await?;
                    let Some(event) = (!fresh.is_empty()).then(|| fresh.remove(0)) else {
                        break;
                    };
                    match self.commit(std::slice::from_ref(&event)).await {
                        Ok(()) => {}
                        Err(HandlerError::Transient(error)) => return Err(error),
                        Err(HandlerError::Permanent(error)) => self.park(&event, &error).await?,
                    }
                }
                Ok(())
            }
        }
    }

    /// Takes out and parks the events of records of which an earlier one is parked.
    async fn park_behind(&self, events: &mut Vec<IncomingEvent>) -> anyhow::Result<()> {
        let aggregates: Vec<_> = events.iter().map(|event| event.aggregate).collect();
        let parked = inbox::parked_aggregates(&self.pool, S::NAME, &aggregates).await?;
        for event in events.extract_if(.., |event| parked.contains(&event.aggregate)) {
            inbox::park(
                &self.pool,
                S::NAME,
                &event,
                "an earlier event of this record is parked",
                self.clock.now(),
            )
            .await?;
        }
        Ok(())
    }

    async fn park(&self, event: &IncomingEvent, cause: &anyhow::Error) -> anyhow::Result<()> {
        let cause = format!("{cause:#}");
        tracing::error!(subscriber = S::NAME, event.id = %event.id, event.type = event.event_type, cause, "event parked");
        Ok(inbox::park(&self.pool, S::NAME, event, &cause, self.clock.now()).await?)
    }

    async fn commit(&self, events: &[IncomingEvent]) -> Result<(), HandlerError> {
        let span = tracing::info_span!("process", otel.kind = "consumer", messaging.system = "nats", messaging.operation.type = "process",
            messaging.destination.name = S::NAME, trace_id = tracing::field::Empty);
        // One event continues its trace; a batch has many and stands for itself.
        if let [event] = events {
            telemetry::continue_trace(&span, event.traceparent.as_deref());
        }
        async {
            let facts = self.subscriber.fetch(events).await?;
            let mut tx = self.pool.begin().await?;
            if !inbox::mark(&mut tx, S::NAME, events).await? {
                return Err(HandlerError::transient(anyhow::anyhow!(
                    "another replica applies some of these events"
                )));
            }
            self.subscriber.apply(&mut tx, events, facts).await?;
            tx.commit().await?;
            Ok(())
        }
        .instrument(span)
        .await
    }
}
