//! One file per operation. Those that write go the same way: load and lock what the caller may touch, decide by the domain, save with the
//! events and the audit line, commit. What makes a repetition harmless is named in each (a proof or a link that is taken once, a state that is set).

pub(crate) mod accept_terms;
pub(crate) mod change_password;
pub(crate) mod count_address;
pub(crate) mod create_first_administrator;
pub(crate) mod exchange_session;
pub(crate) mod fetch_delivery;
pub(crate) mod get_locale;
pub(crate) mod guard_sign_in;
pub(crate) mod inspect_link;
pub(crate) mod issue_challenge;
pub(crate) mod issue_client_token;
pub(crate) mod issue_link;
pub(crate) mod list_sessions;
pub(crate) mod match_account_request;
mod own_matricule;
pub(crate) mod request_link;
pub(crate) mod revoke_session;
pub(crate) mod set_locale;
pub(crate) mod set_password;
pub(crate) mod sign_in;
pub(crate) mod sign_out;
pub(crate) mod sweep;
pub(crate) mod take_proof;
