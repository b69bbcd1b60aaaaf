//! The life of a job as a pure state machine: waiting, dispatched, running, then done, waiting again, or dead.
//!
//! It holds the three promises of the queue: no job is lost (every state but the two last ones has an instant at
//! which [`Schedule::sweep`] moves it on), none runs twice at once within a lease, attempts are bounded. No clock,
//! no randomness, no SQL: the instant and the spread of the delay are passed in.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};

use crate::spec::QueueSpec;

/// A message that brought no worker within this time is taken for lost and sent again. Longer than a busy worker
/// takes to reach it, short enough that a restart of the broker delays a mail by half a minute at most.
pub const DISPATCH_TIMEOUT: Duration = Duration::from_secs(30);
/// A run is cut off after this time.
pub const RUN_LIMIT: Duration = Duration::from_secs(60);
/// A worker that has not reported within this time is taken for dead. Longer than [`RUN_LIMIT`] by more than a
/// pause of the process and the clocks' disagreement.
pub const LEASE: Duration = Duration::from_secs(90);

/// Where a job stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Phase {
    /// Its time has not come, or nobody has been told yet.
    Waiting,
    /// Its id was handed to the broker; lost if no worker took it by then.
    Dispatched {
        until: DateTime<Utc>,
    },
    /// A worker has it; dead if it has not reported by then.
    Running {
        until: DateTime<Utc>,
    },
    Done,
    Dead,
}

/// What the table knows about when a job runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Schedule {
    pub(crate) phase: Phase,
    pub(crate) due_at: DateTime<Utc>,
    /// Runs begun; also the token by which a late report is told from a current one.
    pub(crate) attempts: i32,
}

/// What the dispatcher must do with a job it looked at.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Sweep {
    /// Hand its id to the broker (again), and keep this.
    Publish(Schedule),
    /// Its worker died: it waits for another attempt.
    Revive(Schedule),
    /// Its worker died in the last attempt.
    Bury(Schedule),
    /// Nothing is due.
    Leave,
}

/// What a worker that was handed the id must do.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Start {
    Run(Schedule),
    /// The message is late, early or doubled: forget it, the table knows.
    Forget,
}

/// How a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    Success,
    /// May help to try again, not before `after` if the other side said so.
    Retry {
        after: Option<Duration>,
    },
    /// Will never work.
    Hopeless,
}

impl Schedule {
    /// A new job.
    pub(crate) fn new(due_at: DateTime<Utc>) -> Self {
        Self {
            phase: Phase::Waiting,
            due_at,
            attempts: 0,
        }
    }

    /// The dispatcher's look at a job. `spread` (0 to 1000) places the delay within a fifth either way.
    pub(crate) fn sweep(self, now: DateTime<Utc>, spec: &QueueSpec, spread: u16) -> Sweep {
        match self.phase {
            Phase::Waiting if self.due_at <= now => Sweep::Publish(self.dispatched(now)),
            Phase::Dispatched { until } if until <= now => Sweep::Publish(self.dispatched(now)),
            Phase::Running { until } if until <= now => match self.failed(now, spec, None, spread) {
                buried if buried.phase == Phase::Dead => Sweep::Bury(buried),
                revived => Sweep::Revive(revived),
            },
            Phase::Waiting | Phase::Dispatched { .. } | Phase::Running { .. } => Sweep::Leave,
            Phase::Done | Phase::Dead => Sweep::Leave,
        }
    }

    /// The broker did not take the message: the job waits, and is due at once.
    pub(crate) fn release(self) -> Self {
        match self.phase {
            Phase::Dispatched { .. } => Self {
                phase: Phase::Waiting,
                ..self
            },
            Phase::Waiting | Phase::Running { .. } | Phase::Done | Phase::Dead => self,
        }
    }

    /// A worker was handed the id.
    pub(crate) fn start(self, now: DateTime<Utc>) -> Start {
        match self.phase {
            Phase::Waiting | Phase::Dispatched { .. } if self.due_at <= now => Start::Run(Self {
                phase: Phase::Running { until: now + LEASE },
                attempts: self.attempts.saturating_add(1),
                ..self
            }),
            // Running beyond its lease is the sweep's to decide, which also counts the attempt.
            Phase::Waiting | Phase::Dispatched { .. } | Phase::Running { .. } | Phase::Done | Phase::Dead => {
                Start::Forget
            }
        }
    }

    /// A worker reports. `None` when its lease was lost and the job moved on without it.
    pub(crate) fn finish(
        self,
        attempt: i32,
        outcome: Outcome,
        now: DateTime<Utc>,
        spec: &QueueSpec,
        spread: u16,
    ) -> Option<Self> {
        let current = matches!(self.phase, Phase::Running { .. }) && self.attempts == attempt;
        if !current {
            return None;
        }
        Some(match outcome {
            Outcome::Success => Self {
                phase: Phase::Done,
                ..self
            },
            Outcome::Retry { after } => self.failed(now, spec, after, spread),
            Outcome::Hopeless => Self {
                phase: Phase::Dead,
                ..self
            },
        })
    }

