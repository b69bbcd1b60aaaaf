//! Redis: issued challenges, taken once, and counters for rate limits. Only what may be lost: a flush refuses challenges, it never lets in.
//! Network addresses and payroll numbers stand here only as keyed hashes.

use std::time::Duration;

use redis::aio::{ConnectionManager, ConnectionManagerConfig};
use redis::{AsyncCommands as _, Client, Script, SetExpiry, SetOptions};
use uuid::Uuid;

use crate::config::RedisSettings;
use crate::error::Error;

/// A sign-in that waits longer than this for Redis is told to try again.
const ANSWER: Duration = Duration::from_millis(800);
const CONNECT: Duration = Duration::from_millis(800);

/// Counts one more in a window that begins with the first; answers the count and the milliseconds that are left of the window.
const COUNT: &str = "
local count = redis.call('INCR', KEYS[1])
if count == 1 then redis.call('PEXPIRE', KEYS[1], ARGV[1]) end
return {count, redis.call('PTTL', KEYS[1])}";

/// Notes a value in a set whose window begins with the first; when it grows to the limit, blocks. Answers the size.
const NOTE: &str = "
local fresh = redis.call('EXISTS', KEYS[1]) == 0
redis.call('SADD', KEYS[1], ARGV[1])
if fresh then redis.call('PEXPIRE', KEYS[1], ARGV[2]) end
local size = redis.call('SCARD', KEYS[1])
if size >= tonumber(ARGV[3]) then
  redis.call('SET', KEYS[2], '1', 'PX', ARGV[4])
  redis.call('DEL', KEYS[1])
end
return size";

/// A connection that comes back by itself.
#[derive(Clone)]
pub(crate) struct Redis {
    manager: ConnectionManager,
    prefix: String,
}

impl Redis {
    /// Connects when first used: an absent Redis does not keep the service from starting.
    pub(crate) fn new(settings: &RedisSettings) -> Result<Self, Error> {
        let client = Client::open(settings.url.expose())?;
        let config = ConnectionManagerConfig::new()
            .set_response_timeout(Some(ANSWER))
            .set_connection_timeout(Some(CONNECT))
            .set_number_of_retries(1);
        Ok(Self {
            manager: ConnectionManager::new_lazy_with_config(client, config)?,
            prefix: settings.prefix.clone(),
        })
    }

    fn key(&self, parts: &[&str]) -> String {
        format!("{}:identity:{}", self.prefix, parts.join(":"))
    }

    /// Keeps an issued challenge until it is taken or expires.
    pub(crate) async fn put_challenge(&self, id: Uuid, record: &str, life: Duration) -> Result<(), Error> {
        let key = self.key(&["challenge", &id.simple().to_string()]);
        let options = SetOptions::default().with_expiration(SetExpiry::PX(millis(life)));
        let () = self.manager.clone().set_options(key, record, options).await?;
        Ok(())
    }

    /// Takes an issued challenge: whoever asks second gets nothing.
    pub(crate) async fn take_challenge(&self, id: Uuid) -> Result<Option<String>, Error> {
        Ok(self
            .manager
            .clone()
            .get_del(self.key(&["challenge", &id.simple().to_string()]))
            .await?)
    }

    /// Counts an attempt; how long to wait when it is one too many.
    pub(crate) async fn count(
        &self,
        what: &str,
        who: &str,
        limit: u32,
        window: Duration,
    ) -> Result<Option<Duration>, Error> {
        let key = self.key(&["limit", what, who]);
        let (count, left): (u64, i64) = Script::new(COUNT)
            .key(key)
            .arg(millis(window))
            .invoke_async(&mut self.manager.clone())
            .await?;
        Ok((count > u64::from(limit))
            .then(|| Duration::from_millis(u64::try_from(left).unwrap_or(1_000).max(1_000))))
    }

    /// Whether a count has reached its limit, without counting; how long to wait then.
    pub(crate) async fn is_used_up(
        &self,
        what: &str,
        who: &str,
        limit: u32,
    ) -> Result<Option<Duration>, Error> {
        let key = self.key(&["limit", what, who]);
        let (count, left): (Option<u64>, i64) = redis::pipe()
            .get(&key)
            .pttl(&key)
            .query_async(&mut self.manager.clone())
            .await?;
        Ok((count.unwrap_or(0) >= u64::from(limit))
            .then(|| Duration::from_millis(u64::try_from(left).unwrap_or(1_000).max(1_000))))
    }

    /// Notes that an address got a login wrong; too many different ones block it. Answers how many there are.
    pub(crate) async fn note_failure(
        &self,
        address: &str,
        login: &str,
        limit: u32,
        window: Duration,
        block: Duration,
    ) -> Result<u64, Error> {
        let size = Script::new(NOTE)
            .key(self.key(&["spray", address]))
            .key(self.key(&["block", address]))
            .arg(login)
            .arg(millis(window))
            .arg(limit)
            .arg(millis(block))
            .invoke_async(&mut self.manager.clone())
            .await?;
        Ok(size)
    }

    /// How long an address is still blocked.
    pub(crate) async fn blocked_for(&self, address: &str) -> Result<Option<Duration>, Error> {
        let left: i64 = self.manager.clone().pttl(self.key(&["block", address])).await?;
        Ok(u64::try_from(left).ok().map(Duration::from_millis))
    }
}

fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}
