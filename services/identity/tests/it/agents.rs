//! Agents' accounts: made and changed by administrators and the operator, closed for good, with duties that exclude each other.

use auth::token::Claims;
use auth::trust::Trust;
use identity_proto::v1::{
    Agent as WireAgent, CreateAgentRequest, DisableAgentRequest, ExchangeSessionRequest,
    IssueAgentLinkRequest, ListAgentsRequest, ListAgentsResponse, ResetSecondFactorRequest,
    SetAgentRolesRequest,
};
use kernel::{Assurance, CallerKind, Role};
use tonic::{Code, Request, Status};

use crate::staff::Agent;
use crate::support::{PASSWORD, TestApp, reason, token_of, wrong_fields};

pub(crate) const SCOPE: &str = "identity.agents";

/// What a session's token says to another service.
pub(crate) async fn claims_of(app: &TestApp, session_token: &str) -> Claims {
    let request = ExchangeSessionRequest {
        session_token: session_token.to_owned(),
        audience: "benefits".to_owned(),
    };
    let exchanged = app
        .sessions()
        .exchange_session(request)
        .await
        .unwrap()
        .into_inner();
    let trust = Trust::new(&app.keys.directory().trust_path());
    auth::token::verify(&trust, &exchanged.access_token, "benefits", app.clock.now()).unwrap()
}

pub(crate) async fn set_roles(
    app: &TestApp,
    by: &Agent,
    account_id: &str,
    roles: &[&str],
) -> Result<(), Status> {
    let message = SetAgentRolesRequest {
        account_id: account_id.to_owned(),
        roles: roles.iter().map(|role| (*role).to_owned()).collect(),
    };
    let request = app.by(&by.session_token, message).await;
    app.agents().set_agent_roles(request).await.map(|_| ())
}

pub(crate) async fn reset_second_factor(app: &TestApp, account_id: &str, key: &str) -> Result<(), Status> {
    let message = ResetSecondFactorRequest {
        account_id: account_id.to_owned(),
        idempotency_key: key.to_owned(),
    };
    let request = app.as_operator(SCOPE, message);
    app.agents().reset_second_factor(request).await.map(|_| ())
}

fn disabling(account_id: &str) -> DisableAgentRequest {
    DisableAgentRequest {
        account_id: account_id.to_owned(),
        reason: "left".to_owned(),
    }
}

async fn list(app: &TestApp, size: i32, token: &str) -> Result<ListAgentsResponse, Status> {
    let message = ListAgentsRequest {
        page_size: size,
        page_token: token.to_owned(),
    };
    let request = app.as_operator(SCOPE, message);
    Ok(app.agents().list_agents(request).await?.into_inner())
}

#[tokio::test]
async fn an_administrator_makes_an_agent_who_works_after_password_terms_and_second_factor() {
    let app = TestApp::start().await;
    let administrator = app.agent("99000001", &["administrator"]).await;
    let message = CreateAgentRequest {
        login: "99000002".to_owned(),
        email: "officer@tadamon.example".to_owned(),
        locale: "ar".to_owned(),
        roles: vec!["case_officer".to_owned(), "front_desk".to_owned()],
        matricule: app.hire(1).matricule,
        no_membership: false,
    };
    let request = app.by(&administrator.session_token, message).await;
    let made = app.agents().create_agent(request).await.unwrap().into_inner();
    assert_eq!(made.link, "", "nobody but its owner sees it");
    let mail = app.fetch(&app.delivery(1).await).await.unwrap();
    assert_eq!(mail.email, "officer@tadamon.example");
    assert!(mail.link.contains("/ar/account/link/"), "{}", mail.link);

    app.set_password(&token_of(&mail.link), PASSWORD).await.unwrap();
    let signed_in = app.sign_in("99000002", PASSWORD).await.unwrap();
    let info = signed_in.session.unwrap();
    assert_eq!(
        (
            info.caller_kind.as_str(),
            info.second_factor.as_str(),
            info.locale.as_str()
        ),
        ("agent", "enrol", "ar")
    );
    assert_eq!(info.roles, ["front_desk", "case_officer"]);
    assert_eq!(
        app.audit_of(&made.account_id).await,
        ["agent_created", "activated", "signed_in"]
    );
    let by: String = sqlx::query_scalar(
        "SELECT actor_id FROM audit WHERE action = 'agent_created' AND actor_kind = 'agent'",
    )
    .fetch_one(&app.db.pool)
    .await
    .unwrap();
    assert_eq!(by, administrator.account_id, "the trail says who made it");
    app.finish().await;
}

