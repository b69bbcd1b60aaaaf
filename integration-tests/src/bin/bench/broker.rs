//! The broker without any of ours: what publishing and consuming cost at least.

use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use async_nats::HeaderMap;
use async_nats::jetstream::consumer::{AckPolicy, pull};
use async_nats::jetstream::context::ContextBuilder;
use async_nats::jetstream::stream::{Config, StorageType};
use async_nats::jetstream::{Context, Message};
use futures::StreamExt as _;
use uuid::Uuid;

use crate::benefits::id;
use crate::installation::Installation;

/// Publishes in flight at most.
const IN_FLIGHT: usize = 4_000;
/// How long the broker knows a message id again: as our streams have it.
const WINDOW: Duration = Duration::from_secs(600);

const MESSAGE_ID: &str = "Nats-Msg-Id";

/// The id under which a message was published.
pub(crate) fn id_of(message: &Message) -> Option<Uuid> {
    message.headers.as_ref()?.get(MESSAGE_ID)?.as_str().parse().ok()
}

/// A stream of our own kind (on disk, message ids known again) that none of ours uses.
pub(crate) struct Broker {
    jetstream: Context,
    name: String,
}

impl Broker {
    pub(crate) async fn new(installation: &Installation, name: &str) -> Result<Self> {
        let admin = &installation.addresses().nats_admin;
        let client =
            async_nats::ConnectOptions::with_user_and_password(admin.user.clone(), admin.password.clone())
                .custom_inbox_prefix(format!("_INBOX.{}", admin.user))
                .connect(&installation.addresses().nats_url)
                .await?;
        let jetstream = ContextBuilder::new()
            .timeout(Duration::from_secs(10))
            .max_ack_inflight(IN_FLIGHT)
            .build(client);
        let config = Config {
            name: name.to_owned(),
            subjects: vec![format!("{name}.>")],
            storage: StorageType::File,
            duplicate_window: WINDOW,
            ..Config::default()
        };
        jetstream.create_stream(config).await.context("a bare stream")?;
        Ok(Self {
            jetstream,
            name: name.to_owned(),
        })
    }

    fn headers(id: Uuid) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert(MESSAGE_ID, id.to_string().as_str());
        headers
    }

    /// Publishes and waits until the broker has it.
    #[expect(
        clippy::disallowed_methods,
        reason = "the bare broker is what is measured; nothing of the platform's is published"
    )]
    pub(crate) async fn publish(&self, id: Uuid, payload: &[u8]) -> Result<()> {
        self.jetstream
            .publish_with_headers(
                format!("{}.one", self.name),
                Self::headers(id),
                payload.to_vec().into(),
            )
            .await?
            .await?;
        Ok(())
    }

    /// Publishes so many, as many as possible at once, and waits for each acknowledgement; gives the time of all.
    #[expect(
        clippy::disallowed_methods,
        reason = "the bare broker is what is measured; nothing of the platform's is published"
    )]
    pub(crate) async fn publish_all(&self, payload: &[u8], count: usize) -> Result<Duration> {
        let start = Instant::now();
        let mut acknowledgements = futures::stream::FuturesUnordered::new();
        for _ in 0..count {
            let payload = payload.to_vec().into();
            let published = self
                .jetstream
                .publish_with_headers(format!("{}.one", self.name), Self::headers(id()), payload)
                .await?;
            acknowledgements.push(published.into_future());
            if acknowledgements.len() >= IN_FLIGHT / 2 {
                acknowledgements.next().await.transpose()?;
            }
        }
        while acknowledgements.next().await.transpose()?.is_some() {}
        Ok(start.elapsed())
    }

    /// Gives each message to `taken` as it comes, and acknowledges it.
    pub(crate) async fn consume(&self, mut taken: impl FnMut(&Message)) -> Result<()> {
        let stream = self.jetstream.get_stream(&self.name).await?;
        let config = pull::Config {
            durable_name: Some("bare".to_owned()),
            ack_policy: AckPolicy::Explicit,
            ..pull::Config::default()
        };
        let consumer = stream.create_consumer(config).await?;
        let mut messages = consumer.messages().await?;
        while let Some(message) = messages.next().await {
            let message = message?;
            taken(&message);
            message.ack().await.map_err(anyhow::Error::msg)?;
        }
        Ok(())
    }
}
