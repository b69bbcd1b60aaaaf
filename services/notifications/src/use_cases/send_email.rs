//! Sends the mail of one message: asks its owner for address, language and link at the moment of sending, and traces
//! each attempt.
//!
//! When to try again is the work queue's. A process that dies between the mail server's yes and our commit repeats the
//! mail once; the Message-ID stays the same, so that a reader's mail program can tell.

use std::sync::Arc;

use kernel::{Locale, MessageId};
use tracing::info;

use crate::context::Context;
use crate::domain::message::Addressee;
use crate::domain::trace::{Dropped, Step};
use crate::error::Error;
use crate::mail::peers::{Contact, Delivery};
use crate::mail::{Letter, Link};
use crate::metrics;
use crate::store::messages;

/// What became of the attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sent {
    ToSmtp,
    Dropped(Dropped),
}

/// One attempt.
pub(crate) async fn send_email(context: &Arc<Context>, id: MessageId, attempt: i32) -> Result<(), Error> {
    let mut conn = context.pool.acquire().await?;
    let message = messages::outgoing(&mut conn, id).await?;
    if message.state.is_settled() {
        return Ok(());
    }
    messages::record(&mut conn, id, Step::Tried { attempt }, context.clock.now()).await?;
    // No connection is held while others answer.
    drop(conn);
    let outcome = deliver(context, id, message.addressee, message.kind).await;
    let step = match &outcome {
        Ok(Sent::ToSmtp) => Step::DeliveredToSmtp { attempt },
        Ok(Sent::Dropped(why)) => Step::Dropped(*why),
        Err(error) => Step::Failed {
            attempt,
            class: error.class(),
        },
    };
    let mut tx = context.pool.begin().await?;
    messages::record(&mut tx, id, step, context.clock.now()).await?;
    tx.commit().await?;
    match outcome? {
        Sent::ToSmtp => {
            metrics::handed_over(message.happened_at, context.clock.now());
            info!(message.id = %id, message.kind = message.kind.as_str(), attempt, "mail handed over")
        }
        Sent::Dropped(why) => info!(message.id = %id, attempt, reason = why.as_str(), "mail dropped"),
    }
    Ok(())
}

async fn deliver(
    context: &Arc<Context>,
    id: MessageId,
    addressee: Addressee,
    kind: crate::domain::message::Kind,
) -> Result<Sent, Error> {
    let (to, locale, link) = match addressee {
        Addressee::Delivery(delivery) => match context.peers.fetch_delivery(delivery).await? {
            Delivery::Gone => return Ok(Sent::Dropped(Dropped::LinkGone)),
            Delivery::Ready {
                contact,
                link,
                expires_at,
            } => (
                contact.email,
                contact.locale,
                Link {
                    url: link,
                    valid_until: expires_at,
                },
            ),
        },
        Addressee::Member(member) => match context.peers.contact(member).await? {
            None => return Ok(Sent::Dropped(Dropped::NoAddress)),
            Some(Contact { email, locale }) => (email, locale, portal_link(context, locale)),
        },
    };
    context
        .mailer
        .send(&Letter {
            id,
            kind,
            locale,
            to,
            link,
        })
        .await?;
    Ok(Sent::ToSmtp)
}

/// Where one signs in. The page chooses the language by itself.
fn portal_link(context: &Context, _locale: Locale) -> Link {
    Link {
        url: context.mail.portal_url.clone(),
        valid_until: None,
    }
}
