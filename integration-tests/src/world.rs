//! An installation of one test: five services on databases, subjects and queues of their own, with the keys that bootstrap would make.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use auth::client::{ServiceInterceptor, ServiceTokens, with_token};
use identity_proto::v1::account_service_client::AccountServiceClient;
use identity_proto::v1::session_service_client::SessionServiceClient;
use identity_proto::v1::terms_service_client::TermsServiceClient;
use membership_proto::v1::import_roster_request::Part;
use membership_proto::v1::import_roster_response::Part as Answer;
use membership_proto::v1::roster_service_client::RosterServiceClient;
use membership_proto::v1::{ImportRosterRequest, RosterChunk, RosterLine, RosterOpening, RosterSummary};
use platform::clock::Clock;
use platform::tls::Tls;
use sqlx::{AssertSqlSafe, Connection as _, Executor as _, PgConnection};
use testkit::TestKeys;
use testkit::certificates::{Authority, authority};
use testkit::stack::{ObjectsAddress, StackAddresses, test_addresses};
use toml::Value;
use tonic::service::interceptor::InterceptedService;
use tonic::transport::Channel;
use tonic::{Request, Status};

use crate::services::{Place, SERVICES, Service, free_port, program};

pub type AsPortal = InterceptedService<Channel, ServiceInterceptor>;

const HEADER: &str = "row_type;matricule;relative_no;child_key;last_name_fr;first_name_fr;last_name_ar;first_name_ar;sex;birth_date;cin;pension_number;position;position_from;position_to;province_iso;external_services;rib;email;language;disability;guardian_no;death_date";

pub struct World {
    stack: StackAddresses,
    dir: PathBuf,
    databases: String,
    /// Of its subjects, streams and queues.
    pub prefix: String,
    otlp_endpoint: String,
    /// Documents' settings of the place of papers.
    papers: Vec<(&'static str, Value)>,
    /// Where apps and the operator's program ask identity for tokens.
    pub token_url: String,
    services: Vec<Service>,
    /// Signs the certificates of a world that encrypts its calls.
    pub authority: Option<Authority>,
    /// What is shown to the services, as the portal would.
    tls: Tls,
    /// Last: its folder holds the services' logs, which a failed test still shows.
    pub keys: TestKeys,
}

impl World {
    pub async fn start() -> Self {
        Self::start_on(test_addresses().expect("the test stack runs")).await
    }

    /// On other servers than the stack's, for a test that kills them.
    pub async fn start_on(stack: StackAddresses) -> Self {
        Self::start_traced(stack, "").await
    }

    /// With a collector of spans (OTLP over gRPC); none when the endpoint is empty.
    pub async fn start_traced(stack: StackAddresses, otlp_endpoint: &str) -> Self {
        Self::start_with(stack, otlp_endpoint, None, None).await
    }

    /// With papers in a bucket; its key stands in the settings of this test alone.
    pub async fn start_in_bucket(bucket: &ObjectsAddress) -> Self {
        let stack = test_addresses().expect("the test stack runs");
        Self::start_with(stack, "", None, Some(bucket)).await
    }

    /// Every service with a certificate of its own, and every call over them.
    pub async fn start_secured() -> Self {
        let stack = test_addresses().expect("the test stack runs");
        Self::start_with(stack, "", Some(authority()), None).await
    }

