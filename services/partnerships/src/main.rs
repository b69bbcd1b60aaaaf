//! The process of partnerships: arguments in, exit code out. Everything else is the library's.

use std::process::ExitCode;

fn main() -> ExitCode {
    partnerships::main(std::env::args().skip(1))
}
