//! Compares the counters of ceilings with their lines, for the operator. The holder is a person: the log names the ceiling and the year only.

use sqlx::PgPool;

use crate::error::Error;
use crate::store::ceilings;

/// More than a reader of the log can use.
const MOST: i64 = 100;

/// How many counters are not the sum of their lines, at most a hundred. Each is an error in the log.
pub(crate) async fn reconcile_ceilings(pool: &PgPool) -> Result<usize, Error> {
    let mut conn = pool.acquire().await?;
    let differences = ceilings::differences(&mut conn, MOST).await?;
    for difference in &differences {
        tracing::error!(
            ceiling.code = difference.key.ceiling,
            ceiling.year = difference.key.year,
            ceiling.counted = difference.counted,
            ceiling.summed = difference.summed,
            "a ceiling's counter is not the sum of its lines"
        );
    }
    Ok(differences.len())
}
