//! Hands the ids of due jobs to RabbitMQ, again when no worker answered, and revives or buries what dead workers left.
//!
//! It runs no job. With RabbitMQ away nothing is claimed: the rows wait, and follow when it is back.

use std::time::Duration;

use lapin::Channel;
use tokio::time::{Instant, MissedTickBehavior, interval};
use tokio_util::sync::CancellationToken;
use tracing::warn;

use crate::broker::{self, BrokerError, Published};
use crate::handler::JobHandler;
use crate::run::Context;
use crate::schedule::Sweep;
use crate::store::{self, JobRow};

/// How often the table is looked at: what a mail waits at most, at the price of one indexed query.
const LOOK_EVERY: Duration = Duration::from_millis(500);
/// Rows locked at a time.
const BATCH: i64 = 100;
const PURGE_EVERY: Duration = Duration::from_secs(3600);

/// Runs until shutdown, or until the connection or the database fails.
pub(crate) async fn run<H: JobHandler>(
    context: &Context<H>,
    shutdown: &CancellationToken,
) -> Result<(), BrokerError> {
    let (_connection, channel) = context.open("dispatch").await?;
    broker::confirm(&channel).await?;
    let mut ticks = interval(LOOK_EVERY);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut purged_at: Option<Instant> = None;
    loop {
        tokio::select! {
            () = shutdown.cancelled() => return Ok(()),
            _ = ticks.tick() => {}
        }
        while sweep(context, &channel).await? {
            if shutdown.is_cancelled() {
                return Ok(());
            }
        }
        if purged_at.is_none_or(|at| at.elapsed() > PURGE_EVERY) {
            let mut conn = context.pool.acquire().await?;
            store::purge_done(&mut conn, H::QUEUE.name, context.clock.now()).await?;
            purged_at = Some(Instant::now());
        }
    }
}

/// One look at the table; `true` when there may be more to do at once.
async fn sweep<H: JobHandler>(context: &Context<H>, channel: &Channel) -> Result<bool, BrokerError> {
    // A channel that died quietly is noticed before rows are claimed for it.
    if !channel.status().connected() {
        return Err(BrokerError::Cancelled);
    }
    let (looked_at, publishes) = claim(context).await?;
    if publishes.is_empty() {
        return Ok(looked_at == BATCH);
    }
    match broker::publish(channel, &context.queue, &publishes).await {
        Ok(outcomes) => {
            let failed: Vec<_> = publishes
                .into_iter()
                .zip(&outcomes)
                .filter(|(_, outcome)| **outcome != Published::Confirmed)
                .map(|(row, _)| row)
                .collect();
            let all_taken = failed.is_empty();
            release(context, failed).await?;
            if outcomes.contains(&Published::Unroutable) {
                warn!(queue = %context.queue, "the queue is gone from RabbitMQ; declaring it again");
                return Err(BrokerError::Cancelled);
            }
            if !all_taken {
                warn!(queue = %context.queue, "the queue is full; jobs wait in the table");
            }
            Ok(all_taken && looked_at == BATCH)
        }
        Err(error) => {
            // Some may have arrived: a doubled message is harmless, a lost one is not.
            release(context, publishes).await?;
            Err(error)
        }
    }
}

/// Locks what is due, moves it on, and returns how many rows were looked at and what must be published.
async fn claim<H: JobHandler>(context: &Context<H>) -> Result<(i64, Vec<JobRow>), BrokerError> {
    let now = context.clock.now();
    let mut tx = context.pool.begin().await?;
    let on_their_way = store::count_on_their_way(&mut tx, H::QUEUE.name, now).await?;
    let room = (H::QUEUE.window() - on_their_way).clamp(0, BATCH);
    if room == 0 {
        return Ok((0, Vec::new()));
    }
    let rows = store::lock_due(&mut tx, H::QUEUE.name, now, room).await?;
    let looked_at = if rows.len() as i64 == room { BATCH } else { 0 };
    let mut publishes = Vec::new();
    for mut row in rows {
        match row.schedule.sweep(now, H::QUEUE, context.spread()) {
            Sweep::Publish(next) => {
                store::save(&mut tx, row.id, next, None, now).await?;
                row.schedule = next;
                publishes.push(row);
            }
            Sweep::Revive(next) => {
                warn!(job.id = %row.id, attempt = next.attempts, "a worker vanished; the job will run again");
                store::save(&mut tx, row.id, next, Some("worker_vanished"), now).await?;
            }
            Sweep::Bury(next) => {
                warn!(job.id = %row.id, attempt = next.attempts, "a worker vanished in the last attempt; the job is dead");
                store::save(&mut tx, row.id, next, Some("worker_vanished"), now).await?;
                let job = row.into_job(H::QUEUE);
                context.handler.on_dead(&mut tx, &job, "worker_vanished").await?;
            }
            Sweep::Leave => {}
        }
    }
    tx.commit().await?;
    Ok((looked_at, publishes))
}

/// Takes back what the broker did not take, unless a worker has it by now.
async fn release<H: JobHandler>(context: &Context<H>, rows: Vec<JobRow>) -> Result<(), BrokerError> {
    let now = context.clock.now();
    for row in rows {
        let mut tx = context.pool.begin().await?;
        if let Some(current) = store::lock(&mut tx, row.id).await?
            && current.schedule == row.schedule
        {
            store::save(&mut tx, row.id, current.schedule.release(), None, now).await?;
        }
        tx.commit().await?;
    }
    Ok(())
}
