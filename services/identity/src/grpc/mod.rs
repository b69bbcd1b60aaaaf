//! The RPCs: read the message, call the use case, write the answer. The guard before them has already held the caller to the permission table.

mod account;
mod administration;
mod agent;
mod client;
mod convert;
mod delivery;
mod desk;
mod second_factor;
mod session;
mod status;
mod terms;

use std::sync::Arc;

use identity_proto::v1::account_service_server::AccountServiceServer;
use identity_proto::v1::administration_service_server::AdministrationServiceServer;
use identity_proto::v1::agent_service_server::AgentServiceServer;
use identity_proto::v1::client_service_server::ClientServiceServer;
use identity_proto::v1::delivery_service_server::DeliveryServiceServer;
use identity_proto::v1::desk_service_server::DeskServiceServer;
use identity_proto::v1::second_factor_service_server::SecondFactorServiceServer;
use identity_proto::v1::session_service_server::SessionServiceServer;
use identity_proto::v1::terms_service_server::TermsServiceServer;
use tonic::service::Routes;

use crate::context::Context;

/// No message of these contracts is larger; a password is far smaller.
const LARGEST_MESSAGE: usize = 64 * 1024;

/// All services of identity's contract.
pub(crate) fn routes(context: &Arc<Context>) -> Routes {
    let account = account::Accounts(Arc::clone(context));
    let administration = administration::Administration(Arc::clone(context));
    let agent = agent::Agents(Arc::clone(context));
    let client = client::Clients(Arc::clone(context));
    let desk = desk::Desk(Arc::clone(context));
    let second_factor = second_factor::SecondFactors(Arc::clone(context));
    let session = session::Sessions(Arc::clone(context));
    let terms = terms::TermsOfUse(Arc::clone(context));
    let delivery = delivery::Deliveries(Arc::clone(context));
    Routes::new(AccountServiceServer::new(account).max_decoding_message_size(LARGEST_MESSAGE))
        .add_service(
            AdministrationServiceServer::new(administration).max_decoding_message_size(LARGEST_MESSAGE),
        )
        .add_service(AgentServiceServer::new(agent).max_decoding_message_size(LARGEST_MESSAGE))
        .add_service(ClientServiceServer::new(client).max_decoding_message_size(LARGEST_MESSAGE))
        .add_service(DeskServiceServer::new(desk).max_decoding_message_size(LARGEST_MESSAGE))
        .add_service(SecondFactorServiceServer::new(second_factor).max_decoding_message_size(LARGEST_MESSAGE))
        .add_service(SessionServiceServer::new(session).max_decoding_message_size(LARGEST_MESSAGE))
        .add_service(TermsServiceServer::new(terms).max_decoding_message_size(LARGEST_MESSAGE))
        .add_service(DeliveryServiceServer::new(delivery).max_decoding_message_size(LARGEST_MESSAGE))
}
