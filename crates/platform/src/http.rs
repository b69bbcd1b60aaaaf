//! Serves HTTP/1.1 to strangers: browsers, partners, whatever connects. Each wait for the other side has an end and the number of connections
//! a bound, so that clients that stand still hold neither memory nor a place for ever. No route, no TLS (a proxy's), no limit on the size of a
//! body (the routes know theirs).

use std::net::{IpAddr, SocketAddr};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{ConnectInfo, MatchedPath};
use axum::http::HeaderMap;
use axum::middleware::{Next, from_fn};
use axum::response::Response;
use hyper::Request;
use hyper::body::{Body as HttpBody, Frame, Incoming, SizeHint};
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio::time::{Instant, Sleep};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tower::ServiceExt as _;

use crate::metrics;

/// How long the other side is waited for, and how many others there may be.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// From the connection, or from the end of the last answer, to the end of a request's head.
    pub head: Duration,
    /// Between two pieces of a body.
    pub body_stands_still: Duration,
    /// From the end of the head to the end of the body.
    pub body: Duration,
    /// Connections at once; the next ones wait to be accepted.
    pub connections: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            head: Duration::from_secs(20),
            body_stands_still: Duration::from_secs(30),
            // A paper of 10 MB over a line that carries 100 kbit/s.
            body: Duration::from_secs(15 * 60),
            connections: 1_024,
        }
    }
}

/// Largest head of a request in bytes; a larger one is answered 431.
const HEAD_BYTES: usize = 32 * 1024;
/// How long accepting rests when the process has no descriptor left.
const BREATHER: Duration = Duration::from_millis(200);

/// Serves until `shutdown`, then lets the requests in flight end. Handlers find the caller's address as [`ConnectInfo`].
///
/// # Errors
/// None today: a connection that cannot be accepted is one client's misfortune.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    limits: Limits,
    shutdown: CancellationToken,
) -> std::io::Result<()> {
    let router = router.layer(from_fn(measure));
    #[cfg(debug_assertions)]
    let router = router.layer(axum::middleware::from_fn(crate::fault_points::around));
    let places = Arc::new(Semaphore::new(limits.connections));
    let connections = TaskTracker::new();
    loop {
        let next = async {
            // The place first: a connection beyond the bound stays in the kernel's queue.
            let place = Arc::clone(&places).acquire_owned().await;
            (place, listener.accept().await)
        };
        let (place, accepted) = tokio::select! {
            () = shutdown.cancelled() => break,
            next = next => next,
        };
        match accepted {
            Ok((stream, peer)) => {
                let router = router.clone();
                let shutdown = shutdown.clone();
                connections.spawn(async move {
                    converse(stream, peer, router, limits, shutdown).await;
                    drop(place);
                });
            }
            Err(error) => {
                tracing::warn!(error = %error, "a connection could not be accepted");
                tokio::time::sleep(BREATHER).await;
            }
        }
    }
    connections.close();
    connections.wait().await;
    Ok(())
}

/// Most proxies that may stand in front of a server.
pub const MOST_PROXIES: usize = 5;

/// Who calls: the peer, or what the trusted proxies in front of us wrote into `X-Forwarded-For`. With none the header is anybody's words, and ignored.
#[must_use]
pub fn client_ip(peer: IpAddr, headers: &HeaderMap, trusted_proxies: usize) -> IpAddr {
    if trusted_proxies == 0 {
        return peer;
    }
    let forwarded: Vec<&str> = headers
        .get_all("x-forwarded-for")
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .map(str::trim)
        .collect();
    // The last entry was written by the proxy next to us, the one before by the proxy before it.
    forwarded
        .len()
        .checked_sub(trusted_proxies)
        .and_then(|at| forwarded.get(at))
        .and_then(|address| address.parse().ok())
        .unwrap_or(peer)
}

async fn measure(request: axum::extract::Request, next: Next) -> Response {
    let method = request.method().clone();
    let route = request.extensions().get::<MatchedPath>().cloned();
    let began = std::time::Instant::now();
    let active = metrics::Active::begins();
    let response = next.run(request).await;
    drop(active);
    let route = route.as_ref().map_or("_OTHER", MatchedPath::as_str);
    metrics::requested(&method, route, response.status(), began.elapsed());
    response
}

