//! A health aid from its sending to the decision: who sees what, how the amount is found, what is kept, what the member is told.

use benefits_proto::v1::*;

use kernel::permission::Role;

use crate::agents::{Team, agent, dirhams, item, refusal, state, summary, team};
use crate::support::{TestApp, fields, key, reason};

#[tokio::test]
async fn a_health_aid_is_read_by_one_proposed_by_another_and_granted_by_a_third() {
    let app = TestApp::start().await;
    let member = app.member().await;
    let draft = member.complete_draft("oncology").await;
    let sent = member.submit(&draft.application_id).await.expect("it is sent");
    let id = sent.application_id.as_str();
    let Team {
        reviewer,
        officer,
        validator,
    } = team(&app);

    // The health reviewer sees reason and paper, and opens it with a grant.
    let file = reviewer.take(id).await;
    assert_eq!(
        state(&file),
        (ApplicationState::InReview, ReviewStep::MedicalOpinion)
    );
    let shown = file.answers.clone().expect("answers");
    assert_eq!((shown.reason_code.as_str(), shown.papers.len()), ("oncology", 1));
    let paper = shown.papers[0].document_id.clone();
    let opening = reviewer
        .open(id, &paper, OpeningReason::Assessment)
        .await
        .expect("a grant");
    let grant = auth::grant::Verifier::new(&app.keys.directory().trust_path())
        .verify(&opening.opening_grant, platform::clock::Clock::system().now())
        .expect("documents would believe it");
    assert_eq!(grant.document_id.to_string(), paper);
    assert_eq!(
        (grant.agent, grant.reason.as_str()),
        (reviewer.account, "assessment")
    );
    let file = reviewer
        .opine(&file, MedicalOpinion::Favourable, dirhams(30_000))
        .await
        .expect("an opinion");
    assert_eq!(state(&file).1, ReviewStep::Examination);
    assert_eq!(summary(&file).assignment, None, "the next one takes it");

    // The case officer sees a neutral label and no paper, and proposes what the rules compute.
    let file = officer.take(id).await;
    let shown = file.answers.clone().expect("answers");
    assert_eq!((shown.reason_code.as_str(), shown.papers.len()), ("", 0));
    assert_eq!(file.papers_withheld, 1);
    let label = file.reason_label.clone().expect("a label");
    assert_eq!((label.fr.as_str(), label.ar.as_str()), ("Motif A", "الموضوع أ"));
    assert_eq!(
        reason(officer.open(id, &paper, OpeningReason::Assessment).await),
        "PAPER_NOT_YOURS_TO_READ"
    );
    let file = officer.propose(&file).await.expect("a proposal");
    assert_eq!(file.ceiling.map(|ceiling| ceiling.left), Some(dirhams(20_000)));
    assert_eq!(file.decided_by, "");
    let proposal = file.proposal.clone().expect("a proposal");
    assert_eq!(proposal.amount_centimes, dirhams(15_000));
    let steps: Vec<(&str, i64)> = proposal
        .steps
        .iter()
        .map(|step| (step.code.as_str(), step.amount_centimes))
        .collect();
    assert_eq!(
        steps,
        [
            ("retained_cost", dirhams(30_000)),
            ("share_of_cost", dirhams(15_000)),
            ("granted", dirhams(15_000))
        ]
    );
    // The member is told nothing before the decision.
    let waiting = member.get(id).await;
    assert_eq!(waiting.state(), ApplicationState::InReview);
    assert_eq!(waiting.decision, None);

    let file = validator.take(id).await;
    let file = validator.grant(&file).await.expect("a grant");
    assert_eq!(
        state(&file),
        (ApplicationState::Approved, ReviewStep::Unspecified)
    );
    assert_eq!(file.decided_by, validator.account.to_string());
    // What is left by now says nothing of the day of the decision.
    assert_eq!((file.ceiling, file.ceiling_left_centimes), (None, -1));

    // The member sees amount, steps, conditions, and until when and where to appeal.
    let granted = member.get(id).await;
    let decision = granted.decision.clone().expect("a decision");
    assert!(decision.granted);
    assert_eq!(decision.amount_centimes, dirhams(15_000));
    assert_eq!(decision.steps.len(), 3);
    assert!(granted.conditions.iter().all(|condition| condition.held));
    let day: chrono::NaiveDate = decision.appeal_until.parse().expect("a day");
    let decided = decision.decided_at.expect("a date").seconds;
    let decided =
        kernel::civil::civil_date(chrono::DateTime::from_timestamp(decided, 0).expect("an instant"));
    assert_eq!((day - decided).num_days(), 30);
    assert!(
        decision
            .appeal_path
            .is_some_and(|path| !path.ar.is_empty() && !path.fr.is_empty())
    );
    assert_eq!(granted.ceiling_left_centimes, dirhams(5_000));
    assert!(!granted.can_withdraw);
    let timeline: Vec<&str> = granted.timeline.iter().map(|entry| entry.what.as_str()).collect();
    assert_eq!(timeline, ["started", "submitted", "in_review", "approved"]);
    app.finish().await;
}

