//! From draft to file to withdrawal, as the member's space does it.

use benefits_proto::v1::save_answer_request::Answer;
use benefits_proto::v1::{
    ApplicationState, BankAccountAnswer, DiscardDraftRequest, GetApplicationRequest, StartApplicationRequest,
    WithdrawApplicationRequest,
};
use chrono::Datelike as _;
use futures::StreamExt as _;
use kernel::civil;
use platform::clock::Clock;

use crate::support::{AID, Member, TestApp, concerned, key, reason};

async fn withdraw(member: &Member<'_>, id: &str) -> Result<benefits_proto::v1::Application, tonic::Status> {
    let request = WithdrawApplicationRequest {
        application_id: id.to_owned(),
        idempotency_key: key(),
    };
    let answer = member
        .applications()
        .withdraw_application(member.request(request))
        .await?;
    Ok(answer.into_inner().application.expect("an application"))
}

async fn discard(member: &Member<'_>, id: &str, key: &str) -> Result<(), tonic::Status> {
    let request = DiscardDraftRequest {
        application_id: id.to_owned(),
        idempotency_key: key.to_owned(),
    };
    member
        .applications()
        .discard_draft(member.request(request))
        .await
        .map(|_| ())
}

#[tokio::test]
async fn a_member_sends_a_request_and_takes_it_back() {
    let app = TestApp::start().await;
    let member = app.member().await;

    let draft = member.start().await;
    assert_eq!(draft.state(), ApplicationState::Draft);
    assert_eq!(
        draft.missing,
        ["bank_account", "person_concerned", "reason", "consent", "papers"]
    );
    assert_eq!(
        (
            draft.request_number.as_str(),
            draft.can_withdraw,
            draft.ceiling_left_centimes
        ),
        ("", false, -1)
    );

    let draft = member.complete_draft("oncology").await;
    assert!(draft.missing.is_empty());
    assert_eq!(draft.ceiling_left_centimes, 2_000_000);
    assert!(draft.conditions.iter().all(|condition| condition.held));
    let answers = draft.answers.clone().expect("answers");
    assert_eq!(
        (answers.relation.as_str(), answers.papers[0].file_name.as_str()),
        ("child", "specimen.pdf")
    );

    let sent = member.submit(&draft.application_id).await.expect("it is sent");
    let year = civil::civil_date(Clock::system().now()).year();
    assert_eq!(sent.request_number, format!("1/Aid_X/{year}"));
    assert_eq!(
        (sent.state(), sent.can_withdraw),
        (ApplicationState::Submitted, true)
    );
    assert_eq!(sent.conditions.len(), 5);
    assert!(sent.submitted_at.is_some() && sent.version > draft.version);

    let withdrawn = withdraw(&member, &sent.application_id)
        .await
        .expect("it is taken back");
    assert_eq!(
        (withdrawn.state(), withdrawn.can_withdraw),
        (ApplicationState::CancelledByMember, false)
    );
    assert_eq!(withdrawn.request_number, sent.request_number);
    let happened: Vec<&str> = withdrawn
        .timeline
        .iter()
        .map(|entry| entry.what.as_str())
        .collect();
    assert_eq!(happened, ["started", "submitted", "withdrawn"]);
    assert_eq!(
        withdraw(&member, &sent.application_id)
            .await
            .expect("again")
            .version,
        withdrawn.version
    );
    assert_eq!(
        reason(member.submit(&sent.application_id).await),
        "APPLICATION_WITHDRAWN"
    );

    // The same person and reason may be asked for again.
    let again = member.complete_draft("oncology").await;
    let again = member.submit(&again.application_id).await.expect("it is sent");
    assert_eq!(again.request_number, format!("2/Aid_X/{year}"));
    app.finish().await;
}

#[tokio::test]
async fn a_health_request_is_told_on_the_restricted_subject_with_a_neutral_code() {
    let app = TestApp::start().await;
    let member = app.member().await;
    let draft = member.complete_draft("cost_surplus").await;
    let sent = member.submit(&draft.application_id).await.expect("it is sent");
    withdraw(&member, &sent.application_id)
        .await
        .expect("it is taken back");
    app.drain_outbox().await;

    let addresses = testkit::stack::test_addresses().expect("the test stack runs");
    let admin = &addresses.nats_admin;
    let nats = async_nats::ConnectOptions::with_user_and_password(admin.user.clone(), admin.password.clone())
        .connect(&addresses.nats_url)
        .await
        .expect("a broker");
    let stream = async_nats::jetstream::new(nats)
        .get_stream(format!("{}-BENEFITS", app.prefix).to_uppercase())
        .await
        .expect("the stream of benefits");
    let config = async_nats::jetstream::consumer::pull::OrderedConfig::default();
    let mut messages = stream
        .create_consumer(config)
        .await
        .expect("a consumer")
        .messages()
        .await
        .expect("messages")
        .take(2);
    let mut subjects = Vec::new();
    while let Some(message) = messages.next().await {
        let message = message.expect("a message");
        let payload = String::from_utf8_lossy(&message.payload).into_owned();
        assert!(payload.contains("\"restricted\""), "{payload}");
        assert!(
            !payload.contains("Aid_X") && !payload.contains(AID) && !payload.contains("cost_surplus"),
            "{payload}"
        );
        subjects.push(message.subject.to_string());
    }
    let restricted = |what: &str| format!("{}.restricted.benefits.application.{what}.v1", app.prefix);
    assert_eq!(subjects, [restricted("submitted"), restricted("withdrawn")]);
    app.finish().await;
}

