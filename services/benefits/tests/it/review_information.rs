//! Information requested: the member is led to the very answer or paper, corrects exactly that, and sends again; the clock goes on.

use benefits_proto::v1::save_answer_request::Answer;
use benefits_proto::v1::*;
use platform::crypto::{FieldCipher, Place};
use tonic::Status;

use crate::agents::{Team, agent, dirhams, item, state, summary, team};
use crate::support::{Member, TestApp, concerned, fields, key, reason};

pub(crate) async fn resend(member: &Member<'_>, application: &str) -> Result<Application, Status> {
    resend_with(member, application, &key()).await
}

async fn resend_with(member: &Member<'_>, application: &str, key: &str) -> Result<Application, Status> {
    resend_as_read(member, application, key, 0).await
}

pub(crate) async fn resend_as_read(
    member: &Member<'_>,
    application: &str,
    key: &str,
    expected_version: i64,
) -> Result<Application, Status> {
    let request = ResendApplicationRequest {
        application_id: application.to_owned(),
        idempotency_key: key.to_owned(),
        expected_version,
    };
    let answer = member
        .applications()
        .resend_application(member.request(request))
        .await?;
    Ok(answer.into_inner().application.expect("an application"))
}

async fn sent(member: &Member<'_>) -> Application {
    let draft = member.complete_draft("oncology").await;
    member.submit(&draft.application_id).await.expect("it is sent")
}

fn paper() -> InformationItem {
    item("", "medical_file", InformationCause::Incomplete)
}

fn account() -> InformationItem {
    item("bank_account", "", InformationCause::Outdated)
}

#[tokio::test]
async fn the_member_is_led_to_the_paper_and_the_answer_corrects_exactly_these_and_sends_again() {
    let app = TestApp::start().await;
    let member = app.member().await;
    let first = sent(&member).await;
    let id = first.application_id.as_str();
    let reviewer = team(&app).reviewer;
    let file = reviewer.take(id).await;
    let file = reviewer
        .ask(&file, vec![paper(), account()])
        .await
        .expect("it is asked");
    assert_eq!(
        state(&file),
        (ApplicationState::InformationRequested, ReviewStep::MedicalOpinion)
    );
    assert!(summary(&file).assignment.as_ref().is_some_and(|held| held.mine));

    let asked = member.get(id).await;
    assert_eq!(asked.state(), ApplicationState::InformationRequested);
    let request = asked.information_requests[0].clone();
    assert_eq!(request.items.len(), 2);
    assert_eq!(
        (request.items[0].paper_code.as_str(), request.items[0].cause()),
        ("medical_file", InformationCause::Incomplete)
    );
    assert_eq!(
        (request.items[1].field.as_str(), request.items[1].cause()),
        ("bank_account", InformationCause::Outdated)
    );

    // What was not asked for stays as it was examined.
    for other in [
        Answer::ReasonCode("cost_surplus".to_owned()),
        concerned("spouse", &member.spouse()),
    ] {
        assert_eq!(reason(member.answer(id, other).await), "ANSWER_NOT_ASKED_FOR");
    }
    assert_eq!(
        fields(resend(&member, id).await),
        ["medical_file", "bank_account"].map(|code| (code.to_owned(), "CORRECTION_INCOMPLETE".to_owned()))
    );
    member
        .answer(id, member.paper(|_| {}))
        .await
        .expect("a new paper");
    assert_eq!(
        fields(resend(&member, id).await),
        [("bank_account".to_owned(), "CORRECTION_INCOMPLETE".to_owned())]
    );
    let half = member.get(id).await;
    let corrected: Vec<bool> = half.information_requests[0]
        .items
        .iter()
        .map(|item| item.corrected)
        .collect();
    assert_eq!(corrected, [true, false]);
    member
        .answer(id, member.confirmed_account())
        .await
        .expect("the account is confirmed again");
    let once = key();
    let again = resend_with(&member, id, &once).await.expect("it is sent again");
    assert_eq!(again.state(), ApplicationState::InReview);
    assert_eq!(again.request_number, first.request_number);
    assert_eq!(
        again.submitted_at, first.submitted_at,
        "the clock keeps the first sending"
    );
    assert!(again.information_requests[0].resent_at.is_some());
    let timeline: Vec<&str> = again.timeline.iter().map(|entry| entry.what.as_str()).collect();
    assert_eq!(
        timeline,
        [
            "started",
            "submitted",
            "in_review",
            "information_requested",
            "resent"
        ]
    );
    // The same request again, and a second press.
    resend_with(&member, id, &once).await.expect("the same answer");
    assert_eq!(reason(resend(&member, id).await), "NOTHING_ASKED");

    // It comes back to whoever asked.
    let file = reviewer.get(id).await.expect("the file");
    assert_eq!(
        state(&file),
        (ApplicationState::InReview, ReviewStep::MedicalOpinion)
    );
    assert!(summary(&file).assignment.as_ref().is_some_and(|held| held.mine));
    let old = first.answers.expect("answers").papers[0].document_id.clone();
    assert_eq!(
        reason(reviewer.open(id, &old, OpeningReason::CorrectedPaper).await),
        "PAPER_NOT_IN_FILE"
    );
    let new = again.answers.expect("answers").papers[0].document_id.clone();
    reviewer
        .open(id, &new, OpeningReason::CorrectedPaper)
        .await
        .expect("a grant");
    app.finish().await;
}

