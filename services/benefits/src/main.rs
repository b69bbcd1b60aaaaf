//! The process of benefits: arguments in, exit code out. Everything else is the library's.

use std::process::ExitCode;

fn main() -> ExitCode {
    benefits::main(std::env::args().skip(1))
}
