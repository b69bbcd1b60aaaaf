//! Papers opened by agents: only with a grant that benefits signed for that agent, never without a trace; and who may read the trace.

use auth::grant::{self, Grant};
use chrono::TimeDelta;
use documents_proto::v1::{
    ListOpeningsRequest, ListOpeningsResponse, OpenForReviewRequest, open_for_review_response,
};
use kernel::ids::{AccountId, ApplicationId};
use kernel::permission::Role;
use platform::clock::Clock;
use platform::ids::uuid_v7;
use platform::status::reason;
use tonic::{Code, Request, Status};

use crate::support::{TestApp, pdf, someone};

fn agent() -> AccountId {
    AccountId::from_uuid(uuid_v7(Clock::system().now()))
}

async fn paper(app: &TestApp) -> String {
    let stored = app.upload(someone(), "a.pdf", &pdf()).await.unwrap();
    stored.document.unwrap().document_id
}

fn grant_for(document: &str, agent: AccountId) -> Grant {
    Grant {
        document_id: document.parse().unwrap(),
        application_id: ApplicationId::from_uuid(uuid_v7(Clock::system().now())),
        agent,
        reason: "assessment".to_owned(),
    }
}

fn signed(app: &TestApp, signer: &str, grant: &Grant, age: TimeDelta) -> String {
    grant::sign(&app.keys.signing_key(signer), grant, Clock::system().now() - age)
}

fn as_agent<T>(app: &TestApp, agent: AccountId, role: Role, message: T) -> Request<T> {
    let token = app.keys.agent_token("documents", agent, &[role]);
    auth::client::with_token(Request::new(message), &token)
}

async fn open(app: &TestApp, agent: AccountId, opening_grant: &str) -> Result<Vec<u8>, Status> {
    let request = OpenForReviewRequest {
        opening_grant: opening_grant.to_owned(),
    };
    let request = as_agent(app, agent, Role::HealthReviewer, request);
    let mut stream = app.client().open_for_review(request).await?.into_inner();
    let mut content = Vec::new();
    while let Some(message) = stream.message().await? {
        if let Some(open_for_review_response::Part::Chunk(chunk)) = message.part {
            content.extend(chunk);
        }
    }
    Ok(content)
}

async fn openings(app: &TestApp, request: ListOpeningsRequest) -> Result<ListOpeningsResponse, Status> {
    let request = as_agent(app, agent(), Role::Auditor, request);
    Ok(app.client().list_openings(request).await?.into_inner())
}

#[tokio::test]
async fn the_agent_of_the_grant_reads_the_paper_and_the_auditor_sees_who_when_and_why() {
    let app = TestApp::start_without_asking_for_scans().await;
    let (who, id) = (agent(), paper(&app).await);
    let grant = grant_for(&id, who);
    let text = signed(&app, "benefits", &grant, TimeDelta::zero());
    assert_eq!(open(&app, who, &text).await.unwrap(), pdf());
    let found = openings(
        &app,
        ListOpeningsRequest {
            application_id: grant.application_id.to_string(),
            ..ListOpeningsRequest::default()
        },
    )
    .await
    .unwrap()
    .openings;
    assert_eq!(found.len(), 1);
    let line = &found[0];
    assert_eq!(
        (line.document_id.as_str(), line.reason.as_str(), line.opened),
        (id.as_str(), "assessment", true)
    );
    assert_eq!(
        (line.actor_kind.as_str(), line.actor_id.as_str()),
        ("agent", who.to_string().as_str())
    );
    app.finish().await;
}

