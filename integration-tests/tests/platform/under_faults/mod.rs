//! Members press Terminer while everything beneath them dies: each service between two requests and at the named points within one, Postgres,
//! NATS, RabbitMQ, and the broker's store put back to an older copy. Each presses until there is an answer. Afterwards it is counted: attempted =
//! answered = files = events = effects at each listener, also after every event came three times more in another order.
//!
//! `TADAMON_FAULT_SEED` repeats a run: the same faults in the same order. `TADAMON_FAULT_MEMBERS` sets how many press; from a hundred on every
//! service dies at every point that it has, once for each hundred. What it proves is bounded: a kill leaves what the kernel was given, so a lost
//! page cache is played by the older store and not by a kill.

mod broker;
mod checker;
pub(crate) mod clients;
mod crowd;
mod inflict;
mod points;
mod schedule;

use std::sync::Arc;
use std::time::Instant;

use futures::StreamExt as _;
use testkit::stack::{PrivateStack, Server, StackAddresses, test_addresses};

use checker::Expected;
use crowd::Crowd;
use inflict::{Pace, Scene};
use integration_tests::member::{Member, own_number};
use integration_tests::world::World;
use schedule::{Extent, Fault, presses, schedule};

/// Enough for every fault of a smoke to fall among them; `just faults` asks for more.
const MEMBERS: usize = 24;
/// Presses in flight.
const AT_ONCE: usize = 8;

fn number_from(variable: &str) -> Option<u64> {
    std::env::var(variable).ok()?.parse().ok()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn private_stack_nothing_is_lost_and_nothing_happens_twice_while_everything_is_killed() {
    let seed =
        number_from("TADAMON_FAULT_SEED").unwrap_or_else(|| u64::from_le_bytes(platform::ids::random::<8>()));
    let members = number_from("TADAMON_FAULT_MEMBERS")
        .and_then(|members| usize::try_from(members).ok())
        .unwrap_or(MEMBERS);
    eprintln!("faults: TADAMON_FAULT_SEED={seed} TADAMON_FAULT_MEMBERS={members} repeats this run");
    let faults = schedule(seed, Extent::for_members(members));
    let led = presses(&faults);
    assert!(led < members, "{members} members are too few for {led} deaths");

    let private = PrivateStack::start(&[Server::Postgres, Server::Nats, Server::Rabbitmq])
        .expect("servers of one's own");
    let own = private.addresses().clone();
    // Mail and Redis are shared: neither is hurt here.
    let stack = StackAddresses {
        postgres_url: own.postgres_url,
        nats_url: own.nats_url,
        nats_admin: own.nats_admin,
        amqp_url: own.amqp_url,
        ..test_addresses().expect("the test stack runs")
    };
    let world = World::start_on(stack).await;
    let (portal, address) = world.portal();
    portal.start();
    portal.ready().await;

    // Not the seed's: the mail catcher is shared, and a run that is repeated must not find its former mails.
    let first = own_number();
    let mut numbers = first..;
    let people: Vec<Member> = numbers
        .by_ref()
        .take(members)
        .map(|number| Member::numbered(number % 1_000_000))
        .collect();
    let newcomers = numbers.start;
    let lines = people.iter().flat_map(Member::lines).collect();
    world.import(lines).await;
    let crowd = Crowd::gather(&world, &people, &address, (led, newcomers), AT_ONCE).await;

    let load = crowd.load();
    let pace = Pace::new(AT_ONCE, load.len(), faults.iter().map(Fault::kills).sum());
    let answers = futures::stream::iter(load).map(async |guest| {
        pace.turn().await;
        guest.presser.presses_until_answered().await;
    });
    let scene = Scene {
        world: &world,
        portal: &portal,
        stack: Arc::new(private),
        crowd: &crowd,
        pace: &pace,
    };
    let answers = answers.buffer_unordered(AT_ONCE).count();
    let (answered, tally) = tokio::join!(answers, scene.inflict(&faults));
    let last_fault = Instant::now();

    let expected = Expected::new(&crowd, answered + crowd.led(), &faults);
    checker::everything_stands_once(&world, &expected).await;
    let drained = last_fault.elapsed();
    broker::tell_everything_again(&world, 3, seed).await;
    checker::everything_stands_once(&world, &expected).await;
    // The relay found foreign messages at the end of its stream: it goes on all the same.
    let signed_in = people[0].signs_in(&world).await;
    signed_in
        .withdraws(crowd.guests()[0].presser.application())
        .await
        .expect("a request that is not decided is withdrawn");
    checker::one_withdrawal_is_told(&world).await;
    checker::every_trail_is_whole(&world, members).await;
    checker::no_log_names_anybody(&world, &portal, &people);
    let mails = checker::mails_came(crowd.guests(), &expected).await;
    eprintln!("faults: {tally}");
    eprintln!(
        "faults: {expected}; all was there {} s after the last fault",
        drained.as_secs()
    );
    eprintln!("faults: {mails}");
}
