//! What a member answers anew and does not send is no part of the file, and nothing is granted on a file that is not whole.

use benefits_proto::v1::field_value::Value;
use benefits_proto::v1::save_answer_request::Answer;
use benefits_proto::v1::*;

use crate::agents::{Team, back, dirhams, item, state, summary, team};
use crate::air_transport::{page, trip, uses, value};
use crate::review_information::resend;
use crate::support::{Member, TestApp, fields, id, reason};

/// Longer ago than anybody is waited for.
const LONG_AGO: &str = "2026-10-01T10:00:00Z";

fn on(team: &mut Team<'_>, at: Option<&'static str>) {
    for agent in [&mut team.reviewer, &mut team.officer, &mut team.validator] {
        agent.demo_time = at;
    }
}

async fn sent(member: &Member<'_>, reason_code: &str) -> Application {
    let draft = member.complete_draft(reason_code).await;
    member.submit(&draft.application_id).await.expect("it is sent")
}

fn papers(answers: Option<&Answers>) -> Vec<String> {
    let papers = &answers.expect("answers").papers;
    papers.iter().map(|paper| paper.document_id.clone()).collect()
}

/// What documents was told to keep.
async fn kept(app: &TestApp) -> Vec<String> {
    sqlx::query_scalar(
        "SELECT jsonb_array_elements_text(data -> 'documentIds') FROM outbox WHERE data ? 'documentIds'",
    )
    .fetch_all(app.pool())
    .await
    .expect("the events")
}

#[tokio::test]
async fn a_paper_that_was_never_sent_is_no_part_of_the_file_and_documents_keeps_every_paper_of_it() {
    let app = TestApp::start().await;
    let mut member = app.member().await;
    member.demo_time = Some(LONG_AGO);
    let application = sent(&member, "oncology").await;
    let id = application.application_id.as_str();
    let old = papers(application.answers.as_ref());
    let mut team = team(&app);
    on(&mut team, Some(LONG_AGO));
    let file = team.reviewer.take(id).await;
    let asked = item("", "medical_file", InformationCause::Incomplete);
    team.reviewer.ask(&file, vec![asked]).await.expect("it is asked");
    let corrected = member
        .answer(id, member.paper(|_| {}))
        .await
        .expect("a new paper");
    let new = papers(corrected.answers.as_ref());
    assert_ne!(new, old, "the member sees what they answered");
    let opening = team
        .reviewer
        .open(id, &new[0], OpeningReason::CorrectedPaper)
        .await;
    assert_eq!(reason(opening), "PAPER_NOT_IN_FILE");

    on(&mut team, None);
    member.demo_time = None;
    let file = team.reviewer.get(id).await.expect("the file");
    assert_eq!(papers(file.answers.as_ref()), old);
    assert!(
        file.information_requests[0].items[0].corrected,
        "that something was answered is seen"
    );
    let file = team.reviewer.stop_waiting(&file).await.expect("it goes on");
    assert_eq!(
        state(&file),
        (ApplicationState::InReview, ReviewStep::MedicalOpinion)
    );
    let named = papers(file.answers.as_ref());
    assert_eq!(named, old);
    let kept = kept(&app).await;
    assert!(
        named.iter().all(|paper| kept.contains(paper)),
        "{named:?} of {kept:?}"
    );
    assert_eq!(papers(member.get(id).await.answers.as_ref()), old);
    assert_eq!(
        app.count("SELECT count(*) FROM applications WHERE correction IS NOT NULL")
            .await,
        0
    );
    team.reviewer
        .opine(&file, MedicalOpinion::Unfavourable, 0)
        .await
        .expect("an opinion on what was sent");
    app.finish().await;
}

#[tokio::test]
async fn a_paper_that_was_taken_out_and_not_sent_is_still_in_the_file() {
    let app = TestApp::start().await;
    let mut member = app.member().await;
    member.demo_time = Some(LONG_AGO);
    let application = sent(&member, "oncology").await;
    let id = application.application_id.as_str();
    let mut team = team(&app);
    on(&mut team, Some(LONG_AGO));
    team.opinion(id, dirhams(4_000)).await;
    let file = team.officer.take(id).await;
    let asked = item("", "medical_file", InformationCause::Incomplete);
    team.officer.ask(&file, vec![asked]).await.expect("it is asked");
    let out = Answer::RemovePaperCode("medical_file".to_owned());
    let without = member.answer(id, out).await.expect("it is taken out");
    assert!(papers(without.answers.as_ref()).is_empty());
    on(&mut team, None);
    let file = team.officer.get(id).await.expect("the file");
    let file = team.officer.stop_waiting(&file).await.expect("it goes on");
    assert_eq!((file.papers_withheld, file.missing.len()), (1, 0));
    assert_eq!(
        state(&file).1,
        ReviewStep::Examination,
        "nothing that the opinion rests on changed"
    );
    assert!(file.opinion.is_some());
    team.officer.propose(&file).await.expect("a proposal");
    app.finish().await;
}

