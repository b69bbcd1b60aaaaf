//! The identity check: all details of one living person, or nothing.

use membership_proto::v1::{MatchStaffRecordRequest, MatchStaffRecordResponse};

use crate::support::{TestApp, member, with};

/// The details of member 1, with changes.
fn typed(change: impl FnOnce(&mut MatchStaffRecordRequest)) -> MatchStaffRecordRequest {
    let mut request = MatchStaffRecordRequest {
        matricule: "90000001".into(),
        cin: "ZZ100001".into(),
        position: "active".into(),
        pension_number: String::new(),
        email: "amina1@finances.example".into(),
    };
    change(&mut request);
    request
}

async fn ask(app: &TestApp, request: MatchStaffRecordRequest) -> MatchStaffRecordResponse {
    app.staff_records()
        .match_staff_record(app.as_service("identity", request))
        .await
        .unwrap()
        .into_inner()
}

#[tokio::test]
async fn all_details_of_one_person_match_in_any_spelling() {
    let app = TestApp::start().await;
    app.import(&[with(&member(1), &[])]).await;
    let id = app.member_id("90000001").await.to_string();
    for request in [
        typed(|_| ()),
        typed(|r| r.cin = "zz-100 001".into()),
        typed(|r| r.matricule = "٩٠٠٠٠٠٠١".into()),
        typed(|r| r.email = " Amina1@Finances.example".into()),
    ] {
        let answer = ask(&app, request).await;
        assert_eq!(
            (answer.matched, answer.member_id.as_str(), answer.locale.as_str()),
            (true, id.as_str(), "ar")
        );
        assert_eq!(answer.email.to_lowercase(), "amina1@finances.example");
    }
    app.finish().await;
}

#[tokio::test]
async fn one_wrong_detail_answers_exactly_as_an_unknown_person_does() {
    let app = TestApp::start().await;
    app.import(&[with(&member(1), &[])]).await;
    let nothing = MatchStaffRecordResponse::default();
    for request in [
        typed(|r| r.matricule = "99999999".into()),
        typed(|r| r.matricule = "not a number".into()),
        typed(|r| r.cin = "ZZ100002".into()),
        typed(|r| r.cin = "?".into()),
        typed(|r| r.position = "retired".into()),
        typed(|r| r.position = "director".into()),
        typed(|r| r.email = "other@finances.example".into()),
        typed(|r| r.email = String::new()),
        MatchStaffRecordRequest::default(),
    ] {
        assert_eq!(ask(&app, request).await, nothing);
    }
    app.finish().await;
}

#[tokio::test]
async fn a_retiree_gives_the_pension_number_and_who_has_no_address_or_has_died_never_matches() {
    let app = TestApp::start().await;
    let retired = [("position", "retired"), ("pension_number", "P-1")];
    let report = app.import(&[with(&member(1), &retired)]).await;
    assert_eq!(report.found(), [(2, "pension_number", "BAD_PENSION_NUMBER")]);
    let retired = [("position", "retired"), ("pension_number", "P1")];
    app.import(&[
        with(&member(1), &retired),
        with(&member(2), &[("email", "")]),
        with(&member(3), &[("death_date", "2026-01-01")]),
    ])
    .await;
    let retiree = |number: &str| {
        typed(|r| {
            r.position = "retired".into();
            r.pension_number = number.into();
        })
    };
    assert!(ask(&app, retiree("p 1")).await.matched);
    assert!(!ask(&app, retiree("P2")).await.matched);
    assert!(!ask(&app, retiree("")).await.matched);
    let without_address = typed(|r| {
        r.matricule = "90000002".into();
        r.cin = "ZZ100002".into();
        r.email = String::new();
    });
    assert!(!ask(&app, without_address).await.matched);
    let deceased = typed(|r| {
        r.matricule = "90000003".into();
        r.cin = "ZZ100003".into();
        r.email = "amina3@finances.example".into();
    });
    assert!(!ask(&app, deceased).await.matched);
    app.finish().await;
}
