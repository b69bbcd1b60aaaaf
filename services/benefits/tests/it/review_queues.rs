//! Queues with counts and ages, lists page by page, and the trail of a file.

use benefits_proto::v1::*;
use kernel::permission::Role;

use crate::agents::{Agent, agent, dirhams, item, team};
use crate::support::{TestApp, fields, reason};

async fn queues(agent: &Agent<'_>) -> Vec<QueueSummary> {
    let answer = agent
        .client()
        .list_queues(agent.request(ListQueuesRequest {}))
        .await;
    answer.expect("queues").into_inner().queues
}

async fn list(
    agent: &Agent<'_>,
    request: ListQueueFilesRequest,
) -> Result<ListQueueFilesResponse, tonic::Status> {
    let answer = agent.client().list_queue_files(agent.request(request)).await?;
    Ok(answer.into_inner())
}

fn of(queue: Queue) -> ListQueueFilesRequest {
    ListQueueFilesRequest {
        queue: queue.into(),
        ..Default::default()
    }
}

#[tokio::test]
async fn a_file_stands_in_the_queue_of_whoever_is_next() {
    let app = TestApp::start().await;
    let mut member = app.member().await;
    member.demo_time = Some("2026-10-10T10:00:00Z");
    let draft = member.complete_draft("oncology").await;
    let sent = member.submit(&draft.application_id).await.expect("it is sent");
    let id = sent.application_id.as_str();
    let mut everybody = agent(&app, &[Role::HealthReviewer, Role::CaseOfficer, Role::Validator]);
    everybody.demo_time = Some("2026-11-19T22:30:00Z");
    let mut team = team(&app);
    for agent in [&mut team.reviewer, &mut team.officer, &mut team.validator] {
        agent.demo_time = Some("2026-11-19T22:30:00Z");
    }
    let stands = |expected: Option<Queue>, unassigned: i64| {
        let everybody = everybody.clone();
        async move {
            for queue in queues(&everybody).await {
                let here = Some(queue.queue()) == expected;
                assert_eq!(queue.files, i64::from(here), "{queue:?}");
                assert_eq!(queue.unassigned, if here { unassigned } else { 0 }, "{queue:?}");
                // From 10 October to 19 November.
                assert_eq!(queue.oldest_age_days, if here { 40 } else { 0 }, "{queue:?}");
            }
        }
    };
    stands(Some(Queue::MedicalOpinion), 1).await;
    let file = team.reviewer.take(id).await;
    stands(Some(Queue::MedicalOpinion), 0).await;
    let asked = item("bank_account", "", InformationCause::Incorrect);
    team.reviewer.ask(&file, vec![asked]).await.expect("it is asked");
    stands(Some(Queue::WaitingForMember), 0).await;
    member.demo_time = Some("2026-11-01T10:00:00Z");
    member
        .answer(id, member.confirmed_account())
        .await
        .expect("it is corrected");
    crate::review_information::resend(&member, id)
        .await
        .expect("it is sent again");
    let file = team.reviewer.get(id).await.expect("the file");
    team.reviewer
        .opine(&file, MedicalOpinion::Favourable, dirhams(500))
        .await
        .expect("an opinion");
    stands(Some(Queue::Examination), 1).await;
    let file = team.officer.take(id).await;
    let file = team.officer.release(&file).await.expect("it is put back");
    assert!(
        file.summary
            .as_ref()
            .is_some_and(|summary| summary.assignment.is_none())
    );
    stands(Some(Queue::Examination), 1).await;
    let file = team.officer.take(id).await;
    team.officer.propose(&file).await.expect("a proposal");
    stands(Some(Queue::Validation), 1).await;
    let file = team.validator.take(id).await;
    team.validator.grant(&file).await.expect("a grant");
    stands(None, 0).await;
    let all = list(&everybody, of(Queue::All)).await.expect("a list").files;
    assert_eq!(all.len(), 1, "decided files can be looked up");
    assert_eq!(
        (all[0].state(), all[0].age_days),
        (ApplicationState::Approved, 40)
    );
    app.finish().await;
}