#[tokio::test]
async fn a_new_paper_makes_the_opinion_due_again_and_another_answer_does_not() {
    let app = TestApp::start().await;
    let member = app.member().await;
    let team = team(&app);
    for (asked, answer, step) in [
        (account(), member.confirmed_account(), ReviewStep::Examination),
        (paper(), member.paper(|_| {}), ReviewStep::MedicalOpinion),
    ] {
        let application = sent(&member).await;
        let id = application.application_id.as_str();
        team.opinion(id, dirhams(4_000)).await;
        let file = team.officer.take(id).await;
        team.officer.ask(&file, vec![asked]).await.expect("it is asked");
        member.answer(id, answer).await.expect("it is corrected");
        resend(&member, id).await.expect("it is sent again");
        let file = team.officer.get(id).await.expect("the file");
        assert_eq!(state(&file), (ApplicationState::InReview, step));
        let held = summary(&file).assignment.clone().expect("somebody has it");
        let expected = if step == ReviewStep::Examination {
            team.officer.account
        } else {
            team.reviewer.account
        };
        assert_eq!(held.agent_id, expected.to_string());
        assert_eq!(file.opinion.is_some(), step == ReviewStep::Examination);
        withdraw(&member, id).await;
    }
    app.finish().await;
}

pub(crate) async fn withdraw(member: &Member<'_>, id: &str) -> Application {
    let request = WithdrawApplicationRequest {
        application_id: id.to_owned(),
        idempotency_key: key(),
    };
    let answer = member
        .applications()
        .withdraw_application(member.request(request))
        .await
        .expect("it is withdrawn");
    answer.into_inner().application.expect("an application")
}

#[tokio::test]
async fn a_corrected_reason_may_not_repeat_another_open_request() {
    let app = TestApp::start().await;
    let member = app.member().await;
    let other = member.complete_draft("cost_surplus").await;
    member.submit(&other.application_id).await.expect("it is sent");
    let application = sent(&member).await;
    let id = application.application_id.as_str();
    let reviewer = team(&app).reviewer;
    let file = reviewer.take(id).await;
    reviewer
        .ask(&file, vec![item("reason", "", InformationCause::Incorrect)])
        .await
        .expect("it is asked");
    member
        .answer(id, Answer::ReasonCode("cost_surplus".to_owned()))
        .await
        .expect("it is corrected");
    assert_eq!(reason(resend(&member, id).await), "OPEN_REQUEST_EXISTS");
    member
        .answer(id, Answer::ReasonCode("uncovered_treatment".to_owned()))
        .await
        .expect("it is corrected");
    resend(&member, id).await.expect("it is sent again");
    // The reason that was given up may be asked for again.
    let free = member.complete_draft("oncology").await;
    member.submit(&free.application_id).await.expect("it is sent");
    app.finish().await;
}

