//! A service's command line: what every process has ([`platform::process::main`]), and `doctor`, which looks at what this service stands on with
//! its own settings, variables and users: in a cluster no other place has them together.

use std::path::PathBuf;
use std::process::ExitCode;

use platform::clock::Clock;
use platform::process::ServiceApp;
use platform::settings;

use crate::doctor::{self, Examination, Examined, Subject};

/// Exit codes of `sysexits.h`; `doctor` itself ends with 0, 1 or 2.
const USAGE: u8 = 64;
const SOFTWARE: u8 = 70;

/// Runs the service's command line; `args` without the program's name.
pub fn main<A: ServiceApp>(args: impl IntoIterator<Item = String>) -> ExitCode {
    let args: Vec<String> = args.into_iter().collect();
    if args.first().map(String::as_str) != Some("doctor") {
        return platform::process::main::<A>(args);
    }
    match look::<A>(&args[1..]) {
        Ok((examination, asked)) => {
            println!("{}", examination.report(asked.as_json));
            ExitCode::from(examination.exit_code())
        }
        Err((code, problem)) => {
            eprintln!("{}: {problem}", A::NAME);
            ExitCode::from(code)
        }
    }
}

/// What is asked for.
#[derive(Default)]
struct Asked {
    file: Option<PathBuf>,
    as_json: bool,
    publish: bool,
}

fn look<A: ServiceApp>(args: &[String]) -> Result<(Examination, Asked), (u8, String)> {
    let asked = parse(args).map_err(|problem| {
        let usage = format!("{problem}; use: doctor [--config FILE] [--publish] [--json]");
        (USAGE, usage)
    })?;
    let settings: Examined =
        settings::load(A::DEFAULTS, asked.file.as_deref()).map_err(|error| (USAGE, error.to_string()))?;
    // Two providers may be compiled in; the first use of TLS panics unless one is chosen.
    let _already_chosen = rustls::crypto::ring::default_provider().install_default();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| (SOFTWARE, format!("no runtime: {error}")))?;
    let clock = Clock::system();
    let mut examination = Examination::default();
    examination.findings.extend(doctor::civil_calendar(clock.now()));
    let keys = doctor::keys_of(&settings.common.keys.directory, A::NAME, clock.now());
    examination.add(keys);
    let subject = Subject {
        service: A::NAME,
        settings,
        migrations: A::migrations(),
    };
    examination.extend(runtime.block_on(doctor::examine(&subject, &[], || clock.now())));
    if asked.publish {
        examination.extend(runtime.block_on(doctor::publish(&subject, clock.now(), doctor::PROBE_DEADLINE)));
    }
    Ok((examination, asked))
}

fn parse(args: &[String]) -> Result<Asked, String> {
    let mut asked = Asked::default();
    let mut args = args.iter();
    while let Some(arg) = args.next() {
        match arg.as_str() {
            "--config" => asked.file = Some(PathBuf::from(args.next().ok_or("--config needs a file")?)),
            "--json" => asked.as_json = true,
            "--publish" => asked.publish = true,
            other => return Err(format!("unknown argument {other}")),
        }
    }
    Ok(asked)
}
