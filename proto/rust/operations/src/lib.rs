//! The contract of operations on dead letters, served by every service with a database: messages, gRPC client and server, and who may call what. Generated from `proto/tadamon/operations`; nothing is written by hand here.

/// Messages and RPCs.
#[expect(clippy::allow_attributes_without_reason, reason = "generated code")]
pub mod v1 {
    include!("gen/tadamon.operations.v1.rs");
}

mod permissions {
    include!("gen/permissions.rs");
}
pub use permissions::PERMISSIONS;
