//! The facts that become messages, one file per fact.
//!
//! The events say who and which file; the benefit's code in them is not read, so that no message can depend on it.

pub(crate) mod on_account_access_changed;
pub(crate) mod on_account_activated;
pub(crate) mod on_account_link_requested;
pub(crate) mod on_application_changed;
pub(crate) mod on_application_reviewed;

use bus::{HandlerError, IncomingEvent};
use kernel::MessageId;
use platform::clock::Clock;
use platform::ids::uuid_v7;
use sqlx::PgConnection;

use crate::domain::message::{Fact, NewMessage};
use crate::error::Error;
use crate::use_cases::accept_message::accept_message;

/// Accepts the message of one event.
async fn accept(
    conn: &mut PgConnection,
    event: &IncomingEvent,
    fact: Fact,
    clock: &Clock,
) -> Result<(), HandlerError> {
    let now = clock.now();
    let message = NewMessage {
        id: MessageId::from_uuid(uuid_v7(now)),
        event: event.id,
        fact,
        happened_at: event.time,
    };
    accept_message(conn, message, event.traceparent.clone(), now)
        .await
        .map_err(sort)
}

/// Trying again helps, or the event is parked.
fn sort(error: Error) -> HandlerError {
    if error.is_transient() {
        HandlerError::transient(error)
    } else {
        HandlerError::permanent(error)
    }
}
