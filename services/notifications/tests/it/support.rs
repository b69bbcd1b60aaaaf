//! The service on real Postgres, NATS, RabbitMQ and mail catcher. Publishers are real outboxes with real relays; identity
//! and membership answer by their contracts behind the real guard (the journeys with the services themselves are in
//! `integration-tests`).

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use auth::Guard;
use auth::token::{Claims, sign};
use bus::{Bus, OutgoingEvent, Relay};
use chrono::{DateTime, Utc};
use identity_proto::v1::account_service_server::{AccountService, AccountServiceServer};
use identity_proto::v1::delivery_service_server::{DeliveryService, DeliveryServiceServer};
use identity_proto::v1::{
    ChangePasswordRequest, ChangePasswordResponse, FetchDeliveryRequest, FetchDeliveryResponse,
    GetLocaleRequest, GetLocaleResponse, InspectLinkRequest, InspectLinkResponse, IssueChallengeRequest,
    IssueChallengeResponse, RequestLinkRequest, RequestLinkResponse, SetLocaleRequest, SetLocaleResponse,
    SetPasswordRequest, SetPasswordResponse,
};
use kernel::{AccountId, ApplicationId, DeliveryId, MemberId, SessionId};
use membership_proto::v1::member_service_server::{MemberService, MemberServiceServer};
use membership_proto::v1::{
    BatchGetMemberFactsRequest, BatchGetMemberFactsResponse, GetContactRequest, GetContactResponse,
    GetOwnRecordRequest, GetOwnRecordResponse,
};
use notifications::{App, Encryption, MailSettings, PeersSettings, Settings, SmtpSettings};
use notifications_proto::v1::inbox_service_client::InboxServiceClient;
use platform::clock::Clock;
use platform::process::ServiceApp;
use platform::settings::{Common, PeerSettings, Secret};
use serde::Serialize;
use sqlx::PgPool;
use testkit::{TestDb, TestKeys, eventually};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use tonic::service::Routes;
use tonic::transport::Channel;
use tonic::{Request, Response, Status};
use uuid::Uuid;

/// What identity and membership would answer.
#[derive(Default)]
pub(crate) struct Known {
    pub(crate) deliveries: HashMap<String, FetchDeliveryResponse>,
    pub(crate) contacts: HashMap<String, GetContactResponse>,
    /// What members with an account chose.
    pub(crate) locales: HashMap<String, String>,
    /// Identity does not answer this while true.
    pub(crate) locales_away: bool,
}

#[derive(Clone, Default)]
pub(crate) struct Peer(pub(crate) Arc<Mutex<Known>>);

#[tonic::async_trait]
impl DeliveryService for Peer {
    async fn fetch_delivery(
        &self,
        request: Request<FetchDeliveryRequest>,
    ) -> Result<Response<FetchDeliveryResponse>, Status> {
        let known = self.0.lock().unwrap();
        let found = known.deliveries.get(&request.into_inner().delivery_id).cloned();
        found
            .map(Response::new)
            .ok_or_else(|| Status::not_found("delivery"))
    }
}

#[tonic::async_trait]
impl AccountService for Peer {
    async fn get_locale(
        &self,
        request: Request<GetLocaleRequest>,
    ) -> Result<Response<GetLocaleResponse>, Status> {
        let known = self.0.lock().unwrap();
        if known.locales_away {
            return Err(Status::unavailable("away"));
        }
        let found = known.locales.get(&request.into_inner().member_id).cloned();
        found
            .map(|locale| Response::new(GetLocaleResponse { locale }))
            .ok_or_else(|| Status::not_found("account"))
    }

    async fn issue_challenge(
        &self,
        _request: Request<IssueChallengeRequest>,
    ) -> Result<Response<IssueChallengeResponse>, Status> {
        Err(not_asked())
    }

    async fn request_link(
        &self,
        _request: Request<RequestLinkRequest>,
    ) -> Result<Response<RequestLinkResponse>, Status> {
        Err(not_asked())
    }

