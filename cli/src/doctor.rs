//! `tadamon doctor`: looks at what services stand on, with each service's own settings file and user, and says what to mend. It asks no service, so
//! that it helps when none starts; in a cluster each service's own `doctor` command does the same with the pod's settings. It changes nothing, unless
//! asked to publish.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use operations::doctor::{self, Examination, Examined, Subject};
use platform::clock::Clock;
use platform::settings;
use sqlx::migrate::Migration;

use crate::broker::BrokerArgs;
use crate::exit::Failure;

#[derive(clap::Args, Debug)]
pub(crate) struct DoctorArgs {
    /// Folder with the settings of each service, <service>.toml, passwords included.
    #[arg(long, default_value = ".local/services/settings")]
    settings: PathBuf,
    /// Directory that `tadamon bootstrap` made.
    #[arg(long, env = "TADAMON_KEYS", default_value = ".local/keys")]
    keys: PathBuf,
    /// One service only; may be repeated.
    #[arg(long)]
    service: Vec<String>,
    /// Also send, as each service, an event that tells nothing, and wait until it comes back.
    #[arg(long)]
    publish: bool,
    /// One JSON object a finding, and one at the end.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    broker: BrokerArgs,
}

/// A service with a database: its defaults, and the migrations of this version.
struct Known {
    name: &'static str,
    defaults: &'static str,
    migrations: fn() -> Vec<Migration>,
}

macro_rules! known {
    ($name:literal $(, $crate_migrations:path)*) => {
        Known {
            name: $name,
            defaults: include_str!(concat!("../../services/", $name, "/config.default.toml")),
            migrations: || {
                platform::db::merge(vec![
                    platform::db::migrations(),
                    bus::migrations(),
                    $($crate_migrations(),)*
                    migrations_of($name),
                ])
            },
        }
    };
}

/// The files of the service itself, built into this program: no service is a part of it.
fn migrations_of(service: &str) -> Vec<Migration> {
    let of = match service {
        "identity" => sqlx::migrate!("../services/identity/migrations"),
        "membership" => sqlx::migrate!("../services/membership/migrations"),
        "benefits" => sqlx::migrate!("../services/benefits/migrations"),
        "documents" => sqlx::migrate!("../services/documents/migrations"),
        "partnerships" => sqlx::migrate!("../services/partnerships/migrations"),
        _ => sqlx::migrate!("../services/notifications/migrations"),
    };
    of.migrations.to_vec()
}

const KNOWN: [Known; 6] = [
    known!("identity", work_queue::migrations),
    known!("membership"),
    known!("benefits"),
    known!("documents"),
    known!("partnerships"),
    known!("notifications", work_queue::migrations),
];

pub(crate) async fn run(args: DoctorArgs, clock: &Clock) -> Result<ExitCode, Failure> {
    for service in &args.service {
        if KNOWN.iter().all(|known| known.name != service) {
            let names = KNOWN.map(|known| known.name).join(", ");
            return Err(Failure::usage(format!(
                "no service is called {service:?}; there are {names}"
            )));
        }
    }
    let mut all = Examination::default();
    all.findings.extend(doctor::civil_calendar(clock.now()));
    match doctor::all_keys(&args.keys, clock.now()) {
        Ok(findings) => all.findings.extend(findings),
        Err(unseen) => all.unseen.push(unseen),
    }
    let mut subjects = Vec::new();
    let chosen =
        |known: &&Known| args.service.is_empty() || args.service.iter().any(|name| name == known.name);
    for known in &KNOWN {
        let file = args.settings.join(format!("{}.toml", known.name));
        match read(known, &file) {
            Ok(settings) => subjects.push((chosen(&known), subject(known, settings))),
            Err(unseen) if chosen(&known) => all.unseen.push(unseen),
            Err(_) => {}
        }
    }
    let databases: Vec<String> = subjects
        .iter()
        .filter_map(|(_, subject)| doctor::database_of(subject))
        .collect();
    for (_, subject) in subjects.iter().filter(|(chosen, _)| *chosen) {
        all.extend(doctor::examine(subject, &databases, || clock.now()).await);
        if args.publish {
            all.extend(doctor::publish(subject, clock.now(), doctor::PROBE_DEADLINE).await);
        }
    }
    match broker(&args.broker).await {
        Ok(findings) => all.findings.extend(findings),
        Err(unseen) => all.unseen.push(unseen),
    }
    println!("{}", all.report(args.json));
    Ok(ExitCode::from(all.exit_code()))
}

fn read(known: &Known, file: &Path) -> Result<Examined, String> {
    settings::load_file(known.defaults, file).map_err(|error| format!("{}: {error}", known.name))
}

fn subject(known: &Known, settings: Examined) -> Subject {
    Subject {
        service: known.name,
        settings,
        migrations: (known.migrations)(),
    }
}

async fn broker(args: &BrokerArgs) -> Result<Vec<doctor::Finding>, String> {
    let credentials = args
        .read()
        .map_err(|failure| format!("installation: {}", failure.message()))?;
    let (user, password) = credentials.system();
    doctor::keeping(&credentials.url, user, password).await
}
