//! What one administrator alone cannot do to another agent's account, and that its owner is told of what they did; whether an agent is a member.

use identity_proto::v1::{
    CreateAgentRequest, IssueAgentLinkRequest, ResetSecondFactorRequest, SetAgentMembershipRequest,
};

use crate::agents::{SCOPE, claims_of, set_roles};
use crate::support::{PASSWORD, TestApp, reason, wrong_fields};

/// The changes that agents were told of, with the address that the mailer gets for each.
async fn told(app: &TestApp) -> Vec<String> {
    let deliveries: Vec<String> = sqlx::query_scalar(
        "SELECT data->>'deliveryId' FROM outbox WHERE event_type = 'identity.account.access_changed.v1' ORDER BY created_at, id",
    )
    .fetch_all(&app.db.pool)
    .await
    .unwrap();
    let mut addresses = Vec::new();
    for delivery in deliveries {
        let mail = app.fetch(&delivery).await.unwrap();
        assert!(!mail.link.contains("/account/link/") && mail.expires_at.is_none());
        addresses.push(mail.email);
    }
    addresses
}

#[tokio::test]
async fn no_administrator_walks_into_another_agents_account_or_makes_a_reader_of_health_papers() {
    let app = TestApp::start().await;
    let administrator = app.agent("99000001", &["administrator"]).await;
    let reviewer = app.agent("99000002", &["health_reviewer"]).await;
    let link = |email: &str| IssueAgentLinkRequest {
        account_id: reviewer.account_id.clone(),
        email: email.to_owned(),
    };
    let elsewhere = app
        .by(&administrator.session_token, link("mine@tadamon.example"))
        .await;
    assert_eq!(
        wrong_fields(app.agents().issue_agent_link(elsewhere).await),
        [("email".to_owned(), "EMAIL_ON_FILE".to_owned())]
    );
    let on_file = app.by(&administrator.session_token, link("")).await;
    let made = app.agents().issue_agent_link(on_file).await.unwrap().into_inner();
    assert_eq!(made.link, "", "the administrator sees no link");
    let mail = app.fetch(&app.delivery(1).await).await.unwrap();
    assert_eq!(mail.email, "agent@tadamon.example");

    let message = CreateAgentRequest {
        login: "99000003".to_owned(),
        email: "mine@tadamon.example".to_owned(),
        locale: "fr".to_owned(),
        roles: vec!["health_reviewer".to_owned()],
        matricule: String::new(),
        no_membership: true,
    };
    let request = app.by(&administrator.session_token, message).await;
    assert_eq!(
        reason(app.agents().create_agent(request).await),
        "OPERATOR_NEEDED"
    );
    let desk = app.create_agent("99000004", &["front_desk"], "").await.unwrap();
    assert_eq!(
        reason(set_roles(&app, &administrator, &desk.account_id, &["health_reviewer"]).await),
        "OPERATOR_NEEDED"
    );
    // Who has the role keeps it whatever else changes.
    let both = ["front_desk", "health_reviewer"];
    set_roles(&app, &administrator, &reviewer.account_id, &both)
        .await
        .unwrap();
    app.finish().await;
}

#[tokio::test]
async fn an_agent_is_mailed_whenever_another_changes_the_way_in() {
    let app = TestApp::start().await;
    let administrator = app.agent("99000001", &["administrator"]).await;
    let agent = app.agent("99000002", &["front_desk"]).await;
    set_roles(&app, &administrator, &agent.account_id, &["finance"])
        .await
        .unwrap();
    let message = ResetSecondFactorRequest {
        account_id: agent.account_id.clone(),
        idempotency_key: app.key(),
    };
    let request = app.by(&administrator.session_token, message).await;
    app.agents().reset_second_factor(request).await.unwrap();
    assert_eq!(told(&app).await, ["agent@tadamon.example"; 2]);
    app.finish().await;
}

