//! What `/metrics` shows: measures of the process in the text that Prometheus reads (OpenMetrics). A mechanism crate keeps its own measures and
//! registers them here; what must be looked up first (rows that wait) is looked up when somebody asks. Labels name methods, routes, queues and
//! outcomes: never a person, a record or a raw path. `docs/operations/metrics.md` lists them all, and a test compares.

use std::sync::atomic::AtomicU64;
use std::sync::{Arc, LazyLock, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::{Family, MetricConstructor};
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::{Metric, Registry, Unit};
use sqlx::PgPool;

use crate::idempotency;

pub mod messaging;

/// The type of the answer.
pub const CONTENT_TYPE: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";
/// How long one observer may take: a scrape has a deadline of its own, ten seconds by default.
const OBSERVE: Duration = Duration::from_secs(2);
/// Upper bounds in seconds that the semantic conventions give to durations of requests.
const REQUEST_SECONDS: [f64; 14] = [
    0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1.0, 2.5, 5.0, 7.5, 10.0,
];

/// Those that they give to statements of a database.
const STATEMENT_SECONDS: [f64; 9] = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1.0, 5.0, 10.0];

static REGISTRY: LazyLock<Mutex<Registry>> = LazyLock::new(Mutex::default);

/// Durations in seconds, one histogram for each set of labels.
pub type Durations<L> = Family<L, Histogram, Buckets>;

/// Makes histograms with the bounds that requests have.
#[derive(Clone, Copy, Debug)]
pub struct Buckets;

impl MetricConstructor<Histogram> for Buckets {
    fn new_metric(&self) -> Histogram {
        Histogram::new(REQUEST_SECONDS)
    }
}

/// The same with the bounds that statements of a database have.
pub(crate) type DatabaseDurations<L> = Family<L, Histogram, DatabaseBuckets>;

/// Makes them.
#[derive(Clone, Copy, Debug)]
pub(crate) struct DatabaseBuckets;

impl MetricConstructor<Histogram> for DatabaseBuckets {
    fn new_metric(&self) -> Histogram {
        database_seconds()
    }
}

/// One of them, without labels.
pub(crate) fn database_seconds() -> Histogram {
    Histogram::new(STATEMENT_SECONDS)
}

/// Puts a measure where `/metrics` finds it, under `name` without its unit, and gives it back. Called once for each, from a `LazyLock`.
pub fn registered<M: Metric + Clone>(name: &str, help: &str, unit: Option<Unit>, measure: M) -> M {
    let mut registry = registry();
    match unit {
        Some(unit) => registry.register_with_unit(name, help, unit, measure.clone()),
        None => registry.register(name, help, measure.clone()),
    }
    measure
}

fn registry() -> MutexGuard<'static, Registry> {
    // A registration cannot stop half-way.
    REGISTRY.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The labels of a measure without labels that must be able to be absent.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
pub struct Alone {}

/// Something that is looked up when `/metrics` is asked for.
#[async_trait]
pub trait Observer: Send + Sync + 'static {
    /// Sets its measures to what is so now; an error leaves them out of the answer.
    async fn observe(&self) -> anyhow::Result<()>;
    /// Takes its measures out: an old value must not pass for the present one.
    fn forget(&self);
}

/// Everything that one process looks up.
#[derive(Clone, Default)]
pub struct Observers(Vec<Arc<dyn Observer>>);

impl Observers {
    #[must_use]
    pub fn and(mut self, observer: impl Observer) -> Self {
        self.0.push(Arc::new(observer));
        self
    }
}

static READY: LazyLock<Gauge> = LazyLock::new(|| {
    registered(
        "tadamon_ready",
        "What /readyz would answer: 1 ready, 0 not",
        None,
        Gauge::default(),
    )
});

/// The whole answer. What cannot be looked up in time is absent, and alerts watch for absence.
pub(crate) async fn text(ready: impl Future<Output = bool>, observers: &Observers) -> String {
    let looks = observers.0.iter().map(async |observer| {
        let outcome = tokio::time::timeout(OBSERVE, observer.observe()).await;
        if !matches!(outcome, Ok(Ok(()))) {
            observer.forget();
        }
    });
    // Side by side: a database that is away must not make the answer later than whoever asks waits.
    let (ready, _) = futures::join!(ready, futures::future::join_all(looks));
    READY.set(i64::from(ready));
    own_process();
    let mut text = String::new();
    // Writing to a string cannot fail.
    let _infallible = encode(&mut text, &registry());
    text
}

