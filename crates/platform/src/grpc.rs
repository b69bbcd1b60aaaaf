//! gRPC servers and channels with the platform's limits: deadlines, keep-alives, message sizes, health, encryption, and trace context in and out.

use std::time::{Duration, Instant};

use anyhow::Context as _;
use axum::extract::{MatchedPath, Request};
use axum::middleware::{Next, from_fn};
use axum::response::Response;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tonic::service::Routes;
use tonic::transport::channel::Change;
use tonic::transport::server::TcpIncoming;
use tonic::transport::{Channel, Endpoint, Server};
use tonic::{Code, Status};
use tracing::Instrument;

use crate::settings::PeerSettings;
use crate::status::Problem;
use crate::tls::{self, Tls};
use crate::{calls, metrics, telemetry};

/// Upper bound of one call on the server, streams included; callers set shorter deadlines themselves.
const SERVER_DEADLINE: Duration = Duration::from_secs(300);
/// Default deadline of a call to another service.
pub const CALL_DEADLINE: Duration = Duration::from_secs(10);
const KEEP_ALIVE: Duration = Duration::from_secs(10);
const KEEP_ALIVE_ANSWER: Duration = Duration::from_secs(5);
const CONNECT: Duration = Duration::from_secs(3);

/// Serves `routes` and the standard health service until `shutdown`, then finishes what is in flight. With TLS each request bears the
/// [`tls::Line`] that it came on.
///
/// # Errors
/// When the transport fails.
pub async fn serve(
    listener: TcpListener,
    tls: Tls,
    routes: Routes,
    shutdown: CancellationToken,
) -> anyhow::Result<()> {
    let (_reporter, health) = tonic_health::server::health_reporter();
    let router = routes
        .add_service(health)
        .into_axum_router()
        .layer(from_fn(blame_the_caller))
        .layer(from_fn(measure))
        .layer(from_fn(trace));
    #[cfg(debug_assertions)]
    let router = router.layer(from_fn(crate::fault_points::around));
    let server = Server::builder()
        .timeout(SERVER_DEADLINE)
        .http2_keepalive_interval(Some(KEEP_ALIVE))
        .http2_keepalive_timeout(Some(KEEP_ALIVE_ANSWER))
        .max_concurrent_streams(1024)
        .http2_max_header_list_size(16 * 1024)
        .add_routes(Routes::from(router));
    if tls.is_on() {
        let incoming = tls::accept(listener, tls);
        server
            .serve_with_incoming_shutdown(incoming, shutdown.cancelled_owned())
            .await?;
    } else {
        // Headers and body of an answer are two writes: without this the second one waits for the caller's delayed acknowledgement, 40 ms.
        let incoming = TcpIncoming::from(listener).with_nodelay(Some(true));
        server
            .serve_with_incoming_shutdown(incoming, shutdown.cancelled_owned())
            .await?;
    }
    Ok(())
}

/// A channel in clear text that connects when first used, again after a loss, and anew every five minutes or so.
///
/// # Errors
/// When `url` is not a URL.
pub fn channel(url: &str) -> anyhow::Result<Channel> {
    channel_over("", url, &Tls::off())
}

/// The same to the service of that name, encrypted where the URL says https: then it must show that service's certificate.
///
/// # Errors
/// When `url` is not a URL, or is https and `tls` is off.
pub fn channel_over(service: &str, url: &str, tls: &Tls) -> anyhow::Result<Channel> {
    connected(service, &PeerSettings::at(url), tls)
}

/// The same between services: with the life of a connection that the settings name, and its calls measured.
///
/// # Errors
/// When the address is not a URL, or is https and `tls` is off.
pub fn channel_to(service: &str, peer: &PeerSettings, tls: &Tls) -> anyhow::Result<calls::Channel> {
    Ok(calls::Channel::over(connected(service, peer, tls)?))
}

