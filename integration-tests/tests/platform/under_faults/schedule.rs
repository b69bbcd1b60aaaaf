//! Which fault comes after how many answers: a function of the seed and nothing else.

use std::fmt;

use rand::rngs::StdRng;
use rand::seq::SliceRandom as _;
use rand::{Rng as _, SeedableRng as _};
use testkit::stack::Server;

use integration_tests::services::SERVICES;

/// What is done to the platform.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// Killed without a goodbye, started again at once.
    Service(&'static str),
    /// The same for a server beneath the services.
    Server(Server),
    /// The broker's files are copied while it runs, as a backup would.
    StoreIsCopied,
    /// The broker is killed and comes back with the copy: everything since is gone from it.
    StoreIsPutBack,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Service(name) => write!(f, "{name} is killed"),
            Self::Server(server) => write!(f, "{server} is killed"),
            Self::StoreIsCopied => f.write_str("the broker's store is copied"),
            Self::StoreIsPutBack => f.write_str("the broker's store is put back"),
        }
    }
}

const SERVERS: [Server; 3] = [Server::Postgres, Server::Nats, Server::Rabbitmq];

/// Every service, the portal, the servers, and the two moments of the store.
pub(crate) const KINDS: usize = SERVICES.len() + 1 + SERVERS.len() + 2;

/// Each fault once, by the number of answers after which it comes.
pub(crate) fn schedule(seed: u64, members: usize) -> Vec<(usize, Fault)> {
    let mut random = StdRng::seed_from_u64(seed);
    let mut faults: Vec<Fault> = SERVICES
        .into_iter()
        .chain(["portal"])
        .map(Fault::Service)
        .chain(SERVERS.map(Fault::Server))
        .chain([Fault::StoreIsCopied, Fault::StoreIsPutBack])
        .collect();
    faults.shuffle(&mut random);
    let mut moments: Vec<usize> = faults
        .iter()
        .map(|_| random.random_range(1..members.max(2)))
        .collect();
    moments.sort_unstable();
    let place = |wanted| faults.iter().position(|fault| *fault == wanted);
    if let (Some(copied), Some(put_back)) = (place(Fault::StoreIsCopied), place(Fault::StoreIsPutBack))
        && copied > put_back
    {
        faults.swap(copied, put_back);
    }
    moments.into_iter().zip(faults).collect()
}
