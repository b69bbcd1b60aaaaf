//! A running service with its database, keys, membership peer and callers.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use auth::client::with_token;
use auth::receipt::Receipt;
use benefits::{App, Settings};
use benefits_proto::v1::application_service_client::ApplicationServiceClient;
use benefits_proto::v1::catalogue_service_client::CatalogueServiceClient;
use benefits_proto::v1::save_answer_request::Answer;
use benefits_proto::v1::{
    Application, BankAccountAnswer, GetApplicationRequest, PaperAnswer, PersonConcernedAnswer,
    SaveAnswerRequest, StartApplicationRequest, SubmitApplicationRequest,
};
use kernel::{AccountId, DocumentId, MemberId};
use membership_proto::v1 as members;
use membership_proto::v1::member_service_server::{MemberService, MemberServiceServer};
use platform::clock::Clock;
use platform::ids::uuid_v7;
use platform::process::ServiceApp as _;
use sqlx::PgPool;
use testkit::{TestDb, TestKeys, eventually};
use tokio::net::TcpListener;
use tokio::sync::OnceCell;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use tonic::service::Routes;
use tonic::transport::Channel;
use tonic::{Request, Response, Status};
use uuid::Uuid;

use crate::member_facts::Publisher;

pub(crate) const AID: &str = "exceptional_health_aid";
pub(crate) const NOTICE: &str = "health-aid-2026-12";

/// A fresh id of the present.
pub(crate) fn id() -> Uuid {
    uuid_v7(Clock::system().now())
}

/// A fresh idempotency key.
pub(crate) fn key() -> String {
    id().to_string()
}

/// The stable reason of a refusal.
#[track_caller]
pub(crate) fn reason<T: std::fmt::Debug>(answer: Result<T, Status>) -> String {
    let status = answer.expect_err("a refusal");
    platform::status::reason(&status).unwrap_or_else(|| panic!("no reason in {status:?}"))
}

/// Field and reason of each wrong field.
#[track_caller]
pub(crate) fn fields<T: std::fmt::Debug>(answer: Result<T, Status>) -> Vec<(String, String)> {
    let status = answer.expect_err("a refusal");
    platform::status::fields(&status)
        .into_iter()
        .map(|field| (field.name, field.reason))
        .collect()
}

/// Membership, as far as benefits asks.
#[derive(Clone, Default)]
pub(crate) struct Membership {
    known: Arc<Mutex<HashMap<String, members::MemberFacts>>>,
    away: Arc<AtomicBool>,
}

impl Membership {
    /// Every call is answered as by a server that is away.
    pub(crate) fn goes_away(&self) {
        self.away.store(true, Ordering::SeqCst);
    }

    pub(crate) fn comes_back(&self) {
        self.away.store(false, Ordering::SeqCst);
    }

    pub(crate) fn set(&self, facts: members::MemberFacts) {
        self.known
            .lock()
            .expect("no test panicked here")
            .insert(facts.member_id.clone(), facts);
    }
}

#[tonic::async_trait]
impl MemberService for Membership {
    async fn get_own_record(
        &self,
        _: Request<members::GetOwnRecordRequest>,
    ) -> Result<Response<members::GetOwnRecordResponse>, Status> {
        Err(Status::unimplemented("benefits does not ask this"))
    }

    async fn batch_get_member_facts(
        &self,
        request: Request<members::BatchGetMemberFactsRequest>,
    ) -> Result<Response<members::BatchGetMemberFactsResponse>, Status> {
        let ids = request.into_inner().member_ids;
        if ids.len() > 200 {
            return Err(Status::invalid_argument("at most 200 ids"));
        }
        if self.away.load(Ordering::SeqCst) {
            return Err(Status::unavailable("away"));
        }
        let known = self.known.lock().expect("no test panicked here");
        let facts = ids.iter().filter_map(|id| known.get(id).cloned()).collect();
        Ok(Response::new(members::BatchGetMemberFactsResponse { facts }))
    }

    async fn get_contact(
        &self,
        _: Request<members::GetContactRequest>,
    ) -> Result<Response<members::GetContactResponse>, Status> {
        Err(Status::unimplemented("benefits does not ask this"))
    }
}

