//! An OAuth client of identity speaks for a partner from now on.

use super::Desk;
use super::administration::Order;
use crate::error::Error;
use crate::store::{book, partner_requests};

/// Longest client id.
const LONGEST: usize = 64;

/// # Errors
/// An unknown partner, a client of another one.
pub(crate) async fn link_client(
    desk: &Desk,
    order: &Order,
    partner: &str,
    client: &str,
) -> Result<(), Error> {
    if client.is_empty() || client.len() > LONGEST || !client.bytes().all(|b| b.is_ascii_graphic()) {
        return Err(Error::Malformed {
            field: "client_id",
            reason: "CLIENT_ID_INVALID",
            instead: "the id that identity gave the client",
        });
    }
    let mut tx = desk.pool.begin().await?;
    if order.was_done(&mut tx).await? {
        return Ok(());
    }
    book::turn_page(&mut tx).await?;
    let known = book::read(&mut tx).await?;
    let partner = known.partner_named(partner).ok_or(Error::PartnerNotFound)?;
    if known
        .clients
        .get(client)
        .is_some_and(|owner| *owner != partner.id)
    {
        return Err(Error::ClientLinkedElsewhere);
    }
    if !known.clients.contains_key(client) {
        // A sale that was under way when it was unlinked may have left its answer, which is another partner's.
        partner_requests::forget_client(&mut tx, client).await?;
    }
    book::link_client(&mut tx, client, partner.id, order.now).await?;
    order
        .done(
            &mut tx,
            "partner",
            partner.id.as_uuid(),
            "client_linked",
            &["clients"],
        )
        .await?;
    tx.commit().await?;
    Ok(())
}