#[tokio::test]
async fn an_auditor_sees_no_opening_of_their_own_papers() {
    let app = TestApp::start_without_asking_for_scans().await;
    let (who, owner) = (agent(), someone());
    let stored = app.upload(owner, "a.pdf", &pdf()).await.unwrap();
    let own = stored.document.unwrap().document_id;
    let other = paper(&app).await;
    let own_grant = grant_for(&own, who);
    for grant in [&own_grant, &grant_for(&other, who)] {
        let text = signed(&app, "benefits", grant, TimeDelta::zero());
        open(&app, who, &text).await.unwrap();
    }
    let seen = |application_id: String| {
        let token = app
            .keys
            .agent_token_of_member("documents", agent(), owner.member, &[Role::Auditor]);
        let request = ListOpeningsRequest {
            application_id,
            ..ListOpeningsRequest::default()
        };
        let request = auth::client::with_token(Request::new(request), &token);
        let mut client = app.client();
        async move {
            let page = client.list_openings(request).await.unwrap().into_inner();
            page.openings
                .into_iter()
                .map(|line| line.document_id)
                .collect::<Vec<_>>()
        }
    };
    assert_eq!(seen(String::new()).await, [other]);
    assert!(seen(own_grant.application_id.to_string()).await.is_empty());
    // To everybody else they are there.
    let all = openings(&app, ListOpeningsRequest::default()).await.unwrap();
    assert_eq!(all.openings.len(), 2);
    app.finish().await;
}

#[tokio::test]
async fn a_grant_opens_nothing_in_the_hands_of_another_agent_and_the_attempt_is_written_down() {
    let app = TestApp::start_without_asking_for_scans().await;
    let id = paper(&app).await;
    let grant = grant_for(&id, agent());
    let text = signed(&app, "benefits", &grant, TimeDelta::zero());
    let thief = agent();
    let refused = open(&app, thief, &text).await.unwrap_err();
    assert_eq!(
        (refused.code(), reason(&refused).as_deref()),
        (Code::PermissionDenied, Some("GRANT_REFUSED"))
    );
    let found = openings(&app, ListOpeningsRequest::default())
        .await
        .unwrap()
        .openings;
    assert_eq!(found.len(), 1);
    assert_eq!(
        (
            found[0].opened,
            found[0].reason.as_str(),
            found[0].actor_id.as_str()
        ),
        (false, "grant_of_another", thief.to_string().as_str())
    );
    app.finish().await;
}

#[tokio::test]
async fn a_grant_that_benefits_did_not_sign_that_is_old_or_that_is_rubbish_opens_nothing() {
    let app = TestApp::start_without_asking_for_scans().await;
    let (who, id) = (agent(), paper(&app).await);
    let grant = grant_for(&id, who);
    let good = signed(&app, "benefits", &grant, TimeDelta::zero());
    let mut changed = good.clone().into_bytes();
    let middle = changed.len() / 2;
    changed[middle] = if changed[middle] == b'A' { b'B' } else { b'A' };
    let bad = [
        String::new(),
        "rubbish".to_owned(),
        "a".repeat(100_000),
        String::from_utf8(changed).unwrap(),
        signed(&app, "documents", &grant, TimeDelta::zero()),
        signed(&app, "identity", &grant, TimeDelta::zero()),
        signed(&app, "benefits", &grant, TimeDelta::seconds(120)),
        signed(&app, "benefits", &grant, -TimeDelta::seconds(120)),
    ];
    for text in bad {
        let refused = open(&app, who, &text).await.unwrap_err();
        assert_eq!(
            (refused.code(), reason(&refused).as_deref()),
            (Code::PermissionDenied, Some("GRANT_REFUSED")),
            "{}",
            &text[..text.len().min(40)]
        );
    }
    let unknown = grant_for(&uuid::Uuid::nil().to_string(), who);
    let text = signed(&app, "benefits", &unknown, TimeDelta::zero());
    assert_eq!(open(&app, who, &text).await.unwrap_err().code(), Code::NotFound);
    assert_eq!(app.count("access_log").await, 0, "nothing was opened");
    app.finish().await;
}

