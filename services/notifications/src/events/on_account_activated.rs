//! An account has a password for the first time: a welcome.

use async_trait::async_trait;
use bus::{HandlerError, IncomingEvent, Subscriber};
use identity_proto::events::v1::AccountActivated;
use kernel::MemberId;
use platform::clock::Clock;
use sqlx::PgConnection;

use super::{accept, sort};
use crate::domain::message::Fact;
use crate::error::Error;

pub(crate) struct OnAccountActivated(pub(crate) Clock);

#[async_trait]
impl Subscriber for OnAccountActivated {
    const NAME: &'static str = "notifications-account-activations";
    const PUBLISHER: &'static str = "identity";
    const EVENTS: &'static [&'static str] = &["identity.account.activated.v1"];
    type Facts = ();

    async fn fetch(&self, _events: &[IncomingEvent]) -> Result<(), HandlerError> {
        Ok(())
    }

    async fn apply(
        &self,
        conn: &mut PgConnection,
        events: &[IncomingEvent],
        (): (),
    ) -> Result<(), HandlerError> {
        for event in events {
            let data: AccountActivated = event.decode()?;
            // An agent's account belongs to no member and has no inbox yet.
            if data.member_id.is_empty() {
                continue;
            }
            let member: MemberId = data.member_id.parse().map_err(|error| sort(Error::Id(error)))?;
            accept(conn, event, Fact::AccountActivated { member }, &self.0).await?;
        }
        Ok(())
    }
}
