//! The doctor on real servers, with roles and users as an installation has them: nothing is found while all is well, and each fault that is put in
//! by hand is named alone, until it is mended. Servers are the test's own: durability, permissions and the broker's users are those of production.

mod world;

use std::time::Duration;

use async_nats::jetstream::{consumer, stream};
use chrono::TimeDelta;
use lapin::options::{QueueDeclareOptions, QueueDeleteOptions};
use lapin::types::FieldTable;
use operations::doctor::{self, Examination, Finding, Kind, RedisSection, Subject};
use platform::clock::Clock;
use platform::settings::{Role, Secret};
use testkit::stack::Server;

use world::{Installation, SERVICES};

/// Where it is put in, how, how it is mended, and what the doctor says meanwhile.
type Fault = (&'static str, String, String, &'static [(Kind, &'static str)]);

fn kinds(examination: &Examination) -> Vec<(Kind, &str)> {
    assert_eq!(examination.unseen, Vec::<String>::new());
    let named = |finding: &Finding| finding.kind;
    examination
        .findings
        .iter()
        .map(|finding| (named(finding), finding.service.as_str()))
        .collect()
}

#[tokio::test]
async fn private_stack_a_healthy_installation_has_no_finding_and_each_fault_is_named_until_it_is_mended() {
    let installation = Installation::start().await;
    let healthy = installation.examine().await;
    assert_eq!(kinds(&healthy), [], "{}", healthy.report(false));
    assert_eq!(healthy.exit_code(), 0);

    let audit_month = Clock::system()
        .now()
        .checked_add_months(chrono::Months::new(1))
        .unwrap()
        .format("audit_%Y%m")
        .to_string();
    let sql: [Fault; 13] = [
        (
            "identity",
            "REVOKE INSERT ON audit FROM identity".to_owned(),
            "GRANT INSERT ON audit TO identity".to_owned(),
            &[(Kind::MissingPermission, "identity")],
        ),
        (
            "identity",
            "CREATE ROLE reader; GRANT SELECT, UPDATE ON audit TO reader".to_owned(),
            "REVOKE UPDATE ON audit FROM reader".to_owned(),
            &[(Kind::OthersMayWrite, "identity")],
        ),
        (
            "identity",
            "ALTER ROLE identity CREATEDB".to_owned(),
            "ALTER ROLE identity NOCREATEDB".to_owned(),
            &[(Kind::RoleTooStrong, "identity")],
        ),
        (
            "identity",
            "GRANT CONNECT ON DATABASE partnerships TO PUBLIC".to_owned(),
            "REVOKE CONNECT ON DATABASE partnerships FROM PUBLIC".to_owned(),
            &[(Kind::OpensForeignDatabase, "identity")],
        ),
        (
            "identity",
            "ALTER ROLE identity SET synchronous_commit = off".to_owned(),
            "ALTER ROLE identity RESET synchronous_commit".to_owned(),
            &[(Kind::Durability, "identity")],
        ),
        (
            "partnerships",
            "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) VALUES (20991231000000, 'x', true, '\\x00', 0)"
                .to_owned(),
            "DELETE FROM _sqlx_migrations WHERE version = 20991231000000".to_owned(),
            &[(Kind::MigrationsNewer, "partnerships")],
        ),
        (
            "partnerships",
            "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) VALUES (20200101000000, 'x', true, '\\x00', 0)"
                .to_owned(),
            "DELETE FROM _sqlx_migrations WHERE version = 20200101000000".to_owned(),
            &[(Kind::MigrationsChanged, "partnerships")],
        ),
        (
            "partnerships",
            "UPDATE _sqlx_migrations SET checksum = '\\x00' || checksum WHERE version = 20261101000002".to_owned(),
            "UPDATE _sqlx_migrations SET checksum = substr(checksum, 2) WHERE version = 20261101000002".to_owned(),
            &[(Kind::MigrationsChanged, "partnerships")],
        ),
        (
            "partnerships",
            "CREATE TABLE kept AS SELECT * FROM _sqlx_migrations WHERE version = 20261102000002;
             ALTER TABLE kept OWNER TO partnerships; DELETE FROM _sqlx_migrations WHERE version = 20261102000002"
                .to_owned(),
            "INSERT INTO _sqlx_migrations SELECT * FROM kept; DROP TABLE kept".to_owned(),
            &[(Kind::MigrationsMissing, "partnerships")],
        ),
        (
            "identity",
            format!("ALTER TABLE {audit_month} RENAME TO elsewhere"),
            format!("ALTER TABLE elsewhere RENAME TO {audit_month}"),
            &[(Kind::MonthsMissing, "identity")],
        ),
        (
            "identity",
            "INSERT INTO outbox (id, created_at, lane, restricted, event_type, aggregate, sequence, actor_kind, data)
             SELECT gen_random_uuid(), now() - interval '1 hour', 0, false, 'identity.x.done.v1', gen_random_uuid(), 1, 'test', '{}'"
                .to_owned(),
            "DELETE FROM outbox".to_owned(),
            &[(Kind::OutboxWaits, "identity")],
        ),
        (
            "identity",
            "INSERT INTO dead_letters (subscriber, event_id, aggregate, event_type, sequence, event_time, data, cause, parked_at)
             SELECT 'x', gen_random_uuid(), gen_random_uuid(), 'x.x.done.v1', 1, now(), '{}', 'x', now()"
                .to_owned(),
            "DELETE FROM dead_letters".to_owned(),
            &[(Kind::EventsParked, "identity")],
        ),
        (
            "identity",
            "INSERT INTO jobs (id, queue, payload, state, due_at, created_at, updated_at)
             SELECT gen_random_uuid(), 'other', '{}', state, now() - interval '1 hour', now(), now() FROM unnest(ARRAY['queued', 'dead']) AS state"
                .to_owned(),
            "DELETE FROM jobs".to_owned(),
            &[(Kind::JobsDue, "identity"), (Kind::JobsDead, "identity")],
        ),
    ];
    for (database, injected, mended, expected) in sql {
        installation.execute(database, &injected).await;
        let found = installation.examine().await;
        assert_eq!(kinds(&found), expected, "{injected}\n{}", found.report(false));
        assert_eq!(found.exit_code(), u8::from(!found.is_healthy()));
        installation.execute(database, &mended).await;
    }
    let mended = installation.examine().await;
    assert_eq!(kinds(&mended), [], "{}", mended.report(false));
    databases(&installation).await;
    streams(&installation).await;
    events(&installation).await;
    roles(&installation).await;
    queues(installation).await;
}

/// A process has no address of what its roles do not use: asking the default's would say that it is away.
async fn roles(installation: &Installation) {
    let with = async |roles: &[Role]| {
        let mut subject = installation.subject("identity");
        roles.clone_into(&mut subject.settings.common.roles);
        if !roles.contains(&Role::Jobs) {
            subject.settings.common.amqp.url = Secret::new("amqp://guest:guest@127.0.0.1:1/%2f");
        }
        if !roles.contains(&Role::Grpc) {
            subject.settings.redis = Some(RedisSection {
                url: Secret::new("redis://127.0.0.1:1"),
            });
        }
        installation.examine_these(&[subject]).await
    };
    for alone in [Role::Grpc, Role::Relay, Role::Jobs] {
        let found = with(&[alone]).await;
        assert_eq!(kinds(&found), [], "{alone:?}: {}", found.report(false));
    }
}

/// An event goes through with the service's own role and user, or it is said where it stands.
async fn events(installation: &Installation) {
    let identity = || installation.subject("identity");
    let publish = async |subject: &Subject, seconds| {
        let found = doctor::publish(subject, Clock::system().now(), Duration::from_secs(seconds)).await;
        installation.shows_no_secret(&found);
        found
    };
    let waits = publish(&identity(), 2).await;
    assert_eq!(kinds(&waits), [(Kind::ProbeNotPublished, "identity")]);
    assert_eq!(waits.exit_code(), 1);

    let relay = installation.relay("identity").await;
    let back = publish(&identity(), 60).await;
    assert_eq!(
        kinds(&back),
        [(Kind::ProbeCameBack, "identity")],
        "{}",
        back.report(false)
    );
    assert_eq!(back.exit_code(), 0, "nothing is to be mended");
    relay.cancel();

    let mut elsewhere = identity();
    elsewhere.settings.common.postgres.url = installation.url_as("partnerships", "partnerships");
    let refused = publish(&elsewhere, 2).await;
    assert_eq!(refused.exit_code(), 2);
    assert!(
        refused.unseen[0].contains("belongs to the service partnerships"),
        "{refused:?}"
    );

    let broker = installation.broker().await;
    let name = "TADAMON-IDENTITY";
    let asked = broker
        .get_stream(name)
        .await
        .unwrap()
        .cached_info()
        .config
        .clone();
    broker.delete_stream(name).await.unwrap();
    let nowhere = publish(&identity(), 2).await;
    assert_eq!(nowhere.exit_code(), 2);
    assert!(
        nowhere.unseen[0].contains("the stream TADAMON-IDENTITY, which identity makes"),
        "{nowhere:?}"
    );
    broker.create_stream(&asked).await.unwrap();
    installation.make_durables().await;
    installation.execute("identity", "DELETE FROM outbox").await;
}

/// Whose database it is, and clocks.
async fn databases(installation: &Installation) {
    let (mut identity, mut partnerships) = (
        installation.subject("identity"),
        installation.subject("partnerships"),
    );
    std::mem::swap(
        &mut identity.settings.common.postgres.url,
        &mut partnerships.settings.common.postgres.url,
    );
    let swapped = installation.examine_these(&[identity, partnerships]).await;
    assert_eq!(
        kinds(&swapped),
        [
            (Kind::ForeignDatabase, "identity"),
            (Kind::ForeignDatabase, "partnerships")
        ]
    );
    assert!(swapped.findings[0].seen.contains("belongs to partnerships"));

    installation
        .execute("postgres", "CREATE DATABASE fresh OWNER identity")
        .await;
    let mut fresh = installation.subject("identity");
    fresh.settings.common.postgres.url = installation.url_as("identity", "fresh");
    let found = installation.examine_these(&[fresh]).await;
    assert_eq!(kinds(&found), [(Kind::NeverMigrated, "identity")]);

    let guard = |what: &str| format!("ALTER TABLE audit {what} TRIGGER only_grows");
    installation.execute("identity", &guard("DISABLE")).await;
    let found = installation.examine().await;
    assert_eq!(kinds(&found), [(Kind::TrailOpen, "identity")]);
    assert!(
        found.findings[0].seen.contains("audit_default"),
        "{}",
        found.findings[0]
    );
    installation.execute("identity", &guard("ENABLE")).await;
    // Tables without months, and the guard that one of them alone has.
    for (table, trigger) in [
        ("audit_chain", "only_grows"),
        ("audit_chain", "goes_forward"),
        ("audit_roots", "only_grows"),
        ("audit_root_leaves", "is_not_emptied"),
    ] {
        let guard = |what: &str| format!("ALTER TABLE {table} {what} TRIGGER {trigger}");
        installation.execute("identity", &guard("DISABLE")).await;
        let found = installation.examine().await;
        assert_eq!(
            kinds(&found),
            [(Kind::TrailOpen, "identity")],
            "{table} {trigger}"
        );
        let seen = format!("lines may be changed in {table}");
        assert_eq!(found.findings[0].seen, seen);
        installation.execute("identity", &guard("ENABLE")).await;
    }

    let a_minute_ahead = || Clock::system().now() + TimeDelta::minutes(1);
    let subjects = SERVICES.map(|service| installation.subject(service));
    let found = installation.examine_at(&subjects, a_minute_ahead).await;
    let told: Vec<&str> = found
        .findings
        .iter()
        .map(|finding| finding.seen.as_str())
        .collect();
    for server in ["Postgres", "NATS", "Redis"] {
        let text = format!("the clock of {server} is 60 s behind this machine's");
        assert!(told.contains(&text.as_str()), "{told:?}");
    }
    assert!(
        found
            .findings
            .iter()
            .all(|finding| finding.kind == Kind::ClockDiffers)
    );
}

async fn streams(installation: &Installation) {
    let broker = installation.broker().await;
    let name = "TADAMON-PARTNERSHIPS";
    let asked = broker
        .get_stream(name)
        .await
        .unwrap()
        .cached_info()
        .config
        .clone();
    let other = stream::Config {
        max_age: std::time::Duration::from_hours(1),
        ..asked.clone()
    };
    broker.update_stream(&other).await.unwrap();
    let found = installation.examine().await;
    assert_eq!(kinds(&found), [(Kind::StreamSettings, "partnerships")]);
    assert!(
        found.findings[0].seen.contains("max_age 3600s"),
        "{}",
        found.findings[0]
    );
    broker.delete_stream(name).await.unwrap();
    let found = installation.examine().await;
    assert_eq!(kinds(&found), [(Kind::StreamMissing, "partnerships")]);
    broker.create_stream(&asked).await.unwrap();

    let publisher = broker.get_stream("TADAMON-MEMBERSHIP").await.unwrap();
    let durable = "tadamon-partnerships-member-facts";
    let asked = publisher.consumer_info(durable).await.unwrap().config;
    let other = consumer::pull::Config {
        durable_name: Some(durable.to_owned()),
        filter_subject: "tadamon.events.membership.member.left.v1".to_owned(),
        ack_policy: asked.ack_policy,
        ack_wait: asked.ack_wait,
        max_deliver: asked.max_deliver,
        max_ack_pending: asked.max_ack_pending,
        ..consumer::pull::Config::default()
    };
    publisher.create_consumer(other).await.unwrap();
    let found = installation.examine().await;
    assert_eq!(kinds(&found), [(Kind::DurableSettings, "partnerships")]);
    publisher.delete_consumer(durable).await.unwrap();
    let found = installation.examine().await;
    assert_eq!(kinds(&found), [(Kind::DurableMissing, "partnerships")]);
    installation.make_durables().await;
    let found = installation.examine().await;
    assert_eq!(kinds(&found), [], "{}", found.report(false));
    let (url, system) = installation.system_user();
    let servers = bus::inspect::keeping(&url, &system.user, &system.password)
        .await
        .unwrap();
    let intervals: Vec<_> = servers.iter().map(|server| server.sync_interval).collect();
    assert_eq!(intervals, [Some(std::time::Duration::from_secs(120))]);
    assert_eq!(
        operations::doctor::keeping(&url, &system.user, &system.password).await,
        Ok(Vec::new())
    );
}

async fn queues(installation: Installation) {
    installation.stop_work().await;
    let found = installation.examine().await;
    assert_eq!(kinds(&found), [(Kind::QueueWithoutWorkers, "identity")]);
    let channel = installation.channel().await;
    let queue = "tadamon.identity.match_account_request";
    channel
        .queue_delete(queue.into(), QueueDeleteOptions::default())
        .await
        .unwrap();
    let found = installation.examine().await;
    assert_eq!(kinds(&found), [(Kind::QueueMissing, "identity")]);
    channel
        .queue_declare(
            queue.into(),
            QueueDeclareOptions::default(),
            FieldTable::default(),
        )
        .await
        .unwrap();
    let found = installation.examine().await;
    assert_eq!(kinds(&found), [(Kind::QueueArguments, "identity")]);
    assert!(
        found.findings[0].seen.contains("inequivalent arg"),
        "{}",
        found.findings[0]
    );

    installation.kill(Server::Redis);
    installation.kill(Server::Postgres);
    let found = installation.examine().await;
    assert_eq!(found.exit_code(), 2);
    assert!(
        found
            .unseen
            .iter()
            .any(|text| text == "identity: Redis does not answer"),
        "{found:?}"
    );
    assert!(
        found
            .unseen
            .iter()
            .any(|text| text.starts_with("partnerships: the database cannot be looked at")),
        "{found:?}"
    );
    installation.shows_no_secret(&found);
}
