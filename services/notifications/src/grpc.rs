//! The inbox as the portal asks for it.

mod convert;
mod inbox;
mod status;

use std::sync::Arc;

use notifications_proto::v1::inbox_service_server::InboxServiceServer;
use tonic::service::Routes;

use crate::context::Context;

/// Two hundred message ids and their framing.
const LARGEST_MESSAGE: usize = 64 * 1024;

pub(crate) fn routes(context: &Arc<Context>) -> Routes {
    let inbox = inbox::Inbox(Arc::clone(context));
    Routes::new(InboxServiceServer::new(inbox).max_decoding_message_size(LARGEST_MESSAGE))
}
