//! Money is decided on fresh facts: membership is asked when those at hand are old, the decision waits when it does not answer, and what the
//! rules no longer give is not granted.

use benefits_proto::v1::*;

use crate::agents::{dirhams, team};
use crate::support::{Member, TestApp, key, reason};

async fn sent(member: &Member<'_>) -> String {
    let draft = member.complete_draft("oncology").await;
    let sent = member.submit(&draft.application_id).await.expect("it is sent");
    sent.application_id
}

/// What is known of the member was written long ago.
async fn grow_old(app: &TestApp, member: &Member<'_>) {
    sqlx::query(
        "UPDATE member_facts SET recorded_at = recorded_at - interval '3 days', checked_at = NULL WHERE member_id = $1",
    )
    .bind(member.id.as_uuid())
    .execute(app.pool())
    .await
    .expect("the facts grow old");
}

#[tokio::test]
async fn old_facts_are_asked_for_again_before_money_is_decided_on() {
    let app = TestApp::start().await;
    let member = app.member().await;
    let id = sent(&member).await;
    let team = team(&app);
    team.opinion(&id, dirhams(1_000)).await;
    let file = team.officer.take(&id).await;
    grow_old(&app, &member).await;
    team.officer.propose(&file).await.expect("membership answered");
    assert_eq!(
        app.count("SELECT count(*) FROM member_facts WHERE checked_at > now() - interval '5 minutes'")
            .await,
        1
    );
    app.finish().await;
}

#[tokio::test]
async fn a_decision_waits_while_membership_cannot_be_asked() {
    let app = TestApp::start().await;
    let member = app.member().await;
    let id = sent(&member).await;
    let team = team(&app);
    team.proposal(&id, dirhams(1_000)).await;
    let file = team.validator.take(&id).await;
    grow_old(&app, &member).await;
    app.membership.goes_away();
    let waits = team.validator.grant(&file).await;
    let status = waits.expect_err("it waits");
    assert_eq!(status.code(), tonic::Code::Unavailable);
    assert_eq!(
        platform::status::reason(&status).as_deref(),
        Some("FACTS_NOT_FRESH")
    );
    assert!(platform::status::retry_after(&status).is_some());
    app.membership.comes_back();
    team.validator.grant(&file).await.expect("a grant");
    app.finish().await;
}

#[tokio::test]
async fn what_the_rules_no_longer_give_is_not_granted() {
    let app = TestApp::start().await;
    let member = app.member().await;
    let id = sent(&member).await;
    let team = team(&app);
    team.proposal(&id, dirhams(1_000)).await;
    let file = team.validator.take(&id).await;
    // Membership knows by now that the member had died before the request was sent, and its event is still on the way.
    grow_old(&app, &member).await;
    let mut facts = member.facts(2);
    facts.death_date = "2026-01-01".to_owned();
    app.membership.set(facts);
    assert_eq!(reason(team.validator.grant(&file).await), "PROPOSAL_OUTDATED");
    let back = crate::agents::back(ReviewStep::Examination);
    team.validator
        .decide(&file, Some(back))
        .await
        .expect("it is sent back");
    let file = team.officer.get(&id).await.expect("the file");
    assert_eq!(reason(team.officer.propose(&file).await), "NOT_ELIGIBLE");
    let refuse = team
        .officer
        .propose_with(
            &file,
            Recommendation::Refuse,
            "conditions_not_met",
            &crate::support::key(),
        )
        .await
        .expect("a proposal");
    assert!(refuse.conditions.iter().any(|condition| !condition.held));
    app.finish().await;
}

#[tokio::test]
async fn what_was_proposed_and_granted_before_is_answered_again_while_membership_is_away() {
    let app = TestApp::start().await;
    let member = app.member().await;
    let id = sent(&member).await;
    let team = team(&app);
    team.opinion(&id, dirhams(1_000)).await;
    let file = team.officer.take(&id).await;
    let once = key();
    let propose = || team.officer.propose_with(&file, Recommendation::Grant, "", &once);
    let proposed = propose().await.expect("a proposal");
    // The answer was lost on the way; meanwhile the facts grow old and membership goes away.
    grow_old(&app, &member).await;
    app.membership.goes_away();
    let again = propose().await.expect("the same answer");
    assert_eq!(again.proposal, proposed.proposal);
    let other = team
        .officer
        .propose_with(&file, Recommendation::Refuse, "papers_insufficient", &once)
        .await;
    assert_eq!(reason(other), "IDEMPOTENCY_KEY_REUSED");

    app.membership.comes_back();
    let file = team.validator.take(&id).await;
    let once = key();
    let amount_centimes = file.proposal.as_ref().expect("a proposal").amount_centimes;
    let request = ValidateDecisionRequest {
        application_id: id.clone(),
        idempotency_key: once,
        expected_version: crate::agents::summary(&file).version,
        verdict: Some(validate_decision_request::Verdict::Grant(Grant {
            amount_centimes,
        })),
    };
    let grant = || {
        let request = team.validator.request(request.clone());
        async { team.validator.client().validate_decision(request).await }
    };
    grant().await.expect("a grant");
    grow_old(&app, &member).await;
    app.membership.goes_away();
    let again = grant().await.expect("the same answer").into_inner();
    assert!(again.file.expect("a file").decision.expect("a decision").granted);
    app.finish().await;
}
