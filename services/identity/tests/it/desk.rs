//! The desk: a printed code for a member without a usable address, used once, with one refusal for everything that is wrong.

use identity_proto::v1::{
    ChangePasswordRequest, Form, IssueActivationCodeRequest, IssueActivationCodeResponse,
    RedeemActivationCodeRequest,
};
use tonic::{Code, Status};

use crate::queries;
use crate::staff::Agent;
use crate::staff_double::Person;
use crate::support::{ADDRESS, Options, PASSWORD, TestApp, reason, wrong_fields};

/// Somebody on the staff file without an address.
fn without_address(app: &TestApp, number: u32) -> Person {
    let person = Person {
        email: String::new(),
        matricule: format!("9100{number:04}"),
        ..app.hire(number)
    };
    app.staff.add(&person);
    person
}

async fn issue(
    app: &TestApp,
    agent: &Agent,
    matricule: &str,
    cause: &str,
) -> Result<IssueActivationCodeResponse, Status> {
    app.pass(1);
    let message = IssueActivationCodeRequest {
        matricule: matricule.to_owned(),
        identification: "identity_card".to_owned(),
        cause: cause.to_owned(),
    };
    let request = app.by(&agent.session_token, message).await;
    Ok(app.desk().issue_activation_code(request).await?.into_inner())
}

async fn form(app: &TestApp, matricule: &str, code: &str) -> RedeemActivationCodeRequest {
    RedeemActivationCodeRequest {
        matricule: matricule.to_owned(),
        code: code.to_owned(),
        password: PASSWORD.to_owned(),
        proof: Some(app.proof(Form::Activation).await),
        locale: "fr".to_owned(),
        client_address: ADDRESS.to_owned(),
    }
}

async fn redeem(app: &TestApp, matricule: &str, code: &str) -> Result<String, Status> {
    let form = form(app, matricule, code).await;
    let answer = app.public_desk().redeem_activation_code(form).await?;
    Ok(answer.into_inner().device_token)
}

#[tokio::test]
async fn a_member_without_an_address_opens_the_account_with_the_printed_code() {
    let app = TestApp::start().await;
    let agent = app.agent("99000001", &["front_desk"]).await;
    let person = without_address(&app, 1);
    let printed = issue(&app, &agent, &person.matricule, "no_address")
        .await
        .unwrap();
    assert_eq!(printed.code.len(), 14);
    assert_eq!(
        printed.expires_at.unwrap().seconds - app.clock.now().timestamp(),
        7 * 24 * 3600
    );
    let typed = printed.code.to_lowercase().replace('-', " ");
    let device = redeem(&app, &person.matricule, &typed).await.unwrap();
    let signed_in = app
        .sign_in_from(ADDRESS, &person.matricule, PASSWORD, &device)
        .await
        .unwrap();
    let session = signed_in.session.unwrap();
    assert_eq!(
        (
            session.member_id,
            session.caller_kind.as_str(),
            session.locale.as_str()
        ),
        (person.member_id.to_string(), "member", "fr")
    );
    assert_eq!(
        app.audit_of(&session.account_id).await,
        ["activation_code_issued", "activated", "signed_in"]
    );
    let noted: (String, String) =
        sqlx::query_as("SELECT reason, actor_id FROM audit WHERE action = 'activation_code_issued'")
            .fetch_one(&app.db.pool)
            .await
            .unwrap();
    assert_eq!(
        noted,
        ("identity_card, no_address".to_owned(), agent.account_id.clone())
    );
    let activated: i64 =
        sqlx::query_scalar("SELECT count(*) FROM outbox WHERE event_type = 'identity.account.activated.v1' AND data->>'memberId' = $1")
            .bind(person.member_id.to_string())
            .fetch_one(&app.db.pool)
            .await
            .unwrap();
    assert_eq!(activated, 1);
    app.finish().await;
}