static CPU: LazyLock<Counter<f64, AtomicU64>> = LazyLock::new(|| {
    registered(
        "process_cpu",
        "Time that the process used processors",
        Some(Unit::Seconds),
        Counter::default(),
    )
});
static MEMORY: LazyLock<Gauge> = LazyLock::new(|| {
    registered(
        "process_resident_memory",
        "Memory that the process holds",
        Some(Unit::Bytes),
        Gauge::default(),
    )
});
static DESCRIPTORS: LazyLock<Gauge> = LazyLock::new(|| {
    registered(
        "process_open_fds",
        "Files and connections that the process holds open",
        None,
        Gauge::default(),
    )
});
static STARTED: LazyLock<Gauge> = LazyLock::new(|| {
    registered(
        "process_start_time",
        "When the process started, since 1970",
        Some(Unit::Seconds),
        Gauge::default(),
    )
});

/// What the machine knows of this process; each is left as it was where the machine does not tell.
fn own_process() {
    if let Some(seconds) = std::fs::read_to_string("/proc/self/stat")
        .ok()
        .and_then(|stat| cpu_seconds(&stat))
    {
        CPU.inc_by((seconds - CPU.get()).max(0.0));
    }
    if let Some(bytes) = std::fs::read_to_string("/proc/self/status")
        .ok()
        .and_then(|status| resident_bytes(&status))
    {
        MEMORY.set(bytes);
    }
    if let Ok(descriptors) = std::fs::read_dir("/proc/self/fd") {
        // One is the list itself.
        DESCRIPTORS.set(i64::try_from(descriptors.count()).map_or(0, |count| count - 1));
    }
}

/// Fields 14 and 15 of `stat`, in hundredths of a second on every Linux. The second field is a name that may hold anything, in brackets.
fn cpu_seconds(stat: &str) -> Option<f64> {
    let (_, after_the_name) = stat.rsplit_once(')')?;
    let mut fields = after_the_name.split_whitespace().skip(11);
    let (user, system): (u32, u32) = (fields.next()?.parse().ok()?, fields.next()?.parse().ok()?);
    Some((f64::from(user) + f64::from(system)) / 100.0)
}

