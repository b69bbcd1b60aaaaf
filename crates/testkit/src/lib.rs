//! What tests stand on: real servers as child processes, and helpers around them. Never a dependency of a service's own code.

pub mod stack;
