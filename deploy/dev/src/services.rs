//! The services that this binary carries, in starting order. Nothing about what they do.

use std::process::ExitCode;

use anyhow::{Context as _, Result};

/// Exit code of `sysexits.h` for a wrong command line.
const USAGE: u8 = 64;

/// One service of the platform.
#[derive(Clone, Copy)]
pub(crate) struct Service {
    pub(crate) name: &'static str,
    /// The portal keeps nothing: no database, no user of the bus.
    pub(crate) has_database: bool,
    main: fn(Vec<String>) -> ExitCode,
}

pub(crate) const SERVICES: [Service; 7] = [
    Service {
        name: "identity",
        has_database: true,
        main: identity::main,
    },
    Service {
        name: "membership",
        has_database: true,
        main: membership::main,
    },
    Service {
        name: "benefits",
        has_database: true,
        main: |args| benefits::main(args),
    },
    Service {
        name: "documents",
        has_database: true,
        main: documents::main,
    },
    Service {
        name: "partnerships",
        has_database: true,
        main: |args| partnerships::main(args),
    },
    Service {
        name: "notifications",
        has_database: true,
        main: notifications::main,
    },
    Service {
        name: "portal",
        has_database: false,
        main: portal::main,
    },
];

pub(crate) fn named(name: &str) -> Result<Service> {
    SERVICES
        .into_iter()
        .find(|service| service.name == name)
        .with_context(|| {
            let names = SERVICES.map(|service| service.name).join(", ");
            format!("no service is called {name:?}: say one of {names}")
        })
}

/// Becomes the service: `command` and `args` are what its own binary would get.
pub(crate) fn run(name: &str, command: &str, args: Vec<String>) -> ExitCode {
    match named(name) {
        Ok(service) => (service.main)([vec![command.to_owned()], args].concat()),
        Err(error) => {
            eprintln!("tadamon-dev: {error:#}");
            ExitCode::from(USAGE)
        }
    }
}
