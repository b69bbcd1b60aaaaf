//! The real service with a database, keys and prefixes of its own, and the steps that most tests take.

use std::net::SocketAddr;
use std::time::Duration;

use auth::client::{ServiceInterceptor, ServiceTokens, with_token};
use chrono::{DateTime, Utc};
use identity::{App, Settings, WorkDone};
use identity_proto::v1::account_service_client::AccountServiceClient;
use identity_proto::v1::delivery_service_client::DeliveryServiceClient;
use identity_proto::v1::session_service_client::SessionServiceClient;
use identity_proto::v1::terms_service_client::TermsServiceClient;
use identity_proto::v1::{
    ExchangeSessionRequest, FetchDeliveryRequest, FetchDeliveryResponse, Form, GetLocaleRequest,
    IssueChallengeRequest, IssueChallengeResponse, RequestLinkRequest, RobotProof, SetPasswordRequest,
    SignInRequest, SignInResponse,
};
use kernel::MemberId;
use platform::clock::Clock;
use platform::ids::uuid_v7;
use platform::process::ServiceApp as _;
use platform::settings::Secret;
use testkit::{TestDb, TestKeys, eventually};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use tonic::service::interceptor::InterceptedService;
use tonic::transport::Channel;
use tonic::{Request, Status};
use uuid::Uuid;

use crate::staff_double::{Person, StaffDouble};

pub(crate) type Intercepted = InterceptedService<Channel, ServiceInterceptor>;

/// A password that every rule takes.
pub(crate) const PASSWORD: &str = "brume cactus violon 7";
/// Where a stranger calls from.
pub(crate) const ADDRESS: &str = "192.0.2.7";

pub(crate) struct TestApp {
    pub(crate) db: TestDb,
    pub(crate) keys: TestKeys,
    pub(crate) clock: Clock,
    pub(crate) staff: StaffDouble,
    pub(crate) work: WorkDone,
    pub(crate) channel: Channel,
    pub(crate) http: SocketAddr,
    pub(crate) redis_url: String,
    pub(crate) redis_prefix: String,
    shutdown: CancellationToken,
    running: JoinHandle<anyhow::Result<()>>,
}

/// What a test may change before the service starts.
pub(crate) struct Options {
    pub(crate) settings: Box<dyn FnOnce(&mut Settings)>,
    pub(crate) redis: Option<(String, String)>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            settings: Box::new(|_| {}),
            redis: None,
        }
    }
}

impl TestApp {
    pub(crate) async fn start() -> Self {
        Self::start_with(Options::default()).await
    }

    pub(crate) async fn start_with(options: Options) -> Self {
        let db = TestDb::create("identity", identity::migrations()).await;
        let keys = testkit::keys();
        // Stands still at the present: the puzzle's own expiry is checked by the machine's clock as well.
        let clock = Clock::manual(Clock::system().now());
        let staff = StaffDouble::start().await;
        let (redis_url, redis_prefix) = options.redis.unwrap_or_else(testkit::redis_url);
        let mut settings: Settings = toml::from_str(App::DEFAULTS).unwrap();
        settings.common = testkit::common(&db, &keys);
        settings.http.listen = "127.0.0.1:0".parse().unwrap();
        settings.redis.url = Secret::new(redis_url.clone());
        settings.redis.prefix.clone_from(&redis_prefix);
        settings.peers.membership.url = format!("http://{}", staff.address);
        // The real costs are for people's machines and attackers; the rules are the same with small ones.
        (
            settings.proof.cost,
            settings.proof.least_counter,
            settings.proof.most_counter,
        ) = (10, 5, 20);
        (settings.password.memory_kib, settings.password.passes) = (64, 1);
        (options.settings)(&mut settings);

        let app = App::build(settings, clock.clone()).await.unwrap();
        let addresses = app.addresses();
        let channel = platform::grpc::channel(&format!("http://{}", addresses.grpc.unwrap())).unwrap();
        let work = app.work_done();
        let shutdown = CancellationToken::new();
        let running = tokio::spawn(app.run_until(shutdown.clone()));
        let http = addresses.http.unwrap();
        Self {
            db,
            keys,
            clock,
            staff,
            work,
            channel,
            http,
            redis_url,
            redis_prefix,
            shutdown,
            running,
        }
    }