#[tokio::test]
async fn who_has_an_address_on_file_goes_by_mail_unless_it_is_of_no_use() {
    let app = TestApp::start().await;
    let agent = app.agent("99000001", &["front_desk"]).await;
    let person = app.hire(1);
    assert_eq!(
        reason(issue(&app, &agent, &person.matricule, "no_address").await),
        "MEMBER_HAS_ADDRESS"
    );
    let printed = issue(&app, &agent, &person.matricule, "address_unusable")
        .await
        .unwrap();
    redeem(&app, &person.matricule, &printed.code).await.unwrap();
    app.finish().await;
}

#[tokio::test]
async fn only_the_front_desk_with_two_factors_prints_and_never_for_its_own_account() {
    let app = TestApp::start().await;
    let person = without_address(&app, 1);
    let own = without_address(&app, 2);
    let officer = app.agent("99000001", &["case_officer"]).await;
    let refused = issue(&app, &officer, &person.matricule, "no_address").await;
    assert_eq!(refused.unwrap_err().code(), Code::PermissionDenied);
    let (weak, signed_in) = app.agent_with_password("99000002", &["front_desk"]).await;
    crate::terms::accept_current(&app, &signed_in.session_token).await;
    let refused = issue(&app, &weak, &person.matricule, "no_address").await;
    assert_eq!(refused.unwrap_err().code(), Code::PermissionDenied);
    let desk = app
        .working_agent("99000003", &["front_desk"], &own.matricule)
        .await;
    assert_eq!(
        reason(issue(&app, &desk, &own.matricule, "no_address").await),
        "OWN_ACCOUNT"
    );
    issue(&app, &desk, &person.matricule, "no_address").await.unwrap();
    app.finish().await;
}

#[tokio::test]
async fn the_desk_is_told_what_is_wrong_and_that_membership_is_away() {
    let app = TestApp::start().await;
    let agent = app.agent("99000001", &["front_desk"]).await;
    let message = IssueActivationCodeRequest {
        matricule: "x".to_owned(),
        identification: "ZZ100001".to_owned(),
        cause: String::new(),
    };
    let request = app.by(&agent.session_token, message).await;
    let pair = |field: &str, reason: &str| (field.to_owned(), reason.to_owned());
    assert_eq!(
        wrong_fields(app.desk().issue_activation_code(request).await),
        [
            pair("matricule", "MATRICULE_FORMAT"),
            pair("identification", "IDENTIFICATION_UNKNOWN"),
            pair("cause", "DESK_CAUSE_UNKNOWN")
        ]
    );
    assert_eq!(
        reason(issue(&app, &agent, "90009999", "no_address").await),
        "MEMBER_NOT_FOUND"
    );
    app.staff.set_away(true);
    assert_eq!(
        reason(issue(&app, &agent, "90009999", "no_address").await),
        "TRY_AGAIN"
    );
    assert_eq!(app.count("activation_codes").await, 0);
    app.finish().await;
}

#[tokio::test]
async fn a_wrong_code_an_old_used_or_voided_one_and_an_unknown_member_look_alike() {
    let app = TestApp::start().await;
    let agent = app.agent("99000001", &["front_desk"]).await;
    let (one, two, three) = (
        without_address(&app, 1),
        without_address(&app, 2),
        without_address(&app, 3),
    );
    let used = issue(&app, &agent, &one.matricule, "no_address").await.unwrap();
    redeem(&app, &one.matricule, &used.code).await.unwrap();
    let voided = issue(&app, &agent, &two.matricule, "no_address").await.unwrap();
    let good = issue(&app, &agent, &two.matricule, "no_address").await.unwrap();
    let never = without_address(&app, 4);
    for (matricule, code) in [
        (&one.matricule, &used.code),
        (&two.matricule, &voided.code),
        (&three.matricule, &good.code),
        (&never.matricule, &good.code),
        (&"90009999".to_owned(), &good.code),
        (&agent.login, &good.code),
        (&two.matricule, &"2222-2222-2222".to_owned()),
        (&two.matricule, &"not a code".to_owned()),
        (&two.matricule, &"9".repeat(10_000)),
    ] {
        let refused = redeem(&app, matricule, code).await.unwrap_err();
        assert_eq!(refused.code(), Code::Unauthenticated, "{matricule} {code}");
        assert_eq!(reason::<()>(Err(refused)), "ACTIVATION_REFUSED");
    }
    app.pass(7 * 24 * 3600);
    assert_eq!(
        reason(redeem(&app, &two.matricule, &good.code).await),
        "ACTIVATION_REFUSED"
    );
    app.finish().await;
}