#[tokio::test]
async fn what_is_kept_of_an_examination_is_sealed_and_complete() {
    let app = TestApp::start().await;
    let member = app.member().await;
    let draft = member.complete_draft("oncology").await;
    let sent = member.submit(&draft.application_id).await.expect("it is sent");
    team(&app).granted(&sent.application_id, dirhams(12_345)).await;

    let acts: Vec<Vec<u8>> = sqlx::query_scalar("SELECT content FROM review_acts")
        .fetch_all(app.pool())
        .await
        .expect("acts");
    assert_eq!(acts.len(), 5, "taken up, paper opened, opinion, proposal, grant");
    let explanations: Vec<Vec<u8>> = sqlx::query_scalar("SELECT explanation FROM assessments")
        .fetch_all(app.pool())
        .await
        .expect("judgements");
    for sealed in acts.iter().chain(&explanations) {
        let text = String::from_utf8_lossy(sealed);
        for word in ["opinion", "retained", "1234500", "oncology", "amount"] {
            assert!(!text.contains(word), "{word} is readable");
        }
    }
    let kept: Vec<(String, i64, i64, bool)> = sqlx::query_as(
        "SELECT kind, rule_version, facts_version, facts_recorded_at <= judged_at FROM assessments ORDER BY judged_at, kind DESC",
    )
    .fetch_all(app.pool())
    .await
    .expect("judgements");
    let of = |kind: &str| (kind.to_owned(), 2, 1, true);
    assert_eq!(kept, [of("submission"), of("proposal"), of("decision")]);
    assert_eq!(
        app.count("SELECT count(*) FROM ceiling_lines WHERE state = 'committed' AND amount = 617250")
            .await,
        1
    );
    app.finish().await;
}