#[tokio::test]
async fn what_asks_for_two_factors_is_closed_to_an_agent_who_proved_one() {
    let app = TestApp::start().await;
    let (agent, signed_in) = app.agent_with_password("99000001", &["administrator"]).await;
    crate::terms::accept_current(&app, &signed_in.session_token).await;
    assert_eq!(
        claims_of(&app, &agent.session_token).await.assurance,
        Assurance::One
    );
    let request = app.by(&agent.session_token, ListAgentsRequest::default()).await;
    let refused = app.agents().list_agents(request).await.unwrap_err();
    assert_eq!(refused.code(), Code::PermissionDenied);

    let begun = app.begin(&agent.session_token).await.unwrap();
    let code = app.code_of(&begun.secret.replace(' ', ""));
    let enrolled = app.confirm(&agent.session_token, &code).await.unwrap();
    assert_eq!(
        claims_of(&app, &enrolled.session_token).await.assurance,
        Assurance::Two
    );
    let request = app
        .by(&enrolled.session_token, ListAgentsRequest::default())
        .await;
    app.agents().list_agents(request).await.unwrap();
    app.finish().await;
}

#[tokio::test]
async fn an_agents_token_carries_their_own_membership_and_never_makes_them_the_member() {
    let app = TestApp::start().await;
    let (person, _) = app.member(1).await;
    let agent = app
        .working_agent("99000001", &["case_officer"], &person.matricule)
        .await;
    let claims = claims_of(&app, &agent.session_token).await;
    assert_eq!(
        (claims.kind, claims.member_id),
        (CallerKind::Agent, Some(person.member_id))
    );
    assert_eq!(claims.roles, [Role::CaseOfficer]);
    let caller = auth::Caller::from(claims);
    assert!(caller.member().is_err(), "an agent never acts as a member");
    assert_eq!(caller.own_membership(), Some(person.member_id));
    // The member's own account goes on beside it.
    let member = app.sign_in(&person.matricule, PASSWORD).await.unwrap();
    assert_eq!(member.session.unwrap().caller_kind, "member");
    app.finish().await;
}

#[tokio::test]
async fn one_person_has_one_open_agents_account() {
    let app = TestApp::start().await;
    let person = app.hire(1);
    let first = app
        .create_agent("99000001", &["case_officer"], &person.matricule)
        .await
        .unwrap();
    assert_eq!(
        reason(
            app.create_agent("99000002", &["validator"], &person.matricule)
                .await
        ),
        "MEMBER_IS_AN_AGENT"
    );
    assert_eq!(
        reason(app.create_agent("99000002", &["validator"], "90009999").await),
        "MEMBER_NOT_FOUND"
    );
    assert_eq!(
        reason(
            app.create_agent("99000001", &["case_officer"], &person.matricule)
                .await
        ),
        "LOGIN_TAKEN",
        "a repetition is told what it is"
    );
    let request = app.as_operator(SCOPE, disabling(&first.account_id));
    app.agents().disable_agent(request).await.unwrap();
    app.create_agent("99000002", &["validator"], &person.matricule)
        .await
        .unwrap();
    app.finish().await;
}

#[tokio::test]
async fn two_accounts_for_one_person_at_once_are_one() {
    let app = TestApp::start().await;
    let person = app.hire(1);
    let (one, two) = tokio::join!(
        app.create_agent("99000001", &["case_officer"], &person.matricule),
        app.create_agent("99000002", &["validator"], &person.matricule)
    );
    let refused: Vec<Status> = [one, two].into_iter().filter_map(Result::err).collect();
    assert_eq!(refused.len(), 1);
    assert_eq!(reason::<()>(Err(refused[0].clone())), "MEMBER_IS_AN_AGENT");
    app.finish().await;
}

#[tokio::test]
async fn duties_that_exclude_each_other_are_refused_when_made_and_when_changed() {
    let app = TestApp::start().await;
    let administrator = app.agent("99000001", &["administrator"]).await;
    let officer = app.create_agent("99000002", &["case_officer"], "").await.unwrap();
    let refused = [("roles".to_owned(), "ROLES_EXCLUDE_EACH_OTHER".to_owned())];
    for pair in [
        ["case_officer", "validator"],
        ["health_reviewer", "validator"],
        ["validator", "finance"],
        ["case_officer", "health_reviewer"],
        ["administrator", "health_reviewer"],
        ["auditor", "front_desk"],
    ] {
        assert_eq!(
            wrong_fields(app.create_agent("99000003", &pair, "").await),
            refused
        );
        assert_eq!(
            wrong_fields(set_roles(&app, &administrator, &officer.account_id, &pair).await),
            refused
        );
    }
    let wrong = app.create_agent("99000003", &["director"], "").await;
    assert_eq!(
        wrong_fields(wrong),
        [("roles".to_owned(), "ROLE_UNKNOWN".to_owned())]
    );
    app.finish().await;
}

