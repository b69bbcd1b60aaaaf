//! Prints every event that the application receives. Start it again at any time: it goes on where it stopped.

use async_nats::jetstream;
use serde_json::{Value, json};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let path = std::env::args().nth(1).unwrap_or_default();
    let credentials: Value = serde_json::from_slice(&std::fs::read(path)?)?;
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let client = async_nats::ConnectOptions::new()
        .user_and_password(text(&credentials["user"]), text(&credentials["password"]))
        .custom_inbox_prefix(text(&credentials["inbox"]))
        .retry_on_initial_connect()
        .connect(text(&credentials["url"]))
        .await?;
    let mut listeners = tokio::task::JoinSet::new();
    for durable in credentials["durables"].as_array().into_iter().flatten() {
        let (stream, durable) = (text(&durable["stream"]), text(&durable["durable"]));
        listeners.spawn(listen(client.clone(), stream, durable));
    }
    while let Some(ended) = listeners.join_next().await {
        ended??;
    }
    Ok(())
}

async fn listen(client: async_nats::Client, stream: String, durable: String) -> anyhow::Result<()> {
    let context = jetstream::new(client.clone());
    let next = format!("$JS.API.CONSUMER.MSG.NEXT.{stream}.{durable}");
    // The broker waits five seconds, in nanoseconds, for something to happen.
    let question = json!({ "batch": 1, "expires": 5_000_000_000_u64 }).to_string();
    loop {
        let request = async_nats::Request::new()
            .payload(question.clone().into())
            .inbox(client.new_inbox());
        let Ok(message) = client.send_request(next.clone(), request).await else {
            continue; // the broker is away
        };
        if message.status.is_some() {
            continue; // nothing happened for a while
        }
        let headers = message.headers.clone().unwrap_or_default();
        let header = |name: &str| headers.get(name).map(|value| value.as_str().to_owned());
        let event = json!({
            "id": header("ce-id"),
            "type": header("ce-type"),
            "record": header("ce-subject"),
            "version": header("ce-sequence").and_then(|version| version.parse::<i64>().ok()),
            "data": serde_json::from_slice::<Value>(&message.payload)?,
        });
        // Your effect stands here. Commit event["id"] with it: an event may come again, and then nothing is left to do.
        println!("{event}");
        let acknowledged = jetstream::Message {
            message,
            context: context.clone(),
        };
        acknowledged.ack().await.map_err(anyhow::Error::msg)?;
    }
}
