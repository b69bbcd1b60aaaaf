//! The process of notifications: arguments in, exit code out.

use std::process::ExitCode;

fn main() -> ExitCode {
    notifications::main(std::env::args().skip(1).collect())
}
