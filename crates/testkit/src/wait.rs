//! Waiting for something to become true, with a deadline and without sleeping in tests.

use std::future::Future;
use std::time::Duration;

/// Longest wait: longer than what a kill in the worst moment costs (the broker's acknowledgement wait of 30 s, then a job's lease of 90 s). A
/// machine under load is slow, not wrong.
const DEADLINE: Duration = Duration::from_secs(150);
const STEP: Duration = Duration::from_millis(25);

/// Asks again until there is an answer.
///
/// # Panics
/// When there is none within 150 seconds.
#[track_caller]
pub fn eventually<T, F: Future<Output = Option<T>>>(mut ask: impl FnMut() -> F) -> impl Future<Output = T> {
    let place = std::panic::Location::caller();
    async move {
        let waited = async {
            loop {
                if let Some(answer) = ask().await {
                    return answer;
                }
                tokio::time::sleep(STEP).await;
            }
        };
        match tokio::time::timeout(DEADLINE, waited).await {
            Ok(answer) => answer,
            Err(_) => panic!(
                "what is awaited at {place} did not come within {} s",
                DEADLINE.as_secs()
            ),
        }
    }
}
