//! Stand-ins for the five services, for the portal's own tests only: they implement the generated traits, keep everything in memory, and can be
//! told to be away or to refuse. They decide nothing that the real services decide.

pub(crate) mod agents;
pub(crate) mod air_transport;
pub(crate) mod benefits;
mod cards;
mod catalogue;
pub(crate) mod documents;
mod identity;
mod lookup;
pub(crate) mod office;
mod office_facts;
mod people;

use std::collections::{BTreeMap, HashMap, HashSet};
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard};

use benefits_proto::v1::Application;
use benefits_proto::v1::application_service_server::ApplicationServiceServer;
use benefits_proto::v1::catalogue_service_server::CatalogueServiceServer;
use benefits_proto::v1::review_service_server::ReviewServiceServer;
use chrono::{DateTime, Utc};
use documents_proto::v1::document_service_server::DocumentServiceServer;
use identity_proto::v1::account_service_server::AccountServiceServer;
use identity_proto::v1::agent_service_server::AgentServiceServer;
use identity_proto::v1::desk_service_server::DeskServiceServer;
use identity_proto::v1::second_factor_service_server::SecondFactorServiceServer;
use identity_proto::v1::session_service_server::SessionServiceServer;
use identity_proto::v1::terms_service_server::TermsServiceServer;
use membership_proto::v1::member_lookup_service_server::MemberLookupServiceServer;
use membership_proto::v1::member_service_server::MemberServiceServer;
use notifications_proto::v1::InboxMessage;
use notifications_proto::v1::inbox_service_server::InboxServiceServer;
use partnerships_proto::v1::card_service_server::CardServiceServer;
use platform::status::Problem;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tonic::service::Routes;
use tonic::{Code, Request, Status};

pub(crate) const PASSWORD: &str = "une phrase assez longue";
/// Active, married, two children, an account on file; a draft and two files.
pub(crate) const KHADIJA: &str = "90012345";
/// Retired, no family, no account on file, no files.
pub(crate) const BRAHIM: &str = "90054321";
/// A member whose death is recorded.
pub(crate) const DECEASED: &str = "90077777";
/// Agents of the foundation, who are no members: one who examines, serves the desk and administers, one who reads medical papers, one who
/// validates, one who audits, and one who has no second factor yet.
pub(crate) const AGENT: &str = "99000001";
pub(crate) const REVIEWER: &str = "99000002";
pub(crate) const VALIDATOR: &str = "99000003";
pub(crate) const AUDITOR: &str = "99000004";
pub(crate) const FRESH_AGENT: &str = "99000005";
/// Has not accepted the terms.
pub(crate) const NEWCOMER: &str = "90000001";
pub(crate) const LINK: &str = "usable-link-token";
pub(crate) const BENEFIT: &str = "exceptional_health_aid";
/// Asks typed questions and two papers, and no reason.
pub(crate) const AIR: &str = "air_transport_support";

/// The present of the doubles and of the portal under test.
pub(crate) fn now() -> DateTime<Utc> {
    "2026-11-22T13:02:00Z".parse().expect("a fixed instant")
}

#[derive(Default)]
pub(crate) struct State {
    /// Session token -> matricule.
    pub(crate) sessions: BTreeMap<String, String>,
    pub(crate) accepted: HashSet<String>,
    /// Owner and file, in the order made.
    pub(crate) files: Vec<(String, Application)>,
    pub(crate) messages: Vec<InboxMessage>,
    /// Members whose own facts break a condition of the open service.
    pub(crate) survivors: HashSet<String>,
    /// What is used up of a ceiling, as the open service says it to everybody.
    pub(crate) used_up: Vec<benefits_proto::v1::UsedUpCeiling>,
    /// Services that do not answer.
    pub(crate) away: HashSet<&'static str>,
    /// The next call of this method is refused so.
    pub(crate) refusals: HashMap<&'static str, Status>,
    /// How often each method did its work.
    pub(crate) calls: HashMap<&'static str, usize>,
    /// Idempotency key -> id of the result.
    pub(crate) keys: HashMap<String, String>,
    /// Bytes that the last upload brought, and whether it came to its end.
    pub(crate) uploaded: (usize, bool),
    pub(crate) last_challenge: Option<identity_proto::v1::IssueChallengeRequest>,
    pub(crate) last_link_request: Option<identity_proto::v1::RequestLinkRequest>,
    /// Tokens of an earlier generation are too old. An upload may outlast its page's tokens.
    pub(crate) token_generation: u32,
    pub(crate) uploads_outlast_tokens: bool,
    pub(crate) link_used: bool,
    /// When the newest card codes end.
    pub(crate) codes_expire_at: Option<DateTime<Utc>>,
    pub(crate) sequence: u32,
    pub(crate) office: office::Office,
}