#[tokio::test]
async fn what_happened_to_a_health_file_is_told_on_the_restricted_subject_alone() {
    let app = TestApp::start().await;
    let member = app.member().await;
    let draft = member.complete_draft("cost_surplus").await;
    let sent = member.submit(&draft.application_id).await.expect("it is sent");
    let team = team(&app);
    let file = team.reviewer.take(&sent.application_id).await;
    let outdated = item("", "medical_file", InformationCause::Outdated);
    team.reviewer
        .ask(&file, vec![outdated])
        .await
        .expect("it is asked");
    member
        .answer(&sent.application_id, member.paper(|_| {}))
        .await
        .expect("a new paper");
    crate::review_information::resend(&member, &sent.application_id)
        .await
        .expect("it is sent again");
    let file = team.reviewer.get(&sent.application_id).await.expect("the file");
    team.reviewer
        .opine(&file, MedicalOpinion::Unfavourable, 0)
        .await
        .expect("an opinion");
    let file = team.officer.take(&sent.application_id).await;
    team.officer
        .propose_with(
            &file,
            Recommendation::Refuse,
            "opinion_unfavourable",
            &crate::support::key(),
        )
        .await
        .expect("a proposal");
    let file = team.validator.take(&sent.application_id).await;
    team.validator
        .decide(&file, Some(refusal("opinion_unfavourable")))
        .await
        .expect("a refusal");

    let events: Vec<(String, bool, serde_json::Value)> =
        sqlx::query_as("SELECT event_type, restricted, data FROM outbox ORDER BY sequence")
            .fetch_all(app.pool())
            .await
            .expect("events");
    let types: Vec<&str> = events
        .iter()
        .map(|(name, ..)| name.trim_start_matches("benefits.application."))
        .collect();
    assert_eq!(
        types,
        [
            "submitted.v1",
            "information_requested.v1",
            "resent.v1",
            "decided.v1"
        ]
    );
    for (name, restricted, data) in &events {
        assert!(restricted, "{name}");
        assert_eq!(data["benefitCode"], "restricted", "{name}");
        let text = data.to_string();
        for word in ["Aid_X", "health", "unfavourable", "cost_surplus", "medical"] {
            assert!(!text.contains(word), "{name} says {word}");
        }
    }
    assert_eq!(
        events[2].2["documentIds"].as_array().map(Vec::len),
        Some(1),
        "the new paper is to be kept"
    );
    assert_ne!(events[2].2["documentIds"], events[0].2["documentIds"]);
    app.finish().await;
}

#[tokio::test]
async fn a_refusal_has_a_reason_and_a_sentence_in_both_languages_and_gives_the_ceiling_back() {
    let app = TestApp::start().await;
    let member = app.member().await;
    let draft = member.complete_draft("oncology").await;
    let sent = member.submit(&draft.application_id).await.expect("it is sent");
    let team = team(&app);
    team.proposal(&sent.application_id, dirhams(30_000)).await;
    let file = team.validator.take(&sent.application_id).await;
    let file = team
        .validator
        .decide(&file, Some(refusal("papers_insufficient")))
        .await
        .expect("a refusal");
    assert_eq!(state(&file).0, ApplicationState::Rejected);
    let told = member.get(&sent.application_id).await;
    let decision = told.decision.expect("a decision");
    assert!(!decision.granted);
    assert_eq!(decision.amount_centimes, 0);
    assert_eq!(decision.reason_code, "papers_insufficient");
    assert!(decision.reason_label.is_some());
    let sentence = decision.sentence.expect("a sentence");
    assert_eq!(sentence.fr, "Les pièces remises ne suffisent pas.");
    assert!(sentence.ar.starts_with("الوثائق"));
    assert!(decision.steps.is_empty());
    assert!(!decision.appeal_until.is_empty());
    assert_eq!(told.ceiling_left_centimes, dirhams(20_000));
    assert_eq!(
        app.count("SELECT count(*) FROM ceiling_counters WHERE used <> 0")
            .await,
        0
    );
    // The same person and reason may ask again.
    let again = member.complete_draft("oncology").await;
    member.submit(&again.application_id).await.expect("it is sent");
    app.finish().await;
}

#[tokio::test]
async fn an_unfavourable_opinion_cannot_be_granted() {
    let app = TestApp::start().await;
    let member = app.member().await;
    let draft = member.complete_draft("oncology").await;
    let sent = member.submit(&draft.application_id).await.expect("it is sent");
    let team = team(&app);
    let file = team.reviewer.take(&sent.application_id).await;
    team.reviewer
        .opine(&file, MedicalOpinion::Unfavourable, 0)
        .await
        .expect("an opinion");
    let file = team.officer.take(&sent.application_id).await;
    assert_eq!(reason(team.officer.propose(&file).await), "OPINION_UNFAVOURABLE");
    app.finish().await;
}

