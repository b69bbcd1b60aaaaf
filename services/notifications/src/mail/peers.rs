//! Whom we ask, at the moment of sending: identity for a one-time link and for the language that a member chose, membership
//! for a member's address. No answer is kept.

use auth::client::{ServiceInterceptor, ServiceTokens};
use chrono::{DateTime, Utc};
use identity_proto::v1::account_service_client::AccountServiceClient;
use identity_proto::v1::delivery_service_client::DeliveryServiceClient;
use identity_proto::v1::{FetchDeliveryRequest, GetLocaleRequest};
use kernel::{DeliveryId, Locale, MemberId};
use membership_proto::v1::GetContactRequest;
use membership_proto::v1::member_service_client::MemberServiceClient;
use platform::calls::Channel;
use platform::tls::Tls;
use tonic::Code;
use tonic::service::interceptor::InterceptedService;

use crate::config::PeersSettings;
use crate::error::Error;

type Protected = InterceptedService<Channel, ServiceInterceptor>;

/// Where and in which language to write.
pub(crate) struct Contact {
    pub(crate) email: String,
    pub(crate) locale: Locale,
}

/// What identity says about a delivery.
pub(crate) enum Delivery {
    Ready {
        contact: Contact,
        link: String,
        expires_at: Option<DateTime<Utc>>,
    },
    /// Expired, used, or voided by a newer request.
    Gone,
}

/// The other services, as a client.
#[derive(Clone)]
pub(crate) struct Peers {
    deliveries: DeliveryServiceClient<Protected>,
    accounts: AccountServiceClient<Protected>,
    membership: MemberServiceClient<Protected>,
}

impl Peers {
    /// Connects when first used.
    pub(crate) fn new(settings: &PeersSettings, tls: &Tls, tokens: &ServiceTokens) -> anyhow::Result<Self> {
        let identity = platform::grpc::channel_to("identity", &settings.identity, tls)?;
        let membership = platform::grpc::channel_to("membership", &settings.membership, tls)?;
        Ok(Self {
            deliveries: DeliveryServiceClient::with_interceptor(
                identity.clone(),
                tokens.interceptor("identity"),
            ),
            accounts: AccountServiceClient::with_interceptor(identity, tokens.interceptor("identity")),
            membership: MemberServiceClient::with_interceptor(membership, tokens.interceptor("membership")),
        })
    }

    pub(crate) async fn fetch_delivery(&self, id: DeliveryId) -> Result<Delivery, Error> {
        let request = FetchDeliveryRequest {
            delivery_id: id.to_string(),
        };
        match self.deliveries.clone().fetch_delivery(request).await {
            Ok(answer) => {
                let answer = answer.into_inner();
                let expires_at = answer.expires_at.and_then(|at| {
                    DateTime::from_timestamp(at.seconds, u32::try_from(at.nanos).unwrap_or_default())
                });
                let contact = Contact {
                    email: answer.email,
                    locale: language(&answer.locale),
                };
                Ok(Delivery::Ready {
                    contact,
                    link: answer.link,
                    expires_at,
                })
            }
            Err(status) if status.code() == Code::NotFound => Ok(Delivery::Gone),
            Err(status) => Err(Error::peer("identity", &status)),
        }
    }

    /// The member's address, and the language that the member chose; without an account, the one on the staff file. `None`
    /// when there is no address on file.
    pub(crate) async fn contact(&self, member: MemberId) -> Result<Option<Contact>, Error> {
        let Some(on_file) = self.contact_on_file(member).await? else {
            return Ok(None);
        };
        let locale = self.chosen_locale(member).await?.unwrap_or(on_file.locale);
        Ok(Some(Contact { locale, ..on_file }))
    }

    /// `None` when the member has no account.
    async fn chosen_locale(&self, member: MemberId) -> Result<Option<Locale>, Error> {
        let request = GetLocaleRequest {
            member_id: member.to_string(),
        };
        match self.accounts.clone().get_locale(request).await {
            Ok(answer) => Ok(Some(language(&answer.into_inner().locale))),
            Err(status) if status.code() == Code::NotFound => Ok(None),
            Err(status) => Err(Error::peer("identity", &status)),
        }
    }

    async fn contact_on_file(&self, member: MemberId) -> Result<Option<Contact>, Error> {
        let request = GetContactRequest {
            member_id: member.to_string(),
        };
        match self.membership.clone().get_contact(request).await {
            Ok(answer) => {
                let answer = answer.into_inner();
                Ok(Some(Contact {
                    email: answer.email,
                    locale: language(&answer.locale),
                }))
            }
            Err(status) if status.code() == Code::NotFound => Ok(None),
            Err(status) => Err(Error::peer("membership", &status)),
        }
    }
}

/// A language that we do not write yet is answered in Arabic, the first official language.
fn language(word: &str) -> Locale {
    Locale::parse(word).unwrap_or(Locale::Ar)
}
