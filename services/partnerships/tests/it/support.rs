//! A running service with its database, keys, membership peer, bus and callers.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use auth::client::with_token;
use chrono::{DateTime, Utc};
use kernel::{AccountId, MemberId};
use membership_proto::v1 as members;
use membership_proto::v1::member_service_server::{MemberService, MemberServiceServer};
use partnerships::{App, Settings, WorkDone};
use partnerships_proto::v1::administration_service_client::AdministrationServiceClient;
use partnerships_proto::v1::card_service_client::CardServiceClient;
use partnerships_proto::v1::{
    AgreementTerms, CardCheck, Counter, CreatePartnerRequest, EndAgreementRequest, IssueCardCodesRequest,
    LinkClientRequest, ListChecksRequest, Offer, PersonCard, PutAgreementRequest, SetCardSuspensionRequest,
};
use platform::clock::Clock;
use platform::ids::uuid_v7;
use platform::process::ServiceApp as _;
use platform::settings::ListenSettings;
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
use crate::partner::Partner;

pub(crate) const OFFER: &str = "coach-fare";
pub(crate) const COUNTER: &str = "rabat-kamra";
pub(crate) const REFERENCE: &str = "2020/12";
/// A Sunday, ten in the morning in Casablanca; the children of the sample are 11 and 18.
pub(crate) const NOON: &str = "2026-11-22T09:00:00Z";

