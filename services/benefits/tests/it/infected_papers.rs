//! A paper that documents found infected after it had taken it in: marked wherever it stands, told to the member of an open file, and replaced when
//! an agent hands the file back.

use benefits_proto::v1::*;
use bus::OutgoingEvent;
use documents_proto::events::v1::DocumentFoundInfected;
use kernel::ids::DocumentId;
use platform::clock::Clock;
use testkit::eventually;

use crate::agents::{agent, dirhams, item, team};
use crate::member_facts::Publisher;
use crate::review_information::resend;
use crate::support::{Member, TestApp, fields, id, key, reason};

async fn found_infected(documents: &Publisher, member: &Member<'_>, document: DocumentId) {
    let message = DocumentFoundInfected {
        document_id: document.to_string(),
        member_id: member.id.to_string(),
    };
    let event = OutgoingEvent::new(
        Clock::system().now(),
        "documents.document.found_infected.v1",
        document.as_uuid(),
        2,
        "system",
        &message,
    );
    documents.publish(event.restricted()).await;
}

fn paper_of(answers: Option<&Answers>) -> Paper {
    answers
        .and_then(|answers| answers.papers.first())
        .expect("a paper")
        .clone()
}

async fn becomes_infected(member: &Member<'_>, application: &str) -> Application {
    eventually(|| async {
        let file = member.get(application).await;
        (paper_of(file.answers.as_ref()).scan_state == "infected").then_some(file)
    })
    .await
}

#[tokio::test]
async fn a_paper_found_infected_is_marked_told_and_replaced_when_the_file_is_handed_back() {
    let app = TestApp::start().await;
    let documents = app.publisher_of("documents").await;
    let member = app.member().await;
    let draft = member.complete_draft("oncology").await;
    let sent = member.submit(&draft.application_id).await.expect("it is sent");
    let id = sent.application_id.as_str();
    let document: DocumentId = paper_of(sent.answers.as_ref())
        .document_id
        .parse()
        .expect("an id");
    let team = team(&app);
    let before = team.reviewer.take(id).await;
    found_infected(&documents, &member, document).await;
    let marked = becomes_infected(&member, id).await;
    assert_eq!(
        marked.state(),
        ApplicationState::InReview,
        "it stands where it stood"
    );
    assert_eq!(
        reason(
            team.reviewer
                .opine(&before, MedicalOpinion::Favourable, dirhams(500))
                .await
        ),
        "FILE_CHANGED",
        "whoever examines it looks again"
    );
    // Told once, on the restricted subject: it is a health file.
    let told = "SELECT count(*) FROM outbox WHERE event_type = 'benefits.application.paper_infected.v1' AND restricted";
    assert_eq!(app.count(told).await, 1);
    let file = team.reviewer.get(id).await.expect("the file");
    assert_eq!(paper_of(file.answers.as_ref()).scan_state, "infected");
    assert_eq!(file.missing, ["papers"], "nothing is granted on it");

    let asked = item("", "medical_file", InformationCause::UnsafeFile);
    team.reviewer.ask(&file, vec![asked]).await.expect("it is asked");
    let asked = member.get(id).await;
    let shown = &asked.information_requests[0].items[0];
    assert_eq!(shown.cause(), InformationCause::UnsafeFile);
    assert_eq!(
        reason(resend(&member, id).await),
        "CORRECTION_INCOMPLETE",
        "the same paper is no answer"
    );
    member
        .answer(id, member.paper(|_| {}))
        .await
        .expect("another paper");
    resend(&member, id).await.expect("it is sent again");
    let file = team.reviewer.get(id).await.expect("the file");
    assert_eq!(file.missing, Vec::<String>::new());
    app.finish().await;
}

#[tokio::test]
async fn an_infected_paper_that_was_corrected_with_is_asked_for_again() {
    let app = TestApp::start().await;
    let documents = app.publisher_of("documents").await;
    let member = app.member().await;
    let draft = member.complete_draft("oncology").await;
    let sent = member.submit(&draft.application_id).await.expect("it is sent");
    let file_id = sent.application_id.as_str();
    let reviewer = team(&app).reviewer;
    let file = reviewer.take(file_id).await;
    let asked = item("bank_account", "", InformationCause::Incorrect);
    reviewer.ask(&file, vec![asked]).await.expect("it is asked");
    member
        .answer(file_id, member.confirmed_account())
        .await
        .expect("it is corrected");
    let document = paper_of(sent.answers.as_ref()).document_id;
    found_infected(&documents, &member, document.parse().expect("an id")).await;
    let marked = becomes_infected(&member, file_id).await;
    // Nobody asked for the paper: the file itself does, and takes another one at once.
    let items = &marked.information_requests[0].items;
    let paper = items.iter().find(|item| item.paper_code == "medical_file");
    assert!(
        paper.is_some_and(|item| item.cause() == InformationCause::NoLongerValid && !item.corrected),
        "{items:?}"
    );
    assert_eq!(reason(resend(&member, file_id).await), "DRAFT_INCOMPLETE");
    member
        .answer(file_id, member.paper(|_| {}))
        .await
        .expect("another paper");
    resend(&member, file_id).await.expect("it is sent again");
    app.finish().await;
}