#[tokio::test]
async fn starting_again_finds_the_open_draft_on_any_device() {
    let app = TestApp::start().await;
    let member = app.member().await;
    let first = member.start().await;
    member
        .answer(&first.application_id, concerned("spouse", &member.spouse()))
        .await
        .expect("the answer is taken");
    let second = member.start().await;
    assert_eq!(second.application_id, first.application_id);
    assert_eq!(second.answers.expect("answers").person_id, member.spouse());
    assert_eq!(app.count("SELECT count(*) FROM applications").await, 1);
    app.finish().await;
}

#[tokio::test]
async fn an_account_that_is_not_mine_keeps_the_draft() {
    let app = TestApp::start().await;
    let member = app.member().await;
    let draft = member.complete_draft("oncology").await;
    let not_mine = Answer::BankAccount(BankAccountAnswer {
        answer: "not_mine".to_owned(),
        ..Default::default()
    });
    let waiting = member
        .answer(&draft.application_id, not_mine)
        .await
        .expect("the answer is taken");
    assert_eq!(waiting.missing, ["bank_account"]);
    assert_eq!(
        waiting.answers.clone().expect("answers").bank_account_answer,
        "not_mine"
    );
    assert_eq!(waiting.answers.expect("answers").papers.len(), 1);
    assert_eq!(
        reason(member.submit(&draft.application_id).await),
        "DRAFT_INCOMPLETE"
    );
    app.finish().await;
}

#[tokio::test]
async fn a_discarded_draft_is_gone_and_a_sent_file_cannot_be_discarded() {
    let app = TestApp::start().await;
    let member = app.member().await;
    let draft = member.start().await;
    let once = key();
    discard(&member, &draft.application_id, &once)
        .await
        .expect("it goes");
    discard(&member, &draft.application_id, &once)
        .await
        .expect("the same request again");
    assert_eq!(
        reason(discard(&member, &draft.application_id, &key()).await),
        "APPLICATION_NOT_FOUND"
    );
    assert_eq!(app.count("SELECT count(*) FROM applications").await, 0);

    let sent = member.complete_draft("oncology").await;
    member.submit(&sent.application_id).await.expect("it is sent");
    assert_eq!(
        reason(discard(&member, &sent.application_id, &key()).await),
        "APPLICATION_ALREADY_SENT"
    );
    let answer = member
        .answer(&sent.application_id, Answer::ReasonCode("oncology".to_owned()))
        .await;
    assert_eq!(reason(answer), "APPLICATION_ALREADY_SENT");
    app.finish().await;
}

#[tokio::test]
async fn a_draft_is_discarded_not_withdrawn() {
    let app = TestApp::start().await;
    let member = app.member().await;
    let draft = member.start().await;
    assert_eq!(
        reason(withdraw(&member, &draft.application_id).await),
        "APPLICATION_IS_A_DRAFT"
    );
    app.finish().await;
}

#[tokio::test]
async fn the_same_request_twice_is_answered_once() {
    let app = TestApp::start().await;
    let member = app.member().await;
    let once = key();
    let start = |code: &str| {
        let request = StartApplicationRequest {
            benefit_code: code.to_owned(),
            idempotency_key: once.clone(),
        };
        let (mut client, request) = (member.applications(), member.request(request));
        async move { client.start_application(request).await }
    };
    let first = start(AID)
        .await
        .expect("a draft")
        .into_inner()
        .application
        .expect("an application");
    let second = start(AID)
        .await
        .expect("the same")
        .into_inner()
        .application
        .expect("an application");
    assert_eq!(first.application_id, second.application_id);
    assert_eq!(
        reason(start("air_transport_support").await),
        "IDEMPOTENCY_KEY_REUSED"
    );
    app.finish().await;
}

#[tokio::test]
async fn what_is_kept_of_answers_and_judgement_is_sealed() {
    let app = TestApp::start().await;
    let member = app.member().await;
    let draft = member.complete_draft("uncovered_treatment").await;
    member.submit(&draft.application_id).await.expect("it is sent");
    let kept: Vec<Vec<u8>> =
        sqlx::query_scalar("SELECT answers FROM applications UNION ALL SELECT explanation FROM assessments")
            .fetch_all(app.pool())
            .await
            .expect("rows");
    assert_eq!(kept.len(), 2);
    for sealed in kept {
        let text = String::from_utf8_lossy(&sealed).into_owned();
        assert!(
            !text.contains("uncovered_treatment") && !text.contains(&member.child()),
            "a readable answer"
        );
    }
    let trail: Vec<String> = sqlx::query_scalar("SELECT action FROM audit ORDER BY number")
        .fetch_all(app.pool())
        .await
        .expect("a trail");
    assert_eq!(
        trail,
        [
            "started",
            "answered",
            "answered",
            "answered",
            "answered",
            "answered",
            "submitted"
        ]
    );
    let (rule_version, facts_version): (i64, i64) =
        sqlx::query_as("SELECT rule_version, facts_version FROM assessments")
            .fetch_one(app.pool())
            .await
            .expect("a judgement");
    assert_eq!((rule_version, facts_version), (2, 1));
    app.finish().await;
}

#[tokio::test]
async fn a_sent_file_is_read_back_as_it_was_sent() {
    let app = TestApp::start().await;
    let member = app.member().await;
    let draft = member.complete_draft("oncology").await;
    let sent = member.submit(&draft.application_id).await.expect("it is sent");
    let request = GetApplicationRequest {
        application_id: sent.application_id.clone(),
    };
    let read = member
        .applications()
        .get_application(member.request(request))
        .await
        .expect("it is there");
    assert_eq!(read.into_inner().application, Some(sent));
    app.finish().await;
}