    /// Ends the service and asserts that nothing was left undone.
    pub(crate) async fn finish(self) {
        eventually(async || (bus::unsent(&self.db.pool).await.unwrap() == 0).then_some(())).await;
        let left: i64 = sqlx::query_scalar("SELECT count(*) FROM jobs WHERE state <> 'done'")
            .fetch_one(&self.db.pool)
            .await
            .unwrap();
        assert_eq!(left, 0, "jobs that are not done");
        self.shutdown.cancel();
        self.running.await.unwrap().unwrap();
    }

    pub(crate) fn as_service(&self, service: &str) -> ServiceInterceptor {
        ServiceTokens::new(self.keys.signing_key(service), self.clock.clone()).interceptor("identity")
    }

    pub(crate) fn accounts(&self) -> AccountServiceClient<Intercepted> {
        AccountServiceClient::with_interceptor(self.channel.clone(), self.as_service("portal"))
    }

    pub(crate) fn sessions(&self) -> SessionServiceClient<Intercepted> {
        SessionServiceClient::with_interceptor(self.channel.clone(), self.as_service("portal"))
    }

    pub(crate) fn terms(&self) -> TermsServiceClient<Intercepted> {
        TermsServiceClient::with_interceptor(self.channel.clone(), self.as_service("portal"))
    }

    pub(crate) fn deliveries(&self) -> DeliveryServiceClient<Intercepted> {
        DeliveryServiceClient::with_interceptor(self.channel.clone(), self.as_service("notifications"))
    }

    // --- steps

    /// Somebody on the staff file, by a number from 1.
    pub(crate) fn hire(&self, number: u32) -> Person {
        let person = Person {
            member_id: MemberId::from_uuid(uuid_v7(self.clock.now())),
            matricule: format!("9000{number:04}"),
            cin: format!("ZZ10{number:04}"),
            position: "active",
            pension_number: "",
            email: format!("person{number}@finances.example"),
        };
        self.staff.add(&person);
        person
    }

    pub(crate) async fn challenge(
        &self,
        form: Form,
        text_question: bool,
        locale: &str,
    ) -> Result<IssueChallengeResponse, Status> {
        self.challenge_from(ADDRESS, form, text_question, locale).await
    }

    pub(crate) async fn challenge_from(
        &self,
        address: &str,
        form: Form,
        text_question: bool,
        locale: &str,
    ) -> Result<IssueChallengeResponse, Status> {
        let request = IssueChallengeRequest {
            form: form.into(),
            text_question,
            locale: locale.to_owned(),
            client_address: address.to_owned(),
        };
        Ok(self.accounts().issue_challenge(request).await?.into_inner())
    }

    /// The language of a member's messages, as the service that writes them asks for it.
    pub(crate) async fn locale_of(&self, member_id: &str) -> Result<String, Status> {
        let request = GetLocaleRequest {
            member_id: member_id.to_owned(),
        };
        let mut accounts =
            AccountServiceClient::with_interceptor(self.channel.clone(), self.as_service("notifications"));
        Ok(accounts.get_locale(request).await?.into_inner().locale)
    }

    /// A proof for a form, solved as a browser would.
    pub(crate) async fn proof(&self, form: Form) -> RobotProof {
        let issued = self.challenge(form, false, "fr").await.unwrap();
        RobotProof {
            solution: solve(&issued.puzzle),
            challenge_id: issued.challenge_id,
        }
    }

