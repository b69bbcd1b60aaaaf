//! Each bad input of the wizard and the answer it gets; the draft stays as it was.

use benefits_proto::v1::save_answer_request::Answer;
use benefits_proto::v1::{BankAccountAnswer, PaperAnswer, SaveAnswerRequest, StartApplicationRequest};
use chrono::TimeDelta;
use kernel::MemberId;
use platform::clock::Clock;
use platform::ids::uuid_v7;

use crate::support::{AID, NOTICE, TestApp, concerned, fields, id, key, reason};

fn one(field: &str, reason: &str) -> Vec<(String, String)> {
    vec![(field.to_owned(), reason.to_owned())]
}

#[tokio::test]
async fn an_unknown_or_closed_benefit_opens_no_draft() {
    let app = TestApp::start().await;
    let member = app.member().await;
    for (code, expected) in [
        ("social_advance", "BENEFIT_NOT_OPEN"),
        ("covid_test_refund", "BENEFIT_NOT_OPEN"),
        ("free_lunch", "BENEFIT_NOT_FOUND"),
        ("", "BENEFIT_NOT_FOUND"),
    ] {
        let request = StartApplicationRequest {
            benefit_code: code.to_owned(),
            idempotency_key: key(),
        };
        assert_eq!(
            reason(
                member
                    .applications()
                    .start_application(member.request(request))
                    .await
            ),
            expected,
            "{code}"
        );
    }
    assert_eq!(app.count("SELECT count(*) FROM applications").await, 0);
    app.finish().await;
}

#[tokio::test]
async fn every_wrong_answer_is_refused_by_field_and_reason() {
    let app = TestApp::start().await;
    let member = app.member().await;
    let draft = member.start().await;
    let bank = |answer: &str, bank_account_id: String| {
        Answer::BankAccount(BankAccountAnswer {
            answer: answer.to_owned(),
            bank_account_id,
        })
    };
    for (answer, expected) in [
        (
            bank("perhaps", member.bank_account()),
            one("bank_account", "BANK_ACCOUNT_ANSWER"),
        ),
        (
            bank("confirmed", "1".to_owned()),
            one("bank_account", "BANK_ACCOUNT_ID"),
        ),
        (
            bank("confirmed", id().to_string()),
            one("bank_account", "BANK_ACCOUNT_CHANGED"),
        ),
        (concerned("neighbour", ""), one("person_concerned", "RELATION")),
        (concerned("child", "1"), one("person_concerned", "PERSON_ID")),
        (
            concerned("child", &member.spouse()),
            one("person_concerned", "PERSON_NOT_DECLARED"),
        ),
        (
            concerned("spouse", &id().to_string()),
            one("person_concerned", "PERSON_NOT_DECLARED"),
        ),
        (
            Answer::ReasonCode("toothache".to_owned()),
            one("reason", "REASON_UNKNOWN"),
        ),
        (
            Answer::ConsentVersion("health-aid-2020-01".to_owned()),
            one("consent", "CONSENT_OUTDATED"),
        ),
        (member.paper(|_| {}), one("consent", "CONSENT_REQUIRED")),
        (
            Answer::RemovePaperCode("invoice".to_owned()),
            one("papers", "PAPER_UNKNOWN"),
        ),
    ] {
        let shown = format!("{expected:?}");
        assert_eq!(
            fields(member.answer(&draft.application_id, answer).await),
            expected,
            "{shown}"
        );
    }
    let nothing = SaveAnswerRequest {
        application_id: draft.application_id.clone(),
        idempotency_key: key(),
        answer: None,
    };
    assert_eq!(
        fields(member.applications().save_answer(member.request(nothing)).await),
        one("answer", "ANSWER_MISSING")
    );
    assert_eq!(member.start().await.version, draft.version);
    app.finish().await;
}

