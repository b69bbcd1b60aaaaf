//! A trip is paid once, whoever asks, and by the workplace of its own day.

use benefits_proto::v1::field_value::Value;
use benefits_proto::v1::*;
use membership_proto::v1::Workplace;

use super::{Trip, page, trip, value};
use crate::agents::{item, refusal, team};
use crate::review_information::resend;
use crate::support::{Member, TestApp, fields, reason};

const DAYS: (&str, &str) = ("2026-11-02", "2026-11-05");

async fn decided(app: &TestApp, member: &Member<'_>, trip: &Trip, grant: bool) -> Application {
    let file = member.send_air(trip).await.expect("it is sent");
    let id = file.application_id.as_str();
    let team = team(app);
    let taken = team.officer.take(id).await;
    team.officer.propose(&taken).await.expect("a proposal");
    let taken = team.validator.take(id).await;
    if grant {
        team.validator.grant(&taken).await.expect("a grant");
    } else {
        let refusal = refusal("papers_insufficient");
        let refused = team.validator.decide(&taken, Some(refusal)).await;
        refused.expect("a refusal");
    }
    member.get(id).await
}

#[tokio::test]
async fn a_trip_that_was_granted_is_not_paid_again_to_whichever_parent_and_a_refused_one_may_be_asked_for_again()
 {
    let app = TestApp::start().await;
    let mother = app.traveller().await;
    let mut father = app.stranger();
    father.demo_time = mother.demo_time;
    father
        .becomes_known(|facts| {
            facts.external_services = true;
            facts.province_iso = "MA-LAA".to_owned();
            facts.relatives[1].person_id = mother.child();
        })
        .await;
    let same = trip(DAYS.0, DAYS.1);
    decided(&app, &mother, &same, false).await;
    decided(&app, &mother, &same, true).await;
    let dearer = Trip {
        centimes: 250_000,
        ..same.clone()
    };
    assert_eq!(reason(mother.send_air(&dearer).await), "ALREADY_GRANTED");
    let draft = father.complete_air(&mother.child(), &same).await;
    assert_eq!(
        reason(father.submit(&draft.application_id).await),
        "ALREADY_GRANTED"
    );
    assert_eq!(
        app.count("SELECT count(*) FROM applications WHERE state = 'approved'")
            .await,
        1
    );
    assert_eq!(
        app.count("SELECT sum(used)::bigint FROM ceiling_counters").await,
        1
    );
    app.finish().await;
}

#[tokio::test]
async fn another_trip_is_not_corrected_into_one_that_was_granted() {
    let app = TestApp::start().await;
    let member = app.traveller().await;
    decided(&app, &member, &trip(DAYS.0, DAYS.1), true).await;
    let other = member
        .send_air(&trip("2026-11-03", DAYS.1))
        .await
        .expect("it is sent");
    let id = other.application_id.as_str();
    let officer = team(&app).officer;
    let taken = officer.take(id).await;
    let asked = item("outward_on", "", InformationCause::Incorrect);
    officer.ask(&taken, vec![asked]).await.expect("it is asked");
    let day = value("outward_on", Value::Date(DAYS.0.to_owned()));
    member
        .answer(id, page("trip", vec![day]))
        .await
        .expect("it is answered");
    assert_eq!(reason(resend(&member, id).await), "ALREADY_GRANTED");
    app.finish().await;
}

#[tokio::test]
async fn no_two_rows_of_one_trip_are_granted_whatever_wrote_them() {
    let app = TestApp::start().await;
    let member = app.traveller().await;
    decided(&app, &member, &trip(DAYS.0, DAYS.1), true).await;
    member
        .send_air(&trip("2026-11-10", "2026-11-12"))
        .await
        .expect("it is sent");
    let twice = sqlx::query(
        "UPDATE applications SET open_request_key = (SELECT open_request_key FROM applications WHERE state = 'approved')",
    )
    .execute(app.pool())
    .await;
    let error = twice.expect_err("the index holds it").to_string();
    assert!(error.contains("applications_granted_once"), "{error}");
    app.finish().await;
}

fn workplace(province: &str, external_services: bool, from: &str) -> Workplace {
    Workplace {
        province_iso: province.to_owned(),
        external_services,
        from: from.to_owned(),
    }
}

/// A member who works in Rabat by now, or in Laâyoune.
async fn transferred<'a>(app: &'a TestApp, away: bool, on: &str) -> Member<'a> {
    let mut member = app.stranger();
    member.demo_time = Some(super::DAY);
    let place = |there: bool, from: &str| {
        if there {
            workplace("MA-LAA", true, from)
        } else {
            workplace("MA-RAB", false, from)
        }
    };
    member
        .becomes_known(|facts| {
            facts.external_services = !away;
            facts.province_iso = if away { "MA-RAB" } else { "MA-LAA" }.to_owned();
            facts.workplaces = vec![place(away, ""), place(!away, on)];
        })
        .await;
    member
}

#[tokio::test]
async fn who_was_transferred_after_flying_is_paid_and_who_came_afterwards_is_not() {
    let app = TestApp::start().await;
    let trip = trip(DAYS.0, DAYS.1);
    let left = transferred(&app, true, "2026-11-03").await;
    let granted = decided(&app, &left, &trip, true).await;
    assert_eq!(granted.state(), ApplicationState::Approved);

    let came = transferred(&app, false, "2026-11-03").await;
    let refused = came.send_air(&trip).await;
    assert_eq!(
        fields(refused.clone()),
        ["external_services", "province_listed"]
            .map(|code| (code.to_owned(), "CONDITION_NOT_HELD".to_owned()))
    );
    assert_eq!(reason(refused), "NOT_ELIGIBLE");

    // On the very day of the flight the new place counts.
    let left = transferred(&app, true, DAYS.0).await;
    assert_eq!(reason(left.send_air(&trip).await), "NOT_ELIGIBLE");
    app.finish().await;
}

#[tokio::test]
async fn a_transfer_while_the_file_is_examined_changes_nothing_about_the_trip() {
    let app = TestApp::start().await;
    let member = app.traveller().await;
    let file = member.send_air(&trip(DAYS.0, DAYS.1)).await.expect("it is sent");
    let id = file.application_id.as_str();
    member
        .becomes_known(|facts| {
            facts.version = 2;
            facts.province_iso = "MA-RAB".to_owned();
            facts.workplaces = vec![
                workplace("MA-LAA", true, ""),
                workplace("MA-RAB", false, "2026-11-21"),
            ];
        })
        .await;
    let team = team(&app);
    let taken = team.officer.take(id).await;
    let proposed = team.officer.propose(&taken).await.expect("a proposal");
    assert!(proposed.conditions.iter().all(|condition| condition.held));
    let taken = team.validator.take(id).await;
    team.validator.grant(&taken).await.expect("a grant");
    app.finish().await;
}
