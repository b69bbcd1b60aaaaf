//! Who may connect, and whose tokens a connection may bring.

use auth::token::{Claims, sign};
use kernel::ids::{AccountId, MemberId};
use platform::clock::Clock;
use platform::ids::uuid_v7;
use platform::tls::Tls;
use testkit::certificates::{Authority, Like, authority};
use tonic::Code;
use tonic::transport::{Certificate, Channel, ClientTlsConfig, Endpoint};

use crate::server::{NARROW, OPEN, Server, call};

fn of(authority: &Authority, service: &str) -> Tls {
    Tls::open(&authority.settings_of(service)).unwrap()
}

#[tokio::test]
async fn a_service_with_its_certificate_and_its_token_is_let_in() {
    let authority = authority();
    let server = Server::start(&authority).await;
    for service in ["portal", "notifications"] {
        server.call_of(&authority, service).await.unwrap();
    }
    assert_eq!(server.reached(), 2);
}

#[tokio::test]
async fn a_token_of_one_service_over_the_connection_of_another_is_refused() {
    let authority = authority();
    let server = Server::start(&authority).await;
    let portal = server.channel(&of(&authority, "portal"));
    for (token, path) in [
        ("notifications", OPEN),
        ("notifications", NARROW),
        ("identity", OPEN),
    ] {
        let token = server.keys.service_token(token, "benefits");
        let refused = call(portal.clone(), path, &token).await.unwrap_err();
        assert_eq!(refused.code(), Code::PermissionDenied, "{refused}");
    }
    // Nor does the right pair open what its row does not open to it.
    let own = server.keys.service_token("portal", "benefits");
    let refused = call(portal.clone(), NARROW, &own).await.unwrap_err();
    assert_eq!(refused.code(), Code::PermissionDenied);
    assert_eq!(server.reached(), 0);
    call(portal, OPEN, &own).await.unwrap();
}

#[tokio::test]
async fn a_persons_token_comes_over_the_edge_s_connection_and_over_no_other() {
    let authority = authority();
    let server = Server::start(&authority).await;
    let id = || uuid_v7(Clock::system().now());
    let member = server
        .keys
        .member_token("benefits", MemberId::from_uuid(id()), AccountId::from_uuid(id()));
    let agent = server
        .keys
        .agent_token("benefits", AccountId::from_uuid(id()), &[]);
    for token in [&member, &agent] {
        for thief in ["notifications", "documents", "operator"] {
            let channel = server.channel(&of(&authority, thief));
            let refused = call(channel, OPEN, token).await.unwrap_err();
            assert_eq!(refused.code(), Code::PermissionDenied, "{thief}: {refused}");
        }
        call(server.channel(&of(&authority, "portal")), OPEN, token)
            .await
            .unwrap();
    }
    assert_eq!(server.reached(), 2);
}

#[tokio::test]
async fn the_operators_program_comes_with_a_certificate_of_its_own() {
    let authority = authority();
    let server = Server::start(&authority).await;
    let token = server.keys.app_token("benefits", "tadamon-cli", "door.open");
    let channel = server.channel(&of(&authority, "operator"));
    call(channel, OPEN, &token).await.unwrap();
}

#[tokio::test]
async fn a_certificate_that_names_several_services_or_none_speaks_for_nobody() {
    let authority = authority();
    let server = Server::start(&authority).await;
    let token = server.keys.service_token("portal", "benefits");
    let names: [&[&str]; 4] = [
        &["portal.tadamon.internal", "notifications.tadamon.internal"],
        &["portal.elsewhere.internal"],
        &["*.tadamon.internal"],
        &[],
    ];
    for names in names {
        let settings = authority.settings("odd", Like::named(names), authority.pem());
        let channel = server.channel(&Tls::open(&settings).unwrap());
        let refused = call(channel, OPEN, &token).await.unwrap_err();
        assert_eq!(refused.code(), Code::PermissionDenied, "{names:?}: {refused}");
    }
    assert_eq!(server.reached(), 0);
}

