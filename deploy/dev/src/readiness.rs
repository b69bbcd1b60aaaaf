//! Asks a service's health page whether it is ready. One request, no retries, no client library.

use std::io::{Read as _, Write as _};
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::time::Duration;

use anyhow::{Context as _, Result, ensure};

const TIMEOUT: Duration = Duration::from_secs(2);

/// `GET /readyz` answers 200.
pub(crate) fn check(port: u16) -> Result<()> {
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    let mut stream = TcpStream::connect_timeout(&address, TIMEOUT).with_context(|| format!("port {port}"))?;
    stream.set_read_timeout(Some(TIMEOUT)).context("read timeout")?;
    stream
        .write_all(b"GET /readyz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        .context("no request could be sent")?;
    let mut reply = Vec::new();
    stream.read_to_end(&mut reply).context("no reply")?;
    let reply = String::from_utf8_lossy(&reply);
    let status = reply.lines().next().unwrap_or_default();
    ensure!(status.starts_with("HTTP/1.1 200"), "/readyz says {status:?}");
    Ok(())
}
