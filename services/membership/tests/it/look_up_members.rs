//! What agents are shown of members, and who is not let in.

use kernel::AccountId;
use kernel::permission::Role;
use membership_proto::v1::member_lookup_service_client::MemberLookupServiceClient;
use membership_proto::v1::{BatchGetMemberLabelsRequest, FindMemberAtDeskRequest, GetMemberRequest};
use platform::status::reason;
use tonic::{Code, Request};
use uuid::Uuid;

use crate::support::{TestApp, child, member, with};

fn as_agent<T>(app: &TestApp, role: Role, message: T) -> Request<T> {
    let account = AccountId::from_uuid(Uuid::from_u128(7));
    let token = app.keys.agent_token("membership", account, &[role]);
    auth::client::with_token(Request::new(message), &token)
}

fn lookup(app: &TestApp) -> MemberLookupServiceClient<tonic::transport::Channel> {
    MemberLookupServiceClient::new(app.channel.clone())
}

#[tokio::test]
async fn a_list_of_files_gets_names_and_leaves_out_whom_nobody_knows() {
    let app = TestApp::start().await;
    app.import(&[with(&member(1), &[]), with(&member(2), &[])]).await;
    let known = app.member_id("90000001").await.to_string();
    let ask = |ids: Vec<String>| {
        as_agent(
            &app,
            Role::CaseOfficer,
            BatchGetMemberLabelsRequest { member_ids: ids },
        )
    };
    let labels = lookup(&app)
        .batch_get_member_labels(ask(vec![known.clone(), Uuid::from_u128(99).to_string()]))
        .await
        .unwrap()
        .into_inner()
        .labels;
    assert_eq!(labels.len(), 1);
    assert_eq!(
        (labels[0].matricule.as_str(), labels[0].position.as_str()),
        ("90000001", "active")
    );
    assert_eq!(labels[0].name.clone().unwrap().first_fr, "Amina");
    let too_many = lookup(&app)
        .batch_get_member_labels(ask(vec![known; 201]))
        .await
        .unwrap_err();
    assert_eq!(too_many.code(), Code::InvalidArgument);
    let bad = lookup(&app)
        .batch_get_member_labels(ask(vec!["x".to_owned()]))
        .await
        .unwrap_err();
    assert_eq!(bad.code(), Code::InvalidArgument);
    app.finish().await;
}

#[tokio::test]
async fn one_file_gets_the_family_with_who_died_and_a_masked_account_but_for_a_health_reviewer() {
    let app = TestApp::start().await;
    app.import(&[
        with(&member(1), &[]),
        with(
            &child(1, 1, "Hiba", "2018-06-30"),
            &[("death_date", "2019-01-01")],
        ),
    ])
    .await;
    let request = GetMemberRequest {
        member_id: app.member_id("90000001").await.to_string(),
    };
    for (role, sees_the_account) in [
        (Role::CaseOfficer, true),
        (Role::Validator, true),
        (Role::HealthReviewer, false),
    ] {
        let found = lookup(&app)
            .get_member(as_agent(&app, role, request.clone()))
            .await
            .unwrap()
            .into_inner();
        assert_eq!(found.family.len(), 1);
        let account = found
            .bank_account
            .map(|account| (account.bank_code, account.last_four.len()));
        assert_eq!(
            account,
            sees_the_account.then(|| ("999".to_owned(), 4)),
            "{role:?}"
        );
    }
    for id in ["x".to_owned(), Uuid::from_u128(99).to_string()] {
        let request = as_agent(&app, Role::Validator, GetMemberRequest { member_id: id });
        let refused = lookup(&app).get_member(request).await.unwrap_err();
        assert_eq!(
            (refused.code(), reason(&refused).as_deref()),
            (Code::NotFound, Some("MEMBER_NOT_FOUND"))
        );
    }
    app.finish().await;
}

#[tokio::test]
async fn the_desk_finds_a_member_by_payroll_number_and_learns_whether_a_mail_could_be_sent_and_who_died() {
    let app = TestApp::start().await;
    app.import(&[
        with(&member(1), &[]),
        with(&member(2), &[("email", "")]),
        with(&member(3), &[("death_date", "2026-01-31")]),
    ])
    .await;
    let ask = |matricule: &str| {
        let request = FindMemberAtDeskRequest {
            matricule: matricule.to_owned(),
        };
        as_agent(&app, Role::FrontDesk, request)
    };
    for (typed, has_address, deceased) in [
        ("٩٠٠٠٠٠٠١", true, false),
        (" 90000002 ", false, false),
        ("90000003", true, true),
    ] {
        let found = lookup(&app)
            .find_member_at_desk(ask(typed))
            .await
            .unwrap()
            .into_inner();
        assert_eq!(
            (found.has_address, found.deceased),
            (has_address, deceased),
            "{typed}"
        );
    }
    for typed in ["90000009", "", "ZZ100001", "900000011111"] {
        let refused = lookup(&app).find_member_at_desk(ask(typed)).await.unwrap_err();
        assert_eq!(refused.code(), Code::NotFound, "{typed}");
    }
    app.finish().await;
}

