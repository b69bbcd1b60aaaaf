//! Follows identity's OAuth clients: one that was disabled, or a scope that was taken away, is refused at the gateway at once, though tokens live
//! for minutes.

use async_trait::async_trait;
use bus::{HandlerError, IncomingEvent, Subscriber};
use identity_proto::events::v1::ClientChanged;
use sqlx::PgConnection;

use crate::store::StoreError;
use crate::use_cases::note_client_state::note_client_state;

/// Follows `identity.client.changed`.
pub(crate) struct OnClientChanged;

#[async_trait]
impl Subscriber for OnClientChanged {
    const NAME: &'static str = "partnerships-clients";
    const PUBLISHER: &'static str = "identity";
    const EVENTS: &'static [&'static str] = &["identity.client.changed.v1"];
    type Facts = ();

    async fn fetch(&self, _: &[IncomingEvent]) -> Result<Self::Facts, HandlerError> {
        Ok(())
    }

    async fn apply(
        &self,
        conn: &mut PgConnection,
        events: &[IncomingEvent],
        (): (),
    ) -> Result<(), HandlerError> {
        for event in events {
            let client = event.decode::<ClientChanged>()?;
            note_client_state(
                conn,
                &client.client_id,
                event.sequence,
                client.disabled,
                &client.scopes,
            )
            .await
            .map_err(|error| match error {
                StoreError::Database(error) => error.into(),
                StoreError::Corrupt { .. } => HandlerError::permanent(error),
            })?;
        }
        Ok(())
    }
}
