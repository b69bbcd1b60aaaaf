//! The card of one person is suspended, or is good again. A partner cannot tell a suspended card from one that never was.

use kernel::PersonId;

use super::Desk;
use super::administration::Order;
use crate::error::Error;
use crate::store::card_codes;

pub(crate) async fn set_card_suspension(
    desk: &Desk,
    order: &Order,
    person: PersonId,
    suspended: bool,
) -> Result<(), Error> {
    let mut tx = desk.pool.begin().await?;
    if order.was_done(&mut tx).await? {
        return Ok(());
    }
    let action = if suspended {
        card_codes::suspend(&mut tx, person, order.now).await?;
        "suspended"
    } else {
        card_codes::lift_suspension(&mut tx, person).await?;
        "suspension_lifted"
    };
    order
        .done(&mut tx, "card", person.as_uuid(), action, &["suspended"])
        .await?;
    tx.commit().await?;
    Ok(())
}
