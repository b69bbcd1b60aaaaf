//! One event that tells nothing, sent the way that every event goes and received again: written into the outbox, published by the service's own
//! relay, kept by the stream, handed out by the broker. Its type is no subscriber's: no durable of ours covers it, no contract names it, and no
//! application can ask for it. It is sent only when an operator asks (`doctor --publish`).

use std::time::Duration;

use anyhow::{Context as _, ensure};
use async_nats::jetstream::consumer::{AckPolicy, Consumer, DeliverPolicy, pull};
use async_nats::jetstream::context::ContextBuilder;
use chrono::{DateTime, Utc};
use futures::StreamExt as _;
use platform::ids::random;
use platform::settings::NatsSettings;
use sqlx::PgConnection;
use tokio::time::{Instant, timeout_at};
use uuid::Uuid;

use crate::event::{OutgoingEvent, subject};
use crate::operate::sign_in;
use crate::{grants, outbox};

/// How long to wait for it: a relay looks twice a second, and rests for one after a failure.
pub const DEADLINE: Duration = Duration::from_secs(20);
/// After it the broker forgets a consumer whose probe died.
const FORGOTTEN: Duration = Duration::from_secs(60);
const PATIENCE: Duration = Duration::from_secs(5);
const PULL: Duration = Duration::from_secs(2);

/// What became of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Probed {
    /// It came back.
    Back { after: Duration },
    /// It still waits in the outbox.
    NotPublished,
    /// The stream has it, and the broker did not hand it out.
    NotDelivered { sequence: i64 },
}

/// Sends one and waits for it. One at a time: two would take each other's.
///
/// # Errors
/// The database or the broker is away or refuses a right, the stream is not there, or another probe is on its way.
pub async fn probe(
    conn: &mut PgConnection,
    settings: &NatsSettings,
    service: &str,
    now: DateTime<Utc>,
    deadline: Duration,
) -> anyhow::Result<Probed> {
    let event_type = grants::probe_of(service).with_context(|| format!("{service} publishes nothing"))?;
    let alone: bool = sqlx::query_scalar("SELECT pg_try_advisory_lock(hashtextextended('tadamon probe', 0))")
        .fetch_one(&mut *conn)
        .await?;
    ensure!(
        alone,
        "another probe of {service} is on its way; ask again in a moment"
    );
    let (stream, name) = (
        grants::stream_name(&settings.prefix, service),
        grants::probe_consumer(&settings.prefix, service),
    );
    let client = sign_in(&settings.url, &settings.user, settings.password.expose()).await?;
    let jetstream = ContextBuilder::new().timeout(PATIENCE).build(client);
    let stream = jetstream.get_stream(&stream).await.with_context(|| {
        format!("the stream {stream}, which {service} makes when it starts with the role relay")
    })?;
    // From now on: it is made before the event is, so that none can pass it.
    let config = pull::Config {
        name: Some(name.clone()),
        deliver_policy: DeliverPolicy::New,
        ack_policy: AckPolicy::None,
        filter_subject: subject(&settings.prefix, false, event_type),
        inactive_threshold: FORGOTTEN,
        memory_storage: true,
        num_replicas: 1,
        ..pull::Config::default()
    };
    let consumer: Consumer<pull::Config> = stream.create_consumer(config).await.context(
        "the broker did not let the probe listen: are its users those of this version (nats-users.conf)?",
    )?;
    let began = Instant::now();
    let record = uuid::Builder::from_random_bytes(random()).into_uuid();
    let event = OutgoingEvent::new(now, event_type, record, 1, "operator", &serde_json::json!({}));
    let id = event.id();
    outbox::enqueue(conn, event).await?;
    let probed = if comes(&consumer, id, began + deadline).await? {
        Probed::Back {
            after: began.elapsed(),
        }
    } else {
        match place(conn, id).await? {
            Some(sequence) => Probed::NotDelivered { sequence },
            None => Probed::NotPublished,
        }
    };
    // Left behind it would be forgotten in a minute.
    let _forgotten = stream.delete_consumer(&name).await;
    Ok(probed)
}

/// Whether the event comes in time; what comes of earlier probes is passed over.
async fn comes(consumer: &Consumer<pull::Config>, id: Uuid, end: Instant) -> anyhow::Result<bool> {
    let id = id.to_string();
    while Instant::now() < end {
        let mut pulled = consumer
            .batch()
            .max_messages(1)
            .expires(PULL)
            .messages()
            .await
            .context("a pull")?;
        while let Ok(Some(message)) = timeout_at(end, pulled.next()).await {
            let message = message.map_err(|error| anyhow::anyhow!("a pull: {error}"))?;
            let headers = message.headers.as_ref();
            if headers
                .and_then(|headers| headers.get("ce-id"))
                .is_some_and(|it| it.as_str() == id)
            {
                return Ok(true);
            }
        }
    }
    Ok(false)
}

/// Where the stream has it, as the relay noted.
async fn place(conn: &mut PgConnection, id: Uuid) -> Result<Option<i64>, sqlx::Error> {
    sqlx::query_scalar("SELECT stream_sequence FROM outbox WHERE id = $1")
        .bind(id)
        .fetch_one(conn)
        .await
}
