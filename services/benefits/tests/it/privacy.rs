//! What is written anywhere while a health request is made: neither log nor table shows a reason, a person concerned, a paper or an account;
//! the benefit's code and number stand in the application's own row and nowhere else.

use std::io::Write;
use std::sync::{Arc, Mutex};

use benefits_proto::v1::WithdrawApplicationRequest;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::layer::SubscriberExt as _;

use crate::support::{AID, Member, TestApp, key};

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Log {
    fn text(&self) -> String {
        String::from_utf8_lossy(&self.0.lock().expect("no writer panicked")).into_owned()
    }
}

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0
            .lock()
            .expect("no writer panicked")
            .extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Log {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

/// A request refused, sent and withdrawn, and a stranger's look at it.
async fn journey(member: &Member<'_>, stranger: &Member<'_>) {
    let id = member.start().await.application_id;
    member.submit(&id).await.expect_err("it is incomplete");
    let draft = member.complete_draft("oncology").await;
    stranger
        .submit(&draft.application_id)
        .await
        .expect_err("it is another's");
    let sent = member.submit(&draft.application_id).await.expect("it is sent");
    let request = WithdrawApplicationRequest {
        application_id: sent.application_id,
        idempotency_key: key(),
    };
    member
        .applications()
        .withdraw_application(member.request(request))
        .await
        .expect("it is taken back");
}

/// Another request of the same member, examined and granted, with a look of somebody who may not.
async fn examination(member: &Member<'_>) {
    let draft = member.complete_draft("oncology").await;
    let sent = member.submit(&draft.application_id).await.expect("it is sent");
    let team = crate::agents::team(member.app);
    let file = team.granted(&sent.application_id, 1_234_500).await;
    let paper = sent.answers.expect("answers").papers[0].document_id.clone();
    let reason = benefits_proto::v1::OpeningReason::Appeal;
    team.officer
        .open(&sent.application_id, &paper, reason)
        .await
        .expect_err("not theirs to read");
    team.officer
        .note(&sent.application_id, "vu avec le guichet")
        .await
        .expect("a note");
    team.validator.grant(&file).await.expect_err("it was decided");
}

fn private(member: &Member<'_>) -> Vec<String> {
    let words = ["oncology", "specimen.pdf", "1984-02-29", "2015-11-30"].map(str::to_owned);
    words
        .into_iter()
        .chain([member.child(), member.bank_account()])
        .collect()
}

#[tokio::test]
async fn no_log_line_shows_what_a_health_request_is_about() {
    let log = Log::default();
    let filter = "info,benefits=trace,platform=trace,bus=trace,auth=trace,sqlx=trace";
    let subscriber = tracing_subscriber::registry()
        .with(filter.parse::<Targets>().expect("a filter"))
        .with(tracing_subscriber::fmt::layer().with_writer(log.clone()));
    // Every task of the test runs on this thread.
    let _until_the_end = tracing::subscriber::set_default(subscriber);
    let app = TestApp::start().await;
    let (member, stranger) = (app.member().await, app.stranger());
    journey(&member, &stranger).await;
    examination(&member).await;
    app.drain_outbox().await;
    let text = log.text();
    assert!(
        text.contains("application submitted") && text.contains("restricted"),
        "the log was heard: {text}"
    );
    for word in private(&member).into_iter().chain(
        [
            AID,
            "Aid_X",
            "1234500",
            "617250",
            "avourable",
            "vu avec le guichet",
        ]
        .map(str::to_owned),
    ) {
        assert!(!text.contains(&word), "{word} is in the log");
    }
    app.finish().await;
}

#[tokio::test]
async fn no_table_shows_what_a_health_request_is_about() {
    let app = TestApp::start().await;
    let (member, stranger) = (app.member().await, app.stranger());
    journey(&member, &stranger).await;
    let tables: Vec<String> = sqlx::query_scalar(
        "SELECT relname::text FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
         WHERE relkind IN ('r', 'p') AND NOT relispartition AND nspname = 'public'",
    )
    .fetch_all(app.pool())
    .await
    .expect("the tables");
    assert!(tables.iter().any(|table| table == "audit") && tables.iter().any(|table| table == "outbox"));
    for table in tables {
        let rows: Vec<String> = sqlx::query_scalar(sqlx::AssertSqlSafe(format!(
            "SELECT row_to_json(t)::text FROM {table} t"
        )))
        .fetch_all(app.pool())
        .await
        .expect("its rows");
        // The projection knows families and the ids of accounts; it knows no request.
        let knows_families = table == "member_facts" || table == "member_relatives";
        let text = rows.join("\n");
        for word in private(&member) {
            let is_of_the_request = word == "oncology" || word == "specimen.pdf";
            assert!(
                (knows_families && !is_of_the_request) || !text.contains(&word),
                "{word} is in {table}"
            );
        }
        if table != "applications" {
            assert!(
                !text.contains("Aid_X") && !text.contains(AID),
                "the benefit is in {table}"
            );
        }
    }
    app.finish().await;
}