#[tokio::test]
async fn the_days_that_waited_for_the_member_are_no_age_and_the_order_of_lists_follows() {
    let app = TestApp::start().await;
    let mut first = app.member().await;
    let mut second = app.member().await;
    first.demo_time = Some("2026-09-01T10:00:00Z");
    second.demo_time = Some("2026-09-11T10:00:00Z");
    let mut ids = Vec::new();
    for member in [&first, &second] {
        let draft = member.complete_draft("oncology").await;
        let sent = member.submit(&draft.application_id).await.expect("it is sent");
        ids.push(sent.application_id);
    }
    let due = first.get(&ids[0]).await.answer_due;
    assert_eq!(due, "2026-10-01", "30 days after the sending");
    let mut reviewer = agent(&app, &[Role::HealthReviewer]);
    reviewer.demo_time = Some("2026-09-05T10:00:00Z");
    let file = reviewer.take(&ids[0]).await;
    let asked = item("bank_account", "", InformationCause::Incorrect);
    reviewer.ask(&file, vec![asked]).await.expect("it is asked");

    // While it waits its clock stands, and no day is promised.
    reviewer.demo_time = Some("2026-11-01T10:00:00Z");
    assert_eq!(first.get(&ids[0]).await.answer_due, "");
    let waits = list(&reviewer, of(Queue::WaitingForMember))
        .await
        .expect("a list")
        .files;
    assert_eq!(
        (
            waits[0].age_days,
            waits[0].urgency(),
            waits[0].answer_due.as_str()
        ),
        (4, Urgency::Unspecified, "")
    );
    let aged = |days| {
        let mut request = of(Queue::WaitingForMember);
        request.minimum_age_days = days;
        request
    };
    assert_eq!(list(&reviewer, aged(4)).await.expect("a list").files.len(), 1);
    assert_eq!(list(&reviewer, aged(5)).await.expect("a list").files.len(), 0);
    let queue = |queues: Vec<QueueSummary>, queue| {
        let found = queues.into_iter().find(|summary| summary.queue() == queue);
        found.expect("the queue")
    };
    let waiting = queue(queues(&reviewer).await, Queue::WaitingForMember);
    assert_eq!(
        (waiting.oldest_age_days, waiting.oldest_urgency()),
        (4, Urgency::Unspecified)
    );

    // Sent again after 20 days: ten of the foundation's days less than the other file, and after it.
    first.demo_time = Some("2026-09-25T10:00:00Z");
    first
        .answer(&ids[0], first.confirmed_account())
        .await
        .expect("it is corrected");
    let again = crate::review_information::resend(&first, &ids[0])
        .await
        .expect("it is sent again");
    assert_eq!(again.answer_due, "2026-10-21", "twenty days later");
    reviewer.demo_time = Some("2026-10-15T10:00:00Z");
    let lines = list(&reviewer, of(Queue::MedicalOpinion))
        .await
        .expect("a list")
        .files;
    let said: Vec<_> = lines
        .iter()
        .map(|line| {
            let due = line.answer_due.as_str();
            (line.application_id.as_str(), line.age_days, line.urgency(), due)
        })
        .collect();
    assert_eq!(
        said,
        [
            (ids[1].as_str(), 34, Urgency::Late, "2026-10-11"),
            (ids[0].as_str(), 24, Urgency::Soon, "2026-10-21"),
        ]
    );
    let file = reviewer.get(&ids[0]).await.expect("the file");
    assert_eq!(
        file.summary.as_ref(),
        lines.get(1),
        "the file says what its line says"
    );
    let opinion = queue(queues(&reviewer).await, Queue::MedicalOpinion);
    assert_eq!(
        (opinion.oldest_age_days, opinion.oldest_urgency()),
        (34, Urgency::Late)
    );
    let mut narrowed = of(Queue::MedicalOpinion);
    narrowed.minimum_age_days = 30;
    let old = list(&reviewer, narrowed).await.expect("a list").files;
    assert_eq!(old.len(), 1);
    assert_eq!(old[0].application_id, ids[1]);
    app.finish().await;
}

