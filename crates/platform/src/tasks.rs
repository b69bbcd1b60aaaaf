//! The tasks of one process: all in one tracker, so that shutdown stops intake, drains, waits a bounded time and says who did not end.

use std::future::Future;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// Tasks that live as long as the process.
#[derive(Clone, Debug)]
pub struct Tasks {
    tracker: TaskTracker,
    shutdown: CancellationToken,
    running: Arc<Mutex<Vec<&'static str>>>,
}

impl Tasks {
    /// Tasks that are told to end by `shutdown`.
    #[must_use]
    pub fn new(shutdown: CancellationToken) -> Self {
        Self {
            tracker: TaskTracker::new(),
            shutdown,
            running: Arc::default(),
        }
    }

    /// The signal that each task must obey.
    #[must_use]
    pub fn shutdown(&self) -> CancellationToken {
        self.shutdown.clone()
    }

    /// Starts a task. If it fails or ends before shutdown, the whole process is told to end: a half-working process helps nobody.
    pub fn spawn<F, E>(&self, name: &'static str, task: F)
    where
        F: Future<Output = Result<(), E>> + Send + 'static,
        E: Into<anyhow::Error> + Send + 'static,
    {
        let (shutdown, running) = (self.shutdown.clone(), self.running.clone());
        self.note(name, true);
        self.tracker.spawn(async move {
            let outcome = task.await;
            if let Ok(mut names) = running.lock()
                && let Some(position) = names.iter().position(|running| *running == name)
            {
                names.remove(position);
            }
            if let Err(error) = outcome {
                tracing::error!(
                    task = name,
                    error = format!("{:#}", error.into()),
                    "task failed; the process ends"
                );
                shutdown.cancel();
            } else if !shutdown.is_cancelled() {
                tracing::error!(task = name, "task ended early; the process ends");
                shutdown.cancel();
            }
        });
    }

    fn note(&self, name: &'static str, started: bool) {
        if started && let Ok(mut names) = self.running.lock() {
            names.push(name);
        }
    }

    /// Waits until shutdown is asked for, then for the tasks, at most `grace`.
    pub async fn finish(&self, grace: Duration) {
        self.shutdown.cancelled().await;
        self.tracker.close();
        if tokio::time::timeout(grace, self.tracker.wait()).await.is_err() {
            let names = self
                .running
                .lock()
                .map(|names| names.join(", "))
                .unwrap_or_default();
            tracing::warn!(tasks = names, "shutdown ran out of time");
        }
    }
}
