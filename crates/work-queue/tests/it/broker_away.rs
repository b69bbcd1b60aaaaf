//! RabbitMQ not there at the start, restarted, and killed under a running queue, on a stack of the test's own.

use testkit::stack::{PrivateStack, Server, Stack};

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
    consumer_is_there(&queue).await;

    // Restarted, which closes every connection (CONNECTION_FORCED).
    Stack::stop_one(stack.dir(), Server::Rabbitmq).unwrap();
    let late = queue.enqueue("succeed").await;
    stack.start_again(Server::Rabbitmq).unwrap();
    consumer_is_there(&queue).await;
    queue.clock.advance(work_queue::DISPATCH_TIMEOUT);
    queue.until(late, "done", 1).await;

    // Killed. What was handed over just before is taken for lost after half a minute.
    stack.kill(Server::Rabbitmq).unwrap();
    let latest = queue.enqueue("succeed").await;
    stack.start_again(Server::Rabbitmq).unwrap();
    consumer_is_there(&queue).await;
    queue.clock.advance(work_queue::DISPATCH_TIMEOUT);
    queue.until(latest, "done", 1).await;

    for id in [early, late, latest] {
        assert_eq!(queue.runs_of(id), [1]);
    }
    assert_eq!(queue.finish().await, 0);
}

async fn consumer_is_there(queue: &TestQueue) {
    eventually("one consumer", async || {
        queue.consumers().await.filter(|count| *count == 1)
    })
    .await;
}
