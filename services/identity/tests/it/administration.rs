//! The first administrator: made once, by an operator, with a link that works like a member's.

use auth::token::{Claims, sign};
use identity_proto::v1::administration_service_client::AdministrationServiceClient;
use identity_proto::v1::{
    CreateFirstAdministratorRequest, CreateFirstAdministratorResponse, ExchangeSessionRequest,
    ExchangeSessionResponse,
};
use kernel::{CallerKind, Role};
use tonic::{Request, Status};

use crate::support::{PASSWORD, TestApp, reason, token_of, wrong_fields};
use crate::terms::accept_current;

pub(crate) const LOGIN: &str = "99000001";

pub(crate) fn asked() -> CreateFirstAdministratorRequest {
    CreateFirstAdministratorRequest {
        login: LOGIN.to_owned(),
        email: "admin@tadamon.example".to_owned(),
        locale: "fr".to_owned(),
        renew_link: false,
    }
}

pub(crate) async fn create(
    app: &TestApp,
    message: CreateFirstAdministratorRequest,
) -> Result<CreateFirstAdministratorResponse, Status> {
    let claims = Claims::app(
        "tadamon-cli",
        vec!["identity.bootstrap".to_owned()],
        "identity",
        app.clock.now(),
    );
    let token = sign(&app.keys.signing_key("identity"), &claims);
    let request = auth::client::with_token(Request::new(message), &token);
    let mut client = AdministrationServiceClient::new(app.channel.clone());
    Ok(client.create_first_administrator(request).await?.into_inner())
}

async fn exchange(app: &TestApp, session_token: &str, audience: &str) -> ExchangeSessionResponse {
    let request = ExchangeSessionRequest {
        session_token: session_token.to_owned(),
        audience: audience.to_owned(),
    };
    app.sessions()
        .exchange_session(request)
        .await
        .unwrap()
        .into_inner()
}

#[tokio::test]
async fn the_link_sets_the_password_once_and_its_owner_signs_in_as_an_agent_with_the_role() {
    let app = TestApp::start().await;
    let made = create(&app, asked()).await.unwrap();
    assert!(
        made.link.contains("/fr/account/link/"),
        "the link leads to the portal"
    );
    let life = made.expires_at.unwrap().seconds - app.clock.now().timestamp();
    assert_eq!(life, 30 * 60);
    assert_eq!(app.delivery_ids().await, Vec::<String>::new(), "nobody is mailed");

    let token = token_of(&made.link);
    app.set_password(&token, PASSWORD).await.unwrap();
    assert_eq!(
        reason(app.set_password(&token, PASSWORD).await),
        "LINK_NOT_USABLE"
    );
    let signed_in = app.sign_in(LOGIN, PASSWORD).await.unwrap();
    let info = signed_in.session.unwrap();
    assert_eq!(info.caller_kind, "agent");
    assert_eq!(
        (info.roles, info.member_id),
        (vec!["administrator".to_owned()], String::new())
    );

    accept_current(&app, &signed_in.session_token).await;
    let exchanged = exchange(&app, &signed_in.session_token, "benefits").await;
    let trust = auth::trust::Trust::new(&app.keys.directory().trust_path());
    let claims = auth::token::verify(&trust, &exchanged.access_token, "benefits", app.clock.now()).unwrap();
    assert_eq!(
        (claims.kind, claims.roles),
        (CallerKind::Agent, vec![Role::Administrator])
    );
    let trail = app.audit_of(&info.account_id).await;
    assert_eq!(
        trail,
        [
            "administrator_created",
            "activated",
            "signed_in",
            "terms_accepted"
        ]
    );
    app.finish().await;
}

#[tokio::test]
async fn an_administrator_is_made_once() {
    let app = TestApp::start().await;
    create(&app, asked()).await.unwrap();
    assert_eq!(reason(create(&app, asked()).await), "ADMINISTRATOR_EXISTS");
    let other = CreateFirstAdministratorRequest {
        login: "99000002".to_owned(),
        ..asked()
    };
    assert_eq!(reason(create(&app, other).await), "ADMINISTRATOR_EXISTS");
    assert_eq!((app.count("accounts").await, app.count("links").await), (1, 1));
    app.finish().await;
}

