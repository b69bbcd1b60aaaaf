//! S4: an outbox full of events that a broker's absence left behind, until all are published and noted, beside as many bare publishes.

use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use bus::{Bus, Relay};
use sqlx::PgPool;
use tokio_util::sync::CancellationToken;

use crate::broker::Broker;
use crate::delivery::{EVENT, PUBLISHER, database, event, event_data};
use crate::installation::Installation;
use crate::measure::per_second;
use crate::plan::Plan;
use crate::report::{Better, Figure, Target};

pub(crate) async fn measure(installation: &Installation, plan: &Plan) -> Result<Vec<Figure>> {
    let pool = database(installation, "backlog").await?;
    let payload = serde_json::to_vec(&event_data())?;
    let (mut ours, mut limit) = (Vec::new(), Vec::new());
    for round in 0..plan.rounds {
        fill(&pool, plan.backlog).await?;
        installation.settle().await?;
        let time = drain(installation, &pool, &format!("backlog{round}"), plan.backlog).await?;
        ours.push(per_second(plan.backlog, time));
        installation.settle().await?;
        let broker = Broker::new(installation, &format!("bare-backlog-{round}")).await?;
        let time = broker.publish_all(&payload, plan.backlog).await?;
        limit.push(per_second(plan.backlog, time));
    }
    Ok(vec![Figure {
        id: "S4",
        what: format!("events of a backlog of {} published and noted", plan.backlog),
        unit: "/s",
        better: Better::More,
        ours,
        limit,
        limit_is: "bare async publish with message ids".to_owned(),
        first: Target::Own(10_000.0),
        goal: Target::Ratio(0.3),
        times: Vec::new(),
        notes: vec!["each event is a row, and each row's note is committed".to_owned()],
    }])
}

/// An outbox with nothing but so many events, made like the one that the library writes.
async fn fill(pool: &PgPool, count: usize) -> Result<()> {
    sqlx::query("TRUNCATE outbox, relay_position")
        .execute(pool)
        .await?;
    let mut connection = pool.acquire().await?;
    bus::enqueue(&mut connection, event()).await?;
    sqlx::query(
        "INSERT INTO outbox SELECT copy.* FROM outbox AS original, generate_series(1, $2::bigint) AS copy_number,
         jsonb_populate_record(NULL::outbox, to_jsonb(original) || jsonb_build_object('id', left(original.id::text, 24) || lpad(copy_number::text, 12, '0'))) AS copy
         WHERE original.event_type = $1",
    )
    .bind(EVENT)
    .bind(i64::try_from(count)? - 1)
    .execute(&mut *connection)
    .await?;
    sqlx::query("VACUUM ANALYZE outbox").execute(pool).await?;
    Ok(())
}

/// A relay that starts on it, until nothing is left.
async fn drain(installation: &Installation, pool: &PgPool, prefix: &str, count: usize) -> Result<Duration> {
    let last = i64::try_from(count)?;
    let bus = Bus::connect(&installation.nats_settings(prefix)).await?;
    let shutdown = CancellationToken::new();
    let start = Instant::now();
    let relaying = tokio::spawn(Relay::new(pool.clone(), bus, PUBLISHER).run(shutdown.clone()));
    let all = async {
        loop {
            tokio::time::sleep(Duration::from_millis(10)).await;
            // Written with the notes of a batch: looking for rows would cost what is measured.
            let noted: Option<i64> = sqlx::query_scalar("SELECT sequence FROM relay_position")
                .fetch_optional(pool)
                .await?;
            if noted.unwrap_or_default() >= last {
                return anyhow::Ok(start.elapsed());
            }
        }
    };
    let time = tokio::time::timeout(Duration::from_secs(120), all)
        .await
        .context("a backlog that was not published within 120 s")??;
    shutdown.cancel();
    relaying.await??;
    let left = bus::unsent(pool).await?;
    ensure!(left == 0, "{left} events are not published");
    Ok(time)
}
