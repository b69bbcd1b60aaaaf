//! What becomes of a job while all servers are up.

use std::time::Duration;

use chrono::TimeDelta;
use kernel::JobId;
use lapin::BasicProperties;
use lapin::options::{BasicPublishOptions, QueueDeclareOptions, QueueDeleteOptions};
use lapin::types::FieldTable;
use serde_json::json;
use work_queue::{NewJob, enqueue, operate};

use crate::support::{QUEUE, TestQueue, channel, eventually};

#[tokio::test]
async fn a_due_job_is_done_once() {
    let queue = TestQueue::start().await;
    let id = queue.enqueue("succeed").await;
    queue.until(id, "done", 1).await;
    assert_eq!(queue.runs_of(id), [1]);
    assert_eq!(queue.finish().await, 0);
}

#[tokio::test]
async fn a_job_is_not_begun_before_its_time() {
    let queue = TestQueue::start().await;
    let id = JobId::from_uuid(platform::ids::uuid_v7(queue.clock.now()));
    let mut conn = queue.pool.acquire().await.unwrap();
    let job = NewJob {
        id,
        queue: QUEUE.name,
        payload: json!({ "do": "succeed" }),
        due_at: queue.clock.now() + TimeDelta::minutes(5),
        dedupe_key: None,
        traceparent: None,
    };
    enqueue(&mut conn, job).await.unwrap();
    drop(conn);
    // A job that is due now is done after the other one could have been.
    let now = queue.enqueue("succeed").await;
    queue.until(now, "done", 1).await;
    assert_eq!(queue.state(id).await.0, "queued");
    queue.clock.advance(Duration::from_secs(300));
    queue.until(id, "done", 1).await;
    assert_eq!(queue.finish().await, 0);
}

#[tokio::test]
async fn a_failed_job_waits_and_is_tried_again() {
    let queue = TestQueue::start().await;
    let id = queue.enqueue("fail once").await;
    queue.until(id, "queued", 1).await;
    assert_eq!(queue.state(id).await.2.as_deref(), Some("away"));
    queue.clock.advance(Duration::from_secs(12));
    queue.until(id, "done", 2).await;
    assert_eq!(queue.runs_of(id), [1, 2]);
    assert_eq!(queue.finish().await, 0);
}

#[tokio::test]
async fn a_job_that_always_fails_is_dead_visible_and_can_be_replayed() {
    let queue = TestQueue::start().await;
    let id = queue.enqueue("fail").await;
    for attempt in 1..3 {
        queue.until(id, "queued", attempt).await;
        queue.clock.advance(Duration::from_secs(75));
    }
    queue.until(id, "dead", 3).await;
    assert_eq!(queue.seen.lock().unwrap().dead, [(id, "away".to_owned())]);

    let mut tx = queue.pool.begin().await.unwrap();
    let dead = operate::dead_jobs(&mut tx, 10).await.unwrap();
    assert_eq!((dead.len(), dead[0].id, dead[0].attempts), (1, id, 3));
    assert!(operate::replay(&mut tx, id, queue.clock.now()).await.unwrap());
    tx.commit().await.unwrap();
    queue.until(id, "queued", 1).await;
    queue.finish().await;
}

#[tokio::test]
async fn a_hopeless_job_is_dead_at_once() {
    let queue = TestQueue::start().await;
    let id = queue.enqueue("be hopeless").await;
    queue.until(id, "dead", 1).await;
    assert_eq!(queue.state(id).await.2.as_deref(), Some("refused"));
    assert_eq!(queue.finish().await, 0);
}

#[tokio::test]
async fn a_handler_that_panics_costs_one_attempt_and_no_worker() {
    let queue = TestQueue::start().await;
    let bad = queue.enqueue("panic").await;
    queue.until(bad, "queued", 1).await;
    assert_eq!(queue.state(bad).await.2.as_deref(), Some("handler_panicked"));
    let good = queue.enqueue("succeed").await;
    queue.until(good, "done", 1).await;
    queue.finish().await;
}

#[tokio::test]
async fn one_cause_makes_one_job() {
    let queue = TestQueue::start().await;
    let mut conn = queue.pool.acquire().await.unwrap();
    let mut written = Vec::new();
    for _ in 0..2 {
        let job = NewJob {
            id: JobId::from_uuid(platform::ids::uuid_v7(queue.clock.now())),
            queue: QUEUE.name,
            payload: json!({ "do": "succeed" }),
            due_at: queue.clock.now(),
            dedupe_key: Some("event-1".to_owned()),
            traceparent: None,
        };
        written.push(enqueue(&mut conn, job).await.unwrap());
    }
    drop(conn);
    assert_eq!(written, [true, false]);
    queue.finish().await;
}

