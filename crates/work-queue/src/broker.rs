//! RabbitMQ as this crate uses it: a connection with deadlines and heartbeats, the quorum queue with its limits, and
//! a publish that counts only when the broker has confirmed it and routed it.
//!
//! No recovery here: a broken connection is an error, and the supervisor in `run` begins anew.

use std::time::{Duration, Instant};

use lapin::options::{BasicPublishOptions, ConfirmSelectOptions, QueueDeclareOptions};
use lapin::protocol::{AMQPErrorKind, AMQPSoftError};
use lapin::types::{AMQPValue, FieldTable, ShortString};
use lapin::uri::AMQPUri;
use lapin::{BasicProperties, Channel, Confirmation, Connection, ConnectionProperties, ErrorKind, Queue};
use platform::metrics::messaging::Sending;
use platform::settings::AmqpSettings;
use thiserror::Error;
use tracing::Instrument;

use crate::spec::QueueSpec;
use crate::store::JobRow;

/// Everything that is not answered within this time is taken for a dead connection.
const ANSWER_WITHIN: Duration = Duration::from_secs(10);
/// A dead peer is noticed after two missed ones.
const HEARTBEAT_SECONDS: u16 = 5;

/// Why the broker could not be used. Never shows the address, which holds a password.
#[derive(Debug, Error)]
pub(crate) enum BrokerError {
    #[error("the address of RabbitMQ is not an AMQP address")]
    Address,
    #[error("RabbitMQ did not answer in time")]
    Silent,
    #[error("RabbitMQ")]
    Amqp(#[from] lapin::Error),
    #[error("the consumer was cancelled")]
    Cancelled,
    #[error("the jobs could not be read or saved")]
    Database(#[from] sqlx::Error),
    /// It is neither used nor changed: an operator must decide.
    #[error(
        "the queue {queue} has other arguments than asked: {reply}; remove it as the broker's administrator (`rabbitmqctl delete_queue {queue}`): \
         it is made as asked, and its ids come again from the table of jobs (docs/operations/doctor.md#queue_arguments)"
    )]
    OtherArguments { queue: String, reply: String },
}

/// What became of one publish.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Published {
    Confirmed,
    /// Returned as unroutable: the queue is gone. Confirmed by the broker all the same, which means nothing here.
    Unroutable,
    /// The queue is full.
    Refused,
}

/// The queue's name in RabbitMQ.
pub(crate) fn queue_name(settings: &AmqpSettings, service: &str, spec: &QueueSpec) -> ShortString {
    format!("{}.{service}.{}", settings.prefix, spec.name).into()
}

/// A connection of its own and one channel on it, with the queue declared as `spec` says.
pub(crate) async fn open(
    settings: &AmqpSettings,
    name: &str,
    queue: &ShortString,
    spec: &QueueSpec,
) -> Result<(Connection, Channel), BrokerError> {
    let connection = connect(settings, name).await?;
    let channel = within(connection.create_channel()).await?;
    declare(&channel, queue, spec).await?;
    Ok((connection, channel))
}

pub(crate) async fn connect(settings: &AmqpSettings, name: &str) -> Result<Connection, BrokerError> {
    let mut uri: AMQPUri = settings.url.expose().parse().map_err(|_| BrokerError::Address)?;
    uri.query.heartbeat = uri.query.heartbeat.or(Some(HEARTBEAT_SECONDS));
    let properties = ConnectionProperties::default().with_connection_name(name.to_owned().into());
    // lapin's own loop runs for as long as the connection, in a span of the level of the one it is opened in: a
    // debug span keeps its lines out of the service's log at INFO.
    let span = tracing::debug_span!(parent: None, "amqp");
    within(Connection::connect_uri(uri, properties).instrument(span)).await
}

