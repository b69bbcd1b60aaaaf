//! Two at once: the second is told and nobody's work is lost; what two proposals together take never passes the ceiling.

use benefits_proto::v1::save_answer_request::Answer;
use benefits_proto::v1::*;
use kernel::permission::Role;

use crate::agents::{Team, agent, back, dirhams, refusal, state, summary, team};
use crate::support::{Member, NOTICE, TestApp, concerned, key, reason};

async fn sent(member: &Member<'_>, why: &str) -> String {
    let draft = member.complete_draft(why).await;
    let sent = member.submit(&draft.application_id).await.expect("it is sent");
    sent.application_id
}

#[tokio::test]
async fn the_second_who_opens_a_file_is_told_who_has_it_and_since_when() {
    let app = TestApp::start().await;
    let id = sent(&app.member().await, "oncology").await;
    let first = agent(&app, &[Role::HealthReviewer]);
    let second = agent(&app, &[Role::HealthReviewer]);
    let seen_by_second = second.get(&id).await.expect("the file");
    first.take(&id).await;
    // The second looks at an old version: that somebody has it matters more.
    let version = summary(&seen_by_second).version;
    let told = second.assign_at(&id, version, false).await.expect("an answer");
    assert!(!told.assigned);
    let file = told.file.expect("the file");
    let held = summary(&file).assignment.clone().expect("somebody has it");
    assert_eq!(held.agent_id, first.account.to_string());
    assert!(!held.mine && held.since.is_some());
    assert!(!file.actions.contains(&ReviewAction::RecordOpinion.into()));
    let opinion = second.opine(&file, MedicalOpinion::Favourable, dirhams(1)).await;
    assert_eq!(reason(opinion), "FILE_NOT_YOURS");
    assert_eq!(reason(second.release(&file).await), "FILE_NOT_YOURS");
    app.finish().await;
}

#[tokio::test]
async fn a_file_that_is_taken_over_makes_the_first_ones_view_old_and_loses_no_note() {
    let app = TestApp::start().await;
    let id = sent(&app.member().await, "oncology").await;
    let team = team(&app);
    team.opinion(&id, dirhams(2_000)).await;
    let first = &team.officer;
    let second = agent(&app, &[Role::CaseOfficer]);
    let seen_by_first = first.take(&id).await;
    let taken = second
        .assign_at(&id, summary(&seen_by_first).version, true)
        .await
        .expect("it is taken over");
    assert!(taken.assigned);
    assert_eq!(reason(first.propose(&seen_by_first).await), "FILE_CHANGED");
    // The note needs no version: it is kept beside whatever happened.
    first
        .note(&id, "j’avais vérifié le compte")
        .await
        .expect("a note");
    let file = taken.file.expect("the file");
    let file = second.propose(&file).await.expect("a proposal");
    assert_eq!(file.notes.len(), 1);
    assert_eq!(file.notes[0].agent_id, first.account.to_string());
    // What was refused can be sent again on what stands now, by whoever has it.
    assert_eq!(reason(second.propose(&file).await), "FILE_NOT_YOURS");
    app.finish().await;
}

#[tokio::test]
async fn who_comes_after_a_colleagues_step_is_told_that_the_file_changed_and_not_that_it_is_forbidden() {
    let app = TestApp::start().await;
    let id = sent(&app.member().await, "oncology").await;
    let team = team(&app);
    team.opinion(&id, dirhams(2_000)).await;
    let second = agent(&app, &[Role::CaseOfficer]);
    let file = team.officer.take(&id).await;
    let seen = summary(&file).version;
    team.officer.propose(&file).await.expect("a proposal");
    let refused = "SELECT count(*) FROM audit WHERE action = 'duty_refused'";
    let late = second.assign_at(&id, seen, true).await;
    assert_eq!(reason(late), "FILE_CHANGED");
    assert_eq!(app.count(refused).await, 0, "no attempt is written down");
    // On what stands now it is the validator's turn.
    let now = second.assign_at(&id, seen + 1, true).await;
    assert_eq!(reason(now), "ROLE_MISSING");
    assert_eq!(app.count(refused).await, 1);
    app.finish().await;
}

