//! What an application's credentials do not allow: everything but receiving from its own durables.

use std::time::Duration;

use async_nats::{Client, Event};
use futures::StreamExt as _;
use serde_json::Value;
use tokio::sync::mpsc;

use crate::documentation::Page;
use crate::world::{SUBMITTED, World};

struct App {
    client: Client,
    errors: mpsc::UnboundedReceiver<String>,
}

impl App {
    async fn connect(credentials: &Value) -> Self {
        let text = |name: &str| credentials[name].as_str().unwrap().to_owned();
        let (told, errors) = mpsc::unbounded_channel();
        let client = async_nats::ConnectOptions::with_user_and_password(text("user"), text("password"))
            .custom_inbox_prefix(text("inbox"))
            .event_callback(move |event| {
                let told = told.clone();
                async move {
                    if let Event::ServerError(error) = event {
                        let _test_ended = told.send(error.to_string());
                    }
                }
            })
            .connect(text("url"))
            .await
            .unwrap();
        Self { client, errors }
    }

    /// The broker's next word of refusal, which must be about this.
    async fn refused(&mut self, what: &str) {
        let error = tokio::time::timeout(Duration::from_secs(20), self.errors.recv())
            .await
            .unwrap_or_else(|_| panic!("{what} was allowed"))
            .unwrap()
            .to_lowercase();
        assert!(
            error.contains("permissions violation") && error.contains(&what.to_lowercase()),
            "{what}: {error}"
        );
    }
}

#[tokio::test]
async fn private_stack_an_application_receives_from_its_durable_and_is_denied_everything_else() {
    let world = World::start().await;
    world.run_printed(&Page::read().creation());
    let credentials: Value =
        serde_json::from_slice(&std::fs::read(world.dir.join("statistics.json")).unwrap()).unwrap();
    let stream = credentials["durables"][0]["stream"].as_str().unwrap();
    let durable = credentials["durables"][0]["durable"].as_str().unwrap();
    let mut app = App::connect(&credentials).await;

    for subject in [
        "tadamon.>",
        "tadamon.events.>",
        "tadamon.restricted.>",
        "tadamon.events.benefits.application.submitted.v1",
        ">",
        "*.>",
        "$SYS.>",
        "$JS.>",
        "_INBOX.>",
        "_INBOX.*",
        "_INBOX.benefits.>",
        "_INBOX.app-statistics2.>",
    ] {
        let mut heard = app.client.subscribe(subject).await.unwrap();
        app.refused(subject).await;
        world.publish(SUBMITTED, false).await;
        world.drained().await;
        let nothing = tokio::time::timeout(Duration::from_millis(100), heard.next()).await;
        assert!(!matches!(nothing, Ok(Some(_))), "{subject} was heard");
    }

    for subject in [
        format!("$JS.API.STREAM.MSG.GET.{stream}"),
        format!("$JS.API.DIRECT.GET.{stream}"),
        format!("$JS.API.DIRECT.GET.{stream}.tadamon.restricted.benefits.application.submitted.v1"),
        format!("$JS.API.CONSUMER.CREATE.{stream}"),
        format!("$JS.API.CONSUMER.CREATE.{stream}.mine"),
        format!("$JS.API.CONSUMER.CREATE.{stream}.{durable}"),
        format!("$JS.API.CONSUMER.CREATE.{stream}.{durable}.tadamon.restricted.>"),
        format!("$JS.API.CONSUMER.DURABLE.CREATE.{stream}.{durable}"),
        format!("$JS.API.CONSUMER.DELETE.{stream}.{durable}"),
        format!("$JS.API.CONSUMER.INFO.{stream}.{durable}"),
        format!("$JS.API.CONSUMER.NAMES.{stream}"),
        format!("$JS.API.CONSUMER.MSG.NEXT.{stream}.tadamon-notifications-applications"),
        format!("$JS.API.STREAM.INFO.{stream}"),
        format!("$JS.API.STREAM.PURGE.{stream}"),
        format!("$JS.API.STREAM.DELETE.{stream}"),
        "$JS.API.STREAM.CREATE.MINE".to_owned(),
        "$JS.API.STREAM.NAMES".to_owned(),
        "$JS.API.INFO".to_owned(),
        format!("$JS.ACK.{stream}.tadamon-notifications-applications.1.1.1.1.0"),
        "$SYS.REQ.SERVER.PING".to_owned(),
        "tadamon.events.benefits.application.submitted.v1".to_owned(),
        "tadamon.restricted.benefits.application.submitted.v1".to_owned(),
        "tadamon.events.statistics.thing.done.v1".to_owned(),
        "_INBOX.benefits.x".to_owned(),
        "anything".to_owned(),
    ] {
        #[expect(
            clippy::disallowed_methods,
            reason = "the test plays an application that oversteps"
        )]
        app.client.publish(subject.clone(), "{}".into()).await.unwrap();
        app.refused(&subject).await;
    }

    let question = format!("$JS.API.CONSUMER.MSG.NEXT.{stream}.{durable}");
    // Whoever asks the broker names where the answer goes: it must not become an order to the broker in the application's place.
    let before = world.broker_has(stream).await;
    for order in [
        format!("$JS.API.STREAM.PURGE.{stream}"),
        format!("$JS.API.STREAM.DELETE.{stream}"),
        format!("$JS.API.CONSUMER.DELETE.{stream}.{durable}"),
    ] {
        for ask in [r#"{"batch":1,"no_wait":true}"#, "unreadable"] {
            #[expect(
                clippy::disallowed_methods,
                reason = "the test plays an application that oversteps"
            )]
            app.client
                .publish_with_reply(question.clone(), order.clone(), ask.into())
                .await
                .unwrap();
            app.client.flush().await.unwrap();
        }
    }
    // And after all that it receives what it may.
    let request = async_nats::Request::new()
        .payload(r#"{"batch":1}"#.into())
        .inbox(app.client.new_inbox());
    let answer = app.client.send_request(question, request).await.unwrap();
    assert_eq!(
        answer.subject.as_str(),
        format!("tadamon.events.{SUBMITTED}").as_str()
    );
    assert_eq!(world.broker_has(stream).await, before);
}

#[tokio::test]
async fn private_stack_a_wrong_password_and_a_removed_application_are_refused() {
    let world = World::start().await;
    world.run_printed(&Page::read().creation());
    let credentials: Value =
        serde_json::from_slice(&std::fs::read(world.dir.join("statistics.json")).unwrap()).unwrap();
    let (url, user) = (
        credentials["url"].as_str().unwrap(),
        credentials["user"].as_str().unwrap(),
    );
    assert!(bus::operate::sign_in(url, user, "guessed").await.is_err());
    assert!(bus::operate::sign_in(url, user, "").await.is_err());
    let password = credentials["password"].as_str().unwrap();
    assert!(bus::operate::sign_in(url, user, password).await.is_ok());
    world.run_printed("tadamon apps remove statistics");
    assert!(bus::operate::sign_in(url, user, password).await.is_err());
}
