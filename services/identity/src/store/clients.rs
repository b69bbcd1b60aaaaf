//! OAuth clients of partners and internal applications, and the hashes of their secrets.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::domain::client::{ClientKind, NewClient, StandingSecret};
use crate::error::Error;

/// A client as it stands.
#[derive(Debug, Clone)]
pub(crate) struct Client {
    pub(crate) id: Uuid,
    pub(crate) client_id: String,
    pub(crate) kind: ClientKind,
    pub(crate) name: String,
    pub(crate) scopes: Vec<String>,
    pub(crate) audience: String,
    pub(crate) created_at: DateTime<Utc>,
    pub(crate) disabled_at: Option<DateTime<Utc>>,
}

struct Row {
    id: Uuid,
    client_id: String,
    kind: String,
    name: String,
    scopes: Vec<String>,
    audience: String,
    created_at: DateTime<Utc>,
    disabled_at: Option<DateTime<Utc>>,
}

impl TryFrom<Row> for Client {
    type Error = Error;

    fn try_from(row: Row) -> Result<Self, Error> {
        Ok(Self {
            id: row.id,
            client_id: row.client_id,
            kind: ClientKind::parse(&row.kind).ok_or(Error::Unreadable("clients.kind"))?,
            name: row.name,
            scopes: row.scopes,
            audience: row.audience,
            created_at: row.created_at,
            disabled_at: row.disabled_at,
        })
    }
}

