//! What `tadamon doctor` sees of a service's queues on RabbitMQ. It makes no queue and changes none.

use lapin::options::QueueDeclareOptions;
use lapin::protocol::AMQPSoftError;
use lapin::types::FieldTable;
use platform::settings::AmqpSettings;

use crate::broker::{self, BrokerError, within};
use crate::spec::QueueSpec;

/// How a queue stands there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum State {
    /// Its service makes it at its start.
    Missing,
    /// What the broker says of the argument that differs.
    OtherArguments(String),
    AsAsked {
        /// Processes that work on it.
        consumers: u32,
    },
}

/// Looks at a queue with the service's own user.
///
/// # Errors
/// The broker is away or refuses the user; the text never shows the address, which holds a password.
pub async fn look(
    settings: &AmqpSettings,
    service: &str,
    spec: &QueueSpec,
) -> anyhow::Result<(String, State)> {
    let queue = broker::queue_name(settings, service, spec);
    let connection = broker::connect(settings, "doctor").await?;
    let channel = within(connection.create_channel()).await?;
    let passive = QueueDeclareOptions {
        passive: true,
        ..QueueDeclareOptions::default()
    };
    let found = within(channel.queue_declare(queue.clone(), passive, FieldTable::default())).await;
    let state = match found {
        Err(error) if broker::refusal(&error, AMQPSoftError::NOTFOUND).is_some() => State::Missing,
        Err(error) => return Err(error.into()),
        // It is there, so that asking for it again makes nothing, and says what differs.
        Ok(found) => match broker::declare(&channel, &queue, spec).await {
            Ok(_) => State::AsAsked {
                consumers: found.consumer_count(),
            },
            Err(BrokerError::OtherArguments { reply, .. }) => State::OtherArguments(reply),
            Err(error) => return Err(error.into()),
        },
    };
    // What is open ends with the connection.
    let _closed = connection.close(200, "done".into()).await;
    Ok((queue.to_string(), state))
}
