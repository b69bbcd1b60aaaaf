//! What tests stand on: real servers as child processes, databases from a migrated template, keys, tokens and patience with a deadline. Never a
//! dependency of a service's own code.

pub mod certificates;
mod database;
mod keys;
mod mail;
mod settings;
pub mod stack;
mod wait;

pub use database::{TestDb, change_the_unchangeable};
pub use keys::{TestKeys, keys};
pub use mail::{Mail, SmtpCatcher, smtp};
pub use settings::{common, prefix, redis_url};
pub use wait::eventually;
