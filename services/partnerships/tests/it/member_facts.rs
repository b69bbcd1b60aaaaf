//! The projection follows membership's events, whatever their order, and cards rest on it.

use bus::{Bus, OutgoingEvent, Relay, Wake};
use identity_proto::events::v1::ClientChanged;
use kernel::MemberId;
use membership_proto::events::v1::MemberChanged;
use platform::clock::Clock;
use platform::ids::uuid_v7;
use testkit::{TestDb, TestKeys, eventually};
use tokio_util::sync::CancellationToken;

use crate::support::TestApp;

/// Membership's and identity's side of the bus: an outbox and a relay each, on the test's prefix.
pub(crate) struct Publisher {
    membership: Outbox,
    identity: Outbox,
}

struct Outbox {
    db: TestDb,
    wake: Wake,
}

impl Outbox {
    async fn start(
        service: &'static str,
        keys: &TestKeys,
        prefix: &str,
        shutdown: CancellationToken,
    ) -> Self {
        let migrations = [platform::db::migrations(), bus::migrations()].concat();
        let db = TestDb::create(service, migrations).await;
        let mut settings = testkit::common(&db, keys).nats;
        prefix.clone_into(&mut settings.prefix);
        let bus = Bus::connect(&settings).await.expect("a broker");
        let relay = Relay::new(db.pool.clone(), bus, service);
        let wake = relay.wake();
        tokio::spawn(relay.run(shutdown));
        Self { db, wake }
    }

    async fn publish(&self, event: OutgoingEvent) {
        let mut conn = self.db.pool.acquire().await.expect("a connection");
        bus::enqueue(&mut conn, event)
            .await
            .expect("the event is written");
        drop(conn);
        self.wake.now();
        eventually(|| async { (bus::unsent(&self.db.pool).await.ok()? == 0).then_some(()) }).await;
    }
}

impl Publisher {
    pub(crate) async fn start(keys: &TestKeys, prefix: &str, shutdown: CancellationToken) -> Self {
        Self {
            membership: Outbox::start("membership", keys, prefix, shutdown.clone()).await,
            identity: Outbox::start("identity", keys, prefix, shutdown).await,
        }
    }
}

/// Publishes a member's change as membership does.
pub(crate) async fn publish(app: &TestApp, member: MemberId, version: i64) {
    let message = MemberChanged {
        member_id: member.to_string(),
        version,
    };
    let event = OutgoingEvent::new(
        Clock::system().now(),
        "membership.member.changed.v1",
        member.as_uuid(),
        version,
        "app",
        &message,
    );
    app.publisher().await.membership.publish(event).await;
}

/// Publishes what a client of identity is now, as identity does.
pub(crate) async fn publish_client(
    app: &TestApp,
    client: &str,
    version: i64,
    scopes: &[&str],
    disabled: bool,
) {
    let message = ClientChanged {
        client_id: client.to_owned(),
        kind: "partner".to_owned(),
        scopes: scopes.iter().map(|scope| (*scope).to_owned()).collect(),
        disabled,
    };
    let now = Clock::system().now();
    let event = OutgoingEvent::new(
        now,
        "identity.client.changed.v1",
        uuid_v7(now),
        version,
        "app",
        &message,
    );
    app.publisher().await.identity.publish(event).await;
}

#[tokio::test]
async fn an_old_event_that_comes_late_brings_nothing_old_back() {
    let app = TestApp::start().await;
    app.coach_company().await;
    let member = app.stranger();
    member
        .becomes_known(|facts| {
            facts.version = 3;
            facts.relatives.clear();
        })
        .await;
    // The event of version 1 comes now; membership answers with what it had then, as a replica that lags would.
    app.membership.set(member.facts(1));
    publish(&app, member.id, 1).await;
    // A later member's event was followed, so the late one was too.
    assert_ne!(app.member().await.id, member.id);
    let cards = member.issue().await.expect("codes");
    assert_eq!(cards.len(), 1, "the family of version 1 is not back");
    app.finish().await;
}

#[tokio::test]
async fn a_position_that_is_known_ahead_counts_from_its_day_on_without_another_event() {
    let app = TestApp::start().await;
    app.coach_company().await;
    let member = app.stranger();
    member
        .becomes_known(|facts| facts.positions[0].from = "2026-11-23".to_owned())
        .await;
    assert_eq!(
        member.issue().await.expect("cards")[0].reason,
        "POSITION_NOT_COVERED"
    );
    app.minutes_pass(24 * 60);
    member.code_of(&member.person()).await;
    app.finish().await;
}

#[tokio::test]
async fn a_record_that_cannot_be_is_parked_and_keeps_nobody_else_waiting() {
    let app = TestApp::start().await;
    let strange = app.stranger();
    let mut facts = strange.facts(1);
    facts.positions[0].position = "astronaut".to_owned();
    app.membership.set(facts);
    publish(&app, strange.id, 1).await;
    app.member().await;
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
