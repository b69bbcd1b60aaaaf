//! How far a server's clock is from this machine's. The time between question and answer is what cannot be known.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use platform::settings::Secret;

use super::finding::{Finding, Kind};

/// Tokens bear five seconds between two machines; what is near it is told before it refuses people.
const TOLERANCE: TimeDelta = TimeDelta::seconds(2);
const PATIENCE: Duration = Duration::from_secs(5);

/// Compares what a server said with the instants before and after it was asked.
pub(crate) fn compare(
    service: &str,
    server: &str,
    (before, said, after): (DateTime<Utc>, DateTime<Utc>, DateTime<Utc>),
) -> Option<Finding> {
    let apart = if said < before {
        before - said
    } else if said > after {
        said - after
    } else {
        TimeDelta::zero()
    };
    (apart > TOLERANCE).then(|| {
        let way = if said < before { "behind" } else { "ahead of" };
        Finding::new(
            Kind::ClockDiffers,
            service,
            format!(
                "the clock of {server} is {} s {way} this machine's",
                (apart.num_milliseconds() + 500) / 1_000
            ),
            format!("at most {} s apart", TOLERANCE.num_seconds()),
        )
    })
}

/// Asks Redis for its time.
pub(crate) async fn redis(
    service: &str,
    url: &Secret,
    now: &impl Fn() -> DateTime<Utc>,
) -> Result<Vec<Finding>, String> {
    // Its errors may repeat the address, which holds a password.
    let unseen = |_| format!("{service}: Redis does not answer");
    let client = redis::Client::open(url.expose()).map_err(unseen)?;
    let asked = async {
        let mut connection = client.get_multiplexed_async_connection().await?;
        let before = now();
        let said: (i64, u32) = redis::cmd("TIME").query_async(&mut connection).await?;
        redis::RedisResult::Ok((before, said, now()))
    };
    let (before, (seconds, micros), after) = tokio::time::timeout(PATIENCE, asked)
        .await
        .map_err(|_| format!("{service}: Redis does not answer"))?
        .map_err(unseen)?;
    let said = DateTime::from_timestamp(seconds, micros * 1_000).unwrap_or(before);
    Ok(compare(service, "Redis", (before, said, after))
        .into_iter()
        .collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_between_question_and_answer_is_right_and_one_beyond_the_tolerance_is_told() {
        let at = |seconds: i64| DateTime::from_timestamp(1_795_350_000 + seconds, 0).unwrap();
        assert_eq!(compare("benefits", "Postgres", (at(0), at(3), at(5))), None);
        assert_eq!(compare("benefits", "Postgres", (at(0), at(-2), at(0))), None);
        let behind = compare("benefits", "Postgres", (at(0), at(-3), at(0))).unwrap();
        assert_eq!(behind.seen, "the clock of Postgres is 3 s behind this machine's");
        let ahead = compare("benefits", "NATS", (at(0), at(60), at(1))).unwrap();
        assert_eq!(ahead.seen, "the clock of NATS is 59 s ahead of this machine's");
    }
}