/// How a service under test differs from the usual one.
pub(crate) struct Setup {
    pub(crate) demonstration: bool,
    pub(crate) nats_url: Option<String>,
}

impl Default for Setup {
    fn default() -> Self {
        Self {
            demonstration: true,
            nats_url: None,
        }
    }
}

/// A running service.
pub(crate) struct TestApp {
    pub(crate) db: TestDb,
    pub(crate) keys: TestKeys,
    pub(crate) membership: Membership,
    pub(crate) prefix: String,
    channel: Channel,
    address: String,
    publisher: OnceCell<Publisher>,
    shutdown: CancellationToken,
    running: JoinHandle<anyhow::Result<()>>,
}

impl TestApp {
    pub(crate) async fn start() -> Self {
        Self::start_with(Setup::default()).await
    }

    pub(crate) async fn start_with(setup: Setup) -> Self {
        let db = TestDb::create("benefits", benefits::migrations()).await;
        let keys = testkit::keys();
        let shutdown = CancellationToken::new();
        let membership = Membership::default();
        let peer = serve_membership(&keys, membership.clone(), shutdown.clone()).await;
        let mut settings = settings(&db, &keys);
        settings.common.demonstration.enabled = setup.demonstration;
        settings.peers.membership.url = peer;
        if let Some(url) = setup.nats_url {
            settings.common.nats.url = url;
        }
        let prefix = settings.common.nats.prefix.clone();
        let app = App::build(settings, Clock::system())
            .await
            .expect("the service is built");
        let address = app.addresses().grpc.expect("it listens");
        let running = tokio::spawn(app.run_until(shutdown.clone()));
        let address = format!("http://{address}");
        let channel = platform::grpc::channel(&address).expect("a channel");
        Self {
            db,
            keys,
            membership,
            prefix,
            channel,
            address,
            publisher: OnceCell::new(),
            shutdown,
            running,
        }
    }

    pub(crate) fn pool(&self) -> &PgPool {
        &self.db.pool
    }

    /// Membership's side of the bus, started when the first event is published.
    pub(crate) async fn publisher(&self) -> &Publisher {
        self.publisher
            .get_or_init(|| self.publisher_of("membership"))
            .await
    }

    /// Another service's side of the bus.
    pub(crate) async fn publisher_of(&self, service: &'static str) -> Publisher {
        Publisher::start(service, &self.keys, &self.prefix, self.shutdown.clone()).await
    }

    pub(crate) fn channel(&self) -> Channel {
        self.channel.clone()
    }

    /// A member whom the projection does not know yet.
    pub(crate) fn stranger(&self) -> Member<'_> {
        Member {
            app: self,
            id: MemberId::from_uuid(id()),
            account: AccountId::from_uuid(id()),
            demo_time: None,
            connection: None,
        }
    }

    /// An active member with a spouse and a child, known to the projection.
    pub(crate) async fn member(&self) -> Member<'_> {
        let member = self.stranger();
        member.becomes_known(|_| {}).await;
        member
    }

    /// Counts rows by a statement that the test writes.
    pub(crate) async fn count(&self, statement: &'static str) -> i64 {
        sqlx::query_scalar(statement)
            .fetch_one(self.pool())
            .await
            .expect("a count")
    }

    /// Waits until every event has left.
    pub(crate) async fn drain_outbox(&self) {
        eventually(|| async { (bus::unsent(self.pool()).await.ok()? == 0).then_some(()) }).await;
    }

    /// Ends the service and checks that it left nothing half done.
    pub(crate) async fn finish(self) {
        self.drain_outbox().await;
        assert_eq!(
            self.count("SELECT count(*) FROM dead_letters").await,
            0,
            "no event is parked"
        );
        self.stop().await;
    }

    pub(crate) async fn stop(self) {
        self.shutdown.cancel();
        let ended = tokio::time::timeout(Duration::from_secs(30), self.running)
            .await
            .expect("it ends in time");
        ended.expect("it does not panic").expect("it ends well");
    }
}