#[tokio::test]
async fn whether_an_agent_is_a_member_is_said_when_made_or_later_and_never_left_out() {
    let app = TestApp::start().await;
    let administrator = app.agent("99000001", &["administrator"]).await;
    let (person, other) = (app.hire(1), app.hire(2));
    let say = |matricule: &str, no_membership| CreateAgentRequest {
        login: "99000002".to_owned(),
        email: "agent@tadamon.example".to_owned(),
        locale: "fr".to_owned(),
        roles: vec!["case_officer".to_owned()],
        matricule: matricule.to_owned(),
        no_membership,
    };
    for (matricule, no_membership, expected) in [
        ("", false, "MEMBERSHIP_UNSAID"),
        (person.matricule.as_str(), true, "MEMBERSHIP_SAID_TWICE"),
    ] {
        let request = app.as_operator(SCOPE, say(matricule, no_membership));
        assert_eq!(
            wrong_fields(app.agents().create_agent(request).await),
            [("matricule".to_owned(), expected.to_owned())]
        );
    }
    let agent = app.working_agent("99000003", &["case_officer"], "").await;
    let other_agent = app
        .create_agent("99000004", &["finance"], &other.matricule)
        .await
        .unwrap();
    let note = |account_id: &str, matricule: &str| SetAgentMembershipRequest {
        account_id: account_id.to_owned(),
        matricule: matricule.to_owned(),
        no_membership: false,
    };
    let set = async |message: SetAgentMembershipRequest| {
        let request = app.as_operator(SCOPE, message);
        app.agents().set_agent_membership(request).await
    };
    assert_eq!(
        reason(set(note(&agent.account_id, "90009999")).await),
        "MEMBER_NOT_FOUND"
    );
    assert_eq!(
        reason(set(note(&agent.account_id, &other.matricule)).await),
        "MEMBER_IS_AN_AGENT"
    );
    assert_eq!(
        wrong_fields(set(note(&agent.account_id, "")).await),
        [("matricule".to_owned(), "MEMBERSHIP_UNSAID".to_owned())]
    );
    let own = note(&administrator.account_id, &person.matricule);
    let request = app.by(&administrator.session_token, own).await;
    assert_eq!(
        reason(app.agents().set_agent_membership(request).await),
        "OWN_ACCOUNT"
    );
    set(note(&agent.account_id, &person.matricule)).await.unwrap();
    set(note(&other_agent.account_id, &other.matricule))
        .await
        .expect("the same again");
    assert_eq!(
        reason(app.access(&agent.session_token).await),
        "SESSION_ENDED",
        "no token goes on without it"
    );
    let signed_in = app.sign_in(&agent.login, PASSWORD).await.unwrap();
    let claims = claims_of(&app, &signed_in.session_token).await;
    assert_eq!(claims.member_id, Some(person.member_id));
    let trail = app.audit_of(&agent.account_id).await;
    assert!(trail.contains(&"agent_membership_set".to_owned()));
    assert_eq!(told(&app).await.len(), 1, "the same again is told to nobody");
    app.finish().await;
}

