//! gRPC servers and channels with the platform's limits: deadlines, keep-alives, message sizes, health, and trace context in and out.

use std::time::{Duration, Instant};

use axum::extract::{MatchedPath, Request};
use axum::middleware::{Next, from_fn};
use axum::response::Response;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tonic::service::Routes;
use tonic::transport::server::TcpIncoming;
use tonic::transport::{Channel, Endpoint, Server};
use tonic::{Code, Status};
use tracing::Instrument;

use crate::status::Problem;
use crate::{metrics, telemetry};

/// Upper bound of one call on the server, streams included; callers set shorter deadlines themselves.
const SERVER_DEADLINE: Duration = Duration::from_secs(300);
/// Default deadline of a call to another service.
pub const CALL_DEADLINE: Duration = Duration::from_secs(10);
const KEEP_ALIVE: Duration = Duration::from_secs(10);
const KEEP_ALIVE_ANSWER: Duration = Duration::from_secs(5);
const CONNECT: Duration = Duration::from_secs(3);

/// Serves `routes` and the standard health service until `shutdown`, then finishes what is in flight.
///
/// # Errors
/// When the transport fails.
pub async fn serve(listener: TcpListener, routes: Routes, shutdown: CancellationToken) -> anyhow::Result<()> {
    let (_reporter, health) = tonic_health::server::health_reporter();
    let router = routes
        .add_service(health)
        .into_axum_router()
        .layer(from_fn(blame_the_caller))
        .layer(from_fn(measure))
        .layer(from_fn(trace));
    #[cfg(debug_assertions)]
    let router = router.layer(from_fn(crate::fault_points::around));
    // Headers and body of an answer are two writes: without this the second one waits for the caller's delayed acknowledgement, 40 ms.
    let incoming = TcpIncoming::from(listener).with_nodelay(Some(true));
    Server::builder()
        .timeout(SERVER_DEADLINE)
        .http2_keepalive_interval(Some(KEEP_ALIVE))
        .http2_keepalive_timeout(Some(KEEP_ALIVE_ANSWER))
        .max_concurrent_streams(1024)
        .http2_max_header_list_size(16 * 1024)
        .add_routes(Routes::from(router))
        .serve_with_incoming_shutdown(incoming, shutdown.cancelled_owned())
        .await?;
    Ok(())
}

/// A channel that connects when first used and again after a loss.
///
/// # Errors
/// When `url` is not a URL.
pub fn channel(url: &str) -> anyhow::Result<Channel> {
    let endpoint = Endpoint::from_shared(url.to_owned())?
        .connect_timeout(CONNECT)
        .tcp_nodelay(true)
        .http2_keep_alive_interval(KEEP_ALIVE)
        .keep_alive_timeout(KEEP_ALIVE_ANSWER)
        .keep_alive_while_idle(true);
    Ok(endpoint.connect_lazy())
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
        trace_id = tracing::field::Empty,
    );
    let parent = request
        .headers()
        .get("traceparent")
        .and_then(|value| value.to_str().ok());
    telemetry::continue_trace(&span, parent);
    telemetry::record_trace_id(&span);
    next.run(request).instrument(span).await
}
