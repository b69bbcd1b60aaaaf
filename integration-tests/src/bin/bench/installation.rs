//! Servers of this run only, with the durability of production; databases, keys and services on them; what the servers say of themselves.

use std::fs::File;
use std::io::{Read as _, Write as _};
use std::path::PathBuf;
use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use auth::token::{Claims, SigningKey, sign};
use integration_tests::services::{Place, Service};
use kernel::{AccountId, MemberId, SessionId};
use platform::clock::Clock;
use platform::ids::uuid_v7;
use platform::settings::{NatsSettings, PostgresSettings, Secret};
use sqlx::{AssertSqlSafe, Connection as _, Executor as _, PgConnection, Row as _};
use testkit::TestKeys;
use testkit::stack::{PrivateStack, Server, Stack, StackAddresses};
use tokio::process::{Child, Command};
use toml::Value;
use uuid::Uuid;

use crate::plan::Plan;

/// What decides how safe a commit is, and what else a reader of a figure wants to know of the server.
const POSTGRES_SETTINGS: [&str; 9] = [
    "fsync",
    "synchronous_commit",
    "full_page_writes",
    "wal_sync_method",
    "commit_delay",
    "shared_buffers",
    "max_connections",
    "max_wal_size",
    "autovacuum",
];

/// A service's own program, built like this one and lying beside it.
fn program(name: &str) -> Result<PathBuf> {
    let own = std::env::current_exe()?;
    let program = own.with_file_name(name);
    ensure!(
        program.is_file(),
        "{} is missing: cargo build -p {name}",
        program.display()
    );
    Ok(program)
}

/// A service as a process of its own: what runs in production, not the development binary that holds them all.
pub(crate) struct Running {
    service: Service,
    program: PathBuf,
    settings: PathBuf,
    log: PathBuf,
    child: Option<Child>,
}

impl Running {
    pub(crate) fn url(&self) -> String {
        self.service.url()
    }

    fn command(&self, command: &str) -> Result<Command> {
        let log = File::options().create(true).append(true).open(&self.log)?;
        let mut run = Command::new(&self.program);
        run.args([command, "--config"])
            .arg(&self.settings)
            .stdin(Stdio::null())
            .stdout(log.try_clone()?)
            .stderr(log)
            .kill_on_drop(true);
        Ok(run)
    }

    /// The last lines that it wrote.
    fn log(&self) -> String {
        let text = std::fs::read_to_string(&self.log).unwrap_or_default();
        let lines: Vec<&str> = text.lines().collect();
        lines[lines.len().saturating_sub(10)..].join("\n")
    }

    /// Starts it and waits until it answers.
    pub(crate) async fn start(&mut self) -> Result<()> {
        self.child = Some(self.command("serve")?.spawn()?);
        self.service.ready().await;
        Ok(())
    }

    pub(crate) async fn stop(&mut self) -> Result<()> {
        if let Some(mut child) = self.child.take() {
            child.kill().await?;
        }
        Ok(())
    }
}

/// The servers and keys.
#[derive(Debug)]
pub(crate) struct Installation {
    stack: PrivateStack,
    pub(crate) keys: TestKeys,
    identity: SigningKey,
    pub(crate) prefix: String,
    dir: PathBuf,
}

impl Installation {
    /// The servers that the measured services talk to. No RabbitMQ: none of them uses a work queue. No mail catcher either.
    pub(crate) async fn start(_plan: &Plan) -> Result<Self> {
        let stack = tokio::task::spawn_blocking(|| {
            PrivateStack::start(&[Server::Postgres, Server::Nats, Server::Redis])
        })
        .await??;
        let keys = testkit::keys();
        let identity = keys.signing_key("identity");
        let dir = keys.path().join("services");
        std::fs::create_dir_all(&dir).context("a folder for the services")?;
        let installation = Self {
            stack,
            keys,
            identity,
            prefix: "bench".to_owned(),
            dir,
        };
        // What is collected beside the run is not its cost.
        let mut postgres = installation.postgres("postgres").await?;
        postgres.execute("ALTER SYSTEM SET max_wal_size = '4GB'").await?;
        postgres.execute("SELECT pg_reload_conf()").await?;
        Ok(installation)
    }

    pub(crate) fn addresses(&self) -> &StackAddresses {
        self.stack.addresses()
    }

    /// Where the server writes what it is told to write.
    pub(crate) fn postgres_log(&self) -> PathBuf {
        testkit::stack::process::log_file(self.stack.dir(), Server::Postgres.as_str())
    }

    /// Kills a server and starts it again on what it left.
    pub(crate) async fn crash(&self, server: Server) -> Result<()> {
        let dir = self.stack.dir().to_owned();
        tokio::task::spawn_blocking(move || {
            Stack::kill(&dir, server)?;
            Stack::start_one(&dir, server)
        })
        .await?
    }

    /// The superuser in a database.
    pub(crate) async fn postgres(&self, database: &str) -> Result<PgConnection> {
        PgConnection::connect(&self.addresses().postgres_url_of(database))
            .await
            .with_context(|| format!("the database {database}"))
    }

