//! While nobody said whether an agent is a member, nothing keeps them from their own file: until then they administer accounts and do nothing else.

use identity_proto::v1::{IssueActivationCodeRequest, SetAgentMembershipRequest, SetAgentRolesRequest};
use kernel::Role;
use tonic::{Code, Status};

use crate::administration::{LOGIN, asked, create};
use crate::agents::{SCOPE, claims_of};
use crate::support::{PASSWORD, TestApp, reason, token_of};

async fn set_roles(app: &TestApp, account: &str, roles: &[&str]) -> Result<(), Status> {
    let message = SetAgentRolesRequest {
        account_id: account.to_owned(),
        roles: roles.iter().map(|role| (*role).to_owned()).collect(),
    };
    let request = app.as_operator(SCOPE, message);
    app.agents().set_agent_roles(request).await.map(|_| ())
}

async fn say(app: &TestApp, account: &str, matricule: &str) {
    let message = SetAgentMembershipRequest {
        account_id: account.to_owned(),
        matricule: matricule.to_owned(),
        no_membership: matricule.is_empty(),
    };
    let request = app.as_operator(SCOPE, message);
    app.agents().set_agent_membership(request).await.unwrap();
}

#[tokio::test]
async fn the_first_administrator_is_given_no_other_duty_before_it_is_said_whether_they_are_a_member() {
    let app = TestApp::start().await;
    let person = app.hire(1);
    let made = create(&app, asked()).await.unwrap();
    app.set_password(&token_of(&made.link), PASSWORD).await.unwrap();
    let signed_in = app.sign_in(LOGIN, PASSWORD).await.unwrap();
    let account = signed_in.session.unwrap().account_id;
    for roles in [
        &["case_officer"][..],
        &["administrator", "front_desk"],
        &["auditor"],
    ] {
        assert_eq!(
            reason(set_roles(&app, &account, roles).await),
            "MEMBERSHIP_FIRST",
            "{roles:?}"
        );
    }
    let claims = claims_of(&app, &signed_in.session_token).await;
    assert_eq!(claims.roles, [Role::Administrator], "nothing was changed");
    set_roles(&app, &account, &["administrator"]).await.unwrap();

    say(&app, &account, &person.matricule).await;
    set_roles(&app, &account, &["case_officer"]).await.unwrap();
    let again = app.sign_in(LOGIN, PASSWORD).await.unwrap().session_token;
    let claims = claims_of(&app, &again).await;
    assert_eq!(
        (claims.roles, claims.member_id),
        (vec![Role::CaseOfficer], Some(person.member_id))
    );
    app.finish().await;
}

#[tokio::test]
async fn an_account_older_than_the_question_does_no_duty_on_files_before_it_is_answered() {
    let app = TestApp::start().await;
    let person = app.hire(1);
    let roles = ["front_desk", "administrator"];
    let agent = app.agent("99000001", &roles).await;
    let out = app.access(&agent.session_token).await.unwrap();
    // As accounts were made before it was asked.
    sqlx::query("UPDATE accounts SET no_membership = false")
        .execute(&app.db.pool)
        .await
        .unwrap();
    let claims = claims_of(&app, &agent.session_token).await;
    assert_eq!(claims.roles, [Role::Administrator]);
    let session = app.sign_in(&agent.login, PASSWORD).await.unwrap();
    assert_eq!(session.session.unwrap().roles, ["administrator"]);
    let print = IssueActivationCodeRequest {
        matricule: person.matricule.clone(),
        identification: "identity_card".to_owned(),
        cause: "address_unusable".to_owned(),
    };
    let request = auth::client::with_token(tonic::Request::new(print.clone()), &out);
    let refused = app.desk().issue_activation_code(request).await.unwrap_err();
    assert_eq!(
        refused.code(),
        Code::PermissionDenied,
        "nor with a token from before"
    );

    say(&app, &agent.account_id, "").await;
    let session = app.sign_in(&agent.login, PASSWORD).await.unwrap();
    assert_eq!(session.session.unwrap().roles, roles);
    app.finish().await;
}
