//! RabbitMQ killed under a running queue, and not there at the start, on a stack of the test's own.

use testkit::stack::{PrivateStack, Server};

use crate::support::{TestQueue, eventually};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn jobs_wait_while_rabbitmq_is_away_and_the_consumers_come_back_by_themselves() {
    let stack = PrivateStack::start(&[Server::Postgres, Server::Rabbitmq]).unwrap();
    let mut queue = TestQueue::prepare(stack.addresses()).await;
    stack.kill(Server::Rabbitmq).unwrap();

    // Not there at the start: the job is accepted all the same.
    queue.run();
    let early = queue.enqueue("succeed").await;
    assert_eq!(queue.state(early).await.0, "queued");
    stack.start_again(Server::Rabbitmq).unwrap();
    queue.until(early, "done", 1).await;

    // Killed under a running consumer.
    eventually("the consumer", async || {
        queue.consumers().await.filter(|count| *count == 1)
    })
    .await;
    stack.kill(Server::Rabbitmq).unwrap();
    let late = queue.enqueue("succeed").await;
    stack.start_again(Server::Rabbitmq).unwrap();
    eventually("the consumer to be back", async || {
        queue.consumers().await.filter(|count| *count == 1)
    })
    .await;
    // What was handed over just before the kill is taken for lost after half a minute.
    queue.clock.advance(work_queue::DISPATCH_TIMEOUT);
    queue.until(late, "done", 1).await;
    assert_eq!((queue.runs_of(early), queue.runs_of(late)), (vec![1], vec![1]));
    assert_eq!(queue.finish().await, 0);
}
