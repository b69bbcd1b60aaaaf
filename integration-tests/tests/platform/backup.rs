//! An installation is backed up, goes on, and is put back: what it was is there again, table by table; what follows reaches everybody; nobody is
//! mailed twice; no number is given twice. With the broker as it was, with a broker made anew, and with one service alone.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, Ordering};

use integration_tests::member::{Member, SignedIn, key};
use integration_tests::services::SERVICES;
use integration_tests::world::World;
use kernel::civil;
use operations::backup::Manifest;
use platform::clock::Clock;
use testkit::eventually;
use testkit::stack::{PrivateStack, Server, StackAddresses, test_addresses};

use crate::operator::{Operator, told};

/// What a restore itself writes: that it was, the epoch, ended sessions, links and codes, mails that wait no more.
const WRITTEN_BY_A_RESTORE: [&str; 7] = [
    "restores",
    "relay_position",
    "sessions",
    "links",
    "activation_codes",
    "messages",
    "message_trace",
];

async fn mails_of(members: &[&Member]) -> Vec<usize> {
    let mut counts = Vec::new();
    for member in members {
        counts.push(member.mails().await.len());
    }
    counts
}

/// A day in the life of an installation and its loss. With a private broker its disk is lost too; otherwise it knows what the databases have forgotten.
async fn put_back_to_the_backup(world: &World, private: Option<&PrivateStack>) {
    let operator = Operator { world };
    let (first, second, forgotten, newcomer) = (
        Member::active(),
        Member::active(),
        Member::active(),
        Member::active(),
    );
    world
        .import([first.lines(), second.lines(), forgotten.lines()].concat())
        .await;
    let year = civil::civil_year(Clock::system().now());

    // Before the backup: one has sent a request, another has a draft that only waits to be sent.
    let signed_in = first.opens_an_account(world).await;
    let draft = signed_in.fills_in_everything("oncology").await;
    let sent = signed_in
        .submits(&draft.application_id, &key())
        .await
        .expect("sent");
    assert_eq!(sent.request_number, format!("1/Aid_X/{year}"));
    let waiting = second
        .opens_an_account(world)
        .await
        .fills_in_everything("oncology")
        .await;
    first.mails_come(3).await;
    second.mails_come(2).await;
    operator.sees_everything_applied(&[]).await;
    let folder = operator.backs_up();
    let manifest = Manifest::read(&folder).expect("a whole backup");
    assert_eq!(manifest.services.len(), 6);
    assert_eq!(manifest.papers.as_ref().map(|papers| papers.papers), Some(2));
    let (code, text) = told(&operator.runs(&["backup", "verify", &folder.display().to_string()], false));
    assert_eq!(code, Some(0), "{text}");

    // After it: everything that will be lost, told by another life of the relay.
    world.kill("benefits");
    world.start_again("benefits").await;
    let signed_in = second.signs_in(world).await;
    let lost = signed_in
        .submits(&waiting.application_id, &key())
        .await
        .expect("sent");
    assert_eq!(lost.request_number, format!("2/Aid_X/{year}"));
    first
        .signs_in(world)
        .await
        .withdraws(&sent.application_id)
        .await
        .expect("nothing is decided yet");
    let unknown_later = forgotten.opens_an_account(world).await;
    let lost_too = unknown_later.fills_in_everything("oncology").await;
    unknown_later
        .submits(&lost_too.application_id, &key())
        .await
        .expect("sent");
    first.mails_come(4).await;
    second.mails_come(3).await;
    forgotten.mails_come(3).await;
    operator.sees_everything_applied(&[]).await;
    let announced = operator.epochs().await;
    let mailed = mails_of(&[&first, &second, &forgotten]).await;

    operator.stops(&SERVICES).await;
    if let Some(stack) = private {
        stack.kill(Server::Nats).expect("the broker is killed");
        std::fs::remove_dir_all(stack.dir().join("nats/store")).expect("its disk is lost");
        stack.start_again(Server::Nats).expect("another broker starts");
    }
    operator.makes_databases_anew().await;
    let papers = world.keys.path().join("world/papers");
    std::fs::remove_dir_all(&papers).expect("the papers are lost");
    std::fs::create_dir(&papers).expect("a new disk");
    let (code, text) = operator.restores(&folder, &["--numbers-ahead", "50"]);
    assert_eq!(code, Some(0), "{text}");

    // Every table is what it was, but for what a restore writes; looked at by this test, not by the program.
    for part in &manifest.services {
        let mut was = part.tables.clone();
        let mut is = operator.tables(&part.service).await;
        assert!(was.len() > 8, "{} has {} tables", part.service, was.len());
        for table in WRITTEN_BY_A_RESTORE {
            was.remove(table);
            is.remove(table);
        }
        assert_eq!(is, was, "{} is not what it was", part.service);
    }

    operator.starts(&SERVICES).await;
    let (code, text) = told(&world.tadamon(&["audit", "verify"]));
    assert_eq!(code, Some(0), "{text}");
    // Whoever was registered since is nobody again; the password of the others is theirs.
    assert!(
        forgotten.tries_to_sign_in(world).await.is_err(),
        "an account outlived its loss"
    );
    let signed_in = first.signs_in(world).await;
    assert_eq!(
        signed_in.history().await[0].state,
        sent.state,
        "the withdrawal is undone"
    );
    assert_eq!(
        world.count("identity", "SELECT count(*) FROM sessions").await,
        1,
        "only the one of a moment ago"
    );

    // What follows reaches everybody: a member whom nobody knew, a request, its paper.
    world.import(newcomer.lines()).await;
    let known = newcomer.opens_an_account(world).await;
    let draft = known.fills_in_everything("oncology").await;
    let sent = known.submits(&draft.application_id, &key()).await.expect("sent");
    let mut numbers = BTreeSet::from([sent.request_number]);
    let signed_in = second.signs_in(world).await;
    let again = signed_in
        .submits(&waiting.application_id, &key())
        .await
        .expect("the draft is there again");
    numbers.insert(again.request_number);
    let expected = [52, 53].map(|number| format!("{number}/Aid_X/{year}"));
    assert_eq!(numbers, BTreeSet::from(expected), "no number is given twice");
    newcomer.mails_come(3).await;
    second.mails_come(mailed[1] + 1).await;
    operator.sees_everything_applied(&SERVICES).await;
    assert_eq!(
        world
            .count("partnerships", "SELECT count(*) FROM member_facts")
            .await,
        4
    );
    assert_eq!(
        world.count("benefits", "SELECT count(*) FROM member_facts").await,
        4
    );
    assert_eq!(
        world
            .count(
                "documents",
                "SELECT count(*) FROM documents WHERE kept_at IS NOT NULL"
            )
            .await,
        3
    );
    assert_eq!(
        world
            .count("documents", "SELECT count(*) FROM dead_letters")
            .await,
        0
    );
    assert_eq!(
        world
            .count("notifications", "SELECT count(*) FROM dead_letters")
            .await,
        0
    );

    // No mail was sent twice: what came is what was sent since.
    assert_eq!(
        mails_of(&[&first, &second, &forgotten, &newcomer]).await,
        [mailed[0], mailed[1] + 1, mailed[2], 3]
    );

    // The epoch is one that was never announced, and none is announced with two bases.
    let now = operator.epochs().await;
    let (last, _) = announced.last_key_value().expect("events before the loss");
    let since: Vec<&i64> = now
        .keys()
        .filter(|epoch| !announced.contains_key(epoch))
        .collect();
    assert!(
        !since.is_empty() && since.iter().all(|epoch| *epoch > last),
        "{announced:?} {now:?}"
    );
    assert!(
        since.iter().all(|epoch| **epoch > last + 1),
        "a listener outside is not told: {announced:?} {now:?}"
    );
    assert!(now.values().all(|bases| bases.len() == 1), "{now:?}");
}

