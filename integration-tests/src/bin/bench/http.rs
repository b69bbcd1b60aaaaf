//! The smallest client of HTTP/1.1 that keeps its connection: one request at a time, the same bytes each time, an answer of known length. What it costs
//! is the same for whoever answers.

use anyhow::{Context as _, Result, ensure};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// One connection.
pub(crate) struct Connection {
    address: String,
    stream: TcpStream,
    request: Vec<u8>,
    buffer: Vec<u8>,
}

impl Connection {
    /// Connects; every call sends this body to this path.
    pub(crate) async fn open(address: &str, path: &str, token: &str, body: &str) -> Result<Self> {
        let stream = connect(address).await?;
        let length = body.len();
        let request = format!(
            "POST {path} HTTP/1.1\r\nhost: {address}\r\nauthorization: Bearer {token}\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n\r\n{body}"
        );
        Ok(Self {
            address: address.to_owned(),
            stream,
            request: request.into_bytes(),
            buffer: Vec::with_capacity(4096),
        })
    }

    /// A new connection in the place of one that broke.
    pub(crate) async fn reopen(&mut self) -> Result<()> {
        self.stream = connect(&self.address).await?;
        Ok(())
    }

    /// Sends and reads the whole answer, whose body it gives; anything but 200 is an error.
    pub(crate) async fn call(&mut self) -> Result<&[u8]> {
        self.stream.write_all(&self.request).await?;
        self.buffer.clear();
        let head = loop {
            if let Some(at) = find(&self.buffer, b"\r\n\r\n") {
                break at + 4;
            }
            self.more().await?;
        };
        let text = std::str::from_utf8(&self.buffer[..head]).context("a head in ASCII")?;
        ensure!(text.starts_with("HTTP/1.1 200"), "the answer was {text}");
        let length: usize = text
            .lines()
            .find_map(|line| {
                let (name, value) = line.split_once(':')?;
                name.eq_ignore_ascii_case("content-length")
                    .then(|| value.trim().parse().ok())?
            })
            .context("an answer of known length")?;
        while self.buffer.len() < head + length {
            self.more().await?;
        }
        Ok(&self.buffer[head..])
    }

    async fn more(&mut self) -> Result<()> {
        let read = self.stream.read_buf(&mut self.buffer).await?;
        ensure!(read > 0, "the connection was closed");
        Ok(())
    }
}

async fn connect(address: &str) -> Result<TcpStream> {
    let stream = TcpStream::connect(address).await.context("a connection")?;
    stream.set_nodelay(true)?;
    Ok(stream)
}

fn find(text: &[u8], what: &[u8]) -> Option<usize> {
    text.windows(what.len()).position(|window| window == what)
}
