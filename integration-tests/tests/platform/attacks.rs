//! What no client library would send, to every RPC of every service: bytes that are no message, frames that lie about their length, metadata
//! out of bounds. Each answer is a refusal that blames the caller; none is INTERNAL, and the service goes on serving.

use auth::client::with_token;
use kernel::ids::{AccountId, MemberId};
use kernel::permission::{CallerKind, MethodPermission};
use platform::clock::Clock;
use platform::ids::uuid_v7;
use tonic::body::Body;
use tonic::codegen::{Bytes, Service as _, http};
use tonic::transport::Channel;
use tonic::{Code, Request};

use integration_tests::services::SERVICES;
use integration_tests::world::World;

/// The permission rows of a service.
fn rows(service: &str) -> &'static [MethodPermission] {
    match service {
        "identity" => identity_proto::PERMISSIONS,
        "membership" => membership_proto::PERMISSIONS,
        "benefits" => benefits_proto::PERMISSIONS,
        "documents" => documents_proto::PERMISSIONS,
        "partnerships" => partnerships_proto::PERMISSIONS,
        "notifications" => notifications_proto::PERMISSIONS,
        other => panic!("{other} has no rows here"),
    }
}

/// A token that the row lets in.
fn token(world: &World, service: &str, row: &MethodPermission) -> String {
    let id = || uuid_v7(Clock::system().now());
    let account = AccountId::from_uuid(id());
    match row.callers {
        [CallerKind::Member, ..] => world
            .keys
            .member_token(service, MemberId::from_uuid(id()), account),
        [CallerKind::Agent, ..] => world.keys.agent_token(service, account, row.roles),
        [CallerKind::App, ..] => world.keys.app_token(service, "tadamon-cli", row.scope),
        [CallerKind::Service, ..] => {
            let caller = row.services.first().copied().unwrap_or("portal");
            world.keys.service_token(caller, service)
        }
        other => panic!("{}: nobody here calls as {other:?}", row.method),
    }
}

/// A gRPC frame that says `length` and holds `bytes`.
fn frame(length: u32, bytes: &[u8]) -> Bytes {
    let mut frame = vec![0];
    frame.extend(length.to_be_bytes());
    frame.extend(bytes);
    frame.into()
}

/// A frame that says the truth.
fn whole(bytes: &[u8]) -> Bytes {
    frame(u32::try_from(bytes.len()).expect("a small frame"), bytes)
}

