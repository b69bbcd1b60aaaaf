//! Benefits as its callers meet it: the real service on real Postgres and NATS. Membership is the one peer, answered by a small server in
//! the test; papers come with receipts signed by documents' test key.

mod agents;
mod air_transport;
mod applications_list;
mod bad_answers;
mod beforehand;
mod catalogue;
mod concurrency;
mod demonstration_clock;
mod faults;
mod infected_papers;
mod journey;
mod member_facts;
mod ownership;
mod papers_sent;
mod permissions;
mod privacy;
mod review_bad_input;
mod review_conflict;
mod review_duties;
mod review_facts;
mod review_information;
mod review_journey;
mod review_no_longer_valid;
mod review_queues;
mod review_unsent;
mod settings;
mod support;
mod waited_days;
