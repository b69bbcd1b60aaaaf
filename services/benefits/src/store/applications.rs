//! `applications`: rows in and out, answers sealed with the member's key. Which change is allowed is the domain's.

use chrono::{DateTime, Utc};
use kernel::{ApplicationId, MemberId, RequestNumber};
use platform::crypto::{PersonKey, Place};
use sqlx::PgConnection;
use uuid::Uuid;

use super::StoreError;
use crate::domain::answers::Answers;
use crate::domain::application::{Application, Sent, Step, StoredApplication, StoredStage};

const TABLE: &str = "applications";
/// The index that holds one open request per person concerned and reason.
pub(crate) const ONE_OPEN_REQUEST: &str = "applications_one_open_request";
/// The index that lets nothing be granted twice that is granted once.
pub(crate) const GRANTED_ONCE: &str = "applications_granted_once";

struct Row {
    application_id: Uuid,
    member_id: Uuid,
    benefit_code: String,
    state: String,
    version: i64,
    answers: Vec<u8>,
    request_code: Option<String>,
    request_year: Option<i32>,
    request_sequence: Option<i64>,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
    submitted_at: Option<DateTime<Utc>>,
    withdrawn_at: Option<DateTime<Utc>>,
    review_step: Option<String>,
    decided_at: Option<DateTime<Utc>>,
    correction: Option<Vec<u8>>,
}

fn place(column: &'static str, row: Uuid) -> Place {
    Place {
        table: TABLE,
        column,
        row,
    }
}

impl Row {
    fn open(self, key: &PersonKey) -> Result<Application, StoreError> {
        let opened = |column, sealed: &[u8]| {
            let plain = key
                .open(place(column, self.application_id), sealed)
                .map_err(|source| StoreError::Sealed { table: TABLE, source })?;
            serde_json::from_slice::<Answers>(&plain)
                .map_err(|source| StoreError::Text { table: TABLE, source })
        };
        let answers = opened("answers", &self.answers)?;
        let correction = self
            .correction
            .as_deref()
            .map(|sealed| opened("correction", sealed))
            .transpose()?;
        let corrupt = || StoreError::Corrupt { table: TABLE };
        let sent = match (
            self.request_code,
            self.request_year,
            self.request_sequence,
            self.submitted_at,
        ) {
            (Some(code), Some(year), Some(sequence), Some(at)) => {
                let sequence = u32::try_from(sequence).map_err(|_| corrupt())?;
                let year = u16::try_from(year).map_err(|_| corrupt())?;
                Some(Sent {
                    number: RequestNumber::new(sequence, &code, year).map_err(|_| corrupt())?,
                    at,
                })
            }
            (None, None, None, None) => None,
            _ => return Err(corrupt()),
        };
        StoredApplication {
            id: ApplicationId::from_uuid(self.application_id),
            member: MemberId::from_uuid(self.member_id),
            benefit: self.benefit_code,
            version: self.version,
            created_at: self.created_at,
            updated_at: self.updated_at,
            answers,
            stage: StoredStage {
                state: self.state,
                step: self.review_step,
                correction,
                sent,
                decided_at: self.decided_at,
                withdrawn_at: self.withdrawn_at,
            },
        }
        .read()
        .ok_or_else(corrupt)
    }
}

pub(super) fn sealed_answers(application: &Application, key: &PersonKey) -> Result<Vec<u8>, StoreError> {
    sealed("answers", application, &application.answers, key)
}

/// What the member answered anew and has not sent.
pub(super) fn sealed_correction(
    application: &Application,
    key: &PersonKey,
) -> Result<Option<Vec<u8>>, StoreError> {
    let correction = application.stage().correction();
    correction
        .map(|answers| sealed("correction", application, answers, key))
        .transpose()
}

fn sealed(
    column: &'static str,
    application: &Application,
    answers: &Answers,
    key: &PersonKey,
) -> Result<Vec<u8>, StoreError> {
    let plain = serde_json::to_vec(answers).map_err(|source| StoreError::Text { table: TABLE, source })?;
    Ok(key.seal(place(column, application.id.as_uuid()), &plain))
}

/// Adds a draft unless the member has one of that benefit open; says whether it was added.
pub(crate) async fn insert_draft(
    conn: &mut PgConnection,
    key: &PersonKey,
    draft: &Application,
) -> Result<bool, StoreError> {
    let added = sqlx::query!(
        "INSERT INTO applications (application_id, member_id, benefit_code, state, version, answers, created_at, updated_at)
         VALUES ($1, $2, $3, 'draft', $4, $5, $6, $7)
         ON CONFLICT (member_id, benefit_code) WHERE state = 'draft' DO NOTHING",
        draft.id.as_uuid(),
        draft.member.as_uuid(),
        draft.benefit,
        draft.version,
        sealed_answers(draft, key)?,
        draft.created_at,
        draft.updated_at
    )
    .execute(conn)
    .await?;
    Ok(added.rows_affected() == 1)
}

