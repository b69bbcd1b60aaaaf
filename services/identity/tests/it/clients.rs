//! OAuth clients of partners and applications, as the operator makes, rotates, disables and lists them.

use identity_proto::v1::{
    Client, CreateClientRequest, CreateClientResponse, DisableClientRequest, ListClientsRequest,
    RotateClientSecretRequest, RotateClientSecretResponse, SetClientScopesRequest,
};
use serde_json::json;
use tonic::Status;

use crate::support::{TestApp, reason, wrong_fields};

const SCOPE: &str = "identity.clients";

pub(crate) async fn create(
    app: &TestApp,
    kind: &str,
    name: &str,
    scopes: &[&str],
    audience: &str,
) -> Result<CreateClientResponse, Status> {
    let message = CreateClientRequest {
        kind: kind.to_owned(),
        name: name.to_owned(),
        scopes: scopes.iter().map(|scope| (*scope).to_owned()).collect(),
        audience: audience.to_owned(),
    };
    let request = app.as_operator(SCOPE, message);
    Ok(app.clients().create_client(request).await?.into_inner())
}

pub(crate) async fn rotate(
    app: &TestApp,
    client_id: &str,
    overlap_seconds: Option<u32>,
) -> Result<RotateClientSecretResponse, Status> {
    let message = RotateClientSecretRequest {
        client_id: client_id.to_owned(),
        overlap_seconds,
    };
    let request = app.as_operator(SCOPE, message);
    Ok(app.clients().rotate_client_secret(request).await?.into_inner())
}

pub(crate) async fn disable(app: &TestApp, client_id: &str) -> Result<(), Status> {
    let message = DisableClientRequest {
        client_id: client_id.to_owned(),
    };
    let request = app.as_operator(SCOPE, message);
    app.clients().disable_client(request).await.map(|_| ())
}

pub(crate) async fn set_scopes(app: &TestApp, client_id: &str, scopes: &[&str]) -> Result<(), Status> {
    let message = SetClientScopesRequest {
        client_id: client_id.to_owned(),
        scopes: scopes.iter().map(|scope| (*scope).to_owned()).collect(),
    };
    let request = app.as_operator(SCOPE, message);
    app.clients().set_client_scopes(request).await.map(|_| ())
}

async fn list(app: &TestApp) -> Vec<Client> {
    let request = app.as_operator(SCOPE, ListClientsRequest::default());
    app.clients()
        .list_clients(request)
        .await
        .unwrap()
        .into_inner()
        .clients
}

#[tokio::test]
async fn a_client_is_made_with_a_secret_that_is_shown_once_and_kept_as_a_hash() {
    let app = TestApp::start().await;
    let made = create(
        &app,
        "partner",
        "rail-gate",
        &["cards.verify", "cards.redeem"],
        "",
    )
    .await
    .unwrap();
    assert!(made.client_id.starts_with("partner-") && made.client_secret.len() > 43);
    let listed = list(&app).await;
    let [client] = listed.as_slice() else {
        panic!("{listed:?}")
    };
    assert_eq!(
        (
            client.kind.as_str(),
            client.name.as_str(),
            client.audience.as_str(),
            client.secrets
        ),
        ("partner", "rail-gate", "partnerships", 1)
    );
    assert_eq!(client.scopes, ["cards.redeem", "cards.verify"]);
    let rows: Vec<String> = sqlx::query_scalar("SELECT to_jsonb(client_secrets)::text FROM client_secrets")
        .fetch_all(&app.db.pool)
        .await
        .unwrap();
    assert!(!rows.join("").contains(&made.client_secret));
    assert_eq!(
        reason(create(&app, "app", "rail-gate", &["benefits.read"], "benefits").await),
        "CLIENT_NAME_TAKEN"
    );
    app.finish().await;
}

