//! `applications` as agents work with them: whose turn, who has it, and the lists of queues. Lists open no answers. Every list takes the
//! members whose files the agent must not see.

use chrono::{DateTime, Utc};
use kernel::{AccountId, ApplicationId, MemberId, RequestNumber};
use platform::crypto::PersonKey;
use sqlx::PgConnection;
use uuid::Uuid;

use super::StoreError;
use super::applications::{exactly_one, sealed_answers, sealed_correction};
use crate::domain::application::{Application, Step};
use crate::domain::review::clock::Clock;

const TABLE: &str = "applications";

/// Who has a file, and since when.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Assignment {
    pub(crate) agent: AccountId,
    pub(crate) since: DateTime<Utc>,
}

/// Whose file it is, and who has it; nothing of a draft.
pub(crate) async fn owner(
    conn: &mut PgConnection,
    id: ApplicationId,
) -> Result<Option<MemberId>, StoreError> {
    let owner = sqlx::query_scalar!(
        "SELECT member_id FROM applications WHERE application_id = $1 AND submitted_at IS NOT NULL",
        id.as_uuid()
    )
    .fetch_optional(conn)
    .await?;
    Ok(owner.map(MemberId::from_uuid))
}

/// Who has it.
pub(crate) async fn assignment(
    conn: &mut PgConnection,
    id: ApplicationId,
) -> Result<Option<Assignment>, StoreError> {
    let row = sqlx::query!(
        "SELECT assigned_to, assigned_at FROM applications WHERE application_id = $1",
        id.as_uuid()
    )
    .fetch_optional(conn)
    .await?;
    Ok(row.and_then(|row| assigned(row.assigned_to, row.assigned_at)))
}

fn assigned(agent: Option<Uuid>, since: Option<DateTime<Utc>>) -> Option<Assignment> {
    Some(Assignment {
        agent: AccountId::from_uuid(agent?),
        since: since?,
    })
}

/// Writes where a file stands and who has it. What its member answered anew and did not send is gone once nobody waits for it.
pub(crate) async fn save(
    conn: &mut PgConnection,
    file: &Application,
    assignment: Option<Assignment>,
) -> Result<(), StoreError> {
    let assignment = assignment.filter(|_| file.stage().is_open());
    let saved = sqlx::query!(
        "UPDATE applications SET state = $2, version = $3, updated_at = $4, review_step = $5, decided_at = $6, assigned_to = $7, assigned_at = $8,
                correction = CASE WHEN $2 = 'information_requested' THEN correction END
         WHERE application_id = $1 AND version + 1 = $3",
        file.id.as_uuid(),
        file.stage().as_str(),
        file.version,
        file.updated_at,
        file.stage().step().map(Step::as_str),
        file.stage().decided_at(),
        assignment.map(|assignment| assignment.agent.as_uuid()),
        assignment.map(|assignment| assignment.since)
    )
    .execute(conn)
    .await?;
    exactly_one(saved.rows_affected())
}

/// Writes a corrected answer of a file that waits for its member, beside the answers that were sent.
pub(crate) async fn save_corrected(
    conn: &mut PgConnection,
    key: &PersonKey,
    file: &Application,
) -> Result<(), StoreError> {
    let saved = sqlx::query!(
        "UPDATE applications SET version = $2, correction = $3, updated_at = $4
         WHERE application_id = $1 AND state = 'information_requested' AND version + 1 = $2",
        file.id.as_uuid(),
        file.version,
        sealed_correction(file, key)?,
        file.updated_at
    )
    .execute(conn)
    .await?;
    exactly_one(saved.rows_affected())
}

/// Writes the answers of a file that was sent again.
pub(crate) async fn save_answers(
    conn: &mut PgConnection,
    key: &PersonKey,
    file: &Application,
) -> Result<(), StoreError> {
    let saved = sqlx::query!(
        "UPDATE applications SET answers = $3 WHERE application_id = $1 AND version = $2",
        file.id.as_uuid(),
        file.version,
        sealed_answers(file, key)?
    )
    .execute(conn)
    .await?;
    exactly_one(saved.rows_affected())
}

