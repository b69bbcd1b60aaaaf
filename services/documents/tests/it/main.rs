//! Documents on real servers, through its contract.
#![expect(clippy::unwrap_used, reason = "a failed precondition fails the test")]

mod download_document;
mod in_a_bucket;
mod kept_papers;
mod open_for_review;
mod permissions;
mod scan;
mod support;
mod sweep_orphans;
mod upload_document;
