//! Members press Terminer while everything beneath them is killed: each service, Postgres, NATS, RabbitMQ, and the broker's store put back to
//! an older copy. Each presses until there is an answer. Afterwards it is counted: attempted = answered = files = events = effects at each
//! listener, also after every event came three times more in another order.
//!
//! `TADAMON_FAULT_SEED` repeats a run: the same faults come after the same counts of answers. `TADAMON_FAULT_MEMBERS` sets how many.
//! What it proves is bounded: a kill leaves what the kernel was given, so a lost page cache is played by the older store and not by a kill.

mod broker;
mod checker;
pub(crate) mod clients;
mod schedule;

use futures::{StreamExt as _, TryStreamExt as _};
use testkit::stack::{PrivateStack, Server, StackAddresses, test_addresses};
use tokio::sync::watch;

use checker::Expected;
use clients::Presser;
use integration_tests::member::{Member, key, own_number};
use integration_tests::world::World;
use schedule::{Fault, schedule};

/// Enough for every fault to fall among them; `just faults` asks for more.
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
    let mut world = World::start_on(stack).await;
    let (mut portal, address) = world.portal();
    portal.start();
    portal.ready().await;

    // Not the seed's: the mail catcher is shared, and a run that is repeated must not find its former mails.
    let first = own_number();
    let people: Vec<Member> = (first..)
        .take(members)
        .map(|number| Member::numbered(number % 1_000_000))
        .collect();
    let lines = people.iter().flat_map(Member::lines).collect();
    world.import(lines).await;
    let pressers = prepare(&world, &people, &address).await;

    let faults = schedule(seed, members);
    let (answered, mut seen) = watch::channel(0_usize);
    let load = futures::stream::iter(&pressers).for_each_concurrent(AT_ONCE, async |presser| {
        presser.presses_until_answered().await;
        answered.send_modify(|count| *count += 1);
    });
    let inflict = async {
        for (after, fault) in &faults {
            seen.wait_for(|count| count >= after)
                .await
                .expect("the presses go on");
            eprintln!("faults: after {after} answers: {fault}");
            match fault {
                Fault::Service("portal") => {
                    portal.kill();
                    portal.start();
                    portal.ready().await;
                }
                Fault::Service(name) => {
                    world.kill(name);
                    world.start_again(name).await;
                }
                Fault::Server(server) => {
                    private.kill(*server).expect("the server is killed");
                    private.start_again(*server).expect("the server starts again");
                }
                Fault::StoreIsCopied => broker::copy_store(private.dir()),
                Fault::StoreIsPutBack => {
                    private.kill(Server::Nats).expect("NATS is killed");
                    broker::put_store_back(private.dir());
                    private.start_again(Server::Nats).expect("NATS starts again");
                }
            }
        }
    };
    tokio::join!(load, inflict);
    let answered = *answered.borrow();

    let expected = Expected::new(members, answered, &faults);
    checker::everything_stands_once(&world, &expected).await;
    broker::tell_everything_again(&world, 3, seed).await;
    checker::everything_stands_once(&world, &expected).await;
    // The relay found foreign messages at the end of its stream: it goes on all the same.
    let signed_in = people[0].signs_in(&world).await;
    signed_in
        .withdraws(pressers[0].application())
        .await
        .expect("a request that is not decided is withdrawn");
    checker::one_withdrawal_is_told(&world).await;
    let mails = checker::mails_came(&people, &expected).await;
    eprintln!("faults: {expected}; {mails}");
}

/// Accounts, drafts and papers of everybody, in peace.
async fn prepare(world: &World, people: &[Member], portal: &str) -> Vec<Presser> {
    futures::stream::iter(people)
        .map(async |member| {
            let signed_in = member.opens_an_account(world).await;
            let draft = signed_in.fills_in_everything("oncology").await;
            anyhow::Ok(Presser::new(portal, signed_in.session(), &draft.application_id))
        })
        .buffered(AT_ONCE)
        .try_collect()
        .await
        .expect("everybody is ready to press")
}

/// The schedule is the seed's alone: a failed run can be repeated.
#[test]
fn the_same_seed_gives_the_same_faults_and_each_is_among_them_once() {
    for seed in 0..200 {
        let (one, again) = (schedule(seed, MEMBERS), schedule(seed, MEMBERS));
        assert_eq!(one, again, "seed {seed}");
        let mut names: Vec<String> = one.iter().map(|(_, fault)| fault.to_string()).collect();
        names.sort();
        names.dedup();
        assert_eq!(names.len(), schedule::KINDS, "seed {seed}: {names:?}");
        assert!(
            one.iter().all(|(after, _)| (1..MEMBERS).contains(after)),
            "seed {seed}: a fault that comes after everybody was answered hurts nobody"
        );
        let at = |wanted: &Fault| one.iter().position(|(_, fault)| fault == wanted);
        assert!(
            at(&Fault::StoreIsCopied) < at(&Fault::StoreIsPutBack),
            "seed {seed}: a copy is made before it is put back"
        );
    }
    assert_ne!(schedule(1, MEMBERS), schedule(2, MEMBERS));
    // An idempotency key is drawn afresh for each form, so that two runs of one seed on one installation do not answer each other.
    assert_ne!(key(), key());
}
