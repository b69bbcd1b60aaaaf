//! Who may call what, over all services: every RPC x kind of caller x role x terms accepted or not, compared with a matrix that people read in
//! review; and what a token can and cannot assert. Ownership of a record is not decided by the table and not tested here.

mod contracts;
mod grants;
mod guard;
mod matrix;
mod rotation;
mod tokens;
