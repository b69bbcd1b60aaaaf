//! One role and one database per service, with a password of its own; no service can connect to another's. Tables are the services' own
//! migrations' affair.

use anyhow::{Context as _, Result};
use sqlx::{AssertSqlSafe, Connection as _, PgConnection};

/// What one service signs in with.
pub(crate) struct Access<'a> {
    /// Role and database have the service's name: fixed words of the code, never input.
    pub(crate) service: &'static str,
    /// Made by us: letters and digits only.
    pub(crate) password: &'a str,
}

/// Makes what is missing and sets the passwords; safe to repeat.
pub(crate) fn ensure(admin_url: &str, services: &[Access<'_>]) -> Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .context("no runtime")?;
    runtime.block_on(async {
        let mut connection = PgConnection::connect(admin_url)
            .await
            .context("cannot connect to Postgres")?;
        for access in services {
            ensure_one(&mut connection, access)
                .await
                .with_context(|| format!("the database of {}", access.service))?;
        }
        connection.close().await.context("cannot close the connection")
    })
}

async fn ensure_one(connection: &mut PgConnection, access: &Access<'_>) -> Result<()> {
    let Access { service, password } = access;
    anyhow::ensure!(
        password.bytes().all(|byte| byte.is_ascii_alphanumeric()),
        "a password of ours is plain"
    );
    let role: bool = sqlx::query_scalar("SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = $1)")
        .bind(*service)
        .fetch_one(&mut *connection)
        .await?;
    let database: bool = sqlx::query_scalar("SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)")
        .bind(*service)
        .fetch_one(&mut *connection)
        .await?;
    let mut statements = Vec::new();
    if !role {
        statements.push(format!("CREATE ROLE {service} LOGIN"));
    }
    statements.push(format!("ALTER ROLE {service} PASSWORD '{password}'"));
    if !database {
        statements.push(format!("CREATE DATABASE {service} OWNER {service}"));
    }
    statements.push(format!(
        "REVOKE CONNECT, TEMPORARY ON DATABASE {service} FROM PUBLIC"
    ));
    for statement in statements {
        sqlx::query(AssertSqlSafe(statement))
            .execute(&mut *connection)
            .await?;
    }
    Ok(())
}
