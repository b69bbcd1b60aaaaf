//! OperationsService over the tables of bus, work queue and audit trail.

use auth::caller;
use bus::ReplayRequest;
use kernel::JobId;
use operations_proto::v1::operations_service_server::OperationsService;
use operations_proto::v1::{
    DeadLetter, GetDeadLetterRequest, GetDeadLetterResponse, ListAuditRootsRequest, ListAuditRootsResponse,
    ListDeadLettersRequest, ListDeadLettersResponse, ReplayDeadLetterRequest, ReplayDeadLetterResponse,
    ReplayOutcome, VerifyAuditChainsRequest, VerifyAuditChainsResponse, VerifyAuditRootRequest,
    VerifyAuditRootResponse,
};
use platform::audit::{Actor, AuditEntry, record};
use platform::clock::Clock;
use sqlx::{PgConnection, PgPool};
use tonic::{Request, Response, Status};
use uuid::Uuid;
use work_queue::operate::{self, State};

use crate::Kept;
use crate::error::Error;
use crate::letter::{Id, of_event, of_job};
use crate::trail;

const PAGE: i64 = 50;
const LARGEST_PAGE: i64 = 200;

/// The service of one process.
#[derive(Clone, Debug)]
pub struct Operations {
    pub(crate) pool: PgPool,
    pub(crate) clock: Clock,
    pub(crate) kept: Kept,
}

impl Operations {
    fn has_jobs(&self) -> bool {
        self.kept == Kept::EventsAndJobs
    }

    async fn list(&self, page: i64) -> Result<(Vec<DeadLetter>, i64), Error> {
        let mut found: Vec<DeadLetter> = bus::list_dead_letters(&self.pool, page)
            .await?
            .into_iter()
            .map(of_event)
            .collect();
        let mut total = bus::count_dead_letters(&self.pool).await?;
        if self.has_jobs() {
            let mut conn = self.pool.acquire().await?;
            found.extend(operate::dead_jobs(&mut conn, page).await?.into_iter().map(of_job));
            total += operate::counts(&mut conn)
                .await?
                .iter()
                .map(|queue| queue.dead)
                .sum::<i64>();
        }
        found.sort_by_key(|letter| {
            let at = letter.parked_at.unwrap_or_default();
            std::cmp::Reverse((at.seconds, at.nanos))
        });
        found.truncate(usize::try_from(page).unwrap_or_default());
        Ok((found, total))
    }

    async fn find(&self, id: &Id) -> Result<DeadLetter, Error> {
        match id {
            Id::Event { subscriber, event } => {
                let letter = bus::find_dead_letter(&self.pool, subscriber, *event).await?;
                letter.map(of_event).ok_or(Error::Unknown)
            }
            Id::Job { queue, job } if self.has_jobs() => {
                let mut conn = self.pool.acquire().await?;
                let found = operate::find(&mut conn, *job).await?;
                found
                    .filter(|job| job.queue == *queue && job.state == State::Dead)
                    .map(of_job)
                    .ok_or(Error::Unknown)
            }
            Id::Job { .. } => Err(Error::Unknown),
        }
    }

    async fn replay(&self, id: &Id, actor: &Actor) -> Result<(ReplayOutcome, i64), Error> {
        let mut tx = self.pool.begin().await?;
        let (outcome, held, of) = match id {
            Id::Event { subscriber, event } => {
                let request = bus::request_replay(&mut tx, subscriber, *event, self.clock.now()).await?;
                let (outcome, held) = match request {
                    ReplayRequest::Requested { held_behind } => (ReplayOutcome::Requested, held_behind),
                    ReplayRequest::AlreadyRequested { held_behind } => {
                        (ReplayOutcome::AlreadyRequested, held_behind)
                    }
                    ReplayRequest::AlreadyDone => (ReplayOutcome::AlreadyDone, 0),
                    ReplayRequest::Held => return Err(Error::Held),
                    ReplayRequest::Unknown => return Err(Error::Unknown),
                };
                (outcome, held, *event)
            }
            Id::Job { queue, job } if self.has_jobs() => {
                let outcome = self.replay_job(&mut tx, queue, *job).await?;
                (outcome, 0, job.as_uuid())
            }
            Id::Job { .. } => return Err(Error::Unknown),
        };
        if outcome == ReplayOutcome::Requested {
            self.note(&mut tx, of, actor).await?;
        }
        tx.commit().await?;
        Ok((outcome, held))
    }