    pub(crate) async fn account_form(&self, person: &Person) -> RequestLinkRequest {
        RequestLinkRequest {
            matricule: person.matricule.clone(),
            cin: person.cin.clone(),
            position: person.position.to_owned(),
            email: person.email.clone(),
            pension_number: person.pension_number.to_owned(),
            proof: Some(self.proof(Form::Account).await),
            locale: "fr".to_owned(),
            client_address: ADDRESS.to_owned(),
        }
    }

    pub(crate) async fn request_link(&self, person: &Person) -> Result<(), Status> {
        self.tick();
        let form = self.account_form(person).await;
        self.accounts().request_link(form).await.map(|_| ())
    }

    /// The delivery ids on the bus so far, oldest first.
    pub(crate) async fn delivery_ids(&self) -> Vec<String> {
        sqlx::query_scalar(
            "SELECT data->>'deliveryId' FROM outbox WHERE event_type = 'identity.account.link_requested.v1' ORDER BY created_at, id",
        )
        .fetch_all(&self.db.pool)
        .await
        .unwrap()
    }

    /// Waits for the job of the request and gives the newest delivery id of `count`.
    pub(crate) async fn delivery(&self, count: usize) -> String {
        let ids = eventually(async || {
            self.let_the_time_of_a_retry_come().await;
            Some(self.delivery_ids().await).filter(|ids| ids.len() >= count)
        })
        .await;
        ids.last().unwrap().clone()
    }

    /// A job that failed because the machine was busy is due again two seconds later, by a clock that stands still: it would never be tried again.
    async fn let_the_time_of_a_retry_come(&self) {
        let next: Option<DateTime<Utc>> =
            sqlx::query_scalar("SELECT min(due_at) FROM jobs WHERE state = 'queued' AND attempts > 0")
                .fetch_one(&self.db.pool)
                .await
                .unwrap();
        if let Some(due) = next.filter(|due| *due > self.clock.now()) {
            self.clock.set(due);
        }
    }

    /// Waits until every request was looked at.
    pub(crate) async fn jobs_done(&self) {
        eventually(async || {
            self.let_the_time_of_a_retry_come().await;
            let waiting: i64 =
                sqlx::query_scalar("SELECT count(*) FROM jobs WHERE state IN ('queued', 'running')")
                    .fetch_one(&self.db.pool)
                    .await
                    .unwrap();
            (waiting == 0).then_some(())
        })
        .await;
    }

    pub(crate) async fn fetch(&self, delivery_id: &str) -> Result<FetchDeliveryResponse, Status> {
        let request = FetchDeliveryRequest {
            delivery_id: delivery_id.to_owned(),
        };
        Ok(self.deliveries().fetch_delivery(request).await?.into_inner())
    }

    pub(crate) async fn link_token(&self, delivery_id: &str) -> String {
        token_of(&self.fetch(delivery_id).await.unwrap().link)
    }

    pub(crate) async fn set_password(&self, link_token: &str, password: &str) -> Result<String, Status> {
        self.tick();
        let request = SetPasswordRequest {
            link_token: link_token.to_owned(),
            password: password.to_owned(),
        };
        Ok(self
            .accounts()
            .set_password(request)
            .await?
            .into_inner()
            .device_token)
    }

    /// The whole way from the form to a password.
    pub(crate) async fn open_account(&self, person: &Person) {
        let before = self.delivery_ids().await.len();
        self.request_link(person).await.unwrap();
        let token = self.link_token(&self.delivery(before + 1).await).await;
        self.set_password(&token, PASSWORD).await.unwrap();
    }

    /// A sign-in from an address; `device_token` empty for a stranger's browser.
    pub(crate) async fn sign_in_from(
        &self,
        address: &str,
        matricule: &str,
        password: &str,
        device_token: &str,
    ) -> Result<SignInResponse, Status> {
        let request = SignInRequest {
            matricule: matricule.to_owned(),
            password: password.to_owned(),
            proof: Some(self.proof(Form::SignIn).await),
            device_token: device_token.to_owned(),
            locale: "fr".to_owned(),
            client_address: address.to_owned(),
            device_label: "Firefox\nLinux".to_owned(),
        };
        Ok(self.sessions().sign_in(request).await?.into_inner())
    }

