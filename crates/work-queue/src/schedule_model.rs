//! Property test of the schedule against a small world: one job, a broker that loses, doubles and delays messages,
//! and workers that crash, pause and report late. Tests only.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use proptest::prelude::*;

use crate::schedule::{Outcome, Phase, RUN_LIMIT, Schedule, Start, Sweep};
use crate::spec::QueueSpec;

const SPEC: QueueSpec = QueueSpec {
    name: "model",
    prefetch: 2,
    max_attempts: 4,
    backoff: &[
        Duration::from_secs(5),
        Duration::from_secs(60),
        Duration::from_secs(600),
    ],
    delivery_limit: 5,
    max_length: 100,
};

#[derive(Debug, Clone)]
enum Step {
    Wait(i64),
    Sweep {
        spread: u16,
        publish_fails: bool,
    },
    BrokerLosesOne,
    BrokerDoublesOne,
    Deliver,
    /// The oldest worker reports (it may have been paused far beyond its lease).
    Report(Outcome),
    /// The oldest worker is killed.
    Crash,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        (0_i64..200).prop_map(Step::Wait),
        (0_u16..=1000, any::<bool>()).prop_map(|(spread, publish_fails)| Step::Sweep {
            spread,
            publish_fails
        }),
        Just(Step::BrokerLosesOne),
        Just(Step::BrokerDoublesOne),
        Just(Step::Deliver),
        prop_oneof![
            Just(Outcome::Success),
            Just(Outcome::Retry { after: None }),
            Just(Outcome::Retry {
                after: Some(Duration::from_secs(30))
            }),
            Just(Outcome::Hopeless),
        ]
        .prop_map(Step::Report),
        Just(Step::Crash),
    ]
}

struct World {
    now: DateTime<Utc>,
    job: Schedule,
    in_broker: usize,
    /// (attempt, started at) of workers that believe they run the job.
    workers: Vec<(i32, DateTime<Utc>)>,
    runs: i32,
    ended: Option<Phase>,
}

impl World {
    fn new() -> Self {
        let now = DateTime::from_timestamp(1_800_000_000, 0).unwrap();
        Self {
            now,
            job: Schedule::new(now + TimeDelta::seconds(20)),
            in_broker: 0,
            workers: Vec::new(),
            runs: 0,
            ended: None,
        }
    }

    fn apply(&mut self, step: &Step) {
        match step {
            Step::Wait(seconds) => self.now += TimeDelta::seconds(*seconds),
            Step::Sweep {
                spread,
                publish_fails,
            } => match self.job.sweep(self.now, &SPEC, *spread) {
                Sweep::Publish(next) => {
                    self.job = if *publish_fails { next.release() } else { next };
                    // A publish that failed may have arrived all the same.
                    self.in_broker += 1;
                }
                Sweep::Revive(next) | Sweep::Bury(next) => self.job = next,
                Sweep::Leave => {}
            },
            Step::BrokerLosesOne => self.in_broker = self.in_broker.saturating_sub(1),
            Step::BrokerDoublesOne if self.in_broker > 0 => self.in_broker += 1,
            Step::BrokerDoublesOne => {}
            Step::Deliver if self.in_broker > 0 => {
                self.in_broker -= 1;
                if let Start::Run(next) = self.job.start(self.now) {
                    self.job = next;
                    self.runs += 1;
                    self.workers.push((next.attempts, self.now));
                }
            }
            Step::Deliver => {}
            Step::Report(outcome) => self.report(*outcome),
            Step::Crash if !self.workers.is_empty() => drop(self.workers.remove(0)),
            Step::Crash => {}
        }
        self.check();
    }

    fn report(&mut self, outcome: Outcome) {
        if self.workers.is_empty() {
            return;
        }
        let (attempt, _) = self.workers.remove(0);
        if let Some(next) = self.job.finish(attempt, outcome, self.now, &SPEC, 500) {
            self.job = next;
        }
    }

    fn check(&mut self) {
        assert!(self.job.attempts <= SPEC.max_attempts, "attempts are bounded");
        assert_eq!(self.runs, self.job.attempts, "every run is counted");
        let limit = TimeDelta::from_std(RUN_LIMIT).unwrap();
        let at_work = self
            .workers
            .iter()
            .filter(|(_, since)| self.now - *since < limit)
            .count();
        assert!(at_work <= 1, "two workers within a lease");
        if let Some(end) = self.ended {
            assert_eq!(self.job.phase, end, "an ended job stays as it ended");
        } else if matches!(self.job.phase, Phase::Done | Phase::Dead) {
            self.ended = Some(self.job.phase);
        }
    }

    /// All is well again: the broker delivers, workers succeed, crashed ones stay away.
    fn heal(&mut self) {
        self.workers.clear();
        self.in_broker = 0;
        for _ in 0..3 {
            self.apply(&Step::Wait(1000));
            self.apply(&Step::Sweep {
                spread: 500,
                publish_fails: false,
            });
            self.apply(&Step::Deliver);
            self.apply(&Step::Report(Outcome::Success));
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn in_any_order_of_losses_crashes_and_delays_a_job_ends_and_never_runs_twice_at_once(
        steps in prop::collection::vec(step(), 0..120)
    ) {
        let mut world = World::new();
        for step in &steps {
            world.apply(step);
        }
        world.heal();
        prop_assert!(matches!(world.job.phase, Phase::Done | Phase::Dead), "lost: {:?}", world.job);
    }
}
