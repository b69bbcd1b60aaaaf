//! What an operator does on the broker with the administrator's user: durables for applications outside, reading along, and telling the broker
//! to read its users again. It never opens a service's database and never publishes a fact.

use std::collections::{BTreeMap, HashMap};
use std::time::Duration;

use anyhow::{Context as _, ensure};
use async_nats::jetstream::consumer::pull::Config;
use async_nats::jetstream::consumer::{AckPolicy, DeliverPolicy, Info};
use async_nats::{Client, Subscriber};
use futures::{StreamExt as _, TryStreamExt as _};
use platform::settings::NatsSettings;
use serde_json::Value;

use crate::event::subject;
use crate::grants;
use crate::stream::Bus;

/// Marks the durables of applications.
const APP: &str = "tadamon-app";
/// How long an application may take from receiving an event to acknowledging it, before it is delivered again.
const ACK_WAIT: Duration = Duration::from_secs(30);
/// Events that an application may hold unacknowledged.
const MAX_UNACKNOWLEDGED: i64 = 500;
/// How long the broker may take to answer an operator.
const PATIENCE: Duration = Duration::from_secs(5);

/// The broker, as an operator sees it.
#[derive(Clone, Debug)]
pub struct Operator {
    bus: Bus,
}

/// The durable of one application in one publisher's stream.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AppDurable {
    pub app: String,
    pub stream: String,
    pub durable: String,
    /// Without prefix and lane: `benefits.application.submitted.v1`.
    pub events: Vec<String>,
    /// Events that were not delivered yet.
    pub waiting: u64,
    /// Events delivered and not acknowledged.
    pub unacknowledged: usize,
}

/// One message as `events tail` prints it.
#[derive(Clone, Debug)]
pub struct Tailed {
    pub subject: String,
    pub headers: BTreeMap<String, String>,
    /// JSON, or what the bytes are as text.
    pub data: Value,
}

impl Operator {
    /// Signs in and makes sure that the broker answers.
    ///
    /// # Errors
    /// It does not answer, or refuses the user.
    pub async fn connect(settings: &NatsSettings) -> anyhow::Result<Self> {
        // One try that tells: the bus itself would wait in the background for ever.
        drop(sign_in(&settings.url, &settings.user, settings.password.expose()).await?);
        Ok(Self {
            bus: Bus::connect(settings).await?,
        })
    }

    /// Gives an application a durable in the publisher's stream for these public events; an existing one gets the events and keeps its place.
    ///
    /// # Errors
    /// The stream is not there, or the broker refuses.
    pub async fn make_durable(
        &self,
        app: &str,
        publisher: &str,
        events: &[String],
    ) -> anyhow::Result<(String, String)> {
        let (stream, durable) = (
            self.bus.stream_name(publisher),
            format!("{}-{}", self.bus.prefix, app_user(app)),
        );
        let subjects: Vec<String> = events
            .iter()
            .map(|event| subject(&self.bus.prefix, false, event))
            .collect();
        let config = Config {
            durable_name: Some(durable.clone()),
            description: Some(format!("the application {app}")),
            deliver_policy: DeliverPolicy::All,
            ack_policy: AckPolicy::Explicit,
            ack_wait: ACK_WAIT,
            max_deliver: -1,
            filter_subjects: subjects,
            max_ack_pending: MAX_UNACKNOWLEDGED,
            metadata: HashMap::from([(APP.to_owned(), app.to_owned())]),
            ..Config::default()
        };
        self.bus
            .jetstream
            .create_consumer_on_stream(config, &stream)
            .await
            .with_context(|| {
                format!("the durable in {stream}, which is there once the service {publisher} has run")
            })?;
        Ok((stream, durable))
    }

    /// The durables of all applications.
    ///
    /// # Errors
    /// The broker.
    pub async fn app_durables(&self) -> anyhow::Result<Vec<AppDurable>> {
        let mut found = Vec::new();
        for service in grants::SERVICES {
            let name = self.bus.stream_name(service);
            let Ok(stream) = self.bus.jetstream.get_stream(&name).await else {
                continue;
            };
            let infos: Vec<Info> = stream
                .consumers()
                .try_collect()
                .await
                .with_context(|| format!("the durables of {name}"))?;
            found.extend(infos.into_iter().filter_map(|info| self.app_durable(info)));
        }
        Ok(found)
    }

    fn app_durable(&self, info: Info) -> Option<AppDurable> {
        let app = info.config.metadata.get(APP)?.clone();
        let lane = format!("{}.events.", self.bus.prefix);
        let single = Some(info.config.filter_subject).filter(|filter| !filter.is_empty());
        let events = info
            .config
            .filter_subjects
            .into_iter()
            .chain(single)
            .map(|filter| filter.trim_start_matches(&lane).to_owned())
            .collect();
        Some(AppDurable {
            app,
            stream: info.stream_name,
            durable: info.name,
            events,
            waiting: info.num_pending,
            unacknowledged: info.num_ack_pending,
        })
    }