    async fn start_with(
        stack: StackAddresses,
        otlp_endpoint: &str,
        authority: Option<Authority>,
        bucket: Option<&ObjectsAddress>,
    ) -> Self {
        // The readiness and the mail catcher are asked over HTTP; two providers of TLS may be compiled in.
        let _chosen_before = rustls::crypto::ring::default_provider().install_default();
        let keys = testkit::keys();
        let prefix = testkit::prefix();
        let dir = keys.path().join("world");
        let papers = dir.join("papers");
        std::fs::create_dir_all(&papers).expect("the folder of the keys takes folders");
        let databases = format!("journey_{prefix}");
        let world = Self {
            services: SERVICES
                .map(|name| certified(Service::new(name, &dir), authority.as_ref()))
                .into(),
            tls: authority.as_ref().map_or_else(Tls::off, |authority| {
                Tls::open(&authority.settings_of("portal")).expect("the certificate was just made")
            }),
            authority,
            keys,
            stack,
            dir,
            databases,
            prefix: prefix.clone(),
            otlp_endpoint: otlp_endpoint.to_owned(),
            papers: place_of_papers(&papers, bucket),
            token_url: format!("http://127.0.0.1:{}/oauth2/token", free_port()),
        };
        for (at, name) in SERVICES.into_iter().enumerate() {
            world.create_database(name).await;
            let place = Place {
                database: world.stack.postgres_url_of(&world.database(name)),
                prefix: &prefix,
                keys: world.keys.path(),
                otlp_endpoint,
            };
            let service = &world.services[at];
            let mut values = service.common(&world.stack, &place);
            values.extend(world.own_settings(name, &prefix));
            service.write_settings(&values);
            service.migrate();
        }
        for service in &world.services {
            service.start();
        }
        for service in &world.services {
            service.ready().await;
        }
        world
    }

    fn own_settings(&self, service: &str, prefix: &str) -> Vec<(&'static str, Value)> {
        let text = |text: &str| Value::String(text.to_owned());
        let peer = |name: &str| Value::String(self.service(name).url());
        match service {
            "identity" => vec![
                (
                    "http.listen",
                    text(
                        self.token_url
                            .trim_start_matches("http://")
                            .trim_end_matches("/oauth2/token"),
                    ),
                ),
                ("oauth.token_url", text(&self.token_url)),
                ("redis.url", text(&self.stack.redis_url)),
                ("redis.prefix", text(prefix)),
                ("peers.membership.url", peer("membership")),
                // The real cost is for people's machines; the rule is the same with a small one.
                ("proof.cost", Value::Integer(10)),
                ("proof.least_counter", Value::Integer(5)),
                ("proof.most_counter", Value::Integer(20)),
            ],
            "benefits" => vec![("peers.membership.url", peer("membership"))],
            "documents" => self.papers.clone(),
            "partnerships" => vec![
                ("gateway.listen", text("127.0.0.1:0")),
                ("redis.url", text(&self.stack.redis_url)),
                ("redis.prefix", text(prefix)),
                ("peers.membership.url", peer("membership")),
            ],
            "notifications" => vec![
                ("peers.identity.url", peer("identity")),
                ("peers.membership.url", peer("membership")),
                ("smtp.host", text(&self.stack.smtp_host)),
                ("smtp.port", Value::Integer(self.stack.smtp_port.into())),
            ],
            _ => Vec::new(),
        }
    }

    /// The web edge before these services, not started yet, and its address.
    pub fn portal(&self) -> (Service, String) {
        let portal = certified(Service::new("portal", &self.dir), self.authority.as_ref());
        let place = Place {
            database: "postgres://none@127.0.0.1/none".to_owned(),
            prefix: &self.prefix,
            keys: self.keys.path(),
            otlp_endpoint: &self.otlp_endpoint,
        };
        let listen = format!("127.0.0.1:{}", crate::services::free_port());
        let address = format!("http://{listen}");
        let text = |text: &str| Value::String(text.to_owned());
        let mut values = portal.common(&self.stack, &place);
        // It has no database, no broker and no jobs.
        values.retain(|(key, _)| {
            ["common.admin", "common.keys", "common.telemetry", "common.tls"]
                .iter()
                .any(|section| key.starts_with(section))
        });
        values.extend([
            ("http.listen", text(&listen)),
            ("http.public_url", text(&address)),
            ("cookie.secure", Value::Boolean(false)),
            ("peers.identity.url", text(&self.service("identity").url())),
            ("peers.membership.url", text(&self.service("membership").url())),
            ("peers.benefits.url", text(&self.service("benefits").url())),
            ("peers.documents.url", text(&self.service("documents").url())),
            (
                "peers.partnerships.url",
                text(&self.service("partnerships").url()),
            ),
            (
                "peers.notifications.url",
                text(&self.service("notifications").url()),
            ),
        ]);
        portal.write_settings(&values);
        (portal, address)
    }