#[tokio::test]
async fn a_removed_paper_is_not_a_corrected_one() {
    let app = TestApp::start().await;
    let member = app.member().await;
    let application = sent(&member).await;
    let id = application.application_id.as_str();
    let reviewer = team(&app).reviewer;
    let file = reviewer.take(id).await;
    reviewer.ask(&file, vec![paper()]).await.expect("it is asked");
    member
        .answer(id, Answer::RemovePaperCode("medical_file".to_owned()))
        .await
        .expect("it is removed");
    assert_eq!(reason(resend(&member, id).await), "CORRECTION_INCOMPLETE");
    let foreign = member.paper(|receipt| receipt.owner = app.stranger().id);
    assert_eq!(reason(member.answer(id, foreign).await), "PAPER_NOT_USABLE");
    member
        .answer(id, member.paper(|_| {}))
        .await
        .expect("a new paper");
    resend(&member, id).await.expect("it is sent again");
    app.finish().await;
}

#[tokio::test]
async fn another_members_file_cannot_be_corrected_or_sent_again() {
    let app = TestApp::start().await;
    let member = app.member().await;
    let stranger = app.member().await;
    let application = sent(&member).await;
    let id = application.application_id.as_str();
    let reviewer = team(&app).reviewer;
    let file = reviewer.take(id).await;
    reviewer.ask(&file, vec![account()]).await.expect("it is asked");
    assert_eq!(reason(resend(&stranger, id).await), "APPLICATION_NOT_FOUND");
    assert_eq!(
        reason(stranger.answer(id, stranger.confirmed_account()).await),
        "APPLICATION_NOT_FOUND"
    );
    assert_eq!(
        reason(resend(&member, &sent_other(&member).await).await),
        "NOTHING_ASKED"
    );
    app.finish().await;
}

async fn sent_other(member: &Member<'_>) -> String {
    let draft = member.complete_draft("cost_surplus").await;
    let sent = member.submit(&draft.application_id).await.expect("it is sent");
    sent.application_id
}

#[tokio::test]
async fn while_it_waits_for_the_member_nobody_decides_and_the_member_may_withdraw() {
    let app = TestApp::start().await;
    let member = app.member().await;
    let application = sent(&member).await;
    let id = application.application_id.as_str();
    let team = team(&app);
    let file = team.reviewer.take(id).await;
    let file = team
        .reviewer
        .ask(&file, vec![account()])
        .await
        .expect("it is asked");
    assert!(!file.actions.contains(&ReviewAction::RecordOpinion.into()));
    let opinion = team
        .reviewer
        .opine(&file, MedicalOpinion::Favourable, dirhams(1))
        .await;
    assert_eq!(reason(opinion), "STEP_NOT_POSSIBLE");
    assert_eq!(
        reason(team.reviewer.ask(&file, vec![paper()]).await),
        "STEP_NOT_POSSIBLE"
    );
    let withdrawn = withdraw(&member, id).await;
    assert_eq!(withdrawn.state(), ApplicationState::CancelledByMember);
    let ended = team
        .reviewer
        .opine(&file, MedicalOpinion::Favourable, dirhams(1))
        .await;
    assert_eq!(reason(ended), "FILE_CHANGED");
    let late = agent(&app, &[kernel::permission::Role::HealthReviewer]);
    assert_eq!(reason(late.assign(id).await), "APPLICATION_WITHDRAWN");
    app.finish().await;
}

/// Every agent of the team works at this instant of the demonstration; `None` is the present.
fn on(team: &mut Team<'_>, at: Option<&'static str>) {
    for agent in [&mut team.reviewer, &mut team.officer, &mut team.validator] {
        agent.demo_time = at;
    }
}

/// Longer ago than anybody is waited for; half past eleven in the evening of 1 October in Casablanca.
const LONG_AGO: &str = "2026-10-01T22:30:00Z";

