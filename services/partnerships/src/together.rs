//! Questions that come at the same time are answered together: while one batch is at work the next ones gather, and a lone question goes at once. What
//! a batch asks of Postgres or Redis costs little more than one question, and its commit is waited for once. It knows nothing of what is asked.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{Semaphore, mpsc, oneshot};
use tokio::task::JoinHandle;

/// Questions that wait at most; beyond, whoever asks waits to ask.
const WAITING: usize = 1024;

type Asked<Q, A> = (Q, oneshot::Sender<A>);

/// How long a batch is waited for before the next one goes beside it. Two at a time all along would be many small ones, which cost as much as large
/// ones; but whatever holds one up must not hold up all that come after it.
const PATIENCE: Duration = Duration::from_millis(20);
/// So many questions are worth statements and a commit of their own and do not wait for the batch before: while that one waits for the disk, they work.
const ENOUGH: usize = 64;

/// Where to ask. The work ends with the last of its handles.
pub(crate) struct Together<Q, A>(mpsc::Sender<Asked<Q, A>>);

impl<Q: Send + 'static, A: Send + 'static> Together<Q, A> {
    /// `answer` gives the answers in the order of the questions, of which it gets `most` at once at most; `at_once` batches are at work together.
    pub(crate) fn new<F, R>(most: usize, at_once: usize, answer: F) -> Self
    where
        F: Fn(Vec<Q>) -> R + Send + Sync + 'static,
        R: Future<Output = Vec<A>> + Send + 'static,
    {
        let (asking, mut asked) = mpsc::channel::<Asked<Q, A>>(WAITING);
        let places = Arc::new(Semaphore::new(at_once));
        let gathering = async move {
            let mut last = None::<JoinHandle<()>>;
            // A place first: while there is none, questions gather.
            while let Ok(place) = Arc::clone(&places).acquire_owned().await {
                let mut batch = gather(&mut asked, most, last.take()).await;
                if batch.is_empty() {
                    return;
                }
                // Whoever went away is not counted and nothing is written for them.
                batch.retain(|(_, asker)| !asker.is_closed());
                if batch.is_empty() {
                    continue;
                }
                let (questions, askers): (Vec<Q>, Vec<oneshot::Sender<A>>) = batch.into_iter().unzip();
                let answers = answer(questions);
                last = Some(tokio::spawn(async move {
                    for (asker, answer) in askers.into_iter().zip(answers.await) {
                        // Whoever asked may have gone.
                        let _gone = asker.send(answer);
                    }
                    drop(place);
                }));
            }
        };
        tokio::spawn(gathering);
        Self(asking)
    }

    /// The answer; none when the work on it broke off.
    pub(crate) async fn ask(&self, question: Q) -> Option<A> {
        let (asker, answer) = oneshot::channel();
        self.0.send((question, asker)).await.ok()?;
        answer.await.ok()
    }
}

/// What is asked until the batch before has ended, there is enough for another beside it, or that one took too long. Empty: nobody asks any more.
async fn gather<T>(asked: &mut mpsc::Receiver<T>, most: usize, before: Option<JoinHandle<()>>) -> Vec<T> {
    let mut batch = Vec::new();
    if let Some(before) = before {
        let ended = tokio::time::timeout(PATIENCE, before);
        tokio::pin!(ended);
        while batch.len() < ENOUGH.min(most) {
            let room = most - batch.len();
            tokio::select! {
                biased;
                _ended_or_slow = &mut ended => break,
                came = asked.recv_many(&mut batch, room) => if came == 0 { break },
            }
        }
    }
    while batch.len() < most
        && let Ok(next) = asked.try_recv()
    {
        batch.push(next);
    }
    if batch.is_empty() {
        asked.recv_many(&mut batch, most).await;
    }
    batch
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use tokio::sync::Notify;

    use super::*;

    #[tokio::test]
    async fn questions_that_come_while_one_is_at_work_are_answered_together_and_each_gets_its_own_answer() {
        let (sizes, go_on) = (Arc::new(Mutex::new(Vec::new())), Arc::new(Notify::new()));
        let (seen, held) = (Arc::clone(&sizes), Arc::clone(&go_on));
        let together = Arc::new(Together::new(100, 1, move |questions: Vec<u32>| {
            let (seen, held) = (Arc::clone(&seen), Arc::clone(&held));
            async move {
                let first = {
                    let mut seen = seen.lock().expect("nobody panics here");
                    seen.push(questions.len());
                    seen.len() == 1
                };
                if first {
                    held.notified().await;
                }
                questions.into_iter().map(|question| question * 2).collect()
            }
        }));
        let ask = |question| {
            let together = Arc::clone(&together);
            tokio::spawn(async move { together.ask(question).await })
        };
        let first = ask(1);
        while sizes.lock().expect("nobody panics here").is_empty() {
            tokio::task::yield_now().await;
        }
        let rest: Vec<_> = (2..=40).map(&ask).collect();
        while together.0.capacity() > WAITING - 39 {
            tokio::task::yield_now().await;
        }
        go_on.notify_one();
        assert_eq!(first.await.expect("it is asked"), Some(2));
        for (asked, question) in rest.into_iter().zip(2..) {
            assert_eq!(asked.await.expect("it is asked"), Some(question * 2));
        }
        assert_eq!(*sizes.lock().expect("nobody panics here"), [1, 39]);
    }

    #[tokio::test]
    async fn nothing_is_asked_for_who_went_away() {
        let (seen, go_on) = (Arc::new(Mutex::new(Vec::<u32>::new())), Arc::new(Notify::new()));
        let (noted, held) = (Arc::clone(&seen), Arc::clone(&go_on));
        let together = Arc::new(Together::new(100, 1, move |questions: Vec<u32>| {
            noted.lock().expect("nobody panics here").extend(&questions);
            let held = Arc::clone(&held);
            async move {
                if questions == [1] {
                    held.notified().await;
                }
                questions
            }
        }));
        let ask = |question| {
            let together = Arc::clone(&together);
            tokio::spawn(async move { together.ask(question).await })
        };
        let first = ask(1);
        while seen.lock().expect("nobody panics here").is_empty() {
            tokio::task::yield_now().await;
        }
        let (gone, stays) = (ask(2), ask(3));
        while together.0.capacity() > WAITING - 2 {
            tokio::task::yield_now().await;
        }
        gone.abort();
        assert!(gone.await.is_err_and(|error| error.is_cancelled()));
        go_on.notify_one();
        assert_eq!(first.await.expect("it is asked"), Some(1));
        assert_eq!(stays.await.expect("it is asked"), Some(3));
        assert_eq!(*seen.lock().expect("nobody panics here"), [1, 3]);
    }

    #[tokio::test]
    async fn who_asked_for_work_that_broke_off_is_told_so_and_the_next_goes_on() {
        let together = Together::new(1, 1, |questions: Vec<u32>| async move {
            assert_ne!(questions, [0], "a question that breaks the work");
            questions
        });
        assert_eq!(together.ask(0).await, None);
        assert_eq!(together.ask(1).await, Some(1));
    }
}
