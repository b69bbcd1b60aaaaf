//! A paper that a file names stays; one that no file names goes after 90 days, as the consent notice promises, and leaves a trace.

use benefits_proto::events::v1::{ApplicationResent, ApplicationSubmitted};
use bus::{Bus, OutgoingEvent, Relay, Wake};
use platform::clock::Clock;
use platform::ids::uuid_v7;
use testkit::{TestDb, eventually};
use tokio_util::sync::{CancellationToken, DropGuard};
use uuid::Uuid;

use crate::support::{Someone, TestApp, pdf, someone};

/// Benefits' side of the bus: an outbox and a relay of its own, on the test's prefix.
struct Benefits {
    db: TestDb,
    wake: Wake,
    _until_the_end: DropGuard,
}

impl Benefits {
    async fn start(app: &TestApp) -> Self {
        let db = TestDb::create(
            "benefits",
            [platform::db::migrations(), bus::migrations()].concat(),
        )
        .await;
        let mut settings = testkit::common(&db, &app.keys).nats;
        app.prefix.clone_into(&mut settings.prefix);
        let relay = Relay::new(
            db.pool.clone(),
            Bus::connect(&settings).await.unwrap(),
            "benefits",
        );
        let wake = relay.wake();
        let shutdown = CancellationToken::new();
        tokio::spawn(relay.run(shutdown.clone()));
        Self {
            db,
            wake,
            _until_the_end: shutdown.drop_guard(),
        }
    }

    /// A file of this member with these papers was sent.
    async fn submitted(&self, who: Someone, papers: &[&str], restricted: bool) {
        let now = Clock::system().now();
        let application = uuid_v7(now);
        let message = ApplicationSubmitted {
            application_id: application.to_string(),
            member_id: who.member.to_string(),
            benefit_code: "restricted".to_owned(),
            version: 7,
            document_ids: papers.iter().map(|&id| id.to_owned()).collect(),
        };
        let event = OutgoingEvent::new(
            now,
            "benefits.application.submitted.v1",
            application,
            7,
            "member",
            &message,
        );
        self.tell(if restricted { event.restricted() } else { event })
            .await;
    }

    /// The member sent the corrected file again, with these papers.
    async fn resent(&self, who: Someone, papers: &[&str]) {
        let now = Clock::system().now();
        let application = uuid_v7(now);
        let message = ApplicationResent {
            application_id: application.to_string(),
            member_id: who.member.to_string(),
            benefit_code: "restricted".to_owned(),
            version: 9,
            document_ids: papers.iter().map(|&id| id.to_owned()).collect(),
        };
        let event_type = "benefits.application.resent.v1";
        let event = OutgoingEvent::new(now, event_type, application, 9, "member", &message);
        self.tell(event.restricted()).await;
    }

    async fn tell(&self, event: OutgoingEvent) {
        let mut conn = self.db.pool.acquire().await.unwrap();
        bus::enqueue(&mut conn, event).await.unwrap();
        drop(conn);
        self.wake.now();
    }
}

impl TestApp {
    async fn paper(&self, who: Someone) -> String {
        let answer = self.upload(who, "a.pdf", &pdf()).await.unwrap();
        answer.document.unwrap().document_id
    }

    async fn is_kept(&self, paper: &str) -> bool {
        sqlx::query_scalar("SELECT kept_at IS NOT NULL FROM documents WHERE id = $1")
            .bind(paper.parse::<Uuid>().unwrap())
            .fetch_one(&self.db.pool)
            .await
            .unwrap()
    }

    async fn until_kept(&self, paper: &str) {
        eventually(|| async { self.is_kept(paper).await.then_some(()) }).await;
    }

    /// As if the paper had been taken in so many days ago.
    async fn age(&self, paper: &str, days: i32) {
        sqlx::query(
            "UPDATE documents SET uploaded_at = uploaded_at - make_interval(days => $2) WHERE id = $1",
        )
        .bind(paper.parse::<Uuid>().unwrap())
        .bind(days)
        .execute(&self.db.pool)
        .await
        .unwrap();
    }

