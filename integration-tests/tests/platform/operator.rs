//! What an operator does with a whole installation: stops and starts it, backs it up, puts it back, and looks whether everything was heard.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use async_nats::jetstream;
use integration_tests::services::{SERVICES, program};
use integration_tests::world::World;
use operations::backup::{TableSum, sums};
use sqlx::{AssertSqlSafe, Connection as _, Executor as _, PgConnection};
use testkit::eventually;

/// The operator's work on an installation.
pub(crate) struct Operator<'a> {
    pub(crate) world: &'a World,
}

impl Operator<'_> {
    pub(crate) fn backups(&self) -> PathBuf {
        self.world.keys.path().join("backups")
    }

    pub(crate) fn command(&self, words: &[&str], with_settings: bool) -> Command {
        let mut command = Command::new(program("tadamon"));
        command.args(words);
        if with_settings {
            command
                .arg("--settings")
                .arg(self.world.keys.path().join("world"));
        }
        command
    }

    pub(crate) fn runs(&self, words: &[&str], with_settings: bool) -> Output {
        self.command(words, with_settings)
            .output()
            .expect("the program was built")
    }

    /// Takes a backup and gives its folder.
    pub(crate) fn backs_up(&self) -> PathBuf {
        let to = self.backups().display().to_string();
        let said = told(&self.runs(&["backup", "--to", &to], true));
        assert_eq!(said.0, Some(0), "{}", said.1);
        let folder = said.1.lines().rev().find(|line| line.starts_with(&to));
        PathBuf::from(folder.expect("the folder is printed"))
    }

    pub(crate) fn restores(&self, folder: &Path, more: &[&str]) -> (Option<i32>, String) {
        let folder = folder.display().to_string();
        told(&self.runs(&[&["restore", &folder], more].concat(), true))
    }

    pub(crate) async fn stops(&self, services: &[&str]) {
        for service in services {
            self.world.kill(service);
        }
        // The server notices a moment later that they are gone.
        for service in services {
            let others = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
                          AND backend_type = 'client backend'";
            eventually(async || (self.world.count(service, others).await == 0).then_some(())).await;
        }
    }

    pub(crate) async fn starts(&self, services: &[&str]) {
        for service in services {
            self.world.service(service).start();
        }
        for service in services {
            self.world.service(service).ready().await;
        }
    }

    /// Databases as they are on the day of an installation: nothing is in them.
    pub(crate) async fn makes_databases_anew(&self) {
        for service in SERVICES {
            let url = self.world.database_url(service);
            let (server, name) = url.rsplit_once('/').expect("an address ends with its database");
            let mut admin = PgConnection::connect(&format!("{server}/postgres"))
                .await
                .expect("the server answers");
            for statement in [format!("DROP DATABASE {name}"), format!("CREATE DATABASE {name}")] {
                admin
                    .execute(AssertSqlSafe(statement))
                    .await
                    .expect("a database is made");
            }
        }
    }

    /// Every table of a service.
    pub(crate) async fn tables(&self, service: &str) -> BTreeMap<String, TableSum> {
        let mut conn = self.world.database_of(service).await;
        // As the backup reads them.
        conn.execute("SET TimeZone = 'UTC'; SET DateStyle = 'ISO, YMD'; SET extra_float_digits = 1")
            .await
            .expect("settings");
        sums(&mut conn).await.expect("every table is read")
    }

    /// Whoever listens has everything that was published, and has read its stream from the beginning since the restore.
    pub(crate) async fn sees_everything_applied(&self, restored: &[&str]) {
        for service in ["benefits", "documents", "partnerships", "notifications"] {
            if restored.contains(&service) {
                let behind = "SELECT count(*) FROM subscriber_places WHERE restores <> (SELECT count(*) FROM restores)";
                eventually(async || (self.world.count(service, behind).await == 0).then_some(())).await;
            }
            eventually(async || {
                let measures = self.world.service(service).measures().await;
                let lags: Vec<&str> = measures
                    .lines()
                    .filter(|line| line.starts_with("subscriber_lag_events{"))
                    .collect();
                (!lags.is_empty() && lags.iter().all(|line| line.ends_with(" 0"))).then_some(())
            })
            .await;
        }
        let unsent = "SELECT count(*) FROM outbox WHERE stream_sequence IS NULL";
        for service in ["identity", "membership", "benefits", "documents"] {
            eventually(async || (self.world.count(service, unsent).await == 0).then_some(())).await;
        }
        let waiting = "SELECT count(*) FROM jobs WHERE state IN ('queued', 'running')";
        for service in ["identity", "notifications"] {
            eventually(async || (self.world.count(service, waiting).await == 0).then_some(())).await;
        }
    }

    /// Epochs that benefits announced in its stream, with what each was announced with.
    pub(crate) async fn epochs(&self) -> BTreeMap<i64, BTreeSet<i64>> {
        let client = self.world.nats().await.expect("the broker answers");
        let name = format!("{}-BENEFITS", self.world.prefix.to_uppercase());
        let jetstream = jetstream::new(client);
        let mut stream = jetstream.get_stream(&name).await.expect("benefits has a stream");
        let state = stream.info().await.expect("the stream's state").state.clone();
        let mut epochs: BTreeMap<i64, BTreeSet<i64>> = BTreeMap::new();
        for sequence in state.first_sequence.max(1)..=state.last_sequence {
            let message = stream.get_raw_message(sequence).await.expect("a message");
            let number = |header: &str| {
                let value = message
                    .headers
                    .get(header)
                    .expect("every event announces its epoch");
                value.as_str().parse::<i64>().expect("a number")
            };
            epochs
                .entry(number("ce-sourceepoch"))
                .or_default()
                .insert(number("ce-sourcebase"));
        }
        epochs
    }
}

pub(crate) fn told(output: &Output) -> (Option<i32>, String) {
    let text = [output.stdout.as_slice(), output.stderr.as_slice()].concat();
    (output.status.code(), String::from_utf8_lossy(&text).into_owned())
}