#[tokio::test]
async fn a_code_for_an_unknown_member_costs_the_same_statements_as_a_wrong_one() {
    let app = TestApp::start().await;
    let agent = app.agent("99000001", &["front_desk"]).await;
    let person = without_address(&app, 1);
    issue(&app, &agent, &person.matricule, "no_address")
        .await
        .unwrap();
    queries::watch();
    let mut seen = Vec::new();
    for matricule in [person.matricule.as_str(), "90009999"] {
        let form = form(&app, matricule, "2222-2222-2222").await;
        let hashes = app.work.hashes();
        let _earlier = queries::take();
        let refused = app.public_desk().redeem_activation_code(form).await;
        assert_eq!(reason(refused), "ACTIVATION_REFUSED");
        seen.push((queries::take(), app.work.hashes() - hashes));
    }
    assert!(seen[0] == seen[1], "{seen:?}");
    assert!(!seen[0].0.is_empty());
    app.finish().await;
}

#[tokio::test]
async fn a_code_used_by_many_at_once_opens_once() {
    let app = TestApp::start().await;
    let agent = app.agent("99000001", &["front_desk"]).await;
    let person = without_address(&app, 1);
    let printed = issue(&app, &agent, &person.matricule, "no_address")
        .await
        .unwrap();
    let calls = (0..6).map(|_| redeem(&app, &person.matricule, &printed.code));
    let outcomes = futures::future::join_all(calls).await;
    let won = outcomes.iter().filter(|outcome| outcome.is_ok()).count();
    assert_eq!(won, 1, "{outcomes:?}");
    app.finish().await;
}

#[tokio::test]
async fn a_code_is_of_no_use_after_too_many_attempts_and_the_desk_prints_another() {
    let options = Options {
        settings: Box::new(|settings| settings.desk.code_attempts = 3),
        ..Options::default()
    };
    let app = TestApp::start_with(options).await;
    let agent = app.agent("99000001", &["front_desk"]).await;
    let person = without_address(&app, 1);
    let printed = issue(&app, &agent, &person.matricule, "no_address")
        .await
        .unwrap();
    for _ in 0..3 {
        let refused = redeem(&app, &person.matricule, "2222-2222-2222").await;
        assert_eq!(reason(refused), "ACTIVATION_REFUSED");
    }
    let right = redeem(&app, &person.matricule, &printed.code).await;
    assert_eq!(reason(right), "ACTIVATION_REFUSED");
    let again = issue(&app, &agent, &person.matricule, "no_address")
        .await
        .unwrap();
    redeem(&app, &person.matricule, &again.code).await.unwrap();
    app.finish().await;
}

#[tokio::test]
async fn one_address_that_tries_many_codes_is_slowed() {
    let options = Options {
        settings: Box::new(|settings| settings.desk.attempts_per_address = 2),
        ..Options::default()
    };
    let app = TestApp::start_with(options).await;
    for _ in 0..2 {
        let refused = redeem(&app, "90009999", "2222-2222-2222").await;
        assert_eq!(reason(refused), "ACTIVATION_REFUSED");
    }
    let refused = redeem(&app, "90009999", "2222-2222-2222").await.unwrap_err();
    assert_eq!(refused.code(), Code::ResourceExhausted);
    app.finish().await;
}

