//! Due jobs of identity, and the table of its queues.

pub(crate) mod match_account_request;
