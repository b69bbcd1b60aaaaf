//! Takes ids from RabbitMQ, runs their jobs, records how each run ended, and only then lets go of the message.
//!
//! The row decides whether a job runs; the message is only the call. A recorded failure is rejected without requeue
//! (the table knows when to try again); a message whose outcome could not be recorded is rejected with requeue, which
//! the queue's delivery limit counts.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::{Duration, Instant};

use futures::{FutureExt, StreamExt};
use kernel::JobId;
use lapin::message::Delivery;
use lapin::options::{
    BasicAckOptions, BasicCancelOptions, BasicConsumeOptions, BasicQosOptions, BasicRejectOptions,
};
use lapin::types::FieldTable;
use platform::fault_points::{self, FaultPoint};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;
use tracing::{Instrument, info, info_span, warn};

use crate::broker::{BrokerError, within};
use crate::handler::{Job, JobError, JobHandler};
use crate::metrics;
use crate::run::Context;
use crate::schedule::{Outcome, Phase, RUN_LIMIT, Start};
use crate::store;

/// With the database away every message would come straight back: wait before giving it back.
const DATABASE_PAUSE: Duration = Duration::from_secs(2);
/// What runs at shutdown may end within this time; the rest is taken up by another process when its lease is over.
const DRAIN_WITHIN: Duration = Duration::from_secs(10);

/// Runs until shutdown, or until the connection fails.
pub(crate) async fn run<H: JobHandler>(
    context: &Arc<Context<H>>,
    shutdown: &CancellationToken,
) -> Result<(), BrokerError> {
    let (_connection, channel) = context.open("work").await?;
    within(channel.basic_qos(H::QUEUE.prefetch, BasicQosOptions::default())).await?;
    let tag = format!("{}-{}", context.service, uuid::Uuid::new_v4());
    let mut consumer = within(channel.basic_consume(
        context.queue.clone(),
        tag.as_str().into(),
        BasicConsumeOptions::default(),
        FieldTable::default(),
    ))
    .await?;
    let mut at_work = JoinSet::new();
    let ended = loop {
        tokio::select! {
            () = shutdown.cancelled() => break Ok(()),
            delivery = consumer.next() => match delivery {
                // The prefetch bounds how many are at work: the broker hands out no more.
                Some(Ok(delivery)) => {
                    context.receiving.came(1);
                    at_work.spawn(take(Arc::clone(context), delivery));
                }
                Some(Err(error)) => break Err(error.into()),
                None => break Err(BrokerError::Cancelled),
            },
            Some(ended) = at_work.join_next(), if !at_work.is_empty() => {
                // Its row is taken up again when the lease is over.
                if let Err(error) = ended {
                    tracing::error!(queue = %context.queue, %error, "a worker panicked outside its handler");
                }
            }
        }
    };
    if ended.is_ok() {
        // A hint only: what was prefetched and not begun comes back when the connection closes.
        let _ = within(channel.basic_cancel(tag.as_str().into(), BasicCancelOptions::default())).await;
    }
    let drained = tokio::time::timeout(DRAIN_WITHIN, async {
        while at_work.join_next().await.is_some() {}
    })
    .await;
    if drained.is_err() {
        warn!(queue = %context.queue, left = at_work.len(), "jobs were still running at the end of the grace time");
    }
    ended
}

/// One message.
async fn take<H: JobHandler>(context: Arc<Context<H>>, delivery: Delivery) {
    let Some(id) = std::str::from_utf8(&delivery.data)
        .ok()
        .and_then(|text| text.parse::<JobId>().ok())
    else {
        warn!(queue = %context.queue, "a message that is not a job id was thrown away");
        settle(delivery, Settled::Failed).await;
        return;
    };
    let settled = match work(&context, id).await {
        Ok(settled) => settled,
        Err(error) => {
            warn!(job.id = %id, error = %error, "the job table cannot be reached; the message is given back");
            tokio::time::sleep(DATABASE_PAUSE).await;
            Settled::Unrecorded
        }
    };
    settle(delivery, settled).await;
}

/// What becomes of the message.
enum Settled {
    Done,
    Failed,
    Unrecorded,
}

/// A settlement that does not arrive is harmless: the message comes again and the row says that it is settled.
async fn settle(delivery: Delivery, settled: Settled) {
    let reject = |requeue| delivery.reject(BasicRejectOptions { requeue });
    let answer = match settled {
        Settled::Done => within(delivery.ack(BasicAckOptions::default())).await,
        Settled::Failed => within(reject(false)).await,
        Settled::Unrecorded => within(reject(true)).await,
    };
    if let Err(error) = answer {
        tracing::debug!(error = %error, "a message was not settled; it will come again");
    }
}