#[tokio::test]
async fn an_agent_is_shown_neither_their_own_record_nor_a_relative_s() {
    let app = TestApp::start().await;
    let shared = |n| with(&child(n, 1, "Salma", "2015-06-30"), &[("child_key", "C-1")]);
    let alone = |n| with(&member(n), &[]);
    app.import(&[alone(1), shared(1), alone(2), shared(2), alone(3)])
        .await;
    let own = app.member_id("90000001").await;
    for (matricule, expected) in [
        ("90000001", Some(Code::NotFound)),
        ("90000002", Some(Code::NotFound)),
        ("90000003", None),
    ] {
        let token = app.keys.agent_token_of_member(
            "membership",
            AccountId::from_uuid(Uuid::from_u128(7)),
            kernel::MemberId::from_uuid(own),
            &[Role::CaseOfficer],
        );
        let message = GetMemberRequest {
            member_id: app.member_id(matricule).await.to_string(),
        };
        let request = auth::client::with_token(Request::new(message), &token);
        let answer = lookup(&app).get_member(request).await;
        assert_eq!(answer.err().map(|status| status.code()), expected, "{matricule}");
    }
    app.finish().await;
}

#[tokio::test]
async fn who_neither_examines_files_nor_serves_the_desk_is_shown_nobody() {
    let app = TestApp::start().await;
    let id = Uuid::nil().to_string();
    for role in [Role::FrontDesk, Role::Administrator, Role::Finance, Role::Auditor] {
        let request = GetMemberRequest {
            member_id: id.clone(),
        };
        let refused = lookup(&app)
            .get_member(as_agent(&app, role, request))
            .await
            .unwrap_err();
        assert_eq!(refused.code(), Code::PermissionDenied, "{role:?}");
    }
    for role in [Role::CaseOfficer, Role::Validator, Role::Administrator] {
        let request = FindMemberAtDeskRequest {
            matricule: "90000001".to_owned(),
        };
        let refused = lookup(&app)
            .find_member_at_desk(as_agent(&app, role, request))
            .await
            .unwrap_err();
        assert_eq!(refused.code(), Code::PermissionDenied, "{role:?}");
    }
    app.finish().await;
}

#[tokio::test]
async fn whom_an_agent_was_shown_is_a_line_in_that_members_trail() {
    let app = TestApp::start().await;
    app.import(&[with(&member(1), &[]), with(&member(2), &[])]).await;
    let (one, two) = (app.member_id("90000001").await, app.member_id("90000002").await);
    let ids = vec![
        two.to_string(),
        one.to_string(),
        one.to_string(),
        Uuid::from_u128(99).to_string(),
    ];
    let list = BatchGetMemberLabelsRequest { member_ids: ids };
    lookup(&app)
        .batch_get_member_labels(as_agent(&app, Role::CaseOfficer, list))
        .await
        .unwrap();
    let file = GetMemberRequest {
        member_id: one.to_string(),
    };
    lookup(&app)
        .get_member(as_agent(&app, Role::Validator, file.clone()))
        .await
        .unwrap();
    lookup(&app)
        .get_member(as_agent(&app, Role::HealthReviewer, file))
        .await
        .unwrap();
    let desk = FindMemberAtDeskRequest {
        matricule: "90000002".to_owned(),
    };
    lookup(&app)
        .find_member_at_desk(as_agent(&app, Role::FrontDesk, desk))
        .await
        .unwrap();
    let lines: Vec<(Uuid, String, String, String, Vec<String>)> = sqlx::query_as(
        "SELECT record_id, action, actor_kind, actor_id, fields FROM audit WHERE record_kind = 'member' ORDER BY record_id, number",
    )
    .fetch_all(&app.db.pool)
    .await
    .unwrap();
    let agent = Uuid::from_u128(7).to_string();
    assert!(
        lines.iter().all(|line| line.2 == "agent" && line.3 == agent),
        "{lines:?}"
    );
    let of = |member: Uuid| -> Vec<String> {
        let own = lines.iter().filter(|line| line.0 == member);
        own.map(|line| format!("{}: {}", line.1, line.4.join(" ")))
            .collect()
    };
    // What the line names is what was shown: the account to those alone whose work it is.
    assert_eq!(
        of(one),
        [
            "label_shown: name matricule position",
            "record_shown: name matricule position family bank_account",
            "record_shown: name matricule position family",
        ]
    );
    assert_eq!(
        of(two),
        [
            "label_shown: name matricule position",
            "found_at_desk: name matricule position has_address deceased",
        ]
    );
    assert_eq!(lines.len(), 5, "nobody else, and nobody who is not there");
    app.finish().await;
}