#[tokio::test]
async fn each_change_is_said_on_the_bus_without_the_secret_and_stands_in_the_trail() {
    let app = TestApp::start().await;
    let made = create(&app, "partner", "rail-gate", &["cards.verify"], "")
        .await
        .unwrap();
    rotate(&app, &made.client_id, None).await.unwrap();
    for _again in 0..2 {
        set_scopes(&app, &made.client_id, &["cards.redeem", "cards.redeem"])
            .await
            .unwrap();
    }
    disable(&app, &made.client_id).await.unwrap();
    disable(&app, &made.client_id).await.unwrap();
    let events: Vec<(String, serde_json::Value, i64)> =
        sqlx::query_as("SELECT event_type, data, sequence FROM outbox ORDER BY sequence")
            .fetch_all(&app.db.pool)
            .await
            .unwrap();
    let said = |scope: &str, disabled: bool| {
        let mut data = json!({ "clientId": made.client_id, "kind": "partner", "scopes": [scope] });
        if disabled {
            data["disabled"] = json!(true);
        }
        data
    };
    let data: Vec<_> = events.iter().map(|event| event.1.clone()).collect();
    assert_eq!(
        data,
        [
            said("cards.verify", false),
            said("cards.redeem", false),
            said("cards.redeem", true)
        ]
    );
    assert!(events.iter().all(|event| event.0 == "identity.client.changed.v1"));
    assert!(events[0].2 < events[1].2 && events[1].2 < events[2].2);
    let actions: Vec<String> =
        sqlx::query_scalar("SELECT action FROM audit WHERE record_kind = 'client' ORDER BY number")
            .fetch_all(&app.db.pool)
            .await
            .unwrap();
    assert_eq!(
        actions,
        [
            "client_created",
            "client_secret_rotated",
            "client_scopes_set",
            "client_disabled"
        ]
    );
    app.finish().await;
}

#[tokio::test]
async fn what_is_wrong_with_a_client_is_said_at_once_and_nobody_gets_a_scope_of_administration() {
    let app = TestApp::start().await;
    let pair = |field: &str, reason: &str| (field.to_owned(), reason.to_owned());
    assert_eq!(
        wrong_fields(create(&app, "bank", "", &[], "identity").await),
        [
            pair("kind", "KIND_UNKNOWN"),
            pair("name", "NAME_REQUIRED"),
            pair("scopes", "SCOPES_REQUIRED"),
            pair("audience", "AUDIENCE_UNKNOWN")
        ]
    );
    for scope in ["identity.clients", "identity.agents", "demo.load"] {
        assert_eq!(
            wrong_fields(create(&app, "app", "greedy", &[scope], "benefits").await),
            [pair("scopes", "SCOPE_RESERVED")]
        );
    }
    assert_eq!(reason(rotate(&app, "partner-0", None).await), "CLIENT_NOT_FOUND");
    assert_eq!(reason(disable(&app, "").await), "CLIENT_NOT_FOUND");
    assert_eq!(
        reason(set_scopes(&app, "partner-0", &["cards.verify"]).await),
        "CLIENT_NOT_FOUND"
    );
    let made = create(&app, "partner", "rail-gate", &["cards.verify"], "")
        .await
        .unwrap();
    assert_eq!(
        wrong_fields(rotate(&app, &made.client_id, Some(u32::MAX)).await),
        [pair("overlap_seconds", "OVERLAP_TOO_LONG")]
    );
    for (scopes, wrong) in [
        (&[][..], "SCOPES_REQUIRED"),
        (&["a b"], "SCOPE_FORMAT"),
        (&["identity.clients"], "SCOPE_RESERVED"),
    ] {
        assert_eq!(
            wrong_fields(set_scopes(&app, &made.client_id, scopes).await),
            [pair("scopes", wrong)]
        );
    }
    disable(&app, &made.client_id).await.unwrap();
    assert_eq!(
        reason(set_scopes(&app, &made.client_id, &["cards.redeem"]).await),
        "CLIENT_DISABLED"
    );
    assert_eq!(
        reason(rotate(&app, &made.client_id, None).await),
        "CLIENT_DISABLED"
    );
    app.finish().await;
}

#[tokio::test]
async fn no_scope_of_the_contracts_or_of_the_command_line_is_given_to_a_client() {
    let app = TestApp::start().await;
    let here = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut scopes: Vec<String> = Vec::new();
    let mut folders = vec![here.join("../../proto/tadamon")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "proto") {
                let text = std::fs::read_to_string(path).unwrap();
                let found = text.split("scope: \"").skip(1);
                scopes.extend(found.map(|rest| rest.split('"').next().unwrap().to_owned()));
            }
        }
    }
    assert!(scopes.len() > 20, "{scopes:?}");
    let settings: toml::Table = include_str!("../../config.default.toml").parse().unwrap();
    let given = settings["oauth"]["clients"]["tadamon-cli"]["scopes"]
        .as_array()
        .unwrap();
    scopes.extend(given.iter().map(|scope| scope.as_str().unwrap().to_owned()));
    scopes.sort_unstable();
    scopes.dedup();
    for scope in scopes {
        let refused = create(&app, "app", "statistics", &["cards.verify", &scope], "membership").await;
        let expected = [("scopes".to_owned(), "SCOPE_RESERVED".to_owned())];
        assert_eq!(wrong_fields(refused), expected, "{scope}");
    }
    app.finish().await;
}