#[tokio::test]
async fn what_was_backed_up_is_there_again_and_the_broker_that_knows_more_makes_nobody_hear_it_twice() {
    put_back_to_the_backup(&World::start().await, None).await;
}

#[tokio::test]
async fn private_stack_what_was_backed_up_is_told_to_a_broker_made_anew_and_nobody_is_mailed_twice() {
    let stack = PrivateStack::start(&[Server::Nats]).expect("a private NATS");
    let private = stack.addresses().clone();
    let world = World::start_on(StackAddresses {
        nats_url: private.nats_url,
        nats_admin: private.nats_admin,
        ..test_addresses().expect("the test stack runs")
    })
    .await;
    put_back_to_the_backup(&world, Some(&stack)).await;
}

#[tokio::test]
async fn a_service_put_back_alone_gives_no_number_again_and_hears_what_it_forgot_without_mailing_it() {
    let world = World::start().await;
    let operator = Operator { world: &world };
    let (first, second) = (Member::active(), Member::active());
    world.import([first.lines(), second.lines()].concat()).await;
    let draft = first
        .opens_an_account(&world)
        .await
        .fills_in_everything("oncology")
        .await;
    second.opens_an_account(&world).await;
    first.mails_come(2).await;
    second.mails_come(2).await;
    operator.sees_everything_applied(&[]).await;
    let folder = operator.backs_up();
    let sent = first
        .signs_in(&world)
        .await
        .submits(&draft.application_id, &key())
        .await
        .expect("sent");
    first.mails_come(3).await;
    operator.sees_everything_applied(&[]).await;

    // Membership's listeners would not believe it.
    let (code, text) = operator.restores(&folder, &["--service", "membership", "--replace"]);
    assert_eq!(code, Some(65), "{text}");
    assert!(
        text.contains("restore membership together with benefits and partnerships"),
        "{text}"
    );

    // The inbox alone: what it forgot comes again and stands there, and is not mailed again.
    operator.stops(&["notifications"]).await;
    let (code, text) = operator.restores(&folder, &["--service", "notifications", "--replace"]);
    assert_eq!(code, Some(0), "{text}");
    let told = "SELECT count(*) FROM messages WHERE kind = 'application_submitted'";
    assert_eq!(world.count("notifications", told).await, 0);
    operator.starts(&["notifications"]).await;
    eventually(async || (world.count("notifications", told).await == 1).then_some(())).await;
    operator.sees_everything_applied(&["notifications"]).await;
    let reason =
        "SELECT count(*) FROM message_trace WHERE step = 'dropped' AND reason = 'told_before_restore'";
    assert_eq!(world.count("notifications", reason).await, 1);
    assert_eq!(first.mails().await.len(), 3, "a mail was sent twice");

    // The requests alone: the one of since is lost, its number is not given again, and who listens hears the next one.
    operator.stops(&["benefits"]).await;
    let (code, text) = operator.restores(
        &folder,
        &["--service", "benefits", "--replace", "--numbers-ahead", "7"],
    );
    assert_eq!(code, Some(0), "{text}");
    operator.starts(&["benefits"]).await;
    let signed_in = second.signs_in(&world).await;
    let draft = signed_in.fills_in_everything("oncology").await;
    let next = signed_in
        .submits(&draft.application_id, &key())
        .await
        .expect("sent");
    let year = civil::civil_year(Clock::system().now());
    assert_eq!(sent.request_number, format!("1/Aid_X/{year}"));
    // The sequence itself was made since the backup.
    assert_eq!(next.request_number, format!("8/Aid_X/{year}"));
    second.mails_come(3).await;
    operator
        .sees_everything_applied(&["benefits", "notifications"])
        .await;
    assert_eq!(mails_of(&[&first, &second]).await, [3, 3]);
}

