//! The agents of a demonstration as `tadamon-dev up` makes them: enrolled by the operator's program over running services, and signed in with the
//! demonstration's password and a code of the secret that it kept.

#![expect(clippy::unwrap_used, reason = "what is not there fails the test at its line")]

use std::path::Path;
use std::process::{Command, Output};

use auth::token::{Claims, verify};
use auth::trust::Trust;
use benefits_proto::v1::GetFileRequest;
use benefits_proto::v1::review_service_client::ReviewServiceClient;
use identity_proto::v1::second_factor_service_client::SecondFactorServiceClient;
use identity_proto::v1::verify_second_factor_request::Proof;
use identity_proto::v1::{
    ExchangeSessionRequest, Form, SessionInfo, SignInRequest, VerifySecondFactorRequest,
};
use integration_tests::member::{Member, key};
use integration_tests::world::World;
use kernel::permission::{Assurance, CallerKind, Role};
use platform::clock::Clock;
use serde_json::Value;
use tonic::Request;

fn tadamon(world: &World, args: &[&str]) -> Output {
    let own = std::env::current_exe().unwrap();
    Command::new(own.ancestors().nth(2).unwrap().join("tadamon"))
        .args(args)
        .env("TADAMON_KEYS", world.keys.path())
        .env("TADAMON_TOKEN_URL", &world.token_url)
        .env("TADAMON_IDENTITY_URL", world.service("identity").url())
        .env("TADAMON_MEMBERSHIP_URL", world.service("membership").url())
        .env("TADAMON_DEMONSTRATION", demonstration(world))
        .output()
        .unwrap()
}

fn demonstration(world: &World) -> std::path::PathBuf {
    world.keys.path().join("demonstration")
}

/// What a command that succeeds prints.
fn said(output: &Output) -> String {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    assert!(output.status.success(), "{}", text(&output.stderr));
    text(&output.stdout)
}

/// The code of the next half minute: the present one was used to enrol.
fn next_code(kept: &Path, agent: &str) -> String {
    let kept: Value = serde_json::from_str(&std::fs::read_to_string(kept).unwrap()).unwrap();
    let secret = kept["agents"][agent]["totp_secret"].as_str().unwrap();
    let bytes = totp_rs::Secret::Encoded(secret.to_owned()).to_bytes().unwrap();
    let totp = totp_rs::TOTP::new(totp_rs::Algorithm::SHA1, 6, 0, 30, bytes).unwrap();
    totp.generate(u64::try_from(Clock::system().now().timestamp()).unwrap() + 30)
}

/// Password, then code; the session and its token for benefits.
async fn sign_in(world: &World, login: &str, agent: &str) -> (SessionInfo, String) {
    let request = SignInRequest {
        matricule: login.to_owned(),
        password: "quatre cigognes sur le minaret".to_owned(),
        proof: Some(Member::active().proof(world, Form::SignIn).await),
        device_token: String::new(),
        locale: "fr".to_owned(),
        client_address: String::new(),
        device_label: "test".to_owned(),
    };
    let signed_in = world.sessions().sign_in(request).await.unwrap().into_inner();
    assert_eq!(signed_in.session.unwrap().second_factor, "verify");
    let code = next_code(&demonstration(world).join("agents.json"), agent);
    let verify_request = VerifySecondFactorRequest {
        session_token: signed_in.session_token,
        proof: Some(Proof::Code(code)),
    };
    let token = world.keys.service_token("portal", "identity");
    let verified = SecondFactorServiceClient::new(world.channel("identity"))
        .verify_second_factor(auth::client::with_token(Request::new(verify_request), &token))
        .await
        .unwrap()
        .into_inner();
    let exchange = ExchangeSessionRequest {
        session_token: verified.session_token,
        audience: "benefits".to_owned(),
    };
    let access = world
        .sessions()
        .exchange_session(exchange)
        .await
        .unwrap()
        .into_inner();
    (access.session.unwrap(), access.access_token)
}

fn claims(world: &World, token: &str) -> Claims {
    let trust = Trust::new(&world.keys.directory().trust_path());
    verify(&trust, token, "benefits", Clock::system().now()).unwrap()
}

#[tokio::test]
async fn the_demonstrations_agents_are_enrolled_once_and_sign_in_with_both_factors() {
    let world = World::start().await;
    let roster = world.keys.path().join("roster.csv").display().to_string();
    let day = ["--members", "30", "--date", "2026-11-22", "--out", &roster];
    said(&tadamon(&world, &[&["demo", "roster"], day.as_slice()].concat()));
    said(&tadamon(&world, &["members", "import", &roster]));

    let made = said(&tadamon(&world, &["demo", "agents"]));
    assert_eq!(made, "demonstration: 8 agents enrolled\n");
    let listed = said(&tadamon(&world, &["agents", "list", "--json"]));
    let agents: Vec<Value> = listed
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert!(
        agents.len() == 8 && agents.iter().all(|agent| agent["state"] == "open"),
        "{listed}"
    );
    let code = said(&tadamon(&world, &["demo", "code", "auditor"]));
    assert!(code.trim().len() == 6 && code.trim().bytes().all(|byte| byte.is_ascii_digit()));

    let (session, token) = sign_in(&world, "99000003", "case_officer").await;
    let claims = claims(&world, &token);
    assert_eq!(
        (session.second_factor.as_str(), session.terms_accepted),
        ("done", true)
    );
    assert_eq!(
        (claims.kind, claims.assurance),
        (CallerKind::Agent, Assurance::Two)
    );
    assert_eq!(claims.roles, [Role::CaseOfficer]);
    let own = agents
        .iter()
        .find(|agent| agent["login"] == "99000003")
        .and_then(|agent| agent["member_id"].as_str())
        .unwrap();
    assert_eq!(claims.member_id.map(|id| id.to_string()).as_deref(), Some(own));

    a_file_of_the_case_officers_spouse_is_kept_from_them(&world, &roster, &token).await;

    // Whoever is there stays; a folder that was lost is made anew for the same eight.
    let again = said(&tadamon(&world, &["demo", "agents"]));
    assert_eq!(again, "demonstration: 0 agents enrolled\n");
    std::fs::remove_file(demonstration(&world).join("agents.json")).unwrap();
    let anew = said(&tadamon(&world, &["demo", "agents"]));
    assert_eq!(anew, "demonstration: 8 agents enrolled\n");
    let agents = "SELECT count(*) FROM accounts WHERE kind = 'agent'";
    assert_eq!(world.count("identity", agents).await, 8);
    let (session, _) = sign_in(&world, "99000006", "validator").await;
    assert_eq!(session.roles, ["validator"]);
}

/// The payroll number that was noted with the agent's account, the member it became, the token and the family in the file, one after the other.
async fn a_file_of_the_case_officers_spouse_is_kept_from_them(world: &World, roster: &str, token: &str) {
    let roster = std::fs::read_to_string(roster).unwrap();
    let spouse = Member::of_the_roster(&roster, 5);
    let applicant = spouse.opens_an_account(world).await;
    let draft = applicant.fills_in_everything("oncology").await;
    let sent = applicant.submits(&draft.application_id, &key()).await.unwrap();
    let request = GetFileRequest {
        application_id: sent.application_id,
    };
    let refused = ReviewServiceClient::new(world.channel("benefits"))
        .get_file(auth::client::with_token(Request::new(request), token))
        .await
        .unwrap_err();
    assert_eq!(
        platform::status::reason(&refused).as_deref(),
        Some("RELATIVES_FILE")
    );
}
