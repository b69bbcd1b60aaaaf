//! The peer of the card check: an axum server that reads a JSON object and writes it back, as a process of its own.

use std::process::Stdio;

use anyhow::{Context as _, Result};
use axum::routing::post;
use axum::{Json, Router};
use serde_json::Value;
use tokio::io::{AsyncBufReadExt as _, BufReader};

const PATH: &str = "/echo";

/// Serves until it is killed; says its address in one line.
pub(crate) async fn echo() -> Result<()> {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    println!("{}", listener.local_addr()?);
    let router = Router::new().route(PATH, post(async |Json(value): Json<Value>| Json(value)));
    axum::serve(listener, router).await?;
    Ok(())
}

/// The echo, running.
pub(crate) struct Echo {
    child: tokio::process::Child,
    pub(crate) address: String,
}

impl Echo {
    pub(crate) const PATH: &'static str = PATH;

    pub(crate) async fn start() -> Result<Self> {
        let mut child = tokio::process::Command::new(std::env::current_exe()?)
            .arg("echo")
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .context("the echo")?;
        let output = child.stdout.take().context("the echo's output")?;
        let mut lines = BufReader::new(output).lines();
        let address = lines.next_line().await?.context("the echo's address")?;
        Ok(Self { child, address })
    }

    pub(crate) async fn stop(mut self) -> Result<()> {
        self.child.kill().await.context("the echo ends")
    }
}
