//! What `tadamon doctor` looks at, service by service, with the service's own settings and users: database, broker of events, work queues, keys,
//! clocks, the civil calendar. It changes nothing unless it is asked to publish ([`publish`]), and shows no row, no secret and no address with one. What each finding means and how it is mended
//! stands in docs/operations/doctor.md, by the finding's code.
//!
//! Reading order: `finding` (the list of all), then one file for each thing that is looked at.

mod broker;
mod calendar;
mod certificate;
mod clocks;
mod database;
mod finding;
mod keys;
mod papers;
mod probe;
mod queues;

use chrono::{DateTime, Utc};
use paper_store::StorageSettings;
use platform::settings::{Common, Role, Secret, SettingsError, Validate};
use serde::Deserialize;
use serde_json::json;
use sqlx::migrate::Migration;
use sqlx::postgres::PgConnectOptions;

pub use broker::keeping;
pub use calendar::civil_calendar;
pub use finding::{Finding, Kind, Severity};
pub use keys::{all_keys, keys_of};
pub use probe::{PROBE_DEADLINE, publish};

/// What a service's settings say that is looked at; other sections are the service's own affair.
#[derive(Clone, Debug, Deserialize)]
pub struct Examined {
    pub common: Common,
    pub redis: Option<RedisSection>,
    /// Where documents' papers lie.
    pub storage: Option<StorageSettings>,
}

/// Where counters and challenges are.
#[derive(Clone, Debug, Deserialize)]
pub struct RedisSection {
    pub url: Secret,
}

impl Validate for Examined {
    fn validate(&self) -> Result<(), SettingsError> {
        self.common.validate()
    }
}

/// One service and what it should find.
#[derive(Debug)]
pub struct Subject {
    pub service: &'static str,
    pub settings: Examined,
    /// Those of the version that asks.
    pub migrations: Vec<Migration>,
}

/// What was found, and what could not be looked at.
#[derive(Debug, Default)]
pub struct Examination {
    pub findings: Vec<Finding>,
    /// One sentence each.
    pub unseen: Vec<String>,
}

impl Examination {
    pub(crate) fn add(&mut self, found: Result<Vec<Finding>, String>) {
        match found {
            Ok(findings) => self.findings.extend(findings),
            Err(unseen) => self.unseen.push(unseen),
        }
    }

    /// Adds another's.
    pub fn extend(&mut self, other: Self) {
        self.findings.extend(other.findings);
        self.unseen.extend(other.unseen);
    }

    /// What is printed: the worst first, within it as it was found; or one JSON object a finding and one at the end.
    #[must_use]
    pub fn report(&self, as_json: bool) -> String {
        let mut findings: Vec<&Finding> = self.findings.iter().collect();
        findings.sort_by_key(|finding| std::cmp::Reverse(finding.kind.severity()));
        let count = |severity| {
            findings
                .iter()
                .filter(|finding| finding.kind.severity() == severity)
                .count()
        };
        let (errors, warnings) = (count(Severity::Error), count(Severity::Warning));
        let mut lines: Vec<String> = findings
            .iter()
            .map(|finding| {
                if as_json {
                    finding.to_json().to_string()
                } else {
                    finding.to_string()
                }
            })
            .collect();
        if as_json {
            let information = count(Severity::Information);
            let end = json!({ "errors": errors, "warnings": warnings, "information": information, "not_seen": self.unseen });
            lines.push(end.to_string());
        } else {
            lines.extend(self.unseen.iter().map(|unseen| format!("not seen: {unseen}")));
            lines.push(format!(
                "{errors} errors, {warnings} warnings, {} not seen, in the settings and the servers; whether the services run, `tadamon-dev status` and the \
                 probes say; docs/operations/doctor.md says more of each",
                self.unseen.len()
            ));
        }
        lines.join("\n")
    }

    /// 0 when all is well, 1 when there is something to mend, 2 when something could not be looked at.
    #[must_use]
    pub fn exit_code(&self) -> u8 {
        match (self.unseen.is_empty(), self.is_healthy()) {
            (false, _) => 2,
            (true, false) => 1,
            (true, true) => 0,
        }
    }

    /// Whether there is something to mend; information alone is none.
    #[must_use]
    pub fn is_healthy(&self) -> bool {
        self.findings
            .iter()
            .all(|finding| finding.kind.severity() == Severity::Information)
    }
}

/// The name of the service's database.
#[must_use]
pub fn database_of(subject: &Subject) -> Option<String> {
    let url = subject.settings.common.postgres.url.expose();
    let options: PgConnectOptions = url.parse().ok()?;
    options.get_database().map(str::to_owned)
}

/// Looks at one service: its database, stream, durables, queues, and the clocks of its servers. Keys are looked at apart ([`all_keys`], [`keys_of`]):
/// services of one machine share their directory. Only what the roles of these settings use is looked at. `others`: the databases of other services, which this one's role must not open.
pub async fn examine(subject: &Subject, others: &[String], now: impl Fn() -> DateTime<Utc>) -> Examination {
    let mut examination = Examination::default();
    let service = subject.service;
    let common = &subject.settings.common;
    examination
        .findings
        .extend(certificate::examine(service, &common.tls, now()));
    examination.extend(database::examine(subject, others, &now).await);
    examination.add(broker::examine(service, &common.nats, common.plays(Role::Relay), &now).await);
    // A process is given the addresses of what its roles use: others would be asked at the defaults, and be said to be away.
    for (owner, spec) in work_queue::table::QUEUES {
        if *owner == service && common.plays(Role::Jobs) {
            examination.add(queues::examine(service, &common.amqp, spec).await);
        }
    }
    if let Some(redis) = &subject.settings.redis
        && common.plays(Role::Grpc)
    {
        examination.add(clocks::redis(service, &redis.url, &now).await);
    }
    if let Some(storage) = &subject.settings.storage
        && (common.plays(Role::Grpc) || common.plays(Role::Jobs))
    {
        examination.extend(papers::examine(subject, storage).await);
    }
    examination
}
