//! S4: an outbox full of events that a broker's absence left behind, until all are published and noted, beside as many bare publishes.

use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use bus::{Bus, Relay};
use sqlx::PgPool;
use testkit::stack::Server;
use tokio_util::sync::CancellationToken;

use crate::broker::Broker;
use crate::delivery::{EVENT, PUBLISHER, database, event, event_data};
use crate::faults::{self, Fault};
use crate::installation::Installation;
use crate::measure::per_second;
use crate::plan::Plan;
use crate::report::{Better, Figure, Target};

/// What breaks while a backlog is published.
const FAULTS: [Fault; 3] = [
    Fault::Server(Server::Nats),
    Fault::Server(Server::Postgres),
    Fault::Server(Server::Nats),
];

pub(crate) async fn measure(installation: &Installation, plan: &Plan) -> Result<Vec<Figure>> {
    let pool = database(installation, "backlog").await?;
    let payload = serde_json::to_vec(&event_data())?;
    let (mut ours, mut limit) = (Vec::new(), Vec::new());
    for round in 0..plan.rounds {
        fill(&pool, plan.backlog).await?;
        installation.settle().await?;
        let time = drain(
            installation,
            &pool,
            &format!("backlog{round}"),
            plan.backlog,
            None,
        )
        .await?;
        ours.push(per_second(plan.backlog, time));
        installation.settle().await?;
        let broker = Broker::new(installation, &format!("bare-backlog-{round}")).await?;
        let time = broker.publish_all(&payload, plan.backlog).await?;
        limit.push(per_second(plan.backlog, time));
    }
    let mut figures = vec![Figure {
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
    }];
    if let Some(faults) = plan.faults(&FAULTS) {
        let (mut ours, mut times) = (Vec::new(), Vec::new());
        for (number, fault) in faults.iter().enumerate() {
            fill(&pool, plan.backlog).await?;
            installation.settle().await?;
            let prefix = format!("disturbed{number}");
            let time = drain(installation, &pool, &prefix, plan.backlog, Some(*fault)).await?;
            ours.push(per_second(plan.backlog, time));
            times.push(time);
        }
        let what = format!(
            "the same, each with one kill when a third is noted: {}",
            faults::names(faults)
        );
        let note = "every event is published".to_owned();
        figures.push(faults::figure(&figures[0], what, ours, times.into(), note));
    }
    Ok(figures)
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

/// A relay that starts on it, until nothing is left. The fault comes when a third is noted.
async fn drain(
    installation: &Installation,
    pool: &PgPool,
    prefix: &str,
    count: usize,
    mut fault: Option<Fault>,
) -> Result<Duration> {
    let last = i64::try_from(count)?;
    let bus = Bus::connect(&installation.nats_settings(prefix)).await?;
    let shutdown = CancellationToken::new();
    let start = Instant::now();
    let relaying = tokio::spawn(Relay::new(pool.clone(), bus, PUBLISHER).run(shutdown.clone()));
    let disturbed = fault.is_some();
    let all = async {
        loop {
            tokio::time::sleep(Duration::from_millis(10)).await;
            // Written with the notes of a batch: looking for rows would cost what is measured.
            let noted = sqlx::query_scalar::<_, i64>("SELECT sequence FROM relay_position")
                .fetch_optional(pool)
                .await;
            let noted = match noted {
                Ok(noted) => noted.unwrap_or_default(),
                // Connections died with the server that was killed.
                Err(_) if disturbed => continue,
                Err(error) => return Err(error.into()),
            };
            if noted >= last / 3
                && let Some(fault) = fault.take()
            {
                fault.happen(installation, None).await?;
            } else if noted >= last {
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