    async fn replay_job(
        &self,
        conn: &mut PgConnection,
        queue: &str,
        id: JobId,
    ) -> Result<ReplayOutcome, Error> {
        let job = operate::find(conn, id).await?;
        let job = job.filter(|job| job.queue == queue).ok_or(Error::Unknown)?;
        Ok(match job.state {
            State::Dead if operate::replay(conn, id, self.clock.now()).await? => ReplayOutcome::Requested,
            // Somebody else was first.
            State::Dead | State::Queued | State::Running => ReplayOutcome::AlreadyRequested,
            State::Done => ReplayOutcome::AlreadyDone,
        })
    }

    async fn note(&self, conn: &mut PgConnection, id: Uuid, actor: &Actor) -> Result<(), sqlx::Error> {
        let entry = AuditEntry {
            record_kind: "dead_letter",
            record_id: id,
            actor,
            action: "replayed",
            fields: &[],
            reason: None,
            at: self.clock.now(),
        };
        record(conn, entry).await
    }
}

#[tonic::async_trait]
impl OperationsService for Operations {
    async fn list_dead_letters(
        &self,
        request: Request<ListDeadLettersRequest>,
    ) -> Result<Response<ListDeadLettersResponse>, Status> {
        let page = match i64::from(request.get_ref().page_size) {
            0 => PAGE,
            page @ 1..=LARGEST_PAGE => page,
            _ => return Err(Error::PageSize(LARGEST_PAGE).into()),
        };
        let (dead_letters, total) = self.list(page).await?;
        Ok(Response::new(ListDeadLettersResponse { dead_letters, total }))
    }

    async fn get_dead_letter(
        &self,
        request: Request<GetDeadLetterRequest>,
    ) -> Result<Response<GetDeadLetterResponse>, Status> {
        let letter = self.find(&request.get_ref().dead_letter_id.parse()?).await?;
        Ok(Response::new(GetDeadLetterResponse {
            dead_letter: Some(letter),
        }))
    }

    async fn replay_dead_letter(
        &self,
        request: Request<ReplayDeadLetterRequest>,
    ) -> Result<Response<ReplayDeadLetterResponse>, Status> {
        let actor = caller(&request)?.actor();
        let id = request.get_ref().dead_letter_id.parse()?;
        let (outcome, held_behind) = self.replay(&id, &actor).await?;
        Ok(Response::new(ReplayDeadLetterResponse {
            outcome: outcome.into(),
            held_behind,
        }))
    }

    async fn list_audit_roots(
        &self,
        request: Request<ListAuditRootsRequest>,
    ) -> Result<Response<ListAuditRootsResponse>, Status> {
        Ok(Response::new(
            trail::list_roots(&self.pool, request.get_ref()).await?,
        ))
    }

    async fn verify_audit_root(
        &self,
        request: Request<VerifyAuditRootRequest>,
    ) -> Result<Response<VerifyAuditRootResponse>, Status> {
        let number = request.get_ref().number;
        Ok(Response::new(trail::verify_root(&self.pool, number).await?))
    }

    async fn verify_audit_chains(
        &self,
        request: Request<VerifyAuditChainsRequest>,
    ) -> Result<Response<VerifyAuditChainsResponse>, Status> {
        Ok(Response::new(
            trail::verify_chains(&self.pool, request.get_ref()).await?,
        ))
    }
}