#[tokio::test]
async fn new_roles_end_the_sessions_and_stand_in_the_next_ones_token() {
    let app = TestApp::start().await;
    let administrator = app.agent("99000001", &["administrator"]).await;
    let person = app.hire(1);
    let officer = app
        .working_agent("99000002", &["case_officer"], &person.matricule)
        .await;
    set_roles(&app, &administrator, &officer.account_id, &["validator"])
        .await
        .unwrap();
    assert_eq!(reason(app.access(&officer.session_token).await), "SESSION_ENDED");
    let again = app.sign_in(&officer.login, PASSWORD).await.unwrap();
    assert_eq!(again.session.unwrap().roles, ["validator"]);
    assert_eq!(
        reason(set_roles(&app, &administrator, &administrator.account_id, &["finance"]).await),
        "OWN_ACCOUNT"
    );
    assert_eq!(
        reason(set_roles(&app, &administrator, "nobody", &["finance"]).await),
        "AGENT_NOT_FOUND"
    );
    app.finish().await;
}

#[tokio::test]
async fn a_disabled_agents_sessions_end_at_once_and_no_way_leads_back_in() {
    let app = TestApp::start().await;
    let administrator = app.agent("99000001", &["administrator"]).await;
    let agent = app.agent("99000002", &["case_officer"]).await;
    let link = IssueAgentLinkRequest {
        account_id: agent.account_id.clone(),
        email: String::new(),
    };
    let request = app.by(&administrator.session_token, link.clone()).await;
    app.agents().issue_agent_link(request).await.unwrap();
    let open = app.fetch(&app.delivery(1).await).await.unwrap();
    // The token that is out: good for what is left of its minute, and no longer.
    let out = app.access(&agent.session_token).await.unwrap();
    let trust = Trust::new(&app.keys.directory().trust_path());
    let believed = |at| auth::token::verify(&trust, &out, "identity", at).is_ok();
    let (now, minute) = (app.clock.now(), chrono::Duration::seconds(61));
    assert!(believed(now) && !believed(now + minute));

    let request = app
        .by(&administrator.session_token, disabling(&agent.account_id))
        .await;
    app.agents().disable_agent(request).await.unwrap();
    assert_eq!(reason(app.access(&agent.session_token).await), "SESSION_ENDED");
    assert_eq!(
        reason(app.sign_in(&agent.login, PASSWORD).await),
        "SIGN_IN_REFUSED"
    );
    assert_eq!(
        reason(app.set_password(&token_of(&open.link), PASSWORD).await),
        "LINK_NOT_USABLE"
    );
    let request = app.by(&administrator.session_token, link).await;
    assert_eq!(
        reason(app.agents().issue_agent_link(request).await),
        "AGENT_DISABLED"
    );
    assert_eq!(
        reason(set_roles(&app, &administrator, &agent.account_id, &["finance"]).await),
        "AGENT_DISABLED"
    );
    // Again changes nothing, and the login stays taken.
    let request = app
        .by(&administrator.session_token, disabling(&agent.account_id))
        .await;
    app.agents().disable_agent(request).await.unwrap();
    assert_eq!(
        reason(app.create_agent(&agent.login, &["finance"], "").await),
        "LOGIN_TAKEN"
    );
    let trail = app.audit_of(&agent.account_id).await;
    assert_eq!(
        trail.iter().filter(|action| *action == "agent_disabled").count(),
        1
    );
    app.finish().await;
}

#[tokio::test]
async fn two_administrators_who_disable_each_other_at_once_leave_one() {
    let app = TestApp::start().await;
    let one = app.agent("99000001", &["administrator"]).await;
    let two = app.agent("99000002", &["administrator"]).await;
    let against = async |by: &Agent, whom: &Agent| {
        let request: Request<DisableAgentRequest> =
            app.by(&by.session_token, disabling(&whom.account_id)).await;
        request
    };
    let (first, second) = (against(&one, &two).await, against(&two, &one).await);
    let (mut left, mut right) = (app.agents(), app.agents());
    let (first, second) = tokio::join!(left.disable_agent(first), right.disable_agent(second));
    assert!(first.is_ok() != second.is_ok(), "{first:?} {second:?}");
    let open: i64 = sqlx::query_scalar("SELECT count(*) FROM accounts WHERE disabled_at IS NULL")
        .fetch_one(&app.db.pool)
        .await
        .unwrap();
    assert_eq!(open, 1);
    app.finish().await;
}

