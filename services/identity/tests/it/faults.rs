//! Each dependency down in turn. Redis has a file of its own.

use platform::settings::Secret;
use tonic::Code;

use crate::support::{Options, PASSWORD, TestApp, reason};

/// Nothing listens there.
const NOBODY: &str = "127.0.0.1:1";

#[tokio::test]
async fn without_rabbitmq_the_form_is_taken_and_its_job_waits_in_the_table() {
    let options = Options {
        settings: Box::new(|settings| settings.common.amqp.url = Secret::new(format!("amqp://{NOBODY}"))),
        ..Options::default()
    };
    let app = TestApp::start_with(options).await;
    let person = app.hire(1);
    app.request_link(&person).await.unwrap();
    assert_eq!(
        (app.count("account_requests").await, app.count("jobs").await),
        (1, 1)
    );
    assert_eq!(app.delivery_ids().await.len(), 0);
}

#[tokio::test]
async fn without_nats_the_link_is_made_and_the_event_waits_in_the_outbox() {
    let options = Options {
        settings: Box::new(|settings| settings.common.nats.url = format!("nats://{NOBODY}")),
        ..Options::default()
    };
    let app = TestApp::start_with(options).await;
    let person = app.hire(1);
    app.request_link(&person).await.unwrap();
    let token = app.link_token(&app.delivery(1).await).await;
    app.set_password(&token, PASSWORD).await.unwrap();
    app.sign_in(&person.matricule, PASSWORD).await.unwrap();
    assert_eq!(bus::unsent(&app.db.pool).await.unwrap(), 2);
}

#[tokio::test]
async fn without_postgres_everything_says_try_again_and_is_back_by_itself() {
    let app = TestApp::start().await;
    let (person, signed_in) = app.member(1).await;
    let form = app.account_form(&person).await;
    let before = (app.count("account_requests").await, app.count("sessions").await);
    let database: String = sqlx::query_scalar("SELECT current_database()")
        .fetch_one(&app.db.pool)
        .await
        .unwrap();
    let admin = sqlx::PgPool::connect(&testkit::stack::test_addresses().unwrap().postgres_url)
        .await
        .unwrap();
    let allow = async |yes: bool| {
        let sql = format!("ALTER DATABASE \"{database}\" WITH ALLOW_CONNECTIONS {yes}");
        sqlx::query(sqlx::AssertSqlSafe(sql))
            .execute(&admin)
            .await
            .unwrap();
        sqlx::query("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1")
            .bind(&database)
            .execute(&admin)
            .await
            .unwrap();
    };
    allow(false).await;
    let refused = app.sign_in(&person.matricule, PASSWORD).await.unwrap_err();
    assert_eq!(
        (refused.code(), reason::<()>(Err(refused)).as_str()),
        (Code::Unavailable, "TRY_AGAIN")
    );
    assert_eq!(reason(app.accounts().request_link(form).await), "TRY_AGAIN");
    assert_eq!(reason(app.access(&signed_in.session_token).await), "TRY_AGAIN");
    allow(true).await;
    testkit::eventually(async || app.access(&signed_in.session_token).await.ok()).await;
    assert_eq!(
        (app.count("account_requests").await, app.count("sessions").await),
        before,
        "no half record"
    );
    app.finish().await;
}