/// Sends a body as it is and gives the code of the answer; none when the connection or stream was refused without one.
async fn code(
    channel: &mut Channel,
    row: &MethodPermission,
    token: &str,
    body: Bytes,
    headers: &[(&'static str, &str)],
) -> Option<Code> {
    let mut request = http::Request::builder()
        .method("POST")
        .uri(row.method)
        .header("content-type", "application/grpc")
        .header("te", "trailers")
        .header("authorization", format!("Bearer {token}"));
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let body = Body::new(http_body_util::Full::new(body));
    let request = request.body(body).expect("the request is well formed");
    std::future::poll_fn(|context| channel.poll_ready(context))
        .await
        .ok()?;
    let (head, body) = channel.call(request).await.ok()?.into_parts();
    let of = |headers: &http::HeaderMap| {
        let status = headers.get("grpc-status")?.to_str().ok()?;
        Some(Code::from(status.parse::<i32>().ok()?))
    };
    if let Some(code) = of(&head.headers) {
        return Some(code);
    }
    let whole = http_body_util::BodyExt::collect(body).await.ok()?;
    of(whole.trailers()?)
}

/// Bytes that are no message of anything, always the same ones.
fn nonsense() -> Vec<(&'static str, Vec<u8>)> {
    let mut noise = Vec::with_capacity(4096);
    let mut state = 0x9e37_79b9_u32;
    for _ in 0..4096 {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        noise.push(u8::try_from(state & 0xff).expect("a byte"));
    }
    vec![
        ("noise", noise),
        // Field 1, length-delimited, says 200 bytes and has none.
        ("a field that was cut off", vec![0x0a, 0xc8, 0x01]),
        // Field 1, length-delimited, two bytes that are no UTF-8.
        ("a text that is no UTF-8", vec![0x0a, 0x02, 0xff, 0xfe]),
        // Field 1 a thousand times inside itself.
        ("a message nested a thousand times", nested(1000)),
        // Wire type 7 does not exist.
        ("a wire type that does not exist", vec![0x0f, 0x01]),
        // A varint without an end.
        (
            "a number without an end",
            vec![0x08; 1].into_iter().chain([0xff; 32]).collect(),
        ),
        // Field 0 does not exist.
        ("a field of number zero", vec![0x00, 0x01]),
    ]
}

fn nested(depth: usize) -> Vec<u8> {
    let mut inner: Vec<u8> = Vec::new();
    for _ in 0..depth {
        let mut length = inner.len();
        let mut outer = vec![0x0a];
        while length >= 0x80 {
            outer.push(u8::try_from(length & 0x7f).expect("seven bits") | 0x80);
            length >>= 7;
        }
        outer.push(u8::try_from(length).expect("seven bits"));
        outer.extend(inner);
        inner = outer;
    }
    inner
}

/// Codes that say "we failed": no input may bring them.
const OUR_FAULT: [Code; 4] = [Code::Internal, Code::Unknown, Code::DataLoss, Code::Unimplemented];

#[tokio::test]
async fn no_bytes_whatever_make_an_rpc_fail_on_our_side() {
    let world = World::start().await;
    let mut findings = Vec::new();
    for service in SERVICES {
        for row in rows(service) {
            let token = token(&world, service, row);
            for (what, bytes) in nonsense() {
                let mut channel = world.channel(service);
                let found = code(&mut channel, row, &token, whole(&bytes), &[]).await;
                if found.is_none_or(|code| OUR_FAULT.contains(&code)) {
                    findings.push(format!("{} with {what}: {found:?}", row.method));
                }
            }
        }
        world.service(service).ready().await;
    }
    assert!(findings.is_empty(), "{}", findings.join("\n"));
}

#[tokio::test]
async fn a_frame_that_lies_about_its_length_or_is_too_large_is_refused_before_it_is_read() {
    let world = World::start().await;
    let mut findings = Vec::new();
    for service in SERVICES {
        for row in rows(service) {
            let token = token(&world, service, row);
            let lies = [
                ("four gigabytes announced", frame(u32::MAX, &[0x0a])),
                ("five megabytes", whole(&vec![0x0a; 5 * 1024 * 1024])),
                ("more announced than sent", frame(64, &[0x0a])),
                ("half a head", Bytes::from_static(&[0, 0, 0])),
                ("a compressed frame that nobody agreed to", {
                    let mut bytes = whole(&[0x1f, 0x8b]).to_vec();
                    bytes[0] = 1;
                    bytes.into()
                }),
            ];
            for (what, body) in lies {
                let mut channel = world.channel(service);
                let found = code(&mut channel, row, &token, body, &[]).await;
                // A body that is cut off may end the stream without a status; a status must not be a success or our fault.
                if found
                    .is_some_and(|code| code == Code::Ok || [Code::Unknown, Code::DataLoss].contains(&code))
                {
                    findings.push(format!("{} with {what}: {found:?}", row.method));
                }
            }
        }
        world.service(service).ready().await;
    }
    assert!(findings.is_empty(), "{}", findings.join("\n"));
}

#[tokio::test]
async fn metadata_out_of_bounds_is_refused_and_foreign_metadata_changes_nothing() {
    let world = World::start().await;
    let row = rows("benefits")
        .iter()
        .find(|row| row.method.ends_with("/ListApplications"))
        .expect("the list is an RPC");
    let token = token(&world, "benefits", row);
    let huge = "a".repeat(64 * 1024);
    let mut channel = world.channel("benefits");
    let found = code(&mut channel, row, &token, whole(&[]), &[("x-note", &huge)]).await;
    assert_ne!(found, Some(Code::Ok), "64 kB of metadata");
    // Claims about oneself outside of the token are not read.
    let claims = [
        ("x-member-id", "0190a5b0-0000-7000-8000-000000000000"),
        ("x-user-id", "administrator"),
        ("x-forwarded-for", "127.0.0.1"),
        ("x-roles", "administrator,validator"),
        ("grpc-timeout", "999999999H"),
    ];
    let mut channel = world.channel("benefits");
    let found = code(&mut channel, row, &token, whole(&[]), &claims[..4]).await;
    assert_eq!(found, Some(Code::Ok), "the member's own, empty list");
    // A time limit that is no time limit of the protocol is the caller's mistake or is not obeyed; it never hangs or breaks us.
    let mut channel = world.channel("benefits");
    let found = code(&mut channel, row, &token, whole(&[]), &claims[4..]).await;
    assert!(found.is_some_and(|code| !OUR_FAULT.contains(&code)), "{found:?}");
    world.service("benefits").ready().await;
}

#[tokio::test]
async fn a_deadline_that_is_over_at_once_leaves_no_half_record() {
    use benefits_proto::v1::StartApplicationRequest;
    use benefits_proto::v1::application_service_client::ApplicationServiceClient;

    let world = World::start().await;
    let member = integration_tests::member::Member::active();
    world.import(member.lines()).await;
    let signed_in = member.opens_an_account(&world).await;
    for _ in 0..20 {
        let start = StartApplicationRequest {
            benefit_code: integration_tests::member::BENEFIT.to_owned(),
            idempotency_key: integration_tests::member::key(),
        };
        let mut request = signed_in.to("benefits", start).await;
        request.set_timeout(std::time::Duration::from_nanos(1));
        let refused = ApplicationServiceClient::new(world.channel("benefits"))
            .start_application(request)
            .await;
        let code = refused.err().map(|status| status.code());
        assert!(
            matches!(code, None | Some(Code::DeadlineExceeded | Code::Cancelled)),
            "{code:?}"
        );
    }
    // Whatever was begun: at most one draft, and a trail for exactly what stands.
    signed_in.starts().await.expect("a draft opens");
    let drafts = world.count("benefits", "SELECT count(*) FROM applications").await;
    let trails = world
        .count(
            "benefits",
            "SELECT count(DISTINCT record_id) FROM audit WHERE record_kind = 'application'",
        )
        .await;
    assert_eq!((drafts, trails), (1, 1), "drafts, and drafts with a trail");
}

#[tokio::test]
async fn reflection_is_not_served_and_health_tells_nothing_but_its_state() {
    let world = World::start().await;
    for service in SERVICES {
        for path in [
            "/grpc.reflection.v1.ServerReflection/ServerReflectionInfo",
            "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo",
            "/grpc.channelz.v1.Channelz/GetServers",
        ] {
            let row = MethodPermission {
                method: path,
                ..rows(service)[0]
            };
            let mut channel = world.channel(service);
            let found = code(&mut channel, &row, "none", whole(&[]), &[]).await;
            assert!(
                matches!(
                    found,
                    Some(Code::Unimplemented | Code::Unauthenticated | Code::PermissionDenied)
                ),
                "{service} {path}: {found:?}"
            );
        }
    }
}

/// What a connection that resets its streams may cost a service, in KiB.
const MOST_MEMORY: u64 = 64 * 1024;

/// Opens streams and resets them at once, until there were so many or the server ends the connection.
async fn resets_rapidly(port: u16, streams: usize) {
    let socket = tokio::net::TcpStream::connect(("127.0.0.1", port))
        .await
        .expect("the port is open");
    let (mut client, connection) = h2::client::handshake(socket).await.expect("HTTP/2 is spoken");
    let connection = tokio::spawn(connection);
    for _ in 0..streams {
        client = match client.ready().await {
            Ok(ready) => ready,
            Err(_ended_by_the_server) => return,
        };
        let request =
            http::Request::post("http://127.0.0.1/tadamon.benefits.v1.CatalogueService/ListBenefits")
                .header("content-type", "application/grpc")
                .body(())
                .expect("the request is well formed");
        let Ok((_answer, mut stream)) = client.send_request(request, false) else {
            return;
        };
        stream.send_reset(h2::Reason::CANCEL);
    }
    drop(client);
    let _ended_either_way = connection.await;
}

#[tokio::test]
async fn streams_reset_by_the_ten_thousand_cost_no_memory_and_nobody_else() {
    let world = World::start().await;
    for name in SERVICES {
        let service = world.service(name);
        let before = service.resident_kib();
        resets_rapidly(service.grpc, 50_000).await;
        let grown = service.resident_kib().saturating_sub(before);
        assert!(grown < MOST_MEMORY, "{name} grew by {grown} KiB");
        let row = &rows(name)[0];
        let mut channel = world.channel(name);
        let found = code(&mut channel, row, "none", whole(&[]), &[]).await;
        assert_eq!(found, Some(Code::Unauthenticated), "{name} goes on for others");
        service.ready().await;
    }
}

#[tokio::test]
async fn a_page_of_a_milliard_is_capped_and_a_made_up_page_token_is_refused() {
    use benefits_proto::v1::ListApplicationsRequest;
    use benefits_proto::v1::application_service_client::ApplicationServiceClient;
    use notifications_proto::v1::ListMessagesRequest;
    use notifications_proto::v1::inbox_service_client::InboxServiceClient;

    let world = World::start().await;
    let id = || uuid_v7(Clock::system().now());
    let (member, account) = (MemberId::from_uuid(id()), AccountId::from_uuid(id()));
    let token = world.keys.member_token("benefits", member, account);
    for (page_size, page_token, expected) in [
        (1_000_000_000, "", None),
        (-1, "", Some(Code::InvalidArgument)),
        (0, "AAAA", Some(Code::InvalidArgument)),
        (0, "../../etc/passwd", Some(Code::InvalidArgument)),
    ] {
        let list = ListApplicationsRequest {
            benefit_code: String::new(),
            page_size,
            page_token: page_token.to_owned(),
        };
        let found = ApplicationServiceClient::new(world.channel("benefits"))
            .list_applications(with_token(Request::new(list), &token))
            .await
            .err()
            .map(|status| status.code());
        assert_eq!(found, expected, "applications: {page_size} {page_token}");
    }
    let token = world.keys.member_token("notifications", member, account);
    for (page_size, page_token, expected) in [
        (1_000_000_000, "", None),
        (-1, "", Some(Code::InvalidArgument)),
        (0, "AAAA", Some(Code::InvalidArgument)),
    ] {
        let list = ListMessagesRequest {
            page_size,
            page_token: page_token.to_owned(),
        };
        let found = InboxServiceClient::new(world.channel("notifications"))
            .list_messages(with_token(Request::new(list), &token))
            .await
            .err()
            .map(|status| status.code());
        assert_eq!(found, expected, "messages: {page_size} {page_token}");
    }
}
