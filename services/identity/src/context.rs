//! What the use cases stand on: the pool, Redis, keys, rules read from settings, the clock. Built once; no rule and no SQL is here.

use std::sync::Arc;

use auth::client::{ServiceInterceptor, ServiceTokens};
use auth::token::SigningKey;
use auth::trust::Trust;
use bus::Wake;
use chrono::{DateTime, Utc};
use membership_proto::v1::staff_record_service_client::StaffRecordServiceClient;
use platform::calls::Channel;
use platform::clock::Clock;
use platform::tls::Tls;
use sqlx::{PgPool, Postgres, Transaction};
use tonic::service::interceptor::InterceptedService;

use crate::config::Settings;
use crate::domain::password::PasswordRules;
use crate::domain::terms::Terms;
use crate::error::Error;
use crate::hasher::Hasher;
use crate::secrets::Secrets;
use crate::store::redis::Redis;

pub(crate) type StaffRecords = StaffRecordServiceClient<InterceptedService<Channel, ServiceInterceptor>>;

/// Shared by all handlers and jobs.
pub(crate) struct Context {
    pub(crate) settings: Settings,
    pub(crate) pool: PgPool,
    pub(crate) redis: Redis,
    pub(crate) secrets: Secrets,
    pub(crate) hasher: Hasher,
    pub(crate) passwords: PasswordRules,
    pub(crate) terms: Terms,
    pub(crate) clock: Clock,
    pub(crate) wake: Wake,
    pub(crate) signing_key: SigningKey,
    pub(crate) trust: Trust,
    pub(crate) staff_records: StaffRecords,
}

impl Context {
    /// Builds everything that needs no listening port.
    pub(crate) fn new(
        settings: Settings,
        tls: &Tls,
        pool: PgPool,
        wake: Wake,
        clock: Clock,
    ) -> anyhow::Result<Arc<Self>> {
        let keys = platform::keys::KeyDirectory::open(&settings.common.keys.directory);
        let signing_key = SigningKey::open(&keys, "identity")?;
        let tokens = ServiceTokens::new(signing_key.clone(), clock.clone());
        let channel = platform::grpc::channel_to("membership", &settings.peers.membership, tls)?;
        let password = &settings.password;
        Ok(Arc::new(Self {
            redis: Redis::new(&settings.redis)?,
            secrets: Secrets::open(&keys)?,
            hasher: Hasher::new(password)?,
            passwords: PasswordRules::new(
                password.least,
                password.most,
                crate::COMMON_PASSWORDS,
                &password.context_words,
            ),
            terms: Terms::read(crate::TERMS_FILES)?,
            trust: Trust::new(&keys.trust_path()),
            staff_records: StaffRecordServiceClient::with_interceptor(
                channel,
                tokens.interceptor("membership"),
            ),
            signing_key,
            settings,
            pool,
            clock,
            wake,
        }))
    }

    pub(crate) fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    pub(crate) async fn begin(&self) -> Result<Transaction<'static, Postgres>, Error> {
        Ok(self.pool.begin().await?)
    }
}
