//! Redis: counters of partners' quotas. Only what may be lost: without it each process counts for itself.

use std::time::Duration;

use redis::aio::{ConnectionManager, ConnectionManagerConfig};
use redis::{Client, RedisError, Script};

use crate::config::RedisSettings;

/// A check that waits longer than this for Redis is counted by the process itself.
const ANSWER: Duration = Duration::from_millis(250);
const CONNECT: Duration = Duration::from_millis(250);

/// Counts so many more in a window that begins with the first; answers the count and the milliseconds that are left of the window.
const COUNT: &str = "
local count = redis.call('INCRBY', KEYS[1], ARGV[2])
if count == tonumber(ARGV[2]) then redis.call('PEXPIRE', KEYS[1], ARGV[1]) end
return {count, redis.call('PTTL', KEYS[1])}";

/// A connection that comes back by itself.
#[derive(Clone)]
pub(crate) struct Redis {
    manager: ConnectionManager,
    script: Script,
    prefix: String,
}

impl Redis {
    /// Connects when first used: an absent Redis does not keep the service from starting.
    pub(crate) fn new(settings: &RedisSettings) -> Result<Self, RedisError> {
        let client = Client::open(settings.url.expose())?;
        let config = ConnectionManagerConfig::new()
            .set_response_timeout(Some(ANSWER))
            .set_connection_timeout(Some(CONNECT))
            .set_number_of_retries(1);
        Ok(Self {
            manager: ConnectionManager::new_lazy_with_config(client, config)?,
            script: Script::new(COUNT),
            prefix: settings.prefix.clone(),
        })
    }

    /// Counts so many more; gives the count in this window and what is left of it.
    pub(crate) async fn count(
        &self,
        what: &str,
        client: &str,
        more: u64,
        window: Duration,
    ) -> Result<(u64, Duration), RedisError> {
        let key = format!("{}:partnerships:quota:{what}:{client}", self.prefix);
        let millis = u64::try_from(window.as_millis()).unwrap_or(u64::MAX);
        let (count, left): (u64, i64) = self
            .script
            .key(key)
            .arg(millis)
            .arg(more)
            .invoke_async(&mut self.manager.clone())
            .await?;
        Ok((count, Duration::from_millis(u64::try_from(left).unwrap_or(1_000))))
    }
}
