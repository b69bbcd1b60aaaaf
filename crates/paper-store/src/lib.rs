//! Where sealed papers lie: a folder of this machine, or a bucket of any S3. Documents writes and reads them, a backup copies them, the doctor looks
//! whether they are there: all through this door, so that all mean the same place by the same settings.
//!
//! It sees sealed bytes and names that tell nothing; sealing, rows and checksums of contents are documents'. Every call has a deadline.
//!
//! Reading order: `settings` (which place, what contradicts itself), `store` (what is done there), `bucket` (how S3 is spoken to), `error`.

mod bucket;
mod error;
mod settings;
mod store;

pub use error::StoreError;
pub use settings::{Kind, S3Settings, StorageSettings};
pub use store::{Listed, Store, is_paper};