#[tokio::test]
async fn of_two_who_take_a_file_at_once_one_has_it_and_the_other_is_told() {
    let app = TestApp::start().await;
    let member = app.member().await;
    for why in ["oncology", "cost_surplus", "uncovered_treatment"] {
        let id = sent(&member, why).await;
        let (one, two) = (
            agent(&app, &[Role::HealthReviewer]),
            agent(&app, &[Role::HealthReviewer]),
        );
        let version = summary(&one.get(&id).await.expect("the file")).version;
        let (first, second) = tokio::join!(
            one.assign_at(&id, version, false),
            two.assign_at(&id, version, false)
        );
        let (first, second) = (first.expect("an answer"), second.expect("an answer"));
        assert_ne!(first.assigned, second.assigned, "{why}");
        let holder = |answer: &AssignFileResponse| {
            let file = answer.file.as_ref().expect("the file");
            summary(file)
                .assignment
                .clone()
                .expect("somebody has it")
                .agent_id
        };
        assert_eq!(holder(&first), holder(&second));
    }
    app.finish().await;
}

#[tokio::test]
async fn the_same_request_twice_is_done_once() {
    let app = TestApp::start().await;
    let id = sent(&app.member().await, "oncology").await;
    let team = team(&app);
    team.opinion(&id, dirhams(2_000)).await;
    let file = team.officer.take(&id).await;
    let once = key();
    let first = team
        .officer
        .propose_with(&file, Recommendation::Grant, "", &once)
        .await
        .expect("a proposal");
    let again = team
        .officer
        .propose_with(&file, Recommendation::Grant, "", &once)
        .await
        .expect("the same");
    assert_eq!(summary(&first).version, summary(&again).version);
    let other = team
        .officer
        .propose_with(&file, Recommendation::Refuse, "no_answer", &once)
        .await;
    assert_eq!(reason(other), "IDEMPOTENCY_KEY_REUSED");
    assert_eq!(
        app.count("SELECT count(*) FROM assessments WHERE kind = 'proposal'")
            .await,
        1
    );
    app.finish().await;
}

/// A file of that member for the child of another.
async fn for_child(member: &Member<'_>, child: &str, why: &str) -> String {
    let id = member.start().await.application_id;
    for answer in [
        member.confirmed_account(),
        concerned("child", child),
        Answer::ReasonCode(why.to_owned()),
        Answer::ConsentVersion(NOTICE.to_owned()),
        member.paper(|_| {}),
    ] {
        member.answer(&id, answer).await.expect("the answer is taken");
    }
    member.submit(&id).await.expect("it is sent").application_id
}

#[tokio::test]
async fn two_proposals_at_once_for_one_person_never_pass_the_ceiling_together() {
    let app = TestApp::start().await;
    for round in 0..6 {
        let mother = app.member().await;
        let father = app.stranger();
        father
            .becomes_known(|facts| facts.relatives[1].person_id = mother.child())
            .await;
        let hers = for_child(&mother, &mother.child(), "oncology").await;
        let his = for_child(&father, &mother.child(), "cost_surplus").await;
        let (one, two) = (team(&app), team(&app));
        // Half of 30,000 each: together they would pass 20,000.
        one.opinion(&hers, dirhams(30_000)).await;
        two.opinion(&his, dirhams(30_000)).await;
        let (first, second) = (one.officer.take(&hers).await, two.officer.take(&his).await);
        let (first, second) = tokio::join!(one.officer.propose(&first), two.officer.propose(&second));
        let mut amounts: Vec<i64> = [first, second]
            .into_iter()
            .map(|file| {
                let file = file.expect("a proposal within what is left");
                file.proposal.expect("a proposal").amount_centimes
            })
            .collect();
        amounts.sort_unstable();
        assert_eq!(amounts, [dirhams(5_000), dirhams(15_000)], "round {round}");
        let (first, second) = (one.validator.take(&hers).await, two.validator.take(&his).await);
        let (first, second) = tokio::join!(one.validator.grant(&first), two.validator.grant(&second));
        first.expect("a grant");
        second.expect("a grant");
    }
    assert_eq!(
        app.count("SELECT count(*) FROM ceiling_counters WHERE used > 2000000")
            .await,
        0
    );
    assert_eq!(
        app.count("SELECT coalesce(sum(amount), 0)::bigint FROM ceiling_lines WHERE state = 'committed'")
            .await,
        6 * dirhams(20_000)
    );
    app.finish().await;
}

