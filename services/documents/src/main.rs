//! The documents service as a process of its own.

use std::process::ExitCode;

fn main() -> ExitCode {
    documents::main(std::env::args().skip(1).collect())
}