#[tokio::test]
async fn where_scans_are_asked_for_a_paper_without_one_stays_closed_to_agents() {
    let app = TestApp::start().await;
    let (who, id) = (agent(), paper(&app).await);
    let text = signed(&app, "benefits", &grant_for(&id, who), TimeDelta::zero());
    let refused = open(&app, who, &text).await.unwrap_err();
    assert_eq!(
        (refused.code(), reason(&refused).as_deref()),
        (Code::FailedPrecondition, Some("PAPER_NOT_SCANNED"))
    );
    sqlx::query("UPDATE documents SET scan_state = 'infected'")
        .execute(&app.db.pool)
        .await
        .unwrap();
    let infected = open(&app, who, &text).await.unwrap_err();
    assert_eq!(reason(&infected).as_deref(), Some("PAPER_INFECTED"));
    sqlx::query("UPDATE documents SET scan_state = 'clean'")
        .execute(&app.db.pool)
        .await
        .unwrap();
    assert_eq!(open(&app, who, &text).await.unwrap(), pdf());
    let outcomes: Vec<bool> = openings(&app, ListOpeningsRequest::default())
        .await
        .unwrap()
        .openings
        .iter()
        .map(|line| line.opened)
        .collect();
    assert_eq!(outcomes, [true, false, false], "the newest first");
    app.finish().await;
}

#[tokio::test]
async fn the_openings_come_page_after_page_without_a_gap_or_a_repetition() {
    let app = TestApp::start_without_asking_for_scans().await;
    let (who, id) = (agent(), paper(&app).await);
    let grant = grant_for(&id, who);
    let text = signed(&app, "benefits", &grant, TimeDelta::zero());
    for _ in 0..5 {
        open(&app, who, &text).await.unwrap();
    }
    let mut seen = Vec::new();
    let mut page_token = String::new();
    let mut of_all = String::new();
    loop {
        let request = ListOpeningsRequest {
            page_size: 2,
            page_token,
            ..ListOpeningsRequest::default()
        };
        let page = openings(&app, request).await.unwrap();
        assert!(page.openings.len() <= 2);
        seen.extend(page.openings.into_iter().map(|line| line.at.unwrap()));
        page_token = page.next_page_token;
        if page_token.is_empty() {
            break;
        }
        of_all.clone_from(&page_token);
    }
    assert_eq!(seen.len(), 5);
    assert!(
        seen.windows(2)
            .all(|pair| (pair[0].seconds, pair[0].nanos) >= (pair[1].seconds, pair[1].nanos))
    );
    for request in [
        ListOpeningsRequest {
            page_token: "x".to_owned(),
            ..ListOpeningsRequest::default()
        },
        // As one would make it up.
        ListOpeningsRequest {
            page_token: format!("1790000000000000_{}", uuid::Uuid::nil()),
            ..ListOpeningsRequest::default()
        },
        // That of all openings, for those of one file.
        ListOpeningsRequest {
            page_token: of_all,
            application_id: grant.application_id.to_string(),
            ..ListOpeningsRequest::default()
        },
        ListOpeningsRequest {
            page_size: -1,
            ..ListOpeningsRequest::default()
        },
        ListOpeningsRequest {
            application_id: "x".to_owned(),
            ..ListOpeningsRequest::default()
        },
    ] {
        let refused = openings(&app, request).await.unwrap_err();
        assert_eq!(refused.code(), Code::InvalidArgument);
    }
    app.finish().await;
}

#[tokio::test]
async fn only_reviewing_agents_open_and_only_auditors_read_the_openings() {
    let app = TestApp::start_without_asking_for_scans().await;
    let (who, id) = (agent(), paper(&app).await);
    let text = signed(&app, "benefits", &grant_for(&id, who), TimeDelta::zero());
    for role in [Role::FrontDesk, Role::Finance, Role::Administrator, Role::Auditor] {
        let request = OpenForReviewRequest {
            opening_grant: text.clone(),
        };
        let refused = app
            .client()
            .open_for_review(as_agent(&app, who, role, request))
            .await;
        assert_eq!(refused.err().unwrap().code(), Code::PermissionDenied, "{role:?}");
    }
    for role in [
        Role::HealthReviewer,
        Role::CaseOfficer,
        Role::Validator,
        Role::Administrator,
    ] {
        let request = as_agent(&app, who, role, ListOpeningsRequest::default());
        let refused = app.client().list_openings(request).await.unwrap_err();
        assert_eq!(refused.code(), Code::PermissionDenied, "{role:?}");
    }
    let member = someone();
    let request = app.as_member(member, OpenForReviewRequest { opening_grant: text });
    let refused = app.client().open_for_review(request).await;
    assert_eq!(refused.err().unwrap().code(), Code::PermissionDenied);
    app.finish().await;
}
