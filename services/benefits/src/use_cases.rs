//! What members do with applications, and agents with files ([`review`]): a file per operation, each in the same five steps (claim the
//! idempotency key, load what the caller may see, decide, save with the events, commit). Who may call which RPC was settled before; whose
//! record it is, is settled here by query.

pub(crate) mod beforehand;
pub(crate) mod ceilings;
pub(crate) mod correct_answer;
pub(crate) mod discard_draft;
pub(crate) mod expire_drafts;
pub(crate) mod get_application;
pub(crate) mod list_applications;
pub(crate) mod mark_infected_paper;
mod page_token;
pub(crate) mod reconcile_ceilings;
pub(crate) mod resend_application;
pub(crate) mod review;
pub(crate) mod save_answer;
pub(crate) mod start_application;
pub(crate) mod submit_application;
pub(crate) mod view;
pub(crate) mod withdraw_application;

use std::sync::Arc;

use auth::token::SigningKey;
use chrono::{DateTime, Utc};
use kernel::{ApplicationId, MemberId};
use platform::audit::{self, Actor, AuditEntry};
use platform::clock::Clock;
use platform::crypto::{BlindIndex, FieldCipher, PersonKey};
use platform::idempotency::{self, Claim, IdempotencyKey};
use sqlx::{PgConnection, PgPool};

use crate::domain::application::Application;
use crate::domain::catalogue::Catalogue;
use crate::error::Error;
use crate::events::on_member_changed::Members;
use crate::store::applications;
use crate::store::request_numbers::RequestNumbers;
use review::ReviewTerms;
use view::View;

/// The audit trail's name for an application.
const RECORD: &str = "application";

/// What every use case works with.
#[derive(Clone, Debug)]
pub(crate) struct Office {
    pub(crate) pool: PgPool,
    /// The present, for idempotency keys and receipts; what is written takes [`Asker::now`].
    pub(crate) clock: Clock,
    pub(crate) catalogue: Arc<Catalogue>,
    pub(crate) cipher: FieldCipher,
    /// Finds equal open requests without storing a person and a reason.
    pub(crate) open_requests: BlindIndex,
    /// Authenticates page tokens.
    pub(crate) pages: BlindIndex,
    pub(crate) receipts: auth::receipt::Verifier,
    /// Signs what opens a paper to an agent.
    pub(crate) openings: SigningKey,
    /// Asked for facts when those at hand are too old to decide on money.
    pub(crate) members: Members,
    pub(crate) review: ReviewTerms,
    pub(crate) numbers: RequestNumbers,
    /// A hint to the relay after a commit.
    pub(crate) wake: bus::Wake,
}

/// The member who asks, and when.
#[derive(Clone, Debug)]
pub(crate) struct Asker {
    pub(crate) member: MemberId,
    pub(crate) actor: Actor,
    /// The instant that is written down: the present, or the demonstration's.
    pub(crate) now: DateTime<Utc>,
}

/// The idempotency key of a request with the hash of the request.
#[derive(Clone, Debug)]
pub(crate) struct RequestKey {
    pub(crate) method: &'static str,
    pub(crate) key: String,
    pub(crate) request_hash: [u8; 32],
}

impl RequestKey {
    fn named<'a>(&'a self, actor: &'a Actor) -> IdempotencyKey<'a> {
        IdempotencyKey {
            caller: &actor.id,
            method: self.method,
            key: &self.key,
        }
    }

    async fn claim_by(
        &self,
        office: &Office,
        conn: &mut PgConnection,
        actor: &Actor,
    ) -> Result<Option<ApplicationId>, Error> {
        match idempotency::claim(conn, self.named(actor), &self.request_hash, office.clock.now()).await? {
            Claim::Begin => Ok(None),
            Claim::Replay { result_id } => Ok(Some(ApplicationId::from_uuid(result_id))),
        }
    }

    async fn complete_by(
        &self,
        conn: &mut PgConnection,
        actor: &Actor,
        application: ApplicationId,
    ) -> Result<(), Error> {
        Ok(idempotency::complete(conn, self.named(actor), application.as_uuid()).await?)
    }

    /// `None` when the work is to be done; else the application that the same request led to before.
    async fn claim(
        &self,
        office: &Office,
        conn: &mut PgConnection,
        asker: &Asker,
    ) -> Result<Option<ApplicationId>, Error> {
        self.claim_by(office, conn, &asker.actor).await
    }

    /// The same for a request about an application that is there already: nothing is left to complete.
    async fn claim_for(
        &self,
        office: &Office,
        conn: &mut PgConnection,
        asker: &Asker,
        application: ApplicationId,
    ) -> Result<Option<ApplicationId>, Error> {
        let (named, now) = (self.named(&asker.actor), office.clock.now());
        match idempotency::claim_for(conn, named, &self.request_hash, now, application.as_uuid()).await? {
            Claim::Begin => Ok(None),
            Claim::Replay { result_id } => Ok(Some(ApplicationId::from_uuid(result_id))),
        }
    }

    async fn complete(
        &self,
        conn: &mut PgConnection,
        asker: &Asker,
        application: ApplicationId,
    ) -> Result<(), Error> {
        self.complete_by(conn, &asker.actor, application).await
    }
}

impl Office {
    async fn key_of(&self, conn: &mut PgConnection, asker: &Asker) -> Result<PersonKey, Error> {
        Ok(self
            .cipher
            .person_key(conn, asker.member.as_uuid(), asker.now)
            .await?)
    }

    /// The refusal for an application that is not the asker's. If it is somebody else's, the attempt is written down first, in a
    /// transaction of its own: the one that found nothing is rolled back.
    async fn not_yours(&self, asker: &Asker, id: ApplicationId) -> Error {
        match self.write_down_attempt(asker, id).await {
            Ok(()) => Error::NotFound,
            Err(error) => error,
        }
    }

    async fn write_down_attempt(&self, asker: &Asker, id: ApplicationId) -> Result<(), Error> {
        let mut tx = self.pool.begin().await?;
        if applications::exists(&mut tx, id).await? {
            audit_line(&mut tx, asker, id, "foreign_access_refused", &[]).await?;
            tracing::warn!(application.id = %id, "a member asked for another member's application");
        }
        Ok(tx.commit().await?)
    }

    /// What the asker sees of the application after the change, read in the same transaction.
    async fn view_of(
        &self,
        conn: &mut PgConnection,
        key: &PersonKey,
        asker: &Asker,
        application: Application,
    ) -> Result<View, Error> {
        let mut views = view::load(self, conn, key, asker, vec![application]).await?;
        views.pop().ok_or(Error::NotFound)
    }

    /// The answer to a request that was done before: the application as it is now.
    async fn replay(&self, conn: &mut PgConnection, asker: &Asker, id: ApplicationId) -> Result<View, Error> {
        let key = self.key_of(conn, asker).await?;
        let application = applications::own(conn, &key, asker.member, id)
            .await?
            .ok_or(Error::NotFound)?;
        self.view_of(conn, &key, asker, application).await
    }
}

async fn audit_line(
    conn: &mut PgConnection,
    asker: &Asker,
    application: ApplicationId,
    action: &'static str,
    fields: &[&'static str],
) -> Result<(), Error> {
    let entry = AuditEntry {
        record_kind: RECORD,
        record_id: application.as_uuid(),
        actor: &asker.actor,
        action,
        fields,
        reason: None,
        at: asker.now,
    };
    Ok(audit::record(conn, entry).await?)
}
