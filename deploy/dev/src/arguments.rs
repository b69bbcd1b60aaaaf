//! What can be typed after `tadamon-dev`. Parsing only.

use std::path::PathBuf;

use clap::{Parser, Subcommand};

#[derive(Debug, Parser)]
#[command(
    name = "tadamon-dev",
    about = "Runs Tadamon on a developer's machine",
    version
)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Postgres, NATS, RabbitMQ, Redis and the mail catcher, without any service.
    #[command(subcommand)]
    Stack(StackCommand),
    /// Runs one service in this process.
    Serve {
        service: String,
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        args: Vec<String>,
    },
    /// Migrates one service's database.
    Migrate {
        service: String,
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        args: Vec<String>,
    },
    /// Starts servers and services, loads the demonstration data once, and returns when all of it is ready.
    Up,
    /// Stops services and servers; data stays.
    Down,
    /// What runs, and whether it answers.
    Status,
    /// Stops the services and puts a backup back in the place of what is there; `up` starts them again.
    Restore {
        /// What `tadamon restore` takes: a backup's folder, and options.
        #[arg(required = true, trailing_var_arg = true, allow_hyphen_values = true)]
        args: Vec<String>,
    },
    /// Stops everything and deletes all local data.
    Reset,
    /// The last lines of the logs of services and servers.
    Logs {
        /// All when none is named.
        names: Vec<String>,
        /// Goes on printing.
        #[arg(short, long)]
        follow: bool,
        /// Lines of each log.
        #[arg(short = 'n', long, default_value_t = 40)]
        lines: usize,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum StackCommand {
    /// Starts what does not run and prints the addresses as JSON.
    Up {
        #[arg(long)]
        dir: PathBuf,
        /// Free ports are chosen when it is left out.
        #[arg(long)]
        base_port: Option<u16>,
        /// Postgres does not wait for the disk: for tests.
        #[arg(long)]
        no_fsync: bool,
    },
    /// Stops the servers; data stays.
    Down {
        #[arg(long)]
        dir: PathBuf,
    },
    /// What runs; fails unless all of it answers.
    Status {
        #[arg(long)]
        dir: PathBuf,
        #[arg(long)]
        quiet: bool,
    },
    /// Stops the servers and deletes the directory.
    Reset {
        #[arg(long)]
        dir: PathBuf,
    },
    /// Starts the stack that tests use (.local/test-stack).
    TestUp {
        #[arg(long)]
        quiet: bool,
    },
    /// Stops and deletes the stack that tests use.
    TestDown {
        #[arg(long)]
        quiet: bool,
    },
}
