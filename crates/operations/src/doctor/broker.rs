//! A service's stream and durables on NATS, the broker's clock, and how it keeps streams.

use std::time::Duration;

use bus::Difference;
use bus::inspect::{self, Keeping, Seen};
use chrono::{DateTime, Utc};
use platform::settings::NatsSettings;

use super::clocks;
use super::finding::{Finding, Kind};

/// The broker's own default, with which the outbox was measured: what it loses is published again.
const SYNC: Duration = Duration::from_secs(120);

pub(crate) async fn examine(
    service: &str,
    settings: &NatsSettings,
    publishes: bool,
    now: &impl Fn() -> DateTime<Utc>,
) -> Result<Vec<Finding>, String> {
    let before = now();
    let look = inspect::look(settings, service)
        .await
        .map_err(|error| format!("{service}: {error:#}"))?;
    let after = now();
    let mut findings = Vec::new();
    if let Some(said) = look.broker_time {
        findings.extend(clocks::compare(service, "NATS", (before, said, after)));
    }
    // Who publishes nothing has no stream.
    if publishes || look.stream.differences.is_some() {
        findings.extend(told(
            service,
            &look.stream,
            Kind::StreamMissing,
            Kind::StreamSettings,
        ));
    }
    for durable in &look.durables {
        findings.extend(told(
            service,
            durable,
            Kind::DurableMissing,
            Kind::DurableSettings,
        ));
    }
    Ok(findings)
}

fn told(service: &str, seen: &Seen, missing: Kind, other: Kind) -> Option<Finding> {
    let name = &seen.name;
    let Some(differences) = &seen.differences else {
        return Some(Finding::new(
            missing,
            service,
            format!("{name} is not there"),
            "made by its service",
        ));
    };
    let joined =
        |text: fn(&Difference) -> String| differences.iter().map(text).collect::<Vec<_>>().join(", ");
    (!differences.is_empty()).then(|| {
        Finding::new(
            other,
            service,
            format!(
                "{name} has {}",
                joined(|difference| format!("{} {}", difference.setting, difference.found))
            ),
            joined(|difference| format!("{} {}", difference.setting, difference.asked)),
        )
    })
}

/// How the broker's servers keep streams: asked with the user of the system account, which only an operator has.
///
/// # Errors
/// One sentence: the broker is away or refuses the user.
pub async fn keeping(url: &str, user: &str, password: &str) -> Result<Vec<Finding>, String> {
    let servers = inspect::keeping(url, user, password)
        .await
        .map_err(|error| format!("installation: {error:#}"))?;
    Ok(late(servers))
}

fn late(servers: Vec<Keeping>) -> Vec<Finding> {
    let late = servers.into_iter().filter_map(|server| {
        Some((
            server.server,
            server.sync_interval.filter(|interval| *interval > SYNC)?,
        ))
    });
    late.map(|(server, interval)| {
        Finding::new(
            Kind::BrokerSync,
            "installation",
            format!(
                "{server} writes streams to its disk every {} s",
                interval.as_secs()
            ),
            format!("at most {} s", SYNC.as_secs()),
        )
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_that_writes_later_than_its_default_is_told_and_one_that_writes_each_message_is_not() {
        let keeps = |server: &str, seconds: Option<u64>| Keeping {
            server: server.to_owned(),
            sync_interval: seconds.map(Duration::from_secs),
        };
        let found = late(vec![
            keeps("a", Some(120)),
            keeps("b", None),
            keeps("c", Some(600)),
        ]);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].seen, "c writes streams to its disk every 600 s");
    }
}
