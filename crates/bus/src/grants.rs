//! Who may do what on NATS: one table, from which the broker's users are written (`deploy/local/nats-users.conf`). Pure.
//!
//! A service publishes its own facts and reads what it is listed for, no more: a durable can only be made with the filter that stands here,
//! because the filter is part of the subject on which it is asked for. Restricted subjects are read by the services listed with `*` or
//! `restricted` and by nobody else. Applications outside get one line each, written by `tadamon apps` ([`app_line`]).

use std::collections::BTreeSet;
use std::fmt::Write as _;

/// First token of every subject of an installation; tests use others, with the administrator's user.
pub const PREFIX: &str = "tadamon";

/// The services that have a user of their own.
pub const SERVICES: [&str; 6] = [
    "identity",
    "membership",
    "benefits",
    "documents",
    "partnerships",
    "notifications",
];

/// What a service listens to.
#[derive(Clone, Copy, Debug)]
pub struct Listener {
    pub service: &'static str,
    /// [`crate::Subscriber::NAME`].
    pub name: &'static str,
    /// Lane, publisher and what follows: `events.membership.member.>`. The lane `*` means the public and the restricted subjects.
    pub filter: &'static str,
}

/// Every subscriber of the platform. A test compares it with the code.
pub const LISTENERS: &[Listener] = &[
    Listener {
        service: "benefits",
        name: "benefits-member-facts",
        filter: "events.membership.member.>",
    },
    // A paper that was found infected after it had been taken in: the event names its owner, so it is restricted.
    Listener {
        service: "benefits",
        name: "benefits-infected-papers",
        filter: "restricted.documents.document.found_infected.v1",
    },
    // The papers of every file are kept, those of health files too; the event names them by ids that tell nothing.
    Listener {
        service: "documents",
        name: "documents-kept-papers",
        filter: "*.benefits.application.submitted.v1",
    },
    Listener {
        service: "documents",
        name: "documents-resent-papers",
        filter: "*.benefits.application.resent.v1",
    },
    Listener {
        service: "partnerships",
        name: "partnerships-member-facts",
        filter: "events.membership.member.>",
    },
    // A client that was disabled is refused before its last token expires.
    Listener {
        service: "partnerships",
        name: "partnerships-clients",
        filter: "events.identity.client.changed.v1",
    },
    Listener {
        service: "notifications",
        name: "notifications-account-links",
        filter: "events.identity.account.link_requested.v1",
    },
    Listener {
        service: "notifications",
        name: "notifications-account-activations",
        filter: "events.identity.account.activated.v1",
    },
    Listener {
        service: "notifications",
        name: "notifications-account-access",
        filter: "events.identity.account.access_changed.v1",
    },
    // The member is told of every file, in words that name no benefit.
    Listener {
        service: "notifications",
        name: "notifications-applications",
        filter: "*.benefits.application.>",
    },
    Listener {
        service: "notifications",
        name: "notifications-reviews",
        filter: "*.benefits.application.>",
    },
];

impl Listener {
    /// The service whose stream it reads.
    #[must_use]
    pub fn publisher(&self) -> &'static str {
        self.filter.split('.').nth(1).unwrap_or_default()
    }

    /// Whether it reads restricted subjects.
    #[must_use]
    pub fn reads_restricted(&self) -> bool {
        !self.filter.starts_with("events.")
    }
}

/// The one filter of a durable for these event types (`restricted:` before a restricted one): the smallest subject that covers all of them.
/// One filter and not several, because only a single one stands in the subject that asks for the durable, where a permission can hold it.
#[must_use]
pub fn filter_of(events: &[&str]) -> String {
    let restricted = events
        .iter()
        .filter(|event| event.starts_with("restricted:"))
        .count();
    let lane = match restricted {
        0 => "events",
        all if all == events.len() => "restricted",
        _ => "*",
    };
    let types: BTreeSet<&str> = events
        .iter()
        .map(|event| event.strip_prefix("restricted:").unwrap_or(event))
        .collect();
    let mut common: Vec<&str> = types
        .first()
        .map(|first| first.split('.').collect())
        .unwrap_or_default();
    for event in &types {
        let same = common
            .iter()
            .zip(event.split('.'))
            .take_while(|(left, right)| **left == *right)
            .count();
        common.truncate(same);
    }
    let rest = if types.len() == 1 { "" } else { ".>" };
    format!("{lane}.{}{rest}", common.join("."))
}

/// `TADAMON-MEMBERSHIP` for the prefix `tadamon` and the service `membership`.
#[must_use]
pub fn stream_name(prefix: &str, service: &str) -> String {
    format!("{prefix}-{service}").to_uppercase()
}

