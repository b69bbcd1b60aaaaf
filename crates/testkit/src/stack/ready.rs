//! Asks a server in its own protocol whether it answers, over a plain socket: no client library, no retries of its own.

use std::io::{Read as _, Write as _};
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::time::Duration;

use anyhow::{Context as _, Result, ensure};

use super::Server;
use super::state::{BUCKET, State};

const TIMEOUT: Duration = Duration::from_secs(2);

/// One try.
pub(crate) fn probe(state: &State, server: Server) -> Result<()> {
    let port = state.ports.main(server);
    match server {
        Server::Postgres => postgres(port),
        Server::Nats => expect(port, b"", b"INFO ").map(drop),
        Server::Rabbitmq => amqp(port),
        Server::Redis => redis(port, &state.secrets.redis),
        Server::Mail => {
            expect(port, b"", b"220")?;
            expect(
                state.ports.mail_page(),
                b"GET /api/healthz HTTP/1.0\r\n\r\n",
                b"HTTP/1.1 200",
            )
            .map(drop)
        }
        Server::Objects => objects(state),
    }
}

/// It answers, a disk takes new files, and its bucket is there: made by the door of its files, where a folder is a bucket.
fn objects(state: &State) -> Result<()> {
    let begins = b"HTTP/1.0 20";
    let assign = b"GET /dir/assign HTTP/1.0\r\n\r\n";
    let mut stream = expect(state.ports.server("objects_master"), assign, begins)?;
    let mut place = String::new();
    stream.read_to_string(&mut place).context("no place")?;
    ensure!(place.contains("\"fid\""), "no disk takes files yet: {place}");
    let files = state.ports.server("objects_filer");
    // Made at the first look, refused at later ones.
    let make = format!("POST /buckets/{BUCKET}/ HTTP/1.0\r\nContent-Length: 0\r\n\r\n");
    expect(files, make.as_bytes(), b"HTTP/1.0 ")?;
    let look = format!("GET /buckets/{BUCKET}/ HTTP/1.0\r\nAccept: application/json\r\n\r\n");
    expect(files, look.as_bytes(), begins)?;
    let port = state.ports.main(Server::Objects);
    expect(port, b"GET /healthz HTTP/1.0\r\n\r\n", begins).map(drop)
}

fn connect(port: u16) -> Result<TcpStream> {
    let stream = TcpStream::connect_timeout(&SocketAddr::from((Ipv4Addr::LOCALHOST, port)), TIMEOUT)
        .with_context(|| format!("port {port}"))?;
    stream.set_read_timeout(Some(TIMEOUT)).context("read timeout")?;
    stream.set_write_timeout(Some(TIMEOUT)).context("write timeout")?;
    Ok(stream)
}

/// Sends `request` and wants the reply to begin with `reply`.
fn expect(port: u16, request: &[u8], reply: &[u8]) -> Result<TcpStream> {
    let mut stream = connect(port)?;
    stream.write_all(request).context("no request could be sent")?;
    let mut got = vec![0; reply.len()];
    stream.read_exact(&mut got).context("no reply")?;
    ensure!(
        got == reply,
        "unexpected reply {:?}",
        String::from_utf8_lossy(&got)
    );
    Ok(stream)
}

/// A start-up message for a user; a server that still recovers answers with an error, a ready one asks for the password.
fn postgres(port: u16) -> Result<()> {
    let parameters = b"user\0postgres\0database\0postgres\0\0";
    let length = u32::try_from(8 + parameters.len()).expect("a few dozen bytes");
    let mut message = length.to_be_bytes().to_vec();
    message.extend_from_slice(&0x0003_0000_u32.to_be_bytes());
    message.extend_from_slice(parameters);
    expect(port, &message, b"R").map(drop)
}

/// The protocol header; the broker answers with the method Connection.Start (class 10, method 10) on channel 0.
fn amqp(port: u16) -> Result<()> {
    let mut stream = expect(port, b"AMQP\x00\x00\x09\x01", &[1, 0, 0])?;
    let mut rest = [0; 8];
    stream.read_exact(&mut rest).context("no method")?;
    ensure!(rest[4..] == [0, 10, 0, 10], "unexpected method");
    Ok(())
}

fn redis(port: u16, password: &str) -> Result<()> {
    let request = format!("AUTH {password}\r\nPING\r\n");
    expect(port, request.as_bytes(), b"+OK\r\n+PONG").map(drop)
}
