//! Runs a queue: a dispatcher and a worker, each a supervised task with a connection and channel of its own that it
//! opens again, with growing delay, whenever it is lost.
//!
//! A broker that is away is never an error of the service: readiness does not look here.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use lapin::types::ShortString;
use lapin::{Channel, Connection};
use platform::clock::Clock;
use platform::metrics::messaging::Receiving;
use platform::settings::AmqpSettings;
use sqlx::PgPool;
use tokio_util::sync::CancellationToken;
use tracing::{info, warn};

use crate::broker::{self, BrokerError};
use crate::handler::JobHandler;
use crate::{dispatcher, metrics, worker};

const FIRST_WAIT: Duration = Duration::from_millis(250);
/// Consumers are back within this and a connection's time after the broker is.
const LONGEST_WAIT: Duration = Duration::from_secs(5);
/// A task that ran this long was well; the next wait starts small again.
const WELL_AFTER: Duration = Duration::from_secs(20);

/// What both tasks of a queue need.
pub(crate) struct Context<H> {
    pub(crate) pool: PgPool,
    pub(crate) amqp: AmqpSettings,
    pub(crate) service: &'static str,
    pub(crate) queue: ShortString,
    pub(crate) handler: Arc<H>,
    pub(crate) clock: Clock,
    pub(crate) receiving: Receiving,
    /// The queue was found or made as asked.
    started: AtomicBool,
}

impl<H: JobHandler> Context<H> {
    /// A connection and channel for one task, with the queue as asked.
    pub(crate) async fn open(&self, purpose: &str) -> Result<(Connection, Channel), BrokerError> {
        // How the connection shows among the broker's.
        let name = format!("{} {} {purpose}", self.service, H::QUEUE.name);
        let opened = broker::open(&self.amqp, &name, &self.queue, H::QUEUE).await?;
        self.started.store(true, Ordering::Relaxed);
        Ok(opened)
    }

    /// Where in its range a delay falls. Needs no quality beyond "not all the same".
    pub(crate) fn spread(&self) -> u16 {
        let random = uuid::Uuid::new_v4().as_bytes()[0];
        u16::try_from(u32::from(random) * 1000 / 255).unwrap_or_default()
    }
}

/// Dispatches due jobs and works on them until `shutdown`, then lets what runs finish within a bounded time.
///
/// It ends with an error only when the queue has other arguments than asked at its first sight: the process does not start. One that is made anew
/// with others later is told in the log, and its jobs wait.
pub fn run_queue<H: JobHandler>(
    pool: PgPool,
    amqp: &AmqpSettings,
    service: &'static str,
    handler: H,
    clock: Clock,
    shutdown: CancellationToken,
) -> impl Future<Output = anyhow::Result<()>> + Send + 'static + use<H> {
    metrics::runs(H::QUEUE.name);
    let queue = broker::queue_name(amqp, service, H::QUEUE);
    let context = Arc::new(Context {
        receiving: Receiving::from("rabbitmq", queue.as_str()),
        queue,
        pool,
        amqp: amqp.clone(),
        service,
        handler: Arc::new(handler),
        clock,
        started: AtomicBool::new(false),
    });
    async move {
        let dispatch = supervise(&context, "dispatch", &shutdown, || {
            dispatcher::run(&context, &shutdown)
        });
        let work = supervise(&context, "work", &shutdown, || worker::run(&context, &shutdown));
        tokio::try_join!(dispatch, work)?;
        Ok(())
    }
}

/// Begins the task again whenever it fails.
async fn supervise<H, F>(
    context: &Context<H>,
    task: &str,
    shutdown: &CancellationToken,
    mut begin: impl FnMut() -> F,
) -> Result<(), BrokerError>
where
    H: JobHandler,
    F: Future<Output = Result<(), BrokerError>>,
{
    let mut wait = FIRST_WAIT;
    let mut failures = 0_u32;
    while !shutdown.is_cancelled() {
        let began = Instant::now();
        let Err(error) = begin().await else {
            return Ok(());
        };
        if matches!(error, BrokerError::OtherArguments { .. }) && !context.started.load(Ordering::Relaxed) {
            return Err(error);
        }
        if began.elapsed() > WELL_AFTER {
            wait = FIRST_WAIT;
            failures = 0;
        }
        failures += 1;
        let cause = std::error::Error::source(&error)
            .map(ToString::to_string)
            .unwrap_or_default();
        warn!(queue = %context.queue, task, failures, error = %error, cause, "queue task lost; it begins again");
        tokio::select! {
            () = shutdown.cancelled() => return Ok(()),
            () = tokio::time::sleep(wait) => {}
        }
        wait = (wait * 2).min(LONGEST_WAIT);
    }
    info!(queue = %context.queue, task, "queue task ended");
    Ok(())
}
