//! A partner enters the book.

use kernel::PartnerId;
use platform::ids::uuid_v7;

use super::Desk;
use super::administration::Order;
use crate::domain::agreement::check_partner;
use crate::domain::book::Partner;
use crate::error::Error;
use crate::store::book;

/// # Errors
/// A code or name that cannot be taken, a code that is taken.
pub(crate) async fn create_partner(
    desk: &Desk,
    order: &Order,
    code: &str,
    name_ar: &str,
    name_fr: &str,
) -> Result<Partner, Error> {
    let faults = check_partner(code, name_ar, name_fr);
    if !faults.is_empty() {
        return Err(Error::Faults(faults));
    }
    let mut tx = desk.pool.begin().await?;
    let done = order.was_done(&mut tx).await?;
    if !done {
        book::turn_page(&mut tx).await?;
    }
    let known = book::read(&mut tx).await?.partner_named(code).cloned();
    let partner = match (known, done) {
        (Some(partner), true) => partner,
        (Some(_), false) => return Err(Error::PartnerExists),
        (None, _) => {
            let partner = Partner {
                id: PartnerId::from_uuid(uuid_v7(order.now)),
                code: code.to_owned(),
                name_ar: name_ar.to_owned(),
                name_fr: name_fr.to_owned(),
                created_at: order.now,
                agreements: Vec::new(),
            };
            book::insert_partner(&mut tx, &partner).await?;
            order
                .done(
                    &mut tx,
                    "partner",
                    partner.id.as_uuid(),
                    "created",
                    &["code", "name"],
                )
                .await?;
            partner
        }
    };
    tx.commit().await?;
    Ok(partner)
}
