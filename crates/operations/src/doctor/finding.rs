//! Every finding that there is, with its severity and what to mend.

use serde_json::{Value, json};

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Nothing to mend: what an operator wants to know.
    Information,
    /// It works, and will not for ever, or is less safe than it should be.
    Warning,
    /// Something does not work, or data may be lost.
    Error,
}

impl Severity {
    /// As it is printed.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Information => "information",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

macro_rules! kinds {
    ($($name:ident $code:literal $severity:ident $mend:literal)*) => {
        /// What can be found; each has a heading of its code in docs/operations/doctor.md.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Kind { $($name),* }

        impl Kind {
            /// All of them, in the order of the page.
            pub const ALL: &[Self] = &[$(Self::$name),*];

            /// Its stable name.
            #[must_use]
            pub const fn code(self) -> &'static str {
                match self { $(Self::$name => $code),* }
            }

            /// How bad it is.
            #[must_use]
            pub const fn severity(self) -> Severity {
                match self { $(Self::$name => Severity::$severity),* }
            }

            /// What to mend; `{service}` stands for the service's name.
            const fn mend(self) -> &'static str {
                match self { $(Self::$name => $mend),* }
            }
        }
    };
}

kinds! {
    ClockDiffers "clock_differs" Error "let both machines take their time from one source (chrony, systemd-timesyncd)"
    TimeZoneRules "time_zone_rules" Warning "install a newer version: the civil calendar is built into it; for Postgres, its time-zone package"
    ForeignDatabase "foreign_database" Error "mend common.postgres.url of {service}"
    NeverMigrated "never_migrated" Error "run `{service} migrate`"
    MigrationsMissing "migrations_missing" Error "run `{service} migrate` of this version"
    MigrationsNewer "migrations_newer" Warning "a newer version was here: go on with the upgrade, or stay as you are while rolled back (docs/operations/upgrade.md)"
    MigrationsChanged "migrations_changed" Error "use the version that applied them, or restore a backup (docs/operations/upgrade.md)"
    MonthsMissing "months_missing" Warning "run `{service} migrate`: it makes the months a year ahead"
    MissingPermission "missing_permission" Error "give it back: GRANT, or ALTER TABLE ... OWNER TO the role of {service}"
    RoleTooStrong "role_too_strong" Warning "ALTER ROLE without these attributes: the role of {service} needs its own database and no more"
    OthersMayWrite "others_may_write" Warning "REVOKE: only {service} writes its tables, and its audit trail above all"
    TrailOpen "trail_open" Error "ALTER TABLE ... ENABLE TRIGGER only_grows, is_not_emptied, and goes_forward on audit_chain; then `tadamon audit verify`, and ask who took them away"
    OpensForeignDatabase "opens_foreign_database" Warning "REVOKE CONNECT ON DATABASE ... FROM PUBLIC, and from the role of {service}"
    Durability "durability" Error "set it in postgresql.conf, and restart where it needs that: what was confirmed may be lost"
    PapersAway "papers_away" Error "mend the setting that is named, or bring the place back: until then {service} takes in and opens no paper"
    PapersMissing "papers_missing" Error "bring the objects back from a backup (docs/operations/restore.md), and look what took them away: a rule of the bucket that expires objects, another installation in the same place"
    StreamMissing "stream_missing" Warning "start {service} with the role relay: it makes its stream"
    StreamSettings "stream_settings" Error "`nats stream edit` as the broker's administrator, or remove the stream: {service} makes it anew from its outbox"
    DurableMissing "durable_missing" Warning "start {service} with the role subscribers: it makes its durables"
    DurableSettings "durable_settings" Error "restart {service} (this version): it gives the durable its settings"
    ProbeNotPublished "probe_not_published" Error "look whether a process of {service} runs with the role relay, and at what its log says of the relay (docs/operations/alerts/OutboxStandsStill.md)"
    ProbeNotDelivered "probe_not_delivered" Error "look at the broker's log and at the state of the stream: it keeps events and hands them to nobody, and subscribers wait"
    ProbeCameBack "probe_came_back" Information "nothing: outbox, relay, stream and broker do their part"
    BrokerSync "broker_sync" Warning "lower jetstream.sync_interval in the broker's configuration: what was confirmed longer ago is published again only if a relay runs"
    QueueMissing "queue_missing" Warning "start {service} with the role jobs: it makes its queue"
    QueueArguments "queue_arguments" Error "`rabbitmqctl delete_queue`, then restart {service}: ids come again from the table of jobs"
    QueueWithoutWorkers "queue_without_workers" Warning "start {service} with the role jobs"
    KeyMissing "key_missing" Error "`tadamon bootstrap --add-missing`, or bring the file back from its copy"
    KeyMode "key_mode" Error "chmod 600 (a secret in a cluster: mode 0440), and think of who may have read it"
    KeyNotTrusted "key_not_trusted" Error "put the key's line into trust.json (docs/operations/rotate.md)"
    KeyOld "key_old" Warning "replace it: `tadamon keys announce`, `switch`, `retire` (docs/operations/rotate.md)"
    KeyToRetire "key_to_retire" Warning "`tadamon keys retire`: nothing that it signed is good any more"
    KeyAgeUnknown "key_age_unknown" Information "it was made before ages were written down; replace it when you do not remember when"
    CertificateUnusable "certificate_unusable" Error "put a certificate, its key and the authorities where common.tls of {service} names them, or see why what issues them does not"
    CertificateName "certificate_name" Error "let the certificate of {service} be issued for that DNS name alone, or mend common.tls.names, the same for all services"
    CertificateEnded "certificate_ended" Error "see why it was not renewed (docs/operations/alerts/CertificateExpires.md); {service} takes the new one in by itself"
    CertificateEnds "certificate_ends" Warning "see why it was not renewed (docs/operations/alerts/CertificateExpires.md); {service} takes the new one in by itself"
    OutboxWaits "outbox_waits" Information "look whether the broker answers and {service} runs its relay (docs/operations/alerts/OutboxStandsStill.md)"
    EventsParked "events_parked" Information "`tadamon dead-letters list`"
    JobsDue "jobs_due" Information "look whether {service} runs its jobs (docs/operations/alerts/JobsOverdue.md)"
    JobsDead "jobs_dead" Information "`tadamon dead-letters list`"
}

