//! What is away, and what goes on without it.

use platform::clock::Clock;
use platform::process::ServiceApp as _;
use testkit::TestDb;
use tokio::net::TcpListener;
use tonic::Code;

use crate::support::{Setup, TestApp, settings};

/// Puts a member's facts into the projection, as the subscriber would have before the broker went away.
async fn known_before(app: &TestApp, member: &crate::support::Member<'_>) {
    let facts = member.facts(1);
    let uuid = |text: &str| text.parse::<uuid::Uuid>().expect("an id");
    sqlx::query(
        "INSERT INTO member_facts (member_id, version, person_id, birth_date, sex, province_iso,
             external_services, bank_account_id, recorded_at)
         VALUES ($1, 1, $2, '1980-05-17', 'm', 'MA-RAB', false, $3, $4)",
    )
    .bind(member.id.as_uuid())
    .bind(uuid(&facts.person_id))
    .bind(uuid(&facts.bank_account_id))
    .bind(Clock::system().now())
    .execute(app.pool())
    .await
    .expect("the projection takes it");
    sqlx::query(
        "INSERT INTO member_positions (member_id, position, valid_from) VALUES ($1, 'active', '2005-09-01')",
    )
    .bind(member.id.as_uuid())
    .execute(app.pool())
    .await
    .expect("the projection takes it");
    sqlx::query(
        "INSERT INTO member_relatives (member_id, person_id, relation, birth_date, sex) VALUES ($1, $2, 'child', '2015-11-30', 'f')",
    )
    .bind(member.id.as_uuid())
    .bind(uuid(&member.child()))
    .execute(app.pool())
    .await
    .expect("the projection takes it");
}

#[tokio::test]
async fn without_the_broker_a_request_is_sent_and_its_event_waits() {
    // A port that was free a moment ago: nobody answers there.
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let away = format!("nats://{}", listener.local_addr().expect("an address"));
    drop(listener);
    let app = TestApp::start_with(Setup {
        nats_url: Some(away),
        ..Setup::default()
    })
    .await;
    let member = app.stranger();
    known_before(&app, &member).await;
    let draft = member.complete_draft("oncology").await;
    let sent = member
        .submit(&draft.application_id)
        .await
        .expect("it is sent all the same");
    assert!(sent.request_number.starts_with("1/Aid_X/"));
    assert_eq!(bus::unsent(app.pool()).await.expect("the outbox"), 1);
    app.stop().await;
}

#[tokio::test]
async fn without_the_database_the_catalogue_is_shown_and_a_draft_is_to_be_tried_again() {
    let app = TestApp::start().await;
    let member = app.member().await;
    let admin = testkit::stack::test_addresses()
        .expect("the test stack runs")
        .postgres_url;
    let name = app
        .db
        .url
        .rsplit('/')
        .next()
        .expect("a name")
        .split('?')
        .next()
        .expect("a name")
        .to_owned();
    let admin = sqlx::PgPool::connect(&admin)
        .await
        .expect("the test Postgres answers");
    // Nobody may connect any more, and who is connected is cut off: to the service its database is away.
    for statement in [
        format!("ALTER DATABASE {name} ALLOW_CONNECTIONS false"),
        format!("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'"),
    ] {
        sqlx::query(sqlx::AssertSqlSafe(statement))
            .execute(&admin)
            .await
            .expect("the administrator may");
    }
    let request = benefits_proto::v1::StartApplicationRequest {
        benefit_code: crate::support::AID.to_owned(),
        idempotency_key: crate::support::key(),
    };
    let refused = member
        .applications()
        .start_application(member.request(request))
        .await
        .expect_err("the database is away");
    assert_eq!(refused.code(), Code::Unavailable);
    assert!(platform::status::retry_after(&refused).is_some());
    let listed = member
        .catalogue()
        .list_benefits(member.request(benefits_proto::v1::ListBenefitsRequest {}))
        .await;
    assert_eq!(listed.expect("the catalogue").into_inner().benefits.len(), 35);
    let aid = benefits_proto::v1::GetBenefitRequest {
        benefit_code: crate::support::AID.to_owned(),
    };
    let aid = member.catalogue().get_benefit(member.request(aid)).await;
    assert!(aid.expect("the aid").into_inner().failing_conditions.is_empty());
    app.stop().await;
}

#[tokio::test]
async fn another_service_s_database_is_refused_at_start() {
    let db = TestDb::create("notbenefits", benefits::migrations()).await;
    let keys = testkit::keys();
    let error = match benefits::App::build(settings(&db, &keys), Clock::system()).await {
        Ok(_) => panic!("it must not start"),
        Err(error) => format!("{error:#}"),
    };
    assert!(error.contains("notbenefits"), "{error}");
}
