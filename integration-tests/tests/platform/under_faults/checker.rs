//! Counts what stands after the faults. A sum that does not come out is printed with both sides.

use std::collections::BTreeSet;
use std::fmt;

use testkit::eventually;
use testkit::stack::Server;

use super::broker;
use super::schedule::Fault;
use integration_tests::member::Member;
use integration_tests::services::SERVICES;
use integration_tests::world::World;

/// Mails that one killed mailer may have handed over without noting it: as many as it works on at once.
const MAILS_AT_ONCE: usize = 8;

/// What must come out.
pub(crate) struct Expected {
    /// Members who pressed, each for one file.
    attempted: usize,
    /// Those who were led to the page of their file.
    answered: usize,
    /// Kills that may fall between the mail server's yes and our note of it.
    kills_of_the_mailer: usize,
    kills: usize,
}

impl Expected {
    pub(crate) fn new(attempted: usize, answered: usize, faults: &[(usize, Fault)]) -> Self {
        let mailer = |fault: &&(usize, Fault)| {
            matches!(
                fault.1,
                Fault::Service("notifications") | Fault::Server(Server::Postgres | Server::Rabbitmq)
            )
        };
        Self {
            attempted,
            answered,
            kills_of_the_mailer: faults.iter().filter(mailer).count(),
            kills: faults.len() - 1,
        }
    }
}

impl fmt::Display for Expected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} attempted = answered = files = events = effects under {} kills",
            self.attempted, self.kills
        )
    }
}

/// Counts of one moment, in the order of the journey.
#[derive(Debug, PartialEq, Eq)]
struct Counts {
    files: i64,
    numbers: i64,
    events: i64,
    unsent: i64,
    in_the_stream: usize,
    messages: i64,
    messages_by_file: i64,
    papers_kept: i64,
    parked: i64,
}

const FILES: &str = "SELECT count(*) FROM applications WHERE submitted_at IS NOT NULL";
const NUMBERS: &str = "SELECT count(DISTINCT request_sequence) FROM applications";
const EVENTS: &str = "SELECT count(*) FROM outbox WHERE event_type = 'benefits.application.submitted.v1'";
const UNSENT: &str = "SELECT count(*) FROM outbox WHERE stream_sequence IS NULL";
const MESSAGES: &str = "SELECT count(*) FROM messages WHERE kind = 'application_submitted'";
const BY_FILE: &str =
    "SELECT count(DISTINCT application_id) FROM messages WHERE kind = 'application_submitted'";
const KEPT: &str = "SELECT count(*) FROM documents WHERE kept_at IS NOT NULL";
const PARKED: &str = "SELECT count(*) FROM dead_letters";
const WITHDRAWN: &str = "SELECT count(*) FROM messages WHERE kind = 'application_withdrawn'";

async fn counts(world: &World) -> Option<Counts> {
    let mut parked = 0;
    for service in SERVICES {
        parked += world.count(service, PARKED).await;
    }
    Some(Counts {
        files: world.count("benefits", FILES).await,
        numbers: world.count("benefits", NUMBERS).await,
        events: world.count("benefits", EVENTS).await,
        unsent: world.count("benefits", UNSENT).await,
        in_the_stream: broker::event_ids(world, ".application.submitted.v1").await?.len(),
        messages: world.count("notifications", MESSAGES).await,
        messages_by_file: world.count("notifications", BY_FILE).await,
        papers_kept: world.count("documents", KEPT).await,
        parked,
    })
}

/// Waits until every count is what was asked for. What is never to be passed is looked at again at the end, when nothing is on its way.
pub(crate) async fn everything_stands_once(world: &World, expected: &Expected) {
    assert_eq!(expected.attempted, expected.answered, "attempted and answered");
    let members = expected.attempted;
    let each = i64::try_from(members).expect("a small number");
    let wanted = Counts {
        files: each,
        numbers: each,
        events: each,
        unsent: 0,
        in_the_stream: members,
        messages: each,
        messages_by_file: each,
        papers_kept: each,
        parked: 0,
    };
    let waited = eventually(async || {
        let found = counts(world).await?;
        (found == wanted).then_some(())
    });
    let arrived = tokio::time::timeout(std::time::Duration::from_secs(140), waited).await;
    if arrived.is_err() {
        panic!("wanted {wanted:?}, found {:?}", counts(world).await);
    }
}

pub(crate) async fn one_withdrawal_is_told(world: &World) {
    eventually(async || (world.count("notifications", WITHDRAWN).await == 1).then_some(())).await;
}

/// What was counted at the mail server.
pub(crate) struct Mails {
    taken: usize,
    distinct: usize,
    window: usize,
}

impl fmt::Display for Mails {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} mails taken, {} distinct, {} repeated of at most {} that SMTP cannot exclude",
            self.taken,
            self.distinct,
            self.taken - self.distinct,
            self.window
        )
    }
}

/// Link, activation and submission for everybody, and the one withdrawal; a repeated one keeps its Message-ID and stays within the window
/// between the mail server's yes and our note of it.
pub(crate) async fn mails_came(people: &[Member], expected: &Expected) -> Mails {
    let (mut taken, mut distinct) = (0, 0);
    for (at, member) in people.iter().enumerate() {
        let wanted = if at == 0 { 4 } else { 3 };
        let mails = eventually(async || {
            let mails = member.mails().await;
            let ids: BTreeSet<String> = mails.iter().map(|mail| mail.message_id.clone()).collect();
            (ids.len() >= wanted).then_some((mails.len(), ids.len()))
        })
        .await;
        assert_eq!(mails.1, wanted, "distinct mails of one member");
        taken += mails.0;
        distinct += mails.1;
    }
    let window = expected.kills_of_the_mailer * MAILS_AT_ONCE;
    assert!(
        taken - distinct <= window,
        "{} mails were repeated, {window} can be explained",
        taken - distinct
    );
    Mails {
        taken,
        distinct,
        window,
    }
}
