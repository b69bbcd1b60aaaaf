//! Postgres' own load generator, with a script of ours.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context as _, Result, bail, ensure};

use crate::installation::Installation;
use crate::measure::Latencies;

/// What to send.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Load<'a> {
    pub(crate) database: &'a str,
    pub(crate) script: &'a Path,
    pub(crate) clients: usize,
    /// Transactions of each client.
    pub(crate) each: usize,
    /// Numbers of copies that are used up.
    pub(crate) offset: usize,
    /// Arrivals a second; without, each client goes on at once.
    pub(crate) rate: Option<f64>,
}

/// What came of it.
#[derive(Debug)]
pub(crate) struct Outcome {
    /// Transactions a second.
    pub(crate) rate: f64,
    /// Only of a load with a rate: writing every transaction down would slow the others.
    pub(crate) times: Latencies,
}

fn program() -> Result<PathBuf> {
    let mut found: Vec<PathBuf> = std::fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten()
        .map(|version| version.path().join("bin/pgbench"))
        .filter(|program| program.is_file())
        .collect();
    found.sort();
    let path = std::env::var_os("PATH").unwrap_or_default();
    let elsewhere = std::env::split_paths(&path)
        .map(|folder| folder.join("pgbench"))
        .find(|program| program.is_file());
    found
        .pop()
        .or(elsewhere)
        .context("pgbench is missing: it comes with the PostgreSQL server")
}

/// Runs it to its end; every transaction must have been executed.
pub(crate) fn run(installation: &Installation, dir: &Path, load: Load<'_>) -> Result<Outcome> {
    let url = reqwest::Url::parse(&installation.addresses().postgres_url)?;
    let log = dir.join("transactions");
    let mut command = Command::new(program()?);
    command
        .env("PGPASSWORD", url.password().unwrap_or_default())
        .args(["--no-vacuum", "--protocol=prepared", "--host=127.0.0.1"])
        .arg(format!("--port={}", url.port().context("a port")?))
        .arg(format!("--username={}", url.username()))
        .arg(format!("--client={}", load.clients))
        .arg(format!("--jobs={}", load.clients.min(2)))
        .arg(format!("--transactions={}", load.each))
        .args([
            "--define=i=0".to_owned(),
            format!("--define=offset={}", load.offset),
        ])
        .arg(format!("--define=each={}", load.each))
        .arg(format!("--file={}", load.script.display()));
    if let Some(rate) = load.rate {
        command
            .arg(format!("--rate={rate}"))
            .arg("--log")
            .arg(format!("--log-prefix={}", log.display()));
    }
    let output = command.arg(load.database).output().context("pgbench")?;
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    ensure!(
        output.status.success(),
        "pgbench failed: {said}{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let expected = load.clients * load.each;
    ensure!(
        said.contains(&format!("actually processed: {expected}/{expected}")),
        "pgbench did not execute every transaction: {said}"
    );
    let rate = said
        .lines()
        .find_map(|line| {
            line.strip_prefix("tps = ")?
                .split_whitespace()
                .next()?
                .parse()
                .ok()
        })
        .with_context(|| format!("pgbench said no rate: {said}"))?;
    let times = match load.rate {
        Some(_) => times(dir)?,
        None => Latencies::default(),
    };
    Ok(Outcome { rate, times })
}

/// Reads and removes what pgbench wrote of each transaction: client, number, microseconds, script, two parts of the instant, lateness.
fn times(dir: &Path) -> Result<Latencies> {
    let mut times = Vec::new();
    for entry in std::fs::read_dir(dir)? {
        let path = entry?.path();
        let own = path
            .file_name()
            .is_some_and(|name| name.to_string_lossy().starts_with("transactions."));
        if !own {
            continue;
        }
        for line in std::fs::read_to_string(&path)?.lines() {
            let fields: Vec<u64> = line.split(' ').filter_map(|field| field.parse().ok()).collect();
            let [_, _, whole, _, _, _, late] = fields[..] else {
                bail!("a line of pgbench's log: {line}");
            };
            // The timer's own lateness belongs to nobody; ours is left out as well.
            times.push(Duration::from_micros(whole.saturating_sub(late)));
        }
        std::fs::remove_file(&path)?;
    }
    Ok(times.into())
}