#[tokio::test]
async fn two_who_decide_at_once_decide_once() {
    let app = TestApp::start().await;
    let member = app.member().await;
    let id = sent(&member, "oncology").await;
    let team = team(&app);
    team.proposal(&id, dirhams(10_000)).await;
    let file = team.validator.take(&id).await;
    let (granted, refused) = tokio::join!(
        team.validator.grant(&file),
        team.validator.decide(&file, Some(refusal("no_answer")))
    );
    assert_ne!(granted.is_ok(), refused.is_ok());
    let lost = if granted.is_ok() { refused } else { granted };
    assert_eq!(reason(lost), "FILE_CHANGED");
    assert_eq!(
        app.count("SELECT count(*) FROM outbox WHERE event_type = 'benefits.application.decided.v1'")
            .await,
        1
    );
    app.finish().await;
}

#[tokio::test]
async fn a_withdrawal_and_a_grant_at_once_leave_one_of_them_and_an_exact_ceiling() {
    let app = TestApp::start().await;
    for _ in 0..4 {
        let member = app.member().await;
        let id = sent(&member, "oncology").await;
        let team = team(&app);
        team.proposal(&id, dirhams(10_000)).await;
        let file = team.validator.take(&id).await;
        let request = WithdrawApplicationRequest {
            application_id: id.clone(),
            idempotency_key: key(),
        };
        let mut members = member.applications();
        let (granted, withdrawn) = tokio::join!(
            team.validator.grant(&file),
            members.withdraw_application(member.request(request))
        );
        assert_ne!(granted.is_ok(), withdrawn.is_ok());
        let used = member.get(&id).await.ceiling_left_centimes;
        let expected = if granted.is_ok() {
            dirhams(15_000)
        } else {
            dirhams(20_000)
        };
        assert_eq!(used, expected);
    }
    app.finish().await;
}

#[tokio::test]
async fn a_proposal_that_is_sent_back_gives_its_amount_back_and_returns_to_its_author() {
    let app = TestApp::start().await;
    let member = app.member().await;
    let id = sent(&member, "oncology").await;
    let Team {
        reviewer,
        officer,
        validator,
    } = team(&app);
    Team {
        reviewer: reviewer.clone(),
        officer: officer.clone(),
        validator: validator.clone(),
    }
    .proposal(&id, dirhams(30_000))
    .await;
    assert_eq!(member.get(&id).await.ceiling_left_centimes, dirhams(5_000));
    let file = validator.take(&id).await;
    let file = validator
        .decide(&file, Some(back(ReviewStep::Examination)))
        .await
        .expect("it is sent back");
    assert_eq!(
        state(&file),
        (ApplicationState::InReview, ReviewStep::Examination)
    );
    assert_eq!(file.proposal, None);
    assert_eq!(file.notes.len(), 1);
    assert_eq!(member.get(&id).await.ceiling_left_centimes, dirhams(20_000));
    // The author has it again, proposes again, and the cost is corrected at the next round.
    let file = officer.get(&id).await.expect("the file");
    let file = officer.propose(&file).await.expect("a proposal");
    assert!(file.proposal.is_some());
    let file = validator.take(&id).await;
    validator
        .decide(&file, Some(back(ReviewStep::MedicalOpinion)))
        .await
        .expect("it is sent back");
    let file = reviewer.get(&id).await.expect("the file");
    assert_eq!(file.opinion, None, "a new one is due");
    let file = reviewer
        .opine(&file, MedicalOpinion::Favourable, dirhams(8_000))
        .await
        .expect("an opinion");
    assert_eq!(state(&file).1, ReviewStep::Examination);
    let file = officer.get(&id).await.expect("the file");
    let file = officer.propose(&file).await.expect("a proposal");
    assert_eq!(
        file.proposal.as_ref().map(|proposal| proposal.amount_centimes),
        Some(dirhams(4_000))
    );
    let file = validator.take(&id).await;
    validator.grant(&file).await.expect("a grant");
    assert_eq!(member.get(&id).await.ceiling_left_centimes, dirhams(16_000));
    app.finish().await;
}
