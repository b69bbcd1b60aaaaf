//! What `tadamon doctor` sees on the broker with a service's own user: its stream, its durables, and the broker's clock. It changes nothing.

use std::time::Duration;

use anyhow::Context as _;
use async_nats::Client;
use async_nats::jetstream::{consumer, stream};
use chrono::{DateTime, Utc};
use platform::settings::NatsSettings;
use serde_json::Value;

use crate::asked::{self, Difference};
use crate::grants;
use crate::operate::sign_in;

/// "stream not found" and "consumer not found" in the broker's own numbers.
const NO_STREAM: i64 = 10_059;
const NO_CONSUMER: i64 = 10_014;
/// How long the broker may take to answer one question.
const PATIENCE: Duration = Duration::from_secs(5);

/// The service's stream, or one of its durables.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    pub name: String,
    /// `None`: it is not there.
    pub differences: Option<Vec<Difference>>,
}

/// What one service has on the broker.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Look {
    pub stream: Seen,
    pub durables: Vec<Seen>,
    /// The broker's clock, where an answer of it says the time.
    pub broker_time: Option<DateTime<Utc>>,
}

/// What one server says of how it keeps streams.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Keeping {
    pub server: String,
    /// Between two writes to the disk; `None` when each message is.
    pub sync_interval: Option<Duration>,
}

/// Looks at the stream and durables of a service with its own user.
///
/// # Errors
/// The broker is away, or refuses the user or a question.
pub async fn look(settings: &NatsSettings, service: &str) -> anyhow::Result<Look> {
    let client = sign_in(&settings.url, &settings.user, settings.password.expose()).await?;
    let asked = asked::stream(&settings.prefix, service, settings.replicas);
    let answer = ask(&client, &format!("$JS.API.STREAM.INFO.{}", asked.name)).await?;
    let broker_time = answer["ts"].as_str().and_then(|text| text.parse().ok());
    let differences = match error(&answer) {
        Some(NO_STREAM) => None,
        Some(_) => anyhow::bail!(
            "the broker does not show the stream {}: {}",
            asked.name,
            answer["error"]
        ),
        None => {
            let found: stream::Config = serde_json::from_value(answer["config"].clone())
                .with_context(|| format!("the settings of {}", asked.name))?;
            Some(asked::stream_differences(&found, &asked))
        }
    };
    let mut durables = Vec::new();
    for listener in grants::LISTENERS
        .iter()
        .filter(|listener| listener.service == service)
    {
        let asked = asked::durable(&settings.prefix, listener.name, listener.filter);
        let name = grants::durable_name(&settings.prefix, listener.name);
        let stream = grants::stream_name(&settings.prefix, listener.publisher());
        let answer = ask(&client, &format!("$JS.API.CONSUMER.INFO.{stream}.{name}")).await?;
        let differences = match error(&answer) {
            Some(NO_STREAM | NO_CONSUMER) => None,
            Some(_) => anyhow::bail!("the broker does not show the durable {name}: {}", answer["error"]),
            None => {
                let found: consumer::Config = serde_json::from_value(answer["config"].clone())
                    .with_context(|| format!("the settings of {name}"))?;
                Some(asked::durable_differences(&found, &asked))
            }
        };
        durables.push(Seen { name, differences });
    }
    Ok(Look {
        stream: Seen {
            name: asked.name,
            differences,
        },
        durables,
        broker_time,
    })
}

/// How each server of the cluster keeps streams, asked with the user of the system account.
///
/// # Errors
/// The broker is away, or refuses the user.
pub async fn keeping(url: &str, user: &str, password: &str) -> anyhow::Result<Vec<Keeping>> {
    let client = sign_in(url, user, password).await?;
    let answers =
        crate::operate::ask_servers(&client, "$SYS.REQ.SERVER.PING.JSZ", r#"{"config":true}"#).await?;
    Ok(answers
        .iter()
        .map(|answer| {
            let config = &answer["data"]["config"];
            let nanos = config["sync_interval"].as_u64().unwrap_or_default();
            let always = config["sync_always"].as_bool() == Some(true);
            Keeping {
                server: answer["server"]["name"].as_str().unwrap_or_default().to_owned(),
                sync_interval: (!always).then(|| Duration::from_nanos(nanos)),
            }
        })
        .collect())
}

fn error(answer: &Value) -> Option<i64> {
    answer.get("error")?.get("err_code")?.as_i64()
}

async fn ask(client: &Client, subject: &str) -> anyhow::Result<Value> {
    let question = client.request(subject.to_owned(), "".into());
    let answer = tokio::time::timeout(PATIENCE, question)
        .await
        .with_context(|| format!("the broker did not answer {subject}"))?
        .with_context(|| subject.to_owned())?;
    serde_json::from_slice(&answer.payload).context("the broker's answer")
}