#[tokio::test]
async fn a_mail_that_waited_at_the_moment_of_the_backup_is_sent_once() {
    let world = World::start().await;
    let operator = Operator { world: &world };
    let member = Member::active();
    world.import(member.lines()).await;
    let signed_in = member.opens_an_account(&world).await;
    let draft = signed_in.fills_in_everything("oncology").await;
    member.mails_come(2).await;
    // Nobody can be asked for the address: the mail waits.
    world.kill("membership");
    signed_in
        .submits(&draft.application_id, &key())
        .await
        .expect("a submission needs no other service");
    let waits = "SELECT count(*) FROM messages WHERE kind = 'application_submitted' AND email_state IN ('accepted', 'tried')";
    eventually(async || (world.count("notifications", waits).await == 1).then_some(())).await;
    let folder = operator.backs_up();
    world.start_again("membership").await;
    member.mails_come(3).await;
    operator.sees_everything_applied(&[]).await;

    operator.stops(&["notifications"]).await;
    let (code, text) = operator.restores(&folder, &["--service", "notifications", "--replace"]);
    assert_eq!(code, Some(0), "{text}");
    assert!(
        text.contains("notifications: waiting mails dropped: they stand in the inbox (1)"),
        "{text}"
    );
    operator.starts(&["notifications"]).await;
    operator.sees_everything_applied(&["notifications"]).await;
    assert_eq!(world.count("notifications", waits).await, 0);
    assert_eq!(member.mails().await.len(), 3, "a mail was sent twice");
}

#[tokio::test]
async fn databases_that_somebody_else_put_back_are_told_so() {
    let world = World::start().await;
    let operator = Operator { world: &world };
    let before = Clock::system().now().to_rfc3339();
    let marks = |more: &[&str]| {
        let words = [&["restore", "mark", "--taken-at"], more].concat();
        told(&operator.runs(&words, true))
    };
    let (code, text) = marks(&[&before]);
    assert_eq!(code, Some(65), "{text}");
    assert!(text.contains("stop the service"), "{text}");
    operator.stops(&SERVICES).await;
    let (code, text) = marks(&["2999-01-01T00:00:00Z"]);
    assert_eq!(
        (code, text.contains("an instant of the past")),
        (Some(65), true),
        "{text}"
    );
    let (code, text) = marks(&[&before, "--numbers-ahead", "3"]);
    assert_eq!(code, Some(0), "{text}");
    // A job that is repeated, for one that was put back since, tells the others nothing.
    let (code, text) = marks(&[&before, "--numbers-ahead", "3"]);
    assert_eq!(
        (code, text.matches("was told so before").count()),
        (Some(0), SERVICES.len()),
        "{text}"
    );
    let told = "SELECT count(*) FROM restores WHERE numbers_ahead = 3";
    for service in SERVICES {
        assert_eq!(world.count(service, told).await, 1, "{service}");
    }
    operator.starts(&SERVICES).await;
    operator.sees_everything_applied(&SERVICES).await;
}