/// The member's open draft of that benefit.
pub(crate) async fn open_draft(
    conn: &mut PgConnection,
    key: &PersonKey,
    member: MemberId,
    benefit: &str,
) -> Result<Option<Application>, StoreError> {
    sqlx::query_as!(
        Row,
        "SELECT application_id, member_id, benefit_code, state, version, answers, request_code, request_year, request_sequence,
                created_at, updated_at, submitted_at, withdrawn_at, review_step, decided_at, correction
         FROM applications WHERE member_id = $1 AND benefit_code = $2 AND state = 'draft'",
        member.as_uuid(),
        benefit
    )
    .fetch_optional(conn)
    .await?
    .map(|row| row.open(key))
    .transpose()
}

/// The member's own application.
pub(crate) async fn own(
    conn: &mut PgConnection,
    key: &PersonKey,
    member: MemberId,
    id: ApplicationId,
) -> Result<Option<Application>, StoreError> {
    sqlx::query_as!(
        Row,
        "SELECT application_id, member_id, benefit_code, state, version, answers, request_code, request_year, request_sequence,
                created_at, updated_at, submitted_at, withdrawn_at, review_step, decided_at, correction
         FROM applications WHERE application_id = $1 AND member_id = $2",
        id.as_uuid(),
        member.as_uuid()
    )
    .fetch_optional(conn)
    .await?
    .map(|row| row.open(key))
    .transpose()
}

/// The member's own application, locked until the transaction ends.
pub(crate) async fn own_locked(
    conn: &mut PgConnection,
    key: &PersonKey,
    member: MemberId,
    id: ApplicationId,
) -> Result<Option<Application>, StoreError> {
    sqlx::query_as!(
        Row,
        "SELECT application_id, member_id, benefit_code, state, version, answers, request_code, request_year, request_sequence,
                created_at, updated_at, submitted_at, withdrawn_at, review_step, decided_at, correction
         FROM applications WHERE application_id = $1 AND member_id = $2 FOR UPDATE",
        id.as_uuid(),
        member.as_uuid()
    )
    .fetch_optional(conn)
    .await?
    .map(|row| row.open(key))
    .transpose()
}

/// Whether anybody has it: tells a stranger's application from one that never was, for the audit trail only.
pub(crate) async fn exists(conn: &mut PgConnection, id: ApplicationId) -> Result<bool, StoreError> {
    let found = sqlx::query_scalar!(
        "SELECT 1 FROM applications WHERE application_id = $1",
        id.as_uuid()
    )
    .fetch_optional(conn)
    .await?;
    Ok(found.is_some())
}

/// Where a page of a list begins: after this application.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct After {
    pub(crate) created_at: DateTime<Utc>,
    pub(crate) id: ApplicationId,
}

/// The member's applications, newest first, at most `limit`.
pub(crate) async fn page(
    conn: &mut PgConnection,
    key: &PersonKey,
    member: MemberId,
    benefit: Option<&str>,
    after: Option<After>,
    limit: i64,
) -> Result<Vec<Application>, StoreError> {
    let rows = sqlx::query_as!(
        Row,
        "SELECT application_id, member_id, benefit_code, state, version, answers, request_code, request_year, request_sequence,
                created_at, updated_at, submitted_at, withdrawn_at, review_step, decided_at, correction
         FROM applications
         WHERE member_id = $1 AND ($2::text IS NULL OR benefit_code = $2)
           AND ($3::timestamptz IS NULL OR (created_at, application_id) < ($3, $4))
         ORDER BY created_at DESC, application_id DESC LIMIT $5",
        member.as_uuid(),
        benefit,
        after.map(|after| after.created_at),
        after.map(|after| after.id.as_uuid()),
        limit
    )
    .fetch_all(conn)
    .await?;
    rows.into_iter().map(|row| row.open(key)).collect()
}

/// Everything of the member, locked until the transaction ends, always in the same order.
pub(crate) async fn of_member_locked(
    conn: &mut PgConnection,
    key: &PersonKey,
    member: MemberId,
) -> Result<Vec<Application>, StoreError> {
    let rows = sqlx::query_as!(
        Row,
        "SELECT application_id, member_id, benefit_code, state, version, answers, request_code, request_year, request_sequence,
                created_at, updated_at, submitted_at, withdrawn_at, review_step, decided_at, correction
         FROM applications WHERE member_id = $1 ORDER BY application_id FOR UPDATE",
        member.as_uuid()
    )
    .fetch_all(conn)
    .await?;
    rows.into_iter().map(|row| row.open(key)).collect()
}