#[tokio::test]
async fn an_opinion_rests_on_a_paper_that_its_own_reviewer_opened() {
    let app = TestApp::start().await;
    let member = app.member().await;
    let draft = member.complete_draft("oncology").await;
    let sent = member.submit(&draft.application_id).await.expect("it is sent");
    let id = sent.application_id.as_str();
    let team = team(&app);
    let paper = sent.answers.expect("answers").papers[0].document_id.clone();
    let file = team.reviewer.take(id).await;
    for (opinion, cost) in [
        (MedicalOpinion::Favourable, dirhams(1_000)),
        (MedicalOpinion::Unfavourable, 0),
    ] {
        let unread = team.reviewer.opine_unread(&file, opinion, cost).await;
        assert_eq!(reason(unread), "PAPER_NOT_OPENED", "{opinion:?}");
    }
    // What a colleague read is not what this reviewer read.
    let colleague = agent(&app, &[Role::HealthReviewer]);
    let version = summary(&file).version;
    let taken = colleague
        .assign_at(id, version, true)
        .await
        .expect("it is taken over");
    colleague
        .open(id, &paper, OpeningReason::Assessment)
        .await
        .expect("a grant");
    let version = summary(&taken.file.expect("the file")).version;
    let back = team
        .reviewer
        .assign_at(id, version, true)
        .await
        .expect("it is taken back");
    let file = back.file.expect("the file");
    let unread = team
        .reviewer
        .opine_unread(&file, MedicalOpinion::Favourable, dirhams(1_000))
        .await;
    assert_eq!(reason(unread), "PAPER_NOT_OPENED");
    let before = app.count("SELECT count(*) FROM review_acts").await;
    team.reviewer
        .open(id, &paper, OpeningReason::Assessment)
        .await
        .expect("a grant");
    team.reviewer
        .opine_unread(&file, MedicalOpinion::Favourable, dirhams(1_000))
        .await
        .expect("an opinion");
    assert_eq!(
        app.count("SELECT count(*) FROM review_acts").await,
        before + 2,
        "nothing was written of what was refused"
    );
    app.finish().await;
}

#[tokio::test]
async fn no_refusal_says_that_conditions_are_unmet_while_each_of_them_holds() {
    let app = TestApp::start().await;
    let member = app.member().await;
    let draft = member.complete_draft("oncology").await;
    let sent = member.submit(&draft.application_id).await.expect("it is sent");
    let team = team(&app);
    team.opinion(&sent.application_id, dirhams(1_000)).await;
    let file = team.officer.take(&sent.application_id).await;
    assert!(file.conditions.iter().all(|condition| condition.held));
    let denied = [("reason_code".to_owned(), "REFUSAL_CONTRADICTED".to_owned())];
    let propose = async |why: &str| {
        team.officer
            .propose_with(&file, Recommendation::Refuse, why, &key())
            .await
    };
    assert_eq!(fields(propose("conditions_not_met").await), denied);
    let proposed = propose("papers_insufficient").await.expect("other reasons stay");
    assert_eq!(state(&proposed).1, ReviewStep::Validation);
    let file = team.validator.take(&sent.application_id).await;
    let answer = team
        .validator
        .decide(&file, Some(refusal("conditions_not_met")))
        .await;
    assert_eq!(fields(answer), denied);
    team.validator
        .decide(&file, Some(refusal("covered_elsewhere")))
        .await
        .expect("a refusal");
    app.finish().await;
}

#[tokio::test]
async fn nobody_proposes_to_pay_a_trip_on_papers_that_they_did_not_open() {
    let app = TestApp::start().await;
    let member = app.traveller().await;
    let sent = member
        .send_air(&crate::air_transport::TRIP)
        .await
        .expect("it is sent");
    let id = sent.application_id.as_str();
    let team = team(&app);
    let file = team.officer.take(id).await;
    let unread = team
        .officer
        .propose_with(&file, Recommendation::Grant, "", &key())
        .await;
    assert_eq!(reason(unread), "PAPER_NOT_OPENED");
    let proposed = team.officer.propose(&file).await.expect("the paper was opened");
    assert_eq!(state(&proposed).1, ReviewStep::Validation);
    app.finish().await;
}