async fn work<H: JobHandler>(context: &Context<H>, id: JobId) -> Result<Settled, sqlx::Error> {
    let Some(job) = begin(context, id).await? else {
        return Ok(Settled::Done);
    };
    let span = info_span!("process job", otel.name = format!("process {}", context.queue), otel.kind = "consumer", messaging.system = "rabbitmq",
        messaging.operation.name = "process", messaging.operation.type = "process", messaging.destination.name = H::QUEUE.name, queue = H::QUEUE.name, job.id = %id, attempt = job.attempt);
    platform::telemetry::continue_trace(&span, job.traceparent.as_deref());
    let began = Instant::now();
    let result = attempt(context, &job).instrument(span.clone()).await;
    fault_points::pass(FaultPoint::BeforeAck, H::QUEUE.name);
    let recorded = record(context, &job, &result).await?;
    metrics::ran(H::QUEUE.name, recorded.word(), began.elapsed());
    context
        .receiving
        .ended(recorded == Recorded::Done, began.elapsed());
    span.in_scope(|| report(&job, &result, recorded, began));
    Ok(if result.is_ok() {
        Settled::Done
    } else {
        Settled::Failed
    })
}

/// Takes the lease; `None` when the table says that there is nothing to do.
async fn begin<H: JobHandler>(context: &Context<H>, id: JobId) -> Result<Option<Job>, sqlx::Error> {
    let now = context.clock.now();
    let mut tx = context.pool.begin().await?;
    let Some(mut row) = store::lock(&mut tx, id).await? else {
        return Ok(None);
    };
    let Start::Run(next) = row.schedule.start(now) else {
        return Ok(None);
    };
    store::save(&mut tx, id, next, None, now).await?;
    tx.commit().await?;
    row.schedule = next;
    Ok(Some(row.into_job(H::QUEUE)))
}

/// One run, bounded in time; a panic is a failure like another.
async fn attempt<H: JobHandler>(context: &Context<H>, job: &Job) -> Result<(), JobError> {
    let run = AssertUnwindSafe(context.handler.run(job)).catch_unwind();
    match tokio::time::timeout(RUN_LIMIT, run).await {
        Ok(Ok(result)) => result,
        Ok(Err(_panic)) => Err(JobError::retry("the handler panicked").class("handler_panicked")),
        Err(_elapsed) => Err(JobError::retry("the run took too long").class("run_timed_out")),
    }
}

/// How the report was taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Recorded {
    Done,
    Again,
    Dead,
    /// The lease was lost; the job moved on without this run.
    Late,
}

impl Recorded {
    fn word(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Again => "again",
            Self::Dead => "dead",
            Self::Late => "late",
        }
    }
}

async fn record<H: JobHandler>(
    context: &Context<H>,
    job: &Job,
    result: &Result<(), JobError>,
) -> Result<Recorded, sqlx::Error> {
    let now = context.clock.now();
    let (outcome, class) = match result {
        Ok(()) => (Outcome::Success, None),
        Err(error) => (error.outcome(), Some(error.class_name())),
    };
    let mut tx = context.pool.begin().await?;
    let Some(row) = store::lock(&mut tx, job.id).await? else {
        return Ok(Recorded::Late);
    };
    let Some(next) = row
        .schedule
        .finish(job.attempt, outcome, now, H::QUEUE, context.spread())
    else {
        return Ok(Recorded::Late);
    };
    store::save(&mut tx, job.id, next, class, now).await?;
    if next.phase == Phase::Dead {
        context
            .handler
            .on_dead(&mut tx, job, class.unwrap_or("unknown"))
            .await?;
    }
    tx.commit().await?;
    Ok(match next.phase {
        Phase::Done => Recorded::Done,
        Phase::Dead => Recorded::Dead,
        Phase::Waiting | Phase::Dispatched { .. } | Phase::Running { .. } => Recorded::Again,
    })
}

fn report(job: &Job, result: &Result<(), JobError>, recorded: Recorded, began: Instant) {
    let duration_ms = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX);
    match (result, recorded) {
        (_, Recorded::Late) => {
            warn!(job.id = %job.id, attempt = job.attempt, duration_ms, "a report came after its lease; it was not taken");
        }
        (Ok(()), _) => info!(job.id = %job.id, attempt = job.attempt, duration_ms, "job done"),
        (Err(error), Recorded::Dead) => {
            tracing::error!(job.id = %job.id, attempt = job.attempt, duration_ms, class = error.class_name(), error = error.chain(), "job dead");
        }
        (Err(error), Recorded::Done | Recorded::Again) => {
            warn!(job.id = %job.id, attempt = job.attempt, duration_ms, class = error.class_name(), error = error.chain(), "job failed; it will be tried again");
        }
    }
}