#[tokio::test]
async fn no_draft_is_sent_with_a_paper_that_was_found_infected_before_or_after_it_was_answered() {
    let app = TestApp::start().await;
    let documents = app.publisher_of("documents").await;
    let member = app.member().await;
    let draft = member.complete_draft("oncology").await;
    let document = paper_of(draft.answers.as_ref()).document_id;
    found_infected(&documents, &member, document.parse().expect("an id")).await;
    becomes_infected(&member, &draft.application_id).await;
    let refused = member.submit(&draft.application_id).await;
    assert_eq!(
        fields(refused),
        [("papers".to_owned(), "PAPER_INFECTED".to_owned())]
    );
    // A receipt from before says nothing of it.
    let known = DocumentId::from_uuid(id());
    found_infected(&documents, &member, known).await;
    eventually(|| async { (app.count("SELECT count(*) FROM infected_papers").await == 2).then_some(()) })
        .await;
    let refused = member
        .answer(
            &draft.application_id,
            member.paper(|receipt| {
                receipt.document_id = known;
                "not_scanned".clone_into(&mut receipt.scan_state);
            }),
        )
        .await;
    assert_eq!(
        fields(refused),
        [("papers".to_owned(), "PAPER_INFECTED".to_owned())]
    );
    let told = "SELECT count(*) FROM outbox WHERE event_type = 'benefits.application.paper_infected.v1'";
    assert_eq!(app.count(told).await, 0, "a draft says it by itself");
    app.finish().await;
}

#[tokio::test]
async fn what_ended_is_marked_and_told_to_nobody_and_nobody_else_s_papers_are_touched() {
    let app = TestApp::start().await;
    let documents = app.publisher_of("documents").await;
    let (member, other) = (app.member().await, app.member().await);
    let draft = member.complete_draft("oncology").await;
    let sent = member.submit(&draft.application_id).await.expect("it is sent");
    let request = WithdrawApplicationRequest {
        application_id: sent.application_id.clone(),
        idempotency_key: key(),
    };
    member
        .applications()
        .withdraw_application(member.request(request))
        .await
        .expect("it is withdrawn");
    let document: DocumentId = paper_of(sent.answers.as_ref())
        .document_id
        .parse()
        .expect("an id");
    // Named with another owner: no application of theirs has it.
    found_infected(&documents, &other, document).await;
    found_infected(&documents, &member, document).await;
    let marked = becomes_infected(&member, &sent.application_id).await;
    assert_eq!(marked.state(), ApplicationState::CancelledByMember);
    let told = "SELECT count(*) FROM outbox WHERE event_type = 'benefits.application.paper_infected.v1'";
    assert_eq!(app.count(told).await, 0);
    let reviewer = agent(&app, &[kernel::permission::Role::HealthReviewer]);
    let listed = reviewer.get(&sent.application_id).await.expect("the file");
    assert_eq!(
        listed.summary.map(|summary| summary.answer_due),
        Some(String::new())
    );
    app.finish().await;
}

#[tokio::test]
async fn an_infected_paper_of_one_who_died_is_marked_and_told_to_nobody() {
    let app = TestApp::start().await;
    let documents = app.publisher_of("documents").await;
    let member = app.member().await;
    let draft = member.complete_draft("oncology").await;
    let sent = member.submit(&draft.application_id).await.expect("it is sent");
    member
        .becomes_known(|facts| {
            facts.version = 2;
            "2026-11-01".clone_into(&mut facts.death_date);
        })
        .await;
    let document = paper_of(sent.answers.as_ref()).document_id;
    found_infected(&documents, &member, document.parse().expect("an id")).await;
    let reviewer = agent(&app, &[kernel::permission::Role::HealthReviewer]);
    let file = eventually(|| async {
        let file = reviewer.get(&sent.application_id).await.expect("the file");
        (paper_of(file.answers.as_ref()).scan_state == "infected").then_some(file)
    })
    .await;
    assert_eq!(file.missing, ["papers"], "nothing is granted on it");
    let told = "SELECT count(*) FROM outbox WHERE event_type = 'benefits.application.paper_infected.v1'";
    assert_eq!(app.count(told).await, 0, "nothing is asked of who died");
    app.finish().await;
}