#[tokio::test]
async fn a_queue_is_read_by_its_index() {
    let app = TestApp::start().await;
    // The statement itself: without an index that has its order every open file would be sorted for each page.
    let explain =
        include_str!("../../src/store/review_files/page.sql").replacen("SELECT", "EXPLAIN SELECT", 1);
    for (steps, index) in [
        (Some(vec!["proposal".to_owned()]), "applications_queue_counted"),
        (None, "applications_sent_counted"),
    ] {
        let mut tx = app.pool().begin().await.expect("a transaction");
        // A test's table is small: what is asked is whether the index can serve, not whether it pays.
        for setting in ["SET LOCAL enable_seqscan = off", "SET LOCAL enable_sort = off"] {
            sqlx::query(setting).execute(&mut *tx).await.expect("a setting");
        }
        let after = (chrono::DateTime::UNIX_EPOCH, uuid::Uuid::nil());
        let plan: Vec<String> = sqlx::query_scalar(sqlx::AssertSqlSafe(explain.clone()))
            .bind(&steps)
            .bind(false)
            .bind(None::<Vec<String>>)
            .bind(false)
            .bind(None::<uuid::Uuid>)
            .bind(None::<String>)
            .bind(None::<i32>)
            .bind(None::<i64>)
            .bind(None::<chrono::DateTime<chrono::Utc>>)
            .bind(Vec::<uuid::Uuid>::new())
            .bind(after.0)
            .bind(after.1)
            .bind(50_i64)
            .bind(None::<Vec<uuid::Uuid>>)
            .bind(None::<i32>)
            .fetch_all(&mut *tx)
            .await
            .expect("a plan");
        let plan = plan.join("\n");
        assert!(plan.contains(index) && !plan.contains("Sort"), "{plan}");
    }
    app.finish().await;
}

#[tokio::test]
async fn a_role_sees_its_own_queues() {
    let app = TestApp::start().await;
    let names = |queues: Vec<QueueSummary>| queues.iter().map(QueueSummary::queue).collect::<Vec<_>>();
    for (role, expected, foreign) in [
        (
            Role::HealthReviewer,
            vec![Queue::MedicalOpinion, Queue::WaitingForMember],
            Queue::Examination,
        ),
        (
            Role::CaseOfficer,
            vec![Queue::Examination, Queue::WaitingForMember],
            Queue::Validation,
        ),
        (Role::Validator, vec![Queue::Validation], Queue::MedicalOpinion),
    ] {
        let agent = agent(&app, &[role]);
        assert_eq!(names(queues(&agent).await), expected);
        assert_eq!(reason(list(&agent, of(foreign)).await), "NOT_YOUR_QUEUE");
        for queue in expected {
            list(&agent, of(queue)).await.expect("a list");
        }
    }
    let auditor = agent(&app, &[Role::Auditor]);
    list(&auditor, of(Queue::All)).await.expect("a list");
    assert_eq!(
        reason(list(&auditor, of(Queue::Validation)).await),
        "NOT_YOUR_QUEUE"
    );
    app.finish().await;
}