/// Writes answers of which a paper was marked, wherever the application stands.
pub(crate) async fn save_marked(
    conn: &mut PgConnection,
    key: &PersonKey,
    marked: &Application,
) -> Result<(), StoreError> {
    let saved = sqlx::query!(
        "UPDATE applications SET version = $2, answers = $3, correction = $4, updated_at = $5
         WHERE application_id = $1 AND version + 1 = $2",
        marked.id.as_uuid(),
        marked.version,
        sealed_answers(marked, key)?,
        sealed_correction(marked, key)?,
        marked.updated_at
    )
    .execute(conn)
    .await?;
    exactly_one(saved.rows_affected())
}

/// Writes a changed draft.
pub(crate) async fn save_draft(
    conn: &mut PgConnection,
    key: &PersonKey,
    draft: &Application,
) -> Result<(), StoreError> {
    let saved = sqlx::query!(
        "UPDATE applications SET version = $2, answers = $3, updated_at = $4
         WHERE application_id = $1 AND state = 'draft' AND version + 1 = $2",
        draft.id.as_uuid(),
        draft.version,
        sealed_answers(draft, key)?,
        draft.updated_at
    )
    .execute(conn)
    .await?;
    exactly_one(saved.rows_affected())
}

/// Writes what became of a draft; `open_request_key` is the blind index of what may be open, or granted, once only.
pub(crate) async fn save_submitted(
    conn: &mut PgConnection,
    application: &Application,
    open_request_key: &[u8],
    granted_once: bool,
) -> Result<(), StoreError> {
    let sent = application
        .stage()
        .sent()
        .ok_or(StoreError::Corrupt { table: TABLE })?;
    let saved = sqlx::query!(
        "UPDATE applications SET state = $2, version = $3, updated_at = $4, submitted_at = $5, request_code = $6, request_year = $7,
                request_sequence = $8, open_request_key = $9, review_step = $10, granted_once = $11
         WHERE application_id = $1 AND state = 'draft' AND version + 1 = $3",
        application.id.as_uuid(),
        application.stage().as_str(),
        application.version,
        application.updated_at,
        sent.at,
        sent.number.code(),
        i32::from(sent.number.year()),
        i64::from(sent.number.sequence()),
        open_request_key,
        application.stage().step().map(Step::as_str),
        granted_once
    )
    .execute(conn)
    .await?;
    exactly_one(saved.rows_affected())
}

/// Writes a withdrawal.
pub(crate) async fn save_withdrawn(
    conn: &mut PgConnection,
    application: &Application,
) -> Result<(), StoreError> {
    let saved = sqlx::query!(
        "UPDATE applications SET state = $2, version = $3, updated_at = $4, withdrawn_at = $5, review_step = NULL, assigned_to = NULL,
                assigned_at = NULL, correction = NULL
         WHERE application_id = $1 AND version + 1 = $3",
        application.id.as_uuid(),
        application.stage().as_str(),
        application.version,
        application.updated_at,
        application.stage().withdrawn_at()
    )
    .execute(conn)
    .await?;
    exactly_one(saved.rows_affected())
}

/// The rows were locked when they were read: another count means that the lock was forgotten.
pub(super) fn exactly_one(rows: u64) -> Result<(), StoreError> {
    if rows == 1 {
        Ok(())
    } else {
        Err(StoreError::Corrupt { table: TABLE })
    }
}

/// Whether such a request was granted, of those that are granted once.
pub(crate) async fn is_granted(conn: &mut PgConnection, open_request_key: &[u8]) -> Result<bool, StoreError> {
    let found = sqlx::query_scalar!(
        "SELECT 1 FROM applications WHERE open_request_key = $1 AND granted_once AND state = 'approved'",
        open_request_key
    )
    .fetch_optional(conn)
    .await?;
    Ok(found.is_some())
}

/// Takes a draft away, answers and all.
pub(crate) async fn delete_draft(conn: &mut PgConnection, draft: &Application) -> Result<(), StoreError> {
    let deleted = sqlx::query!(
        "DELETE FROM applications WHERE application_id = $1 AND state = 'draft'",
        draft.id.as_uuid()
    )
    .execute(conn)
    .await?;
    exactly_one(deleted.rows_affected())
}

/// Takes away drafts that nobody touched since `before`, at most `limit`; drafts that somebody is writing to are left for the next run.
pub(crate) async fn delete_idle_drafts(
    conn: &mut PgConnection,
    before: DateTime<Utc>,
    limit: i64,
) -> Result<Vec<ApplicationId>, StoreError> {
    let ids = sqlx::query_scalar!(
        "DELETE FROM applications WHERE application_id IN (
            SELECT application_id FROM applications WHERE state = 'draft' AND updated_at < $1
            ORDER BY updated_at LIMIT $2 FOR UPDATE SKIP LOCKED)
         RETURNING application_id",
        before,
        limit
    )
    .fetch_all(conn)
    .await?;
    Ok(ids.into_iter().map(ApplicationId::from_uuid).collect())
}
