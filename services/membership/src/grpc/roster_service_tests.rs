//! Who holds the only lock does not hold it for ever: a silent client, one that does not read, and the end of the process.

use std::sync::Arc;

use platform::audit::Actor;
use platform::clock::Clock;
use platform::status::reason;
use testkit::{TestDb, eventually};

use super::*;
use crate::domain::roster::Column;
use crate::sealing::Sealing;

fn opening() -> Opening {
    let header: Vec<&str> = Column::ALL.iter().map(|column| column.name()).collect();
    Opening {
        header: header.join(";"),
        dry_run: false,
        file_sha256: "0".repeat(64),
    }
}

fn actor() -> Actor {
    Actor {
        kind: "app".to_owned(),
        id: "tadamon-cli".to_owned(),
    }
}

async fn service() -> (TestDb, ImportRoster) {
    let db = TestDb::create("membership", crate::migrations()).await;
    let import = ImportRoster {
        pool: db.pool.clone(),
        sealing: Arc::new(Sealing::open(&testkit::keys().directory()).unwrap()),
        wake: bus::Wake::default(),
        clock: Clock::system(),
    };
    (db, import)
}

fn chunk() -> Result<ImportRosterRequest, Status> {
    let chunk = import_roster_request::Part::Chunk(RosterChunk { lines: Vec::new() });
    Ok(ImportRosterRequest { part: Some(chunk) })
}

/// The recorded outcomes, once another import gets the lock.
async fn outcomes_when_free(db: &TestDb, import: &ImportRoster) -> Vec<String> {
    let outcomes: Vec<String> = sqlx::query_scalar("SELECT outcome FROM roster_imports")
        .fetch_all(&db.pool)
        .await
        .unwrap();
    let next = eventually(async || import.open(opening(), actor()).await.ok()).await;
    next.interrupt().await;
    outcomes
}

fn at_once() -> Waiting {
    Waiting {
        silence: Duration::from_millis(1),
        ending: CancellationToken::new(),
    }
}

#[tokio::test]
async fn a_client_that_falls_silent_is_given_up_and_leaves_the_lock() {
    let (db, import) = service().await;
    let running = import.open(opening(), actor()).await.unwrap();
    let (answers, mut received) = mpsc::channel(ANSWERS_WAITING);
    run(running, futures::stream::pending(), answers, at_once()).await;
    let refusal = received.recv().await.unwrap().unwrap_err();
    assert_eq!(reason(&refusal).as_deref(), Some("IMPORT_SILENT"));
    assert_eq!(outcomes_when_free(&db, &import).await, ["interrupted"]);
}

#[tokio::test]
async fn a_client_that_sends_and_never_reads_is_given_up_too() {
    let (db, import) = service().await;
    let running = import.open(opening(), actor()).await.unwrap();
    let (answers, mut received) = mpsc::channel(ANSWERS_WAITING);
    run(running, futures::stream::repeat_with(chunk), answers, at_once()).await;
    // The answers that had room are there, no further one.
    let mut read = 0;
    while received.recv().await.is_some() {
        read += 1;
    }
    assert_eq!(read, ANSWERS_WAITING);
    assert_eq!(outcomes_when_free(&db, &import).await, ["interrupted"]);
}

#[tokio::test]
async fn the_end_of_the_process_interrupts_an_import_and_waits_for_its_record() {
    let (db, import) = service().await;
    let (imports, shutdown) = (RunningImports::default(), CancellationToken::new());
    let waiting = Waiting {
        silence: SILENCE,
        ending: imports.ending.clone(),
    };
    let running = import.open(opening(), actor()).await.unwrap();
    let (answers, mut received) = mpsc::channel(ANSWERS_WAITING);
    imports
        .tracker
        .spawn(run(running, futures::stream::pending(), answers, waiting));
    shutdown.cancel();
    imports.end_with(shutdown).await.unwrap();
    let refusal = received.try_recv().unwrap().unwrap_err();
    assert_eq!(refusal.code(), tonic::Code::Unavailable);
    assert_eq!(outcomes_when_free(&db, &import).await, ["interrupted"]);
}
