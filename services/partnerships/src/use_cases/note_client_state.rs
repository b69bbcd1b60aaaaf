//! Identity said what a client is now: one that is disabled is refused from the next check on, before its tokens expire.

use sqlx::PgConnection;

use crate::store::{StoreError, book};

/// In the subscriber's transaction.
pub(crate) async fn note_client_state(
    conn: &mut PgConnection,
    client: &str,
    version: i64,
    disabled: bool,
) -> Result<(), StoreError> {
    if book::note_client_state(conn, client, version, disabled).await? {
        book::turn_page(conn).await?;
    }
    Ok(())
}
