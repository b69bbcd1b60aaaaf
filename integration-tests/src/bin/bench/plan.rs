//! What is run and how much of it.

use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context as _, Result, bail};

use crate::faults::Fault;

/// Sizes of a run.
#[derive(Debug, Clone)]
pub(crate) struct Plan {
    only: Option<Vec<String>>,
    /// Each figure is the median of so many.
    pub(crate) rounds: usize,
    pub(crate) callers: usize,
    /// Submissions of each caller in a round.
    pub(crate) each: usize,
    /// Arrivals a second, and how many, where an idle service is asked.
    pub(crate) idle_rate: f64,
    pub(crate) idle_count: usize,
    /// Events a second and how many, where their way to a subscriber is timed.
    pub(crate) event_rate: f64,
    pub(crate) events: usize,
    pub(crate) backlog: usize,
    /// Connections over which cards are checked: more than `callers`, because what waits for the disk needs more of them to keep the cores busy.
    pub(crate) tills: usize,
    /// Card checks of each connection in a round.
    pub(crate) checks: usize,
    /// Seconds of each round of decisions.
    pub(crate) decide_for: f64,
    /// Minutes in which the work is measured once more while things break, one fault in each; none unless it is asked for.
    pub(crate) faults: Option<usize>,
    /// How long such a minute is.
    pub(crate) minute: Duration,
    /// Where the JSON goes.
    pub(crate) output: PathBuf,
}

impl Plan {
    pub(crate) fn read(arguments: &[String]) -> Result<Self> {
        let output = testkit::stack::local_dir().join("bench");
        let mut plan = Self {
            only: None,
            rounds: 3,
            callers: 32,
            each: 200,
            idle_rate: 20.0,
            idle_count: 200,
            event_rate: 200.0,
            events: 1_600,
            backlog: 100_000,
            tills: 256,
            checks: 300,
            decide_for: 2.0,
            faults: None,
            minute: Duration::from_secs(60),
            output,
        };
        let smoke = arguments.iter().any(|argument| argument == "--smoke");
        let mut arguments = arguments.iter();
        while let Some(argument) = arguments.next() {
            match argument.as_str() {
                "--smoke" => {
                    plan = Self {
                        rounds: 1,
                        callers: 4,
                        each: 3,
                        idle_count: 5,
                        events: 40,
                        backlog: 600,
                        tills: 4,
                        checks: 5,
                        decide_for: 0.02,
                        minute: Duration::from_secs(4),
                        ..plan
                    }
                }
                "--faults" => plan.faults = Some(3),
                "--only" => {
                    let names = arguments.next().context("--only needs names, such as S1,S5")?;
                    plan.only = Some(names.split(',').map(str::to_uppercase).collect());
                }
                "--rounds" => {
                    let rounds = arguments.next().context("--rounds needs a number")?;
                    plan.rounds = rounds.parse().context("--rounds needs a number")?;
                }
                "--output" => {
                    plan.output = arguments.next().context("--output needs a folder")?.into();
                }
                other => bail!("unknown argument {other}: --smoke, --faults, --only, --rounds or --output"),
            }
        }
        if smoke {
            plan.faults = plan.faults.map(|_| 2);
        }
        if plan.rounds == 0 {
            bail!("--rounds needs at least 1");
        }
        Ok(plan)
    }

    /// Whether one of these was asked for.
    pub(crate) fn wants(&self, names: &[&str]) -> bool {
        self.only
            .as_ref()
            .is_none_or(|only| names.iter().any(|name| only.iter().any(|wanted| wanted == name)))
    }

    /// What breaks of these, one a minute, if anything is to break.
    pub(crate) fn faults<'a>(&self, of: &'a [Fault]) -> Option<&'a [Fault]> {
        self.faults.map(|count| &of[..count.min(of.len())])
    }

    /// With as many events as come in so many minutes.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a few hundred events a second"
    )]
    pub(crate) fn for_minutes(&self, minutes: usize) -> Self {
        let a_minute = (self.event_rate * self.minute.as_secs_f64()) as usize;
        Self {
            events: a_minute * minutes,
            ..self.clone()
        }
    }

    /// Submissions of one round.
    pub(crate) fn round(&self) -> usize {
        self.callers * self.each
    }
}