    /// The broker as its administrator.
    pub async fn nats(&self) -> Option<async_nats::Client> {
        let admin = &self.stack.nats_admin;
        async_nats::ConnectOptions::with_user_and_password(admin.user.clone(), admin.password.clone())
            .connect(&self.stack.nats_url)
            .await
            .ok()
    }

    fn database(&self, service: &str) -> String {
        format!("{}_{service}", self.databases)
    }

    async fn create_database(&self, service: &str) {
        let mut admin = PgConnection::connect(&self.stack.postgres_url)
            .await
            .expect("the test Postgres answers");
        let name = self.database(service);
        admin
            .execute(AssertSqlSafe(format!("CREATE DATABASE {name}")))
            .await
            .expect("a database is created");
    }

    pub fn service(&self, name: &str) -> &Service {
        let at = SERVICES
            .iter()
            .position(|known| *known == name)
            .expect("a service of the platform");
        &self.services[at]
    }

    /// Kills a service without a goodbye.
    pub fn kill(&self, name: &str) {
        self.service(name).kill();
    }

    /// Starts it again on the same ports and data.
    pub async fn start_again(&self, name: &str) {
        self.service(name).start();
        self.service(name).ready().await;
    }

    pub fn channel(&self, service: &str) -> Channel {
        self.channel_with(service, &self.tls)
    }

    /// As somebody else than the portal.
    pub fn channel_with(&self, service: &str, tls: &Tls) -> Channel {
        let url = self.service(service).url();
        platform::grpc::channel_over(service, &url, tls).expect("a local address is a URL")
    }

    fn as_portal(&self) -> ServiceInterceptor {
        ServiceTokens::new(self.keys.signing_key("portal"), Clock::system()).interceptor("identity")
    }

    pub fn accounts(&self) -> AccountServiceClient<AsPortal> {
        AccountServiceClient::with_interceptor(self.channel("identity"), self.as_portal())
    }

    pub fn sessions(&self) -> SessionServiceClient<AsPortal> {
        SessionServiceClient::with_interceptor(self.channel("identity"), self.as_portal())
    }

    pub fn terms(&self) -> TermsServiceClient<AsPortal> {
        TermsServiceClient::with_interceptor(self.channel("identity"), self.as_portal())
    }

    pub fn database_url(&self, service: &str) -> String {
        self.stack.postgres_url_of(&self.database(service))
    }

    /// The operator's program with these words, told where these services answer.
    pub fn tadamon(&self, words: &[&str]) -> Output {
        let mut command = Command::new(program("tadamon"));
        command.args(words);
        for service in &self.services {
            command.args(["--at", &format!("{}={}", service.name(), service.url())]);
        }
        if let Some(authority) = &self.authority {
            let tls = authority.settings_of("operator");
            command
                .arg("--tls-certificate")
                .arg(tls.certificate)
                .arg("--tls-key")
                .arg(tls.key)
                .arg("--tls-authorities")
                .arg(tls.authorities);
        }
        command
            .arg("--keys")
            .arg(self.keys.path())
            .args(["--token-url", &self.token_url])
            .output()
            .expect("the program was built")
    }

    /// The database of a service, to look into.
    pub async fn database_of(&self, service: &str) -> PgConnection {
        PgConnection::connect(&self.database_url(service))
            .await
            .expect("the test Postgres answers")
    }