#[tokio::test]
async fn a_correction_that_could_not_be_sent_keeps_no_file_waiting_for_ever() {
    let app = TestApp::start().await;
    let mut member = app.member().await;
    member.demo_time = Some(LONG_AGO);
    sent(&member, "cost_surplus").await;
    let application = sent(&member, "oncology").await;
    let id = application.application_id.as_str();
    let mut team = team(&app);
    on(&mut team, Some(LONG_AGO));
    let file = team.reviewer.take(id).await;
    let asked = item("reason", "", InformationCause::Incorrect);
    team.reviewer.ask(&file, vec![asked]).await.expect("it is asked");
    member
        .answer(id, Answer::ReasonCode("cost_surplus".to_owned()))
        .await
        .expect("it is answered");
    assert_eq!(reason(resend(&member, id).await), "OPEN_REQUEST_EXISTS");
    on(&mut team, None);
    let file = team.reviewer.get(id).await.expect("the file");
    let file = team.reviewer.stop_waiting(&file).await.expect("it goes on");
    assert_eq!(file.answers.expect("answers").reason_code, "oncology");
    app.finish().await;
}

#[tokio::test]
async fn a_trip_corrected_into_a_full_year_and_not_sent_stays_in_its_own() {
    let app = TestApp::start().await;
    let mut member = app.traveller().await;
    member.demo_time = Some("2025-12-01T10:00:00Z");
    for (outward, back) in [
        ("2025-10-01", "2025-10-02"),
        ("2025-10-11", "2025-10-12"),
        ("2025-11-01", "2025-11-02"),
        ("2025-11-11", "2025-11-12"),
    ] {
        member.send_air(&trip(outward, back)).await.expect("it is sent");
    }
    member.demo_time = Some("2026-01-20T10:00:00Z");
    let file = member.send_air(&trip("2026-01-02", "2026-01-05")).await;
    let file = file.expect("it is sent");
    let id = file.application_id.as_str();
    let mut team = team(&app);
    on(&mut team, Some("2026-01-20T10:00:00Z"));
    let taken = team.officer.take(id).await;
    let asked = item("outward_on", "", InformationCause::Incorrect);
    team.officer.ask(&taken, vec![asked]).await.expect("it is asked");
    let day = value("outward_on", Value::Date("2025-12-30".to_owned()));
    member
        .answer(id, page("trip", vec![day]))
        .await
        .expect("it is answered");
    on(&mut team, None);
    let file = team.officer.get(id).await.expect("the file");
    team.officer.stop_waiting(&file).await.expect("it goes on");
    assert_eq!(uses(&member.get(id).await), (3, 4, 2026));
    app.finish().await;
}

/// The member's account at membership becomes another one.
async fn account_is_replaced(member: &Member<'_>, version: i64) -> String {
    let account = id().to_string();
    let other = account.clone();
    member
        .becomes_known(|facts| {
            facts.version = version;
            facts.bank_account_id = other;
        })
        .await;
    account
}

#[tokio::test]
async fn nothing_is_granted_on_a_file_that_is_not_whole_and_the_member_can_mend_it() {
    let app = TestApp::start().await;
    let member = app.member().await;
    let application = sent(&member, "oncology").await;
    let id = application.application_id.as_str();
    let team = team(&app);
    team.opinion(id, dirhams(4_000)).await;
    account_is_replaced(&member, 2).await;
    let file = team.officer.take(id).await;
    assert_eq!(file.missing, ["bank_account"]);
    let refused = team.officer.propose(&file).await;
    assert_eq!(
        fields(refused.clone()),
        [("bank_account".to_owned(), "ANSWER_MISSING".to_owned())]
    );
    assert_eq!(reason(refused), "FILE_INCOMPLETE");
    let asked = item("bank_account", "", InformationCause::Outdated);
    team.officer.ask(&file, vec![asked]).await.expect("it is asked");
    let account = account_is_replaced(&member, 3).await;
    member
        .answer(
            id,
            Answer::BankAccount(BankAccountAnswer {
                answer: "confirmed".to_owned(),
                bank_account_id: account,
            }),
        )
        .await
        .expect("the account is confirmed");
    resend(&member, id).await.expect("it is sent again");
    let file = team.officer.get(id).await.expect("the file");
    assert!(file.missing.is_empty());
    team.officer.propose(&file).await.expect("a proposal");

    // The same between proposal and decision.
    account_is_replaced(&member, 4).await;
    let file = team.validator.take(id).await;
    assert_eq!(reason(team.validator.grant(&file).await), "FILE_INCOMPLETE");
    let file = team
        .validator
        .decide(&file, Some(back(ReviewStep::Examination)))
        .await
        .expect("it is sent back");
    assert_eq!(summary(&file).step(), ReviewStep::Examination);
    // A refusal is always possible.
    let file = team.officer.get(id).await.expect("the file");
    let key = crate::support::key();
    team.officer
        .propose_with(&file, Recommendation::Refuse, "no_answer", &key)
        .await
        .expect("a proposal");
    app.finish().await;
}