/// A member who sends and withdraws until told to stop.
async fn sends_and_withdraws(signed_in: &SignedIn<'_>, stop: &AtomicBool) -> usize {
    let mut sent = 0;
    while !stop.load(Ordering::Relaxed) {
        let draft = signed_in.fills_in_everything("oncology").await;
        let id = draft.application_id;
        signed_in.submits(&id, &key()).await.expect("sent");
        signed_in.withdraws(&id).await.expect("nothing is decided yet");
        sent += 1;
    }
    sent
}

#[tokio::test]
async fn a_backup_of_a_busy_installation_names_nothing_that_is_not_in_it() {
    let world = World::start().await;
    let operator = Operator { world: &world };
    let members: Vec<Member> = (0..3).map(|_| Member::active()).collect();
    world
        .import(members.iter().flat_map(Member::lines).collect())
        .await;
    let mut busy = Vec::new();
    for member in &members {
        busy.push(member.opens_an_account(&world).await);
    }
    let (stop, to) = (AtomicBool::new(false), operator.backups().display().to_string());
    let mut backup = operator.command(&["backup", "--to", &to], true);
    let takes = async {
        // Some were sent before it begins, others are while it goes on.
        let sent = "SELECT count(*) FROM applications WHERE state <> 'draft'";
        eventually(async || (world.count("benefits", sent).await > 3).then_some(())).await;
        let output = tokio::task::spawn_blocking(move || backup.output())
            .await
            .expect("a thread");
        stop.store(true, Ordering::Relaxed);
        told(&output.expect("the program was built"))
    };
    let works = futures::future::join_all(busy.iter().map(|one| sends_and_withdraws(one, &stop)));
    let ((code, text), sent) = tokio::join!(takes, works);
    assert_eq!(code, Some(0), "{text}");
    operator.stops(&SERVICES).await;
    operator.makes_databases_anew().await;
    let papers = world.keys.path().join("world/papers");
    std::fs::remove_dir_all(&papers).expect("the papers are lost");
    std::fs::create_dir(&papers).expect("a new disk");
    let folder = std::fs::read_dir(&to)
        .expect("backups")
        .flatten()
        .next()
        .expect("a backup")
        .path();
    let (code, text) = operator.restores(&folder, &[]);
    assert_eq!(code, Some(0), "{text}");

    // Papers: every file's paper has a row, every row its object.
    let named = "SELECT DISTINCT jsonb_array_elements_text(data -> 'documentIds') FROM outbox WHERE event_type = 'benefits.application.submitted.v1'";
    let named = world.texts("benefits", "outbox", named).await;
    let rows = world
        .texts("documents", "documents", "SELECT id::text FROM documents")
        .await;
    let objects = world
        .texts("documents", "documents", "SELECT object FROM documents")
        .await;
    let total: usize = sent.iter().sum();
    assert!(
        named.len() > 3 && named.len() < total,
        "{} of {total} are in the backup",
        named.len()
    );
    assert!(
        named.iter().all(|paper| rows.contains(paper)),
        "a file names a paper that is not there"
    );
    assert!(
        objects.iter().all(|object| papers.join(object).is_file()),
        "a row has no paper"
    );
    // Listeners: what one has applied, its publisher has told.
    for (listener, publishers) in [
        ("notifications", ["identity", "benefits"].as_slice()),
        ("benefits", &["membership"]),
        ("partnerships", &["membership"]),
    ] {
        let mut events = BTreeSet::new();
        for publisher in publishers {
            events.extend(
                world
                    .texts(publisher, "outbox", "SELECT id::text FROM outbox")
                    .await,
            );
        }
        let applied = world
            .texts(listener, "inbox", "SELECT event_id::text FROM inbox")
            .await;
        assert!(!applied.is_empty(), "{listener} listens");
        let unknown = applied.iter().filter(|event| !events.contains(*event)).count();
        assert_eq!(unknown, 0, "{listener} has applied what nobody told");
    }
}
