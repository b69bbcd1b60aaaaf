//! A process from arguments to exit code, the same for every service: `serve`, `migrate`, `check-config`. A bad setting is one line and exit 64;
//! keys that are missing or unreadable are one line and exit 65.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;

use async_trait::async_trait;
use serde::de::DeserializeOwned;
use sqlx::migrate::Migration;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use crate::clock::Clock;
use crate::keys::KeyError;
use crate::settings::{self, Common, Validate};
use crate::tls::Tls;
use crate::{db, metrics, telemetry};

/// Exit codes of `sysexits.h`.
const USAGE: u8 = 64;
/// What the process was given cannot be used: keys.
const REFUSED: u8 = 65;
const SOFTWARE: u8 = 70;

/// Where a service listens once built.
#[derive(Clone, Copy, Debug, Default)]
pub struct Addresses {
    pub grpc: Option<SocketAddr>,
    pub admin: Option<SocketAddr>,
    pub http: Option<SocketAddr>,
}

/// Where a listener listens, if there is one.
#[must_use]
pub fn address_of(listener: Option<&TcpListener>) -> Option<SocketAddr> {
    listener.and_then(|listener| listener.local_addr().ok())
}

/// What a service is to its process.
#[async_trait]
pub trait ServiceApp: Sized + Send + 'static {
    const NAME: &'static str;
    /// The text of `config.default.toml`.
    const DEFAULTS: &'static str;
    type Settings: DeserializeOwned + Validate + Send;

    fn common(settings: &Self::Settings) -> &Common;
    /// Empty for a process without a database.
    fn migrations() -> Vec<Migration>;
    /// Binds ports and builds pools and clients.
    async fn build(settings: Self::Settings, clock: Clock) -> anyhow::Result<Self>;
    fn addresses(&self) -> Addresses;
    /// Works until the signal, then drains.
    async fn run_until(self, shutdown: CancellationToken) -> anyhow::Result<()>;
}

enum Command {
    Serve,
    Migrate,
    CheckConfig,
}

/// Runs the service's command line; `args` without the program's name.
pub fn main<A: ServiceApp>(args: impl IntoIterator<Item = String>) -> ExitCode {
    let (command, file) = match parse(args) {
        Ok(parsed) => parsed,
        Err(problem) => {
            eprintln!(
                "{}: {problem}; use: serve | migrate | check-config [--config FILE]",
                A::NAME
            );
            return ExitCode::from(USAGE);
        }
    };
    let settings: A::Settings = match settings::load(A::DEFAULTS, file.as_deref()) {
        Ok(settings) => settings,
        Err(error) => {
            eprintln!("{}: {error}", A::NAME);
            return ExitCode::from(USAGE);
        }
    };
    #[cfg(debug_assertions)]
    if let Err(problem) = crate::fault_points::arm_from_environment() {
        eprintln!("{}: {problem}", A::NAME);
        return ExitCode::from(USAGE);
    }
    // Two providers may be compiled in; the first use of TLS panics unless one is chosen. A second call in one process changes nothing.
    let _already_chosen = rustls::crypto::ring::default_provider().install_default();
    // Who migrates calls nobody and is given no certificate.
    if !matches!(command, Command::Migrate)
        && let Err(error) = Tls::open(&A::common(&settings).tls)
    {
        eprintln!("{}: {error}", A::NAME);
        return ExitCode::from(USAGE);
    }
    if matches!(command, Command::CheckConfig) {
        println!("{}: settings are valid", A::NAME);
        return ExitCode::SUCCESS;
    }
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("{}: no runtime: {error}", A::NAME);
            return ExitCode::from(SOFTWARE);
        }
    };
    let outcome = runtime.block_on(async {
        let _telemetry = telemetry::start(A::NAME, &A::common(&settings).telemetry)?;
        match command {
            Command::Migrate => migrate::<A>(&settings).await,
            Command::Serve | Command::CheckConfig => serve::<A>(settings).await,
        }
    });
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{}: {error:#}", A::NAME);
            ExitCode::from(code_of(&error))
        }
    }
}

fn code_of(error: &anyhow::Error) -> u8 {
    if error.chain().any(|cause| cause.is::<KeyError>()) {
        REFUSED
    } else {
        SOFTWARE
    }
}

fn parse(args: impl IntoIterator<Item = String>) -> Result<(Command, Option<PathBuf>), String> {
    let mut args = args.into_iter();
    let command = match args.next().as_deref() {
        Some("serve") => Command::Serve,
        Some("migrate") => Command::Migrate,
        Some("check-config") => Command::CheckConfig,
        Some(other) => return Err(format!("unknown command {other}")),
        None => return Err("a command is missing".to_owned()),
    };
    let mut file = None;
    while let Some(arg) = args.next() {
        match arg.as_str() {
            "--config" => file = Some(PathBuf::from(args.next().ok_or("--config needs a file")?)),
            other => return Err(format!("unknown argument {other}")),
        }
    }
    Ok((command, file))
}

async fn migrate<A: ServiceApp>(settings: &A::Settings) -> anyhow::Result<()> {
    let migrations = A::migrations();
    if !migrations.is_empty() {
        db::migrate(
            &A::common(settings).postgres,
            A::NAME,
            migrations,
            Clock::system().now(),
        )
        .await?;
    }
    Ok(())
}

async fn serve<A: ServiceApp>(settings: A::Settings) -> anyhow::Result<()> {
    let shutdown = CancellationToken::new();
    let signal = shutdown.clone();
    let mut terminate = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())?;
    tokio::spawn(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = tokio::signal::ctrl_c() => {}
        }
        tracing::info!("asked to end");
        signal.cancel();
    });
    metrics::built(A::NAME, Clock::system().now());
    let migrations = A::migrations();
    if !migrations.is_empty() {
        db::check(&A::common(&settings).postgres, A::NAME, &migrations).await?;
    }
    let app = A::build(settings, Clock::system()).await?;
    let addresses = app.addresses();
    tracing::info!(grpc = ?addresses.grpc, admin = ?addresses.admin, http = ?addresses.http, "serving");
    app.run_until(shutdown).await
}

#[cfg(test)]
mod tests {
    use anyhow::Context as _;

    use super::*;
    use crate::keys::KeyDirectory;

    #[test]
    fn missing_keys_are_one_clear_line_and_exit_65_and_anything_else_is_70() {
        let nowhere = std::env::temp_dir().join("tadamon-no-such-folder");
        let missing = KeyDirectory::open(&nowhere).signing_pem("portal");
        let error = missing.context("the signing key").unwrap_err();
        assert_eq!(code_of(&error), REFUSED);
        let said = format!("{error:#}");
        assert!(
            said.contains("tadamon-no-such-folder is missing; run `tadamon bootstrap`")
                && !said.contains('\n'),
            "{said}"
        );
        assert_eq!(code_of(&anyhow::anyhow!("a port is taken")), SOFTWARE);
    }
}