/// One connection to its end.
async fn converse(
    stream: TcpStream,
    peer: SocketAddr,
    router: Router,
    limits: Limits,
    shutdown: CancellationToken,
) {
    // Without it a small answer may wait for the acknowledgement of the last one.
    let _best_effort = stream.set_nodelay(true);
    let service = tower::service_fn(move |request: Request<Incoming>| {
        let mut request = request.map(|body| Body::new(Punctual::new(body, limits)));
        request.extensions_mut().insert(ConnectInfo(peer));
        router.clone().oneshot(request)
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(limits.head)
        .max_header_size(HEAD_BYTES)
        .serve_connection(TokioIo::new(stream), TowerToHyperService::new(service));
    tokio::pin!(connection);
    let ended = tokio::select! {
        ended = connection.as_mut() => ended,
        () = shutdown.cancelled() => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = ended {
        // Everyday: a browser that left, a head that never ended.
        tracing::debug!(error = %error, "a connection broke off");
    }
}

/// A body whose pieces must come in time.
struct Punctual {
    body: Incoming,
    limits: Limits,
    end: Instant,
    /// Runs while a piece is awaited.
    alarm: Option<Pin<Box<Sleep>>>,
}

impl Punctual {
    fn new(body: Incoming, limits: Limits) -> Self {
        Self {
            body,
            limits,
            end: Instant::now() + limits.body,
            alarm: None,
        }
    }
}

impl HttpBody for Punctual {
    type Data = Bytes;
    type Error = axum::BoxError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        if let Poll::Ready(piece) = Pin::new(&mut self.body).poll_frame(context) {
            self.alarm = None;
            return Poll::Ready(piece.map(|piece| piece.map_err(Into::into)));
        }
        let due = self.end.min(Instant::now() + self.limits.body_stands_still);
        let alarm = self
            .alarm
            .get_or_insert_with(|| Box::pin(tokio::time::sleep_until(due)));
        match alarm.as_mut().poll(context) {
            Poll::Ready(()) => Poll::Ready(Some(Err(Box::new(std::io::Error::from(
                std::io::ErrorKind::TimedOut,
            ))))),
            Poll::Pending => Poll::Pending,
        }
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use axum::routing::{get, post};
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

    use super::*;

    const LONG: Limits = Limits {
        head: Duration::from_secs(600),
        body_stands_still: Duration::from_secs(600),
        body: Duration::from_secs(600),
        connections: 16,
    };
    const SHORT: Duration = Duration::from_millis(50);

    async fn started(router: Router, limits: Limits) -> (SocketAddr, CancellationToken) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let shutdown = CancellationToken::new();
        tokio::spawn(serve(listener, router, limits, shutdown.clone()));
        (address, shutdown)
    }

    fn routes() -> Router {
        Router::new()
            .route(
                "/",
                get(async |ConnectInfo(peer): ConnectInfo<SocketAddr>| peer.ip().to_string()),
            )
            .route("/", post(async |body: String| body))
    }

    /// Sends the text and reads until the server closes.
    async fn exchange(address: SocketAddr, text: &str) -> String {
        let mut stream = TcpStream::connect(address).await.unwrap();
        stream.write_all(text.as_bytes()).await.unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        answer
    }

    #[test]
    fn only_what_trusted_proxies_wrote_is_believed_of_an_address() {
        let peer: IpAddr = "10.0.0.1".parse().unwrap();
        let of = |lines: &[&str], proxies| {
            let mut headers = HeaderMap::new();
            for line in lines {
                headers.append("x-forwarded-for", line.parse().unwrap());
            }
            client_ip(peer, &headers, proxies).to_string()
        };
        assert_eq!(of(&["192.0.2.7"], 0), "10.0.0.1");
        assert_eq!(of(&["192.0.2.7"], 1), "192.0.2.7");
        assert_eq!(of(&["198.51.100.9, 192.0.2.7"], 1), "192.0.2.7");
        assert_eq!(of(&["198.51.100.9", "192.0.2.7, 10.0.0.2"], 2), "192.0.2.7");
        for odd in [&[][..], &["nobody"][..], &["192.0.2.7"][..]] {
            assert_eq!(of(odd, 2), "10.0.0.1", "{odd:?}");
        }
    }

    #[tokio::test]
    async fn a_request_is_answered_and_its_handler_knows_the_address() {
        let (address, _) = started(routes(), LONG).await;
        let answer = exchange(address, "GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").await;
        assert!(
            answer.starts_with("HTTP/1.1 200") && answer.ends_with("127.0.0.1"),
            "{answer}"
        );
    }

    #[tokio::test]
    async fn half_a_head_and_then_nothing_ends_the_connection() {
        let limits = Limits { head: SHORT, ..LONG };
        let (address, _) = started(routes(), limits).await;
        let answer = exchange(address, "GET / HTTP/1.1\r\nhost: ").await;
        assert!(!answer.contains("200"), "{answer}");
    }

    #[tokio::test]
    async fn a_connection_that_asks_nothing_or_nothing_more_ends() {
        let limits = Limits { head: SHORT, ..LONG };
        let (address, _) = started(routes(), limits).await;
        assert_eq!(exchange(address, "").await, "");
        let answer = exchange(address, "GET / HTTP/1.1\r\nhost: x\r\n\r\n").await;
        assert_eq!(answer.matches("HTTP/1.1 200").count(), 1, "{answer}");
    }

    #[tokio::test]
    async fn half_a_body_and_then_nothing_ends_the_connection() {
        for limits in [
            Limits {
                body_stands_still: SHORT,
                ..LONG
            },
            Limits { body: SHORT, ..LONG },
        ] {
            let (address, _) = started(routes(), limits).await;
            let answer = exchange(
                address,
                "POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 10\r\n\r\nabc",
            )
            .await;
            assert!(!answer.contains("HTTP/1.1 200"), "{answer}");
        }
        let (address, _) = started(routes(), LONG).await;
        let whole = "POST / HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-length: 3\r\n\r\nabc";
        assert!(exchange(address, whole).await.ends_with("abc"));
    }

    #[tokio::test]
    async fn a_head_that_is_too_large_is_refused() {
        let (address, _) = started(routes(), LONG).await;
        let head = format!("GET / HTTP/1.1\r\nx: {}\r\n\r\n", "a".repeat(2 * HEAD_BYTES));
        let mut stream = TcpStream::connect(address).await.unwrap();
        // The server may close before everything was written.
        let _sent = stream.write_all(head.as_bytes()).await;
        let mut answer = [0_u8; 12];
        stream.read_exact(&mut answer).await.unwrap();
        assert_eq!(&answer, b"HTTP/1.1 431");
    }

    #[tokio::test]
    async fn no_more_connections_are_served_at_once_than_the_bound_and_all_in_the_end() {
        let (now, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
        let counted = {
            let most = Arc::clone(&most);
            get(async move || {
                most.fetch_max(now.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                // Long enough for every other request to be read, if it were let in.
                for _ in 0..1_000 {
                    tokio::task::yield_now().await;
                }
                now.fetch_sub(1, Ordering::SeqCst);
            })
        };
        let limits = Limits {
            connections: 2,
            ..LONG
        };
        let (address, _) = started(Router::new().route("/", counted), limits).await;
        let asked =
            (0..8).map(|_| exchange(address, "GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n"));
        for answer in futures::future::join_all(asked).await {
            assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
        }
        assert_eq!(most.load(Ordering::SeqCst), 2);
    }

    #[tokio::test]
    async fn shutdown_lets_a_request_in_flight_end_and_takes_no_other() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let shutdown = CancellationToken::new();
        let stop = shutdown.clone();
        let router = Router::new().route(
            "/",
            get(async move || {
                stop.cancel();
                "the last one"
            }),
        );
        let served = tokio::spawn(serve(listener, router, LONG, shutdown));
        let answer = exchange(address, "GET / HTTP/1.1\r\nhost: x\r\n\r\n").await;
        assert!(answer.ends_with("the last one"), "{answer}");
        served.await.unwrap().unwrap();
        assert!(TcpStream::connect(address).await.is_err());
    }
}
