//! `./justw bench`: how fast the platform is, each figure beside a limit or a peer that is measured in the same run on the same machine.
//! It starts servers of its own (waiting for the disk), the real services, and prints a table; `docs/benchmarks.md` says how to read it.
//! `--faults` measures some of it once more while things break. Nothing here is a test: no figure fails anything. `--smoke` runs every piece for a
//! moment, so that none of them rots.

mod backlog;
mod benefits;
mod broker;
mod capture;
mod cards;
mod decisions;
mod delivery;
mod faults;
mod http;
mod installation;
mod measure;
mod peers;
mod pgbench;
mod plan;
mod report;
mod seed;
mod submissions;

use std::sync::Arc;

use anyhow::{Result, bail};

use installation::Installation;
use plan::Plan;
use report::Report;

#[tokio::main]
async fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    // The peer of the card check is a process of its own, as the service is.
    if let [command] = arguments.as_slice()
        && command == "echo"
    {
        return peers::echo().await;
    }
    let plan = Plan::read(&arguments)?;
    // The readiness of services is asked over HTTP; two providers of TLS may be compiled in.
    let _chosen_before = rustls::crypto::ring::default_provider().install_default();
    let mut report = Report::new(&plan);
    if plan.wants(&["S6"]) {
        report.add(decisions::measure(&plan)?);
    }
    if plan.wants(&["S1", "S2", "S3", "S4", "S5"]) {
        let installation = Arc::new(Installation::start(&plan).await?);
        report.settings(&installation).await?;
        if plan.wants(&["S1", "S2"]) {
            report.add(submissions::measure(&installation, &plan).await?);
        }
        if plan.wants(&["S3"]) {
            report.add(delivery::measure(&installation, &plan).await?);
        }
        if plan.wants(&["S4"]) {
            report.add(backlog::measure(&installation, &plan).await?);
        }
        if plan.wants(&["S5"]) {
            report.add(cards::measure(&installation, &plan).await?);
        }
    }
    if report.is_empty() {
        bail!("nothing was measured: say --only S1, S2, S3, S4, S5 or S6");
    }
    report.finish(&plan)
}
