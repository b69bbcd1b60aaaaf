//! What no agent's page sends: each is refused with a reason, and nothing is written.

use benefits_proto::v1::validate_decision_request::Verdict;
use benefits_proto::v1::*;
use kernel::permission::Role;
use tonic::Code;

use crate::agents::{agent, back, dirhams, item, refusal, summary, team};
use crate::support::{TestApp, fields, id, key, reason};

#[tokio::test]
async fn a_file_that_does_not_exist_is_not_found_whatever_is_asked() {
    let app = TestApp::start().await;
    let member = app.member().await;
    let draft = member.complete_draft("oncology").await;
    let all = agent(
        &app,
        &[
            Role::CaseOfficer,
            Role::HealthReviewer,
            Role::Validator,
            Role::Auditor,
        ],
    );
    let long = "9".repeat(10_000);
    for name in [
        draft.application_id.as_str(),
        &id().to_string(),
        "",
        "1",
        "'; --",
        &long,
    ] {
        let file = ReviewFile {
            summary: Some(FileSummary {
                application_id: name.to_owned(),
                version: 1,
                ..Default::default()
            }),
            ..Default::default()
        };
        let asked = vec![item("bank_account", "", InformationCause::Outdated)];
        let answers = [
            all.get(name).await.map(drop),
            all.assign_at(name, 1, true).await.map(drop),
            all.release(&file).await.map(drop),
            all.open(name, &id().to_string(), OpeningReason::Assessment)
                .await
                .map(drop),
            all.opine(&file, MedicalOpinion::Favourable, 1).await.map(drop),
            all.ask(&file, asked).await.map(drop),
            all.propose(&file).await.map(drop),
            all.grant(&file).await.map(drop),
            all.note(name, "vu").await.map(drop),
            all.trail(name).await.map(drop),
        ];
        for (at, answer) in answers.into_iter().enumerate() {
            let name = name.get(..20.min(name.len())).unwrap_or_default();
            assert_eq!(reason(answer), "APPLICATION_NOT_FOUND", "call {at} with {name:?}");
        }
    }
    app.finish().await;
}

#[tokio::test]
async fn a_cost_that_cannot_be_meant_is_refused_and_the_file_stays() {
    let app = TestApp::start().await;
    let member = app.member().await;
    let draft = member.complete_draft("oncology").await;
    let sent = member.submit(&draft.application_id).await.expect("it is sent");
    let reviewer = agent(&app, &[Role::HealthReviewer]);
    let file = reviewer.take(&sent.application_id).await;
    let refused = [("retained_cost_centimes".to_owned(), "COST_REFUSED".to_owned())];
    for (opinion, cost) in [
        (MedicalOpinion::Favourable, 0),
        (MedicalOpinion::Favourable, -1),
        (MedicalOpinion::Favourable, i64::MIN),
        (MedicalOpinion::Favourable, dirhams(1_000_000) + 1),
        (MedicalOpinion::Favourable, i64::MAX),
        (MedicalOpinion::Unfavourable, 1),
    ] {
        let answer = reviewer.opine(&file, opinion, cost).await;
        assert_eq!(fields(answer), refused, "{opinion:?} {cost}");
    }
    assert_eq!(
        fields(reviewer.opine(&file, MedicalOpinion::Unspecified, 1).await),
        [("opinion".to_owned(), "OPINION_MISSING".to_owned())]
    );
    let unchanged = reviewer.get(&sent.application_id).await.expect("the file");
    assert_eq!(summary(&unchanged).version, summary(&file).version);
    assert_eq!(unchanged.opinion, None);
    app.finish().await;
}

