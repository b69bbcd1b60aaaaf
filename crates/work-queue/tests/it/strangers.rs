//! Who is not the platform gets nowhere at the broker, and a queue that stands there with other arguments is never taken for ours.

use lapin::options::{QueueDeclareOptions, QueueDeleteOptions};
use lapin::types::FieldTable;
use lapin::{Connection, ConnectionProperties};

use crate::support::{TestQueue, channel, eventually};

#[tokio::test]
async fn guests_and_foreign_virtual_hosts_are_refused() {
    let ours = testkit::stack::test_addresses().unwrap().amqp_url;
    let (_, place) = ours.rsplit_once('@').unwrap();
    let (server, _) = place.split_once('/').unwrap();
    let (known, _) = ours.rsplit_once('/').unwrap();
    for url in [
        format!("amqp://guest:guest@{server}/%2f"),
        format!("amqp://guest:guest@{place}"),
        format!("amqp://tadamon:guessed@{place}"),
        format!("{known}/%2f"),
        format!("{known}/elsewhere"),
    ] {
        let refused = Connection::connect(&url, ConnectionProperties::default()).await;
        assert!(refused.is_err(), "{url}");
    }
}

#[tokio::test]
async fn a_queue_with_other_arguments_keeps_the_process_from_starting_and_its_jobs_wait() {
    let mut queue = TestQueue::prepare(&testkit::stack::test_addresses().unwrap()).await;
    let strangers = channel(&queue.amqp).await.unwrap();
    // Somebody was there first, without the limits that keep the broker alive.
    strangers
        .queue_declare(
            queue.rabbit_queue().into(),
            QueueDeclareOptions::default(),
            FieldTable::default(),
        )
        .await
        .unwrap();
    let id = queue.enqueue("succeed").await;
    queue.run();
    let said = format!("{:#}", queue.ends().await.unwrap_err());
    for word in [
        queue.rabbit_queue().as_str(),
        "inequivalent arg",
        "rabbitmqctl delete_queue",
    ] {
        assert!(said.contains(word), "{said}");
    }
    assert_eq!(queue.state(id).await.0, "queued");
    assert!(queue.runs_of(id).is_empty());
    assert_eq!(
        queue.consumers().await,
        Some(0),
        "it stands as it stood and nobody uses it"
    );
    strangers
        .queue_delete(queue.rabbit_queue().into(), QueueDeleteOptions::default())
        .await
        .unwrap();
    queue.run();
    eventually("the job is done", async || {
        (queue.state(id).await.0 == "done").then_some(())
    })
    .await;
    queue.finish().await;
}
