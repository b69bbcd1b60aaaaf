//! S3: from the commit of an event to the subscriber that is given it, through outbox, relay, broker and inbox, beside a bare publish and consume.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use async_trait::async_trait;
use bus::{Bus, HandlerError, IncomingEvent, OutgoingEvent, Relay, Subscriber, Wake};
use platform::clock::Clock;
use sqlx::{PgConnection, PgPool};
use testkit::stack::Server;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::benefits::id;
use crate::broker::{self, Broker};
use crate::faults::{self, Fault, Patience};
use crate::installation::Installation;
use crate::measure::{Latencies, open_loop};
use crate::plan::Plan;
use crate::report::{Better, Figure, Target};

/// Whose outbox and stream it is.
pub(crate) const PUBLISHER: &str = "benefits";
pub(crate) const EVENT: &str = "benefits.application.submitted.v1";
const PREFIX: &str = "delivery";
const WARM_UP: usize = 1;

/// When each event reached the subscriber.
#[derive(Debug, Default)]
struct Arrivals {
    at: Mutex<HashMap<Uuid, Instant>>,
    came: Notify,
}

impl Arrivals {
    fn note(&self, id: Uuid) {
        let now = Instant::now();
        self.at
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .entry(id)
            .or_insert(now);
        self.came.notify_waiters();
    }

    async fn of(&self, id: Uuid) -> Result<Instant> {
        let found = async {
            loop {
                let came = self.came.notified();
                tokio::pin!(came);
                came.as_mut().enable();
                let at = self.at.lock().unwrap_or_else(PoisonError::into_inner).remove(&id);
                if let Some(at) = at {
                    return at;
                }
                came.await;
            }
        };
        tokio::time::timeout(Duration::from_secs(30), found)
            .await
            .context("an event that did not arrive within 30 s")
    }
}

/// Does nothing with an event but to note when it came; the inbox row is committed as always.
struct Listener(Arc<Arrivals>);

#[async_trait]
impl Subscriber for Listener {
    const NAME: &'static str = "bench-listener";
    const PUBLISHER: &'static str = PUBLISHER;
    const EVENTS: &'static [&'static str] = &[EVENT];
    const BATCH: usize = 32;
    type Facts = ();

    async fn fetch(&self, _: &[IncomingEvent]) -> Result<(), HandlerError> {
        Ok(())
    }

    async fn apply(
        &self,
        _: &mut PgConnection,
        events: &[IncomingEvent],
        (): (),
    ) -> Result<(), HandlerError> {
        for event in events {
            self.0.note(event.id);
        }
        Ok(())
    }
}

/// An event as a service makes it.
pub(crate) fn event() -> OutgoingEvent {
    let now = Clock::system().now();
    OutgoingEvent::new(now, EVENT, id(), 7, "member", &event_data())
}

/// A service's database with nothing but the tables of platform and bus.
pub(crate) async fn database(installation: &Installation, name: &str) -> Result<PgPool> {
    installation.create_database(name, None).await?;
    let settings = installation.postgres_settings(name);
    let migrations = platform::db::merge(vec![platform::db::migrations(), bus::migrations()]);
    platform::db::migrate(&settings, PUBLISHER, migrations, Clock::system().now()).await?;
    Ok(platform::db::connect(&settings, PUBLISHER).await?)
}

/// What breaks while events are on their way.
const FAULTS: [Fault; 3] = [
    Fault::Server(Server::Nats),
    Fault::Server(Server::Postgres),
    Fault::Server(Server::Nats),
];