/// A channel that is not one of ours: it shows no certificate.
fn bare(server: &Server, url: &str, authority: &Authority) -> Channel {
    let endpoint = Endpoint::from_shared(url.to_owned()).unwrap();
    let tls = ClientTlsConfig::new()
        .ca_certificate(Certificate::from_pem(authority.pem()))
        .domain_name("benefits.tadamon.internal");
    let endpoint = if url == server.url() {
        endpoint.tls_config(tls).unwrap()
    } else {
        endpoint
    };
    endpoint.connect_lazy()
}

#[tokio::test]
async fn without_a_certificate_of_the_authority_that_holds_nobody_connects() {
    let (authority, foreign) = (authority(), authority());
    let server = Server::start(&authority).await;
    let token = server.keys.service_token("portal", "benefits");
    let portal: &[&str] = &["portal.tadamon.internal"];
    let shown_by = |issuer: &Authority, like| {
        let settings = issuer.settings("portal", like, authority.pem());
        server.channel(&Tls::open(&settings).unwrap())
    };
    let strangers = [
        (
            "clear text",
            bare(&server, &format!("http://{}", server.address()), &authority),
        ),
        ("no certificate", bare(&server, &server.url(), &authority)),
        ("a foreign one", shown_by(&foreign, Like::named(portal))),
        ("an expired one", shown_by(&authority, Like::expired(portal))),
    ];
    for (what, channel) in strangers {
        let refused = call(channel, OPEN, &token).await.unwrap_err();
        assert!(
            matches!(refused.code(), Code::Unavailable | Code::Unknown),
            "{what}: {refused}"
        );
    }
    assert_eq!(server.reached(), 0);
    // The server is none the worse for it.
    server.call_of(&authority, "portal").await.unwrap();
}

#[tokio::test]
async fn a_caller_speaks_to_the_service_that_it_means_and_to_nobody_else() {
    let (authority, foreign) = (authority(), authority());
    let benefits: &[&str] = &["benefits.tadamon.internal"];
    let imposters = [
        ("another service", authority.settings_of("documents")),
        (
            "a foreign one",
            foreign.settings("benefits", Like::named(benefits), authority.pem()),
        ),
        (
            "an expired one",
            authority.settings("benefits", Like::expired(benefits), authority.pem()),
        ),
    ];
    for (what, settings) in imposters {
        let server = Server::start_with(Tls::open(&settings).unwrap(), Clock::system()).await;
        let refused = server.call_of(&authority, "portal").await.unwrap_err();
        assert_eq!(refused.code(), Code::Unavailable, "{what}: {refused}");
        assert_eq!(server.reached(), 0, "{what}");
    }
}

#[tokio::test]
async fn a_connection_that_outlives_its_certificate_opens_nothing_any_more() {
    let authority = authority();
    let clock = Clock::manual(Clock::system().now());
    let server = Server::start_with(of(&authority, "benefits"), clock.clone()).await;
    let names: &[&str] = &["portal.tadamon.internal"];
    let like = Like { names, until: 2100 };
    let settings = authority.settings("portal", like, authority.pem());
    let channel = server.channel(&Tls::open(&settings).unwrap());
    let token = || {
        let claims = Claims::service("portal", "benefits", clock.now());
        sign(&server.keys.signing_key("portal"), &claims)
    };
    call(channel.clone(), OPEN, &token()).await.unwrap();
    clock.set("2100-01-02T00:00:00Z".parse().unwrap());
    let refused = call(channel, OPEN, &token()).await.unwrap_err();
    assert_eq!(refused.code(), Code::Unauthenticated, "{refused}");
    assert_eq!(server.reached(), 1);
}

#[tokio::test]
async fn a_caller_who_never_ends_the_handshake_keeps_nobody_waiting() {
    let authority = authority();
    let server = Server::start(&authority).await;
    let mut silent = Vec::new();
    for _ in 0..40 {
        silent.push(tokio::net::TcpStream::connect(server.address()).await.unwrap());
    }
    server.call_of(&authority, "portal").await.unwrap();
    drop(silent);
}