fn connected(service: &str, peer: &PeerSettings, tls: &Tls) -> anyhow::Result<Channel> {
    let way = Way {
        url: peer.url.clone(),
        service: service.to_owned(),
        tls: tls.clone(),
    };
    renewed(way, Duration::from_secs(peer.connection_seconds), tls::LOOK)
}

/// One connection at a time, and another one each `life`: an address that stands for several processes leads each connection to one of them, so
/// that who keeps one for ever never meets those that came later. The caller renews, not the server: calls in flight end on the old connection,
/// and none is caught between a server's farewell and its own departure. Another certificate is shown from the next connection on, so one that was
/// replaced renews it too; every `look` the files are looked at.
fn renewed(way: Way, life: Duration, look: Duration) -> anyhow::Result<Channel> {
    let mut generation = way.tls.generation();
    let mut endpoint = way.endpoint()?;
    let (channel, changes) = Channel::balance_channel(4);
    changes.try_send(Change::Insert(0_u64, endpoint.clone()))?;
    tokio::spawn(async move {
        for next in 1_u64.. {
            tokio::select! {
                () = changes.closed() => return,
                () = way.tls.changed(generation, look) => {}
                () = tokio::time::sleep(jittered(life)) => {}
            }
            generation = way.tls.generation();
            match way.endpoint() {
                Ok(with_what_is_now) => endpoint = with_what_is_now,
                Err(error) => tracing::error!(
                    error = format!("{error:#}"),
                    "the certificate shown before is shown again"
                ),
            }
            let (new, old) = (Change::Insert(next, endpoint.clone()), Change::Remove(next - 1));
            if changes.send(new).await.is_err() || changes.send(old).await.is_err() {
                return;
            }
        }
    });
    Ok(channel)
}

/// Where a channel leads, and what is shown there.
struct Way {
    url: String,
    service: String,
    tls: Tls,
}

impl Way {
    fn endpoint(&self) -> anyhow::Result<Endpoint> {
        let endpoint = Endpoint::from_shared(self.url.clone())?
            .connect_timeout(CONNECT)
            .tcp_nodelay(true)
            .http2_keep_alive_interval(KEEP_ALIVE)
            .keep_alive_timeout(KEEP_ALIVE_ANSWER)
            .keep_alive_while_idle(true);
        if endpoint.uri().scheme_str() != Some("https") {
            return Ok(endpoint);
        }
        let shown = self.tls.client(&self.service);
        let shown =
            shown.with_context(|| format!("{} asks for a certificate, and there is none", self.url))?;
        Ok(endpoint.tls_config(shown)?)
    }
}

/// Up to a fifth less or more: callers that started together do not come together.
fn jittered(life: Duration) -> Duration {
    let [draw] = crate::ids::random::<1>();
    life.mul_f64(0.8 + 0.4 * f64::from(draw) / 255.0)
}

/// How tonic begins the message of a status when a request is no message of the RPC. A test sends such requests to every RPC, so an upgrade
/// that words them otherwise is seen.
const NOT_A_MESSAGE: [&str; 4] = [
    "failed to decode Protobuf message",
    "protocol error: received message",
    "Unexpected EOF decoding stream",
    "Missing request message",
];

/// tonic answers bytes that are no message with INTERNAL, which says that we failed and would wake somebody. They are the caller's mistake.
async fn blame_the_caller(request: Request, next: Next) -> Response {
    let response = next.run(request).await;
    let malformed = Status::from_header_map(response.headers()).is_some_and(|status| {
        status.code() == Code::Internal
            && NOT_A_MESSAGE
                .iter()
                .any(|begin| status.message().starts_with(begin))
    });
    match malformed {
        true => Problem::new(Code::InvalidArgument, "MESSAGE_MALFORMED")
            .message("the request is no message of this RPC")
            .into_status()
            .into_http(),
        false => response,
    }
}

