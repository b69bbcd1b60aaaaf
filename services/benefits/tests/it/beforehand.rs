//! What a member's own facts rule out is said before anything is asked of them or taken from them.

use auth::client::with_token;
use benefits_proto::v1::save_answer_request::Answer;
use benefits_proto::v1::{
    GetBenefitRequest, GetBenefitResponse, ListBenefitsRequest, SaveAnswerRequest, StartApplicationRequest,
};
use kernel::AccountId;
use kernel::permission::Role;
use tonic::Request;

use crate::support::{AID, Member, NOTICE, TestApp, concerned, fields, id, key, reason};

const AIR: &str = "air_transport_support";

async fn benefit(member: &Member<'_>, code: &str) -> GetBenefitResponse {
    let request = GetBenefitRequest {
        benefit_code: code.to_owned(),
    };
    let answer = member.catalogue().get_benefit(member.request(request)).await;
    answer.expect("the benefit").into_inner()
}

fn failing(benefit: &GetBenefitResponse) -> Vec<&str> {
    let codes = benefit.failing_conditions.iter();
    codes.map(|failing| failing.condition_code.as_str()).collect()
}

fn beginning() -> StartApplicationRequest {
    StartApplicationRequest {
        benefit_code: AID.to_owned(),
        idempotency_key: key(),
    }
}

#[tokio::test]
async fn a_survivor_is_told_of_the_condition_and_opens_no_draft() {
    let app = TestApp::start().await;
    let survivor = app.stranger();
    survivor
        .becomes_known(|facts| facts.positions[0].position = "survivor".to_owned())
        .await;

    let aid = benefit(&survivor, AID).await;
    assert!(aid.can_apply, "the service is open to others");
    assert_eq!(failing(&aid), ["position_eligible"]);
    let sentence = aid.failing_conditions[0].sentence.clone().expect("a sentence");
    assert!(sentence.fr.contains("en activité") && !sentence.ar.is_empty());
    assert!(aid.benefit.expect("a summary").not_for_member);

    let listed = survivor
        .catalogue()
        .list_benefits(survivor.request(ListBenefitsRequest {}))
        .await
        .expect("a list")
        .into_inner()
        .benefits;
    let tile = |code: &str| {
        let tile = listed.iter().find(|benefit| benefit.benefit_code == code);
        tile.expect("it is listed").not_for_member
    };
    assert!(tile(AID) && !tile("school_advance"));

    let refused = survivor
        .applications()
        .start_application(survivor.request(beginning()))
        .await
        .map(|_| ());
    assert_eq!(reason(refused.clone()), "NOT_ELIGIBLE");
    assert_eq!(
        fields(refused),
        [("position_eligible".to_owned(), "CONDITION_NOT_HELD".to_owned())]
    );
    assert_eq!(app.count("SELECT count(*) FROM applications").await, 0);
    app.finish().await;
}

#[tokio::test]
async fn nothing_is_said_to_a_member_who_may_apply_to_one_whose_facts_are_on_their_way_and_to_an_agent() {
    let app = TestApp::start().await;
    for member in [app.member().await, app.stranger()] {
        let aid = benefit(&member, AID).await;
        assert!(failing(&aid).is_empty());
        assert!(!aid.benefit.expect("a summary").not_for_member);
        member
            .applications()
            .start_application(member.request(beginning()))
            .await
            .expect("a draft is opened");
    }
    let agent = app
        .keys
        .agent_token("benefits", AccountId::from_uuid(id()), &[Role::CaseOfficer]);
    let request = GetBenefitRequest {
        benefit_code: AID.to_owned(),
    };
    let aid = app
        .stranger()
        .catalogue()
        .get_benefit(with_token(Request::new(request), &agent))
        .await
        .expect("the benefit")
        .into_inner();
    assert!(failing(&aid).is_empty());
    app.finish().await;
}

#[tokio::test]
async fn conditions_of_the_workplace_are_told_while_those_of_the_trip_wait() {
    let app = TestApp::start().await;
    let elsewhere = app.member().await;
    assert_eq!(
        failing(&benefit(&elsewhere, AIR).await),
        ["external_services", "province_listed"]
    );
    let concerned = app.stranger();
    concerned
        .becomes_known(|facts| {
            facts.external_services = true;
            facts.province_iso = "MA-LAA".to_owned();
        })
        .await;
    assert!(failing(&benefit(&concerned, AIR).await).is_empty());
    app.finish().await;
}

#[tokio::test]
async fn no_paper_is_taken_into_a_draft_that_is_older_than_the_fact_and_the_draft_can_be_discarded() {
    let app = TestApp::start().await;
    let member = app.member().await;
    let draft = member.start().await.application_id;
    for answer in [
        member.confirmed_account(),
        concerned("child", &member.child()),
        Answer::ReasonCode("oncology".to_owned()),
        Answer::ConsentVersion(NOTICE.to_owned()),
    ] {
        member.answer(&draft, answer).await.expect("the answer is taken");
    }
    member
        .becomes_known(|facts| {
            facts.version = 2;
            facts.positions[0].position = "survivor".to_owned();
        })
        .await;
    assert_eq!(
        reason(member.answer(&draft, member.paper(|_| {})).await),
        "NOT_ELIGIBLE"
    );
    assert!(
        member
            .get(&draft)
            .await
            .answers
            .is_some_and(|answers| answers.papers.is_empty())
    );
    // The same paper under the same key is refused again: nothing of the attempt was kept.
    let again = SaveAnswerRequest {
        application_id: draft.clone(),
        idempotency_key: key(),
        answer: Some(member.paper(|_| {})),
    };
    for _ in 0..2 {
        let refused = member
            .applications()
            .save_answer(member.request(again.clone()))
            .await;
        assert_eq!(reason(refused), "NOT_ELIGIBLE");
    }
    let discard = benefits_proto::v1::DiscardDraftRequest {
        application_id: draft,
        idempotency_key: key(),
    };
    member
        .applications()
        .discard_draft(member.request(discard))
        .await
        .expect("the draft is let go");
    app.finish().await;
}

#[tokio::test]
async fn a_ceiling_that_is_used_up_is_told_before_anything_is_asked() {
    let app = TestApp::start().await;
    let member = app.member().await;
    assert_eq!(benefit(&member, AID).await.used_up, Vec::new());
    // The child's 20,000 of the year are granted.
    let draft = member.complete_draft("oncology").await;
    let sent = member.submit(&draft.application_id).await.expect("it is sent");
    crate::agents::team(&app)
        .granted(&sent.application_id, crate::agents::dirhams(50_000))
        .await;
    let used_up = benefit(&member, AID).await.used_up;
    let [child] = used_up.as_slice() else {
        panic!("the child's alone: {used_up:?}")
    };
    let year = kernel::civil::civil_year(platform::clock::Clock::system().now());
    assert_eq!(
        (
            child.relation.as_str(),
            child.person_id.as_str(),
            child.year,
            child.year_of_an_answer
        ),
        ("child", member.child().as_str(), year, false)
    );
    assert_eq!(benefit(&member, AIR).await.used_up, Vec::new(), "another ceiling");
    let other = app.member().await;
    assert_eq!(benefit(&other, AID).await.used_up, Vec::new(), "another family");
    app.finish().await;
}
