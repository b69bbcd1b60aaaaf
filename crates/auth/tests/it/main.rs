//! Calls over connections that show certificates, with real sockets and real files.

#![expect(clippy::unwrap_used, reason = "a failed precondition fails the test")]

mod mutual_tls;
mod rotation;
mod server;
