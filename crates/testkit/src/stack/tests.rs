//! The servers for real: what is committed survives a kill, what a user may not do is refused. Each test has a stack of its own.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;

use async_nats::jetstream;
use lapin::options::{BasicGetOptions, BasicPublishOptions, ConfirmSelectOptions, QueueDeclareOptions};
use lapin::types::{AMQPValue, FieldTable};
use sqlx::{Connection as _, PgConnection};

use super::*;

async fn nats(addresses: &StackAddresses, user: &NatsUser) -> async_nats::Client {
    async_nats::ConnectOptions::with_user_and_password(user.user.clone(), user.password.clone())
        .custom_inbox_prefix(format!("_INBOX.{}", user.user))
        .connect(&addresses.nats_url)
        .await
        .unwrap()
}

#[tokio::test]
async fn a_private_stack_keeps_committed_rows_when_postgres_is_killed() {
    let stack = PrivateStack::start(&[Server::Postgres]).unwrap();
    let url = &stack.addresses().postgres_url;
    let mut connection = PgConnection::connect(url).await.unwrap();
    sqlx::query("CREATE TABLE kept AS SELECT 7 AS n")
        .execute(&mut connection)
        .await
        .unwrap();

    stack.kill(Server::Postgres).unwrap();
    assert!(PgConnection::connect(url).await.is_err());
    stack.start_again(Server::Postgres).unwrap();

    let mut connection = PgConnection::connect(url).await.unwrap();
    let kept: i32 = sqlx::query_scalar("SELECT n FROM kept")
        .fetch_one(&mut connection)
        .await
        .unwrap();
    assert_eq!(kept, 7);
    let fsync: String = sqlx::query_scalar("SHOW fsync")
        .fetch_one(&mut connection)
        .await
        .unwrap();
    assert_eq!(
        fsync, "on",
        "faults are worthless on a server that does not wait for the disk"
    );
}

#[tokio::test]
#[expect(
    clippy::disallowed_methods,
    reason = "the broker itself is tested here, not our bus"
)]
async fn a_private_stack_keeps_streams_when_nats_is_killed_and_lets_a_service_publish_only_its_own_facts() {
    let stack = PrivateStack::start(&[Server::Nats]).unwrap();
    let addresses = stack.addresses();
    let admin = jetstream::new(nats(addresses, &addresses.nats_admin).await);
    let config = jetstream::stream::Config {
        name: "facts".to_owned(),
        subjects: vec!["tadamon.events.>".to_owned()],
        ..Default::default()
    };
    admin.create_stream(config).await.unwrap();

    let benefits = jetstream::new(nats(addresses, &addresses.nats_services["benefits"]).await);
    let subject = "tadamon.events.benefits.application.submitted.v1";
    benefits
        .publish(subject, "{}".into())
        .await
        .unwrap()
        .await
        .unwrap();
    let foreign = benefits
        .publish("tadamon.events.identity.account.activated.v1", "{}".into())
        .await
        .unwrap();
    assert!(
        foreign.await.is_err(),
        "a service published another service's fact"
    );

    stack.kill(Server::Nats).unwrap();
    stack.start_again(Server::Nats).unwrap();
    let admin = jetstream::new(nats(addresses, &addresses.nats_admin).await);
    let info = admin.get_stream("facts").await.unwrap().get_info().await.unwrap();
    assert_eq!(info.state.messages, 1);
}

#[tokio::test]
#[expect(
    clippy::disallowed_methods,
    reason = "the broker itself is tested here, not our work queue"
)]
async fn a_private_stack_keeps_a_confirmed_message_when_rabbitmq_is_killed() {
    let stack = PrivateStack::start(&[Server::Rabbitmq]).unwrap();
    let url = &stack.addresses().amqp_url;
    drop(channel_with_queue(url).await);
    // RabbitMQ 3.10 buffers a new queue's definition for a moment: killed in that moment, it can neither find nor make the queue again.
    // A polite stop writes it.
    Stack::stop_one(stack.dir(), Server::Rabbitmq).unwrap();
    stack.start_again(Server::Rabbitmq).unwrap();

    let channel = channel_with_queue(url).await;
    channel
        .confirm_select(ConfirmSelectOptions::default())
        .await
        .unwrap();
    let properties = lapin::BasicProperties::default().with_delivery_mode(2);
    let confirm = channel
        .basic_publish(
            "".into(),
            "due".into(),
            BasicPublishOptions::default(),
            b"1",
            properties,
        )
        .await
        .unwrap();
    assert!(confirm.await.unwrap().is_ack());

    stack.kill(Server::Rabbitmq).unwrap();
    stack.start_again(Server::Rabbitmq).unwrap();
    let channel = channel_with_queue(url).await;
    let message = channel
        .basic_get("due".into(), BasicGetOptions::default())
        .await
        .unwrap();
    assert_eq!(
        message.expect("the confirmed message is there").delivery.data,
        b"1"
    );
}