#[tokio::test]
async fn a_token_that_outlived_its_owners_role_changes_nothing() {
    let app = TestApp::start().await;
    let administrator = app.agent("99000001", &["administrator"]).await;
    let other = app.create_agent("99000002", &["finance"], "").await.unwrap();
    let token = app.access(&administrator.session_token).await.unwrap();
    let message = SetAgentRolesRequest {
        account_id: administrator.account_id.clone(),
        roles: vec!["finance".to_owned()],
    };
    let request = app.as_operator(SCOPE, message);
    app.agents().set_agent_roles(request).await.unwrap();
    let request = auth::client::with_token(Request::new(disabling(&other.account_id)), &token);
    assert_eq!(
        app.agents().disable_agent(request).await.unwrap_err().code(),
        Code::PermissionDenied
    );
    app.finish().await;
}

#[tokio::test]
async fn a_lost_password_is_set_anew_by_a_link_and_the_second_factor_stays() {
    let app = TestApp::start().await;
    let agent = app.agent("99000001", &["finance"]).await;
    let message = IssueAgentLinkRequest {
        account_id: agent.account_id.clone(),
        email: String::new(),
    };
    let request = app.as_operator(SCOPE, message);
    app.agents().issue_agent_link(request).await.unwrap();
    let mail = app.fetch(&app.delivery(1).await).await.unwrap();
    app.set_password(&token_of(&mail.link), "tambour figue comete")
        .await
        .unwrap();
    let signed_in = app.sign_in(&agent.login, "tambour figue comete").await.unwrap();
    assert_eq!(signed_in.session.unwrap().second_factor, "verify");
    app.finish().await;
}

#[tokio::test]
async fn a_reset_second_factor_ends_the_sessions_and_is_enrolled_anew() {
    let app = TestApp::start().await;
    let agent = app.agent("99000001", &["finance"]).await;
    reset_second_factor(&app, &agent.account_id, &app.key())
        .await
        .unwrap();
    assert_eq!(reason(app.access(&agent.session_token).await), "SESSION_ENDED");
    assert_eq!(
        (
            app.count("second_factors").await,
            app.count("recovery_codes").await
        ),
        (0, 0)
    );
    let signed_in = app.sign_in(&agent.login, PASSWORD).await.unwrap();
    assert_eq!(signed_in.session.unwrap().second_factor, "enrol");
    app.finish().await;
}

#[tokio::test]
async fn a_reset_that_comes_again_leaves_the_factor_that_was_enrolled_since() {
    let app = TestApp::start().await;
    let agent = app.agent("99000001", &["finance"]).await;
    let key = app.key();
    reset_second_factor(&app, &agent.account_id, &key).await.unwrap();
    let signed_in = app.sign_in(&agent.login, PASSWORD).await.unwrap();
    let begun = app.begin(&signed_in.session_token).await.unwrap();
    let code = app.code_of(&begun.secret.replace(' ', ""));
    let enrolled = app.confirm(&signed_in.session_token, &code).await.unwrap();
    let before = app.standing_of(&agent.account_id).await;

    reset_second_factor(&app, &agent.account_id, &key).await.unwrap();
    app.access(&enrolled.session_token)
        .await
        .expect("the session goes on");
    assert_eq!(app.count("second_factors").await, 1);
    assert_eq!(app.standing_of(&agent.account_id).await, before);

    let other = app.create_agent("99000002", &["finance"], "").await.unwrap();
    assert_eq!(
        reason(reset_second_factor(&app, &other.account_id, &key).await),
        "IDEMPOTENCY_KEY_REUSED"
    );
    for key in ["", "x", "00000000-0000-4000-8000-000000000000"] {
        assert_eq!(
            reason(reset_second_factor(&app, &agent.account_id, key).await),
            "IDEMPOTENCY_KEY_MALFORMED",
            "{key}"
        );
    }
    // Who has none keeps what they have: a password, and the way in to enrol.
    let before = app.standing_of(&other.account_id).await;
    reset_second_factor(&app, &other.account_id, &app.key())
        .await
        .unwrap();
    assert_eq!(app.standing_of(&other.account_id).await, before);
    reset_second_factor(&app, &agent.account_id, &app.key())
        .await
        .unwrap();
    assert_eq!(
        app.count("second_factors").await,
        0,
        "another order is another reset"
    );
    app.finish().await;
}

