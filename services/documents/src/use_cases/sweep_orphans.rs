//! Removes objects that no row names: what a crash between the object and the commit left behind. Young ones are left alone.

use chrono::TimeDelta;
use platform::clock::Clock;
use sqlx::PgPool;

use crate::error::Error;
use crate::storage::Storage;
use crate::store::documents;

/// An upload is far quicker than this.
const AGE: TimeDelta = TimeDelta::hours(1);
/// Objects compared in one statement.
const BATCH: usize = 500;

/// Gives the number of objects removed.
pub(crate) async fn sweep_orphans(pool: &PgPool, storage: &Storage, clock: &Clock) -> Result<usize, Error> {
    let old = storage.written_before(clock.now() - AGE).await?;
    let mut removed = 0;
    for chunk in old.chunks(BATCH) {
        let mut conn = pool.acquire().await?;
        let named = documents::named_objects(&mut conn, chunk).await?;
        for orphan in chunk.iter().filter(|object| !named.contains(object)) {
            storage.delete(orphan).await?;
            removed += 1;
        }
    }
    Ok(removed)
}
