//! `./justw sizing`: what each service's process holds and uses, idle and at work, and how long it takes to end under load; as the table of
//! docs/operations/sizing.md. Servers are the tests' (`./justw test-stack`); programs are those of the folder `TADAMON_PROGRAMS`, else of a debug
//! build. Figures are those of this machine; nothing is judged.
//!
//! Reading order: `main`, `work` (members from the account to the sent request), `ending` (callers who do not stop while a service is asked to end).

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use futures::StreamExt as _;
use futures::future::{join, join_all};
use integration_tests::member::{Member, SignedIn, key, own_number, specimen};
use integration_tests::services::{SERVICES, Service, own_program};
use integration_tests::world::World;
use tonic::{Code, Status};

/// At work at once.
const CALLERS: usize = 32;
/// How long a process is left alone before it is called idle.
const QUIET: Duration = Duration::from_secs(15);
/// Between two looks at the processes.
const LOOK: Duration = Duration::from_millis(200);
/// Callers are at it for this long before the signal.
const WARM: Duration = Duration::from_secs(2);

/// What a process was seen to hold, in KiB, and to have used.
#[derive(Clone, Copy, Default)]
struct Seen {
    idle_kib: u64,
    most_kib: u64,
    cpu_seconds: f64,
}

#[tokio::main]
async fn main() -> Result<()> {
    let people: usize = match std::env::args().nth(1) {
        Some(text) => text.parse().context("use: sizing [PEOPLE]")?,
        None => 200,
    };
    let world = World::start().await;
    let (portal, address) = world.portal();
    portal.start();
    portal.ready().await;
    let services: Vec<&Service> = SERVICES
        .map(|name| world.service(name))
        .into_iter()
        .chain([&portal])
        .collect();

    tokio::time::sleep(QUIET).await;
    let seen: Mutex<BTreeMap<&str, Seen>> = Mutex::default();
    for service in &services {
        let idle_kib = held_kib(service.pid())?;
        let cpu_seconds = used_seconds(service.pid())?;
        let idle = Seen {
            idle_kib,
            most_kib: idle_kib,
            cpu_seconds,
        };
        seen.lock()
            .expect("nobody panics with it")
            .insert(service.name(), idle);
    }
    let done = AtomicBool::new(false);
    let watch = async {
        while !done.load(Ordering::Relaxed) {
            for service in &services {
                let held = held_kib(service.pid()).unwrap_or_default();
                let mut seen = seen.lock().expect("nobody panics with it");
                let seen = seen.entry(service.name()).or_default();
                seen.most_kib = seen.most_kib.max(held);
            }
            tokio::time::sleep(LOOK).await;
        }
    };
    let members = members(&world, people).await;
    let began = Instant::now();
    let at_work = async {
        let signed_in = work(&world, &members, &address).await;
        done.store(true, Ordering::Relaxed);
        signed_in
    };
    let (signed_in, ()) = join(at_work, watch).await;
    let took = began.elapsed();
    let mut table = seen.into_inner().expect("nobody panicked with it");
    for service in &services {
        let seen = table.entry(service.name()).or_default();
        seen.cpu_seconds = used_seconds(service.pid())? - seen.cpu_seconds;
    }

    println!(
        "{people} members by {CALLERS} at once: account, draft, paper, Terminer, inbox, three pages each; {:.0} s",
        took.as_secs_f64()
    );
    println!(
        "| service | idle MiB | most MiB | CPU s | end under load s | calls refused meanwhile |\n|---|---|---|---|---|---|"
    );
    for service in &services {
        let (ended, refused) = ending(&world, service, &signed_in, &address).await;
        let seen = table[service.name()];
        println!(
            "| {}{} | {} | {} | {:.1} | {:.2} | {refused} |",
            service.name(),
            own_program(service.name()).map_or(" (debug)", |_| ""),
            seen.idle_kib / 1024,
            seen.most_kib / 1024,
            seen.cpu_seconds,
            ended.as_secs_f64()
        );
    }
    drop(world);
    Ok(())
}

