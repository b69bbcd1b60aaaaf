//! Who bears a payroll number: for identity alone, without a name or an address.

use membership_proto::v1::{FindMemberRequest, FindMemberResponse};
use tonic::Status;

use crate::support::{TestApp, child, member, with};

async fn find(app: &TestApp, matricule: &str) -> Result<FindMemberResponse, Status> {
    find_beside(app, matricule, "").await
}

async fn find_beside(
    app: &TestApp,
    matricule: &str,
    relative_of: &str,
) -> Result<FindMemberResponse, Status> {
    let request = FindMemberRequest {
        matricule: matricule.to_owned(),
        relative_of: relative_of.to_owned(),
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
            is_relative: false,
        }
    );
    assert!(!find(&app, "90000002").await.unwrap().has_address);
    assert_eq!(find(&app, "٩٠٠٠٠٠٠١").await.unwrap(), found);
    app.finish().await;
}

#[tokio::test]
async fn of_one_family_are_a_member_the_other_parent_of_a_child_and_nobody_else() {
    let app = TestApp::start().await;
    let shared = |n| with(&child(n, 1, "Salma", "2015-06-30"), &[("child_key", "C-1")]);
    let alone = |n| with(&member(n), &[]);
    app.import(&[alone(1), shared(1), alone(2), shared(2), alone(3)])
        .await;
    for (matricule, other, related) in [
        ("90000001", "90000001", true),
        ("90000001", "90000002", true),
        ("90000002", "90000001", true),
        ("90000003", "90000001", false),
        ("90000001", "90000003", false),
    ] {
        let other = app.member_id(other).await.to_string();
        let found = find_beside(&app, matricule, &other).await.unwrap();
        assert_eq!(found.is_relative, related, "{matricule} {other}");
    }
    let status = find_beside(&app, "90000001", "x").await.unwrap_err();
    assert_eq!(platform::status::reason(&status).as_deref(), Some("BAD_ID"));
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
