//! `tadamon wait`: a process for a pod in which an operator runs commands. The image has no shell and no `sleep`.

use std::process::ExitCode;

use anyhow::Context as _;
use tokio::signal::unix::{SignalKind, signal};

use crate::exit::Failure;

pub(crate) async fn run() -> Result<ExitCode, Failure> {
    // Process 1 of a pod is ended by no signal that it does not ask for.
    let mut terminate = signal(SignalKind::terminate()).context("the signal")?;
    let mut interrupt = signal(SignalKind::interrupt()).context("the signal")?;
    println!("waits; run `/entrypoint --help` beside it");
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
    Ok(ExitCode::SUCCESS)
}