    /// What the audit trail says that the purge did to a paper.
    async fn purges(&self, paper: &str) -> Vec<String> {
        sqlx::query_scalar("SELECT actor_kind FROM audit WHERE record_id = $1 AND action = 'purge'")
            .bind(paper.parse::<Uuid>().unwrap())
            .fetch_all(&self.db.pool)
            .await
            .unwrap()
    }
}

#[tokio::test]
async fn papers_of_a_sent_file_are_kept_on_both_subjects() {
    let app = TestApp::start().await;
    let benefits = Benefits::start(&app).await;
    let who = someone();
    let (public, health, unused) = (app.paper(who).await, app.paper(who).await, app.paper(who).await);
    benefits.submitted(who, &[&public], false).await;
    benefits.submitted(who, &[&health], true).await;
    app.until_kept(&public).await;
    app.until_kept(&health).await;
    assert!(!app.is_kept(&unused).await);
    assert_eq!(app.count("dead_letters").await, 0);
    app.finish().await;
}

#[tokio::test]
async fn the_paper_of_a_corrected_file_is_kept_and_another_members_is_not() {
    let app = TestApp::start().await;
    let benefits = Benefits::start(&app).await;
    let (who, other) = (someone(), someone());
    let (corrected, foreign) = (app.paper(who).await, app.paper(other).await);
    benefits.resent(who, &[&foreign, &corrected]).await;
    app.until_kept(&corrected).await;
    assert!(!app.is_kept(&foreign).await);
    assert_eq!(app.count("dead_letters").await, 0);
    app.finish().await;
}

#[tokio::test]
async fn a_file_keeps_no_paper_of_another_member_and_keeps_its_own_once() {
    let app = TestApp::start().await;
    let benefits = Benefits::start(&app).await;
    let (who, other) = (someone(), someone());
    let (own, foreign, last) = (app.paper(who).await, app.paper(other).await, app.paper(who).await);
    benefits.submitted(who, &[&own, &foreign], true).await;
    app.until_kept(&own).await;
    let kept_at = || async {
        sqlx::query_scalar::<_, chrono::DateTime<chrono::Utc>>("SELECT kept_at FROM documents WHERE id = $1")
            .bind(own.parse::<Uuid>().unwrap())
            .fetch_one(&app.db.pool)
            .await
            .unwrap()
    };
    let first = kept_at().await;
    benefits.submitted(who, &[&own], true).await;
    // Events of one subject arrive in their order: with this one, those before it were applied.
    benefits.submitted(who, &[&last], true).await;
    app.until_kept(&last).await;
    assert_eq!(kept_at().await, first);
    assert!(!app.is_kept(&foreign).await);
    app.finish().await;
}

#[tokio::test]
async fn a_paper_that_no_file_names_goes_after_90_days_with_a_trace_and_a_kept_one_stays() {
    let app = TestApp::start().await;
    let benefits = Benefits::start(&app).await;
    let who = someone();
    let (sent, unused, young) = (app.paper(who).await, app.paper(who).await, app.paper(who).await);
    benefits.submitted(who, &[&sent], true).await;
    app.until_kept(&sent).await;
    for (paper, days) in [(&sent, 400), (&unused, 91), (&young, 89)] {
        app.age(paper, days).await;
    }
    // The timer's first turn is at the start of a process.
    let objects = || async { (app.objects().len() == 2).then_some(()) };
    app.start_another_until(objects).await;
    assert_eq!(app.count("documents").await, 2);
    assert_eq!(app.purges(&unused).await, ["system"]);
    assert!(app.purges(&sent).await.is_empty() && app.purges(&young).await.is_empty());
    assert!(app.download(who, &unused, "a look").await.is_err());
    assert_eq!(app.download(who, &sent, "a look").await.unwrap(), pdf());
    assert_eq!(app.download(who, &young, "a look").await.unwrap(), pdf());
    app.finish().await;
}