#[tokio::test]
async fn only_what_the_form_has_can_be_asked_for_and_each_once() {
    let app = TestApp::start().await;
    let member = app.member().await;
    let draft = member.complete_draft("oncology").await;
    let sent = member.submit(&draft.application_id).await.expect("it is sent");
    let reviewer = agent(&app, &[Role::HealthReviewer]);
    let file = reviewer.take(&sent.application_id).await;
    let asked = |field: &str, paper: &str| item(field, paper, InformationCause::Incorrect);
    let noted = InformationItem {
        note: "Le compte rendu n’est pas lisible".to_owned(),
        ..asked("", "medical_file")
    };
    let without_cause = InformationItem {
        cause: 0,
        ..asked("", "medical_file")
    };
    let unsafe_field = item("bank_account", "", InformationCause::UnsafeFile);
    let unknown_cause = InformationItem {
        cause: 99,
        ..asked("", "medical_file")
    };
    for (items, why) in [
        (vec![], "ITEMS_NUMBER"),
        (vec![asked("bank_account", ""); 11], "ITEMS_NUMBER"),
        (vec![asked("bank_account", ""); 2], "ITEM_REPEATED"),
        (vec![asked("consent", "")], "ITEM_UNKNOWN"),
        (vec![asked("medical_file", "")], "ITEM_UNKNOWN"),
        (vec![asked("", "boarding_pass")], "ITEM_UNKNOWN"),
        (vec![asked("", "")], "ITEM_TARGET"),
        (vec![asked("bank_account", "medical_file")], "ITEM_TARGET"),
        (vec![without_cause], "CAUSE_MISSING"),
        (vec![unknown_cause], "CAUSE_MISSING"),
        // A typed answer is no file.
        (vec![unsafe_field], "CAUSE_MISSING"),
        (vec![noted], "NOTE_NOT_ALLOWED"),
    ] {
        let answer = reviewer.ask(&file, items).await;
        assert_eq!(fields(answer), [("items".to_owned(), why.to_owned())], "{why}");
    }
    assert_eq!(
        app.count("SELECT count(*) FROM outbox WHERE event_type LIKE '%information%'")
            .await,
        0
    );
    app.finish().await;
}

#[tokio::test]
async fn a_case_officers_note_to_the_member_is_bounded() {
    let app = TestApp::start().await;
    let member = app.member().await;
    let draft = member.complete_draft("oncology").await;
    let sent = member.submit(&draft.application_id).await.expect("it is sent");
    let team = team(&app);
    team.opinion(&sent.application_id, dirhams(10)).await;
    let file = team.officer.take(&sent.application_id).await;
    let noted = |note: String| InformationItem {
        note,
        ..item("bank_account", "", InformationCause::Outdated)
    };
    let long = team.officer.ask(&file, vec![noted("م".repeat(501))]).await;
    assert_eq!(fields(long), [("items".to_owned(), "ITEM_NOTE".to_owned())]);
    team.officer
        .ask(&file, vec![noted("م".repeat(500))])
        .await
        .expect("it is asked");
    let shown = member.get(&sent.application_id).await;
    assert_eq!(shown.information_requests[0].items[0].note.chars().count(), 500);
    for text in ["", "   ", "a\u{7}b", &"x".repeat(1_001)] {
        let note = team.officer.note(&sent.application_id, text).await;
        assert_eq!(fields(note), [("text".to_owned(), "NOTE_REFUSED".to_owned())]);
    }
    app.finish().await;
}

#[tokio::test]
async fn a_proposal_and_a_verdict_must_say_what_they_mean() {
    let app = TestApp::start().await;
    let member = app.member().await;
    let draft = member.complete_draft("oncology").await;
    let sent = member.submit(&draft.application_id).await.expect("it is sent");
    let id = sent.application_id.as_str();
    let team = team(&app);
    team.opinion(id, dirhams(10_000)).await;
    let file = team.officer.take(id).await;
    let field = |field: &str, why: &str| vec![(field.to_owned(), why.to_owned())];
    for (recommendation, reason, expected) in [
        (
            Recommendation::Unspecified,
            "",
            field("recommendation", "RECOMMENDATION_MISSING"),
        ),
        (
            Recommendation::Grant,
            "no_answer",
            field("recommendation", "RECOMMENDATION_MISSING"),
        ),
        (
            Recommendation::Refuse,
            "",
            field("reason_code", "REFUSAL_REASON_UNKNOWN"),
        ),
        (
            Recommendation::Refuse,
            "because",
            field("reason_code", "REFUSAL_REASON_UNKNOWN"),
        ),
    ] {
        let answer = team
            .officer
            .propose_with(&file, recommendation, reason, &key())
            .await;
        assert_eq!(fields(answer), expected);
    }
    assert_eq!(reason(team.validator.assign(id).await), "ROLE_MISSING");

    let file = team.officer.propose(&file).await.expect("a proposal");
    assert_eq!(reason(team.validator.grant(&file).await), "FILE_NOT_YOURS");
    let file = team.validator.take(id).await;
    let refuse = |change: fn(&mut Refusal)| {
        let Verdict::Refuse(mut refusal) = refusal("no_answer") else {
            unreachable!("a refusal");
        };
        change(&mut refusal);
        Some(Verdict::Refuse(refusal))
    };
    for (verdict, expected) in [
        (None, field("verdict", "VERDICT_MISSING")),
        (Some(back(ReviewStep::Validation)), field("to", "STEP_MISSING")),
        (Some(back(ReviewStep::Unspecified)), field("to", "STEP_MISSING")),
        (
            Some(Verdict::SendBack(SendBack {
                to: ReviewStep::Examination.into(),
                note: String::new(),
            })),
            field("text", "NOTE_REFUSED"),
        ),
        (
            refuse(|refusal| refusal.reason_code = "because".to_owned()),
            field("reason_code", "REFUSAL_REASON_UNKNOWN"),
        ),
        (
            refuse(|refusal| refusal.sentence_ar.clear()),
            field("sentence_ar", "SENTENCE_REFUSED"),
        ),
        (
            refuse(|refusal| refusal.sentence_fr = refusal.sentence_ar.clone()),
            field("sentence_fr", "SENTENCE_REFUSED"),
        ),
        (
            refuse(|refusal| refusal.sentence_fr = "x".repeat(601)),
            field("sentence_fr", "SENTENCE_REFUSED"),
        ),
    ] {
        assert_eq!(fields(team.validator.decide(&file, verdict).await), expected);
    }
    // An amount that the validator did not see, and a version that is not the file's.
    let other = Verdict::Grant(Grant {
        amount_centimes: dirhams(10_000),
    });
    assert_eq!(
        reason(team.validator.decide(&file, Some(other)).await),
        "FILE_CHANGED"
    );
    for version in [0, -1, i64::MAX, summary(&file).version - 1] {
        let mut stale = file.clone();
        stale.summary.as_mut().expect("a summary").version = version;
        let status = team.validator.grant(&stale).await.expect_err("an old version");
        assert_eq!(status.code(), Code::Aborted);
        assert_eq!(platform::status::reason(&status).as_deref(), Some("FILE_CHANGED"));
    }
    assert_eq!(
        app.count("SELECT count(*) FROM applications WHERE decided_at IS NOT NULL")
            .await,
        0
    );
    app.finish().await;
}

