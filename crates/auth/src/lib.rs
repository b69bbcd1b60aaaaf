//! Who calls: signed tokens, the trust file, and the layer that holds every RPC to the permission table. Ownership is not decided here (it is in
//! the query), nor separation of duties (it is in the decision): a method option cannot know them.

pub mod believed;
pub mod caller;
pub mod client;
pub mod grant;
pub mod guard;
pub mod receipt;
pub mod token;
pub mod trust;

pub use caller::{Caller, caller};
pub use guard::{Guard, protect};