pub(crate) fn at(text: &str) -> DateTime<Utc> {
    text.parse().expect("an instant")
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

/// Membership, as far as partnerships asks.
#[derive(Clone, Default)]
pub(crate) struct Membership(Arc<Mutex<HashMap<String, members::MemberFacts>>>);

impl Membership {
    pub(crate) fn set(&self, facts: members::MemberFacts) {
        self.0
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
        Err(Status::unimplemented("partnerships does not ask this"))
    }

    async fn batch_get_member_facts(
        &self,
        request: Request<members::BatchGetMemberFactsRequest>,
    ) -> Result<Response<members::BatchGetMemberFactsResponse>, Status> {
        let ids = request.into_inner().member_ids;
        let known = self.0.lock().expect("no test panicked here");
        let facts = ids.iter().filter_map(|id| known.get(id).cloned()).collect();
        Ok(Response::new(members::BatchGetMemberFactsResponse { facts }))
    }

    async fn get_contact(
        &self,
        _: Request<members::GetContactRequest>,
    ) -> Result<Response<members::GetContactResponse>, Status> {
        Err(Status::unimplemented("partnerships does not ask this"))
    }
}

/// How a service under test differs from the usual one.
pub(crate) struct Setup {
    /// Standing until a test moves it.
    pub(crate) now: &'static str,
    pub(crate) change: fn(&mut Settings),
}

impl Default for Setup {
    fn default() -> Self {
        Self {
            now: NOON,
            change: |_| {},
        }
    }
}

/// A running service.
pub(crate) struct TestApp {
    pub(crate) db: TestDb,
    pub(crate) keys: TestKeys,
    pub(crate) membership: Membership,
    pub(crate) prefix: String,
    pub(crate) clock: Clock,
    pub(crate) work: WorkDone,
    pub(crate) gateway: SocketAddr,
    channel: Channel,
    publisher: OnceCell<Publisher>,
    shutdown: CancellationToken,
    running: JoinHandle<anyhow::Result<()>>,
}

impl TestApp {
    pub(crate) async fn start() -> Self {
        Self::start_with(Setup::default()).await
    }

    pub(crate) async fn start_with(setup: Setup) -> Self {
        let db = TestDb::create("partnerships", partnerships::migrations()).await;
        let keys = testkit::keys();
        let settings = settings(&db, &keys);
        Self::start_on(setup, db, keys, settings).await
    }

    /// On the database of a service that ran before, say.
    pub(crate) async fn start_on(setup: Setup, db: TestDb, keys: TestKeys, mut settings: Settings) -> Self {
        let shutdown = CancellationToken::new();
        let membership = Membership::default();
        let peer = serve_membership(&keys, membership.clone(), shutdown.clone()).await;
        settings.peers.membership.url = peer;
        (setup.change)(&mut settings);
        let prefix = settings.common.nats.prefix.clone();
        let clock = Clock::manual(at(setup.now));
        let app = App::build(settings, clock.clone())
            .await
            .expect("the service is built");
        let work = app.work_done();
        let addresses = app.addresses();
        let running = tokio::spawn(app.run_until(shutdown.clone()));
        let grpc = addresses.grpc.expect("it listens");
        let channel = platform::grpc::channel(&format!("http://{grpc}")).expect("a channel");
        Self {
            db,
            keys,
            membership,
            prefix,
            clock,
            work,
            gateway: addresses.http.expect("it listens"),
            channel,
            publisher: OnceCell::new(),
            shutdown,
            running,
        }
    }

    pub(crate) fn pool(&self) -> &PgPool {
        &self.db.pool
    }

    pub(crate) fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    /// A fresh id of the service's present.
    pub(crate) fn id(&self) -> Uuid {
        uuid_v7(self.now())
    }

    /// A fresh idempotency key.
    pub(crate) fn key(&self) -> String {
        self.id().to_string()
    }

    pub(crate) fn minutes_pass(&self, minutes: u64) {
        self.clock.advance(Duration::from_secs(60 * minutes));
    }

    /// Other services' side of the bus, started when the first event is published.
    pub(crate) async fn publisher(&self) -> &Publisher {
        self.publisher
            .get_or_init(|| Publisher::start(&self.keys, &self.prefix, self.shutdown.clone()))
            .await
    }

    pub(crate) fn channel(&self) -> Channel {
        self.channel.clone()
    }

    /// A member whom the projection does not know yet.
    pub(crate) fn stranger(&self) -> Member<'_> {
        Member {
            app: self,
            id: MemberId::from_uuid(self.id()),
            account: AccountId::from_uuid(self.id()),
        }
    }

    /// An active member with a spouse, a child of 11 and one of 22, known to the projection.
    pub(crate) async fn member(&self) -> Member<'_> {
        let member = self.stranger();
        member.becomes_known(|_| {}).await;
        member
    }

    pub(crate) fn operator(&self) -> AdministrationServiceClient<Channel> {
        AdministrationServiceClient::new(self.channel())
    }

    /// A call of the operator's program.
    pub(crate) fn order<T>(&self, message: T) -> Request<T> {
        let token = self
            .keys
            .app_token("partnerships", "tadamon-cli", "partnerships.admin");
        with_token(Request::new(message), &token)
    }

    /// The coach company with its agreement and one client, `ctm-sandbox`.
    pub(crate) async fn coach_company(&self) -> Partner<'_> {
        self.company("ctm", "ctm-sandbox", coach_terms()).await
    }

    pub(crate) async fn company(&self, code: &str, client: &str, terms: AgreementTerms) -> Partner<'_> {
        self.create_partner(code).await.expect("a partner");
        self.put(code, terms).await.expect("an agreement");
        self.link(code, client).await.expect("a client");
        Partner::new(self, client)
    }

    pub(crate) async fn create_partner(&self, code: &str) -> Result<(), Status> {
        let request = CreatePartnerRequest {
            code: code.to_owned(),
            name_ar: "ستيام".to_owned(),
            name_fr: "CTM".to_owned(),
            idempotency_key: self.key(),
        };
        self.operator().create_partner(self.order(request)).await?;
        Ok(())
    }

    pub(crate) async fn put(&self, code: &str, terms: AgreementTerms) -> Result<u32, Status> {
        let request = PutAgreementRequest {
            partner_code: code.to_owned(),
            reference: REFERENCE.to_owned(),
            terms: Some(terms),
            idempotency_key: self.key(),
        };
        let answer = self.operator().put_agreement(self.order(request)).await?;
        Ok(answer.into_inner().agreement.expect("an agreement").version)
    }

    pub(crate) async fn end(&self, code: &str, day: &str) -> Result<String, Status> {
        let request = EndAgreementRequest {
            partner_code: code.to_owned(),
            reference: REFERENCE.to_owned(),
            ended_on: day.to_owned(),
            idempotency_key: self.key(),
        };
        let answer = self.operator().end_agreement(self.order(request)).await?;
        Ok(answer.into_inner().agreement.expect("an agreement").ended_on)
    }

    pub(crate) async fn link(&self, code: &str, client: &str) -> Result<(), Status> {
        let request = LinkClientRequest {
            partner_code: code.to_owned(),
            client_id: client.to_owned(),
            idempotency_key: self.key(),
        };
        self.operator().link_client(self.order(request)).await?;
        Ok(())
    }

    pub(crate) async fn suspend(&self, person: &str, suspended: bool) {
        let request = SetCardSuspensionRequest {
            person_id: person.to_owned(),
            suspended,
            idempotency_key: self.key(),
        };
        self.operator()
            .set_card_suspension(self.order(request))
            .await
            .expect("the card is suspended");
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

    /// Ends the service; its database and keys can serve another.
    pub(crate) async fn stop(self) -> (TestDb, TestKeys) {
        self.shutdown.cancel();
        let ended = tokio::time::timeout(Duration::from_secs(30), self.running)
            .await
            .expect("it ends in time");
        ended.expect("it does not panic").expect("it ends well");
        (self.db, self.keys)
    }
}

