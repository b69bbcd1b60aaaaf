//! An OAuth client no longer speaks for its partner, and what it was answered under its keys is forgotten: linked to another partner it must not be told
//! of the former one's sales. Unlinking one that speaks for nobody changes nothing.

use super::Desk;
use super::administration::Order;
use crate::error::Error;
use crate::store::{book, partner_requests};

pub(crate) async fn unlink_client(desk: &Desk, order: &Order, client: &str) -> Result<(), Error> {
    let mut tx = desk.pool.begin().await?;
    if order.was_done(&mut tx).await? {
        return Ok(());
    }
    book::turn_page(&mut tx).await?;
    let known = book::read(&mut tx).await?;
    if let Some(partner) = known.clients.get(client) {
        book::unlink_client(&mut tx, client).await?;
        partner_requests::forget_client(&mut tx, client).await?;
        order
            .done(
                &mut tx,
                "partner",
                partner.as_uuid(),
                "client_unlinked",
                &["clients"],
            )
            .await?;
        tracing::info!(partner.id = %partner, "a client no longer speaks for its partner");
    }
    tx.commit().await?;
    Ok(())
}