#[tokio::test]
async fn a_list_is_read_page_by_page_the_longest_waiting_first() {
    let app = TestApp::start().await;
    let member = app.member().await;
    let mut sent = Vec::new();
    for why in ["oncology", "cost_surplus", "uncovered_treatment"] {
        let draft = member.complete_draft(why).await;
        sent.push(member.submit(&draft.application_id).await.expect("it is sent"));
    }
    let reviewer = agent(&app, &[Role::HealthReviewer]);
    let mut request = of(Queue::MedicalOpinion);
    request.page_size = 2;
    let first = list(&reviewer, request.clone()).await.expect("a page");
    assert_eq!(first.files.len(), 2);
    request.page_token.clone_from(&first.next_page_token);
    let second = list(&reviewer, request.clone()).await.expect("a page");
    assert_eq!((second.files.len(), second.next_page_token.as_str()), (1, ""));
    let listed: Vec<String> = first
        .files
        .iter()
        .chain(&second.files)
        .map(|line| line.application_id.clone())
        .collect();
    let ids: Vec<String> = sent.iter().map(|file| file.application_id.clone()).collect();
    assert_eq!(listed, ids);
    // A token is good for its own list, filter and reader.
    let invalid = [("page_token".to_owned(), "PAGE_TOKEN_INVALID".to_owned())];
    let mut other_filter = request.clone();
    other_filter.benefit_code = "exceptional_health_aid".to_owned();
    assert_eq!(fields(list(&reviewer, other_filter).await), invalid);
    let colleague = agent(&app, &[Role::HealthReviewer]);
    assert_eq!(fields(list(&colleague, request.clone()).await), invalid);
    request.page_token = "AAAA".to_owned();
    assert_eq!(fields(list(&reviewer, request).await), invalid);

    // Filters.
    reviewer.take(&ids[1]).await;
    let narrowed = |change: fn(&mut ListQueueFilesRequest)| {
        let reviewer = reviewer.clone();
        async move {
            let mut request = of(Queue::MedicalOpinion);
            change(&mut request);
            let lines = list(&reviewer, request).await.expect("a list").files;
            lines
                .into_iter()
                .map(|line| line.application_id)
                .collect::<Vec<_>>()
        }
    };
    assert_eq!(
        narrowed(|request| request.set_assigned_to(AssignedTo::Me)).await,
        ids[1..2]
    );
    let free = narrowed(|request| request.set_assigned_to(AssignedTo::Nobody)).await;
    assert_eq!(free, [ids[0].clone(), ids[2].clone()]);
    assert_eq!(
        narrowed(|request| request.minimum_age_days = 1).await,
        Vec::<String>::new()
    );
    let none = narrowed(|request| request.benefit_code = "air_transport_support".to_owned()).await;
    assert_eq!(none, Vec::<String>::new());
    // These files alone; an id of nothing names none.
    let mut by_id = of(Queue::All);
    by_id.application_ids = vec![ids[1].to_string(), "no id".to_owned()];
    let found = list(&reviewer, by_id).await.expect("a list").files;
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].request_number, sent[1].request_number);
    let mut of_nothing = of(Queue::All);
    of_nothing.application_ids = vec!["no id".to_owned()];
    assert!(
        list(&reviewer, of_nothing)
            .await
            .expect("a list")
            .files
            .is_empty()
    );
    let mut too_many = of(Queue::All);
    too_many.application_ids = vec![ids[0].to_string(); 201];
    assert_eq!(
        fields(list(&reviewer, too_many).await),
        [("application_ids".to_owned(), "TOO_MANY_IDS".to_owned())]
    );
    let mut by_number = of(Queue::All);
    by_number.request_number.clone_from(&sent[2].request_number);
    let found = list(&reviewer, by_number).await.expect("a list").files;
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].application_id, ids[2]);
    app.finish().await;
}

