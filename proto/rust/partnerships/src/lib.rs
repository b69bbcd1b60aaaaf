//! The contract of partnerships: messages, gRPC client and server, events, and who may call what. Generated from `proto/tadamon/partnerships`; nothing is written by hand here.

/// Messages and RPCs.
#[expect(clippy::allow_attributes_without_reason, reason = "generated code")]
pub mod v1 {
    include!("gen/tadamon.partnerships.v1.rs");
}

/// What happened, as published on the bus; proto3 JSON by serde.
pub mod events {
    #[expect(clippy::allow_attributes_without_reason, reason = "generated code")]
    pub mod v1 {
        include!("gen/tadamon.partnerships.events.v1.rs");
        include!("gen/tadamon.partnerships.events.v1.serde.rs");
    }
}

mod permissions {
    include!("gen/permissions.rs");
}
pub use permissions::PERMISSIONS;
