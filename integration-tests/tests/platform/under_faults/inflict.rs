//! Does what the schedule says, while the others press; keeps count of who died where and how long each took to be ready again.

use std::collections::BTreeMap;
use std::fmt;
use std::pin::pin;
use std::sync::Arc;
use std::time::{Duration, Instant};

use futures::StreamExt as _;
use futures::stream::FuturesUnordered;
use platform::fault_points::FaultPoint;
use testkit::stack::{PrivateStack, Server};
use tokio::sync::Semaphore;

use integration_tests::services::Service;
use integration_tests::world::World;

use super::broker;
use super::crowd::Crowd;
use super::points::Stop;
use super::schedule::Fault;

/// Lets the members of the load come on as the faults do, so that some are in the middle of a press whenever somebody dies.
pub(crate) struct Pace {
    places: Semaphore,
    load: usize,
    kills: usize,
}

impl Pace {
    pub(crate) fn new(at_once: usize, load: usize, kills: usize) -> Self {
        Self {
            places: Semaphore::new(at_once),
            load,
            kills,
        }
    }

    /// Waits for one's turn.
    pub(crate) async fn turn(&self) {
        let place = self.places.acquire().await;
        place.expect("nobody closes it").forget();
    }

    /// After so many kills.
    fn go_on(&self, done: usize) {
        let places = self.load * done / self.kills - self.load * (done - 1) / self.kills;
        self.places.add_permits(places);
    }
}

/// What was done.
#[derive(Default)]
pub(crate) struct Tally {
    from_without: usize,
    servers: usize,
    by_point: BTreeMap<FaultPoint, usize>,
    by_service: BTreeMap<&'static str, usize>,
    ready_again: Vec<Duration>,
}

impl Tally {
    fn kills(&self) -> usize {
        self.from_without + self.servers + self.by_point.values().sum::<usize>()
    }

    fn dies(&mut self, stop: &Stop) {
        *self.by_point.entry(stop.point).or_default() += 1;
        *self.by_service.entry(stop.service).or_default() += 1;
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let deaths: usize = self.by_point.values().sum();
        write!(f, "{} kills: {deaths} services at a point (", self.kills())?;
        for (number, (point, count)) in self.by_point.iter().enumerate() {
            let comma = if number == 0 { "" } else { ", " };
            write!(f, "{comma}{point} {count}")?;
        }
        f.write_str("; ")?;
        for (number, (service, count)) in self.by_service.iter().enumerate() {
            let comma = if number == 0 { "" } else { ", " };
            write!(f, "{comma}{service} {count}")?;
        }
        write!(
            f,
            "), {} between two requests, {} servers",
            self.from_without, self.servers
        )?;
        let mut times = self.ready_again.clone();
        times.sort_unstable();
        if let (Some(median), Some(longest)) = (times.get(times.len() / 2), times.last()) {
            write!(
                f,
                "; a service was ready again after {} ms (median of {}), {} ms (longest)",
                median.as_millis(),
                times.len(),
                longest.as_millis()
            )?;
        }
        Ok(())
    }
}

/// The platform, and who is there to notice.
pub(crate) struct Scene<'a> {
    pub(crate) world: &'a World,
    pub(crate) portal: &'a Service,
    pub(crate) stack: Arc<PrivateStack>,
    pub(crate) crowd: &'a Crowd<'a>,
    pub(crate) pace: &'a Pace,
}

impl Scene<'_> {
    pub(crate) async fn inflict(&self, faults: &[Fault]) -> Tally {
        let mut tally = Tally::default();
        for fault in faults {
            eprintln!("faults: {fault}");
            match fault {
                Fault::Service(name, stops) => self.visit(name, stops, &mut tally).await,
                Fault::Server(server) => {
                    self.restart(*server, |_| {}).await;
                    tally.servers += 1;
                    self.pace.go_on(tally.kills());
                }
                Fault::StoreIsCopied => self
                    .stack
                    .copy_nats_store(&broker::older_store(self.stack.dir()))
                    .expect("the broker runs"),
                Fault::StoreIsPutBack => {
                    self.restart(Server::Nats, |stack| broker::put_store_back(stack.dir()))
                        .await;
                    tally.servers += 1;
                    self.pace.go_on(tally.kills());
                }
            }
        }
        tally
    }

    /// Aside, so that the members go on pressing.
    async fn restart(&self, server: Server, in_between: fn(&PrivateStack)) {
        let stack = Arc::clone(&self.stack);
        let restarted = tokio::task::spawn_blocking(move || {
            stack.kill(server).expect("the server is killed");
            in_between(&stack);
            stack.start_again(server).expect("the server starts again");
        });
        restarted.await.expect("nothing panics there");
    }

    /// Killed between two requests, then dying at one point after the other. Steps go on over several deaths, as long as it takes.
    async fn visit(&self, name: &str, stops: &[Stop], tally: &mut Tally) {
        let service = if name == "portal" {
            self.portal
        } else {
            self.world.service(name)
        };
        service.kill();
        tally.from_without += 1;
        self.pace.go_on(tally.kills());
        let mut steps = FuturesUnordered::new();
        for stop in stops {
            eprintln!("faults: {stop}");
            let began = Instant::now();
            service.start_to_die_at(&stop.aim());
            // A member may pass the point before anybody has asked whether the service is ready.
            let died_at_once = tokio::select! {
                () = service.ready() => false,
                () = service.dies() => true,
            };
            steps.push(self.crowd.takes(stop.step));
            if !died_at_once {
                tally.ready_again.push(began.elapsed());
                let mut death = pin!(service.dies());
                loop {
                    tokio::select! {
                        () = &mut death => break,
                        Some(()) = steps.next(), if !steps.is_empty() => {}
                    }
                }
            }
            tally.dies(stop);
            self.pace.go_on(tally.kills());
        }
        let began = Instant::now();
        service.start();
        service.ready().await;
        tally.ready_again.push(began.elapsed());
        while steps.next().await.is_some() {}
    }
}
