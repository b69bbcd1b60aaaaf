//! `assessments`: how a file was judged, with the facts used. They are personal and show a health reason: sealed with the member's key.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use kernel::ApplicationId;
use platform::crypto::{PersonKey, Place};
use rules::Decision;
use sqlx::PgConnection;
use uuid::Uuid;

use super::StoreError;

const TABLE: &str = "assessments";

/// What a file was judged for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Occasion {
    Submission,
    /// The member sent it again.
    Resending,
    /// An agent proposes. The member is shown nothing of it.
    Proposal,
    Decision,
}

impl Occasion {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Submission => "submission",
            Self::Resending => "resending",
            Self::Proposal => "proposal",
            Self::Decision => "decision",
        }
    }
}

/// A judgement to keep: both instants, the version of the facts, and the rules' whole answer.
#[derive(Debug)]
pub(crate) struct Assessment<'a> {
    pub(crate) id: Uuid,
    pub(crate) occasion: Occasion,
    pub(crate) application: ApplicationId,
    pub(crate) judged_at: DateTime<Utc>,
    pub(crate) facts_version: i64,
    pub(crate) facts_recorded_at: DateTime<Utc>,
    pub(crate) decision: &'a Decision,
}

fn place(id: Uuid) -> Place {
    Place {
        table: TABLE,
        column: "explanation",
        row: id,
    }
}

/// Keeps a judgement.
pub(crate) async fn insert(
    conn: &mut PgConnection,
    key: &PersonKey,
    assessment: &Assessment<'_>,
) -> Result<(), StoreError> {
    let plain = serde_json::to_vec(assessment.decision)
        .map_err(|source| StoreError::Text { table: TABLE, source })?;
    sqlx::query!(
        "INSERT INTO assessments
            (assessment_id, application_id, kind, rule_version, judged_at, facts_version, facts_recorded_at, explanation)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        assessment.id,
        assessment.application.as_uuid(),
        assessment.occasion.as_str(),
        i64::from(assessment.decision.version),
        assessment.judged_at,
        assessment.facts_version,
        assessment.facts_recorded_at,
        key.seal(place(assessment.id), &plain)
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// The last judgement of each of these applications, all of one member; of a proposal only where `proposals` are to be seen.
pub(crate) async fn of_applications(
    conn: &mut PgConnection,
    key: &PersonKey,
    applications: &[ApplicationId],
    proposals: bool,
) -> Result<HashMap<ApplicationId, Decision>, StoreError> {
    let ids: Vec<Uuid> = applications.iter().map(|id| id.as_uuid()).collect();
    let rows = sqlx::query!(
        "SELECT DISTINCT ON (application_id) assessment_id, application_id, explanation FROM assessments
         WHERE application_id = ANY($1) AND ($2 OR kind <> 'proposal')
         ORDER BY application_id, judged_at DESC, assessment_id DESC",
        &ids,
        proposals
    )
    .fetch_all(conn)
    .await?;
    rows.into_iter()
        .map(|row| {
            let plain = key
                .open(place(row.assessment_id), &row.explanation)
                .map_err(|source| StoreError::Sealed { table: TABLE, source })?;
            let decision =
                serde_json::from_slice(&plain).map_err(|source| StoreError::Text { table: TABLE, source })?;
            Ok((ApplicationId::from_uuid(row.application_id), decision))
        })
        .collect()
}
