//! The operator's credentials on the bus, by reference: the path of a JSON file, written by the local stack or mounted from a secret.

use std::path::PathBuf;

use bus::operate::Operator;
use platform::settings::{NatsSettings, Secret};
use serde::Deserialize;

use crate::exit::Failure;

#[derive(clap::Args, Debug)]
pub(crate) struct BrokerArgs {
    /// The operator's credentials on the bus: a JSON file, see docs/how-to/connect-an-application.md.
    #[arg(
        long,
        env = "TADAMON_NATS_OPERATOR",
        default_value = ".local/stack/nats/operator.json"
    )]
    nats: PathBuf,
    /// First token of every subject.
    #[arg(long, default_value = bus::grants::PREFIX, hide = true)]
    prefix: String,
}

#[derive(Deserialize, Debug)]
struct User {
    user: String,
    password: Secret,
}

/// What the file says.
#[derive(Deserialize, Debug)]
pub(crate) struct Credentials {
    /// Where the broker answers, for us and for applications.
    pub(crate) url: String,
    /// May do everything in the platform's account.
    admin: User,
    /// May tell the servers to read their configuration again.
    system: User,
    /// The broker's file of users, when it can be written from here.
    pub(crate) users_file: Option<PathBuf>,
    #[serde(skip)]
    pub(crate) prefix: String,
}

impl BrokerArgs {
    pub(crate) fn read(&self) -> Result<Credentials, Failure> {
        let text = std::fs::read(&self.nats).map_err(|error| {
            Failure::usage(format!(
                "the operator's credentials on the bus, {}: {error}; name them with --nats",
                self.nats.display()
            ))
        })?;
        let credentials: Credentials = serde_json::from_slice(&text).map_err(|error| {
            Failure::usage(format!(
                "{} does not hold an operator's credentials: {error}",
                self.nats.display()
            ))
        })?;
        Ok(Credentials {
            prefix: self.prefix.clone(),
            ..credentials
        })
    }
}

impl Credentials {
    pub(crate) async fn connect(&self) -> Result<Operator, Failure> {
        let settings = NatsSettings {
            url: self.url.clone(),
            user: self.admin.user.clone(),
            password: self.admin.password.clone(),
            prefix: self.prefix.clone(),
            replicas: 1,
        };
        Operator::connect(&settings)
            .await
            .map_err(|error| Failure::unavailable(format!("{error:#}")))
    }

    /// The user of the system account, for questions to the servers themselves.
    pub(crate) fn system(&self) -> (&str, &str) {
        (&self.system.user, self.system.password.expose())
    }

    /// Has the broker read its users again.
    pub(crate) async fn reload(&self) -> Result<(), Failure> {
        bus::operate::reload(&self.url, &self.system.user, self.system.password.expose())
            .await
            .map_err(|error| {
                Failure::unavailable(format!("the broker did not read its users again: {error:#}"))
            })
    }
}
