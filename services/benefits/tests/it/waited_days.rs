//! The days that a file waited are written beside it for lists. The version before wrote none: what a migration fills in is what this version would have.

use benefits_proto::v1::InformationCause;
use kernel::permission::Role;

use crate::agents::{agent, item};
use crate::review_information::resend;
use crate::support::TestApp;

type Line = (uuid::Uuid, Option<chrono::DateTime<chrono::Utc>>, Option<i32>);

async fn lines(app: &TestApp) -> Vec<Line> {
    let lines = "SELECT application_id, counted_from, CASE WHEN state = 'information_requested' THEN stands_at_days END
                 FROM applications ORDER BY application_id";
    sqlx::query_as(lines)
        .fetch_all(app.pool())
        .await
        .expect("the files")
}

#[tokio::test]
async fn what_the_version_before_handed_back_or_took_in_is_counted_as_this_version_counts() {
    let app = TestApp::start().await;
    let mut reviewer = agent(&app, &[Role::HealthReviewer]);
    let mut ids = Vec::new();
    for waits in [true, false] {
        let mut member = app.member().await;
        member.demo_time = Some("2026-09-01T10:00:00Z");
        let draft = member.complete_draft("oncology").await;
        let sent = member.submit(&draft.application_id).await.expect("it is sent");
        let id = sent.application_id;
        reviewer.demo_time = Some("2026-09-05T10:00:00Z");
        let file = reviewer.take(&id).await;
        let account = || vec![item("bank_account", "", InformationCause::Incorrect)];
        reviewer.ask(&file, account()).await.expect("it is asked");
        member.demo_time = Some("2026-09-09T10:00:00Z");
        member
            .answer(&id, member.confirmed_account())
            .await
            .expect("it is corrected");
        resend(&member, &id).await.expect("it is sent again");
        if waits {
            reviewer.demo_time = Some("2026-09-15T10:00:00Z");
            let file = reviewer.get(&id).await.expect("the file");
            reviewer.ask(&file, account()).await.expect("it is asked again");
        }
        ids.push(id);
    }
    let right = lines(&app).await;
    let stands: Vec<Option<i32>> = right.iter().map(|line| line.2).collect();
    assert!(stands.contains(&Some(10)) && stands.contains(&None), "{right:?}");
    let again = include_str!("../../migrations/20261123060000_backfill_waited_days.sql");
    for before in [
        "UPDATE applications SET counted_from = NULL, stands_at_days = NULL",
        "UPDATE applications SET counted_from = submitted_at, stands_at_days = 4",
        // Nothing was wrong.
        "SELECT",
    ] {
        sqlx::raw_sql(before)
            .execute(app.pool())
            .await
            .expect("the version before");
        sqlx::raw_sql(again)
            .execute(app.pool())
            .await
            .expect("it is filled in");
        assert_eq!(lines(&app).await, right, "{before}");
    }
    app.finish().await;
}
