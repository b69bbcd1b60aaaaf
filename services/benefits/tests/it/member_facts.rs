//! The projection follows membership's events, whatever their order, and submissions rest on it.

use benefits_proto::v1::save_answer_request::Answer;
use bus::{Bus, OutgoingEvent, Relay, Wake};
use kernel::MemberId;
use membership_proto::events::v1::MemberChanged;
use membership_proto::v1::PositionPeriod;
use platform::clock::Clock;
use testkit::{TestDb, TestKeys, eventually};
use tokio_util::sync::CancellationToken;

use crate::support::{TestApp, concerned, fields, reason};

/// Membership's side of the bus: an outbox and a relay of its own, on the test's prefix.
pub(crate) struct Publisher {
    db: TestDb,
    wake: Wake,
}

impl Publisher {
    /// The bus as that service writes to it.
    pub(crate) async fn start(
        service: &'static str,
        keys: &TestKeys,
        prefix: &str,
        shutdown: CancellationToken,
    ) -> Self {
        let db = TestDb::create(service, [platform::db::migrations(), bus::migrations()].concat()).await;
        let mut settings = testkit::common(&db, keys).nats;
        prefix.clone_into(&mut settings.prefix);
        let bus = Bus::connect(&settings).await.expect("a broker");
        let relay = Relay::new(db.pool.clone(), bus, service);
        let wake = relay.wake();
        tokio::spawn(relay.run(shutdown));
        Self { db, wake }
    }

    /// Writes the event and waits until it has left.
    pub(crate) async fn publish(&self, event: OutgoingEvent) {
        let mut conn = self.db.pool.acquire().await.expect("a connection");
        bus::enqueue(&mut conn, event)
            .await
            .expect("the event is written");
        drop(conn);
        self.wake.now();
        eventually(|| async { (bus::unsent(&self.db.pool).await.ok()? == 0).then_some(()) }).await;
    }
}

/// Publishes a member's change as membership does.
pub(crate) async fn publish(app: &TestApp, member: MemberId, version: i64) {
    let publisher = app.publisher().await;
    let now = Clock::system().now();
    let message = MemberChanged {
        member_id: member.to_string(),
        version,
    };
    let event = OutgoingEvent::new(
        now,
        "membership.member.changed.v1",
        member.as_uuid(),
        version,
        "app",
        &message,
    );
    publisher.publish(event).await;
}

#[tokio::test]
async fn a_change_at_membership_reaches_the_rules() {
    let app = TestApp::start().await;
    let member = app.member().await;
    let draft = member.complete_draft("oncology").await;
    assert_eq!(draft.missing, Vec::<String>::new());

    // The child is no longer declared and the account was replaced: both are asked for again.
    member
        .becomes_known(|facts| {
            facts.version = 2;
            facts.relatives.pop();
            facts.bank_account_id = member.spouse();
        })
        .await;
    let submitted = member.submit(&draft.application_id).await;
    let missing = |field: &str| (field.to_owned(), "ANSWER_MISSING".to_owned());
    assert_eq!(
        fields(submitted),
        [missing("bank_account"), missing("person_concerned")]
    );
    app.finish().await;
}

#[tokio::test]
async fn a_position_that_is_known_ahead_is_judged_from_its_day_on_without_another_event() {
    let app = TestApp::start().await;
    let mut member = app.stranger();
    let period = |position: &str, from: &str, to: &str| PositionPeriod {
        position: position.to_owned(),
        from: from.to_owned(),
        to: to.to_owned(),
    };
    // Survivors may not apply.
    member
        .becomes_known(|facts| {
            facts.positions = vec![
                period("active", "2005-09-01", "2025-12-31"),
                period("survivor", "2026-01-01", ""),
            ];
        })
        .await;
    // Half past eleven in the evening of the last day, and an hour later: the day is Casablanca's, in UTC it is still the old one.
    member.demo_time = Some("2025-12-31T22:30:00Z");
    let draft = member.complete_draft("oncology").await;
    assert!(member.submit(&draft.application_id).await.is_ok());
    let late = member.complete_draft("cost_surplus").await;
    member.demo_time = Some("2025-12-31T23:30:00Z");
    assert_eq!(reason(member.submit(&late.application_id).await), "NOT_ELIGIBLE");
    app.finish().await;
}

#[tokio::test]
async fn an_old_event_that_comes_late_brings_nothing_old_back() {
    let app = TestApp::start().await;
    let member = app.stranger();
    member
        .becomes_known(|facts| {
            facts.version = 3;
            facts.external_services = true;
        })
        .await;
    // The event of version 1 comes now; membership answers with what it has.
    publish(&app, member.id, 1).await;
    // A later member's event was followed, so the late one was too.
    assert_ne!(app.member().await.id, member.id);
    let (version, external): (i64, bool) =
        sqlx::query_as("SELECT version, external_services FROM member_facts WHERE member_id = $1")
            .bind(member.id.as_uuid())
            .fetch_one(app.pool())
            .await
            .expect("the projection");
    assert_eq!((version, external), (3, true));
    app.finish().await;
}

#[tokio::test]
async fn before_the_facts_arrive_a_draft_can_be_begun_but_not_sent() {
    let app = TestApp::start().await;
    let member = app.stranger();
    let id = member.start().await.application_id;
    assert_eq!(
        reason(member.answer(&id, concerned("member", "")).await),
        "FACTS_UNKNOWN"
    );
    assert!(
        member
            .answer(&id, Answer::ReasonCode("oncology".to_owned()))
            .await
            .is_ok()
    );
    assert_eq!(reason(member.submit(&id).await), "FACTS_UNKNOWN");
    app.finish().await;
}

#[tokio::test]
async fn a_record_that_cannot_be_is_parked_and_keeps_nobody_else_waiting() {
    let app = TestApp::start().await;
    let (strange, member) = (app.stranger(), app.stranger());
    let mut facts = strange.facts(1);
    facts.positions[0].position = "astronaut".to_owned();
    app.membership.set(facts);
    publish(&app, strange.id, 1).await;
    member.becomes_known(|_| {}).await;
    let parked = eventually(|| async {
        let parked: Vec<uuid::Uuid> = sqlx::query_scalar("SELECT aggregate FROM dead_letters")
            .fetch_all(app.pool())
            .await
            .ok()?;
        (!parked.is_empty()).then_some(parked)
    })
    .await;
    assert_eq!(parked, [strange.id.as_uuid()]);
    app.stop().await;
}
