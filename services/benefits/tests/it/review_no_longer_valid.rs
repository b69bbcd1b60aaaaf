//! A file that waits for its member while their record changes: what it no longer answers can be answered beside what was asked, so that no
//! correction is a dead end.

use benefits_proto::v1::save_answer_request::Answer;
use benefits_proto::v1::*;

use crate::agents::{dirhams, item, state, team};
use crate::review_information::resend;
use crate::support::{Member, TestApp, concerned, fields, id, key, reason};

async fn sent(member: &Member<'_>) -> Application {
    let draft = member.complete_draft("oncology").await;
    member.submit(&draft.application_id).await.expect("it is sent")
}

/// What is asked beside what an agent asked for: the code, and whether it is answered by now.
fn beside(file: &Application) -> Vec<(String, bool)> {
    let items = &file.information_requests[0].items;
    items
        .iter()
        .filter(|item| item.cause() == InformationCause::NoLongerValid)
        .map(|item| (format!("{}{}", item.field, item.paper_code), item.corrected))
        .collect()
}

#[tokio::test]
async fn an_account_that_was_replaced_meanwhile_is_confirmed_beside_the_paper_that_was_asked_for() {
    let app = TestApp::start().await;
    let member = app.member().await;
    let application = sent(&member).await;
    let file_id = application.application_id.as_str();
    let reviewer = team(&app).reviewer;
    let file = reviewer.take(file_id).await;
    let asked = item("", "medical_file", InformationCause::Incomplete);
    reviewer.ask(&file, vec![asked]).await.expect("it is asked");
    assert!(beside(&member.get(file_id).await).is_empty());

    let replaced = id().to_string();
    member
        .becomes_known(|facts| {
            facts.version = 2;
            facts.bank_account_id.clone_from(&replaced);
        })
        .await;
    member
        .answer(file_id, member.paper(|_| {}))
        .await
        .expect("a new paper");
    assert_eq!(
        fields(resend(&member, file_id).await),
        [("bank_account".to_owned(), "ANSWER_MISSING".to_owned())]
    );
    assert_eq!(
        beside(&member.get(file_id).await),
        [("bank_account".to_owned(), false)]
    );
    let other = Answer::ReasonCode("cost_surplus".to_owned());
    assert_eq!(
        reason(member.answer(file_id, other).await),
        "ANSWER_NOT_ASKED_FOR"
    );
    let confirmed = || {
        Answer::BankAccount(BankAccountAnswer {
            answer: "confirmed".to_owned(),
            bank_account_id: replaced.clone(),
        })
    };
    let acts = "SELECT count(*) FROM review_acts";
    let before = app.count(acts).await;
    for _ in 0..2 {
        let answered = member
            .answer(file_id, confirmed())
            .await
            .expect("it is confirmed");
        assert_eq!(beside(&answered), [("bank_account".to_owned(), true)]);
    }
    assert_eq!(
        app.count(acts).await,
        before,
        "nothing that was asked was answered"
    );
    let again = resend(&member, file_id).await.expect("it is sent again");
    assert_eq!(again.answers.expect("answers").bank_account_id, replaced);
    // The agent asked for one thing.
    let file = reviewer.get(file_id).await.expect("the file");
    assert_eq!(file.information_requests[0].items.len(), 1);
    app.finish().await;
}

#[tokio::test]
async fn another_person_in_the_place_of_one_who_is_no_longer_declared_makes_the_opinion_due_again() {
    let app = TestApp::start().await;
    let member = app.member().await;
    let application = sent(&member).await;
    let file_id = application.application_id.as_str();
    let team = team(&app);
    team.opinion(file_id, dirhams(4_000)).await;
    let file = team.officer.take(file_id).await;
    let asked = item("bank_account", "", InformationCause::Outdated);
    team.officer.ask(&file, vec![asked]).await.expect("it is asked");
    let child = member.child();
    member
        .becomes_known(|facts| {
            facts.version = 2;
            facts.relatives.retain(|relative| relative.person_id != child);
        })
        .await;
    member
        .answer(file_id, member.confirmed_account())
        .await
        .expect("it is confirmed");
    assert_eq!(reason(resend(&member, file_id).await), "DRAFT_INCOMPLETE");
    member
        .answer(file_id, concerned("spouse", &member.spouse()))
        .await
        .expect("another person");
    resend(&member, file_id).await.expect("it is sent again");
    let file = team.officer.get(file_id).await.expect("the file");
    assert_eq!(
        state(&file),
        (ApplicationState::InReview, ReviewStep::MedicalOpinion)
    );
    app.finish().await;
}

#[tokio::test]
async fn nobody_asks_a_member_with_the_cause_that_the_file_itself_has() {
    let app = TestApp::start().await;
    let application = sent(&app.member().await).await;
    let reviewer = team(&app).reviewer;
    let file = reviewer.take(&application.application_id).await;
    let asked = item("bank_account", "", InformationCause::NoLongerValid);
    assert_eq!(
        fields(reviewer.ask(&file, vec![asked]).await),
        [("items".to_owned(), "CAUSE_MISSING".to_owned())]
    );
    app.finish().await;
}

#[tokio::test]
async fn what_changed_after_it_was_read_is_neither_sent_nor_sent_again() {
    let app = TestApp::start().await;
    let member = app.member().await;
    let draft = member.complete_draft("oncology").await;
    let file_id = draft.application_id.as_str();
    let (read, once) = (draft.version, key());
    let other = Answer::ReasonCode("cost_surplus".to_owned());
    let newer = member.answer(file_id, other).await.expect("another window");
    let submit = |version: i64| {
        let request = SubmitApplicationRequest {
            application_id: file_id.to_owned(),
            idempotency_key: if version == read { key() } else { once.clone() },
            expected_version: version,
        };
        let member = member.clone();
        async move {
            member
                .applications()
                .submit_application(member.request(request))
                .await
        }
    };
    assert_eq!(reason(submit(read).await), "FILE_CHANGED");
    assert_eq!(member.get(file_id).await.state(), ApplicationState::Draft);
    for _ in 0..2 {
        let sent = submit(newer.version).await.expect("it is sent").into_inner();
        assert_eq!(sent.application.expect("it").state(), ApplicationState::Submitted);
    }

    let reviewer = team(&app).reviewer;
    let file = reviewer.take(file_id).await;
    let asked = item("reason", "", InformationCause::Incorrect);
    reviewer.ask(&file, vec![asked]).await.expect("it is asked");
    let answer = |code: &str| member.answer(file_id, Answer::ReasonCode(code.to_owned()));
    let read = answer("oncology").await.expect("it is corrected").version;
    let newer = answer("uncovered_treatment")
        .await
        .expect("another window")
        .version;
    let resend = |version| crate::review_information::resend_as_read(&member, file_id, &once, version);
    assert_eq!(reason(resend(read).await), "FILE_CHANGED");
    resend(newer).await.expect("it is sent again");
    app.finish().await;
}
