//! Which faults come in which order: a function of the seed and nothing else.

use std::fmt;

use platform::fault_points::FaultPoint;
use rand::SeedableRng as _;
use rand::rngs::StdRng;
use rand::seq::{IndexedRandom as _, SliceRandom as _};
use testkit::stack::Server;

use super::points::{STOPS, Step, Stop};

/// All seven: those with a database, and the web edge.
pub(crate) const KILLED: [&str; 7] = [
    "membership",
    "identity",
    "benefits",
    "documents",
    "partnerships",
    "notifications",
    "portal",
];

const SERVERS: [Server; 3] = [Server::Postgres, Server::Nats, Server::Rabbitmq];

/// What is done to the platform.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// A service is killed from without, then dies once at each of these points, then stays.
    Service(&'static str, Vec<Stop>),
    /// A server beneath the services is killed and started again.
    Server(Server),
    /// The broker's files are copied while it runs, as a backup would.
    StoreIsCopied,
    /// The broker is killed and comes back with the copy: everything since is gone from it.
    StoreIsPutBack,
}

impl Fault {
    /// How many processes it kills.
    pub(crate) fn kills(&self) -> usize {
        match self {
            Self::Service(_, stops) => 1 + stops.len(),
            Self::Server(_) | Self::StoreIsPutBack => 1,
            Self::StoreIsCopied => 0,
        }
    }

    pub(crate) fn stops(&self) -> &[Stop] {
        match self {
            Self::Service(_, stops) => stops,
            Self::Server(_) | Self::StoreIsCopied | Self::StoreIsPutBack => &[],
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Service(name, _) => write!(f, "{name} is killed"),
            Self::Server(server) => write!(f, "{server} is killed"),
            Self::StoreIsCopied => f.write_str("the broker's store is copied"),
            Self::StoreIsPutBack => f.write_str("the broker's store is put back"),
        }
    }
}

/// How much is tried.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Extent {
    /// Every service at two of its points, every point at least once.
    Smoke,
    /// Every service at every point that it has, so many times.
    Rounds(usize),
}

impl Extent {
    /// A round for each hundred members.
    pub(crate) fn for_members(members: usize) -> Self {
        match members / 100 {
            0 => Self::Smoke,
            rounds => Self::Rounds(rounds),
        }
    }
}

/// The whole run.
pub(crate) fn schedule(seed: u64, extent: Extent) -> Vec<Fault> {
    let mut random = StdRng::seed_from_u64(seed);
    let rounds = match extent {
        Extent::Smoke => 1,
        Extent::Rounds(rounds) => rounds,
    };
    (0..rounds).flat_map(|_| round(&mut random, extent)).collect()
}

fn round(random: &mut StdRng, extent: Extent) -> Vec<Fault> {
    let mut faults: Vec<Fault> = visits(random, extent);
    faults.extend(SERVERS.map(Fault::Server));
    faults.shuffle(random);
    // Far enough apart that there is something to lose.
    faults.insert(faults.len() / 4, Fault::StoreIsCopied);
    faults.insert(faults.len() * 3 / 4, Fault::StoreIsPutBack);
    faults
}

fn visits(random: &mut StdRng, extent: Extent) -> Vec<Fault> {
    loop {
        let visits: Vec<Fault> = KILLED
            .into_iter()
            .map(|service| {
                let mut stops: Vec<Stop> = STOPS
                    .iter()
                    .filter(|stop| stop.service == service)
                    .copied()
                    .collect();
                if matches!(extent, Extent::Smoke) {
                    stops = stops.choose_multiple(random, 2).copied().collect();
                }
                stops.shuffle(random);
                Fault::Service(service, stops)
            })
            .collect();
        let tried = |point| {
            visits
                .iter()
                .flat_map(Fault::stops)
                .any(|stop| stop.point == point)
        };
        if FaultPoint::ALL.into_iter().all(tried) {
            return visits;
        }
    }
}

/// Members whose press leads into a death.
pub(crate) fn presses(faults: &[Fault]) -> usize {
    faults
        .iter()
        .flat_map(Fault::stops)
        .filter(|stop| stop.step == Step::Press)
        .count()
}

/// A run that failed can be repeated.
#[test]
fn the_same_seed_gives_the_same_faults() {
    for seed in 0..200 {
        let smoke = schedule(seed, Extent::Smoke);
        assert_eq!(smoke, schedule(seed, Extent::Smoke), "seed {seed}");
        let place = |wanted: &Fault| smoke.iter().position(|fault| fault == wanted);
        assert!(
            place(&Fault::StoreIsCopied) < place(&Fault::StoreIsPutBack),
            "seed {seed}: a copy is made before it is put back"
        );
        for server in SERVERS {
            assert!(place(&Fault::Server(server)).is_some(), "seed {seed}: {server}");
        }
        for point in FaultPoint::ALL {
            let tried = smoke
                .iter()
                .flat_map(Fault::stops)
                .any(|stop| stop.point == point);
            assert!(tried, "seed {seed}: nobody dies {point}");
        }
    }
    assert_ne!(schedule(1, Extent::Smoke), schedule(2, Extent::Smoke));
    let whole = schedule(1, Extent::Rounds(2));
    let stops = whole.iter().flat_map(Fault::stops).count();
    assert_eq!(stops, 2 * STOPS.len(), "each stop once a round");
}