/// Settings as the defaults are, on the test's own servers.
pub(crate) fn settings(db: &TestDb, keys: &TestKeys) -> Settings {
    let mut settings: Settings = toml::from_str(App::DEFAULTS).expect("the defaults are whole");
    settings.common = testkit::common(db, keys);
    settings.gateway = ListenSettings {
        listen: SocketAddr::from(([127, 0, 0, 1], 0)),
    };
    let (url, prefix) = testkit::redis_url();
    settings.redis.url = platform::settings::Secret::new(url);
    settings.redis.prefix = prefix;
    settings
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

/// The terms of the coach agreement: 30 % for members, spouses and children of 4 to 21, whole year.
pub(crate) fn coach_terms() -> AgreementTerms {
    let counter = |code: &str, ar: &str, fr: &str| Counter {
        code: code.to_owned(),
        name_ar: ar.to_owned(),
        name_fr: fr.to_owned(),
    };
    AgreementTerms {
        valid_from: "2020-12-01".to_owned(),
        valid_to: String::new(),
        categories: ["member", "spouse", "child"].map(str::to_owned).to_vec(),
        positions: Vec::new(),
        child_age_from: 4,
        child_age_to: 21,
        child_age_mode: "whole_year".to_owned(),
        offers: vec![Offer {
            code: OFFER.to_owned(),
            name_ar: "تذاكر الحافلة".to_owned(),
            name_fr: "Billets d’autocar".to_owned(),
            percent_basis_points: 3_000,
            per_day: 0,
            per_month: 0,
            per_year: 0,
        }],
        counters: vec![
            counter(COUNTER, "الرباط القامرة", "Rabat Kamra"),
            counter("online", "عبر الأنترنت", "En ligne"),
        ],
        cndp_reference: "DEMO-0000/0000".to_owned(),
    }
}

/// A member at work.
#[derive(Clone)]
pub(crate) struct Member<'a> {
    pub(crate) app: &'a TestApp,
    pub(crate) id: MemberId,
    pub(crate) account: AccountId,
}

impl Member<'_> {
    fn related(&self, what: &str) -> String {
        let mut bytes = *self.id.as_uuid().as_bytes();
        bytes[15] ^= what.bytes().fold(1, |sum, byte| sum ^ byte.rotate_left(1));
        bytes[14] ^= u8::try_from(what.len()).expect("a short word");
        Uuid::from_bytes(bytes).to_string()
    }

    pub(crate) fn person(&self) -> String {
        self.related("person")
    }

    pub(crate) fn spouse(&self) -> String {
        self.related("spouse")
    }

    /// Eleven years old.
    pub(crate) fn child(&self) -> String {
        self.related("child")
    }

    /// Twenty-two years old.
    pub(crate) fn grown_child(&self) -> String {
        self.related("grown child")
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
            relatives: vec![
                relative(self.child(), "child", "2015-11-20"),
                relative(self.grown_child(), "child", "2004-11-21"),
                relative(self.spouse(), "spouse", "1984-02-29"),
            ],
            positions: vec![members::PositionPeriod {
                position: "active".to_owned(),
                from: "2005-09-01".to_owned(),
                to: String::new(),
            }],
            ..members::MemberFacts::default()
        }
    }

    /// Membership publishes the record; the projection follows.
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
        let token = self.app.keys.member_token("partnerships", self.id, self.account);
        with_token(Request::new(message), &token)
    }

    pub(crate) fn service(&self) -> CardServiceClient<Channel> {
        CardServiceClient::new(self.app.channel())
    }

    pub(crate) async fn issue(&self) -> Result<Vec<PersonCard>, Status> {
        let answer = self
            .service()
            .issue_card_codes(self.request(IssueCardCodesRequest {}))
            .await?;
        Ok(answer.into_inner().cards)
    }

    /// A fresh code of one person.
    pub(crate) async fn code_of(&self, person: &str) -> String {
        let cards = self.issue().await.expect("codes");
        let card = cards
            .into_iter()
            .find(|card| card.person_id == person)
            .expect("a card of the person");
        assert_ne!(card.code, "", "{}", card.reason);
        card.code
    }

    pub(crate) async fn checks(&self) -> Vec<CardCheck> {
        let request = ListChecksRequest {
            page_size: 0,
            page_token: String::new(),
        };
        let answer = self
            .service()
            .list_checks(self.request(request))
            .await
            .expect("the list");
        answer.into_inner().checks
    }

    /// When the newest codes end, as the list of checks says it.
    pub(crate) async fn newest_codes_end(&self) -> Option<pbjson_types::Timestamp> {
        let request = self.request(ListChecksRequest::default());
        let answer = self.service().list_checks(request).await.expect("the list");
        answer.into_inner().codes_expire_at
    }
}
