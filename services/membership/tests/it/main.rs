//! The service tests of membership: the real service on real Postgres and NATS, called by gRPC.

#![expect(
    clippy::unwrap_used,
    reason = "what cannot be set up or read fails the test, with the line"
)]

mod find_member;
mod import_roster;
mod look_up_members;
mod match_staff_record;
mod member_record;
mod permissions;
mod process;
mod support;
