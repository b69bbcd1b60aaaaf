//! NATS with JetStream, from the committed configuration. Streams are made by whoever administers them, not here.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use bus::grants::{APPS_BEGIN, APPS_END};
use serde_json::json;

use crate::stack::Server;
use crate::stack::process::Launch;
use crate::stack::state::{State, write_private};
use crate::stack::tools;

const CONFIGURATION: &str = include_str!(concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../../deploy/local/nats.conf"
));
const USERS: &str = include_str!(concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../../deploy/local/nats-users.conf"
));

pub(crate) fn launch(state: &State) -> Result<()> {
    let home = home(&state.dir);
    let store = home.join("store");
    fs::create_dir_all(&store).with_context(|| format!("cannot create {}", store.display()))?;
    let configuration = home.join("nats.conf");
    fs::write(&configuration, CONFIGURATION)
        .with_context(|| format!("cannot write {}", configuration.display()))?;
    let users = home.join("nats-users.conf");
    let earlier = fs::read_to_string(&users).unwrap_or_default();
    write_private(&users, with_applications_of(&earlier).as_bytes())?;
    write_operator(state, &users)?;

    let mut launch = Launch::new(tools::pinned("nats-server")?, &home)
        .arg("--config")
        .arg(configuration)
        .args(["--addr", "127.0.0.1", "--port"])
        .arg(state.ports.main(Server::Nats).to_string())
        .arg("--http_port")
        .arg(state.ports.server("nats_monitor").to_string())
        .arg("--store_dir")
        .arg(store)
        .env("TADAMON_NATS_ADMIN", &state.secrets.nats_admin)
        .env("TADAMON_NATS_SYSTEM", &state.secrets.nats_system);
    for (service, password) in &state.secrets.nats_services {
        launch = launch.env(&format!("TADAMON_NATS_{}", service.to_uppercase()), password);
    }
    launch.spawn(&state.dir, Server::Nats.as_str())
}

fn home(dir: &Path) -> PathBuf {
    dir.join("nats")
}

/// The users of this version, and the applications that `tadamon apps` wrote before.
fn with_applications_of(earlier: &str) -> String {
    let applications: String = earlier
        .lines()
        .skip_while(|line| *line != APPS_BEGIN)
        .skip(1)
        .take_while(|line| *line != APPS_END)
        .flat_map(|line| [line, "\n"])
        .collect();
    USERS.replace(APPS_END, &format!("{applications}{APPS_END}"))
}

/// What `tadamon apps` and `tadamon events` need: where the broker is, its two administrators, and the file of its users.
fn write_operator(state: &State, users: &Path) -> Result<()> {
    let addresses = state.addresses();
    let operator = json!({
        "url": addresses.nats_url,
        "admin": addresses.nats_admin,
        "system": addresses.nats_system,
        "users_file": users,
    });
    write_private(
        &home(&state.dir).join("operator.json"),
        &serde_json::to_vec_pretty(&operator)?,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_version_keeps_the_applications_and_takes_its_own_users() {
        let earlier = format!(
            "users: [\n  {{ user: \"old\" }}\n{APPS_BEGIN}\n  {{ user: \"app-x\" }}\n{APPS_END}\n]\n"
        );
        let users = with_applications_of(&earlier);
        assert!(users.contains(&format!("{APPS_BEGIN}\n  {{ user: \"app-x\" }}\n{APPS_END}\n]")));
        assert!(!users.contains("old"));
        assert_eq!(with_applications_of(""), USERS);
        assert_eq!(with_applications_of(&users), users);
    }
}