/// Another person concerned or reason makes it another request: what may be open once only is found by its new key.
pub(crate) async fn save_open_request_key(
    conn: &mut PgConnection,
    id: ApplicationId,
    open_request_key: &[u8],
) -> Result<(), StoreError> {
    let saved = sqlx::query!(
        "UPDATE applications SET open_request_key = $2 WHERE application_id = $1",
        id.as_uuid(),
        open_request_key
    )
    .execute(conn)
    .await?;
    exactly_one(saved.rows_affected())
}

/// Writes how the foundation's days are counted, for the lists.
pub(crate) async fn save_clock(
    conn: &mut PgConnection,
    id: ApplicationId,
    clock: Clock,
) -> Result<(), StoreError> {
    let stands_at = clock
        .stands_at
        .map(|days| i32::try_from(days).unwrap_or(i32::MAX));
    let saved = sqlx::query!(
        "UPDATE applications SET counted_from = $2, stands_at_days = $3 WHERE application_id = $1",
        id.as_uuid(),
        clock.counted_from,
        stands_at
    )
    .execute(conn)
    .await?;
    exactly_one(saved.rows_affected())
}

/// Open files of one turn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Count {
    pub(crate) step: Step,
    /// The member's turn first.
    pub(crate) waiting: bool,
    pub(crate) files: i64,
    pub(crate) unassigned: i64,
    pub(crate) mine: i64,
    /// Of those whose days are counted: since when, at the earliest.
    pub(crate) oldest: Option<DateTime<Utc>>,
    /// The most days at which the clock of one stands.
    pub(crate) stands_at: Option<i32>,
}

/// Every open file, counted by turn.
pub(crate) async fn counts(
    conn: &mut PgConnection,
    agent: AccountId,
    hidden: &[Uuid],
) -> Result<Vec<Count>, StoreError> {
    sqlx::query!(
        r#"SELECT coalesce(review_step, 'medical_opinion') AS "step!", state = 'information_requested' AS "waiting!", count(*) AS "files!",
                  count(*) FILTER (WHERE assigned_to IS NULL) AS "unassigned!", count(*) FILTER (WHERE assigned_to = $1) AS "mine!",
                  min(coalesce(counted_from, submitted_at)) FILTER (WHERE state <> 'information_requested' OR stands_at_days IS NULL) AS oldest,
                  max(stands_at_days) FILTER (WHERE state = 'information_requested') AS stands_at
           FROM applications
           WHERE state IN ('submitted', 'in_review', 'information_requested') AND NOT member_id = ANY($2)
           GROUP BY 1, 2"#,
        agent.as_uuid(),
        hidden
    )
    .fetch_all(conn)
    .await?
    .into_iter()
    .map(|row| {
        Ok(Count {
            step: Step::parse(&row.step).ok_or(StoreError::Corrupt { table: TABLE })?,
            waiting: row.waiting,
            files: row.files,
            unassigned: row.unassigned,
            mine: row.mine,
            oldest: row.oldest,
            stands_at: row.stands_at,
        })
    })
    .collect()
}

/// A line of a list.
#[derive(Debug, Clone)]
pub(crate) struct FileLine {
    pub(crate) id: ApplicationId,
    pub(crate) member: MemberId,
    pub(crate) benefit: String,
    pub(crate) state: String,
    pub(crate) step: Option<Step>,
    pub(crate) version: i64,
    pub(crate) number: RequestNumber,
    pub(crate) submitted_at: DateTime<Utc>,
    pub(crate) clock: Clock,
    /// Nobody answers what is asked of the member.
    pub(crate) member_died: bool,
    pub(crate) assignment: Option<Assignment>,
}

/// Who may have the files of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Holder {
    Anybody,
    Nobody,
    Agent(AccountId),
}