#[tokio::test]
async fn a_paper_of_another_file_is_not_opened_and_a_reason_is_asked() {
    let app = TestApp::start().await;
    let (member, other) = (app.member().await, app.member().await);
    let mut papers = Vec::new();
    let mut files = Vec::new();
    for applicant in [&member, &other] {
        let draft = applicant.complete_draft("oncology").await;
        let sent = applicant.submit(&draft.application_id).await.expect("it is sent");
        papers.push(sent.answers.expect("answers").papers[0].document_id.clone());
        files.push(sent.application_id);
    }
    let reviewer = agent(&app, &[Role::HealthReviewer]);
    let mine = |paper: &str, why| {
        let (reviewer, file, paper) = (reviewer.clone(), files[0].clone(), paper.to_owned());
        async move { reviewer.open(&file, &paper, why).await }
    };
    assert_eq!(
        reason(mine(&papers[0], OpeningReason::Assessment).await),
        "FILE_NOT_YOURS"
    );
    reviewer.take(&files[0]).await;
    for foreign in [papers[1].as_str(), "", "1", &id().to_string()] {
        assert_eq!(
            reason(mine(foreign, OpeningReason::Assessment).await),
            "PAPER_NOT_IN_FILE",
            "{foreign:?}"
        );
    }
    assert_eq!(
        fields(mine(&papers[0], OpeningReason::Unspecified).await),
        [("reason".to_owned(), "OPENING_REASON_MISSING".to_owned())]
    );
    assert_eq!(
        app.count("SELECT count(*) FROM audit WHERE action = 'paper_opening_granted'")
            .await,
        0
    );
    mine(&papers[0], OpeningReason::Assessment)
        .await
        .expect("a grant");
    app.finish().await;
}

#[tokio::test]
async fn lists_refuse_what_they_cannot_read() {
    let app = TestApp::start().await;
    let officer = agent(&app, &[Role::CaseOfficer]);
    let list = |change: fn(&mut ListQueueFilesRequest)| {
        let mut request = ListQueueFilesRequest {
            queue: Queue::Examination.into(),
            ..Default::default()
        };
        change(&mut request);
        let officer = officer.clone();
        async move { officer.client().list_queue_files(officer.request(request)).await }
    };
    let field = |field: &str, why: &str| vec![(field.to_owned(), why.to_owned())];
    assert_eq!(
        fields(list(|request| request.queue = 0).await),
        field("queue", "QUEUE_MISSING")
    );
    assert_eq!(
        fields(list(|request| request.queue = 77).await),
        field("queue", "QUEUE_MISSING")
    );
    assert_eq!(
        fields(list(|request| request.page_size = -1).await),
        field("page_size", "PAGE_SIZE_INVALID")
    );
    assert_eq!(
        fields(list(|request| request.minimum_age_days = -1).await),
        field("minimum_age_days", "AGE_INVALID")
    );
    assert_eq!(
        fields(list(|request| request.request_number = "13".to_owned()).await),
        field("request_number", "REQUEST_NUMBER")
    );
    app.finish().await;
}