#[tokio::test]
async fn the_trail_shows_every_step_and_the_auditor_sees_openings_and_a_whole_chain() {
    let app = TestApp::start().await;
    let member = app.member().await;
    let draft = member.complete_draft("oncology").await;
    let sent = member.submit(&draft.application_id).await.expect("it is sent");
    let id = sent.application_id.as_str();
    let team = team(&app);
    team.reviewer.take(id).await;
    let paper = sent.answers.expect("answers").papers[0].document_id.clone();
    team.reviewer
        .open(id, &paper, OpeningReason::QualityCheck)
        .await
        .expect("a grant");
    let auditor = agent(&app, &[Role::Auditor]);
    let trail = auditor.trail(id).await.expect("a trail");
    assert!(trail.chain_intact);
    let newest: Vec<(&str, &str)> = trail
        .lines
        .iter()
        .take(4)
        .map(|line| (line.action.as_str(), line.reason.as_str()))
        .collect();
    assert_eq!(
        newest,
        [
            ("paper_opening_granted", "quality_check"),
            ("assigned", ""),
            ("looked_at", ""),
            ("submitted", "")
        ]
    );
    assert_eq!(trail.lines[0].actor_id, team.reviewer.account.to_string());
    assert_eq!(
        trail.lines[2].actor_id,
        team.reviewer.account.to_string(),
        "who looked"
    );
    assert_eq!(trail.request_number, sent.request_number);

    let others = team.officer.trail(id).await.expect("a trail");
    assert!(!others.chain_intact, "not checked for them");
    assert!(
        others
            .lines
            .iter()
            .all(|line| line.action != "paper_opening_granted")
    );
    assert!(others.lines.iter().all(|line| line.reason.is_empty()));
    assert!(others.lines.iter().any(|line| line.action == "assigned"));

    // Page by page.
    let request = |page_token: &str| ListAuditTrailRequest {
        application_id: id.to_owned(),
        page_size: 5,
        page_token: page_token.to_owned(),
    };
    let page = |token: String| {
        let auditor = auditor.clone();
        let request = request(&token);
        async move {
            let answer = auditor.client().list_audit_trail(auditor.request(request)).await;
            answer.expect("a page").into_inner()
        }
    };
    let first = page(String::new()).await;
    let second = page(first.next_page_token.clone()).await;
    assert_eq!(first.lines.len(), 5);
    let paged: Vec<AuditLine> = first.lines.into_iter().chain(second.lines).collect();
    assert_eq!(paged, trail.lines);

    // Whoever changes a line is found out.
    let forged =
        format!("UPDATE audit SET actor_id = 'somebody' WHERE record_id = '{id}' AND action = 'submitted'");
    testkit::change_the_unchangeable(app.pool(), &forged).await;
    assert!(!auditor.trail(id).await.expect("a trail").chain_intact);
    app.finish().await;
}

#[tokio::test]
async fn a_trail_that_lost_its_end_is_not_whole() {
    let app = TestApp::start().await;
    let member = app.member().await;
    let draft = member.complete_draft("oncology").await;
    let sent = member.submit(&draft.application_id).await.expect("it is sent");
    let auditor = agent(&app, &[Role::Auditor]);
    assert!(
        auditor
            .trail(&sent.application_id)
            .await
            .expect("a trail")
            .chain_intact
    );
    testkit::change_the_unchangeable(app.pool(), "DELETE FROM audit WHERE action = 'submitted'").await;
    assert!(
        !auditor
            .trail(&sent.application_id)
            .await
            .expect("a trail")
            .chain_intact
    );
    app.finish().await;
}

#[tokio::test]
async fn a_list_goes_on_after_a_file_s_place_also_when_it_left_the_list() {
    let app = TestApp::start().await;
    let mut sent = Vec::new();
    for at in [
        "2026-10-10T10:00:00Z",
        "2026-10-11T10:00:00Z",
        "2026-10-12T10:00:00Z",
    ] {
        let mut member = app.member().await;
        member.demo_time = Some(at);
        let draft = member.complete_draft("oncology").await;
        member.submit(&draft.application_id).await.expect("it is sent");
        sent.push((draft.application_id, member.id));
    }
    let team = team(&app);
    let after = |id: &str| ListQueueFilesRequest {
        after_application_id: id.to_owned(),
        page_size: 1,
        ..of(Queue::MedicalOpinion)
    };
    let reviewer = team.reviewer.clone();
    let next = |id: &str| {
        let (reviewer, request) = (reviewer.clone(), after(id));
        async move {
            let page = list(&reviewer, request).await.expect("a list");
            page.files.into_iter().next().map(|file| file.application_id)
        }
    };
    assert_eq!(next(&sent[0].0).await.as_ref(), Some(&sent[1].0));
    assert_eq!(next(&sent[2].0).await, None);
    team.opinion(&sent[1].0, dirhams(500)).await;
    assert_eq!(next(&sent[1].0).await.as_ref(), Some(&sent[2].0));
    // What is no file, or may not be seen, tells no place.
    for nothing in ["x", &crate::support::id().to_string()] {
        assert_eq!(next(nothing).await.as_ref(), Some(&sent[0].0));
    }
    let mut own = team.reviewer.clone();
    own.member = Some(sent[2].1);
    let page = list(&own, after(&sent[2].0)).await.expect("a list");
    assert_eq!(page.files[0].application_id, sent[0].0);
    app.finish().await;
}
