//! Identity on real servers: Postgres, Redis, NATS, RabbitMQ. Membership is a double at the seam between the two services.

#![expect(clippy::unwrap_used, reason = "a helper that cannot go on fails its test")]

mod accounts;
mod address_limits;
mod administration;
mod agent_access;
mod agents;
mod client_secrets;
mod clients;
mod desk;
mod faults;
mod locale;
mod membership_unsaid;
mod oauth;
mod passwords;
mod permissions;
mod process;
mod queries;
mod redis_away;
mod robot_proof;
mod second_factor;
mod sessions;
mod sign_in;
mod staff;
mod staff_double;
mod support;
mod terms;