    /// An empty database, or a copy of one that nobody uses.
    pub(crate) async fn create_database(&self, name: &str, template: Option<&str>) -> Result<()> {
        let mut postgres = self.postgres("postgres").await?;
        let from = template
            .map(|name| format!(" TEMPLATE {name}"))
            .unwrap_or_default();
        postgres
            .execute(AssertSqlSafe(format!("CREATE DATABASE {name}{from}")))
            .await
            .with_context(|| format!("creating the database {name}"))?;
        Ok(())
    }

    /// Before each round: what earlier ones left to write is written.
    pub(crate) async fn settle(&self) -> Result<()> {
        let mut postgres = self.postgres("postgres").await?;
        postgres.execute("CHECKPOINT").await?;
        tokio::time::sleep(Duration::from_millis(500)).await;
        Ok(())
    }

    pub(crate) fn postgres_settings(&self, database: &str) -> PostgresSettings {
        PostgresSettings {
            url: Secret::new(self.addresses().postgres_url_of(database)),
            max_connections: 16,
        }
    }

    pub(crate) fn nats_settings(&self, prefix: &str) -> NatsSettings {
        let admin = &self.addresses().nats_admin;
        NatsSettings {
            url: self.addresses().nats_url.clone(),
            user: admin.user.clone(),
            password: Secret::new(admin.password.clone()),
            prefix: prefix.to_owned(),
            replicas: 1,
        }
    }

    /// A service on a database of its own, running. Its settings are the defaults but for `changes`.
    pub(crate) async fn service(&self, name: &'static str, changes: &[(&str, Value)]) -> Result<Running> {
        self.create_database(name, None).await?;
        let service = Service::new(name, &self.dir);
        let place = Place {
            database: self.addresses().postgres_url_of(name),
            prefix: &self.prefix,
            keys: self.keys.path(),
            otlp_endpoint: "",
        };
        let common = service.common(self.addresses(), &place);
        let values: Vec<(&str, Value)> = common
            .into_iter()
            .chain(changes.iter().map(|(key, value)| (*key, value.clone())))
            .collect();
        service.write_settings(&values);
        let mut running = Running {
            service,
            program: program(name)?,
            settings: self.dir.join(format!("{name}.toml")),
            log: self.dir.join(format!("{name}.out")),
            child: None,
        };
        let migrated = running.command("migrate")?.status().await?;
        ensure!(migrated.success(), "{name} cannot migrate: {}", running.log());
        running.start().await?;
        Ok(running)
    }

    /// A token of a signed-in member, as identity makes it.
    pub(crate) fn member_token(&self, audience: &str, member: Uuid, account: Uuid) -> String {
        let now = Clock::system().now();
        let (account, member) = (AccountId::from_uuid(account), MemberId::from_uuid(member));
        let session = SessionId::from_uuid(uuid_v7(now));
        let claims = Claims::member(account, member, session, audience, now);
        sign(
            &self.identity,
            &Claims {
                terms: true,
                ..claims
            },
        )
    }

    /// Versions and settings, asked of the servers themselves.
    pub(crate) async fn settings(&self) -> Result<Vec<(String, String)>> {
        let mut found = Vec::new();
        let mut postgres = self.postgres("postgres").await?;
        let version: String = sqlx::query_scalar("SHOW server_version")
            .fetch_one(&mut postgres)
            .await?;
        found.push(("postgres.version".to_owned(), version));
        let names: Vec<String> = POSTGRES_SETTINGS.map(str::to_owned).into();
        let rows = sqlx::query("SELECT name, current_setting(name) FROM pg_settings WHERE name = ANY($1)")
            .bind(names)
            .fetch_all(&mut postgres)
            .await?;
        for row in rows {
            let (name, value): (String, String) = (row.try_get(0)?, row.try_get(1)?);
            found.push((format!("postgres.{name}"), value));
        }
        let monitor = format!("{}/jsz?config=true", self.addresses().nats_monitor_url);
        let jetstream: serde_json::Value = reqwest::get(&monitor).await?.json().await?;
        let variables = format!("{}/varz", self.addresses().nats_monitor_url);
        let server: serde_json::Value = reqwest::get(&variables).await?.json().await?;
        let text = |value: &serde_json::Value| value.as_str().unwrap_or("unknown").to_owned();
        found.push(("nats.version".to_owned(), text(&server["version"])));
        found.push((
            "nats.jetstream_sync_interval_ns".to_owned(),
            jetstream["config"]["sync_interval"].to_string(),
        ));
        found.push(("redis.version".to_owned(), self.redis_version()?));
        Ok(found)
    }

    fn redis_version(&self) -> Result<String> {
        let url = &self.addresses().redis_url;
        let (password, host) = url
            .trim_start_matches("redis://:")
            .split_once('@')
            .context("the address of Redis")?;
        let host = host.split('/').next().unwrap_or_default();
        let mut redis = std::net::TcpStream::connect(host)?;
        redis.set_read_timeout(Some(Duration::from_secs(2)))?;
        write!(redis, "AUTH {password}\r\nINFO server\r\nQUIT\r\n")?;
        let mut answer = String::new();
        redis.read_to_string(&mut answer)?;
        let version = answer
            .lines()
            .find_map(|line| line.strip_prefix("redis_version:"))
            .unwrap_or("unknown");
        Ok(version.trim().to_owned())
    }
}
