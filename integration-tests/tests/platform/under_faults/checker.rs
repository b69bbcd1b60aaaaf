//! Counts what stands after the faults. A sum that does not come out is printed with both sides.

use std::collections::BTreeSet;
use std::fmt;

use testkit::eventually;
use testkit::stack::Server;
use uuid::Uuid;

use integration_tests::member::Member;
use integration_tests::services::{SERVICES, Service};
use integration_tests::world::World;

use super::broker;
use super::crowd::{Crowd, Guest};
use super::schedule::Fault;

/// Mails that one killed mailer may have handed over without noting it: as many as it works on at once.
const MAILS_AT_ONCE: usize = 8;

/// What must come out.
pub(crate) struct Expected {
    /// Members who pressed, each for one file.
    attempted: usize,
    /// Those who were led to the page of their file.
    answered: usize,
    /// Papers, members on file, partners: what the other steps made.
    papers: usize,
    members: usize,
    partners: usize,
    /// Kills that may fall between the mail server's yes and our note of it.
    kills_of_the_mailer: usize,
}

impl Expected {
    pub(crate) fn new(crowd: &Crowd<'_>, answered: usize, faults: &[Fault]) -> Self {
        let attempted = crowd.guests().len();
        let of_the_mailer = |fault: &Fault| match fault {
            Fault::Service("notifications", _) | Fault::Server(Server::Postgres | Server::Rabbitmq) => {
                fault.kills()
            }
            _ => 0,
        };
        Self {
            attempted,
            answered,
            papers: attempted + crowd.uploaded(),
            members: attempted + usize::try_from(crowd.newcomers()).expect("a small number"),
            partners: crowd.partners(),
            kills_of_the_mailer: faults.iter().map(of_the_mailer).sum(),
        }
    }
}

impl fmt::Display for Expected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} attempted = answered = files = events = applied by each listener; {} papers, {} members and {} partners each once",
            self.attempted, self.papers, self.members, self.partners
        )
    }
}

/// Counts of one moment, in the order of the journey.
#[derive(Debug, PartialEq, Eq)]
struct Counts {
    files: i64,
    numbers: i64,
    audited: i64,
    events: i64,
    in_the_stream: usize,
    messages: i64,
    messages_by_file: i64,
    messages_by_member: i64,
    papers: i64,
    papers_kept: i64,
    /// At membership, and what benefits and partnerships know of them.
    members: [i64; 3],
    partners: i64,
    /// Of all services together.
    unsent: i64,
    parked: i64,
    /// Listeners that applied more or less than was published to them.
    unequal: Vec<&'static str>,
}

const FILES: &str = "SELECT count(*) FROM applications WHERE submitted_at IS NOT NULL";
const NUMBERS: &str = "SELECT count(DISTINCT request_sequence) FROM applications";
const AUDITED: &str = "SELECT count(*) FROM audit WHERE action = 'submitted'";
const EVENTS: &str = "SELECT count(*) FROM outbox WHERE event_type = 'benefits.application.submitted.v1'";
const UNSENT: &str = "SELECT count(*) FROM outbox WHERE stream_sequence IS NULL";
const MESSAGES: &str = "SELECT count(*) FROM messages WHERE kind = 'application_submitted'";
const BY_FILE: &str =
    "SELECT count(DISTINCT application_id) FROM messages WHERE kind = 'application_submitted'";
const BY_MEMBER: &str = "SELECT count(DISTINCT member_id) FROM messages WHERE kind = 'application_submitted'";
const PAPERS: &str = "SELECT count(*) FROM documents";
const KEPT: &str = "SELECT count(*) FROM documents WHERE kept_at IS NOT NULL";
const MEMBERS: &str = "SELECT count(*) FROM members";
const FACTS: &str = "SELECT count(*) FROM member_facts";
const PARTNERS: &str = "SELECT count(*) FROM partners";
const PARKED: &str = "SELECT count(*) FROM dead_letters";
const WITHDRAWN: &str = "SELECT count(*) FROM messages WHERE kind = 'application_withdrawn'";

/// A listener: what it applied at its service, and what its publisher had for it.
struct Listener {
    name: &'static str,
    at: &'static str,
    applied: &'static str,
    publisher: &'static str,
    published: &'static str,
}