fn resident_bytes(status: &str) -> Option<i64> {
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kibibytes: i64 = line.split_whitespace().next()?.parse().ok()?;
    Some(kibibytes * 1024)
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Call {
    rpc_method: String,
    rpc_status_code: String,
}

static CALLS: LazyLock<Durations<Call>> = LazyLock::new(|| {
    registered(
        "rpc_server_call_duration",
        "How long gRPC calls took, to the first byte of the answer",
        Some(Unit::Seconds),
        Family::new_with_constructor(Buckets),
    )
});

static ASKED: LazyLock<Durations<Call>> = LazyLock::new(|| {
    registered(
        "rpc_client_call_duration",
        "How long calls to other services took, to the first byte of the answer",
        Some(Unit::Seconds),
        Family::new_with_constructor(Buckets),
    )
});

/// A call to another service ended.
pub(crate) fn asked(method: &str, code: tonic::Code, took: Duration) {
    let call = Call {
        rpc_method: method.to_owned(),
        rpc_status_code: format!("{code:?}"),
    };
    ASKED.get_or_create(&call).observe(took.as_secs_f64());
}

/// A gRPC call was answered. `method` is a known one (`package.Service/Method`), so that strangers cannot make labels.
pub(crate) fn called(method: &str, code: tonic::Code, took: Duration) {
    let call = Call {
        rpc_method: method.to_owned(),
        rpc_status_code: format!("{code:?}"),
    };
    CALLS.get_or_create(&call).observe(took.as_secs_f64());
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Request {
    http_request_method: String,
    http_route: String,
    http_response_status_code: u16,
}

static REQUESTS: LazyLock<Durations<Request>> = LazyLock::new(|| {
    registered(
        "http_server_request_duration",
        "How long HTTP requests took, to the first byte of the answer",
        Some(Unit::Seconds),
        Family::new_with_constructor(Buckets),
    )
});

/// An HTTP request was answered; `route` is the template, never the path.
pub(crate) fn requested(method: &http::Method, route: &str, status: http::StatusCode, took: Duration) {
    let known = matches!(
        method.as_str(),
        "GET" | "POST" | "PUT" | "DELETE" | "HEAD" | "PATCH" | "OPTIONS"
    );
    let request = Request {
        http_request_method: if known { method.as_str() } else { "_OTHER" }.to_owned(),
        http_route: route.to_owned(),
        http_response_status_code: status.as_u16(),
    };
    REQUESTS.get_or_create(&request).observe(took.as_secs_f64());
}

static ACTIVE: LazyLock<Gauge> = LazyLock::new(|| {
    registered(
        "http_server_active_requests",
        "HTTP requests that are being answered",
        None,
        Gauge::default(),
    )
});

/// An HTTP request that is being answered; it ends with this value, also when whoever asked went away.
pub(crate) struct Active(());

impl Active {
    pub(crate) fn begins() -> Self {
        ACTIVE.inc();
        Self(())
    }
}

impl Drop for Active {
    fn drop(&mut self) {
        ACTIVE.dec();
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct ConnectionState {
    state: &'static str,
}

static CONNECTIONS: LazyLock<Family<ConnectionState, Gauge>> = LazyLock::new(|| {
    registered(
        "db_client_connection_count",
        "Connections of the pool to the own Postgres, by state",
        None,
        Family::default(),
    )
});
static CONNECTIONS_MAX: LazyLock<Gauge> = LazyLock::new(|| {
    registered(
        "db_client_connection_max",
        "Connections that the pool may open",
        None,
        Gauge::default(),
    )
});

/// The pool of a service, which it may run out of.
#[derive(Clone, Debug)]
pub struct PoolObserver(pub PgPool);

#[async_trait]
impl Observer for PoolObserver {
    async fn observe(&self) -> anyhow::Result<()> {
        let idle = self.0.num_idle();
        let used = usize::try_from(self.0.size())?.saturating_sub(idle);
        for (state, count) in [("idle", idle), ("used", used)] {
            CONNECTIONS
                .get_or_create(&ConnectionState { state })
                .set(i64::try_from(count)?);
        }
        CONNECTIONS_MAX.set(i64::from(self.0.options().get_max_connections()));
        Ok(())
    }

    fn forget(&self) {
        CONNECTIONS.clear();
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Build {
    service: &'static str,
    version: &'static str,
}

/// Which service and version answers, and since when.
pub(crate) fn built(service: &'static str, now: DateTime<Utc>) {
    static BUILT: LazyLock<Family<Build, Gauge>> = LazyLock::new(|| {
        registered(
            "tadamon_build_info",
            "Always 1; the labels say which service and version answer",
            None,
            Family::default(),
        )
    });
    let version = env!("CARGO_PKG_VERSION");
    BUILT.get_or_create(&Build { service, version }).set(1);
    STARTED.set(now.timestamp());
    idempotency::counts();
}

/// Durations without labels; `name` without its unit.
#[must_use]
pub fn durations(name: &str, help: &str) -> Durations<Alone> {
    registered(
        name,
        help,
        Some(Unit::Seconds),
        Family::new_with_constructor(Buckets),
    )
}

/// A count that only rises, without labels.
pub fn counter(name: &str, help: &str) -> Counter {
    registered(name, help, None, Counter::default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_machine_tells_of_a_process_is_read_whatever_its_name() {
        let stat = "42 (a) b (c) S 1 42 42 0 -1 4194560 9 8 7 6 150 75 0 0 20 0 8 0 1234 99 88";
        assert_eq!(cpu_seconds(stat), Some(2.25));
        assert_eq!(
            resident_bytes("Name:\tx\nVmRSS:\t    2048 kB\n"),
            Some(2 * 1024 * 1024)
        );
        for bad in ["", "42", "42 (a) S 1", "42 (a) S 1 2 3 4 5 6 7 8 9 10 x y"] {
            assert_eq!(cpu_seconds(bad), None, "{bad}");
        }
        assert_eq!(resident_bytes("VmRSS:\tmuch"), None);
    }
}
