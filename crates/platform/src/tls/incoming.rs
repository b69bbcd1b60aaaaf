//! Connections of a server that encrypts: accepted, shaken hands with side by side and within a bounded time, so that a caller that stands still keeps
//! no other waiting, and handed on with what their certificate says.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use futures::Stream;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc::{self, Sender};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;
use tonic::transport::server::Connected;

use super::material::HANDSHAKE;
use super::{LOOK, Line, Tls};

/// Handshakes at once; the next connections wait in the kernel's queue.
const HANDSHAKES: usize = 128;
/// How long accepting rests when the process has no descriptor left.
const BREATHER: Duration = Duration::from_millis(200);

/// A connection whose handshake is done.
pub(crate) struct Secured {
    stream: TlsStream<TcpStream>,
    line: Line,
}

impl Connected for Secured {
    type ConnectInfo = Line;

    fn connect_info(&self) -> Line {
        self.line.clone()
    }
}

impl AsyncRead for Secured {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl AsyncWrite for Secured {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        pieces: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write_vectored(context, pieces)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }
}

/// Connections that may be served, until the stream is dropped.
pub(crate) fn accept(listener: TcpListener, tls: Tls) -> impl Stream<Item = io::Result<Secured>> + Unpin {
    let (ready, secured) = mpsc::channel(HANDSHAKES);
    tokio::spawn(take_in(listener, tls, ready));
    Box::pin(futures::stream::unfold(secured, async |mut secured| {
        let next: Secured = secured.recv().await?;
        Some((Ok(next), secured))
    }))
}

async fn take_in(listener: TcpListener, tls: Tls, ready: Sender<Secured>) {
    let places = Arc::new(Semaphore::new(HANDSHAKES));
    let mut look = tokio::time::interval(LOOK);
    loop {
        let next = async {
            let place = Arc::clone(&places).acquire_owned().await;
            (place, listener.accept().await)
        };
        let (place, accepted) = tokio::select! {
            () = ready.closed() => return,
            _ = look.tick() => {
                tls.refresh();
                continue;
            }
            next = next => next,
        };
        match (place, accepted) {
            (Ok(place), Ok((stream, _))) => {
                tokio::spawn(shake_hands(stream, tls.clone(), ready.clone(), place));
            }
            (_, Err(error)) => {
                tracing::warn!(%error, "a connection could not be accepted");
                tokio::time::sleep(BREATHER).await;
            }
            (Err(_closed), _) => return,
        }
    }
}

async fn shake_hands(stream: TcpStream, tls: Tls, ready: Sender<Secured>, place: OwnedSemaphorePermit) {
    // Headers and body of an answer are two writes; the second must not wait for an acknowledgement.
    let _slower = stream.set_nodelay(true);
    let Some(config) = tls.server() else { return };
    let shaken = tokio::time::timeout(HANDSHAKE, TlsAcceptor::from(config).accept(stream)).await;
    drop(place);
    match shaken {
        Ok(Ok(stream)) => {
            let certificates = stream.get_ref().1.peer_certificates();
            let shown = certificates
                .and_then(<[_]>::first)
                .and_then(|certificate| tls.shown(certificate));
            let line = Line { shown };
            // The server that ends takes no more.
            let _ended = ready.send(Secured { stream, line }).await;
        }
        // Everyday: a probe that opens a port and leaves.
        Ok(Err(error)) if error.kind() == io::ErrorKind::UnexpectedEof => {
            tracing::debug!(%error, "a caller left before the handshake");
        }
        Ok(Err(error)) => tracing::info!(%error, "a caller was refused at the handshake"),
        Err(_) => tracing::info!("a caller did not end its handshake in time"),
    }
}
