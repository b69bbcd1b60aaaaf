//! The caller's own sessions that are alive.

use kernel::AccountId;

use crate::context::Context;
use crate::error::Error;
use crate::store::sessions::{self, Session};

pub(crate) async fn list_sessions(context: &Context, caller: AccountId) -> Result<Vec<Session>, Error> {
    let all = sessions::of_account(&mut *context.pool.acquire().await?, caller).await?;
    let times = context.settings.session.times();
    Ok(all
        .into_iter()
        .filter(|session| session.life.is_alive(times, context.now()))
        .collect())
}