async fn measure(request: Request, next: Next) -> Response {
    // A path that is no RPC of ours is the caller's invention and gets no label of its own.
    let method = request
        .extensions()
        .get::<MatchedPath>()
        .map(|_| request.uri().path().trim_start_matches('/').to_owned());
    let began = Instant::now();
    let response = next.run(request).await;
    let code = Status::from_header_map(response.headers()).map_or(Code::Ok, |status| status.code());
    let method = match &method {
        Some(method) if code != Code::Unimplemented => method,
        _ => "_OTHER",
    };
    metrics::called(method, code, began.elapsed());
    response
}

async fn trace(request: Request, next: Next) -> Response {
    let path = request.uri().path().trim_start_matches('/');
    let span = tracing::info_span!(
        "grpc",
        otel.name = path,
        otel.kind = "server",
        rpc.system.name = "grpc",
        rpc.method = path,
    );
    let parent = request
        .headers()
        .get("traceparent")
        .and_then(|value| value.to_str().ok());
    telemetry::continue_trace(&span, parent);
    next.run(request).instrument(span).await
}

#[cfg(test)]
mod tests {
    use std::net::SocketAddr;

    use tonic_health::ServingStatus;
    use tonic_health::pb::HealthCheckRequest;
    use tonic_health::pb::health_client::HealthClient;

    use super::*;

    /// Long enough for a call, short enough for a test.
    const LIFE: Duration = Duration::from_millis(20);

    /// A server that knows one service, so that its answers show which of two it is.
    async fn server(knows: &'static str, stop: &CancellationToken) -> SocketAddr {
        let (reporter, health) = tonic_health::server::health_reporter();
        reporter.set_service_status(knows, ServingStatus::Serving).await;
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let incoming = TcpIncoming::from(listener);
        let served = Server::builder()
            .add_service(health)
            .serve_with_incoming_shutdown(incoming, stop.clone().cancelled_owned());
        tokio::spawn(served);
        address
    }

    /// One address before both servers, as a cluster's Service is: each connection goes to the next one.
    async fn in_front_of(servers: [SocketAddr; 2]) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(async move {
            for server in servers.into_iter().cycle() {
                let (mut caller, _) = listener.accept().await.unwrap();
                tokio::spawn(async move {
                    let mut stream = tokio::net::TcpStream::connect(server).await.unwrap();
                    tokio::io::copy_bidirectional(&mut caller, &mut stream).await
                });
            }
        });
        format!("http://{address}")
    }

    fn about(service: &str) -> HealthCheckRequest {
        HealthCheckRequest {
            service: service.to_owned(),
        }
    }

    #[tokio::test]
    async fn a_caller_comes_to_processes_that_started_later_and_no_call_fails_for_it() {
        let stop = CancellationToken::new();
        let servers = [server("first", &stop).await, server("second", &stop).await];
        let way = Way {
            url: in_front_of(servers).await,
            service: String::new(),
            tls: Tls::off(),
        };
        let channel = renewed(way, LIFE, LIFE).unwrap();
        let mut client = HealthClient::new(channel);
        // A call that outlives its connection's turn.
        let watched = client.watch(about("first")).await.unwrap();
        let mut watched = watched.into_inner();
        assert!(watched.message().await.unwrap().is_some());
        let (mut first, mut second) = (0, 0);
        while first < 20 || second < 20 {
            match client.check(about("first")).await {
                Ok(_) => first += 1,
                Err(status) if status.code() == Code::NotFound => second += 1,
                Err(status) => panic!("a call failed after {first} and {second}: {status}"),
            }
        }
        let open = tokio::time::timeout(LIFE, watched.message()).await;
        assert!(open.is_err(), "the long call goes on: {open:?}");
        stop.cancel();
    }

    #[test]
    fn no_connection_lives_much_shorter_or_longer_than_asked_for() {
        for _ in 0..1_000 {
            let life = jittered(Duration::from_secs(300)).as_secs();
            assert!((240..=360).contains(&life), "{life}");
        }
    }
}
