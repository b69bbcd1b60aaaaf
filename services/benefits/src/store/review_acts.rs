//! `review_acts`: what was done with files, sealed with the member's key. Rows are added and never changed.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use kernel::{AccountId, ApplicationId, MemberId};
use platform::crypto::{PersonKey, Place};
use sqlx::PgConnection;
use uuid::Uuid;

use super::StoreError;
use crate::domain::review::acts::{Act, Dossier};

const TABLE: &str = "review_acts";

struct Row {
    act_id: Uuid,
    application_id: Uuid,
    agent_id: Option<Uuid>,
    agent_member: Option<Uuid>,
    at: DateTime<Utc>,
    content: Vec<u8>,
}

fn place(id: Uuid) -> Place {
    Place {
        table: TABLE,
        column: "content",
        row: id,
    }
}

/// Adds an act; `version` is the file's after it.
pub(crate) async fn append(
    conn: &mut PgConnection,
    key: &PersonKey,
    application: ApplicationId,
    version: i64,
    id: Uuid,
    act: &Act,
) -> Result<(), StoreError> {
    let plain =
        serde_json::to_vec(&act.content).map_err(|source| StoreError::Text { table: TABLE, source })?;
    sqlx::query!(
        "INSERT INTO review_acts (act_id, application_id, version, agent_id, agent_member, at, content)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        id,
        application.as_uuid(),
        version,
        act.agent.map(AccountId::as_uuid),
        act.agent_member.map(MemberId::as_uuid),
        act.at,
        key.seal(place(id), &plain)
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// The acts of these files, all of one member; a file without any has an empty one.
pub(crate) async fn of_applications(
    conn: &mut PgConnection,
    key: &PersonKey,
    applications: &[ApplicationId],
) -> Result<HashMap<ApplicationId, Dossier>, StoreError> {
    let ids: Vec<Uuid> = applications.iter().map(|id| id.as_uuid()).collect();
    let rows = sqlx::query_as!(
        Row,
        "SELECT act_id, application_id, agent_id, agent_member, at, content FROM review_acts WHERE application_id = ANY($1)
         ORDER BY application_id, number",
        &ids
    )
    .fetch_all(conn)
    .await?;
    let mut dossiers: HashMap<ApplicationId, Dossier> =
        applications.iter().map(|id| (*id, Dossier::default())).collect();
    for row in rows {
        let plain = key
            .open(place(row.act_id), &row.content)
            .map_err(|source| StoreError::Sealed { table: TABLE, source })?;
        let act = Act {
            agent: row.agent_id.map(AccountId::from_uuid),
            agent_member: row.agent_member.map(MemberId::from_uuid),
            at: row.at,
            content: serde_json::from_slice(&plain)
                .map_err(|source| StoreError::Text { table: TABLE, source })?,
        };
        let id = ApplicationId::from_uuid(row.application_id);
        dossiers.entry(id).or_default().0.push(act);
    }
    Ok(dossiers)
}

/// The acts of one file.
pub(crate) async fn of_application(
    conn: &mut PgConnection,
    key: &PersonKey,
    application: ApplicationId,
) -> Result<Dossier, StoreError> {
    let mut dossiers = of_applications(conn, key, &[application]).await?;
    Ok(dossiers.remove(&application).unwrap_or_default())
}
