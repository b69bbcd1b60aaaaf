//! Whether events go through: one that tells nothing is sent and received. The one thing of the doctor that writes; only when asked.

use std::time::Duration;

use bus::probe::{self, Probed};
use chrono::{DateTime, Utc};
use platform::settings::Role;
use sqlx::postgres::PgConnectOptions;
use sqlx::{ConnectOptions as _, Connection as _};

use super::finding::{Finding, Kind};
use super::{Examination, Subject};

/// What the broker and the database may take beside the probe's own deadline.
const BESIDE: Duration = Duration::from_secs(20);

/// How long an operator waits for it.
pub const PROBE_DEADLINE: Duration = probe::DEADLINE;

/// Sends an event as the service and waits so long for it. Who publishes nothing (no role `relay`) is not tried.
pub async fn publish(subject: &Subject, now: DateTime<Utc>, deadline: Duration) -> Examination {
    let mut examination = Examination::default();
    let service = subject.service;
    if !subject.settings.common.plays(Role::Relay) {
        return examination;
    }
    let probed = tokio::time::timeout(deadline + BESIDE, send(subject, now, deadline)).await;
    examination.add(match probed {
        Ok(Ok(probed)) => Ok(vec![told(service, probed, deadline)]),
        Ok(Err(error)) => Err(format!("{service}: no event could be tried: {error:#}")),
        Err(_elapsed) => Err(format!("{service}: no event could be tried: no answer in time")),
    });
    examination
}

async fn send(subject: &Subject, now: DateTime<Utc>, deadline: Duration) -> anyhow::Result<Probed> {
    let common = &subject.settings.common;
    let options: PgConnectOptions = common.postgres.url.expose().parse()?;
    let mut conn = options
        .application_name("tadamon doctor")
        .options([("statement_timeout", "10s"), ("lock_timeout", "2s")])
        .connect()
        .await?;
    // Nothing is written where another service's outbox might be.
    platform::db::check_owner(&mut conn, subject.service).await?;
    let probed = probe::probe(&mut conn, &common.nats, subject.service, now, deadline).await;
    conn.close().await?;
    probed
}

fn told(service: &str, probed: Probed, deadline: Duration) -> Finding {
    let expected = format!("back within {} s", deadline.as_secs());
    let (kind, seen) = match probed {
        Probed::Back { after } => (
            Kind::ProbeCameBack,
            format!("an event came back after {} ms", after.as_millis()),
        ),
        Probed::NotPublished => (
            Kind::ProbeNotPublished,
            "an event still waits in the outbox".to_owned(),
        ),
        Probed::NotDelivered { sequence } => (
            Kind::ProbeNotDelivered,
            format!("an event is in the stream, as number {sequence}, and was not handed out"),
        ),
    };
    Finding::new(kind, service, seen, expected)
}

#[cfg(test)]
mod tests {
    use super::super::Severity;
    use super::*;

    #[test]
    fn an_event_that_stands_still_is_told_with_where_it_stands() {
        let told = |probed| told("benefits", probed, Duration::from_secs(20));
        let kept = told(Probed::NotDelivered { sequence: 7 });
        assert_eq!(kept.kind.severity(), Severity::Error);
        assert_eq!(
            kept.seen,
            "an event is in the stream, as number 7, and was not handed out"
        );
        let waits = told(Probed::NotPublished);
        assert!(
            waits
                .mend()
                .contains("a process of benefits runs with the role relay"),
            "{waits}"
        );
        assert_eq!(
            told(Probed::Back {
                after: Duration::from_millis(310)
            })
            .kind
            .severity(),
            Severity::Information
        );
    }
}
