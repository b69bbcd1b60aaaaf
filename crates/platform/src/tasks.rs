//! The tasks of one process: all in one tracker, so that shutdown stops intake, drains, waits a bounded time and says who did not end.

use std::future::Future;
use std::panic::AssertUnwindSafe;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use anyhow::anyhow;
use futures::FutureExt as _;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// Tasks that live as long as the process.
#[derive(Clone, Debug)]
pub struct Tasks {
    tracker: TaskTracker,
    shutdown: CancellationToken,
    state: Arc<Mutex<State>>,
}

#[derive(Debug, Default)]
struct State {
    running: Vec<&'static str>,
    failure: Option<anyhow::Error>,
}

impl Tasks {
    /// Tasks that are told to end by `shutdown`.
    #[must_use]
    pub fn new(shutdown: CancellationToken) -> Self {
        Self {
            tracker: TaskTracker::new(),
            shutdown,
            state: Arc::default(),
        }
    }

    /// The signal that each task must obey.
    #[must_use]
    pub fn shutdown(&self) -> CancellationToken {
        self.shutdown.clone()
    }

    /// Starts a task. If it fails, panics or ends before shutdown, the whole process is told to end: a half-working process helps nobody.
    pub fn spawn<F, E>(&self, name: &'static str, task: F)
    where
        F: Future<Output = Result<(), E>> + Send + 'static,
        E: Into<anyhow::Error> + Send + 'static,
    {
        self.state().running.push(name);
        let tasks = self.clone();
        self.tracker.spawn(async move {
            let failure = match AssertUnwindSafe(task).catch_unwind().await {
                Ok(Ok(())) if tasks.shutdown.is_cancelled() => None,
                Ok(Ok(())) => Some(anyhow!("the task {name} ended early")),
                Ok(Err(error)) => Some(error.into().context(format!("the task {name}"))),
                // What was said at the panic went to standard error.
                Err(_) => Some(anyhow!("the task {name} panicked")),
            };
            let mut state = tasks.state();
            if let Some(position) = state.running.iter().position(|running| *running == name) {
                state.running.remove(position);
            }
            if let Some(failure) = failure {
                tracing::error!(
                    task = name,
                    error = format!("{failure:#}"),
                    "a task failed; the process ends"
                );
                state.failure.get_or_insert(failure);
                tasks.shutdown.cancel();
            }
        });
    }

    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        // The lists are whole between any two statements: a panic elsewhere does not spoil them.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits until shutdown is asked for, then for the tasks, at most `grace`.
    ///
    /// # Errors
    /// The first failure of a task, so that the process does not end as if all were well.
    pub async fn finish(&self, grace: Duration) -> anyhow::Result<()> {
        self.shutdown.cancelled().await;
        self.tracker.close();
        if tokio::time::timeout(grace, self.tracker.wait()).await.is_err() {
            tracing::warn!(
                tasks = self.state().running.join(", "),
                "shutdown ran out of time"
            );
        }
        self.state().failure.take().map_or(Ok(()), Err)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GRACE: Duration = Duration::from_secs(5);

    /// How the process ends; a test whose process does not end fails, instead of waiting for ever.
    async fn ending(tasks: &Tasks) -> anyhow::Result<()> {
        tokio::time::timeout(2 * GRACE, tasks.finish(GRACE))
            .await
            .expect("the process ends")
    }

    #[tokio::test]
    async fn a_task_that_panics_ends_the_process_with_a_failure() {
        let tasks = Tasks::new(CancellationToken::new());
        tasks.spawn("broken", async {
            if tasks_are_broken() {
                panic!("on purpose");
            }
            anyhow::Ok(())
        });
        let failure = ending(&tasks).await.unwrap_err();
        assert_eq!(failure.to_string(), "the task broken panicked");
    }

    fn tasks_are_broken() -> bool {
        true
    }

    #[tokio::test]
    async fn a_task_that_ends_early_ends_the_process_with_a_failure() {
        let tasks = Tasks::new(CancellationToken::new());
        tasks.spawn("short", async { anyhow::Ok(()) });
        assert_eq!(
            ending(&tasks).await.unwrap_err().to_string(),
            "the task short ended early"
        );
    }

    #[tokio::test]
    async fn a_shutdown_that_was_asked_for_is_no_failure() {
        let shutdown = CancellationToken::new();
        let tasks = Tasks::new(shutdown.clone());
        let signal = shutdown.clone();
        tasks.spawn("server", async move {
            signal.cancelled().await;
            anyhow::Ok(())
        });
        shutdown.cancel();
        assert!(ending(&tasks).await.is_ok());
    }
}