/// One thing that is not as it should be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    pub kind: Kind,
    /// Whose: a service, or `installation`.
    pub service: String,
    pub seen: String,
    pub expected: String,
}

impl Finding {
    pub(crate) fn new(
        kind: Kind,
        service: &str,
        seen: impl Into<String>,
        expected: impl Into<String>,
    ) -> Self {
        Self {
            kind,
            service: service.to_owned(),
            seen: seen.into(),
            expected: expected.into(),
        }
    }

    /// What to do.
    #[must_use]
    pub fn mend(&self) -> String {
        self.kind.mend().replace("{service}", &self.service)
    }

    /// For a program.
    #[must_use]
    pub fn to_json(&self) -> Value {
        json!({
            "code": self.kind.code(), "severity": self.kind.severity().as_str(), "service": self.service,
            "seen": self.seen, "expected": self.expected, "mend": self.mend(),
        })
    }
}

impl std::fmt::Display for Finding {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "{}: {} {}: {}; expected: {}\n    {}",
            self.kind.severity().as_str(),
            self.service,
            self.kind.code(),
            self.seen,
            self.expected,
            self.mend()
        )
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    #[test]
    fn every_finding_stands_in_the_page_with_its_severity_and_the_page_has_no_others() {
        let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/operations/doctor.md");
        let page = std::fs::read_to_string(page).unwrap();
        let headings: Vec<&str> = page
            .lines()
            .filter_map(|line| line.strip_prefix("### "))
            .collect();
        let codes: Vec<&str> = Kind::ALL.iter().map(|kind| kind.code()).collect();
        assert_eq!(headings, codes);
        for kind in Kind::ALL {
            let section = page.split(&format!("### {}\n", kind.code())).nth(1).unwrap();
            let severity = section.trim_start().split('.').next().unwrap();
            assert_eq!(
                severity.to_lowercase(),
                kind.severity().as_str(),
                "{}",
                kind.code()
            );
        }
    }
}
