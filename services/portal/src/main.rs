//! The portal's own binary: arguments in, exit code out.

use std::process::ExitCode;

fn main() -> ExitCode {
    portal::main(std::env::args().skip(1).collect())
}