    async fn inspect_link(
        &self,
        _request: Request<InspectLinkRequest>,
    ) -> Result<Response<InspectLinkResponse>, Status> {
        Err(not_asked())
    }

    async fn set_password(
        &self,
        _request: Request<SetPasswordRequest>,
    ) -> Result<Response<SetPasswordResponse>, Status> {
        Err(not_asked())
    }

    async fn change_password(
        &self,
        _request: Request<ChangePasswordRequest>,
    ) -> Result<Response<ChangePasswordResponse>, Status> {
        Err(not_asked())
    }

    async fn set_locale(
        &self,
        _request: Request<SetLocaleRequest>,
    ) -> Result<Response<SetLocaleResponse>, Status> {
        Err(not_asked())
    }
}

fn not_asked() -> Status {
    Status::unimplemented("not asked here")
}

#[tonic::async_trait]
impl MemberService for Peer {
    async fn get_own_record(
        &self,
        _request: Request<GetOwnRecordRequest>,
    ) -> Result<Response<GetOwnRecordResponse>, Status> {
        Err(not_asked())
    }

    async fn batch_get_member_facts(
        &self,
        _request: Request<BatchGetMemberFactsRequest>,
    ) -> Result<Response<BatchGetMemberFactsResponse>, Status> {
        Err(not_asked())
    }

    async fn get_contact(
        &self,
        request: Request<GetContactRequest>,
    ) -> Result<Response<GetContactResponse>, Status> {
        let known = self.0.lock().unwrap();
        let found = known.contacts.get(&request.into_inner().member_id).cloned();
        found
            .map(Response::new)
            .ok_or_else(|| Status::not_found("contact"))
    }
}

/// A publisher of events: its own outbox and relay on the test's subjects.
pub(crate) struct Publisher {
    db: TestDb,
}

pub(crate) struct TestApp {
    pub(crate) db: TestDb,
    pub(crate) keys: TestKeys,
    pub(crate) clock: Clock,
    pub(crate) peer: Peer,
    pub(crate) channel: Channel,
    pub(crate) smtp_port: u16,
    identity: Publisher,
    benefits: Publisher,
    shutdown: CancellationToken,
    tasks: Vec<JoinHandle<()>>,
}

impl TestApp {
    /// With the stack's mail catcher.
    pub(crate) async fn start() -> Self {
        Self::start_with_smtp(testkit::smtp().port).await
    }

    /// With a mail server that is away; it may come later to `smtp_port`.
    pub(crate) async fn start_without_mail_server() -> Self {
        Self::start_with_smtp(closed_port().await).await
    }

    pub(crate) async fn start_with_smtp(smtp_port: u16) -> Self {
        // The catcher is asked over HTTP, and two providers of TLS may be compiled in.
        let _chosen = rustls::crypto::ring::default_provider().install_default();
        let db = TestDb::create("notifications", notifications::migrations()).await;
        let keys = testkit::keys();
        let clock = Clock::manual(Clock::system().now());
        let shutdown = CancellationToken::new();
        let common = testkit::common(&db, &keys);
        let peer = Peer::default();
        let mut tasks = Vec::new();
        let identity_url = serve_peer(&peer, &keys, "identity", &clock, &shutdown, &mut tasks).await;
        let membership_url = serve_peer(&peer, &keys, "membership", &clock, &shutdown, &mut tasks).await;
        let identity = publisher("identity", &common, &shutdown, &mut tasks).await;
        let benefits = publisher("benefits", &common, &shutdown, &mut tasks).await;
        let settings = Settings {
            common,
            peers: PeersSettings {
                identity: PeerSettings::at(identity_url),
                membership: PeerSettings::at(membership_url),
            },
            smtp: SmtpSettings {
                host: "127.0.0.1".to_owned(),
                port: smtp_port,
                encryption: Encryption::None,
                username: String::new(),
                password: Secret::new(""),
                timeout_seconds: 5,
            },
            mail: MailSettings {
                from: "Tadamon <ne-pas-repondre@tadamon.example>".to_owned(),
                portal_url: "https://portal.example".to_owned(),
            },
        };
        let app = App::build(settings, clock.clone()).await.unwrap();
        let address = app.addresses().grpc.unwrap();
        let stop = shutdown.clone();
        tasks.push(tokio::spawn(async move { app.run_until(stop).await.unwrap() }));
        let channel = platform::grpc::channel(&format!("http://{address}")).unwrap();
        Self {
            db,
            keys,
            clock,
            peer,
            channel,
            smtp_port,
            identity,
            benefits,
            shutdown,
            tasks,
        }
    }

