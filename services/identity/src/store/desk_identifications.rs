//! Who identified the owner of an account in use first: the code is printed by another agent.

use chrono::{DateTime, Utc};
use kernel::AccountId;
use sqlx::PgConnection;

use crate::error::Error;

/// Takes another agent's identification made after `since`; none: the caller is the first.
pub(crate) async fn take_of_another(
    conn: &mut PgConnection,
    account: AccountId,
    agent: AccountId,
    since: DateTime<Utc>,
) -> Result<Option<AccountId>, Error> {
    let first = sqlx::query_scalar!(
        "DELETE FROM desk_identifications WHERE account_id = $1 AND agent_id <> $2 AND at > $3 RETURNING agent_id",
        account.as_uuid(),
        agent.as_uuid(),
        since
    );
    Ok(first.fetch_optional(conn).await?.map(AccountId::from_uuid))
}

/// Notes the first one, in place of an older one.
pub(crate) async fn note(
    conn: &mut PgConnection,
    account: AccountId,
    agent: AccountId,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    sqlx::query!(
        "INSERT INTO desk_identifications (account_id, agent_id, at) VALUES ($1, $2, $3)
         ON CONFLICT (account_id) DO UPDATE SET agent_id = excluded.agent_id, at = excluded.at",
        account.as_uuid(),
        agent.as_uuid(),
        now
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Removes identifications made before a date.
pub(crate) async fn delete_before(conn: &mut PgConnection, before: DateTime<Utc>) -> Result<u64, Error> {
    Ok(
        sqlx::query!("DELETE FROM desk_identifications WHERE at < $1", before)
            .execute(conn)
            .await?
            .rows_affected(),
    )
}