    /// Rows that a statement counts in a service's database.
    pub async fn count(&self, service: &str, statement: &'static str) -> i64 {
        sqlx::query_scalar(statement)
            .fetch_one(&mut self.database_of(service).await)
            .await
            .expect("a count")
    }

    /// Texts that a statement reads from a table of a service's database; none when the service has no such table.
    pub async fn texts(&self, service: &str, table: &str, statement: &'static str) -> Vec<String> {
        let mut connection = self.database_of(service).await;
        let known: bool = sqlx::query_scalar("SELECT to_regclass($1) IS NOT NULL")
            .bind(table)
            .fetch_one(&mut connection)
            .await
            .expect("the catalogue answers");
        if !known {
            return Vec::new();
        }
        let rows: Vec<Option<String>> = sqlx::query_scalar(statement)
            .fetch_all(&mut connection)
            .await
            .expect("the statement fits the table");
        rows.into_iter().flatten().collect()
    }

    /// Imports roster lines as the operator does.
    pub async fn import(&self, lines: Vec<String>) -> RosterSummary {
        self.tries_to_import(lines)
            .await
            .expect("membership takes the roster")
    }

    /// The same where membership may be away.
    pub async fn tries_to_import(&self, lines: Vec<String>) -> Result<RosterSummary, Status> {
        let token = self
            .keys
            .app_token("membership", "tadamon-cli", "membership.roster.import");
        let opening = RosterOpening {
            header: HEADER.to_owned(),
            dry_run: false,
            file_sha256: "0".repeat(64),
        };
        let lines = (2..)
            .zip(lines)
            .map(|(number, text)| RosterLine { number, text })
            .collect();
        let messages = [Part::Opening(opening), Part::Chunk(RosterChunk { lines })]
            .map(|part| ImportRosterRequest { part: Some(part) });
        let request = with_token(Request::new(tokio_stream::iter(messages)), &token);
        let mut answers = RosterServiceClient::new(self.channel("membership"))
            .import_roster(request)
            .await?
            .into_inner();
        let mut summary = None;
        while let Some(answer) = answers.message().await? {
            match answer.part {
                Some(Answer::Progress(progress)) => assert_eq!(progress.findings, [], "bad lines"),
                Some(Answer::Summary(found)) => summary = Some(found),
                None => {}
            }
        }
        summary.ok_or_else(|| Status::unavailable("no summary came"))
    }
}

fn certified(service: Service, authority: Option<&Authority>) -> Service {
    match authority {
        Some(authority) => {
            let tls = authority.settings_of(service.name());
            service.secured(tls)
        }
        None => service,
    }
}

fn place_of_papers(folder: &Path, bucket: Option<&ObjectsAddress>) -> Vec<(&'static str, Value)> {
    let text = |text: &str| Value::String(text.to_owned());
    match bucket {
        None => vec![("storage.directory", text(&folder.display().to_string()))],
        Some(bucket) => vec![
            ("storage.kind", text("s3")),
            ("storage.s3.endpoint", text(&bucket.endpoint)),
            ("storage.s3.bucket", text(&bucket.bucket)),
            ("storage.s3.prefix", text("tadamon")),
            ("storage.s3.access_key_id", text(&bucket.access_key_id)),
            ("storage.s3.secret_access_key", text(&bucket.secret_access_key)),
        ],
    }
}

impl Drop for World {
    fn drop(&mut self) {
        for service in &self.services {
            service.kill();
        }
        let (admin, names) = (
            self.stack.postgres_url.clone(),
            SERVICES.map(|name| self.database(name)),
        );
        // Dropping cannot await; a thread with a runtime of its own can. What stays behind goes with the stack.
        let dropped = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()?;
            runtime.block_on(async {
                let mut connection = PgConnection::connect(&admin).await?;
                for name in names {
                    let statement = format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)");
                    connection.execute(AssertSqlSafe(statement)).await?;
                }
                anyhow::Ok(())
            })
        });
        let _stays_behind = dropped.join();
    }
}
