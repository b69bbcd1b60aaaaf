//! The process of identity: arguments in, exit code out. Everything is in the library.

use std::process::ExitCode;

fn main() -> ExitCode {
    identity::main(std::env::args().skip(1).collect())
}
