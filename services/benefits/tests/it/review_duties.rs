//! Who may do what: roles, one's own and relatives' files, and parts that control one another. Each refusal is written down.

use benefits_proto::v1::*;
use kernel::permission::Role;

use crate::agents::{Agent, agent, dirhams, item, refusal, team};
use crate::support::{Member, TestApp, reason};

/// Everything that an agent may try with a file, and the reason of each refusal; nothing where it is done or only comes too early.
async fn refusals(agent: &Agent<'_>, file: &ReviewFile, paper: &str) -> Vec<(&'static str, String)> {
    let id = &file.summary.as_ref().expect("a summary").application_id;
    let asked = vec![item("bank_account", "", InformationCause::Outdated)];
    let cost = dirhams(100);
    let version = file.summary.as_ref().expect("a summary").version;
    let answers = vec![
        ("get", agent.get(id).await.map(drop)),
        ("assign", agent.assign_at(id, version, false).await.map(drop)),
        (
            "open",
            agent.open(id, paper, OpeningReason::Assessment).await.map(drop),
        ),
        (
            "opine",
            agent
                .opine(file, MedicalOpinion::Favourable, cost)
                .await
                .map(drop),
        ),
        ("ask", agent.ask(file, asked).await.map(drop)),
        ("propose", agent.propose(file).await.map(drop)),
        (
            "decide",
            agent.decide(file, Some(refusal("no_answer"))).await.map(drop),
        ),
        ("note", agent.note(id, "vu").await.map(drop)),
        ("release", agent.release(file).await.map(drop)),
        ("trail", agent.trail(id).await.map(drop)),
    ];
    answers
        .into_iter()
        .filter_map(|(what, answer)| {
            let status = answer.err()?;
            let denied = status.code() == tonic::Code::PermissionDenied;
            denied.then(|| (what, platform::status::reason(&status).expect("a reason")))
        })
        .collect()
}

async fn sent(member: &Member<'_>) -> Application {
    let draft = member.complete_draft("oncology").await;
    member.submit(&draft.application_id).await.expect("it is sent")
}

fn paper_of(application: &Application) -> String {
    application.answers.as_ref().expect("answers").papers[0]
        .document_id
        .clone()
}

#[tokio::test]
async fn an_agent_of_whose_family_nothing_is_known_yet_gets_no_list() {
    let app = TestApp::start().await;
    let mut officer = agent(&app, &[Role::CaseOfficer]);
    officer.member = Some(app.stranger().id);
    let queues = officer
        .client()
        .list_queues(officer.request(ListQueuesRequest {}))
        .await;
    assert_eq!(reason(queues), "FACTS_UNKNOWN");
    let request = ListQueueFilesRequest {
        queue: Queue::Examination.into(),
        ..Default::default()
    };
    let page = officer.client().list_queue_files(officer.request(request)).await;
    assert_eq!(reason(page), "FACTS_UNKNOWN");
    app.finish().await;
}

