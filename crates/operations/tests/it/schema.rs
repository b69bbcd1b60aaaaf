//! Binaries go back, the schema stays: an older program on a newer database, and what is refused all the same.

use std::time::Duration;

use chrono::{DateTime, Utc};
use platform::clock::Clock;
use platform::db::{DbError, check, migrate};
use platform::settings::{PostgresSettings, Secret};
use sqlx::migrate::{Migration, MigrationType};
use sqlx::{AssertSqlSafe, Executor as _, SqlSafeStr as _};
use testkit::TestDb;

const SERVICE: &str = "rollback";

fn own() -> Vec<Migration> {
    platform::db::merge(vec![platform::db::migrations(), bus::migrations()])
}

/// What a later version brings.
fn later() -> Vec<Migration> {
    let sql = AssertSqlSafe("CREATE TABLE of_the_next_version (id uuid PRIMARY KEY)".to_owned());
    let next = Migration::new(
        20_991_231_000_000,
        "create of the next version".into(),
        MigrationType::Simple,
        sql.into_sql_str(),
        false,
    );
    platform::db::merge(vec![own(), vec![next]])
}

fn settings(db: &TestDb) -> PostgresSettings {
    PostgresSettings {
        url: Secret::new(db.url.clone()),
        max_connections: 2,
    }
}

fn now() -> DateTime<Utc> {
    Clock::system().now()
}

#[tokio::test]
async fn an_older_program_migrates_and_serves_on_a_newer_schema_and_leaves_it_as_it_is() {
    let db = TestDb::create(SERVICE, own()).await;
    let at = settings(&db);
    migrate(&at, SERVICE, later(), now()).await.unwrap();

    migrate(&at, SERVICE, own(), now()).await.unwrap();
    check(&at, SERVICE, &own()).await.unwrap();
    db.pool
        .execute("INSERT INTO of_the_next_version VALUES ('01936f6e-0000-7000-8000-000000000001')")
        .await
        .expect("the newer table is still there");
    let versions: i64 = sqlx::query_scalar("SELECT count(*) FROM _sqlx_migrations")
        .fetch_one(&db.pool)
        .await
        .unwrap();
    assert_eq!(usize::try_from(versions).unwrap(), later().len());

    // And forward again.
    migrate(&at, SERVICE, later(), now()).await.unwrap();
    check(&at, SERVICE, &later()).await.unwrap();
}

#[tokio::test]
async fn a_newer_program_does_not_serve_before_its_migrations_are_applied() {
    let db = TestDb::create(SERVICE, own()).await;
    let error = check(&settings(&db), SERVICE, &later()).await.unwrap_err();
    assert!(matches!(
        error,
        DbError::Behind {
            missing: 1,
            first: 20_991_231_000_000
        }
    ));
    assert!(
        error.to_string().contains("run the command `migrate` first"),
        "{error}"
    );
}

#[tokio::test]
async fn a_schema_that_another_line_of_versions_made_is_refused_by_migrate_and_serve_and_not_altered() {
    let db = TestDb::create(SERVICE, own()).await;
    let at = settings(&db);
    let first = own()[0].version;
    for (injected, mended, word) in [
        (
            "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) VALUES (20200101000000, 'x', true, '\\x00', 0)"
                .to_owned(),
            "DELETE FROM _sqlx_migrations WHERE version = 20200101000000".to_owned(),
            "20200101000000, which this version does not know",
        ),
        (
            format!("UPDATE _sqlx_migrations SET checksum = '\\x00' || checksum WHERE version = {first}"),
            format!("UPDATE _sqlx_migrations SET checksum = substr(checksum, 2) WHERE version = {first}"),
            "has other words than in this version",
        ),
        (
            format!("UPDATE _sqlx_migrations SET success = false WHERE version = {first}"),
            format!("UPDATE _sqlx_migrations SET success = true WHERE version = {first}"),
            "began in the database and did not end",
        ),
    ] {
        db.pool.execute(AssertSqlSafe(injected)).await.unwrap();
        // What it would have brought must not be there afterwards.
        for refused in [
            migrate(&at, SERVICE, later(), now()).await.unwrap_err(),
            check(&at, SERVICE, &own()).await.unwrap_err(),
        ] {
            assert!(refused.to_string().contains(word), "{refused}");
        }
        let altered: bool = sqlx::query_scalar("SELECT to_regclass('of_the_next_version') IS NOT NULL")
            .fetch_one(&db.pool)
            .await
            .unwrap();
        assert!(!altered);
        db.pool.execute(AssertSqlSafe(mended)).await.unwrap();
        check(&at, SERVICE, &own()).await.unwrap();
    }
}

#[tokio::test]
async fn another_service_s_database_is_refused_and_one_that_is_away_is_waited_for() {
    let db = TestDb::create(SERVICE, own()).await;
    let error = check(&settings(&db), "benefits", &own()).await.unwrap_err();
    assert!(
        error.to_string().contains("belongs to the service rollback"),
        "{error}"
    );
    let error = migrate(&settings(&db), "benefits", own(), now())
        .await
        .unwrap_err();
    assert!(matches!(error, DbError::ForeignDatabase { .. }), "{error}");
    let nobody = PostgresSettings {
        url: Secret::new("postgres://nobody@127.0.0.1:1/nothing"),
        max_connections: 2,
    };
    tokio::time::timeout(Duration::from_secs(20), check(&nobody, SERVICE, &own()))
        .await
        .unwrap()
        .unwrap();
}
