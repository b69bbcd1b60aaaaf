//! Redis with a password and without persistence: it holds only what may be lost.

use std::fs;

use anyhow::{Context as _, Result};

use crate::stack::Server;
use crate::stack::process::Launch;
use crate::stack::state::{State, write_private};
use crate::stack::tools;

pub(crate) fn launch(state: &State) -> Result<()> {
    let home = state.dir.join("redis");
    fs::create_dir_all(&home).with_context(|| format!("cannot create {}", home.display()))?;
    let configuration = home.join("redis.conf");
    // A file and not arguments: the password must not stand in the list of processes.
    let text = format!(
        "bind 127.0.0.1\nport {}\nrequirepass {}\nsave \"\"\nappendonly no\ndaemonize no\ndir {}\nmaxmemory 128mb\nmaxmemory-policy noeviction\n",
        state.ports.main(Server::Redis),
        state.secrets.redis,
        home.display()
    );
    write_private(&configuration, text.as_bytes())?;
    Launch::new(tools::on_path("redis-server")?, &home)
        .arg(configuration)
        .spawn(&state.dir, Server::Redis.as_str())
}