/// Settings as the defaults are, on the test's own servers.
pub(crate) fn settings(db: &TestDb, keys: &TestKeys) -> Settings {
    let mut settings: Settings = default_settings();
    settings.common = testkit::common(db, keys);
    settings
}

fn default_settings() -> Settings {
    toml::from_str(App::DEFAULTS).expect("the defaults are whole")
}

async fn serve_membership(keys: &TestKeys, membership: Membership, shutdown: CancellationToken) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("an address");
    let guard = auth::Guard::new(
        &keys.directory().trust_path(),
        "membership",
        &[membership_proto::PERMISSIONS],
        Clock::system(),
    );
    let routes = auth::protect(Routes::new(MemberServiceServer::new(membership)), guard);
    tokio::spawn(platform::grpc::serve(
        listener,
        platform::tls::Tls::off(),
        routes,
        shutdown,
    ));
    format!("http://{address}")
}

/// A member at work.
#[derive(Clone)]
pub(crate) struct Member<'a> {
    pub(crate) app: &'a TestApp,
    pub(crate) id: MemberId,
    pub(crate) account: AccountId,
    pub(crate) demo_time: Option<&'static str>,
    /// Else the one that the tests share.
    connection: Option<Channel>,
}

impl Member<'_> {
    fn related(&self, what: &str) -> Uuid {
        let mut bytes = *self.id.as_uuid().as_bytes();
        bytes[15] ^= what.bytes().fold(1, |sum, byte| sum ^ byte);
        Uuid::from_bytes(bytes)
    }

    pub(crate) fn person(&self) -> String {
        self.related("person").to_string()
    }

    pub(crate) fn spouse(&self) -> String {
        self.related("spouse").to_string()
    }

    pub(crate) fn child(&self) -> String {
        self.related("child").to_string()
    }

    pub(crate) fn bank_account(&self) -> String {
        self.related("bank").to_string()
    }

    /// The record at membership.
    pub(crate) fn facts(&self, version: i64) -> members::MemberFacts {
        let relative = |person_id, relation: &str, birth_date: &str| members::RelativeFacts {
            person_id,
            relation: relation.to_owned(),
            birth_date: birth_date.to_owned(),
            sex: "f".to_owned(),
            death_date: String::new(),
        };
        members::MemberFacts {
            member_id: self.id.to_string(),
            version,
            person_id: self.person(),
            birth_date: "1980-05-17".to_owned(),
            sex: "m".to_owned(),
            position: "active".to_owned(),
            position_from: "2005-09-01".to_owned(),
            position_to: String::new(),
            province_iso: "MA-RAB".to_owned(),
            external_services: false,
            death_date: String::new(),
            relatives: vec![
                relative(self.spouse(), "spouse", "1984-02-29"),
                relative(self.child(), "child", "2015-11-30"),
            ],
            bank_account_id: self.bank_account(),
            recorded_at: Some(Clock::system().now().into()),
            positions: vec![members::PositionPeriod {
                position: "active".to_owned(),
                from: "2005-09-01".to_owned(),
                to: String::new(),
            }],
            workplaces: Vec::new(),
        }
    }

    /// Membership publishes the record; benefits' projection follows.
    pub(crate) async fn becomes_known(&self, change: impl FnOnce(&mut members::MemberFacts)) {
        let mut facts = self.facts(1);
        change(&mut facts);
        self.app.membership.set(facts.clone());
        crate::member_facts::publish(self.app, self.id, facts.version).await;
        eventually(|| async {
            let version: Option<i64> =
                sqlx::query_scalar("SELECT version FROM member_facts WHERE member_id = $1")
                    .bind(self.id.as_uuid())
                    .fetch_optional(self.app.pool())
                    .await
                    .ok()?;
            (version == Some(facts.version)).then_some(())
        })
        .await;
    }

    pub(crate) fn request<T>(&self, message: T) -> Request<T> {
        let token = self.app.keys.member_token("benefits", self.id, self.account);
        let mut request = with_token(Request::new(message), &token);
        if let Some(at) = self.demo_time {
            request
                .metadata_mut()
                .insert("tadamon-demo-time", at.parse().expect("metadata"));
            let loader = self.app.keys.service_token("portal", "benefits");
            request
                .metadata_mut()
                .insert("tadamon-demo-token", loader.parse().expect("metadata"));
        }
        request
    }

    /// The member with a connection that nobody else uses.
    pub(crate) fn on_its_own_connection(self) -> Self {
        let channel = platform::grpc::channel(&self.app.address).expect("a channel");
        Self {
            connection: Some(channel),
            ..self
        }
    }

    pub(crate) fn applications(&self) -> ApplicationServiceClient<Channel> {
        let channel = self.connection.clone().unwrap_or_else(|| self.app.channel());
        ApplicationServiceClient::new(channel)
    }

    pub(crate) fn catalogue(&self) -> CatalogueServiceClient<Channel> {
        CatalogueServiceClient::new(self.app.channel())
    }

    pub(crate) async fn start(&self) -> Application {
        let request = StartApplicationRequest {
            benefit_code: AID.to_owned(),
            idempotency_key: key(),
        };
        let answer = self
            .applications()
            .start_application(self.request(request))
            .await
            .expect("a draft");
        answer.into_inner().application.expect("an application")
    }

    pub(crate) async fn answer(&self, application: &str, answer: Answer) -> Result<Application, Status> {
        let request = SaveAnswerRequest {
            application_id: application.to_owned(),
            idempotency_key: key(),
            answer: Some(answer),
        };
        let answer = self.applications().save_answer(self.request(request)).await?;
        Ok(answer.into_inner().application.expect("an application"))
    }

    pub(crate) async fn get(&self, application: &str) -> Application {
        let request = GetApplicationRequest {
            application_id: application.to_owned(),
        };
        let answer = self
            .applications()
            .get_application(self.request(request))
            .await
            .expect("their own application");
        answer.into_inner().application.expect("an application")
    }

    pub(crate) async fn submit(&self, application: &str) -> Result<Application, Status> {
        self.submit_with(application, &key()).await
    }

    pub(crate) async fn submit_with(&self, application: &str, key: &str) -> Result<Application, Status> {
        let request = SubmitApplicationRequest {
            application_id: application.to_owned(),
            idempotency_key: key.to_owned(),
            expected_version: 0,
        };
        let answer = self
            .applications()
            .submit_application(self.request(request))
            .await?;
        Ok(answer.into_inner().application.expect("an application"))
    }

    /// A draft with every question answered for the child.
    pub(crate) async fn complete_draft(&self, reason_code: &str) -> Application {
        let id = self.start().await.application_id;
        for answer in [
            self.confirmed_account(),
            concerned("child", &self.child()),
            Answer::ReasonCode(reason_code.to_owned()),
            Answer::ConsentVersion(NOTICE.to_owned()),
        ] {
            self.answer(&id, answer).await.expect("the answer is taken");
        }
        self.answer(&id, self.paper(|_| {}))
            .await
            .expect("the paper is taken")
    }

    pub(crate) fn confirmed_account(&self) -> Answer {
        Answer::BankAccount(BankAccountAnswer {
            answer: "confirmed".to_owned(),
            bank_account_id: self.bank_account(),
        })
    }

    /// A paper with a receipt of documents, changed by the test before it is signed.
    pub(crate) fn paper(&self, change: impl FnOnce(&mut Receipt)) -> Answer {
        let now = Clock::system().now();
        let mut receipt = Receipt {
            document_id: DocumentId::from_uuid(id()),
            owner: self.id,
            sha256: "0f".repeat(32),
            document_class: "health_paper".to_owned(),
            file_name: "specimen.pdf".to_owned(),
            size_bytes: 2_400_000,
            media_type: "application/pdf".to_owned(),
            scan_state: "clean".to_owned(),
            uploaded_at: now,
        };
        change(&mut receipt);
        let receipt = auth::receipt::sign(&self.app.keys.signing_key("documents"), &receipt, now);
        Answer::Paper(PaperAnswer {
            paper_code: "medical_file".to_owned(),
            receipt,
        })
    }
}

pub(crate) fn concerned(relation: &str, person_id: &str) -> Answer {
    Answer::PersonConcerned(PersonConcernedAnswer {
        relation: relation.to_owned(),
        person_id: person_id.to_owned(),
    })
}