#[tokio::test]
async fn a_paper_is_believed_only_with_documents_receipt_for_this_member_and_use() {
    let app = TestApp::start().await;
    let member = app.member().await;
    let draft = member.start().await;
    let consent = Answer::ConsentVersion(NOTICE.to_owned());
    member
        .answer(&draft.application_id, consent)
        .await
        .expect("the consent is taken");

    let forged = |key: &str| {
        let now = Clock::system().now();
        let Answer::Paper(good) = member.paper(|_| {}) else {
            panic!("a paper")
        };
        let receipt = auth::receipt::Verifier::new(&app.keys.directory().trust_path())
            .verify(&good.receipt, now)
            .expect("a receipt");
        let receipt = auth::receipt::sign(&app.keys.signing_key(key), &receipt, now);
        Answer::Paper(PaperAnswer { receipt, ..good })
    };
    let raw = |receipt: &str| {
        Answer::Paper(PaperAnswer {
            paper_code: "medical_file".to_owned(),
            receipt: receipt.to_owned(),
        })
    };
    let old = {
        let long_ago = Clock::system().now() - TimeDelta::days(91);
        let Answer::Paper(good) = member.paper(|_| {}) else {
            panic!("a paper")
        };
        let verifier = auth::receipt::Verifier::new(&app.keys.directory().trust_path());
        let receipt = verifier
            .verify(&good.receipt, Clock::system().now())
            .expect("a receipt");
        auth::receipt::sign(&app.keys.signing_key("documents"), &receipt, long_ago)
    };
    let token = app.keys.member_token("benefits", member.id, member.account);
    for (answer, expected) in [
        (raw(""), "RECEIPT_REFUSED"),
        (raw("not a receipt"), "RECEIPT_REFUSED"),
        (raw(&token), "RECEIPT_REFUSED"),
        (raw(&old), "RECEIPT_REFUSED"),
        (forged("portal"), "RECEIPT_REFUSED"),
        (forged("identity"), "RECEIPT_REFUSED"),
        (
            member.paper(|receipt| receipt.owner = MemberId::from_uuid(id())),
            "PAPER_NOT_YOURS",
        ),
        (
            member.paper(|receipt| receipt.document_class = "travel_paper".to_owned()),
            "PAPER_CLASS",
        ),
        (
            member.paper(|receipt| receipt.media_type = "image/png".to_owned()),
            "PAPER_TYPE",
        ),
        (
            member.paper(|receipt| receipt.size_bytes = 10_485_761),
            "PAPER_TOO_LARGE",
        ),
        (member.paper(|receipt| receipt.size_bytes = -1), "RECEIPT_REFUSED"),
        (
            member.paper(|receipt| receipt.scan_state = "infected".to_owned()),
            "PAPER_INFECTED",
        ),
        (
            member.paper(|receipt| receipt.scan_state = "unheard_of".to_owned()),
            "RECEIPT_REFUSED",
        ),
    ] {
        let answer = member.answer(&draft.application_id, answer).await;
        assert_eq!(reason(answer.clone()), "PAPER_NOT_USABLE");
        assert_eq!(fields(answer), one("papers", expected));
    }
    let not_scanned = member.paper(|receipt| receipt.scan_state = "not_scanned".to_owned());
    let taken = member
        .answer(&draft.application_id, not_scanned)
        .await
        .expect("a paper that could not be scanned is taken");
    assert_eq!(
        taken.answers.expect("answers").papers[0].scan_state,
        "not_scanned"
    );
    app.finish().await;
}

#[tokio::test]
async fn an_incomplete_draft_is_not_sent_and_takes_no_number() {
    let app = TestApp::start().await;
    let member = app.member().await;
    let draft = member.start().await;
    let refused = member.submit(&draft.application_id).await;
    assert_eq!(reason(refused.clone()), "DRAFT_INCOMPLETE");
    let missing: Vec<String> = fields(refused).into_iter().map(|(field, _)| field).collect();
    assert_eq!(
        missing,
        ["bank_account", "person_concerned", "reason", "consent", "papers"]
    );

    let whole = member.complete_draft("oncology").await;
    let sent = member.submit(&whole.application_id).await.expect("it is sent");
    assert!(sent.request_number.starts_with("1/"), "{}", sent.request_number);
    app.finish().await;
}

#[tokio::test]
async fn a_condition_that_does_not_hold_is_named() {
    let app = TestApp::start().await;
    let member = app.member().await;
    let draft = member.complete_draft("oncology").await;
    // The draft is older than the fact.
    member
        .becomes_known(|facts| {
            facts.version = 2;
            facts.positions[0].position = "survivor".to_owned();
        })
        .await;
    let seen = member.get(&draft.application_id).await;
    let condition = seen
        .conditions
        .iter()
        .find(|condition| condition.condition_code == "position_eligible");
    assert!(
        !condition.expect("the condition").held,
        "the draft says so beforehand"
    );
    let refused = member.submit(&draft.application_id).await;
    assert_eq!(reason(refused.clone()), "NOT_ELIGIBLE");
    assert_eq!(fields(refused), one("position_eligible", "CONDITION_NOT_HELD"));
    assert_eq!(
        member.get(&draft.application_id).await.version,
        draft.version,
        "the draft stays as it was"
    );
    app.finish().await;
}

#[tokio::test]
async fn an_idempotency_key_is_a_fresh_uuid_of_version_7() {
    let app = TestApp::start().await;
    let member = app.member().await;
    let old = uuid_v7(Clock::system().now() - TimeDelta::hours(73)).to_string();
    for (bad, expected) in [
        ("", "IDEMPOTENCY_KEY_MALFORMED"),
        (
            "00000000-0000-4000-8000-000000000000",
            "IDEMPOTENCY_KEY_MALFORMED",
        ),
        (old.as_str(), "IDEMPOTENCY_KEY_TOO_OLD"),
    ] {
        let request = StartApplicationRequest {
            benefit_code: AID.to_owned(),
            idempotency_key: bad.to_owned(),
        };
        assert_eq!(
            reason(
                member
                    .applications()
                    .start_application(member.request(request))
                    .await
            ),
            expected
        );
    }
    app.finish().await;
}