#[tokio::test]
async fn nobody_ends_the_waiting_before_the_day_is_over_that_the_member_was_told() {
    let app = TestApp::start().await;
    let mut member = app.member().await;
    member.demo_time = Some(LONG_AGO);
    let application = sent(&member).await;
    let id = application.application_id.as_str();
    let mut officers = team(&app);
    on(&mut officers, Some(LONG_AGO));
    officers.opinion(id, dirhams(4_000)).await;
    let file = officers.officer.take(id).await;
    officers
        .officer
        .ask(&file, vec![account()])
        .await
        .expect("it is asked");
    assert_eq!(
        member.get(id).await.information_requests[0].answer_by,
        "2026-10-31"
    );
    for (at, over) in [
        (LONG_AGO, false),
        ("2026-10-30T12:00:00Z", false),
        // The last minute of the day in Casablanca, and the first of the next.
        ("2026-10-31T22:59:00Z", false),
        ("2026-10-31T23:00:00Z", true),
    ] {
        on(&mut officers, Some(at));
        let file = officers.officer.get(id).await.expect("the file");
        let offered = file.actions.contains(&ReviewAction::StopWaiting.into());
        assert_eq!(offered, over, "{at}");
        let stopped = officers.officer.stop_waiting(&file).await;
        if over {
            assert_eq!(state(&stopped.expect("it goes on")).0, ApplicationState::InReview);
        } else {
            assert_eq!(reason(stopped), "STILL_TIME_TO_ANSWER", "{at}");
            assert_eq!(
                summary(&officers.officer.get(id).await.expect("the file")).version,
                summary(&file).version
            );
        }
    }
    app.finish().await;
}

#[tokio::test]
async fn who_waits_in_vain_goes_on_with_the_file_as_it_is() {
    let app = TestApp::start().await;
    let mut member = app.member().await;
    member.demo_time = Some(LONG_AGO);
    let application = sent(&member).await;
    let id = application.application_id.as_str();
    let mut team = team(&app);
    on(&mut team, Some(LONG_AGO));
    team.opinion(id, dirhams(4_000)).await;
    let file = team.officer.take(id).await;
    assert_eq!(
        reason(team.officer.stop_waiting(&file).await),
        "STEP_NOT_POSSIBLE"
    );
    let file = team
        .officer
        .ask(&file, vec![account()])
        .await
        .expect("it is asked");
    on(&mut team, None);
    member.demo_time = None;
    let file = team
        .officer
        .get(&summary(&file).application_id)
        .await
        .expect("the file");
    assert!(file.actions.contains(&ReviewAction::StopWaiting.into()));
    let stale = file.clone();
    let file = team.officer.stop_waiting(&file).await.expect("it goes on");
    let told = member.get(id).await;
    let request = &told.information_requests[0];
    assert!(request.waiting_ended_at.is_some() && request.resent_at.is_none());
    let timeline: Vec<&str> = told.timeline.iter().map(|entry| entry.what.as_str()).collect();
    assert_eq!(timeline.last(), Some(&"waiting_ended"));
    let said: Vec<(serde_json::Value, bool)> = sqlx::query_as(
        "SELECT data, restricted FROM outbox WHERE event_type = 'benefits.application.waiting_ended.v1'",
    )
    .fetch_all(app.pool())
    .await
    .expect("the outbox");
    let [(data, restricted)] = said.as_slice() else {
        panic!("the member is told once: {said:?}")
    };
    assert_eq!(data["applicationId"], id);
    assert_eq!(data["benefitCode"], "restricted");
    assert!(restricted);
    assert_eq!(
        state(&file),
        (ApplicationState::InReview, ReviewStep::Examination)
    );
    assert_eq!(reason(team.officer.stop_waiting(&stale).await), "FILE_CHANGED");
    assert_eq!(
        reason(member.answer(id, member.confirmed_account()).await),
        "APPLICATION_ALREADY_SENT"
    );
    assert_eq!(reason(resend(&member, id).await), "NOTHING_ASKED");
    // A refusal for want of an answer is possible now.
    team.officer
        .propose_with(&file, Recommendation::Refuse, "no_answer", &key())
        .await
        .expect("a proposal");
    app.finish().await;
}

