//! RabbitMQ under a node name, a name daemon (epmd), a cookie and directories of its own, without plugins.
//!
//! The package's wrapper in /usr/sbin switches to the package's user and paths: the script behind it is used instead, with every
//! path given. Queues are declared by the crate that uses them, not here.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use anyhow::{Context as _, Result};

use crate::stack::Server;
use crate::stack::process::{self, Launch};
use crate::stack::state::State;
use crate::stack::{ports, tools};

/// The name under which epmd's process is kept.
pub(crate) const EPMD: &str = "epmd";
const SERVER: &str = "/usr/lib/rabbitmq/bin/rabbitmq-server";
/// "localhost" whatever the machine's own name is: RabbitMQ refuses names that do not resolve.
const NODE: &str = "tadamon@localhost";

pub(crate) fn launch(state: &State) -> Result<()> {
    let home = state.dir.join("rabbitmq");
    for sub in ["mnesia", "schema", "generated"] {
        let path = home.join(sub);
        fs::create_dir_all(&path).with_context(|| format!("cannot create {}", path.display()))?;
    }
    write_files(state, &home)?;
    start_epmd(state, &home)?;

    let epmd_port = state.ports.server("epmd").to_string();
    let launch = Launch::new(SERVER, &home)
        .env("ERL_EPMD_PORT", epmd_port)
        .env("ERL_EPMD_ADDRESS", "127.0.0.1")
        .env("RABBITMQ_NODENAME", NODE)
        .env("RABBITMQ_NODE_IP_ADDRESS", "127.0.0.1")
        .env(
            "RABBITMQ_NODE_PORT",
            state.ports.main(Server::Rabbitmq).to_string(),
        )
        .env(
            "RABBITMQ_DIST_PORT",
            state.ports.server("rabbitmq_distribution").to_string(),
        )
        .env("RABBITMQ_CONFIG_FILE", home.join("rabbitmq.conf"))
        .env("RABBITMQ_ADVANCED_CONFIG_FILE", home.join("advanced.config"))
        // An empty file of ours: /etc/rabbitmq/rabbitmq-env.conf is for the package's own server.
        .env("RABBITMQ_CONF_ENV_FILE", home.join("rabbitmq-env.conf"))
        .env("RABBITMQ_ENABLED_PLUGINS_FILE", home.join("enabled_plugins"))
        .env("RABBITMQ_FEATURE_FLAGS_FILE", home.join("feature_flags"))
        .env("RABBITMQ_MNESIA_BASE", home.join("mnesia"))
        .env("RABBITMQ_MNESIA_DIR", home.join("mnesia/node"))
        .env("RABBITMQ_SCHEMA_DIR", home.join("schema"))
        .env("RABBITMQ_GENERATED_CONFIG_DIR", home.join("generated"))
        .env("RABBITMQ_LOG_BASE", state.dir.join("log"))
        .env("RABBITMQ_LOGS", "-")
        .env("RABBITMQ_PID_FILE", home.join("beam.pid"))
        // The script then becomes the broker instead of waiting for it, so that a signal to the process is one to the broker.
        .env("RUNNING_UNDER_SYSTEMD", "true")
        // Schedulers that do not spin: two cores carry everything else too.
        .env(
            "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS",
            "-kernel inet_dist_use_interface {127,0,0,1} +S 2:2 +sbwt none +sbwtdcpu none +sbwtdio none",
        );
    launch.spawn(&state.dir, Server::Rabbitmq.as_str())
}

/// Foreground, so that it is ours to stop: RabbitMQ would otherwise start one that stays for ever.
fn start_epmd(state: &State, home: &Path) -> Result<()> {
    if process::running(&state.dir, EPMD).is_some() {
        return Ok(());
    }
    let port = state.ports.server("epmd");
    ports::wait_free(port).with_context(|| format!("epmd cannot have port {port}"))?;
    Launch::new(tools::on_path("epmd")?, home)
        .args(["-port", &port.to_string(), "-address", "127.0.0.1"])
        .spawn(&state.dir, EPMD)
}

fn write_files(state: &State, home: &Path) -> Result<()> {
    let configuration = format!(
        "default_vhost = tadamon\n\
         default_user = tadamon\n\
         default_pass = {password}\n\
         loopback_users = none\n\
         log.console = true\n\
         log.console.level = warning\n\
         log.file = false\n\
         # Quorum queues keep a write-ahead log; the default of 512 MB is for servers.\n\
         raft.wal_max_size_bytes = 33554432\n\
         disk_free_limit.absolute = 200MB\n\
         vm_memory_high_watermark.absolute = 1GB\n",
        password = state.secrets.rabbitmq
    );
    let cookie = home.join(".erlang.cookie");
    for (file, text) in [
        (home.join("rabbitmq.conf"), configuration.as_str()),
        (home.join("advanced.config"), "[].\n"),
        (home.join("rabbitmq-env.conf"), "# Deliberately empty.\n"),
        (home.join("enabled_plugins"), "[].\n"),
    ] {
        fs::write(&file, text).with_context(|| format!("cannot write {}", file.display()))?;
    }
    if !cookie.exists() {
        fs::write(&cookie, &state.secrets.erlang_cookie).context("cannot write the cookie")?;
    }
    for secret in [cookie, home.join("rabbitmq.conf")] {
        // Erlang refuses a cookie that others can read. In force before each start, also after a first write was interrupted.
        let mode = if secret.ends_with(".erlang.cookie") {
            0o400
        } else {
            0o600
        };
        fs::set_permissions(&secret, fs::Permissions::from_mode(mode))
            .with_context(|| format!("cannot protect {}", secret.display()))?;
    }
    Ok(())
}
