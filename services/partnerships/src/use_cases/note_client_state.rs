//! Identity said what a client is now: one that is disabled, or a scope that was taken away, is refused from the next check on,
//! before its tokens expire.

use sqlx::PgConnection;

use crate::store::{StoreError, book};

/// In the subscriber's transaction.
pub(crate) async fn note_client_state(
    conn: &mut PgConnection,
    client: &str,
    version: i64,
    disabled: bool,
    scopes: &[String],
) -> Result<(), StoreError> {
    if book::note_client_state(conn, client, version, disabled, scopes).await? {
        book::turn_page(conn).await?;
    }
    Ok(())
}
