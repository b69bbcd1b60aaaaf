//! The language in which a member with an account wants messages, for the service that writes them. Changes nothing.

use kernel::{Locale, MemberId};

use crate::context::Context;
use crate::error::Error;
use crate::store::accounts;

pub(crate) async fn get_locale(context: &Context, member: MemberId) -> Result<Locale, Error> {
    accounts::locale_of_member(&mut *context.pool.acquire().await?, member).await
}