/// As `MOST_ACTS` in the domain.
const MOST_ACTS: usize = 200;

#[tokio::test]
async fn a_file_takes_a_bounded_number_of_notes_and_can_still_be_decided() {
    let app = TestApp::start().await;
    let member = app.traveller().await;
    let file = member
        .send_air(&crate::air_transport::TRIP)
        .await
        .expect("it is sent");
    let id = file.application_id.as_str();
    let team = team(&app);
    // Taking it up is an act too.
    let taken = team.officer.take(id).await;
    for n in 1..MOST_ACTS {
        team.officer.note(id, &format!("note {n}")).await.expect("a note");
    }
    assert_eq!(reason(team.officer.note(id, "one more").await), "FILE_FULL");
    let asked = item("price", "", InformationCause::Incorrect);
    assert_eq!(reason(team.officer.ask(&taken, vec![asked]).await), "FILE_FULL");
    let paper = taken.answers.as_ref().expect("answers").papers[0]
        .document_id
        .clone();
    let open = || team.officer.open(id, &paper, OpeningReason::Assessment);
    open().await.expect("a proposal rests on it");
    assert_eq!(reason(open().await), "FILE_FULL");
    team.officer.propose(&taken).await.expect("a proposal");
    let taken = team.validator.take(id).await;
    let sent_back = team
        .validator
        .decide(&taken, Some(back(ReviewStep::Examination)))
        .await;
    assert_eq!(reason(sent_back), "FILE_FULL");
    team.validator.grant(&taken).await.expect("a grant");
    app.finish().await;
}

#[tokio::test]
async fn a_full_file_is_opened_once_more_by_who_gives_the_opinion() {
    let app = TestApp::start().await;
    let id = sent(&app.member().await, "oncology").await.application_id;
    let team = team(&app);
    let file = team.reviewer.take(&id).await;
    for n in 1..MOST_ACTS {
        team.officer
            .note(&id, &format!("note {n}"))
            .await
            .expect("a note");
    }
    assert_eq!(reason(team.officer.note(&id, "one more").await), "FILE_FULL");
    let paper = file.answers.as_ref().expect("answers").papers[0]
        .document_id
        .clone();
    let open = || team.reviewer.open(&id, &paper, OpeningReason::Assessment);
    open().await.expect("a grant");
    assert_eq!(reason(open().await), "FILE_FULL");
    team.reviewer
        .opine_unread(&file, MedicalOpinion::Unfavourable, 0)
        .await
        .expect("an opinion");
    app.finish().await;
}

#[tokio::test]
async fn an_answer_that_is_changed_again_and_again_adds_one_act() {
    let app = TestApp::start().await;
    let member = app.member().await;
    let application = sent(&member, "oncology").await;
    let id = application.application_id.as_str();
    let team = team(&app);
    let file = team.reviewer.take(id).await;
    let asked = item("reason", "", InformationCause::Incorrect);
    team.reviewer.ask(&file, vec![asked]).await.expect("it is asked");
    let before = app.count("SELECT count(*) FROM review_acts").await;
    for code in ["cost_surplus", "oncology", "uncovered_treatment"] {
        let answer = Answer::ReasonCode(code.to_owned());
        member.answer(id, answer).await.expect("it is answered");
    }
    assert_eq!(app.count("SELECT count(*) FROM review_acts").await, before + 1);
    resend(&member, id).await.expect("it is sent again");
    let file = team.reviewer.get(id).await.expect("the file");
    assert_eq!(file.answers.expect("answers").reason_code, "uncovered_treatment");
    app.finish().await;
}