const REGISTERED: &str = "SELECT count(*) FROM outbox WHERE event_type LIKE 'membership.member.%'";
const LISTENERS: &[Listener] = &[
    Listener {
        name: "notifications-applications",
        at: "notifications",
        applied: "SELECT count(*) FROM inbox WHERE subscriber = 'notifications-applications'",
        publisher: "benefits",
        published: "SELECT count(*) FROM outbox WHERE event_type IN ('benefits.application.submitted.v1', 'benefits.application.withdrawn.v1')",
    },
    Listener {
        name: "documents-kept-papers",
        at: "documents",
        applied: "SELECT count(*) FROM inbox WHERE subscriber = 'documents-kept-papers'",
        publisher: "benefits",
        published: EVENTS,
    },
    Listener {
        name: "benefits-member-facts",
        at: "benefits",
        applied: "SELECT count(*) FROM inbox WHERE subscriber = 'benefits-member-facts'",
        publisher: "membership",
        published: REGISTERED,
    },
    Listener {
        name: "partnerships-member-facts",
        at: "partnerships",
        applied: "SELECT count(*) FROM inbox WHERE subscriber = 'partnerships-member-facts'",
        publisher: "membership",
        published: REGISTERED,
    },
    Listener {
        name: "notifications-account-links",
        at: "notifications",
        applied: "SELECT count(*) FROM inbox WHERE subscriber = 'notifications-account-links'",
        publisher: "identity",
        published: "SELECT count(*) FROM outbox WHERE event_type = 'identity.account.link_requested.v1'",
    },
    Listener {
        name: "notifications-account-activations",
        at: "notifications",
        applied: "SELECT count(*) FROM inbox WHERE subscriber = 'notifications-account-activations'",
        publisher: "identity",
        published: "SELECT count(*) FROM outbox WHERE event_type = 'identity.account.activated.v1'",
    },
    Listener {
        name: "notifications-account-access",
        at: "notifications",
        applied: "SELECT count(*) FROM inbox WHERE subscriber = 'notifications-account-access'",
        publisher: "identity",
        published: "SELECT count(*) FROM outbox WHERE event_type = 'identity.account.access_changed.v1'",
    },
];

async fn counts(world: &World) -> Option<Counts> {
    let (mut parked, mut unsent) = (0, 0);
    for service in SERVICES {
        parked += world.count(service, PARKED).await;
        unsent += world.count(service, UNSENT).await;
    }
    let mut unequal = Vec::new();
    for listener in LISTENERS {
        let applied = world.count(listener.at, listener.applied).await;
        if applied != world.count(listener.publisher, listener.published).await {
            unequal.push(listener.name);
        }
    }
    Some(Counts {
        files: world.count("benefits", FILES).await,
        numbers: world.count("benefits", NUMBERS).await,
        audited: world.count("benefits", AUDITED).await,
        events: world.count("benefits", EVENTS).await,
        in_the_stream: broker::event_ids(world, ".application.submitted.v1").await?.len(),
        messages: world.count("notifications", MESSAGES).await,
        messages_by_file: world.count("notifications", BY_FILE).await,
        messages_by_member: world.count("notifications", BY_MEMBER).await,
        papers: world.count("documents", PAPERS).await,
        papers_kept: world.count("documents", KEPT).await,
        members: [
            world.count("membership", MEMBERS).await,
            world.count("benefits", FACTS).await,
            world.count("partnerships", FACTS).await,
        ],
        partners: world.count("partnerships", PARTNERS).await,
        unsent,
        parked,
        unequal,
    })
}

/// Waits until every count is what was asked for. What is never to be passed is looked at again at the end, when nothing is on its way.
pub(crate) async fn everything_stands_once(world: &World, expected: &Expected) {
    assert_eq!(expected.attempted, expected.answered, "attempted and answered");
    let number = |count: usize| i64::try_from(count).expect("a small number");
    let each = number(expected.attempted);
    let wanted = Counts {
        files: each,
        numbers: each,
        audited: each,
        events: each,
        in_the_stream: expected.attempted,
        messages: each,
        messages_by_file: each,
        messages_by_member: each,
        papers: number(expected.papers),
        papers_kept: each,
        members: [number(expected.members); 3],
        partners: number(expected.partners),
        unsent: 0,
        parked: 0,
        unequal: Vec::new(),
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

/// The audit trail of every file hangs together, from its first line to its last.
pub(crate) async fn every_trail_is_whole(world: &World, files: usize) {
    let mut benefits = world.database_of("benefits").await;
    let ids: Vec<Uuid> = sqlx::query_scalar("SELECT application_id FROM applications")
        .fetch_all(&mut benefits)
        .await
        .expect("benefits has files");
    assert_eq!(ids.len(), files, "files and drafts");
    for id in ids {
        let whole = platform::audit::is_intact(&mut benefits, "application", id).await;
        assert!(whole.expect("a trail can be read"), "the trail of {id} is broken");
    }
}

/// A process that dies says where, and still nothing of anybody.
pub(crate) fn no_log_names_anybody(world: &World, portal: &Service, people: &[Member]) {
    /// The values of more people are not other values.
    const LOOKED_FOR: usize = 10;
    let logs: Vec<String> = SERVICES
        .into_iter()
        .map(|name| world.service(name).log())
        .chain([portal.log()])
        .collect();
    for value in people.iter().take(LOOKED_FOR).flat_map(Member::personal_values) {
        assert!(
            logs.iter().all(|log| !log.contains(&value)),
            "a log names somebody"
        );
    }
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
pub(crate) async fn mails_came(guests: &[Guest<'_>], expected: &Expected) -> Mails {
    let (mut taken, mut distinct) = (0, 0);
    for (at, guest) in guests.iter().enumerate() {
        let wanted = if at == 0 { 4 } else { 3 };
        let mails = eventually(async || {
            let mails = guest.member().mails().await;
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
