//! The services as the portal sees them: its own token for identity, the member's for the others.

use anyhow::{Context as _, Result};
use auth::client::{ServiceInterceptor, ServiceTokens};
use auth::token::SigningKey;
use benefits_proto::v1::application_service_client::ApplicationServiceClient;
use benefits_proto::v1::catalogue_service_client::CatalogueServiceClient;
use benefits_proto::v1::review_service_client::ReviewServiceClient;
use chrono::{DateTime, SecondsFormat, Utc};
use documents_proto::v1::document_service_client::DocumentServiceClient;
use identity_proto::v1::account_service_client::AccountServiceClient;
use identity_proto::v1::second_factor_service_client::SecondFactorServiceClient;
use identity_proto::v1::session_service_client::SessionServiceClient;
use identity_proto::v1::terms_service_client::TermsServiceClient;
use membership_proto::v1::member_service_client::MemberServiceClient;
use platform::clock::Clock;
use platform::grpc::channel;
use platform::keys::KeyDirectory;
use tonic::Request;
use tonic::service::interceptor::InterceptedService;
use tonic::transport::Channel;

use super::LoadArgs;
use super::mailbox::Mailbox;

type Own = InterceptedService<Channel, ServiceInterceptor>;

pub(super) struct Backends {
    pub(super) accounts: AccountServiceClient<Own>,
    pub(super) sessions: SessionServiceClient<Own>,
    pub(super) terms: TermsServiceClient<Own>,
    pub(super) second_factors: SecondFactorServiceClient<Own>,
    /// With a member's token.
    pub(super) own_terms: TermsServiceClient<Channel>,
    pub(super) members: MemberServiceClient<Channel>,
    pub(super) catalogue: CatalogueServiceClient<Channel>,
    pub(super) applications: ApplicationServiceClient<Channel>,
    pub(super) review: ReviewServiceClient<Channel>,
    pub(super) documents: DocumentServiceClient<Channel>,
    pub(super) mailbox: Mailbox,
    tokens: ServiceTokens,
}

impl Backends {
    pub(super) fn connect(args: &LoadArgs) -> Result<Self> {
        let key = SigningKey::open(&KeyDirectory::open(&args.keys), "portal").context("the portal's key")?;
        let tokens = ServiceTokens::new(key, Clock::system());
        let own = tokens.interceptor("identity");
        let identity = channel(&args.identity)?;
        let benefits = channel(&args.benefits)?;
        Ok(Self {
            accounts: AccountServiceClient::with_interceptor(identity.clone(), own.clone()),
            sessions: SessionServiceClient::with_interceptor(identity.clone(), own.clone()),
            terms: TermsServiceClient::with_interceptor(identity.clone(), own.clone()),
            second_factors: SecondFactorServiceClient::with_interceptor(identity.clone(), own),
            own_terms: TermsServiceClient::new(identity),
            members: MemberServiceClient::new(channel(&args.membership)?),
            catalogue: CatalogueServiceClient::new(benefits.clone()),
            applications: ApplicationServiceClient::new(benefits.clone()),
            review: ReviewServiceClient::new(benefits),
            documents: DocumentServiceClient::new(channel(&args.documents)?),
            mailbox: Mailbox::new(&args.mail)?,
            tokens,
        })
    }

    /// Lets the call to benefits be written down at an instant of the past, as only a demonstration allows, and only its loader: the portal's
    /// token beside the person's proves that it is one.
    pub(super) fn at<T>(&self, mut request: Request<T>, at: DateTime<Utc>) -> Request<T> {
        let text = at.to_rfc3339_opts(SecondsFormat::Secs, true);
        let token = self.tokens.token("benefits");
        let metadata = request.metadata_mut();
        metadata.insert("tadamon-demo-time", text.parse().expect("an instant is ASCII"));
        metadata.insert("tadamon-demo-token", token.parse().expect("a token is ASCII"));
        request
    }
}