#[tokio::test]
async fn the_roles_that_an_agent_has_already_end_no_session_and_are_told_to_nobody() {
    let app = TestApp::start().await;
    let administrator = app.agent("99000001", &["administrator"]).await;
    let agent = app.agent("99000002", &["front_desk", "case_officer"]).await;
    let before = app.standing_of(&agent.account_id).await;
    let same = ["case_officer", "front_desk", "case_officer"];
    set_roles(&app, &administrator, &agent.account_id, &same)
        .await
        .unwrap();
    app.access(&agent.session_token)
        .await
        .expect("the session goes on");
    assert_eq!(app.standing_of(&agent.account_id).await, before);
    app.finish().await;
}

#[tokio::test]
async fn the_list_shows_logins_roles_and_factors_page_by_page() {
    let app = TestApp::start().await;
    app.agent("99000001", &["administrator"]).await;
    let mut logins = vec!["99000001".to_owned()];
    for number in 2..=5 {
        let login = format!("9900000{number}");
        app.create_agent(&login, &["front_desk"], "").await.unwrap();
        logins.push(login);
    }
    let mut found: Vec<WireAgent> = Vec::new();
    let mut token = String::new();
    loop {
        let page = list(&app, 2, &token).await.unwrap();
        assert!(page.agents.len() <= 2);
        found.extend(page.agents);
        token = page.next_page_token;
        if token.is_empty() {
            break;
        }
    }
    assert_eq!(
        found.iter().map(|agent| agent.login.clone()).collect::<Vec<_>>(),
        logins
    );
    assert!(found[0].second_factor && found[0].recovery_codes_left == 10);
    assert!(found[0].activated_at.is_some() && found[1].activated_at.is_none());
    assert_eq!(found[1].roles, ["front_desk"]);
    app.finish().await;
}

#[tokio::test]
async fn a_page_token_that_was_made_up_or_is_of_another_list_is_refused_and_a_huge_page_is_cut() {
    let app = TestApp::start().await;
    for number in 1..=3 {
        app.create_agent(&format!("9900000{number}"), &["front_desk"], "")
            .await
            .unwrap();
    }
    let good = list(&app, 1, "").await.unwrap().next_page_token;
    let mut forged = good.clone().into_bytes();
    forged[10] ^= 1;
    let forged = String::from_utf8_lossy(&forged).into_owned();
    for token in ["x", "////", forged.as_str(), &"a".repeat(10_000)] {
        assert_eq!(reason(list(&app, 1, token).await), "PAGE_TOKEN_INVALID");
    }
    let message = identity_proto::v1::ListClientsRequest {
        page_size: 1,
        page_token: good,
    };
    let request = app.as_operator("identity.clients", message);
    assert_eq!(
        reason(app.clients().list_clients(request).await),
        "PAGE_TOKEN_INVALID"
    );
    assert_eq!(list(&app, i32::MAX, "").await.unwrap().agents.len(), 3);
    assert_eq!(list(&app, -1, "").await.unwrap().agents.len(), 3);
    app.finish().await;
}

#[tokio::test]
async fn a_members_payroll_number_is_no_agents_login_and_without_membership_nobody_is_made() {
    let app = TestApp::start().await;
    let person = app.hire(1);
    assert_eq!(
        reason(app.create_agent(&person.matricule, &["finance"], "").await),
        "LOGIN_TAKEN"
    );
    app.staff.set_away(true);
    assert_eq!(
        reason(app.create_agent("99000001", &["finance"], "").await),
        "TRY_AGAIN"
    );
    assert_eq!(app.count("accounts").await, 0);
    app.finish().await;
}

#[tokio::test]
async fn no_login_and_no_secret_of_an_agent_stands_in_the_database_in_the_clear() {
    let app = TestApp::start().await;
    let agent = app.agent("99000001", &["finance"]).await;
    let mut all = String::new();
    for table in [
        "accounts",
        "links",
        "second_factors",
        "recovery_codes",
        "sessions",
    ] {
        let rows: Vec<String> = sqlx::query_scalar(sqlx::AssertSqlSafe(format!(
            "SELECT to_jsonb(t)::text FROM {table} AS t"
        )))
        .fetch_all(&app.db.pool)
        .await
        .unwrap();
        all.push_str(&rows.join("\n"));
    }
    let bytes = totp_rs::Secret::Encoded(agent.secret.clone()).to_bytes().unwrap();
    let code = agent.recovery_codes[0].replace('-', "");
    for hidden in [
        agent.login.clone(),
        hex::encode(agent.login.as_bytes()),
        hex::encode(bytes),
        hex::encode(agent.secret.as_bytes()),
        code.clone(),
        hex::encode(code.as_bytes()),
        agent.session_token.clone(),
    ] {
        assert!(!all.contains(&hidden), "{hidden}");
    }
    app.finish().await;
}
