//! What came of a call whose key follows from the plan: an answer, or that the same step was done by an earlier run. What may pass is tried again.

use std::time::Duration;

use platform::status::reason;
use tokio::time::Instant;
use tonic::{Code, Response, Status};

/// Facts of a new member are on their way for a while after the import of a whole roster.
const LONGEST: Duration = Duration::from_secs(60);
const PAUSE: Duration = Duration::from_millis(500);

/// The answer of a step.
pub(super) enum Answer<T> {
    Given(T),
    /// Its key was used, with another version of the file: an earlier run got this far.
    DoneBefore,
}

/// Calls until there is an answer, or a refusal that stays.
pub(super) async fn answer<T, F>(mut call: impl FnMut() -> F) -> Result<Answer<T>, Status>
where
    F: Future<Output = Result<Response<T>, Status>>,
{
    let begun = Instant::now();
    loop {
        match call().await {
            Err(status) if passes(&status) && begun.elapsed() < LONGEST => tokio::time::sleep(PAUSE).await,
            done => return sorted(done),
        }
    }
}

fn passes(status: &Status) -> bool {
    matches!(
        status.code(),
        Code::Unavailable | Code::DeadlineExceeded | Code::Cancelled
    ) || reason(status).as_deref() == Some("FACTS_UNKNOWN")
}

fn sorted<T>(done: Result<Response<T>, Status>) -> Result<Answer<T>, Status> {
    match done {
        Ok(given) => Ok(Answer::Given(given.into_inner())),
        Err(status) if reason(&status).as_deref() == Some("IDEMPOTENCY_KEY_REUSED") => Ok(Answer::DoneBefore),
        Err(status) => Err(status),
    }
}
