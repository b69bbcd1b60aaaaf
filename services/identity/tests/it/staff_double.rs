//! Membership's `StaffRecordService` as identity sees it: a list of people, equality of what was typed. The real one is exercised where all
//! services run together.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use kernel::MemberId;
use membership_proto::v1::staff_record_service_server::{StaffRecordService, StaffRecordServiceServer};
use membership_proto::v1::{
    FindMemberRequest, FindMemberResponse, MatchStaffRecordRequest, MatchStaffRecordResponse,
};
use tonic::{Request, Response, Status};

/// A synthetic person on the staff file.
#[derive(Debug, Clone)]
pub(crate) struct Person {
    pub(crate) member_id: MemberId,
    pub(crate) matricule: String,
    pub(crate) cin: String,
    pub(crate) position: &'static str,
    pub(crate) pension_number: &'static str,
    pub(crate) email: String,
}

#[derive(Debug, Default)]
struct State {
    people: Mutex<Vec<Person>>,
    families: Mutex<Vec<(MemberId, MemberId)>>,
    away: AtomicBool,
    asked: AtomicUsize,
}

/// The double, running.
#[derive(Debug, Clone)]
pub(crate) struct StaffDouble {
    pub(crate) address: SocketAddr,
    state: Arc<State>,
}

struct Service(Arc<State>);

impl StaffDouble {
    pub(crate) async fn start() -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let state = Arc::<State>::default();
        let service = StaffRecordServiceServer::new(Service(Arc::clone(&state)));
        let incoming = tokio_stream::wrappers::TcpListenerStream::new(listener);
        tokio::spawn(
            tonic::transport::Server::builder()
                .add_service(service)
                .serve_with_incoming(incoming),
        );
        Self { address, state }
    }

    pub(crate) fn add(&self, person: &Person) {
        self.state.people.lock().unwrap().push(person.clone());
    }

    pub(crate) fn marry(&self, one: &Person, other: &Person) {
        let couple = (one.member_id, other.member_id);
        self.state.families.lock().unwrap().push(couple);
    }

    pub(crate) fn set_away(&self, away: bool) {
        self.state.away.store(away, Ordering::SeqCst);
    }

    pub(crate) fn asked(&self) -> usize {
        self.state.asked.load(Ordering::SeqCst)
    }
}

#[tonic::async_trait]
impl StaffRecordService for Service {
    async fn match_staff_record(
        &self,
        request: Request<MatchStaffRecordRequest>,
    ) -> Result<Response<MatchStaffRecordResponse>, Status> {
        self.0.asked.fetch_add(1, Ordering::SeqCst);
        if self.0.away.load(Ordering::SeqCst) {
            return Err(Status::unavailable("away"));
        }
        if !request.metadata().contains_key("authorization") {
            return Err(Status::unauthenticated("no token"));
        }
        let typed = request.into_inner();
        let people = self.0.people.lock().unwrap();
        let found = people.iter().find(|person| {
            person.matricule == typed.matricule
                && person.cin == typed.cin
                && person.position == typed.position
                && person.pension_number == typed.pension_number
                && person.email == typed.email
        });
        Ok(Response::new(found.map_or_else(
            MatchStaffRecordResponse::default,
            |person| MatchStaffRecordResponse {
                matched: true,
                member_id: person.member_id.to_string(),
                email: person.email.clone(),
                locale: "ar".to_owned(),
            },
        )))
    }

    async fn find_member(
        &self,
        request: Request<FindMemberRequest>,
    ) -> Result<Response<FindMemberResponse>, Status> {
        if self.0.away.load(Ordering::SeqCst) {
            return Err(Status::unavailable("away"));
        }
        let FindMemberRequest {
            matricule,
            relative_of,
        } = request.into_inner();
        let people = self.0.people.lock().unwrap();
        let found = people.iter().find(|person| person.matricule == matricule);
        let found = found.ok_or_else(|| Status::not_found("nobody"))?;
        let families = self.0.families.lock().unwrap();
        let is_relative = families.iter().any(|(one, other)| {
            let pair = [one.to_string(), other.to_string()];
            pair.contains(&relative_of) && pair.contains(&found.member_id.to_string())
        });
        Ok(Response::new(FindMemberResponse {
            is_relative,
            member_id: found.member_id.to_string(),
            position: found.position.to_owned(),
            has_address: !found.email.is_empty(),
            locale: "ar".to_owned(),
        }))
    }
}