    /// An operator's replay of a dead job: all its attempts again, from now on.
    pub(crate) fn replay(self, now: DateTime<Utc>) -> Option<Self> {
        (self.phase == Phase::Dead).then(|| Self::new(now))
    }

    fn dispatched(self, now: DateTime<Utc>) -> Self {
        Self {
            phase: Phase::Dispatched {
                until: now + DISPATCH_TIMEOUT,
            },
            ..self
        }
    }

    fn failed(self, now: DateTime<Utc>, spec: &QueueSpec, after: Option<Duration>, spread: u16) -> Self {
        if self.attempts >= spec.max_attempts {
            return Self {
                phase: Phase::Dead,
                ..self
            };
        }
        let wait = delay(spec.backoff, self.attempts, spread).max(after.unwrap_or_default());
        Self {
            phase: Phase::Waiting,
            due_at: later(now, wait),
            ..self
        }
    }
}

/// The wait after that many attempts, spread by a fifth either way so that jobs which failed together do not come
/// back together.
fn delay(backoff: &[Duration], attempts: i32, spread: u16) -> Duration {
    let step = usize::try_from(attempts.saturating_sub(1)).unwrap_or_default();
    let base = backoff.get(step).or(backoff.last()).copied().unwrap_or_default();
    let permille = 800 + u32::from(spread.min(1000)) * 2 / 5;
    base.saturating_mul(permille) / 1000
}

fn later(now: DateTime<Utc>, wait: Duration) -> DateTime<Utc> {
    TimeDelta::from_std(wait)
        .ok()
        .and_then(|wait| now.checked_add_signed(wait))
        .unwrap_or(now)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SPEC: QueueSpec = QueueSpec {
        name: "test",
        prefetch: 1,
        max_attempts: 3,
        backoff: &[Duration::from_secs(10), Duration::from_secs(60)],
        delivery_limit: 5,
        max_length: 10,
    };

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_800_000_000 + seconds, 0).unwrap()
    }

    fn running(attempts: i32) -> Schedule {
        Schedule {
            phase: Phase::Running { until: at(90) },
            due_at: at(0),
            attempts,
        }
    }

    #[test]
    fn a_job_is_not_published_before_its_time() {
        assert_eq!(Schedule::new(at(10)).sweep(at(9), &SPEC, 0), Sweep::Leave);
    }

    #[test]
    fn a_message_without_an_answer_is_sent_again() {
        let Sweep::Publish(sent) = Schedule::new(at(0)).sweep(at(0), &SPEC, 0) else {
            panic!("due job must be published");
        };
        assert_eq!(sent.sweep(at(29), &SPEC, 0), Sweep::Leave);
        assert!(matches!(sent.sweep(at(30), &SPEC, 0), Sweep::Publish(_)));
    }

    #[test]
    fn a_doubled_message_does_not_start_a_second_run() {
        let Start::Run(first) = Schedule::new(at(0)).start(at(0)) else {
            panic!("due job must start");
        };
        assert_eq!(first.start(at(1)), Start::Forget);
        assert_eq!(first.start(at(1000)), Start::Forget);
    }

    #[test]
    fn the_waits_grow_and_are_spread_by_a_fifth() {
        let wait = |attempts, spread| {
            let next =
                running(attempts).finish(attempts, Outcome::Retry { after: None }, at(0), &SPEC, spread);
            (next.unwrap().due_at - at(0)).num_seconds()
        };
        assert_eq!((wait(1, 0), wait(1, 500), wait(1, 1000)), (8, 10, 12));
        assert_eq!((wait(2, 0), wait(2, 500), wait(2, 1000)), (48, 60, 72));
    }

    #[test]
    fn the_other_sides_wait_is_obeyed_when_it_is_longer() {
        let after = Some(Duration::from_secs(300));
        let next = running(1)
            .finish(1, Outcome::Retry { after }, at(0), &SPEC, 500)
            .unwrap();
        assert_eq!(next.due_at, at(300));
    }

    #[test]
    fn the_last_failed_attempt_is_the_end() {
        let next = running(3)
            .finish(3, Outcome::Retry { after: None }, at(0), &SPEC, 0)
            .unwrap();
        assert_eq!(next.phase, Phase::Dead);
        assert_eq!(next.sweep(at(10_000), &SPEC, 0), Sweep::Leave);
    }

    #[test]
    fn a_worker_that_died_in_its_last_attempt_leaves_a_dead_job() {
        assert!(matches!(running(3).sweep(at(90), &SPEC, 0), Sweep::Bury(_)));
        assert!(matches!(running(2).sweep(at(90), &SPEC, 0), Sweep::Revive(_)));
    }

    #[test]
    fn a_late_report_changes_nothing() {
        assert_eq!(running(2).finish(1, Outcome::Success, at(5), &SPEC, 0), None);
    }

    #[test]
    fn a_replayed_job_has_all_its_attempts_again() {
        let dead = Schedule {
            phase: Phase::Dead,
            ..running(3)
        };
        assert_eq!(dead.replay(at(7)), Some(Schedule::new(at(7))));
        assert_eq!(running(1).replay(at(7)), None);
    }
}