#[tokio::test]
async fn each_role_is_let_in_to_its_own_part_of_a_health_file_and_no_other() {
    let app = TestApp::start().await;
    let member = app.member().await;
    let application = sent(&member).await;
    let paper = paper_of(&application);
    let team = team(&app);
    // What the permission table refuses is NOT_PERMITTED; what the file refuses has its own reason.
    type Expected<'a> = &'a [(&'a str, &'a str)];
    let table: [(&[Role], Expected<'_>); 5] = [
        (
            &[Role::HealthReviewer],
            &[
                ("propose", "NOT_PERMITTED"),
                ("decide", "NOT_PERMITTED"),
                ("note", "NOTE_NOT_ALLOWED"),
            ],
        ),
        (
            &[Role::CaseOfficer],
            &[
                ("assign", "ROLE_MISSING"),
                ("open", "PAPER_NOT_YOURS_TO_READ"),
                ("opine", "NOT_PERMITTED"),
                ("ask", "ROLE_MISSING"),
                ("decide", "NOT_PERMITTED"),
            ],
        ),
        (
            &[Role::Validator],
            &[
                ("assign", "ROLE_MISSING"),
                ("open", "PAPER_NOT_YOURS_TO_READ"),
                ("opine", "NOT_PERMITTED"),
                ("ask", "NOT_PERMITTED"),
                ("propose", "NOT_PERMITTED"),
            ],
        ),
        (&[Role::Auditor], &[]),
        (&[Role::Administrator, Role::FrontDesk, Role::Finance], &[]),
    ];
    for (roles, expected) in table {
        let file = team
            .officer
            .get(&application.application_id)
            .await
            .expect("the file");
        let found = refusals(&agent(&app, roles), &file, &paper).await;
        let expected: Vec<(&str, String)> = if expected.is_empty() {
            let trail = roles == [Role::Auditor];
            [
                "get", "assign", "open", "opine", "ask", "propose", "decide", "note", "release", "trail",
            ]
            .into_iter()
            .filter(|what| !(trail && *what == "trail"))
            .map(|what| (what, "NOT_PERMITTED".to_owned()))
            .collect()
        } else {
            expected
                .iter()
                .map(|(what, why)| (*what, (*why).to_owned()))
                .collect()
        };
        assert_eq!(found, expected, "{roles:?}");
    }
    app.finish().await;
}

/// The agent is a member; how their family stands to the applicant is the test's.
async fn kept_away(app: &TestApp, applicant: &Member<'_>, colleague: &Member<'_>, why: &str) {
    let application = sent(applicant).await;
    let paper = paper_of(&application);
    let file = team(app)
        .officer
        .get(&application.application_id)
        .await
        .expect("the file");
    let all = [
        Role::CaseOfficer,
        Role::HealthReviewer,
        Role::Validator,
        Role::Auditor,
    ];
    let near = Agent {
        member: Some(colleague.id),
        ..agent(app, &all)
    };
    let before = app
        .count("SELECT count(*) FROM audit WHERE action = 'duty_refused'")
        .await;
    let found = refusals(&near, &file, &paper).await;
    let expected = [
        "get", "assign", "open", "opine", "ask", "propose", "decide", "note", "release", "trail",
    ];
    assert_eq!(found, expected.map(|what| (what, why.to_owned())));
    let after = app
        .count("SELECT count(*) FROM audit WHERE action = 'duty_refused'")
        .await;
    assert_eq!(after - before, 10, "each attempt is written down");
    // Nor does it stand in any list or count.
    for queue in [Queue::MedicalOpinion, Queue::All] {
        let request = ListQueueFilesRequest {
            queue: queue.into(),
            ..Default::default()
        };
        let page = near
            .client()
            .list_queue_files(near.request(request))
            .await
            .expect("a list")
            .into_inner();
        assert!(
            page.files
                .iter()
                .all(|line| line.application_id != application.application_id),
            "{queue:?}"
        );
    }
    let queues = near
        .client()
        .list_queues(near.request(ListQueuesRequest {}))
        .await
        .expect("queues")
        .into_inner()
        .queues;
    assert!(queues.iter().all(|queue| queue.files == 0), "{queues:?}");
}

#[tokio::test]
async fn nobody_handles_their_own_file() {
    let app = TestApp::start().await;
    let applicant = app.member().await;
    kept_away(&app, &applicant, &applicant, "OWN_FILE").await;
    app.finish().await;
}

#[tokio::test]
async fn an_agent_is_kept_from_the_file_of_a_spouse_who_is_an_applicant() {
    let app = TestApp::start().await;
    let applicant = app.member().await;
    // The agent is the applicant's declared spouse, and declares nobody.
    let colleague = app.stranger();
    colleague
        .becomes_known(|facts| {
            facts.person_id = applicant.spouse();
            facts.relatives.clear();
        })
        .await;
    kept_away(&app, &applicant, &colleague, "RELATIVES_FILE").await;
    app.finish().await;
}

#[tokio::test]
async fn an_agent_is_kept_from_the_file_of_somebody_they_declare_as_spouse() {
    let app = TestApp::start().await;
    let applicant = app.stranger();
    applicant.becomes_known(|_| {}).await;
    let colleague = app.stranger();
    colleague
        .becomes_known(|facts| facts.relatives[0].person_id = applicant.person())
        .await;
    kept_away(&app, &applicant, &colleague, "RELATIVES_FILE").await;
    app.finish().await;
}

#[tokio::test]
async fn an_agent_is_kept_from_the_file_of_the_other_parent_of_their_child() {
    let app = TestApp::start().await;
    let applicant = app.member().await;
    let colleague = app.stranger();
    colleague
        .becomes_known(|facts| facts.relatives[1].person_id = applicant.child())
        .await;
    kept_away(&app, &applicant, &colleague, "RELATIVES_FILE").await;
    app.finish().await;
}

#[tokio::test]
async fn an_agent_of_whose_family_nothing_is_known_yet_waits() {
    let app = TestApp::start().await;
    let application = sent(&app.member().await).await;
    let unknown = Agent {
        member: Some(app.stranger().id),
        ..agent(&app, &[Role::CaseOfficer])
    };
    assert_eq!(
        reason(unknown.get(&application.application_id).await),
        "FACTS_UNKNOWN"
    );
    app.finish().await;
}

#[tokio::test]
async fn no_person_does_two_parts_of_one_file_whatever_their_roles() {
    let app = TestApp::start().await;
    let member = app.member().await;
    let application = sent(&member).await;
    let id = application.application_id.as_str();
    let all = [Role::CaseOfficer, Role::HealthReviewer, Role::Validator];
    let (one, two, three) = (agent(&app, &all), agent(&app, &all), agent(&app, &all));

    let file = one.take(id).await;
    one.open(id, &paper_of(&application), OpeningReason::Assessment)
        .await
        .expect("a grant");
    let file = one
        .opine(&file, MedicalOpinion::Favourable, dirhams(10_000))
        .await
        .expect("an opinion");
    assert_eq!(reason(one.assign(id).await), "GAVE_OPINION_BEFORE");
    assert_eq!(reason(one.propose(&file).await), "GAVE_OPINION_BEFORE");

    let file = two.take(id).await;
    assert_eq!(
        file.answers.as_ref().expect("answers").reason_code,
        "",
        "with both roles the papers are shown at the opinion's turn alone"
    );
    let file = two.propose(&file).await.expect("a proposal");
    assert_eq!(reason(two.assign(id).await), "PROPOSED_BEFORE");
    assert_eq!(reason(two.grant(&file).await), "PROPOSED_BEFORE");
    assert_eq!(reason(one.assign(id).await), "ASSESSED_BEFORE");
    assert_eq!(reason(one.grant(&file).await), "ASSESSED_BEFORE");

    let file = three.take(id).await;
    three.grant(&file).await.expect("a grant");
    let refused = app
        .count("SELECT count(*) FROM audit WHERE action = 'duty_refused' AND reason IS NOT NULL")
        .await;
    assert_eq!(refused, 6);
    app.finish().await;
}

#[tokio::test]
async fn papers_of_a_file_that_ended_open_to_who_had_a_part_in_it_and_to_nobody_once_it_was_withdrawn() {
    let app = TestApp::start().await;
    let member = app.member().await;
    let application = sent(&member).await;
    let (id, paper) = (application.application_id.as_str(), paper_of(&application));
    let team = team(&app);
    team.granted(id, dirhams(1_000)).await;
    let stranger = agent(&app, &[Role::HealthReviewer]);
    let shown = |file: ReviewFile| !file.answers.expect("answers").reason_code.is_empty();
    let may = |file: &ReviewFile| file.actions.contains(&ReviewAction::OpenPaper.into());

    let file = stranger.get(id).await.expect("the file");
    assert!(!may(&file) && !shown(file));
    let refused = stranger.open(id, &paper, OpeningReason::Appeal).await;
    assert_eq!(reason(refused), "FILE_CLOSED");
    let file = team.reviewer.get(id).await.expect("the file");
    assert!(may(&file) && shown(file));
    let late = team.reviewer.open(id, &paper, OpeningReason::Assessment).await;
    assert_eq!(reason(late), "FILE_CLOSED", "there is nothing left to examine");
    team.reviewer
        .open(id, &paper, OpeningReason::Appeal)
        .await
        .expect("a grant");

    let other = app.member().await;
    let withdrawn = sent(&other).await;
    let (id, paper) = (withdrawn.application_id.as_str(), paper_of(&withdrawn));
    team.reviewer.take(id).await;
    team.reviewer
        .open(id, &paper, OpeningReason::Assessment)
        .await
        .expect("a grant");
    let request = WithdrawApplicationRequest {
        application_id: id.to_owned(),
        idempotency_key: crate::support::key(),
    };
    other
        .applications()
        .withdraw_application(other.request(request))
        .await
        .expect("it is withdrawn");
    let refused = team.reviewer.open(id, &paper, OpeningReason::QualityCheck).await;
    assert_eq!(reason(refused), "FILE_CLOSED");
    let file = team.reviewer.get(id).await.expect("the file");
    assert!(!may(&file) && !shown(file));
    app.finish().await;
}

#[tokio::test]
async fn nobody_is_refused_for_what_the_file_denies() {
    let app = TestApp::start().await;
    let member = app.member().await;
    let application = sent(&member).await;
    let id = application.application_id.as_str();
    let team = team(&app);
    team.opinion(id, dirhams(1_000)).await;
    let file = team.officer.take(id).await;
    for code in ["ceiling_reached", "opinion_unfavourable"] {
        let refuse = team
            .officer
            .propose_with(&file, Recommendation::Refuse, code, &crate::support::key())
            .await;
        assert_eq!(reason(refuse), "REFUSAL_REFUSED", "{code} is proposed");
    }
    team.officer.propose(&file).await.expect("a proposal");
    let file = team.validator.take(id).await;
    for code in ["ceiling_reached", "opinion_unfavourable"] {
        let refuse = team.validator.decide(&file, Some(refusal(code))).await;
        assert_eq!(reason(refuse), "REFUSAL_REFUSED", "{code} is decided");
    }
    team.validator.grant(&file).await.expect("a grant");
    app.finish().await;
}

#[tokio::test]
async fn who_proposed_does_not_grant_with_another_account_of_theirs() {
    let app = TestApp::start().await;
    let application = sent(&app.member().await).await;
    let id = application.application_id.as_str();
    let colleague = app.member().await;
    let mut team = team(&app);
    team.opinion(id, dirhams(4_000)).await;
    team.officer.member = Some(colleague.id);
    let file = team.officer.take(id).await;
    team.officer.propose(&file).await.expect("a proposal");
    // The account was closed, and the same person was let in again for another duty.
    team.validator.member = Some(colleague.id);
    assert_eq!(reason(team.validator.assign(id).await), "PROPOSED_BEFORE");
    let validator = agent(&app, &[Role::Validator]);
    let file = validator.take(id).await;
    validator.grant(&file).await.expect("a grant");
    app.finish().await;
}
