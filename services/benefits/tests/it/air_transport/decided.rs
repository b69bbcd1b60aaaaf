//! What decisions do to a traveller's trips: a refusal gives the use back, a grant keeps it, a corrected day moves it.

use benefits_proto::v1::field_value::Value;
use benefits_proto::v1::*;

use super::{Trip, page, trip, uses, value};
use crate::agents::{item, refusal, state, team};
use crate::support::{Member, TestApp, key};

async fn sent(member: &Member<'_>, days: &[(&'static str, &'static str)]) -> Vec<Application> {
    let mut files = Vec::new();
    for (outward, back) in days {
        let file = member.send_air(&trip(outward, back)).await;
        files.push(file.expect("it is sent"));
    }
    files
}

const FOUR: [(&str, &str); 4] = [
    ("2026-09-01", "2026-09-03"),
    ("2026-10-01", "2026-10-03"),
    ("2026-10-11", "2026-10-13"),
    ("2026-11-01", "2026-11-02"),
];

#[tokio::test]
async fn an_officer_proposes_thirty_per_cent_of_the_ticket_and_another_person_grants_it() {
    let app = TestApp::start().await;
    let member = app.traveller().await;
    let file = member
        .send_air(&Trip {
            centimes: 123_455,
            ..super::TRIP
        })
        .await
        .expect("it is sent");
    let team = team(&app);
    let proposed = team.officer.take(&file.application_id).await;
    assert_eq!(state(&proposed).1, ReviewStep::Examination, "no medical opinion");
    let ceiling = proposed.ceiling.as_ref().expect("a ceiling");
    assert_eq!(
        (ceiling.unit.as_str(), ceiling.left, ceiling.limit),
        ("uses", 4, 4),
        "without this one"
    );
    let proposed = team.officer.propose(&proposed).await.expect("a proposal");
    let proposal = proposed.proposal.expect("a proposal");
    assert_eq!(proposal.amount_centimes, 37_037);
    let taken = team.validator.take(&file.application_id).await;
    team.validator.grant(&taken).await.expect("a grant");
    let granted = member.get(&file.application_id).await;
    assert_eq!(granted.state(), ApplicationState::Approved);
    let decision = granted.decision.clone().expect("a decision");
    assert_eq!(decision.amount_centimes, 37_037);
    assert_eq!(uses(&granted), (3, 4, 2026));
    assert_eq!(
        app.count("SELECT count(*) FROM ceiling_lines WHERE state = 'committed'")
            .await,
        1
    );
    app.finish().await;
}

#[tokio::test]
async fn a_refused_trip_gives_its_use_back_and_a_granted_one_does_not() {
    let app = TestApp::start().await;
    let member = app.traveller().await;
    let files = sent(&member, &FOUR).await;
    assert_eq!(uses(&files[3]), (0, 4, 2026));
    let team = team(&app);
    let validated = async |file: &Application| {
        let taken = team.officer.take(&file.application_id).await;
        team.officer.propose(&taken).await.expect("a proposal");
        team.validator.take(&file.application_id).await
    };
    let taken = validated(&files[0]).await;
    team.validator.grant(&taken).await.expect("a grant");
    assert_eq!(uses(&member.get(&files[1].application_id).await), (0, 4, 2026));

    let reasons = validated(&files[1]).await;
    team.validator
        .decide(&reasons, Some(refusal("papers_insufficient")))
        .await
        .expect("a refusal");
    let refused = member.get(&files[1].application_id).await;
    assert_eq!(refused.state(), ApplicationState::Rejected);
    assert_eq!(uses(&refused), (1, 4, 2026));
    // A new fourth trip is possible, and no fifth.
    let fourth = member.send_air(&trip("2026-11-10", "2026-11-12")).await;
    assert_eq!(uses(&fourth.expect("it is sent")), (0, 4, 2026));
    assert!(member.send_air(&trip("2026-11-14", "2026-11-15")).await.is_err());
    app.finish().await;
}

#[tokio::test]
async fn a_day_that_the_member_corrects_moves_the_use_to_its_year() {
    let app = TestApp::start().await;
    let mut member = app.traveller().await;
    member.demo_time = Some("2026-01-20T10:00:00Z");
    let file = member
        .send_air(&trip("2026-01-02", "2026-01-05"))
        .await
        .expect("it is sent");
    assert_eq!(uses(&file), (3, 4, 2026));
    let team = team(&app);
    let taken = team.officer.take(&file.application_id).await;
    let incorrect = item("outward_on", "", InformationCause::Incorrect);
    team.officer
        .ask(&taken, vec![incorrect])
        .await
        .expect("the member is asked");
    let corrected = page(
        "trip",
        vec![value("outward_on", Value::Date("2025-12-30".to_owned()))],
    );
    member
        .answer(&file.application_id, corrected)
        .await
        .expect("the answer is taken");
    let request = ResendApplicationRequest {
        application_id: file.application_id.clone(),
        idempotency_key: key(),
        expected_version: 0,
    };
    let resent = member
        .applications()
        .resend_application(member.request(request))
        .await
        .expect("it is sent again")
        .into_inner()
        .application
        .expect("an application");
    assert_eq!(resent.request_number, file.request_number);
    assert_eq!(uses(&resent), (3, 4, 2025));
    assert_eq!(
        app.count("SELECT used FROM ceiling_counters WHERE year = 2026")
            .await,
        0
    );
    app.finish().await;
}
