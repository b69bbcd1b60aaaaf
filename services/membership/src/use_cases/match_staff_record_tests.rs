//! "The same work" counted: HMACs and statements of an identity check, for a known and for an unknown person.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, LazyLock};

use platform::audit::Actor;
use platform::clock::Clock;
use testkit::TestDb;
use tracing::instrument::WithSubscriber as _;
use tracing_subscriber::layer::{Context, Layer, SubscriberExt as _};

use super::*;
use crate::domain::roster::header;
use crate::use_cases::import_roster::{ImportRoster, Opening};

static RIB: LazyLock<String> = LazyLock::new(|| {
    kernel::Rib::from_parts("999", "780", "0000000000000001")
        .unwrap()
        .as_str()
        .to_owned()
});

/// Counts the statements that sqlx reports.
struct Statements(Arc<AtomicU64>);

impl<S: tracing::Subscriber> Layer<S> for Statements {
    fn on_event(&self, event: &tracing::Event<'_>, _: Context<'_, S>) {
        if event.metadata().target() == "sqlx::query" {
            self.0.fetch_add(1, Ordering::SeqCst);
        }
    }
}

/// HMACs and statements of one check, and whether it matched.
async fn work(pool: &PgPool, sealing: &Sealing, details: Details<'_>) -> (u64, u64, bool) {
    let statements = Arc::new(AtomicU64::new(0));
    let subscriber = tracing_subscriber::registry().with(Statements(statements.clone()));
    let before = sealing.computed.load(Ordering::SeqCst);
    let matched = match_staff_record(pool, sealing, details, Clock::system().now())
        .with_subscriber(subscriber)
        .await
        .unwrap();
    let computed = sealing.computed.load(Ordering::SeqCst) - before;
    (computed, statements.load(Ordering::SeqCst), matched.is_some())
}

#[tokio::test]
async fn a_check_costs_the_same_hmacs_and_statements_whether_the_person_exists_or_not() {
    let db = TestDb::create("membership", crate::migrations()).await;
    let keys = testkit::keys();
    let sealing = Arc::new(Sealing::open(&keys.directory()).unwrap());
    let import = ImportRoster {
        pool: db.pool.clone(),
        sealing: sealing.clone(),
        wake: bus::Wake::default(),
        clock: Clock::system(),
    };
    let opening = Opening {
        header: header(),
        dry_run: false,
        file_sha256: "0".repeat(64),
    };
    let mut running = import.open(opening, Actor::system("test")).await.unwrap();
    let line = format!(
        "member;90000001;;;El Hilali;Amina;الهلالي;أمينة;F;1985-04-12;ZZ100001;P1;retired;2020-01-01;;MA-RAB;;{};amina@private.example;ar;;;",
        RIB.as_str()
    );
    running.lines([(2, line)]).await.unwrap();
    running.finish().await.unwrap();
    let known = |matricule| Details {
        matricule,
        cin: "ZZ100001",
        position: "retired",
        pension_number: "P1",
        email: "amina@private.example",
    };
    let matched = work(&db.pool, &sealing, known("90000001")).await;
    assert_eq!(matched, (3, 1, true));
    let unknown = work(&db.pool, &sealing, known("99999999")).await;
    assert_eq!(unknown, (3, 1, false));
    let empty = Details {
        matricule: "",
        cin: "",
        position: "",
        pension_number: "",
        email: "",
    };
    assert_eq!(work(&db.pool, &sealing, empty).await, (3, 1, false));
    let one_wrong = Details {
        cin: "ZZ100002",
        ..known("90000001")
    };
    assert_eq!(work(&db.pool, &sealing, one_wrong).await, (3, 1, false));
}