/// The durable of a subscriber.
#[must_use]
pub fn durable_name(prefix: &str, name: &str) -> String {
    format!("{prefix}-{name}")
}

/// The event of each service that only shows that events go through ([`crate::probe`]). A thing of its own, `probe`, which no subscriber names.
const PROBES: [&str; 6] = [
    "identity.probe.sent.v1",
    "membership.probe.sent.v1",
    "benefits.probe.sent.v1",
    "documents.probe.sent.v1",
    "partnerships.probe.sent.v1",
    "notifications.probe.sent.v1",
];

/// The probe's event type of a service.
#[must_use]
pub fn probe_of(service: &str) -> Option<&'static str> {
    PROBES
        .into_iter()
        .find(|event| event.split('.').next() == Some(service))
}

/// The consumer with which it is received.
#[must_use]
pub(crate) fn probe_consumer(prefix: &str, service: &str) -> String {
    durable_name(prefix, &format!("{service}-probe"))
}

/// The line before which and after which `tadamon apps` writes nothing.
pub const APPS_BEGIN: &str = "  # applications: one line each, written by `tadamon apps`";
/// See [`APPS_BEGIN`].
pub const APPS_END: &str = "  # end of the applications";

/// The users of the platform's account, without any application. Passwords are references to the server's environment.
#[must_use]
pub fn users() -> String {
    let mut text = String::from(
        "# The users of the platform's account: written from the table in crates/bus/src/grants.rs; do not edit.\n\
         # Write it anew: UPDATE=1 cargo nextest run -p bus users_of_the_broker\n\
         users: [\n  { user: \"admin\", password: $TADAMON_NATS_ADMIN }\n",
    );
    for service in SERVICES {
        let quoted: Vec<String> = may_publish(service)
            .iter()
            .map(|subject| format!("        {subject:?}"))
            .collect();
        let _fits = writeln!(
            text,
            "  {{ user: {service:?}, password: $TADAMON_NATS_{}, permissions: {{\n      publish: {{ allow: [\n{}\n      ] }}\n      \
             subscribe: {{ allow: [ \"_INBOX.{service}.>\" ] }} }} }}",
            service.to_uppercase(),
            quoted.join("\n")
        );
    }
    let _fits = writeln!(text, "{APPS_BEGIN}\n{APPS_END}\n]");
    text
}

/// Subjects on which a service may publish, those of the broker's own interface included.
fn may_publish(service: &str) -> Vec<String> {
    let own = stream_name(PREFIX, service);
    let mut subjects = vec![
        format!("{PREFIX}.events.{service}.>"),
        format!("{PREFIX}.restricted.{service}.>"),
        // The relay makes its stream when it is missing, and compares its notes with it.
        format!("$JS.API.STREAM.CREATE.{own}"),
        format!("$JS.API.STREAM.MSG.GET.{own}"),
        format!("$JS.API.STREAM.INFO.{own}"),
        "$JS.API.INFO".to_owned(),
    ];
    // `doctor --publish` receives its own event and no other: the filter is part of the subject.
    if let Some(event) = probe_of(service) {
        let consumer = probe_consumer(PREFIX, service);
        subjects.extend([
            format!("$JS.API.CONSUMER.CREATE.{own}.{consumer}.{PREFIX}.events.{event}"),
            format!("$JS.API.CONSUMER.DELETE.{own}.{consumer}"),
            format!("$JS.API.CONSUMER.MSG.NEXT.{own}.{consumer}"),
        ]);
    }
    for listener in LISTENERS.iter().filter(|listener| listener.service == service) {
        let stream = stream_name(PREFIX, listener.publisher());
        let durable = durable_name(PREFIX, listener.name);
        subjects.extend([
            format!("$JS.API.STREAM.INFO.{stream}"),
            format!(
                "$JS.API.CONSUMER.CREATE.{stream}.{durable}.{PREFIX}.{}",
                listener.filter
            ),
            format!("$JS.API.CONSUMER.INFO.{stream}.{durable}"),
            format!("$JS.API.CONSUMER.DELETE.{stream}.{durable}"),
        ]);
        subjects.extend(may_receive(&stream, &durable));
    }
    let mut seen = BTreeSet::new();
    subjects.retain(|subject| seen.insert(subject.clone()));
    subjects
}

/// What receiving from a durable takes: asking for the next messages and acknowledging them.
fn may_receive(stream: &str, durable: &str) -> [String; 2] {
    [
        format!("$JS.API.CONSUMER.MSG.NEXT.{stream}.{durable}"),
        format!("$JS.ACK.{stream}.{durable}.>"),
    ]
}

/// Where an application outside receives its answers and events.
#[must_use]
pub fn app_inbox(user: &str) -> String {
    format!("_INBOX.{user}")
}