#[tokio::test]
async fn many_jobs_are_each_done_once() {
    let queue = TestQueue::start().await;
    let mut ids = Vec::new();
    for _ in 0..200 {
        ids.push(queue.enqueue("succeed").await);
    }
    eventually("200 jobs to be done", async || {
        let done: i64 = sqlx::query_scalar("select count(*) from jobs where state = 'done'")
            .fetch_one(&queue.pool)
            .await
            .unwrap();
        (done == 200).then_some(())
    })
    .await;
    assert!(ids.iter().all(|id| queue.runs_of(*id) == [1]));
    assert_eq!(queue.finish().await, 0);
}

#[tokio::test]
#[expect(
    clippy::disallowed_methods,
    reason = "plays the part of somebody else who writes into the queue"
)]
async fn a_doubled_foreign_or_unreadable_message_does_nothing() {
    let queue = TestQueue::start().await;
    let id = queue.enqueue("succeed").await;
    queue.until(id, "done", 1).await;
    let channel = channel(&queue.amqp).await.unwrap();
    let unknown = uuid::Uuid::new_v4().to_string();
    for body in [id.to_string(), unknown, "not an id".to_owned()] {
        let options = BasicPublishOptions::default();
        let name = queue.rabbit_queue();
        let properties = BasicProperties::default();
        channel
            .basic_publish("".into(), name.into(), options, body.as_bytes(), properties)
            .await
            .unwrap();
    }
    let next = queue.enqueue("succeed").await;
    queue.until(next, "done", 1).await;
    assert_eq!(queue.runs_of(id), [1]);
    queue.finish().await;
}

#[tokio::test]
async fn what_the_broker_lost_is_put_in_again_from_the_table() {
    let queue = TestQueue::start().await;
    let id = queue.enqueue("succeed").await;
    queue.until(id, "done", 1).await;
    // As after a crash of the broker: handed over, but no message is anywhere.
    sqlx::query("update jobs set state = 'queued', attempts = 0, leased_until = $2 where id = $1")
        .bind(id.as_uuid())
        .bind(queue.clock.now() + TimeDelta::seconds(30))
        .execute(&queue.pool)
        .await
        .unwrap();
    queue.clock.advance(Duration::from_secs(31));
    queue.until(id, "done", 1).await;
    queue.finish().await;
}

#[tokio::test]
async fn what_a_dead_worker_left_behind_is_taken_up_again() {
    let queue = TestQueue::start().await;
    let id = queue.enqueue("succeed").await;
    queue.until(id, "done", 1).await;
    sqlx::query("update jobs set state = 'running', attempts = 1, leased_until = $2 where id = $1")
        .bind(id.as_uuid())
        .bind(queue.clock.now() + TimeDelta::seconds(90))
        .execute(&queue.pool)
        .await
        .unwrap();
    queue.clock.advance(Duration::from_secs(91));
    queue.until(id, "queued", 1).await;
    assert_eq!(queue.state(id).await.2.as_deref(), Some("worker_vanished"));
    queue.clock.advance(Duration::from_secs(15));
    queue.until(id, "done", 2).await;
    queue.finish().await;
}

#[tokio::test]
async fn a_queue_that_vanished_is_declared_again_and_no_job_is_lost() {
    let queue = TestQueue::start().await;
    eventually("the consumer", async || {
        queue.consumers().await.filter(|count| *count == 1)
    })
    .await;
    let channel = channel(&queue.amqp).await.unwrap();
    channel
        .queue_delete(queue.rabbit_queue().into(), QueueDeleteOptions::default())
        .await
        .unwrap();
    let id = queue.enqueue("succeed").await;
    // Whatever was on its way into the deleted queue is taken for lost after half a minute.
    eventually("the consumer to be back", async || {
        queue.consumers().await.filter(|count| *count == 1)
    })
    .await;
    queue.clock.advance(Duration::from_secs(31));
    queue.until(id, "done", 1).await;
    queue.finish().await;
}

#[tokio::test]
async fn the_queue_stands_with_the_limits_of_its_table() {
    let queue = TestQueue::start().await;
    eventually("the queue", async || queue.consumers().await).await;
    // RabbitMQ refuses a declaration with other arguments, so one that is accepted shows what stands.
    let channel = channel(&queue.amqp).await.unwrap();
    let durable = QueueDeclareOptions {
        durable: true,
        ..QueueDeclareOptions::default()
    };
    let refused = channel
        .queue_declare(queue.rabbit_queue().into(), durable, FieldTable::default())
        .await;
    assert!(
        refused.is_err(),
        "a queue without limits must not be the one that stands"
    );
    let channel = crate::support::channel(&queue.amqp).await.unwrap();
    let mut arguments = FieldTable::default();
    for (key, value) in [("x-queue-type", "quorum"), ("x-overflow", "reject-publish")] {
        arguments.insert(key.into(), lapin::types::AMQPValue::LongString(value.into()));
    }
    for (key, value) in [
        ("x-delivery-limit", QUEUE.delivery_limit),
        ("x-max-length", QUEUE.max_length),
    ] {
        arguments.insert(key.into(), lapin::types::AMQPValue::LongLongInt(value));
    }
    channel
        .queue_declare(queue.rabbit_queue().into(), durable, arguments)
        .await
        .unwrap();
    queue.finish().await;
}
