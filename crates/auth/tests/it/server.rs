//! Benefits as these tests need it: the guard before two RPCs that answer everybody and count who came, behind TLS.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use auth::client::with_token;
use auth::{Guard, protect};
use axum::Router;
use kernel::permission::{Assurance, CallerKind, MethodPermission};
use platform::clock::Clock;
use platform::tls::Tls;
use testkit::TestKeys;
use testkit::certificates::Authority;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tonic::client::Grpc;
use tonic::service::Routes;
use tonic::transport::Channel;
use tonic::{Request, Status};
use tonic_prost::ProstCodec;

/// Open to whoever these tests are.
pub(crate) const OPEN: &str = "/tadamon.test.v1.Door/Open";
/// Open to notifications alone.
pub(crate) const NARROW: &str = "/tadamon.test.v1.Door/Narrow";

const ROW: MethodPermission = MethodPermission {
    method: OPEN,
    callers: &[
        CallerKind::Service,
        CallerKind::Member,
        CallerKind::Agent,
        CallerKind::App,
    ],
    roles: &[],
    scope: "door.open",
    services: &[],
    assurance: Assurance::One,
    before_terms: true,
};
const TABLE: &[MethodPermission] = &[
    ROW,
    MethodPermission {
        method: NARROW,
        callers: &[CallerKind::Service],
        services: &["notifications"],
        ..ROW
    },
];

pub(crate) struct Server {
    pub(crate) keys: TestKeys,
    pub(crate) tls: Tls,
    address: SocketAddr,
    reached: Arc<AtomicUsize>,
    stop: CancellationToken,
}

impl Server {
    /// With a certificate of benefits.
    pub(crate) async fn start(authority: &Authority) -> Self {
        let tls = Tls::open(&authority.settings_of("benefits")).unwrap();
        Self::start_with(tls, Clock::system()).await
    }

    /// `clock` is the guard's.
    pub(crate) async fn start_with(tls: Tls, clock: Clock) -> Self {
        let keys = testkit::keys();
        let reached = Arc::new(AtomicUsize::new(0));
        let counter = Arc::clone(&reached);
        let behind = Router::new().fallback(async move || {
            counter.fetch_add(1, Ordering::SeqCst);
            Status::ok("").into_http::<axum::body::Body>()
        });
        let guard = Guard::new(&keys.directory().trust_path(), "benefits", &[TABLE], clock);
        let routes = protect(Routes::from(behind), guard);
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let stop = CancellationToken::new();
        tokio::spawn(platform::grpc::serve(listener, tls.clone(), routes, stop.clone()));
        Self {
            keys,
            tls,
            address,
            reached,
            stop,
        }
    }

    pub(crate) fn url(&self) -> String {
        format!("https://{}", self.address)
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// How many calls came behind the guard.
    pub(crate) fn reached(&self) -> usize {
        self.reached.load(Ordering::SeqCst)
    }

    /// A channel of whoever has these certificates, to benefits.
    pub(crate) fn channel(&self, tls: &Tls) -> Channel {
        platform::grpc::channel_over("benefits", &self.url(), tls).unwrap()
    }

    /// A call of that service's, with its own token, over a connection with its own certificate.
    pub(crate) async fn call_of(&self, authority: &Authority, service: &str) -> Result<(), Status> {
        let tls = Tls::open(&authority.settings_of(service)).unwrap();
        let token = self.keys.service_token(service, "benefits");
        call(self.channel(&tls), OPEN, &token).await
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

/// One call; the answer is empty.
pub(crate) async fn call(channel: Channel, path: &'static str, token: &str) -> Result<(), Status> {
    let mut client = Grpc::new(channel);
    client
        .ready()
        .await
        .map_err(|error| Status::unavailable(error.to_string()))?;
    let request = with_token(Request::new(()), token);
    let codec = ProstCodec::<(), ()>::default();
    let path = axum::http::uri::PathAndQuery::from_static(path);
    let answer = client.server_streaming(request, path, codec).await?;
    let mut answer: tonic::Streaming<()> = answer.into_inner();
    while answer.message().await?.is_some() {}
    Ok(())
}
