//! What `/metrics` shows after a day's work in small: everything that the operators' page lists, nothing else, and nobody's trace in a label.

use std::collections::{BTreeMap, BTreeSet};

use integration_tests::member::{Member, key, specimen};
use integration_tests::world::World;
use sqlx::Executor as _;
use testkit::eventually;

/// The operators' page.
const PAGE: &str = include_str!("../../../docs/operations/metrics.md");

/// Names, types and labels: what a table of the page lists, and what a process shows.
type Measures = BTreeMap<String, (String, BTreeSet<String>)>;

fn listed() -> Measures {
    let code = |cell: &str| -> Vec<String> {
        // Values of a label stand in brackets behind it.
        let outside: String = cell
            .split('(')
            .map(|part| part.split_once(')').map_or(part, |(_, rest)| rest))
            .collect();
        outside
            .split('`')
            .skip(1)
            .step_by(2)
            .map(ToOwned::to_owned)
            .collect()
    };
    let mut measures = Measures::new();
    // What the command line writes into files is no process's.
    let (of_processes, _) = PAGE
        .split_once("## Of the command line")
        .expect("the page has the heading");
    for line in of_processes.lines().filter(|line| line.starts_with("| `")) {
        let cells: Vec<&str> = line.split('|').map(str::trim).collect();
        let [_, name, kind, labels, ..] = cells.as_slice() else {
            panic!("a row of the page has too few cells: {line}");
        };
        let name = name.trim_matches('`').to_owned();
        measures.insert(name, ((*kind).to_owned(), code(labels).into_iter().collect()));
    }
    measures
}

fn shown(text: &str, into: &mut Measures) {
    let mut kinds = BTreeMap::new();
    for line in text.lines() {
        if let Some((name, kind)) = line.strip_prefix("# TYPE ").and_then(|rest| rest.split_once(' ')) {
            kinds.insert(name.to_owned(), kind.to_owned());
            continue;
        }
        let Some(end) = line.find(['{', ' ']).filter(|_| !line.starts_with('#')) else {
            continue;
        };
        let sample = &line[..end];
        let family = ["_total", "_bucket", "_sum", "_count"]
            .iter()
            .find_map(|suffix| {
                sample
                    .strip_suffix(suffix)
                    .filter(|name| kinds.contains_key(*name))
            })
            .unwrap_or(sample);
        let kind = kinds[family].clone();
        let name = if kind == "counter" {
            format!("{family}_total")
        } else {
            family.to_owned()
        };
        let labels = line[end..]
            .strip_prefix('{')
            .and_then(|rest| rest.split_once('}'));
        let labels = labels.map_or("", |(labels, _)| labels);
        let names = labels
            .split("\",")
            .filter_map(|label| label.split_once('='))
            .map(|(name, _)| name.to_owned());
        let (_, known) = into.entry(name).or_insert_with(|| (kind, BTreeSet::new()));
        known.extend(names.filter(|label| label != "le"));
    }
}

#[tokio::test]
async fn each_measure_of_the_page_is_shown_and_no_other_and_no_label_names_anybody() {
    // With certificates between services: when they end is one of the measures.
    let world = World::start_secured().await;
    let member = Member::active();
    world.import(member.lines()).await;
    let signed_in = member.opens_an_account(&world).await;
    let draft = signed_in.fills_in_everything("oncology").await;
    let sent = signed_in
        .submits(&draft.application_id, &key())
        .await
        .expect("the request is sent");
    signed_in.uploads(&specimen()).await.expect("a paper is taken");
    member.mails_come(3).await;
    let wrong = Member::active();
    assert!(
        wrong.tries_to_sign_in(&world).await.is_err(),
        "nobody of this name has an account"
    );
    // Parked, as a subscriber would.
    let park = "INSERT INTO dead_letters (subscriber, event_id, aggregate, event_type, sequence, event_time, data, cause, parked_at)
        VALUES ('a-subscriber', gen_random_uuid(), gen_random_uuid(), 'x', 1, now(), '{}', 'a test', now())";
    world
        .database_of("benefits")
        .await
        .execute(park)
        .await
        .expect("a row");

    let (portal, address) = world.portal();
    portal.start();
    portal.ready().await;
    let page = reqwest::get(format!("{address}/fr/connexion/{}", sent.application_id)).await;
    page.expect("the portal answers");

    let mut all = Measures::new();
    let mut texts = String::new();
    for name in integration_tests::services::SERVICES {
        let text = world.service(name).measures().await;
        assert!(text.ends_with("# EOF\n"), "{name}: the text is whole");
        assert!(text.contains("tadamon_ready 1"), "{name} is ready");
        shown(&text, &mut all);
        texts.push_str(&text);
    }
    let text = portal.measures().await;
    shown(&text, &mut all);
    texts.push_str(&text);
    let listed = listed();
    assert_eq!(
        all, listed,
        "the processes show what docs/operations/metrics.md lists"
    );

    for value in member
        .personal_values()
        .iter()
        .chain([&draft.application_id, &sent.request_number])
    {
        assert!(!texts.contains(value.as_str()), "a measure names {value}");
    }
    let submitted =
        "rpc_method=\"tadamon.benefits.v1.ApplicationService/SubmitApplication\",rpc_status_code=\"Ok\"";
    assert!(texts.contains(submitted), "calls are counted by their RPC");
    assert!(
        texts.contains("http_route=\"_OTHER\""),
        "a path that a stranger made up gets no label of its own"
    );
    assert!(texts.contains("dead_letters{subscriber=\"a-subscriber\",held=\"false\"} 1"));
}

#[tokio::test]
async fn what_waits_for_the_broker_is_seen_to_wait_and_to_leave() {
    let world = World::start().await;
    let waiting = async |service: &str| {
        let text = world.service(service).measures().await;
        let line = text
            .lines()
            .find(|line| line.starts_with("outbox_pending_events"))?;
        let count = line.rsplit(' ').next()?;
        Some(count.parse::<i64>().expect("a count"))
    };
    // A row that no relay may take: its transaction holds it back as a slow broker would, seen from outside.
    assert_eq!(waiting("benefits").await, Some(0));
    let mut database = world.database_of("membership").await;
    database.execute("SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = current_database())").await.expect("the relay's lock is let go");
    database
        .execute("SELECT pg_advisory_lock(hashtextextended('tadamon outbox relay', 0))")
        .await
        .expect("this test leads now");
    world.import(Member::active().lines()).await;
    eventually(async || waiting("membership").await.filter(|count| *count > 0)).await;
    drop(database);
    eventually(async || waiting("membership").await.filter(|count| *count == 0)).await;
}
