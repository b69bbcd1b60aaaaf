//! Codes, checks and answers are forgotten in their time; sales are not.

use testkit::{TestDb, TestKeys, eventually};

use crate::support::{Setup, TestApp, settings};

/// The service at a later time, once the sweep of its start has left so many checks; gives back what it stood on.
async fn starts_later(now: &'static str, db: TestDb, keys: TestKeys, checks: i64) -> (TestDb, TestKeys) {
    let setup = Setup {
        now,
        ..Setup::default()
    };
    let settings = settings(&db, &keys);
    let app = TestApp::start_on(setup, db, keys, settings).await;
    eventually(|| async {
        let codes = app.count("SELECT count(*) FROM card_codes").await;
        let answers = app.count("SELECT count(*) FROM partner_requests").await;
        let kept = app.count("SELECT count(*) FROM verifications").await;
        (codes == 0 && answers == 0 && kept == checks).then_some(())
    })
    .await;
    assert_eq!(app.count("SELECT count(*) FROM redemptions").await, 1);
    app.stop().await
}

#[tokio::test]
async fn codes_checks_and_answers_are_forgotten_in_their_time_and_sales_stay() {
    let app = TestApp::start().await;
    let partner = app.coach_company().await;
    let member = app.member().await;
    let code = member.code_of(&member.person()).await;
    let verification = partner.verified(&code).await;
    partner.redeem("k", &partner.sale(&verification)).await;
    app.drain_outbox().await;
    let (db, keys) = app.stop().await;
    // 89 days later the check is there, 91 days later it is not.
    let (db, keys) = starts_later("2027-02-19T09:00:00Z", db, keys, 1).await;
    starts_later("2027-02-21T09:00:00Z", db, keys, 0).await;
}
