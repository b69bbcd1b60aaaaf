//! The journey while something is down: what people do goes on or is told to try again, what must follow follows, and nothing happens twice.

use sqlx::Executor as _;
use testkit::eventually;
use testkit::stack::{PrivateStack, Server, StackAddresses, test_addresses};

use integration_tests::member::{Member, key};
use integration_tests::world::World;

/// Messages of this kind in the inbox table.
const SUBMITTED: &str = "SELECT count(*) FROM messages WHERE kind = 'application_submitted'";

#[tokio::test]
async fn a_request_is_sent_while_only_its_own_service_is_up_and_the_mail_follows() {
    let world = World::start().await;
    let member = Member::active();
    world.import(member.lines()).await;
    let id = {
        let signed_in = member.opens_an_account(&world).await;
        signed_in.fills_in_everything("oncology").await.application_id
    };
    member.mails_come(2).await;
    for service in ["membership", "documents", "notifications"] {
        world.kill(service);
    }
    let signed_in = member.signs_in(&world).await;
    signed_in
        .submits(&id, &key())
        .await
        .expect("a submission needs no other service");
    for service in ["membership", "documents", "notifications"] {
        world.start_again(service).await;
    }
    let mails = member.mails_come(3).await;
    assert_eq!(mails.len(), 3, "one mail for one request");
}

#[tokio::test]
async fn a_killed_service_comes_back_and_nothing_is_told_twice() {
    let world = World::start().await;
    let member = Member::active();
    world.import(member.lines()).await;
    let id = {
        let signed_in = member.opens_an_account(&world).await;
        let draft = signed_in.fills_in_everything("oncology").await;
        signed_in
            .submits(&draft.application_id, &key())
            .await
            .expect("the request is sent");
        draft.application_id
    };
    // No drain: whatever was in flight is in flight no more.
    world.kill("benefits");
    world.kill("notifications");
    world.start_again("benefits").await;
    world.start_again("notifications").await;
    member.mails_come(3).await;
    let signed_in = member.signs_in(&world).await;
    let again = signed_in.submits(&id, &key()).await.expect("the file stands");
    assert!(!again.request_number.is_empty());
    assert_eq!(
        world.count("notifications", SUBMITTED).await,
        1,
        "one message for one request"
    );
}

/// Who watches must see it: a subscriber that cannot apply what it has asks for nothing more.
#[tokio::test]
async fn a_subscriber_whose_peer_is_away_shows_what_it_has_not_applied_and_that_it_fails() {
    let world = World::start().await;
    world.kill("benefits");
    for _ in 0..3 {
        world.import(Member::active().lines()).await;
    }
    let unsent = "SELECT count(*) FROM outbox WHERE stream_sequence IS NULL";
    eventually(async || (world.count("membership", unsent).await == 0).then_some(())).await;
    world.kill("membership");
    world.start_again("benefits").await;
    let shows = async |measure: &str| {
        let name = format!("{measure}{{subscriber=\"benefits-member-facts\"}} ");
        let measures = world.service("benefits").measures().await;
        let value = measures.lines().find_map(|line| line.strip_prefix(&name));
        value.and_then(|value| value.parse::<i64>().ok())
    };
    eventually(async || (shows("subscriber_failures_total").await? >= 2).then_some(())).await;
    eventually(async || (shows("subscriber_lag_events").await? == 3).then_some(())).await;
    assert_eq!(shows("subscriber_applied_events_total").await, Some(0));
    // By this age the autoscaler adds pods: it grows while nothing is applied.
    let age = shows("subscriber_oldest_age_seconds").await;
    assert!(age.is_some());
    eventually(async || (shows("subscriber_oldest_age_seconds").await > age).then_some(())).await;
    world.start_again("membership").await;
    for measure in ["subscriber_lag_events", "subscriber_oldest_age_seconds"] {
        eventually(async || (shows(measure).await? == 0).then_some(())).await;
    }
    assert_eq!(shows("subscriber_applied_events_total").await, Some(3));
    // It cannot listen at all: what it saw before is shown no longer.
    let mut database = world.database_of("benefits").await;
    database
        .execute("ALTER TABLE dead_letters RENAME TO away")
        .await
        .expect("no rows are touched");
    for measure in ["subscriber_lag_events", "subscriber_oldest_age_seconds"] {
        eventually(async || shows(measure).await.is_none().then_some(())).await;
    }
    database
        .execute("ALTER TABLE away RENAME TO dead_letters")
        .await
        .expect("no rows are touched");
    for measure in ["subscriber_lag_events", "subscriber_oldest_age_seconds"] {
        eventually(async || (shows(measure).await? == 0).then_some(())).await;
    }
}

#[tokio::test]
async fn private_stack_a_request_is_sent_while_nats_is_down_and_its_mail_follows() {
    let stack = PrivateStack::start(&[Server::Nats]).expect("a private NATS");
    let private = stack.addresses().clone();
    let world = World::start_on(StackAddresses {
        nats_url: private.nats_url,
        nats_admin: private.nats_admin,
        ..test_addresses().expect("the test stack runs")
    })
    .await;
    let member = Member::active();
    world.import(member.lines()).await;
    let signed_in = member.opens_an_account(&world).await;
    let draft = signed_in.fills_in_everything("oncology").await;
    member.mails_come(2).await;
    stack.kill(Server::Nats).expect("NATS is killed");
    let sent = signed_in
        .submits(&draft.application_id, &key())
        .await
        .expect("the broker is not asked");
    assert!(!sent.request_number.is_empty());
    let unsent = "SELECT count(*) FROM outbox WHERE stream_sequence IS NULL";
    assert_eq!(world.count("benefits", unsent).await, 1, "the event waits");
    stack.start_again(Server::Nats).expect("NATS starts again");
    eventually(async || (world.count("benefits", unsent).await == 0).then_some(())).await;
    let mails = member.mails_come(3).await;
    assert_eq!(mails.len(), 3, "one mail for one request");
}
