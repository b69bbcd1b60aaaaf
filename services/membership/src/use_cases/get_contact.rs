//! Where and in which language to write to a member. For services that send; never shown to anybody.

use kernel::MemberId;
use sqlx::PgPool;

use crate::error::Error;
use crate::sealing::Sealing;
use crate::store::contacts;

pub(crate) struct Contact {
    pub(crate) email: String,
    pub(crate) locale: String,
}

pub(crate) async fn get_contact(
    pool: &PgPool,
    sealing: &Sealing,
    member: MemberId,
) -> Result<Contact, Error> {
    let mut conn = pool.acquire().await?;
    let stored = contacts::of_member(&mut conn, member.as_uuid())
        .await?
        .ok_or(Error::ContactNotFound)?;
    let sealed = stored.email_sealed.ok_or(Error::ContactNotFound)?;
    let key = sealing
        .cipher
        .existing_person_key(&mut conn, stored.person_id)
        .await?;
    let key = key.ok_or(Error::Corrupt("a sealed address without a key"))?;
    let email = contacts::open(&key, member.as_uuid(), &sealed)?;
    Ok(Contact {
        email,
        locale: stored.language,
    })
}
