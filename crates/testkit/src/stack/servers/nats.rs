//! NATS with JetStream, from the committed configuration. Streams are made by whoever administers them, not here.

use std::fs;

use anyhow::{Context as _, Result};

use crate::stack::Server;
use crate::stack::process::Launch;
use crate::stack::state::State;
use crate::stack::tools;

const CONFIGURATION: &str = include_str!(concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../../deploy/local/nats.conf"
));

pub(crate) fn launch(state: &State) -> Result<()> {
    let home = state.dir.join("nats");
    let store = home.join("store");
    fs::create_dir_all(&store).with_context(|| format!("cannot create {}", store.display()))?;
    let configuration = home.join("nats.conf");
    fs::write(&configuration, CONFIGURATION)
        .with_context(|| format!("cannot write {}", configuration.display()))?;

    let mut launch = Launch::new(tools::pinned("nats-server")?, &home)
        .arg("--config")
        .arg(configuration)
        .args(["--addr", "127.0.0.1", "--port"])
        .arg(state.ports.main(Server::Nats).to_string())
        .arg("--http_port")
        .arg(state.ports.server("nats_monitor").to_string())
        .arg("--store_dir")
        .arg(store)
        .env("TADAMON_NATS_ADMIN", &state.secrets.nats_admin);
    for (service, password) in &state.secrets.nats_services {
        launch = launch.env(&format!("TADAMON_NATS_{}", service.to_uppercase()), password);
    }
    launch.spawn(&state.dir, Server::Nats.as_str())
}

#[cfg(test)]
mod tests {
    use crate::stack::state::NATS_SERVICES;

    use super::*;

    #[test]
    fn every_service_has_a_user_that_publishes_only_its_own_facts() {
        for service in NATS_SERVICES {
            assert!(
                CONFIGURATION.contains(&format!("password: $TADAMON_NATS_{}", service.to_uppercase())),
                "{service} has no user"
            );
            let publishers = CONFIGURATION
                .matches(&format!("\"tadamon.events.{service}.>\""))
                .count();
            assert_eq!(publishers, 1, "tadamon.events.{service} must have one publisher");
        }
    }
}