#[derive(Clone, Default)]
pub(crate) struct World(pub(crate) Arc<Mutex<State>>);

impl World {
    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().expect("no test panics while it holds the doubles")
    }

    /// Counts the call, unless the service is away or the call is to be refused.
    fn enter(&self, service: &'static str, method: &'static str) -> Result<(), Status> {
        let mut state = self.state();
        if state.away.contains(service) {
            return Err(Status::unavailable("away"));
        }
        if let Some(refusal) = state.refusals.remove(method) {
            return Err(refusal);
        }
        *state.calls.entry(method).or_default() += 1;
        Ok(())
    }

    pub(crate) fn refuse(&self, method: &'static str, code: Code, reason: &'static str) {
        self.state()
            .refusals
            .insert(method, Problem::new(code, reason).into_status());
    }

    pub(crate) fn calls(&self, method: &str) -> usize {
        self.state().calls.get(method).copied().unwrap_or_default()
    }

    /// The matricule inside the token that the double of identity gave.
    fn caller<T>(&self, request: &Request<T>) -> Result<String, Status> {
        let header = request
            .metadata()
            .get("authorization")
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default();
        let generation = self.state().token_generation.to_string();
        header
            .strip_prefix("Bearer member:")
            .and_then(|token| token.split_once(':'))
            .filter(|(_, made_in)| *made_in == generation)
            .map(|(matricule, _)| matricule.to_owned())
            .ok_or_else(|| Status::unauthenticated("no member token"))
    }

    /// With the cast and its files.
    pub(crate) fn populated() -> Self {
        let world = Self::default();
        {
            let mut state = world.state();
            state
                .accepted
                .extend([KHADIJA.to_owned(), BRAHIM.to_owned(), FRESH_AGENT.to_owned()]);
            for agent in [AGENT, REVIEWER, VALIDATOR, AUDITOR] {
                state.accepted.insert(agent.to_owned());
                state.office.enrolled.push(agent.to_owned());
            }
            state.messages = people::messages();
        }
        benefits::populate(&world);
        world
    }

    /// Serves all five on one port.
    pub(crate) async fn serve(&self) -> SocketAddr {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("a bound port");
        let routes = Routes::new(AccountServiceServer::new(self.clone()))
            .add_service(SessionServiceServer::new(self.clone()))
            .add_service(TermsServiceServer::new(self.clone()))
            .add_service(SecondFactorServiceServer::new(self.clone()))
            .add_service(AgentServiceServer::new(self.clone()))
            .add_service(DeskServiceServer::new(self.clone()))
            .add_service(MemberServiceServer::new(self.clone()))
            .add_service(MemberLookupServiceServer::new(self.clone()))
            .add_service(ReviewServiceServer::new(self.clone()))
            .add_service(CatalogueServiceServer::new(self.clone()))
            .add_service(ApplicationServiceServer::new(self.clone()))
            .add_service(DocumentServiceServer::new(self.clone()))
            .add_service(InboxServiceServer::new(self.clone()))
            .add_service(CardServiceServer::new(self.clone()));
        tokio::spawn(platform::grpc::serve(
            listener,
            platform::tls::Tls::off(),
            routes,
            CancellationToken::new(),
        ));
        address
    }
}

pub(crate) fn stamp(at: DateTime<Utc>) -> Option<pbjson_types::Timestamp> {
    Some(pbjson_types::Timestamp {
        seconds: at.timestamp(),
        nanos: 0,
    })
}

/// The portal's settings for these doubles.
pub(crate) fn settings(peers: SocketAddr, keys: &std::path::Path) -> portal::Settings {
    use platform::process::ServiceApp;
    let mut settings: portal::Settings =
        toml::from_str(portal::App::DEFAULTS).expect("the defaults are settings");
    settings.common.keys.directory = keys.to_owned();
    settings.common.admin.listen = "127.0.0.1:0".parse().expect("an address");
    settings.common.demonstration.enabled = true;
    settings.http.listen = "127.0.0.1:0".parse().expect("an address");
    settings.cookie.secure = false;
    let url = format!("http://{peers}");
    for peer in [
        &mut settings.peers.identity,
        &mut settings.peers.membership,
        &mut settings.peers.benefits,
        &mut settings.peers.documents,
        &mut settings.peers.notifications,
        &mut settings.peers.partnerships,
    ] {
        peer.url.clone_from(&url);
    }
    settings
}
