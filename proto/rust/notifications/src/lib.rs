//! The contract of notifications: messages, gRPC client and server, events, and who may call what. Generated from `proto/tadamon/notifications`; nothing is written by hand here.

/// Messages and RPCs.
#[expect(clippy::allow_attributes_without_reason, reason = "generated code")]
pub mod v1 {
    include!("gen/tadamon.notifications.v1.rs");
}

mod permissions {
    include!("gen/permissions.rs");
}
pub use permissions::PERMISSIONS;
