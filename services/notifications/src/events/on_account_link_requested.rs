//! Somebody asked for a link and matched: identity holds address and link, we hold the delivery's id.

use async_trait::async_trait;
use bus::{HandlerError, IncomingEvent, Subscriber};
use identity_proto::events::v1::AccountLinkRequested;
use kernel::DeliveryId;
use platform::clock::Clock;
use sqlx::PgConnection;

use super::{accept, sort};
use crate::domain::message::Fact;
use crate::error::Error;

pub(crate) struct OnAccountLinkRequested(pub(crate) Clock);

#[async_trait]
impl Subscriber for OnAccountLinkRequested {
    const NAME: &'static str = "notifications-account-links";
    const PUBLISHER: &'static str = "identity";
    const EVENTS: &'static [&'static str] = &["identity.account.link_requested.v1"];
    type Facts = ();

    async fn fetch(&self, _events: &[IncomingEvent]) -> Result<(), HandlerError> {
        // The link is fetched when the mail is sent, so that it is the newest and stays nowhere.
        Ok(())
    }

    async fn apply(
        &self,
        conn: &mut PgConnection,
        events: &[IncomingEvent],
        (): (),
    ) -> Result<(), HandlerError> {
        for event in events {
            let data: AccountLinkRequested = event.decode()?;
            let delivery: DeliveryId = data.delivery_id.parse().map_err(|error| sort(Error::Id(error)))?;
            accept(conn, event, Fact::AccountLink { delivery }, &self.0).await?;
        }
        Ok(())
    }
}
