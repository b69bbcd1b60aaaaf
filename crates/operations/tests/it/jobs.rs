//! Dead jobs of the queue, which stand beside the parked events.

use operations::Kept;
use operations_proto::v1::{DeadLetterKind, ReplayOutcome};
use platform::status::reason;

use crate::support::World;

#[tokio::test]
async fn a_dead_job_is_shown_and_gets_its_attempts_again() {
    let world = World::start(Kept::EventsAndJobs).await;
    let job = world.enqueue_job().await;
    let letters = world.given_up(1).await;
    let id = format!("job/errands/{}", job.as_uuid());
    assert_eq!(letters[0].dead_letter_id, id);
    let shown = world.get(&id).await.unwrap();
    assert_eq!(shown.kind(), DeadLetterKind::Job);
    assert_eq!(
        (shown.cause.as_str(), shown.attempts, shown.trace_id.as_str()),
        ("away", 1, "4bf92f3577b34da6a3ce929d0e0e4736")
    );
    assert!(!format!("{letters:?}").contains("never shown"));

    // Another queue's name names nothing.
    let other = format!("job/other/{}", job.as_uuid());
    let refusal = world.replay(&other).await.unwrap_err();
    assert_eq!(reason(&refusal).as_deref(), Some("DEAD_LETTER_NOT_FOUND"));

    world.mend();
    let answer = world.replay(&id).await.unwrap();
    assert_eq!(answer.outcome(), ReplayOutcome::Requested);
    let again = world.replay(&id).await.unwrap();
    assert_ne!(again.outcome(), ReplayOutcome::Requested);
    testkit::eventually(|| async { (world.effects().await == ["job"]).then_some(()) }).await;
    testkit::eventually(|| async {
        let answer = world.replay(&id).await.unwrap();
        (answer.outcome() == ReplayOutcome::AlreadyDone).then_some(())
    })
    .await;
    world.given_up(0).await;
    assert_eq!(world.effects().await, ["job"]);
    assert_eq!(
        world.audit().await,
        [("tadamon-cli".to_owned(), "replayed".to_owned(), job.as_uuid())]
    );
}

#[tokio::test]
async fn events_and_jobs_are_listed_together_the_latest_first() {
    let world = World::start(Kept::EventsAndJobs).await;
    world.enqueue_job().await;
    world.given_up(1).await;
    world.tell(world.id(), 1).await;
    let letters = world.given_up(2).await;
    let kinds: Vec<_> = letters.iter().map(|letter| letter.kind()).collect();
    assert_eq!(kinds, [DeadLetterKind::Event, DeadLetterKind::Job]);
    let (one, total) = world.list(1).await.unwrap();
    assert_eq!((one.len(), total), (1, 2));
}
