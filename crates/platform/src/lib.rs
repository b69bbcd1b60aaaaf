//! What every process of the platform needs: settings, the process itself, telemetry, Postgres, servers, health, idempotency, audit, keys
//! and field encryption. Mechanism only: no rule about members or benefits stands here, and nothing of identity or of the bus.

pub mod admin;
pub mod audit;
pub mod audit_roots;
pub mod calls;
pub mod clock;
pub mod crypto;
pub mod db;
pub mod fault_points;
pub mod grpc;
pub mod http;
pub mod idempotency;
pub mod ids;
pub mod keys;
mod log_fields;
mod log_lines;
pub mod metrics;
pub mod process;
pub mod settings;
pub mod status;
pub mod tasks;
pub mod telemetry;
pub mod tls;