#[tokio::test]
async fn two_operators_at_once_make_one_administrator() {
    let app = TestApp::start().await;
    let other = CreateFirstAdministratorRequest {
        login: "99000002".to_owned(),
        ..asked()
    };
    let (first, second) = tokio::join!(create(&app, asked()), create(&app, other));
    let refused: Vec<_> = [first, second].into_iter().filter_map(Result::err).collect();
    assert_eq!(refused.len(), 1, "one is made, one refused");
    assert_eq!(reason::<()>(Err(refused[0].clone())), "ADMINISTRATOR_EXISTS");
    assert_eq!(app.count("accounts").await, 1);
    app.finish().await;
}

#[tokio::test]
async fn a_lost_link_is_renewed_until_a_password_was_set() {
    let app = TestApp::start().await;
    let lost = create(&app, asked()).await.unwrap();
    app.pass(31 * 60);
    assert_eq!(
        reason(app.set_password(&token_of(&lost.link), PASSWORD).await),
        "LINK_NOT_USABLE"
    );
    let again = CreateFirstAdministratorRequest {
        renew_link: true,
        ..asked()
    };
    let foreign = CreateFirstAdministratorRequest {
        login: "99000002".to_owned(),
        ..again.clone()
    };
    assert_eq!(reason(create(&app, foreign).await), "ADMINISTRATOR_EXISTS");
    let second = create(&app, again.clone()).await.unwrap();
    let third = create(&app, again.clone()).await.unwrap();
    assert_eq!(
        reason(app.set_password(&token_of(&second.link), PASSWORD).await),
        "LINK_NOT_USABLE"
    );
    app.set_password(&token_of(&third.link), PASSWORD).await.unwrap();
    assert_eq!(reason(create(&app, again).await), "ADMINISTRATOR_EXISTS");
    assert_eq!(app.count("accounts").await, 1);
    app.finish().await;
}

#[tokio::test]
async fn wrong_details_are_refused_at_their_fields() {
    let app = TestApp::start().await;
    let wrong = CreateFirstAdministratorRequest {
        login: "admin".to_owned(),
        email: "admin@".to_owned(),
        locale: "en".to_owned(),
        renew_link: false,
    };
    let fields = [
        ("login", "MATRICULE_FORMAT"),
        ("email", "EMAIL_FORMAT"),
        ("locale", "LOCALE_UNKNOWN"),
    ];
    assert_eq!(
        wrong_fields(create(&app, wrong).await),
        fields.map(|(field, reason)| (field.to_owned(), reason.to_owned()))
    );
    assert_eq!(app.count("accounts").await, 0);
    app.finish().await;
}

#[tokio::test]
async fn a_member_and_an_administrator_never_share_a_login() {
    let app = TestApp::start().await;
    let (member, _) = app.member(1).await;
    let taken = CreateFirstAdministratorRequest {
        login: member.matricule.clone(),
        ..asked()
    };
    assert_eq!(reason(create(&app, taken).await), "LOGIN_TAKEN");

    let late = app.hire(2);
    let login = CreateFirstAdministratorRequest {
        login: late.matricule.clone(),
        ..asked()
    };
    let made = create(&app, login).await.unwrap();
    app.set_password(&token_of(&made.link), PASSWORD).await.unwrap();
    let before = app.delivery_ids().await.len();
    app.request_link(&late).await.unwrap();
    app.jobs_done().await;
    assert_eq!(
        app.delivery_ids().await.len(),
        before,
        "no link is mailed to the member"
    );
    let signed_in = app.sign_in(&late.matricule, PASSWORD).await.unwrap();
    assert_eq!(signed_in.session.unwrap().caller_kind, "agent");
    app.finish().await;
}