/// Makes the client; `false` when the name is another's.
pub(crate) async fn insert(
    conn: &mut PgConnection,
    id: Uuid,
    client_id: &str,
    new: &NewClient,
    now: DateTime<Utc>,
) -> Result<bool, Error> {
    let done = sqlx::query!(
        "INSERT INTO clients (id, client_id, kind, name, scopes, audience, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7)
         ON CONFLICT (name) DO NOTHING",
        id,
        client_id,
        new.kind.as_str(),
        new.name,
        &new.scopes,
        new.audience,
        now
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// The client of an id, locked until the transaction ends.
pub(crate) async fn locked(conn: &mut PgConnection, client_id: &str) -> Result<Option<Client>, Error> {
    let row = sqlx::query_as!(
        Row,
        "SELECT id, client_id, kind, name, scopes, audience, created_at, disabled_at FROM clients
         WHERE client_id = $1 FOR NO KEY UPDATE",
        client_id
    )
    .fetch_optional(conn)
    .await?;
    row.map(Client::try_from).transpose()
}

/// The client whose living secret this is, unless it was disabled. Held until the transaction ends, so that no token is made beside a disabling. That
/// the secret was used is noted the first time.
pub(crate) async fn by_secret(
    conn: &mut PgConnection,
    client_id: &str,
    secret_hash: &[u8],
    now: DateTime<Utc>,
) -> Result<Option<Client>, Error> {
    let found = sqlx::query!(
        r#"SELECT c.id, c.kind, c.name, c.scopes, c.audience, c.created_at, s.id AS secret, s.first_used_at IS NULL AS "first_use!"
           FROM clients AS c JOIN client_secrets AS s ON s.client = c.id
           WHERE c.client_id = $1 AND c.disabled_at IS NULL AND s.secret_hash = $2 AND (s.expires_at IS NULL OR s.expires_at > $3)
           FOR SHARE OF c"#,
        client_id,
        secret_hash,
        now
    )
    .fetch_optional(&mut *conn)
    .await?;
    let Some(found) = found else {
        return Ok(None);
    };
    if found.first_use {
        sqlx::query!(
            "UPDATE client_secrets SET first_used_at = $2 WHERE id = $1 AND first_used_at IS NULL",
            found.secret,
            now
        )
        .execute(conn)
        .await?;
    }
    let row = Row {
        id: found.id,
        client_id: client_id.to_owned(),
        kind: found.kind,
        name: found.name,
        scopes: found.scopes,
        audience: found.audience,
        created_at: found.created_at,
        disabled_at: None,
    };
    Client::try_from(row).map(Some)
}

pub(crate) async fn insert_secret(
    conn: &mut PgConnection,
    id: Uuid,
    client: Uuid,
    secret_hash: &[u8],
    now: DateTime<Utc>,
) -> Result<(), Error> {
    sqlx::query!(
        "INSERT INTO client_secrets (id, client, secret_hash, created_at) VALUES ($1, $2, $3, $4)",
        id,
        client,
        secret_hash,
        now
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// The client's secrets, those whose end has come too. The client's row is locked by the caller.
pub(crate) async fn secrets(conn: &mut PgConnection, client: Uuid) -> Result<Vec<StandingSecret>, Error> {
    let rows = sqlx::query!(
        r#"SELECT id, expires_at, first_used_at IS NOT NULL AS "used!" FROM client_secrets WHERE client = $1"#,
        client
    )
    .fetch_all(conn)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| StandingSecret {
            id: row.id,
            ends: row.expires_at,
            used: row.used,
        })
        .collect())
}

/// One secret goes on until a date, the client's others end now: with the new one at most two work at a time.
pub(crate) async fn keep_one_secret(
    conn: &mut PgConnection,
    client: Uuid,
    secret: Uuid,
    until: DateTime<Utc>,
) -> Result<(), Error> {
    sqlx::query!(
        "DELETE FROM client_secrets WHERE client = $1 AND id <> $2",
        client,
        secret
    )
    .execute(&mut *conn)
    .await?;
    sqlx::query!(
        "UPDATE client_secrets SET expires_at = $2 WHERE id = $1",
        secret,
        until
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Disables the client and forgets its secrets; the version of the change.
pub(crate) async fn disable(conn: &mut PgConnection, client: Uuid, now: DateTime<Utc>) -> Result<i64, Error> {
    sqlx::query!("DELETE FROM client_secrets WHERE client = $1", client)
        .execute(&mut *conn)
        .await?;
    let version = sqlx::query_scalar!(
        "UPDATE clients SET disabled_at = $2, version = version + 1 WHERE id = $1 RETURNING version",
        client,
        now
    );
    Ok(version.fetch_one(conn).await?)
}

/// The version of the change.
pub(crate) async fn set_scopes(
    conn: &mut PgConnection,
    client: Uuid,
    scopes: &[String],
) -> Result<i64, Error> {
    let version = sqlx::query_scalar!(
        "UPDATE clients SET scopes = $2, version = version + 1 WHERE id = $1 RETURNING version",
        client,
        scopes
    );
    Ok(version.fetch_one(conn).await?)
}

/// Clients after a name, by name, each with how many of its secrets work.
pub(crate) async fn page(
    conn: &mut PgConnection,
    after: &str,
    limit: i64,
    now: DateTime<Utc>,
) -> Result<Vec<(Client, i64)>, Error> {
    let rows = sqlx::query!(
        r#"SELECT id, client_id, kind, name, scopes, audience, created_at, disabled_at,
                  (SELECT count(*) FROM client_secrets AS s WHERE s.client = clients.id AND (s.expires_at IS NULL OR s.expires_at > $3)) AS "secrets!"
           FROM clients WHERE name > $1 ORDER BY name LIMIT $2"#,
        after,
        limit,
        now
    )
    .fetch_all(conn)
    .await?;
    rows.into_iter()
        .map(|row| {
            let client = Client {
                id: row.id,
                client_id: row.client_id,
                kind: ClientKind::parse(&row.kind).ok_or(Error::Unreadable("clients.kind"))?,
                name: row.name,
                scopes: row.scopes,
                audience: row.audience,
                created_at: row.created_at,
                disabled_at: row.disabled_at,
            };
            Ok((client, row.secrets))
        })
        .collect()
}

/// Removes secrets whose overlap ended.
pub(crate) async fn delete_expired_secrets(
    conn: &mut PgConnection,
    now: DateTime<Utc>,
) -> Result<u64, Error> {
    Ok(
        sqlx::query!("DELETE FROM client_secrets WHERE expires_at <= $1", now)
            .execute(conn)
            .await?
            .rows_affected(),
    )
}