async fn channel_with_queue(url: &str) -> lapin::Channel {
    let connection = lapin::Connection::connect(url, lapin::ConnectionProperties::default())
        .await
        .unwrap();
    let channel = connection.create_channel().await.unwrap();
    let mut quorum = FieldTable::default();
    quorum.insert("x-queue-type".into(), AMQPValue::LongString("quorum".into()));
    let durable = QueueDeclareOptions {
        durable: true,
        ..Default::default()
    };
    channel
        .queue_declare("due".into(), durable, quorum)
        .await
        .unwrap();
    channel
}

#[test]
fn a_private_stack_shows_a_mail_under_its_recipient_and_keeps_it_over_a_restart() {
    let stack = PrivateStack::start(&[Server::Mail]).unwrap();
    let addresses = stack.addresses();
    send_mail(addresses, "member@tadamon.example", "Bonjour");

    stack.kill(Server::Mail).unwrap();
    stack.start_again(Server::Mail).unwrap();
    // The name of the recipient is a filter, so that tests beside one another do not see each other's mail.
    let mine = get(addresses, "/api/email?to.address=member@tadamon.example");
    assert_eq!(mine.len(), 1);
    assert_eq!(mine[0]["subject"], "Bonjour");
    assert!(get(addresses, "/api/email?to.address=other@tadamon.example").is_empty());
}

fn get(addresses: &StackAddresses, path: &str) -> Vec<serde_json::Value> {
    let mut stream = TcpStream::connect(addresses.mail_url.trim_start_matches("http://")).unwrap();
    stream
        .write_all(format!("GET {path} HTTP/1.0\r\n\r\n").as_bytes())
        .unwrap();
    let mut reply = String::new();
    stream.read_to_string(&mut reply).unwrap();
    let (_, body) = reply.split_once("\r\n\r\n").unwrap();
    serde_json::from_str(body).unwrap()
}

fn send_mail(addresses: &StackAddresses, to: &str, subject: &str) {
    let stream = TcpStream::connect((addresses.smtp_host.as_str(), addresses.smtp_port)).unwrap();
    let mut replies = BufReader::new(stream.try_clone().unwrap()).lines();
    let mut stream = stream;
    let mut say = |line: String, expected: &str| {
        stream.write_all(line.as_bytes()).unwrap();
        // A reply of several lines marks all but its last with a hyphen.
        let reply = replies
            .by_ref()
            .map(Result::unwrap)
            .find(|line| line.as_bytes().get(3) != Some(&b'-'))
            .unwrap();
        assert!(reply.starts_with(expected), "{reply}");
    };
    say(String::new(), "220");
    say("EHLO tests.example\r\n".to_owned(), "250");
    say("MAIL FROM:<tests@tadamon.example>\r\n".to_owned(), "250");
    say(format!("RCPT TO:<{to}>\r\n"), "250");
    say("DATA\r\n".to_owned(), "354");
    say(
        format!("From: tests@tadamon.example\r\nTo: {to}\r\nSubject: {subject}\r\n\r\ntext\r\n.\r\n"),
        "250",
    );
    say("QUIT\r\n".to_owned(), "221");
}

#[test]
fn a_private_stack_leaves_neither_process_nor_file_behind() {
    let stack = PrivateStack::start(&[Server::Redis]).unwrap();
    let dir = stack.dir().to_owned();
    let status = Stack::status(&dir).unwrap();
    assert!(status.iter().all(|server| server.ready));
    drop(stack);
    assert!(!dir.exists());
    assert!(ports::require_free(status[0].port).is_ok());
}

#[test]
fn a_second_start_on_other_ports_keeps_what_runs() {
    let stack = PrivateStack::start(&[Server::Redis]).unwrap();
    let other = StackConfig::new(stack.dir(), free_base_port(stack.dir()).unwrap())
        .unwrap()
        .only(&[Server::Redis]);
    assert_eq!(&Stack::start(&other).unwrap(), stack.addresses());
}

#[test]
fn a_port_that_somebody_else_has_is_an_error_that_says_so() {
    let dir = std::env::temp_dir().join(format!("tadamon-taken-{}", std::process::id()));
    std::fs::create_dir_all(&dir).unwrap();
    let base = free_base_port(&dir).unwrap();
    let config = StackConfig::new(&dir, base).unwrap().only(&[Server::Redis]);
    let _taken = std::net::TcpListener::bind(("127.0.0.1", config.ports.main(Server::Redis))).unwrap();
    let error = Stack::start(&config).unwrap_err();
    Stack::reset(&dir).unwrap();
    assert!(
        format!("{error:#}").contains("another process listens"),
        "{error:#}"
    );
}
