//! What the whole journey leaves behind besides the records themselves: logs, events, jobs, audit lines. They name nobody and no illness, and
//! carry one trace.

use testkit::eventually;

use integration_tests::member::{Member, key};
use integration_tests::services::SERVICES;
use integration_tests::world::World;

/// Everything that leaves a service's records: whoever operates the platform or listens to it may read it.
const LEFT_BEHIND: [(&str, &str); 5] = [
    ("outbox", "SELECT data::text || event_type FROM outbox"),
    (
        "jobs",
        "SELECT payload::text || coalesce(last_error, '') FROM jobs",
    ),
    (
        "audit",
        "SELECT concat_ws(' ', record_kind, actor_id, action, fields::text, reason) FROM audit",
    ),
    ("dead_letters", "SELECT data::text || cause FROM dead_letters"),
    ("idempotency", "SELECT caller || ' ' || method FROM idempotency"),
];

#[tokio::test]
async fn no_log_event_job_or_audit_line_of_the_whole_journey_names_anybody_or_an_illness() {
    let world = World::start().await;
    let member = Member::active();
    world.import(member.lines()).await;
    let signed_in = member.opens_an_account(&world).await;
    let draft = signed_in.fills_in_everything("oncology").await;
    let sent = signed_in
        .submits(&draft.application_id, &key())
        .await
        .expect("the request is sent");
    let links: Vec<String> = member
        .mails_come(3)
        .await
        .iter()
        .map(|mail| integration_tests::member::link_in(&mail.text))
        .collect();
    let one_time = links[0].rsplit_once('/').expect("a link has a path").1.to_owned();
    signed_in
        .withdraws(&draft.application_id)
        .await
        .expect("nothing is decided yet");
    member.mails_come(4).await;

    let mut secrets = member.personal_values();
    secrets.extend([
        sent.request_number,
        one_time,
        signed_in.session().to_owned(),
        "dossier-specimen".to_owned(),
    ]);
    secrets.extend(["oncology", "Aid_X", "exceptional_health_aid"].map(str::to_owned));
    let mut findings = Vec::new();
    for service in SERVICES {
        let log = world.service(service).log();
        assert!(
            log.contains("\"serving\""),
            "the log of {service} was not found: {log}"
        );
        for line in log.lines() {
            findings
                .extend(named(&secrets, line).map(|secret| format!("log of {service} has {secret}: {line}")));
        }
        for (table, statement) in LEFT_BEHIND {
            for row in world.texts(service, table, statement).await {
                findings.extend(
                    named(&secrets, &row).map(|secret| format!("{table} of {service} has {secret}: {row}")),
                );
            }
        }
    }
    assert_eq!(findings, Vec::<String>::new());
}

fn named<'a>(secrets: &'a [String], text: &'a str) -> impl Iterator<Item = &'a String> {
    secrets
        .iter()
        .filter(move |secret| text.contains(secret.as_str()))
}

#[tokio::test]
async fn one_request_is_one_trace_from_the_call_to_the_mail() {
    const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";
    let world = World::start().await;
    let member = Member::active();
    world.import(member.lines()).await;
    let signed_in = member.opens_an_account(&world).await;
    let draft = signed_in.fills_in_everything("oncology").await;
    signed_in
        .submits_traced(&draft.application_id, &format!("00-{TRACE}-00f067aa0ba902b7-01"))
        .await
        .expect("the request is sent");
    member.mails_come(3).await;
    for (service, what) in [
        ("benefits", "application submitted"),
        ("notifications", "mail handed over"),
    ] {
        eventually(async || {
            let log = world.service(service).log();
            log.lines()
                .any(|line| line.contains(TRACE) && line.contains(what))
                .then_some(())
        })
        .await;
    }
}
