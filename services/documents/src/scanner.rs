//! The malware scanner's seam: clamd's INSTREAM over TCP when it is configured. A scanner that is away is said plainly: the paper is "not scanned".

use std::time::Duration;

use anyhow::{Context as _, bail};
use async_trait::async_trait;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// What a scanner found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    Clean,
    Infected,
    /// No scanner, or no answer from it.
    Unknown,
}

/// Looks for malware.
#[async_trait]
pub(crate) trait Scanner: std::fmt::Debug + Send + Sync + 'static {
    async fn scan(&self, content: &[u8]) -> Verdict;
}

/// For installations without a scanner.
#[derive(Debug)]
pub(crate) struct NoScanner;

#[async_trait]
impl Scanner for NoScanner {
    async fn scan(&self, _content: &[u8]) -> Verdict {
        Verdict::Unknown
    }
}

/// clamd.
#[derive(Debug)]
pub(crate) struct ClamAv {
    /// Host and port; the name is looked up for each paper, as clamd may move.
    pub(crate) address: String,
    pub(crate) timeout: Duration,
}

#[async_trait]
impl Scanner for ClamAv {
    async fn scan(&self, content: &[u8]) -> Verdict {
        match tokio::time::timeout(self.timeout, self.instream(content)).await {
            Ok(Ok(verdict)) => verdict,
            Ok(Err(error)) => {
                tracing::warn!(
                    error = format!("{error:#}"),
                    "the malware scanner is away; the paper is not scanned"
                );
                Verdict::Unknown
            }
            Err(_) => {
                tracing::warn!("the malware scanner did not answer in time; the paper is not scanned");
                Verdict::Unknown
            }
        }
    }
}

impl ClamAv {
    /// `zINSTREAM`, chunks with their length before them, an empty chunk, one line back.
    async fn instream(&self, content: &[u8]) -> anyhow::Result<Verdict> {
        let mut stream = TcpStream::connect(&self.address).await.context("connecting")?;
        stream.write_all(b"zINSTREAM\0").await?;
        for chunk in content.chunks(64 * 1024) {
            stream
                .write_all(&u32::try_from(chunk.len())?.to_be_bytes())
                .await?;
            stream.write_all(chunk).await?;
        }
        stream.write_all(&0_u32.to_be_bytes()).await?;
        let mut answer = Vec::new();
        stream.take(4096).read_to_end(&mut answer).await?;
        let answer = String::from_utf8_lossy(&answer);
        let answer = answer.trim_end_matches('\0').trim();
        if answer.ends_with(" OK") {
            Ok(Verdict::Clean)
        } else if answer.ends_with(" FOUND") {
            Ok(Verdict::Infected)
        } else {
            // The text may name the file's content: only its kind is kept.
            bail!("an answer that is neither OK nor FOUND")
        }
    }
}
