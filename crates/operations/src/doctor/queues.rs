//! A service's work queue on RabbitMQ.

use platform::settings::AmqpSettings;
use work_queue::QueueSpec;
use work_queue::inspect::{self, State};

use super::finding::{Finding, Kind};

pub(crate) async fn examine(
    service: &str,
    settings: &AmqpSettings,
    spec: &QueueSpec,
) -> Result<Vec<Finding>, String> {
    let (name, state) = inspect::look(settings, service, spec)
        .await
        .map_err(|error| format!("{service}: {error:#}"))?;
    let finding = match state {
        State::Missing => Finding::new(
            Kind::QueueMissing,
            service,
            format!("{name} is not there"),
            "made by its service",
        ),
        State::OtherArguments(reply) => Finding::new(
            Kind::QueueArguments,
            service,
            format!("{name}: {reply}"),
            format!(
                "a durable quorum queue, x-delivery-limit {}, x-max-length {}, x-overflow reject-publish, nothing else",
                spec.delivery_limit, spec.max_length
            ),
        ),
        State::AsAsked { consumers: 0 } => Finding::new(
            Kind::QueueWithoutWorkers,
            service,
            format!("nobody works on {name}"),
            "at least one process",
        ),
        State::AsAsked { .. } => return Ok(Vec::new()),
    };
    Ok(vec![finding])
}