#[tokio::test]
async fn an_administrator_says_whether_an_agent_is_a_member_once_and_only_the_operator_takes_it_back() {
    let app = TestApp::start().await;
    let administrator = app.agent("99000001", &["administrator"]).await;
    let (person, other) = (app.hire(1), app.hire(2));
    let agent = app.working_agent("99000002", &["case_officer"], "").await;
    // As accounts were made before it was asked.
    sqlx::query("UPDATE accounts SET no_membership = false WHERE id = $1::uuid")
        .bind(&agent.account_id)
        .execute(&app.db.pool)
        .await
        .unwrap();
    let note = |matricule: &str| SetAgentMembershipRequest {
        account_id: agent.account_id.clone(),
        matricule: matricule.to_owned(),
        no_membership: matricule.is_empty(),
    };
    let by_administrator = async |matricule: &str| {
        let request = app.by(&administrator.session_token, note(matricule)).await;
        app.agents().set_agent_membership(request).await
    };
    let by_operator = async |matricule: &str| {
        let request = app.as_operator(SCOPE, note(matricule));
        app.agents().set_agent_membership(request).await
    };
    by_administrator(&person.matricule).await.unwrap();
    let session = app.sign_in(&agent.login, PASSWORD).await.unwrap();
    let before = app.standing_of(&agent.account_id).await;
    for another in ["", &other.matricule] {
        assert_eq!(reason(by_administrator(another).await), "OPERATOR_NEEDED");
    }
    by_administrator(&person.matricule).await.expect("the same again");
    by_operator(&person.matricule).await.expect("the same again");
    app.access(&session.session_token)
        .await
        .expect("the session goes on");
    assert_eq!(app.standing_of(&agent.account_id).await, before);

    by_operator("").await.unwrap();
    assert_eq!(
        reason(by_administrator(&person.matricule).await),
        "OPERATOR_NEEDED"
    );
    by_operator(&other.matricule).await.unwrap();
    let reasons: Vec<String> = sqlx::query_scalar(
        "SELECT reason FROM audit WHERE action = 'agent_membership_set' AND record_id = $1::uuid ORDER BY number",
    )
    .bind(&agent.account_id)
    .fetch_all(&app.db.pool)
    .await
    .unwrap();
    assert_eq!(
        reasons,
        [
            "member; before: unsaid".to_owned(),
            format!("no member; before: member {}", person.member_id),
            "member; before: no member".to_owned(),
        ]
    );
    app.finish().await;
}

#[tokio::test]
async fn no_administrator_makes_a_member_a_reviewer_who_is_said_to_be_none() {
    let app = TestApp::start().await;
    let administrator = app.agent("99000001", &["administrator"]).await;
    let person = app.hire(1);
    let colleague = app
        .create_agent("99000002", &["case_officer"], &person.matricule)
        .await
        .unwrap();
    let close = identity_proto::v1::DisableAgentRequest {
        account_id: colleague.account_id,
        reason: "left".to_owned(),
    };
    let request = app.by(&administrator.session_token, close).await;
    app.agents().disable_agent(request).await.unwrap();
    let another = |login: &str, role: &str, matricule: &str| CreateAgentRequest {
        login: login.to_owned(),
        email: "agent@tadamon.example".to_owned(),
        locale: "fr".to_owned(),
        roles: vec!["front_desk".to_owned(), role.to_owned()],
        matricule: matricule.to_owned(),
        no_membership: matricule.is_empty(),
    };
    // Made as no member's.
    for role in ["case_officer", "health_reviewer", "validator"] {
        let request = app
            .by(&administrator.session_token, another("99000003", role, ""))
            .await;
        assert_eq!(
            reason(app.agents().create_agent(request).await),
            "OPERATOR_NEEDED",
            "{role}"
        );
    }
    // Made with other duties, and given these afterwards.
    let request = app
        .by(&administrator.session_token, another("99000003", "finance", ""))
        .await;
    let made = app.agents().create_agent(request).await.unwrap().into_inner();
    for role in ["case_officer", "health_reviewer", "validator"] {
        let given = set_roles(&app, &administrator, &made.account_id, &[role]).await;
        assert_eq!(reason(given), "OPERATOR_NEEDED", "{role}");
    }
    // Of an account from before it was asked.
    let old = app.create_agent("99000004", &["validator"], "").await.unwrap();
    sqlx::query("UPDATE accounts SET no_membership = false WHERE id = $1::uuid")
        .bind(&old.account_id)
        .execute(&app.db.pool)
        .await
        .unwrap();
    let none = SetAgentMembershipRequest {
        account_id: old.account_id,
        matricule: String::new(),
        no_membership: true,
    };
    let request = app.by(&administrator.session_token, none.clone()).await;
    assert_eq!(
        reason(app.agents().set_agent_membership(request).await),
        "OPERATOR_NEEDED"
    );
    app.agents()
        .set_agent_membership(app.as_operator(SCOPE, none))
        .await
        .expect("the operator's word");
    // As the member they are they may be a reviewer: nothing opens their own file to them.
    let request = app
        .by(
            &administrator.session_token,
            another("99000005", "case_officer", &person.matricule),
        )
        .await;
    app.agents()
        .create_agent(request)
        .await
        .expect("kept from their own file");
    app.finish().await;
}
