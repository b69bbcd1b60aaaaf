//! Applications outside the platform: the programs that `docs/events.md` prints, taken from there and run with credentials that the operator's
//! program made; what these credentials, and those of the services, do not allow; and the operator's own commands. On a private NATS with the
//! committed configuration, published to by the real relay as the service's own user.

#![expect(clippy::unwrap_used, reason = "a failed precondition fails the test")]

mod denied;
mod documentation;
mod operator;
mod programs;
mod services;
mod world;