/// Makes the queue, or finds it as asked.
pub(crate) async fn declare(
    channel: &Channel,
    queue: &ShortString,
    spec: &QueueSpec,
) -> Result<Queue, BrokerError> {
    let options = QueueDeclareOptions {
        durable: true,
        ..QueueDeclareOptions::default()
    };
    let declared = within(channel.queue_declare(queue.clone(), options, arguments(spec))).await;
    declared.map_err(|error| match refusal(&error, AMQPSoftError::PRECONDITIONFAILED) {
        Some(reply) => BrokerError::OtherArguments {
            queue: queue.to_string(),
            reply,
        },
        None => error,
    })
}

/// What the broker said, when it refused with this code.
pub(crate) fn refusal(error: &BrokerError, code: AMQPSoftError) -> Option<String> {
    let BrokerError::Amqp(error) = error else {
        return None;
    };
    match error.kind() {
        ErrorKind::ProtocolError(error) if *error.kind() == AMQPErrorKind::Soft(code) => {
            Some(error.get_message().to_string())
        }
        _ => None,
    }
}

/// The queue's arguments. A queue that stands with others refuses the declaration: an operator must decide.
pub(crate) fn arguments(spec: &QueueSpec) -> FieldTable {
    let mut table = FieldTable::default();
    table.insert("x-queue-type".into(), AMQPValue::LongString("quorum".into()));
    table.insert(
        "x-delivery-limit".into(),
        AMQPValue::LongLongInt(spec.delivery_limit),
    );
    table.insert("x-max-length".into(), AMQPValue::LongLongInt(spec.max_length));
    table.insert(
        "x-overflow".into(),
        AMQPValue::LongString("reject-publish".into()),
    );
    table
}

/// Turns on publisher confirms.
pub(crate) async fn confirm(channel: &Channel) -> Result<(), BrokerError> {
    within(channel.confirm_select(ConfirmSelectOptions::default())).await
}

/// Publishes the ids with all of them in flight, then reads the confirms in the same order. Each stands in the trace of its cause.
pub(crate) async fn publish(
    channel: &Channel,
    queue: &ShortString,
    jobs: &[JobRow],
) -> Result<Vec<Published>, BrokerError> {
    let mut confirms = Vec::with_capacity(jobs.len());
    for job in jobs {
        let span = tracing::info_span!(
            "send",
            otel.name = format!("send {queue}"),
            otel.kind = "producer",
            messaging.system = "rabbitmq",
            messaging.operation.name = "send",
            messaging.operation.type = "send",
            messaging.destination.name = %queue,
        );
        platform::telemetry::continue_trace(&span, job.traceparent.as_deref());
        let text = job.id.to_string();
        let properties = BasicProperties::default()
            .with_delivery_mode(2)
            .with_message_id(text.as_str().into());
        let options = BasicPublishOptions {
            mandatory: true,
            ..BasicPublishOptions::default()
        };
        #[expect(
            clippy::disallowed_methods,
            reason = "this is the dispatcher that may publish ids"
        )]
        let sent = channel.basic_publish("".into(), queue.clone(), options, text.as_bytes(), properties);
        let began = Instant::now();
        let confirm = within(sent).instrument(span).await?;
        confirms.push(async move { (within(confirm).await, began.elapsed()) });
    }
    let sending = Sending::to("rabbitmq", queue.as_str());
    let mut outcomes = Vec::with_capacity(confirms.len());
    for confirm in confirms {
        let (confirm, took) = confirm.await;
        let outcome = confirm.map(|confirm| match confirm {
            Confirmation::Ack(None) => Published::Confirmed,
            Confirmation::Ack(Some(_returned)) => Published::Unroutable,
            Confirmation::Nack(_) | Confirmation::NotRequested => Published::Refused,
        });
        sending.ended(matches!(outcome, Ok(Published::Confirmed)), took);
        outcomes.push(outcome?);
    }
    Ok(outcomes)
}

/// Bounds a wait for the broker.
pub(crate) async fn within<T>(
    answer: impl Future<Output = Result<T, lapin::Error>>,
) -> Result<T, BrokerError> {
    match tokio::time::timeout(ANSWER_WITHIN, answer).await {
        Ok(answer) => answer.map_err(BrokerError::from),
        Err(_elapsed) => Err(BrokerError::Silent),
    }
}
