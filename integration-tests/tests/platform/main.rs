//! The main job over all services, each a real process of the one development binary, on real servers: roster, account, sign-in, terms,
//! request, number, mail, inbox. The edge is played here by its gRPC calls; what people see is followed in a browser elsewhere.

mod agents;
mod attacks;
mod audit;
mod backup;
mod dead_letters;
mod doctor;
mod drain;
mod faults;
mod main_job;
mod measures;
mod mutual_tls;
mod operator;
mod papers_in_a_bucket;
mod privacy;
mod restore_refusals;
mod trace;
mod under_faults;