/// Which files a list has.
#[derive(Debug, Clone)]
pub(crate) struct Filter {
    /// Open files of these turns; absent: every file that was sent.
    pub(crate) steps: Option<Vec<Step>>,
    /// Those that wait for the member, or those that do not.
    pub(crate) waiting: bool,
    /// These benefits; absent: all.
    pub(crate) benefits: Option<Vec<String>>,
    pub(crate) holder: Holder,
    pub(crate) number: Option<RequestNumber>,
    /// These files alone; absent: no such bound.
    pub(crate) ids: Option<Vec<Uuid>>,
    /// So many days old, or older.
    pub(crate) minimum_age: Option<MinimumAge>,
    pub(crate) hidden: Vec<Uuid>,
}

/// An age in days, and before which instant counting began for a file of that age.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct MinimumAge {
    pub(crate) days: i32,
    pub(crate) before: DateTime<Utc>,
}

/// Where a page begins: after this file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct AfterFile {
    pub(crate) counted_from: DateTime<Utc>,
    pub(crate) id: ApplicationId,
}

/// The place of a file in every list; none of a draft, and of what must not be seen.
pub(crate) async fn place(
    conn: &mut PgConnection,
    id: ApplicationId,
    hidden: &[Uuid],
) -> Result<Option<AfterFile>, StoreError> {
    let counted_from = sqlx::query_scalar!(
        r#"SELECT coalesce(counted_from, submitted_at) AS "counted_from!" FROM applications
           WHERE application_id = $1 AND submitted_at IS NOT NULL AND NOT member_id = ANY($2)"#,
        id.as_uuid(),
        hidden
    )
    .fetch_optional(conn)
    .await?;
    Ok(counted_from.map(|counted_from| AfterFile { counted_from, id }))
}

/// The files of a list, those first that are oldest by the foundation's days, at most `limit`.
pub(crate) async fn page(
    conn: &mut PgConnection,
    filter: &Filter,
    after: Option<AfterFile>,
    limit: i64,
) -> Result<Vec<FileLine>, StoreError> {
    let steps: Option<Vec<String>> = filter
        .steps
        .as_ref()
        .map(|steps| steps.iter().map(|step| step.as_str().to_owned()).collect());
    let holder = match filter.holder {
        Holder::Agent(agent) => Some(agent.as_uuid()),
        Holder::Anybody | Holder::Nobody => None,
    };
    let rows = sqlx::query_file!(
        "src/store/review_files/page.sql",
        steps.as_deref(),
        filter.waiting,
        filter.benefits.as_deref(),
        filter.holder == Holder::Nobody,
        holder,
        filter.number.as_ref().map(RequestNumber::code),
        filter.number.as_ref().map(|number| i32::from(number.year())),
        filter.number.as_ref().map(|number| i64::from(number.sequence())),
        filter.minimum_age.map(|age| age.before),
        &filter.hidden,
        after.map(|after| after.counted_from),
        after.map(|after| after.id.as_uuid()),
        limit,
        filter.ids.as_deref(),
        filter.minimum_age.map(|age| age.days)
    )
    .fetch_all(conn)
    .await?;
    let corrupt = || StoreError::Corrupt { table: TABLE };
    rows.into_iter()
        .map(|row| {
            let sequence = u32::try_from(row.request_sequence).map_err(|_| corrupt())?;
            let year = u16::try_from(row.request_year).map_err(|_| corrupt())?;
            Ok(FileLine {
                id: ApplicationId::from_uuid(row.application_id),
                member: MemberId::from_uuid(row.member_id),
                benefit: row.benefit_code,
                state: row.state,
                step: match row.step.as_deref() {
                    None => None,
                    Some(word) => Some(Step::parse(word).ok_or_else(corrupt)?),
                },
                version: row.version,
                number: RequestNumber::new(sequence, &row.request_code, year).map_err(|_| corrupt())?,
                submitted_at: row.submitted_at,
                clock: Clock {
                    counted_from: row.counted_from,
                    stands_at: row.stands_at.map(i64::from),
                },
                member_died: row.member_died,
                assignment: assigned(row.assigned_to, row.assigned_at),
            })
        })
        .collect()
}