#[tokio::test]
async fn a_weak_password_or_an_unsolved_proof_uses_no_attempt() {
    let app = TestApp::start().await;
    let agent = app.agent("99000001", &["front_desk"]).await;
    let person = without_address(&app, 1);
    let printed = issue(&app, &agent, &person.matricule, "no_address")
        .await
        .unwrap();
    let good = form(&app, &person.matricule, &printed.code).await;
    let weak = RedeemActivationCodeRequest {
        password: "short".to_owned(),
        code: String::new(),
        ..good.clone()
    };
    let pair = |field: &str, reason: &str| (field.to_owned(), reason.to_owned());
    assert_eq!(
        wrong_fields(app.public_desk().redeem_activation_code(weak).await),
        [
            pair("code", "CODE_REQUIRED"),
            pair("password", "PASSWORD_TOO_SHORT")
        ]
    );
    let own_number = RedeemActivationCodeRequest {
        password: format!("olive sable {}", person.matricule),
        ..good.clone()
    };
    assert_eq!(
        reason(app.public_desk().redeem_activation_code(own_number).await),
        "FORM_REFUSED"
    );
    let foreign = RedeemActivationCodeRequest {
        proof: Some(app.proof(Form::SignIn).await),
        ..good.clone()
    };
    assert_eq!(
        reason(app.public_desk().redeem_activation_code(foreign).await),
        "ROBOT_PROOF_REFUSED"
    );
    let attempts: i32 = sqlx::query_scalar("SELECT attempts FROM activation_codes")
        .fetch_one(&app.db.pool)
        .await
        .unwrap();
    assert_eq!(attempts, 0);
    app.public_desk().redeem_activation_code(good).await.unwrap();
    app.finish().await;
}

#[tokio::test]
async fn an_agents_login_is_never_taken_over_by_a_printed_code() {
    let app = TestApp::start().await;
    let agent = app.agent("99000001", &["front_desk"]).await;
    // Somebody is hired under a number that an agent signs in with already.
    let late = Person {
        matricule: agent.login.clone(),
        email: String::new(),
        ..app.hire(1)
    };
    app.staff.add(&late);
    assert_eq!(
        reason(issue(&app, &agent, &late.matricule, "no_address").await),
        "LOGIN_TAKEN"
    );
    app.sign_in(&agent.login, PASSWORD).await.unwrap();
    app.finish().await;
}

/// What members were told of their way in, with their ids.
async fn told(app: &TestApp) -> Vec<(String, String)> {
    sqlx::query_as(
        "SELECT data->>'memberId', data->>'change' FROM outbox WHERE event_type = 'identity.account.access_changed.v1'
         ORDER BY created_at, id",
    )
    .fetch_all(&app.db.pool)
    .await
    .unwrap()
}

#[tokio::test]
async fn an_account_in_use_is_opened_at_the_desk_by_two_agents_and_its_owner_is_told() {
    // The agents' sessions outlast the half hour.
    let options = Options {
        settings: Box::new(|settings| settings.session.idle_minutes = 120),
        ..Options::default()
    };
    let app = TestApp::start_with(options).await;
    let one = app.agent("99000001", &["front_desk"]).await;
    let two = app.agent("99000002", &["front_desk"]).await;
    let person = without_address(&app, 1);
    let by = async |agent: &Agent| issue(&app, agent, &person.matricule, "no_address").await;
    // An account that nobody uses yet needs one agent.
    let first = by(&one).await.unwrap();
    redeem(&app, &person.matricule, &first.code).await.unwrap();
    let session = app.sign_in(&person.matricule, PASSWORD).await.unwrap();
    for _ in 0..2 {
        assert_eq!(
            reason(by(&one).await),
            "SECOND_AGENT_NEEDED",
            "alone, however often"
        );
    }
    assert_eq!(app.count("activation_codes").await, 1);
    // Half an hour later the first one's word is no longer good.
    app.pass(30 * 60);
    assert_eq!(reason(by(&two).await), "SECOND_AGENT_NEEDED");
    let printed = by(&one).await.unwrap();
    app.access(&session.session_token)
        .await
        .expect("printing opens and closes nothing");
    app.pass(1);
    redeem(&app, &person.matricule, &printed.code).await.unwrap();
    let member = person.member_id.to_string();
    assert_eq!(
        told(&app).await,
        [
            (member.clone(), "desk_code_printed".to_owned()),
            (member.clone(), "desk_code_printed".to_owned()),
            (member, "password_replaced".to_owned())
        ]
    );
    let noted: Vec<String> =
        sqlx::query_scalar("SELECT actor_id FROM audit WHERE action = 'identified_at_desk' ORDER BY number")
            .fetch_all(&app.db.pool)
            .await
            .unwrap();
    assert_eq!(
        noted,
        [&one.account_id, &one.account_id, &two.account_id].map(Clone::clone)
    );
    // The next code needs both again.
    assert_eq!(reason(by(&two).await), "SECOND_AGENT_NEEDED");
    app.finish().await;
}

