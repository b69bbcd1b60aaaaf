//! The one layer that speaks gRPC: a method per question, wire types in, the portal's own models out.
//!
//! Calls about nobody in particular go out in the portal's own name; everything else carries the member's short token, asked from identity for
//! one audience at a time. No page rule stands here.

pub(crate) mod agents;
mod benefits;
mod cards;
pub(crate) mod decisions;
pub(crate) mod documents;
pub(crate) mod identity;
mod lookup;
mod membership;
pub(crate) mod models;
mod notifications;
pub(crate) mod office;
mod openings;
pub(crate) mod review;
mod review_convert;
mod typed_questions;

use auth::client::{ServiceInterceptor, ServiceTokens};
use benefits_proto::v1::application_service_client::ApplicationServiceClient;
use benefits_proto::v1::catalogue_service_client::CatalogueServiceClient;
use benefits_proto::v1::review_service_client::ReviewServiceClient;
use documents_proto::v1::document_service_client::DocumentServiceClient;
use identity_proto::v1::account_service_client::AccountServiceClient;
use identity_proto::v1::agent_service_client::AgentServiceClient;
use identity_proto::v1::desk_service_client::DeskServiceClient;
use identity_proto::v1::second_factor_service_client::SecondFactorServiceClient;
use identity_proto::v1::session_service_client::SessionServiceClient;
use identity_proto::v1::terms_service_client::TermsServiceClient;
use membership_proto::v1::member_lookup_service_client::MemberLookupServiceClient;
use membership_proto::v1::member_service_client::MemberServiceClient;
use notifications_proto::v1::inbox_service_client::InboxServiceClient;
use partnerships_proto::v1::card_service_client::CardServiceClient;
use platform::calls::Channel;
use platform::tls::Tls;
use tonic::service::interceptor::InterceptedService;

use crate::config::Peers;
use crate::error::Error;

type AsPortal = InterceptedService<Channel, ServiceInterceptor>;

/// Which service a token is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Audience {
    Identity,
    Membership,
    Benefits,
    Documents,
    Notifications,
    Partnerships,
}

impl Audience {
    const fn as_str(self) -> &'static str {
        match self {
            Audience::Identity => "identity",
            Audience::Membership => "membership",
            Audience::Benefits => "benefits",
            Audience::Documents => "documents",
            Audience::Notifications => "notifications",
            Audience::Partnerships => "partnerships",
        }
    }
}

/// Clients of the services; cheap to clone. The office's calls carry an agent's token where the members' carry a member's.
#[derive(Clone)]
pub(crate) struct Backend {
    accounts: AccountServiceClient<AsPortal>,
    sessions: SessionServiceClient<AsPortal>,
    terms: TermsServiceClient<AsPortal>,
    second_factor: SecondFactorServiceClient<AsPortal>,
    desk_as_portal: DeskServiceClient<AsPortal>,
    agents: AgentServiceClient<Channel>,
    desk: DeskServiceClient<Channel>,
    own_account: AccountServiceClient<Channel>,
    own_sessions: SessionServiceClient<Channel>,
    own_terms: TermsServiceClient<Channel>,
    members: MemberServiceClient<Channel>,
    lookup: MemberLookupServiceClient<Channel>,
    review: ReviewServiceClient<Channel>,
    catalogue: CatalogueServiceClient<Channel>,
    applications: ApplicationServiceClient<Channel>,
    documents: DocumentServiceClient<Channel>,
    inbox: InboxServiceClient<Channel>,
    cards: CardServiceClient<Channel>,
}

impl Backend {
    /// Channels that connect when first used: a service that is away does not keep the portal from starting.
    ///
    /// # Errors
    /// When an address is not a URL.
    pub(crate) fn new(peers: &Peers, tls: &Tls, tokens: &ServiceTokens) -> anyhow::Result<Self> {
        let to = |service, peer| platform::grpc::channel_to(service, peer, tls);
        let identity = to("identity", &peers.identity)?;
        let benefits = to("benefits", &peers.benefits)?;
        let membership = to("membership", &peers.membership)?;
        let as_portal = tokens.interceptor("identity");
        Ok(Self {
            accounts: AccountServiceClient::with_interceptor(identity.clone(), as_portal.clone()),
            sessions: SessionServiceClient::with_interceptor(identity.clone(), as_portal.clone()),
            terms: TermsServiceClient::with_interceptor(identity.clone(), as_portal.clone()),
            second_factor: SecondFactorServiceClient::with_interceptor(identity.clone(), as_portal.clone()),
            desk_as_portal: DeskServiceClient::with_interceptor(identity.clone(), as_portal),
            agents: AgentServiceClient::new(identity.clone()),
            desk: DeskServiceClient::new(identity.clone()),
            own_account: AccountServiceClient::new(identity.clone()),
            own_sessions: SessionServiceClient::new(identity.clone()),
            own_terms: TermsServiceClient::new(identity),
            members: MemberServiceClient::new(membership.clone()),
            lookup: MemberLookupServiceClient::new(membership),
            review: ReviewServiceClient::new(benefits.clone()),
            catalogue: CatalogueServiceClient::new(benefits.clone()),
            applications: ApplicationServiceClient::new(benefits),
            documents: DocumentServiceClient::new(to("documents", &peers.documents)?)
                .max_encoding_message_size(documents::MESSAGE_LIMIT),
            inbox: InboxServiceClient::new(to("notifications", &peers.notifications)?),
            cards: CardServiceClient::new(to("partnerships", &peers.partnerships)?),
        })
    }
}

/// What must be there in an answer of ours; its absence is a fault of the callee.
fn present<T>(part: Option<T>, what: &'static str) -> Result<T, Error> {
    part.ok_or_else(|| {
        tracing::error!(part = what, "an answer lacks a part");
        Error::Unforeseen
    })
}

fn instant(timestamp: Option<pbjson_types::Timestamp>) -> Option<chrono::DateTime<chrono::Utc>> {
    let timestamp = timestamp?;
    chrono::DateTime::from_timestamp(timestamp.seconds, u32::try_from(timestamp.nanos).ok()?)
}