#[tokio::test]
async fn nothing_is_asked_of_a_member_who_died_and_nobody_waits_for_one() {
    let app = TestApp::start().await;
    let (waits, new) = (app.member().await, app.member().await);
    let mut ids = Vec::new();
    for member in [&waits, &new] {
        ids.push(sent(member).await.application_id);
    }
    let reviewer = team(&app).reviewer;
    let file = reviewer.take(&ids[0]).await;
    let asked = reviewer.ask(&file, vec![account()]).await.expect("it is asked");
    assert_eq!(
        reason(reviewer.stop_waiting(&asked).await),
        "STILL_TIME_TO_ANSWER"
    );
    for member in [&waits, &new] {
        member
            .becomes_known(|facts| {
                facts.version = 2;
                "2026-11-01".clone_into(&mut facts.death_date);
            })
            .await;
    }
    let asked = reviewer.get(&ids[0]).await.expect("the file");
    assert!(summary(&asked).member_cannot_answer);
    assert!(asked.actions().any(|action| action == ReviewAction::StopWaiting));
    let file = reviewer.stop_waiting(&asked).await.expect("nobody waits");
    assert_eq!(state(&file).0, ApplicationState::InReview);
    let told = "SELECT count(*) FROM outbox WHERE event_type = 'benefits.application.waiting_ended.v1'";
    assert_eq!(app.count(told).await, 0, "nobody is told that their time is over");

    let file = reviewer.take(&ids[1]).await;
    assert!(
        !file
            .actions()
            .any(|action| action == ReviewAction::RequestInformation)
    );
    assert_eq!(
        reason(reviewer.ask(&file, vec![account()]).await),
        "MEMBER_CANNOT_ANSWER"
    );
    let request = ListQueueFilesRequest {
        queue: Queue::MedicalOpinion.into(),
        ..Default::default()
    };
    let answer = reviewer
        .client()
        .list_queue_files(reviewer.request(request))
        .await;
    let lines = answer.expect("a list").into_inner().files;
    assert!(lines.len() == 2 && lines.iter().all(|line| line.member_cannot_answer));
    app.finish().await;
}

/// The request as it was kept before a day was named with it.
async fn forget_the_day_that_was_named(app: &TestApp, member: &Member<'_>) {
    let cipher = FieldCipher::new(app.keys.directory().ring("benefits.data").expect("the ring"));
    let mut conn = app.pool().acquire().await.expect("a connection");
    let owner = member.id.as_uuid();
    let sealing = cipher
        .existing_person_key(&mut conn, owner)
        .await
        .expect("a read")
        .expect("the member's key");
    let acts: Vec<(uuid::Uuid, Vec<u8>)> = sqlx::query_as("SELECT act_id, content FROM review_acts")
        .fetch_all(&mut *conn)
        .await
        .expect("the acts");
    let mut forgotten = 0;
    for (row, content) in acts {
        let place = Place {
            table: "review_acts",
            column: "content",
            row,
        };
        let plain = sealing.open(place, &content).expect("it opens");
        let mut act: serde_json::Value = serde_json::from_slice(&plain).expect("an act");
        let named = act.as_object_mut().and_then(|act| act.remove("answer_by"));
        forgotten += usize::from(named.is_some());
        let plain = serde_json::to_vec(&act).expect("a text");
        sqlx::query("UPDATE review_acts SET content = $2 WHERE act_id = $1")
            .bind(row)
            .bind(sealing.seal(place, &plain))
            .execute(&mut *conn)
            .await
            .expect("it is kept");
    }
    assert_eq!(forgotten, 1);
}

#[tokio::test]
async fn a_request_from_before_a_day_was_named_is_waited_for_as_long_and_nothing_else_is_offered() {
    let app = TestApp::start().await;
    let member = app.member().await;
    let id = sent(&member).await.application_id;
    let reviewer = team(&app).reviewer;
    let file = reviewer.take(&id).await;
    reviewer.ask(&file, vec![account()]).await.expect("it is asked");
    forget_the_day_that_was_named(&app, &member).await;
    let file = reviewer.get(&id).await.expect("the file");
    assert!(!file.actions().any(|action| action == ReviewAction::StopWaiting));
    assert_eq!(reason(reviewer.stop_waiting(&file).await), "STILL_TIME_TO_ANSWER");
    app.finish().await;
}
