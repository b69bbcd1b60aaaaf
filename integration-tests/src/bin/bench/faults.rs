//! The same work while things break: one fault a minute, each at a moment of its own minute. Callers ask again until they are answered, as ours and
//! partners' programs do; what is measured is how much is answered all in all, beside the same work without faults in the same run.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use rand::rngs::StdRng;
use rand::{Rng as _, SeedableRng as _};
use testkit::stack::Server;
use tokio::task::JoinSet;

use crate::installation::{Installation, Running};
use crate::measure::{Latencies, per_second};
use crate::plan::Plan;
use crate::report::{Figure, Target};

/// A caller gives up after so long without an answer, and the run with it: what broke was healed long before.
const PATIENCE: Duration = Duration::from_secs(60);
/// How long one question is waited for.
pub(crate) const DEADLINE: Duration = Duration::from_secs(10);
/// What a caller waits before it asks again.
const PAUSE: Duration = Duration::from_millis(20);

/// What is killed and started again at once.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Fault {
    /// The measured service.
    Service,
    Server(Server),
}

impl Fault {
    fn name(self) -> String {
        match self {
            Self::Service => "the service".to_owned(),
            Self::Server(server) => server.to_string(),
        }
    }

    /// Kills it and starts it again; returns when it answers.
    pub(crate) async fn happen(
        self,
        installation: &Installation,
        service: Option<&mut Running>,
    ) -> Result<()> {
        match self {
            Self::Service => {
                let service = service.context("there is no service to kill")?;
                service.stop().await?;
                service.start().await
            }
            Self::Server(server) => installation.crash(server).await,
        }
    }
}

/// Kills each in its minute and starts it again, and ends with the last minute. The moments are the same in every run.
pub(crate) async fn befall(
    installation: &Installation,
    plan: &Plan,
    faults: &[Fault],
    mut service: Option<&mut Running>,
) -> Result<()> {
    let mut chance = StdRng::seed_from_u64(11);
    let start = tokio::time::Instant::now();
    for (fault, minute) in faults.iter().zip(0_u32..) {
        let begins = start + plan.minute * minute;
        // Neither at once nor so late that the recovery falls into the next minute.
        tokio::time::sleep_until(begins + plan.minute.mul_f64(chance.random_range(0.1..0.5))).await;
        fault.happen(installation, service.as_deref_mut()).await?;
        tokio::time::sleep_until(begins + plan.minute).await;
    }
    Ok(())
}

/// What is killed in turn, in words.
pub(crate) fn names(faults: &[Fault]) -> String {
    let names: Vec<String> = faults.iter().map(|fault| fault.name()).collect();
    names.join(", ")
}

/// What is measured while they befall it.
pub(crate) fn each_minute(faults: &[Fault]) -> String {
    format!("the same while one thing a minute is killed: {}", names(faults))
}

/// The figure of work that was measured undisturbed before.
pub(crate) fn figure(
    undisturbed: &Figure,
    what: String,
    ours: Vec<f64>,
    times: Latencies,
    note: String,
) -> Figure {
    let longest = times.quantile(1.0) / 1e3;
    Figure {
        id: undisturbed.id,
        what,
        unit: undisturbed.unit,
        better: undisturbed.better,
        ours,
        limit: undisturbed.ours.clone(),
        limit_is: "the same undisturbed".to_owned(),
        first: Target::None,
        goal: Target::None,
        notes: vec![format!("{note}; the longest took {longest:.1} s")],
        times: vec![("disturbed", times)],
    }
}

/// What callers were answered, minute by minute.
pub(crate) struct Answered {
    /// Answers a second in each minute.
    pub(crate) rates: Vec<f64>,
    /// From the first question to its answer.
    pub(crate) times: Latencies,
    pub(crate) count: usize,
}

/// Each caller makes one call after the other until `befalling` ends. A call begins when its caller is free and ends with its answer.
pub(crate) async fn callers<F, R>(
    callers: usize,
    plan: &Plan,
    befalling: impl Future<Output = Result<()>>,
    call: F,
) -> Result<Answered>
where
    F: Fn(usize) -> R + Send + Sync + 'static,
    R: Future<Output = Result<()>> + Send,
{
    let (call, ended) = (Arc::new(call), tokio_util::sync::CancellationToken::new());
    let answers = Arc::new(Mutex::new(Vec::<(Instant, Duration)>::new()));
    let mut running = JoinSet::new();
    let start = Instant::now();
    for caller in 0..callers {
        let (call, answers, ended) = (Arc::clone(&call), Arc::clone(&answers), ended.clone());
        running.spawn(async move {
            let mut own = Vec::new();
            while !ended.is_cancelled() {
                let asked = Instant::now();
                call(caller).await?;
                own.push((Instant::now(), asked.elapsed()));
            }
            answers.lock().unwrap_or_else(PoisonError::into_inner).extend(own);
            anyhow::Ok(())
        });
    }
    tokio::select! {
        befallen = befalling => befallen?,
        // A caller ends before the others only by an error.
        Some(failed) = running.join_next() => failed.context("a caller")??,
    }
    ended.cancel();
    while let Some(ended) = running.join_next().await {
        ended.context("a caller")??;
    }
    let answers = std::mem::take(&mut *answers.lock().unwrap_or_else(PoisonError::into_inner));
    Ok(Answered {
        rates: by_minute(&answers, start, plan),
        count: answers.len(),
        times: answers
            .into_iter()
            .map(|(_, time)| time)
            .collect::<Vec<_>>()
            .into(),
    })
}

/// What was answered after the last minute is in none of them.
fn by_minute(answers: &[(Instant, Duration)], start: Instant, plan: &Plan) -> Vec<f64> {
    (0_u32..)
        .take(plan.faults.unwrap_or_default())
        .map(|number| {
            let begins = start + plan.minute * number;
            let minute = begins..begins + plan.minute;
            let count = answers.iter().filter(|(at, _)| minute.contains(at)).count();
            per_second(count, plan.minute)
        })
        .collect()
}

/// How long a caller asks again.
pub(crate) struct Patience(Instant);

impl Patience {
    /// From the first question on.
    pub(crate) fn new() -> Self {
        Self(Instant::now())
    }

    /// Waits for the next question after one that was not answered.
    pub(crate) async fn after(&self, error: anyhow::Error) -> Result<()> {
        if self.0.elapsed() > PATIENCE {
            return Err(error.context("no answer after a minute"));
        }
        tokio::time::sleep(PAUSE).await;
        Ok(())
    }
}