    pub(crate) fn pool(&self) -> &PgPool {
        &self.db.pool
    }

    /// A member whom membership knows at this address.
    pub(crate) fn member(&self, email: &str, locale: &str) -> MemberId {
        let member = MemberId::from_uuid(platform::ids::uuid_v7(self.clock.now()));
        let contact = GetContactResponse {
            email: email.to_owned(),
            locale: locale.to_owned(),
        };
        self.peer
            .0
            .lock()
            .unwrap()
            .contacts
            .insert(member.to_string(), contact);
        member
    }

    /// The member has an account and chose this language.
    pub(crate) fn chooses(&self, member: MemberId, locale: &str) {
        let mut known = self.peer.0.lock().unwrap();
        known.locales.insert(member.to_string(), locale.to_owned());
    }

    /// A delivery that identity would hand out.
    pub(crate) fn delivery(&self, email: &str, locale: &str) -> DeliveryId {
        let delivery = DeliveryId::from_uuid(platform::ids::uuid_v7(self.clock.now()));
        let answer = FetchDeliveryResponse {
            email: email.to_owned(),
            locale: locale.to_owned(),
            link: "https://portal.example/activate?token=synthetic".to_owned(),
            expires_at: Some((self.clock.now() + Duration::from_secs(1800)).into()),
        };
        self.peer
            .0
            .lock()
            .unwrap()
            .deliveries
            .insert(delivery.to_string(), answer);
        delivery
    }

    pub(crate) async fn publish_identity(&self, event_type: &'static str, data: &impl Serialize) -> Uuid {
        self.identity
            .publish(event_type, false, data, self.clock.now())
            .await
    }

    pub(crate) async fn publish_benefits(
        &self,
        event_type: &'static str,
        restricted: bool,
        data: &impl Serialize,
    ) -> Uuid {
        self.benefits
            .publish(event_type, restricted, data, self.clock.now())
            .await
    }

    /// A submitted application of the member, as benefits tells it.
    pub(crate) async fn submitted(&self, member: MemberId, restricted: bool) -> (Uuid, ApplicationId) {
        let application = ApplicationId::from_uuid(platform::ids::uuid_v7(self.clock.now()));
        let data = benefits_proto::events::v1::ApplicationSubmitted {
            application_id: application.to_string(),
            member_id: member.to_string(),
            benefit_code: if restricted {
                "restricted"
            } else {
                "air_transport_support"
            }
            .to_owned(),
            version: 1,
            ..benefits_proto::events::v1::ApplicationSubmitted::default()
        };
        (
            self.publish_benefits("benefits.application.submitted.v1", restricted, &data)
                .await,
            application,
        )
    }

    /// A token of the present instant of the test's clock.
    pub(crate) fn token(&self, member: MemberId) -> String {
        let id = || platform::ids::uuid_v7(self.clock.now());
        let (account, session) = (AccountId::from_uuid(id()), SessionId::from_uuid(id()));
        let claims = Claims::member(account, member, session, "notifications", self.clock.now());
        sign(
            &self.keys.signing_key("identity"),
            &Claims {
                terms: true,
                ..claims
            },
        )
    }

    pub(crate) fn request<T>(&self, member: MemberId, message: T) -> Request<T> {
        auth::client::with_token(Request::new(message), &self.token(member))
    }

    pub(crate) fn inbox(&self) -> InboxServiceClient<Channel> {
        InboxServiceClient::new(self.channel.clone())
    }

