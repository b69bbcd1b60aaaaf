//! The service on real servers, one file per use case; the gateway is asked over HTTP as partners ask it, and every answer is held to its description.

mod administration;
mod attacks;
mod cards;
mod checks;
mod clients;
mod description;
mod faults;
mod forgetting;
mod member_facts;
mod partner;
mod permissions;
mod privacy;
mod queries;
mod quotas;
mod redemptions;
mod settings;
mod support;
mod tokens;
mod verifications;
