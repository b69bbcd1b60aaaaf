//! The platform with certificates on every call: services, the edge and the operator's program; renewed while everything runs.

use chrono::{DateTime, Utc};
use integration_tests::member::Member;
use integration_tests::services::SERVICES;
use integration_tests::world::World;
use membership_proto::v1::BatchGetMemberFactsRequest;
use membership_proto::v1::member_service_client::MemberServiceClient;
use platform::clock::Clock;
use platform::ids::uuid_v7;
use platform::tls::Tls;
use testkit::certificates::Like;
use testkit::eventually;
use tonic::transport::Channel;
use tonic::{Code, Request, Status};

/// As benefits asks membership, with a token of benefits.
async fn facts(world: &World, channel: Channel) -> Result<(), Status> {
    let token = world.keys.service_token("benefits", "membership");
    let message = BatchGetMemberFactsRequest {
        member_ids: vec![uuid_v7(Clock::system().now()).to_string()],
    };
    let request = auth::client::with_token(Request::new(message), &token);
    let mut members = MemberServiceClient::new(channel);
    members.batch_get_member_facts(request).await.map(drop)
}

#[tokio::test]
async fn the_platform_speaks_over_certificates_alone_and_takes_renewed_ones_in_while_it_runs() {
    let world = World::start_secured().await;
    let authority = world.authority.as_ref().expect("a secured world has one");

    // The operator imports; identity asks membership, notifications asks identity and sends the link; the edge asks for the member.
    let member = Member::active();
    world.import(member.lines()).await;
    member.opens_an_account(&world).await.record().await;
    let listed = world.tadamon(&["dead-letters", "list"]);
    let said = String::from_utf8_lossy(&listed.stderr);
    assert!(listed.status.success(), "the operator is let in: {said}");

    // A good token is worth nothing over another's connection, nor without a certificate.
    let of = |service| Tls::open(&authority.settings_of(service)).expect("a certificate");
    let own = world.channel_with("membership", &of("benefits"));
    facts(&world, own).await.expect("benefits may ask");
    let thief = world.channel_with("membership", &of("documents"));
    let refused = facts(&world, thief).await.expect_err("documents may not");
    assert_eq!(refused.code(), Code::PermissionDenied, "{refused}");
    let plain = world.service("membership").url().replace("https", "http");
    let plain = platform::grpc::channel(&plain).expect("a URL");
    facts(&world, plain)
        .await
        .expect_err("clear text is not answered");

    // Another certificate for each, as what issues them writes it; no process is started anew.
    for service in SERVICES {
        let tls = world.service(service).tls().expect("it has a certificate");
        let name = format!("{service}.tadamon.internal");
        let like = Like {
            names: &[&name],
            until: 2300,
        };
        authority.renew(tls, like, authority.pem());
    }
    let until: DateTime<Utc> = "2300-01-01T00:00:00Z".parse().expect("an instant");
    let shown = format!("tls_certificate_not_after_seconds {}", until.timestamp());
    for service in SERVICES {
        eventually(async || {
            let measures = world.service(service).measures().await;
            measures.lines().any(|line| line == shown).then_some(())
        })
        .await;
    }
    let other = Member::active();
    world.import(other.lines()).await;
    other.opens_an_account(&world).await.record().await;
}
