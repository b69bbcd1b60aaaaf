//! Somebody else's hand changed the way into an account: its owner is told, the member in inbox and mail, the agent by mail.

use async_trait::async_trait;
use bus::{HandlerError, IncomingEvent, Subscriber};
use identity_proto::events::v1::AccountAccessChanged;
use platform::clock::Clock;
use sqlx::PgConnection;

use super::{accept, sort};
use crate::domain::message::Fact;
use crate::error::Error;

pub(crate) struct OnAccountAccessChanged(pub(crate) Clock);

#[async_trait]
impl Subscriber for OnAccountAccessChanged {
    const NAME: &'static str = "notifications-account-access";
    const PUBLISHER: &'static str = "identity";
    const EVENTS: &'static [&'static str] = &["identity.account.access_changed.v1"];
    type Facts = ();

    async fn fetch(&self, _events: &[IncomingEvent]) -> Result<(), HandlerError> {
        // Addresses are asked for when the mail is sent.
        Ok(())
    }

    async fn apply(
        &self,
        conn: &mut PgConnection,
        events: &[IncomingEvent],
        (): (),
    ) -> Result<(), HandlerError> {
        for event in events {
            let data: AccountAccessChanged = event.decode()?;
            let id = |error| sort(Error::Id(error));
            let fact = match data.change.as_str() {
                "desk_code_printed" => Fact::DeskCodePrinted {
                    member: data.member_id.parse().map_err(id)?,
                },
                "password_replaced" => Fact::PasswordReplaced {
                    member: data.member_id.parse().map_err(id)?,
                },
                "agent_changed" => Fact::AgentAccountChanged {
                    delivery: data.delivery_id.parse().map_err(id)?,
                },
                // A change that a newer identity tells of, and for which there are no words yet.
                _ => continue,
            };
            accept(conn, event, fact, &self.0).await?;
        }
        Ok(())
    }
}