#[tokio::test]
async fn nobody_prints_a_code_for_a_relative() {
    let app = TestApp::start().await;
    let (own, spouse) = (without_address(&app, 1), without_address(&app, 2));
    app.staff.marry(&own, &spouse);
    let desk = app
        .working_agent("99000003", &["front_desk"], &own.matricule)
        .await;
    assert_eq!(
        reason(issue(&app, &desk, &spouse.matricule, "no_address").await),
        "OWN_ACCOUNT"
    );
    let other = app.agent("99000004", &["front_desk"]).await;
    issue(&app, &other, &spouse.matricule, "no_address")
        .await
        .unwrap();
    app.finish().await;
}

#[tokio::test]
async fn a_printed_code_is_of_no_use_once_the_owner_chose_a_password() {
    let app = TestApp::start().await;
    let one = app.agent("99000001", &["front_desk"]).await;
    let two = app.agent("99000002", &["front_desk"]).await;
    let person = app.hire(1);
    let print = async |agent: &Agent| issue(&app, agent, &person.matricule, "address_unusable").await;
    let refused = async |code: &str| reason(redeem(&app, &person.matricule, code).await);
    // One agent is enough for an account that nobody uses; its owner opens it by mail meanwhile.
    let alone = print(&one).await.unwrap();
    app.open_account(&person).await;
    assert_eq!(refused(&alone.code).await, "ACTIVATION_REFUSED");

    // Who reads of a code that they did not ask for chooses a new password by link,
    assert_eq!(reason(print(&one).await), "SECOND_AGENT_NEEDED");
    let by_two = print(&two).await.unwrap();
    app.open_account(&person).await;
    assert_eq!(refused(&by_two.code).await, "ACTIVATION_REFUSED");

    // or within the account.
    assert_eq!(reason(print(&one).await), "SECOND_AGENT_NEEDED");
    let by_two = print(&two).await.unwrap();
    let session = app
        .sign_in(&person.matricule, PASSWORD)
        .await
        .unwrap()
        .session_token;
    crate::terms::accept_current(&app, &session).await;
    let change = ChangePasswordRequest {
        current_password: PASSWORD.to_owned(),
        new_password: "tambour figue comete".to_owned(),
        session_token: session.clone(),
    };
    let request = app.by(&session, change).await;
    app.members_accounts().change_password(request).await.unwrap();
    assert_eq!(refused(&by_two.code).await, "ACTIVATION_REFUSED");
    app.access(&session)
        .await
        .expect("nobody ended the owner's session");
    app.finish().await;
}

#[tokio::test]
async fn a_code_that_one_agent_printed_opens_no_account_that_has_a_password_by_then() {
    let app = TestApp::start().await;
    let agent = app.agent("99000001", &["front_desk"]).await;
    let person = app.hire(1);
    let alone = issue(&app, &agent, &person.matricule, "address_unusable")
        .await
        .unwrap();
    app.open_account(&person).await;
    // As an earlier version left it: open beside the password.
    sqlx::query("UPDATE activation_codes SET voided_at = NULL")
        .execute(&app.db.pool)
        .await
        .unwrap();
    let refused = redeem(&app, &person.matricule, &alone.code).await;
    assert_eq!(reason(refused), "ACTIVATION_REFUSED");
    app.sign_in(&person.matricule, PASSWORD).await.unwrap();
    app.finish().await;
}
