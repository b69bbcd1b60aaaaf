//! Parked events, from the first look to the effect.

use operations::Kept;
use operations_proto::v1::{DeadLetterKind, DeadLetterState, ListDeadLettersRequest, ReplayOutcome};
use platform::status::reason;
use tonic::{Code, Request};

use crate::support::World;

#[tokio::test]
async fn a_poison_event_is_shown_mended_replayed_once_and_what_waited_follows() {
    let world = World::start(Kept::Events).await;
    let record = world.id();
    for version in 1..=3 {
        world.tell(record, version).await;
    }
    let letters = world.given_up(3).await;
    let failed = letters
        .iter()
        .find(|letter| letter.state() == DeadLetterState::Failed)
        .unwrap();
    let shown = world.get(&failed.dead_letter_id).await.unwrap();
    assert_eq!(&shown, failed);
    assert_eq!(shown.kind(), DeadLetterKind::Event);
    assert_eq!(
        (
            shown.listener.as_str(),
            shown.event_type.as_str(),
            shown.sequence,
            shown.cause.as_str()
        ),
        (
            "things-fragile",
            "things.thing.changed.v1",
            1,
            "the rule has a hole"
        )
    );
    assert_eq!(shown.record_id, record.to_string());
    assert!(!format!("{letters:?}").contains("never shown"));

    let held = letters
        .iter()
        .find(|letter| letter.state() == DeadLetterState::Held)
        .unwrap();
    let refusal = world.replay(&held.dead_letter_id).await.unwrap_err();
    assert_eq!(
        (refusal.code(), reason(&refusal).as_deref()),
        (Code::FailedPrecondition, Some("DEAD_LETTER_HELD"))
    );

    world.mend();
    let answer = world.replay(&failed.dead_letter_id).await.unwrap();
    assert_eq!(
        (answer.outcome(), answer.held_behind),
        (ReplayOutcome::Requested, 2)
    );
    // Twice is once, whether it has been applied meanwhile or not.
    let again = world.replay(&failed.dead_letter_id).await.unwrap();
    assert_ne!(again.outcome(), ReplayOutcome::Requested);
    world.given_up(0).await;
    assert_eq!(world.effects().await, ["version 1", "version 2", "version 3"]);
    let after = world.replay(&failed.dead_letter_id).await.unwrap();
    assert_eq!(after.outcome(), ReplayOutcome::AlreadyDone);
    let event = failed.dead_letter_id.rsplit('/').next().unwrap().parse().unwrap();
    assert_eq!(
        world.audit().await,
        [("tadamon-cli".to_owned(), "replayed".to_owned(), event)]
    );
}

#[tokio::test]
async fn what_names_nothing_is_not_found_and_a_page_has_a_size() {
    let world = World::start(Kept::Events).await;
    let nobody = world.id();
    for id in [
        String::new(),
        "event/things-fragile".to_owned(),
        format!("event/things-fragile/{nobody}"),
        format!("event/another/{nobody}"),
        format!("job/errands/{nobody}"),
        "event/x/'; DROP TABLE dead_letters; --".to_owned(),
        "\u{0}/\u{0}/\u{0}".to_owned(),
    ] {
        for refusal in [
            world.get(&id).await.map(|_| ()).unwrap_err(),
            world.replay(&id).await.map(|_| ()).unwrap_err(),
        ] {
            assert_eq!(
                (refusal.code(), reason(&refusal).as_deref()),
                (Code::NotFound, Some("DEAD_LETTER_NOT_FOUND")),
                "{id:?}"
            );
        }
    }
    for size in [-1, 201, i32::MAX] {
        assert_eq!(world.list(size).await.unwrap_err().code(), Code::InvalidArgument);
    }
    assert_eq!(world.list(200).await.unwrap(), (Vec::new(), 0));
    assert!(world.audit().await.is_empty());
}

#[tokio::test]
async fn only_an_application_with_the_scope_is_let_in() {
    let world = World::start(Kept::Events).await;
    let tokens = [
        world
            .keys
            .app_token("things", "tadamon-cli", "membership.roster.import"),
        world
            .keys
            .app_token("benefits", "tadamon-cli", crate::support::SCOPE),
        world.keys.service_token("portal", "things"),
    ];
    for token in tokens {
        let request = auth::client::with_token(Request::new(ListDeadLettersRequest::default()), &token);
        let code = world
            .client()
            .list_dead_letters(request)
            .await
            .unwrap_err()
            .code();
        assert!(
            matches!(code, Code::PermissionDenied | Code::Unauthenticated),
            "{code:?}"
        );
    }
    let request = Request::new(ListDeadLettersRequest::default());
    let code = world
        .client()
        .list_dead_letters(request)
        .await
        .unwrap_err()
        .code();
    assert_eq!(code, Code::Unauthenticated);
}