    pub(crate) async fn sign_in(&self, matricule: &str, password: &str) -> Result<SignInResponse, Status> {
        self.sign_in_from(ADDRESS, matricule, password, "").await
    }

    /// A member signed in, with the account opened on the way.
    pub(crate) async fn member(&self, number: u32) -> (Person, SignInResponse) {
        let person = self.hire(number);
        self.open_account(&person).await;
        let signed_in = self.sign_in(&person.matricule, PASSWORD).await.unwrap();
        (person, signed_in)
    }

    /// The internal token of a session for identity itself.
    pub(crate) async fn access(&self, session_token: &str) -> Result<String, Status> {
        let request = ExchangeSessionRequest {
            session_token: session_token.to_owned(),
            audience: "identity".to_owned(),
        };
        Ok(self
            .sessions()
            .exchange_session(request)
            .await?
            .into_inner()
            .access_token)
    }

    /// A request in the name of the session's member.
    pub(crate) async fn by<T>(&self, session_token: &str, message: T) -> Request<T> {
        with_token(Request::new(message), &self.access(session_token).await.unwrap())
    }

    pub(crate) fn members_accounts(&self) -> AccountServiceClient<Channel> {
        AccountServiceClient::new(self.channel.clone())
    }

    pub(crate) fn members_sessions(&self) -> SessionServiceClient<Channel> {
        SessionServiceClient::new(self.channel.clone())
    }

    pub(crate) fn members_terms(&self) -> TermsServiceClient<Channel> {
        TermsServiceClient::new(self.channel.clone())
    }

    pub(crate) fn pass(&self, seconds: u64) {
        self.clock.advance(Duration::from_secs(seconds));
    }

    /// Two facts are never of one instant, so that they have an order.
    fn tick(&self) {
        self.clock.advance(Duration::from_millis(1));
    }

    pub(crate) async fn count(&self, table: &'static str) -> i64 {
        sqlx::query_scalar(sqlx::AssertSqlSafe(format!("SELECT count(*) FROM {table}")))
            .fetch_one(&self.db.pool)
            .await
            .unwrap()
    }

    /// The actions in an account's audit trail, in order.
    pub(crate) async fn audit_of(&self, account: &str) -> Vec<String> {
        sqlx::query_scalar(
            "SELECT action FROM audit WHERE record_kind = 'account' AND record_id = $1 ORDER BY number",
        )
        .bind(account.parse::<Uuid>().unwrap())
        .fetch_all(&self.db.pool)
        .await
        .unwrap()
    }
}

/// Solves a puzzle as the page does.
pub(crate) fn solve(puzzle: &str) -> String {
    let challenge: altcha::Challenge = serde_json::from_str(puzzle).unwrap();
    let solution = altcha::solve_challenge(altcha::SolveChallengeOptions::new(&challenge))
        .unwrap()
        .unwrap();
    serde_json::to_string(&solution).unwrap()
}

pub(crate) fn token_of(link: &str) -> String {
    link.rsplit('/').next().unwrap().to_owned()
}

/// The stable reason of a refusal.
pub(crate) fn reason<T>(outcome: Result<T, Status>) -> String {
    let status = outcome.err().expect("the call is refused");
    platform::status::reason(&status).unwrap_or_else(|| format!("no reason: {status:?}"))
}

/// The reasons of the wrong fields, by field.
pub(crate) fn wrong_fields<T>(outcome: Result<T, Status>) -> Vec<(String, String)> {
    let status = outcome.err().expect("the call is refused");
    platform::status::fields(&status)
        .into_iter()
        .map(|field| (field.name, field.reason))
        .collect()
}
