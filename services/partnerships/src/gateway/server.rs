//! The gateway's connections, with limits that keep one client from holding what others need: a head that does not arrive, headers without end,
//! connections without number. HTTP/1.1 only; what stands before it speaks the rest.

use std::sync::Arc;
use std::time::Duration;

use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::Gateway;

/// How long a request's head may take, and how long a connection may stay without one.
const HEAD: Duration = Duration::from_secs(10);
/// The size of a request's headers with the first line. The server takes a hundred of them; for any number of our own it would clear a place for each with
/// every request.
const HEADER_BYTES: usize = 16 * 1024;
/// Connections at once: the next one waits to be accepted.
const CONNECTIONS: usize = 1_024;
/// Rest after a failed accept: the machine is out of files.
const REST: Duration = Duration::from_millis(50);

/// Serves until `shutdown`, then finishes what is in flight.
///
/// # Errors
/// None in practice; the type fits the process's tasks.
pub(crate) async fn serve(
    listener: TcpListener,
    gateway: Arc<Gateway>,
    shutdown: CancellationToken,
) -> anyhow::Result<()> {
    let permits = Arc::new(Semaphore::new(CONNECTIONS));
    let connections = TaskTracker::new();
    while let Some(permit) = shutdown
        .run_until_cancelled(Arc::clone(&permits).acquire_owned())
        .await
    {
        let permit = permit?;
        let Some(accepted) = shutdown.run_until_cancelled(listener.accept()).await else {
            break;
        };
        match accepted {
            Ok((stream, _)) => {
                let (gateway, shutdown) = (Arc::clone(&gateway), shutdown.clone());
                connections.spawn(async move {
                    converse(stream, gateway, shutdown).await;
                    drop(permit);
                });
            }
            Err(error) => {
                tracing::warn!(%error, "no connection was accepted");
                let _ended = shutdown.run_until_cancelled(tokio::time::sleep(REST)).await;
            }
        }
    }
    connections.close();
    connections.wait().await;
    Ok(())
}

async fn converse(stream: TcpStream, gateway: Arc<Gateway>, shutdown: CancellationToken) {
    // Answers are small: waiting to fill a packet only delays them.
    let _slower = stream.set_nodelay(true);
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD)
        // Head and body of an answer are small: copied together they are one write.
        .writev(false)
        .max_header_size(HEADER_BYTES)
        .serve_connection(
            TokioIo::new(stream),
            service_fn(|request| Arc::clone(&gateway).respond(request)),
        );
    let mut connection = std::pin::pin!(connection);
    let ended = tokio::select! {
        ended = connection.as_mut() => ended,
        () = shutdown.cancelled() => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = ended {
        tracing::debug!(%error, "a connection ended early");
    }
}