    /// Removes one durable; what it had not delivered is not kept for anybody.
    ///
    /// # Errors
    /// The broker.
    pub async fn remove_durable(&self, durable: &AppDurable) -> anyhow::Result<()> {
        self.bus
            .jetstream
            .delete_consumer_from_stream(&durable.durable, &durable.stream)
            .await
            .with_context(|| format!("the durable {} in {}", durable.durable, durable.stream))?;
        Ok(())
    }

    /// Reads along what is published from now on; nothing is acknowledged and nobody's place moves.
    ///
    /// # Errors
    /// The broker refuses the subject.
    pub async fn tail(&self, subject: &str) -> anyhow::Result<Tail> {
        let client = self.bus.jetstream.client();
        let messages = client
            .subscribe(subject.to_owned())
            .await
            .context("the subject")?;
        // After this the broker knows of the subscription.
        client.flush().await.context("the broker")?;
        Ok(Tail(messages))
    }
}

/// What is published, as it comes.
#[derive(Debug)]
pub struct Tail(Subscriber);

impl Tail {
    /// The next message; `None` when the connection is closed.
    pub async fn next(&mut self) -> Option<Tailed> {
        let message = self.0.next().await?;
        let headers = message.headers.iter().flat_map(|headers| headers.iter());
        let headers = headers
            .filter_map(|(name, values)| Some((name.to_string(), values.first()?.as_str().to_owned())))
            .collect();
        let data = serde_json::from_slice(&message.payload)
            .unwrap_or_else(|_| Value::String(String::from_utf8_lossy(&message.payload).into_owned()));
        Some(Tailed {
            subject: message.subject.to_string(),
            headers,
            data,
        })
    }
}

/// The user of an application.
#[must_use]
pub fn app_user(app: &str) -> String {
    format!("app-{app}")
}

/// One connection with a user and a password; an error when the broker is away or refuses them.
///
/// # Errors
/// As said.
pub async fn sign_in(url: &str, user: &str, password: &str) -> anyhow::Result<Client> {
    async_nats::ConnectOptions::with_user_and_password(user.to_owned(), password.to_owned())
        .custom_inbox_prefix(grants::app_inbox(user))
        .connection_timeout(PATIENCE)
        .connect(url)
        .await
        .with_context(|| format!("NATS at {url} as {user}"))
}

/// Has every server of the cluster read its configuration again. Asked for with the user of the system account.
///
/// # Errors
/// No server answers, or one refuses its configuration (its words are in the error).
pub async fn reload(url: &str, user: &str, password: &str) -> anyhow::Result<()> {
    let client = sign_in(url, user, password).await?;
    let answers = client.new_inbox();
    let mut servers = client
        .subscribe(answers.clone())
        .await
        .context("an inbox for answers")?;
    ask(&client, "$SYS.REQ.SERVER.PING", &answers).await?;
    let mut ids = Vec::new();
    // The first may take its time, the others follow at once.
    let mut wait = PATIENCE;
    while let Ok(Some(answer)) = tokio::time::timeout(wait, servers.next()).await {
        let answer: Value = serde_json::from_slice(&answer.payload).context("a server's answer")?;
        ids.extend(answer["server"]["id"].as_str().map(str::to_owned));
        wait = Duration::from_millis(250);
    }
    ensure!(
        !ids.is_empty(),
        "no server answers the user of the system account"
    );
    for id in ids {
        ask(&client, &format!("$SYS.REQ.SERVER.{id}.RELOAD"), &answers).await?;
        let answer = tokio::time::timeout(PATIENCE, servers.next()).await;
        let answer = answer
            .ok()
            .flatten()
            .with_context(|| format!("the server {id} did not answer"))?;
        let answer: Value = serde_json::from_slice(&answer.payload).context("a server's answer")?;
        ensure!(
            answer.get("error").is_none(),
            "the server {id} refuses its configuration: {}",
            answer["error"]
        );
    }
    Ok(())
}

#[expect(
    clippy::disallowed_methods,
    reason = "a question to the broker itself, no fact"
)]
async fn ask(client: &Client, subject: &str, answers: &str) -> anyhow::Result<()> {
    client
        .publish_with_reply(subject.to_owned(), answers.to_owned(), "".into())
        .await
        .with_context(|| subject.to_owned())
}

/// Asks every server of the cluster one question with the user of the system account, and gives what came.
pub(crate) async fn ask_servers(
    client: &Client,
    subject: &str,
    question: &str,
) -> anyhow::Result<Vec<Value>> {
    let inbox = client.new_inbox();
    let mut servers = client
        .subscribe(inbox.clone())
        .await
        .context("an inbox for answers")?;
    #[expect(
        clippy::disallowed_methods,
        reason = "a question to the broker itself, no fact"
    )]
    client
        .publish_with_reply(subject.to_owned(), inbox, question.to_owned().into())
        .await
        .with_context(|| subject.to_owned())?;
    let mut answers = Vec::new();
    // The first may take its time, the others follow at once.
    let mut wait = PATIENCE;
    while let Ok(Some(answer)) = tokio::time::timeout(wait, servers.next()).await {
        answers.push(serde_json::from_slice(&answer.payload).context("a server's answer")?);
        wait = Duration::from_millis(250);
    }
    ensure!(
        !answers.is_empty(),
        "no server answers the user of the system account"
    );
    Ok(answers)
}
