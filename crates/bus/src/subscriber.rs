//! Subscribers of our own services, as a service writes them. How one is run is [`crate::runner`]'s.

use async_trait::async_trait;
use platform::clock::Clock;
use platform::metrics::messaging::Receiving;
use sqlx::{PgConnection, PgPool};
use tokio_util::sync::CancellationToken;

use crate::event::IncomingEvent;
use crate::metrics;
use crate::runner::{FIRST_REST, LONGEST_REST, Runner};
use crate::stream::Bus;

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
        platform::db::count_timeout(&error);
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
    /// Event types, `membership.member.changed.v1`; `restricted:` before those of the restricted subjects. The durable's filter is the smallest
    /// subject that covers them ([`crate::grants::filter_of`]); what else it brings is passed over.
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
        receiving: Receiving::from("nats", S::NAME),
    };
    metrics::subscriber_starts(S::NAME);
    let mut rest = FIRST_REST;
    while !shutdown.is_cancelled() {
        if let Some(Err(error)) = shutdown.run_until_cancelled(runner.listen(&mut rest)).await {
            tracing::warn!(
                subscriber = S::NAME,
                error = format!("{error:#}"),
                "the subscriber rests and starts again"
            );
            metrics::FAILED
                .get_or_create(&metrics::Of::subscriber(S::NAME))
                .inc();
            metrics::subscriber_sees_nothing(S::NAME);
            let _ended = shutdown.run_until_cancelled(tokio::time::sleep(rest)).await;
            rest = (rest * 2).min(LONGEST_REST);
        }
    }
    Ok(())
}