async fn members(world: &World, people: usize) -> Vec<Member> {
    let first = own_number();
    let members: Vec<Member> = (first..)
        .take(people)
        .map(|number| Member::numbered(number % 1_000_000))
        .collect();
    // Chunks of what one message of the import takes.
    for some in members.chunks(50) {
        world.import(some.iter().flat_map(Member::lines).collect()).await;
    }
    members
}

/// Every member from the account form to the sent request, some at once. Gives the sessions that are left.
async fn work<'a>(world: &'a World, members: &'a [Member], portal: &str) -> Vec<SignedIn<'a>> {
    let journeys = members.iter().map(async |member| {
        let signed_in = member.opens_an_account(world).await;
        let draft = signed_in.fills_in_everything("oncology").await;
        let sent = signed_in.submits(&draft.application_id, &key()).await;
        sent.expect("nothing is in the way");
        signed_in.inbox().await;
        for page in ["fr/sign-in", "ar/sign-in", "fr/account"] {
            let _a_page_or_none = reqwest::get(format!("{portal}/{page}")).await;
        }
        signed_in
    });
    futures::stream::iter(journeys)
        .buffer_unordered(CALLERS)
        .collect()
        .await
}

/// From the signal to the end of the process, while callers go on; and how many of their calls found nobody.
async fn ending(world: &World, service: &Service, people: &[SignedIn<'_>], portal: &str) -> (Duration, u64) {
    let (stop, refused) = (AtomicBool::new(false), AtomicU64::new(0));
    let paper = specimen();
    let callers = (0..CALLERS).map(async |at| {
        let caller = &people[at % people.len()];
        while !stop.load(Ordering::Relaxed) {
            let answered = match service.name() {
                "portal" => reqwest::get(format!("{portal}/fr/sign-in")).await.is_ok(),
                "documents" => caller.uploads(&paper).await.is_ok(),
                name => caller
                    .asks(name)
                    .await
                    .err()
                    .is_none_or(|status| is_answer(&status)),
            };
            if !answered {
                refused.fetch_add(1, Ordering::Relaxed);
                // Who finds nobody does not press on.
                tokio::time::sleep(LOOK).await;
            }
        }
    });
    let end = async {
        tokio::time::sleep(WARM).await;
        let asked = Instant::now();
        service.ask_to_end();
        service.ends().await;
        let ended = asked.elapsed();
        stop.store(true, Ordering::Relaxed);
        ended
    };
    let (ended, _) = join(end, join_all(callers)).await;
    service.start();
    service.ready().await;
    let _connected_again = world.sessions();
    (ended, refused.into_inner())
}

/// Whether somebody was there to refuse it, as who asks too often is.
fn is_answer(status: &Status) -> bool {
    !matches!(status.code(), Code::Unavailable | Code::Unknown | Code::Cancelled)
}

/// What is the process's own of the memory, and its share of what it has with others.
fn held_kib(pid: u32) -> Result<u64> {
    let text = std::fs::read_to_string(format!("/proc/{pid}/smaps_rollup")).context("a process that runs")?;
    let line = text.lines().find_map(|line| line.strip_prefix("Pss:"));
    let kib = line.and_then(|line| line.split_whitespace().next()?.parse().ok());
    kib.context("the kernel tells what a process holds")
}

/// Fields 14 and 15 of `stat`, in hundredths of a second on every Linux; the name before them may hold anything, in brackets.
fn used_seconds(pid: u32) -> Result<f64> {
    let text = std::fs::read_to_string(format!("/proc/{pid}/stat")).context("a process that runs")?;
    let (_, after_the_name) = text.rsplit_once(')').context("a process has a name")?;
    let mut fields = after_the_name.split_whitespace().skip(11);
    let mut ticks = || {
        fields
            .next()
            .and_then(|field| field.parse::<u32>().ok())
            .unwrap_or_default()
    };
    Ok(f64::from(ticks() + ticks()) / 100.0)
}