    /// Waits until the event's mail stands so, and returns the message's id.
    pub(crate) async fn until_mail(&self, event: Uuid, state: &str) -> Uuid {
        eventually(|| async move {
            sqlx::query_scalar::<_, Uuid>("SELECT id FROM messages WHERE event_id = $1 AND email_state = $2")
                .bind(event)
                .bind(state)
                .fetch_optional(self.pool())
                .await
                .unwrap()
        })
        .await
    }

    /// The trace of a message: step, attempt, reason.
    pub(crate) async fn trace(&self, message: Uuid) -> Vec<(String, Option<i32>, Option<String>)> {
        sqlx::query_as("SELECT step, attempt, reason FROM message_trace WHERE message_id = $1 ORDER BY id")
            .bind(message)
            .fetch_all(self.pool())
            .await
            .unwrap()
    }

    /// (state, attempts) of the message's job.
    pub(crate) async fn job(&self, event: Uuid) -> (String, i32) {
        sqlx::query_as("SELECT state, attempts FROM jobs WHERE dedupe_key = $1")
            .bind(event.to_string())
            .fetch_optional(self.pool())
            .await
            .unwrap()
            .unwrap_or_else(|| ("not there yet".to_owned(), 0))
    }

    /// Ends everything; no event may be parked.
    pub(crate) async fn finish(self) {
        let parked = bus::list_dead_letters(self.pool(), 10).await.unwrap();
        assert!(parked.is_empty(), "{parked:?}");
        self.shutdown.cancel();
        for task in self.tasks {
            tokio::time::timeout(Duration::from_secs(25), task)
                .await
                .unwrap()
                .unwrap();
        }
    }
}

impl Publisher {
    async fn publish(
        &self,
        event_type: &'static str,
        restricted: bool,
        data: &impl Serialize,
        now: DateTime<Utc>,
    ) -> Uuid {
        let mut event = OutgoingEvent::new(now, event_type, Uuid::now_v7(), 1, "member", data);
        if restricted {
            event = event.restricted();
        }
        let id = event.id();
        let mut tx = self.db.pool.begin().await.unwrap();
        bus::enqueue(&mut tx, event).await.unwrap();
        tx.commit().await.unwrap();
        id
    }
}

async fn publisher(
    service: &'static str,
    common: &Common,
    shutdown: &CancellationToken,
    tasks: &mut Vec<JoinHandle<()>>,
) -> Publisher {
    let migrations = platform::db::merge(vec![platform::db::migrations(), bus::migrations()]);
    let db = TestDb::create(service, migrations).await;
    let bus = Bus::connect(&common.nats).await.unwrap();
    let relay = Relay::new(db.pool.clone(), bus, service);
    let stop = shutdown.clone();
    tasks.push(tokio::spawn(async move { relay.run(stop).await.unwrap() }));
    Publisher { db }
}

async fn serve_peer(
    peer: &Peer,
    keys: &TestKeys,
    name: &'static str,
    clock: &Clock,
    shutdown: &CancellationToken,
    tasks: &mut Vec<JoinHandle<()>>,
) -> String {
    let routes = Routes::new(DeliveryServiceServer::new(peer.clone()))
        .add_service(AccountServiceServer::new(peer.clone()))
        .add_service(MemberServiceServer::new(peer.clone()));
    let tables = [identity_proto::PERMISSIONS, membership_proto::PERMISSIONS];
    let guard = Guard::new(&keys.directory().trust_path(), name, &tables, clock.clone());
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address: SocketAddr = listener.local_addr().unwrap();
    let (routes, stop) = (auth::protect(routes, guard), shutdown.clone());
    tasks.push(tokio::spawn(async move {
        platform::grpc::serve(listener, platform::tls::Tls::off(), routes, stop)
            .await
            .unwrap()
    }));
    format!("http://{address}")
}

/// A port where nobody listens.
async fn closed_port() -> u16 {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    listener.local_addr().unwrap().port()
}

/// An address that no other test writes to.
pub(crate) fn fresh_address() -> String {
    format!("m{}@members.example", Uuid::new_v4().simple())
}
