//! The instant that a demonstration's loader names: numbers, dates and trail agree with it; elsewhere it is refused.

use benefits_proto::v1::{GetApplicationRequest, ListBenefitsRequest};

use crate::support::{Setup, TestApp, fields, id};

#[tokio::test]
async fn a_file_of_last_year_has_last_year_s_number_and_dates() {
    let app = TestApp::start().await;
    let mut member = app.member().await;
    // Half past midnight of New Year in Casablanca is still the old year in UTC.
    member.demo_time = Some("2025-12-31T23:30:00Z");
    let draft = member.complete_draft("oncology").await;
    let sent = member.submit(&draft.application_id).await.expect("it is sent");
    assert_eq!(sent.request_number, "1/Aid_X/2026");
    assert_eq!(sent.submitted_at.map(|at| at.seconds), Some(1_767_223_800));
    member.demo_time = Some("2025-10-02T10:00:00Z");
    let earlier = member.complete_draft("cost_surplus").await;
    let earlier = member.submit(&earlier.application_id).await.expect("it is sent");
    assert_eq!(earlier.request_number, "1/Aid_X/2025");
    let outside = app
        .count("SELECT count(*) FROM audit WHERE at > '2026-01-01'")
        .await;
    assert_eq!(outside, 0, "the trail has the named instants");
    app.finish().await;
}

#[tokio::test]
async fn in_a_demonstration_a_member_cannot_name_an_instant() {
    let app = TestApp::start().await;
    let member = app.stranger();
    let own = app.keys.member_token("benefits", member.id, member.account);
    for token in [None, Some(own)] {
        let mut request = member.request(GetApplicationRequest {
            application_id: id().to_string(),
        });
        let metadata = request.metadata_mut();
        metadata.insert(
            "tadamon-demo-time",
            "2025-10-02T10:00:00Z".parse().expect("metadata"),
        );
        if let Some(token) = token {
            metadata.insert("tadamon-demo-token", token.parse().expect("metadata"));
        }
        let refused = member.applications().get_application(request).await;
        assert_eq!(
            fields(refused),
            [("tadamon-demo-token".to_owned(), "DEMO_TIME_REFUSED".to_owned())]
        );
    }
    app.finish().await;
}

#[tokio::test]
async fn outside_a_demonstration_a_named_instant_is_refused() {
    let app = TestApp::start_with(Setup {
        demonstration: false,
        ..Setup::default()
    })
    .await;
    let mut member = app.stranger();
    member.demo_time = Some("2025-10-02T10:00:00Z");
    let request = GetApplicationRequest {
        application_id: id().to_string(),
    };
    let refused = member
        .applications()
        .get_application(member.request(request))
        .await;
    assert_eq!(
        fields(refused),
        [("tadamon-demo-time".to_owned(), "DEMO_TIME_REFUSED".to_owned())]
    );
    // The catalogue has no dates to write down.
    assert!(
        member
            .catalogue()
            .list_benefits(member.request(ListBenefitsRequest {}))
            .await
            .is_ok()
    );
    app.finish().await;
}