pub(crate) async fn measure(installation: &Installation, plan: &Plan) -> Result<Vec<Figure>> {
    let pool = database(installation, "delivery").await?;
    let bus = Bus::connect(&installation.nats_settings(PREFIX)).await?;
    let relay = Relay::new(pool.clone(), bus.clone(), PUBLISHER);
    let (wake, shutdown) = (relay.wake(), CancellationToken::new());
    let relaying = tokio::spawn(relay.run(shutdown.clone()));
    let arrivals = Arc::new(Arrivals::default());
    let listener = Listener(Arc::clone(&arrivals));
    let listening = tokio::spawn(bus::run_subscriber(pool.clone(), bus, listener, shutdown.clone()));

    let broker = Broker::new(installation, "bare-delivery").await?;
    let bare_arrivals = Arc::new(Arrivals::default());
    let broker = Arc::new(broker);
    let consuming = {
        let (broker, arrivals) = (Arc::clone(&broker), Arc::clone(&bare_arrivals));
        tokio::spawn(async move {
            broker
                .consume(|message| {
                    if let Some(id) = broker::id_of(message) {
                        arrivals.note(id);
                    }
                })
                .await
        })
    };

    let (mut ours, mut limit, mut last) = (Vec::new(), Vec::new(), Vec::new());
    for round in 0..plan.rounds + WARM_UP {
        installation.settle().await?;
        let through = ours_round(plan, &pool, &wake, &arrivals).await?;
        installation.settle().await?;
        let bare = bare_round(plan, &broker, &bare_arrivals).await?;
        if round >= WARM_UP {
            ours.push(through.p50());
            limit.push(bare.p50());
            last = vec![("commit to subscriber", through), ("bare", bare)];
        }
    }
    consuming.abort();
    let undisturbed = Figure {
        id: "S3",
        what: format!("commit to subscriber, p50, {} events a second", plan.event_rate),
        unit: "ms",
        better: Better::Less,
        ours,
        limit,
        limit_is: "bare JetStream publish to consume, p50, ms".to_owned(),
        first: Target::Ratio(6.0),
        goal: Target::Ratio(3.0),
        times: last,
        notes: vec![
            "from after the commit to the subscriber's call, which comes after it wrote down where it stands"
                .to_owned(),
        ],
    };
    let mut figures = vec![undisturbed];
    if let Some(faults) = plan.faults(&FAULTS) {
        let plan = &plan.for_minutes(faults.len());
        let befalling = faults::befall(installation, plan, faults, None);
        let (times, ()) = tokio::try_join!(ours_round(plan, &pool, &wake, &arrivals), befalling)?;
        let p99 = times.quantile(0.99);
        let note = format!(
            "every event came, p99 {p99:.0} ms; from the commit that was answered on, not from the first try"
        );
        let what = faults::each_minute(faults);
        figures.push(faults::figure(&figures[0], what, vec![times.p50()], times, note));
    }
    shutdown.cancel();
    relaying.await??;
    listening.await??;
    Ok(figures)
}

async fn ours_round(plan: &Plan, pool: &PgPool, wake: &Wake, arrivals: &Arc<Arrivals>) -> Result<Latencies> {
    let (pool, wake, arrivals) = (pool.clone(), wake.clone(), Arc::clone(arrivals));
    open_loop(plan.event_rate, plan.events, move |_| {
        let (pool, wake, arrivals) = (pool.clone(), wake.clone(), Arc::clone(&arrivals));
        async move {
            let event = event();
            let id = event.id();
            let patience = Patience::new();
            while let Err(error) = commit(&pool, &event).await {
                patience.after(error).await?;
            }
            let committed = Instant::now();
            wake.now();
            // The relay may be quicker than this task.
            Ok(arrivals.of(id).await?.saturating_duration_since(committed))
        }
    })
    .await
}

/// Commits the event; that it is there already is as good.
async fn commit(pool: &PgPool, event: &OutgoingEvent) -> Result<()> {
    let mut tx = pool.begin().await?;
    match bus::enqueue(&mut tx, event.clone()).await {
        Err(error) if matches!(&error, sqlx::Error::Database(cause) if cause.is_unique_violation()) => Ok(()),
        enqueued => {
            enqueued?;
            Ok(tx.commit().await?)
        }
    }
}

async fn bare_round(plan: &Plan, broker: &Arc<Broker>, arrivals: &Arc<Arrivals>) -> Result<Latencies> {
    let payload = serde_json::to_vec(&event_data())?;
    let (broker, arrivals) = (Arc::clone(broker), Arc::clone(arrivals));
    open_loop(plan.event_rate, plan.events, move |_| {
        let (broker, arrivals) = (Arc::clone(&broker), Arc::clone(&arrivals));
        let payload = payload.clone();
        async move {
            let id = id();
            let start = Instant::now();
            broker.publish(id, &payload).await?;
            Ok(arrivals.of(id).await?.saturating_duration_since(start))
        }
    })
    .await
}

/// The data of such an event: some two hundred bytes.
pub(crate) fn event_data() -> serde_json::Value {
    serde_json::json!({
        "applicationId": id().to_string(),
        "memberId": id().to_string(),
        "benefitCode": "restricted",
        "state": "submitted",
        "version": "7",
        "requestNumber": "1/Aid_X/2026",
    })
}
