//! What is away, and what goes on without it; what a partner is told then holds nothing of the inside.

use platform::clock::Clock;
use platform::process::ServiceApp as _;
use testkit::TestDb;
use tokio::net::TcpListener;

use crate::support::{Setup, TestApp, settings};

#[tokio::test]
async fn without_the_broker_a_sale_is_recorded_and_its_event_waits() {
    let app = TestApp::start().await;
    let partner = app.coach_company().await;
    let member = app.member().await;
    let code = member.code_of(&member.person()).await;
    let verification = partner.verified(&code).await;
    let sale = partner.sale(&verification);
    let (db, keys) = app.stop().await;

    // The same service again, and nobody answers where the broker was.
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let away = listener.local_addr().expect("an address");
    drop(listener);
    let mut settings = settings(&db, &keys);
    settings.common.nats.url = format!("nats://{away}");
    let app = TestApp::start_on(Setup::default(), db, keys, settings).await;
    let partner = crate::partner::Partner::new(&app, "ctm-sandbox");
    partner.verified(&code).await;
    partner.redeemed(&sale).await;
    assert_eq!(bus::unsent(app.pool()).await.expect("the outbox"), 1);
    app.stop().await;
}

#[tokio::test]
async fn without_the_database_a_partner_is_told_to_try_again_and_nothing_of_the_inside() {
    let app = TestApp::start().await;
    let partner = app.coach_company().await;
    let member = app.member().await;
    let code = member.code_of(&member.person()).await;
    let verification = partner.verified(&code).await;
    let admin = testkit::stack::test_addresses()
        .expect("the test stack runs")
        .postgres_url;
    let name = app
        .db
        .url
        .rsplit('/')
        .next()
        .and_then(|name| name.split('?').next())
        .expect("a name")
        .to_owned();
    let admin = sqlx::PgPool::connect(&admin)
        .await
        .expect("the test Postgres answers");
    for statement in [
        format!("ALTER DATABASE {name} ALLOW_CONNECTIONS false"),
        format!("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'"),
    ] {
        sqlx::query(sqlx::AssertSqlSafe(statement))
            .execute(&admin)
            .await
            .expect("the administrator may");
    }
    for answer in [
        partner.verify(&code).await,
        partner.redeem("k", &partner.sale(&verification)).await,
        partner.cancel("k", &verification).await,
    ] {
        assert_eq!((answer.status, answer.reason()), (503, "TRY_AGAIN"));
        assert!(answer.header("retry-after").is_some());
        let text = answer.body.to_string().to_lowercase();
        for word in [
            "postgres",
            "sql",
            "127.0.0.1",
            "connection",
            "redis",
            name.as_str(),
        ] {
            assert!(!text.contains(word), "{text}");
        }
    }
    app.stop().await;
}

#[tokio::test]
async fn another_service_s_database_is_refused_at_start() {
    let db = TestDb::create("notpartnerships", partnerships::migrations()).await;
    let keys = testkit::keys();
    let error = match partnerships::App::build(settings(&db, &keys), Clock::system()).await {
        Ok(_) => panic!("it must not start"),
        Err(error) => format!("{error:#}"),
    };
    assert!(error.contains("notpartnerships"), "{error}");
}
