//! Who bears a payroll number: for identity alone, without a name or an address.

use membership_proto::v1::{FindMemberRequest, FindMemberResponse};
use tonic::Status;

use crate::support::{TestApp, member, with};

async fn find(app: &TestApp, matricule: &str) -> Result<FindMemberResponse, Status> {
    let request = FindMemberRequest {
        matricule: matricule.to_owned(),
    };
    Ok(app
        .staff_records()
        .find_member(app.as_service("identity", request))
        .await?
        .into_inner())
}

#[tokio::test]
async fn a_member_is_found_by_number_with_position_language_and_whether_there_is_an_address() {
    let app = TestApp::start().await;
    app.import(&[with(&member(1), &[]), with(&member(2), &[("email", "")])])
        .await;
    let found = find(&app, "90000001").await.unwrap();
    assert_eq!(
        found,
        FindMemberResponse {
            member_id: app.member_id("90000001").await.to_string(),
            position: "active".into(),
            has_address: true,
            locale: "ar".into(),
        }
    );
    assert!(!find(&app, "90000002").await.unwrap().has_address);
    assert_eq!(find(&app, "٩٠٠٠٠٠٠١").await.unwrap(), found);
    app.finish().await;
}

#[tokio::test]
async fn nobody_is_found_by_a_number_that_is_unknown_none_or_a_deceased_members() {
    let app = TestApp::start().await;
    app.import(&[with(&member(1), &[("death_date", "2026-01-01")])])
        .await;
    for matricule in ["90000001", "99999999", "", "not a number"] {
        let status = find(&app, matricule).await.unwrap_err();
        assert_eq!(
            platform::status::reason(&status).as_deref(),
            Some("MEMBER_NOT_FOUND")
        );
    }
    app.finish().await;
}