/// The user of an application outside: it receives from its durables (stream, durable) and does nothing else. `password_hash` is bcrypt.
#[must_use]
pub fn app_line(user: &str, password_hash: &str, durables: &[(String, String)]) -> String {
    let subjects: Vec<String> = durables
        .iter()
        .flat_map(|(stream, durable)| may_receive(stream, durable))
        .map(|subject| format!("{subject:?}"))
        .collect();
    format!(
        "  {{ user: {user:?}, password: {password_hash:?}, permissions: {{ publish: {{ allow: [ {} ] }}, subscribe: {{ allow: [ \"{}.>\" ] }} }} }}",
        subjects.join(", "),
        app_inbox(user)
    )
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    #[test]
    fn the_users_of_the_broker_are_what_the_table_says() {
        // The local stack's and the chart's: a chart holds what it needs.
        for file in [
            "deploy/local/nats-users.conf",
            "helm/tadamon/files/nats-users.conf",
        ] {
            let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(file);
            if std::env::var_os("UPDATE").is_some() {
                std::fs::write(&path, users()).unwrap();
            }
            assert!(
                std::fs::read_to_string(&path).unwrap_or_default() == users(),
                "{file}: write it anew: UPDATE=1 cargo nextest run -p bus users_of_the_broker"
            );
        }
    }

    #[test]
    fn every_service_has_a_user_that_publishes_only_its_own_facts() {
        for service in SERVICES {
            for subject in may_publish(service) {
                let fact = subject.starts_with(PREFIX);
                let own = subject.starts_with(&format!("{PREFIX}.events.{service}."))
                    || subject.starts_with(&format!("{PREFIX}.restricted.{service}."));
                assert!(!fact || own, "{service} may publish {subject}");
            }
        }
    }

    #[test]
    fn each_service_has_a_probe_that_no_subscriber_takes_for_a_fact() {
        // As the broker matches: `*` is one token, `>` the rest.
        let covers = |filter: &str, subject: &str| {
            let mut tokens = subject.split('.');
            for token in filter.split('.') {
                match (token, tokens.next()) {
                    (">", Some(_)) => return true,
                    ("*", Some(_)) => {}
                    (token, found) if found != Some(token) => return false,
                    _ => {}
                }
            }
            tokens.next().is_none()
        };
        assert!(covers(
            "*.benefits.application.>",
            "events.benefits.application.sent.v1"
        ));
        for service in SERVICES {
            let probe = probe_of(service).unwrap();
            for listener in LISTENERS {
                assert!(
                    !covers(listener.filter, &format!("events.{probe}")),
                    "{} would be given {probe}",
                    listener.name
                );
            }
        }
    }

    #[test]
    fn restricted_subjects_are_read_by_the_listed_services_only() {
        let readers: BTreeSet<&str> = LISTENERS
            .iter()
            .filter(|listener| listener.reads_restricted())
            .map(|listener| listener.service)
            .collect();
        assert_eq!(
            Vec::from_iter(readers),
            ["benefits", "documents", "notifications"]
        );
        for service in ["identity", "membership", "partnerships"] {
            for subject in may_publish(service) {
                assert!(
                    !subject.contains("CONSUMER.CREATE") || subject.contains(".tadamon.events."),
                    "{service} may make a durable by {subject}"
                );
            }
        }
    }

    #[test]
    fn the_filter_of_a_durable_is_the_smallest_that_covers_its_events() {
        let cases: &[(&[&str], &str)] = &[
            (&["a.b.done.v1"], "events.a.b.done.v1"),
            (&["a.b.done.v1", "a.b.undone.v1"], "events.a.b.>"),
            (&["a.b.done.v1", "restricted:a.b.done.v1"], "*.a.b.done.v1"),
            (&["a.b.done.v1", "restricted:a.b.undone.v1"], "*.a.b.>"),
            (&["restricted:a.b.done.v1"], "restricted.a.b.done.v1"),
            (&["a.b.done.v1", "a.c.done.v1"], "events.a.>"),
            (&["a.b.done.v1", "a.b.done.v2"], "events.a.b.done.>"),
        ];
        for (events, filter) in cases {
            assert_eq!(filter_of(events), *filter, "{events:?}");
        }
    }

    #[test]
    fn an_application_receives_from_its_durables_and_does_nothing_else() {
        let line = app_line("app-x", "$2b$04$hash", &[("S".to_owned(), "d".to_owned())]);
        assert_eq!(
            line,
            "  { user: \"app-x\", password: \"$2b$04$hash\", permissions: { publish: { allow: [ \"$JS.API.CONSUMER.MSG.NEXT.S.d\", \
             \"$JS.ACK.S.d.>\" ] }, subscribe: { allow: [ \"_INBOX.app-x.>\" ] } } }"
        );
    }
}
