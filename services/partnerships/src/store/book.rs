//! `book`, `partners`, `agreements`, `agreement_versions`, `partner_clients`, `client_states`: few rows, read together. Whoever changes one of them
//! turns the page first: writers follow one another, and every process sees the new revision with its next check.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, NaiveDate, Utc};
use kernel::{AgreementId, PartnerId};
use sqlx::PgConnection;
use sqlx::types::Json;

use super::StoreError;
use crate::domain::agreement::{Agreement, Terms, Version};
use crate::domain::book::{Book, Partner};

/// The revision of what is committed.
pub(crate) async fn revision(conn: &mut PgConnection) -> Result<i64, StoreError> {
    Ok(sqlx::query_scalar!("SELECT revision FROM book")
        .fetch_one(conn)
        .await?)
}

/// Begins a change: nobody else changes the book until this transaction ends.
pub(crate) async fn turn_page(conn: &mut PgConnection) -> Result<(), StoreError> {
    sqlx::query!("UPDATE book SET revision = revision + 1")
        .execute(conn)
        .await?;
    Ok(())
}

/// The whole book. A change that commits while it is read may already be in it under the revision before, which only makes it be read again.
pub(crate) async fn read(conn: &mut PgConnection) -> Result<Book, StoreError> {
    let revision = revision(conn).await?;
    let mut agreements = read_agreements(conn).await?;
    let partners =
        sqlx::query!("SELECT partner_id, code, name_ar, name_fr, created_at FROM partners ORDER BY code")
            .fetch_all(&mut *conn)
            .await?
            .into_iter()
            .map(|row| {
                let id = PartnerId::from_uuid(row.partner_id);
                Partner {
                    id,
                    code: row.code,
                    name_ar: row.name_ar,
                    name_fr: row.name_fr,
                    created_at: row.created_at,
                    agreements: agreements.remove(&id).unwrap_or_default(),
                }
            })
            .collect();
    let clients: HashMap<String, PartnerId> =
        sqlx::query!("SELECT client_id, partner_id FROM partner_clients")
            .fetch_all(&mut *conn)
            .await?
            .into_iter()
            .map(|row| (row.client_id, PartnerId::from_uuid(row.partner_id)))
            .collect();
    let mut disabled = HashSet::new();
    let mut scopes = HashMap::new();
    for row in sqlx::query!("SELECT client_id, disabled, scopes FROM client_states")
        .fetch_all(conn)
        .await?
    {
        if row.disabled {
            disabled.insert(row.client_id.clone());
        }
        if let Some(held) = row.scopes {
            scopes.insert(row.client_id, held.into_iter().collect());
        }
    }
    Ok(Book {
        revision,
        partners,
        clients,
        disabled,
        scopes,
    })
}

async fn read_agreements(conn: &mut PgConnection) -> Result<HashMap<PartnerId, Vec<Agreement>>, StoreError> {
    let mut versions: HashMap<AgreementId, Vec<Version>> = HashMap::new();
    let rows = sqlx::query!(
        r#"SELECT agreement_id, version, terms AS "terms: Json<Terms>" FROM agreement_versions ORDER BY agreement_id, version"#
    )
    .fetch_all(&mut *conn)
    .await?;
    for row in rows {
        let number = u32::try_from(row.version).map_err(|_| StoreError::Corrupt {
            table: "agreement_versions",
        })?;
        versions
            .entry(AgreementId::from_uuid(row.agreement_id))
            .or_default()
            .push(Version {
                number,
                terms: row.terms.0,
            });
    }
    let mut agreements: HashMap<PartnerId, Vec<Agreement>> = HashMap::new();
    let rows = sqlx::query!(
        "SELECT agreement_id, partner_id, reference, ended_on FROM agreements ORDER BY agreement_id"
    )
    .fetch_all(conn)
    .await?;
    for row in rows {
        let id = AgreementId::from_uuid(row.agreement_id);
        let partner = PartnerId::from_uuid(row.partner_id);
        agreements.entry(partner).or_default().push(Agreement {
            id,
            partner,
            reference: row.reference,
            ended_on: row.ended_on,
            versions: versions.remove(&id).unwrap_or_default(),
        });
    }
    Ok(agreements)
}

pub(crate) async fn insert_partner(conn: &mut PgConnection, partner: &Partner) -> Result<(), StoreError> {
    sqlx::query!(
        "INSERT INTO partners (partner_id, code, name_ar, name_fr, created_at) VALUES ($1, $2, $3, $4, $5)",
        partner.id.as_uuid(),
        partner.code,
        partner.name_ar,
        partner.name_fr,
        partner.created_at
    )
    .execute(conn)
    .await?;
    Ok(())
}

pub(crate) async fn insert_agreement(
    conn: &mut PgConnection,
    agreement: &Agreement,
) -> Result<(), StoreError> {
    sqlx::query!(
        "INSERT INTO agreements (agreement_id, partner_id, reference) VALUES ($1, $2, $3)",
        agreement.id.as_uuid(),
        agreement.partner.as_uuid(),
        agreement.reference
    )
    .execute(conn)
    .await?;
    Ok(())
}

pub(crate) async fn insert_version(
    conn: &mut PgConnection,
    agreement: AgreementId,
    version: &Version,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    sqlx::query!(
        "INSERT INTO agreement_versions (agreement_id, version, terms, put_at) VALUES ($1, $2, $3, $4)",
        agreement.as_uuid(),
        i32::try_from(version.number).unwrap_or(i32::MAX),
        Json(&version.terms) as _,
        now
    )
    .execute(conn)
    .await?;
    Ok(())
}

pub(crate) async fn end_agreement(
    conn: &mut PgConnection,
    agreement: AgreementId,
    ended_on: NaiveDate,
) -> Result<(), StoreError> {
    sqlx::query!(
        "UPDATE agreements SET ended_on = $2 WHERE agreement_id = $1",
        agreement.as_uuid(),
        ended_on
    )
    .execute(conn)
    .await?;
    Ok(())
}

pub(crate) async fn link_client(
    conn: &mut PgConnection,
    client: &str,
    partner: PartnerId,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    sqlx::query!(
        "INSERT INTO partner_clients (client_id, partner_id, linked_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
        client,
        partner.as_uuid(),
        now
    )
    .execute(conn)
    .await?;
    Ok(())
}

pub(crate) async fn unlink_client(conn: &mut PgConnection, client: &str) -> Result<(), StoreError> {
    sqlx::query!("DELETE FROM partner_clients WHERE client_id = $1", client)
        .execute(conn)
        .await?;
    Ok(())
}

/// Takes in what identity says of a client, unless something newer stands. Returns whether it was news.
pub(crate) async fn note_client_state(
    conn: &mut PgConnection,
    client: &str,
    version: i64,
    disabled: bool,
    scopes: &[String],
) -> Result<bool, StoreError> {
    let noted = sqlx::query!(
        "INSERT INTO client_states AS known (client_id, version, disabled, scopes) VALUES ($1, $2, $3, $4)
         ON CONFLICT (client_id) DO UPDATE SET version = excluded.version, disabled = excluded.disabled, scopes = excluded.scopes
         WHERE known.version < excluded.version",
        client,
        version,
        disabled,
        scopes
    )
    .execute(conn)
    .await?;
    Ok(noted.rows_affected() > 0)
}
