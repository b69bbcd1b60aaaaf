//! Postgres: a cluster of its own, TCP on the loopback only, as the package's user when we are root.
//!
//! Roles and databases of our services are not made here: bootstrap and the tests do that.

use std::fs;
use std::os::unix::fs::{PermissionsExt as _, chown};
use std::path::Path;

use anyhow::{Context as _, Result};

use crate::stack::Server;
use crate::stack::process::{Launch, Owner, is_remains, unprivileged_owner};
use crate::stack::state::State;
use crate::stack::tools;

pub(crate) fn launch(state: &State) -> Result<()> {
    let bin = tools::postgres_bin()?;
    let owner = unprivileged_owner()?;
    let home = state.data_dir.join("postgres");
    let data = home.join("data");
    if !data.join("PG_VERSION").exists() {
        initialise(state, &bin, &home, &data, owner)?;
    }
    forget_dead_postmaster(&data)?;
    let mut launch = Launch::new(bin.join("postgres"), &home)
        .owner(owner)
        .arg("-D")
        .arg(&data);
    for setting in settings(state) {
        launch = launch.arg("-c").arg(setting);
    }
    launch.spawn(&state.dir, Server::Postgres.as_str())
}

/// Postgres asks the kernel whether the process in its lock file is alive, and a killed one that nobody has collected yet counts as
/// alive. Only then the file is removed; in every other case Postgres judges better than we do.
fn forget_dead_postmaster(data: &Path) -> Result<()> {
    let lock = data.join("postmaster.pid");
    let Ok(text) = fs::read_to_string(&lock) else {
        return Ok(());
    };
    let dead = text
        .lines()
        .next()
        .and_then(|pid| pid.trim().parse().ok())
        .is_some_and(is_remains);
    if dead {
        fs::remove_file(&lock).with_context(|| format!("cannot remove {}", lock.display()))?;
    }
    Ok(())
}

fn settings(state: &State) -> Vec<String> {
    let mut settings = vec![
        format!("port={}", state.ports.main(Server::Postgres)),
        "listen_addresses=127.0.0.1".to_owned(),
        "unix_socket_directories=".to_owned(),
        "max_connections=300".to_owned(),
        // Partitioned tables lock each partition; many test databases live in one cluster.
        "max_locks_per_transaction=256".to_owned(),
        "shared_buffers=256MB".to_owned(),
        "timezone=UTC".to_owned(),
        "log_timezone=UTC".to_owned(),
        "lc_messages=C".to_owned(),
        "log_min_messages=warning".to_owned(),
        // Statements may hold personal data: the log says that one failed, never with which values.
        "log_min_error_statement=panic".to_owned(),
        "log_parameter_max_length_on_error=0".to_owned(),
    ];
    if !state.fsync {
        settings.extend(["fsync=off", "synchronous_commit=off", "full_page_writes=off"].map(str::to_owned));
        // A test that ends while its pool opens a connection leaves that one in the middle of its authentication, and waits itself for the
        // drop of its database, which waits for every backend: for a minute by default, and all other tests with it.
        settings.push("authentication_timeout=5s".to_owned());
    }
    settings
}

fn initialise(state: &State, bin: &Path, home: &Path, data: &Path, owner: Option<Owner>) -> Result<()> {
    // A first try that was interrupted leaves a directory that initdb refuses.
    if data.exists() {
        fs::remove_dir_all(data).with_context(|| format!("cannot remove {}", data.display()))?;
    }
    fs::create_dir_all(home).with_context(|| format!("cannot create {}", home.display()))?;
    let password_file = home.join("initial-password");
    fs::write(&password_file, &state.secrets.postgres).context("cannot write the initial password")?;
    fs::set_permissions(&password_file, fs::Permissions::from_mode(0o600))
        .context("cannot protect the initial password")?;
    if let Some(owner) = owner {
        for path in [home, &password_file] {
            chown(path, Some(owner.uid), Some(owner.gid))
                .with_context(|| format!("cannot hand {} to the server's user", path.display()))?;
        }
    }
    let mut password_argument = std::ffi::OsString::from("--pwfile=");
    password_argument.push(&password_file);
    let mut launch = Launch::new(bin.join("initdb"), home)
        .owner(owner)
        .arg("-D")
        .arg(data)
        .args([
            "--username=postgres",
            "--auth=scram-sha-256",
            "--encoding=UTF8",
            "--locale=C.UTF-8",
        ])
        .arg(password_argument);
    if !state.fsync {
        launch = launch.arg("--no-sync");
    }
    let result = launch.run().map(drop);
    fs::remove_file(&password_file).context("cannot remove the initial password")?;
    result
}
