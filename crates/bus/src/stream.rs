//! The connection to JetStream and the one stream per publishing service.

use std::time::Duration;

use anyhow::Context as _;
use async_nats::jetstream::stream::Stream;
use async_nats::jetstream::{self, context::ContextBuilder};
use async_nats::{Event, ServerError};
use platform::settings::NatsSettings;

use crate::asked::{self, OtherSettings};
use crate::metrics;

/// How long a stream keeps an event; rows of the outbox must outlive it.
pub(crate) const RETENTION: Duration = Duration::from_hours(14 * 24);
/// How long the broker knows a message id again. The inbox, not this window, is the guarantee.
pub(crate) const DUPLICATE_WINDOW: Duration = Duration::from_secs(600);
/// Largest event with its headers, in bytes: thin events are far below.
pub(crate) const MAX_MESSAGE: usize = 64 * 1024;

/// A connection that comes back by itself.
#[derive(Clone, Debug)]
pub struct Bus {
    pub(crate) jetstream: jetstream::Context,
    pub(crate) prefix: String,
    replicas: usize,
}

/// Writes down what happens to the connection. What the broker refuses is counted: an operator forgot a right, or somebody tries doors in our name.
fn note(event: &Event) {
    if let Event::ServerError(error) = event
        && is_refusal(error)
    {
        metrics::REFUSED.inc();
        tracing::warn!(%event, "the broker refused");
        return;
    }
    tracing::info!(%event, "nats connection");
}

fn is_refusal(error: &ServerError) -> bool {
    match error {
        ServerError::AuthorizationViolation => true,
        ServerError::Other(text) => text.to_ascii_lowercase().contains("permissions violation"),
        ServerError::SlowConsumer(_) => false,
    }
}

impl Bus {
    /// Connects in the background: a broker that is away keeps no service from starting.
    ///
    /// # Errors
    /// When the URL cannot be used.
    pub async fn connect(settings: &NatsSettings) -> anyhow::Result<Self> {
        let client = async_nats::ConnectOptions::with_user_and_password(
            settings.user.clone(),
            settings.password.expose().to_owned(),
        )
        .retry_on_initial_connect()
        .custom_inbox_prefix(format!("_INBOX.{}", settings.user))
        .ping_interval(Duration::from_secs(5))
        .connection_timeout(Duration::from_secs(3))
        .event_callback(async |event| note(&event))
        .connect(&settings.url)
        .await
        .context("the NATS settings")?;
        let jetstream = ContextBuilder::new()
            .timeout(Duration::from_secs(5))
            .max_ack_inflight(2_000)
            .build(client);
        Ok(Self {
            jetstream,
            prefix: settings.prefix.clone(),
            replicas: settings.replicas,
        })
    }

    /// `TADAMON-MEMBERSHIP` for the service `membership`.
    pub(crate) fn stream_name(&self, service: &str) -> String {
        crate::grants::stream_name(&self.prefix, service)
    }

    /// The service's stream, made when it is missing. An existing one with other settings is neither used nor changed: that is the operator's
    /// decision.
    pub(crate) async fn ensure_stream(&self, service: &str) -> anyhow::Result<Stream> {
        let asked = asked::stream(&self.prefix, service, self.replicas);
        let stream = self.jetstream.get_or_create_stream(asked.clone()).await?;
        let differences = asked::stream_differences(&stream.cached_info().config, &asked);
        if differences.is_empty() {
            return Ok(stream);
        }
        Err(OtherSettings {
            stream: asked.name,
            differences,
        }
        .into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_broker_does_not_permit_is_told_from_what_it_has_no_time_for() {
        let refused = |text: &str| is_refusal(&ServerError::Other(text.to_owned()));
        assert!(refused(
            "Permissions Violation for Publish to \"$JS.API.STREAM.INFO.TADAMON-BENEFITS\""
        ));
        assert!(refused("permissions violation for subscription to \"tadamon.>\""));
        assert!(is_refusal(&ServerError::AuthorizationViolation));
        assert!(!refused("stale connection"));
        assert!(!is_refusal(&ServerError::SlowConsumer(1)));
    }
}
