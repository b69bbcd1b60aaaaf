//! A database per test, copied from a template that was migrated once.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use chrono::Utc;
use platform::ids::uuid_v7;
use sqlx::migrate::Migration;
use sqlx::postgres::PgPoolOptions;
use sqlx::{AssertSqlSafe, Connection as _, Executor as _, PgConnection, PgPool};

use crate::stack::test_addresses;

/// A database of its own; dropped with the value.
#[derive(Debug)]
pub struct TestDb {
    pub pool: PgPool,
    pub url: String,
    name: String,
    admin: String,
}

impl TestDb {
    /// A fresh copy of the service's migrated template.
    ///
    /// # Panics
    /// When the test stack is not running or a migration fails.
    pub async fn create(service: &str, migrations: Vec<Migration>) -> Self {
        let addresses = test_addresses().expect("the test stack runs");
        let admin = addresses.postgres_url.clone();
        let template = ensure_template(&admin, |db| addresses.postgres_url_of(db), service, migrations).await;
        let name = format!("t_{}", uuid_v7(now()).simple());
        let mut connection = PgConnection::connect(&admin)
            .await
            .expect("the test Postgres answers");
        // Names are made here of letters, digits and underscores.
        connection
            .execute(AssertSqlSafe(format!(
                "CREATE DATABASE {name} TEMPLATE {template}"
            )))
            .await
            .expect("a database is copied from its template");
        let url = addresses.postgres_url_of(&name);
        let pool = PgPoolOptions::new()
            .max_connections(8)
            .connect(&url)
            .await
            .expect("the new database answers");
        Self {
            pool,
            url,
            name,
            admin,
        }
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "names of databases are unique by the wall clock; no rule depends on it"
)]
fn now() -> chrono::DateTime<Utc> {
    Utc::now()
}

async fn ensure_template(
    admin: &str,
    url_of: impl Fn(&str) -> String,
    service: &str,
    migrations: Vec<Migration>,
) -> String {
    let mut hasher = DefaultHasher::new();
    for migration in &migrations {
        (migration.version, migration.checksum.as_ref()).hash(&mut hasher);
    }
    let name = format!("template_{service}_{:016x}", hasher.finish());
    let mut connection = PgConnection::connect(admin)
        .await
        .expect("the test Postgres answers");
    // Tests are processes of their own: the lock lets one of them make the template.
    connection
        .execute("SELECT pg_advisory_lock(7461646)")
        .await
        .expect("the lock is given");
    let ready: bool =
        sqlx::query_scalar("SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1 AND datistemplate)")
            .bind(&name)
            .fetch_one(&mut connection)
            .await
            .expect("the catalogue answers");
    if !ready {
        connection
            .execute(AssertSqlSafe(format!(
                "DROP DATABASE IF EXISTS {name} WITH (FORCE)"
            )))
            .await
            .expect("an unfinished template goes");
        connection
            .execute(AssertSqlSafe(format!("CREATE DATABASE {name}")))
            .await
            .expect("a template is made");
        let mut fresh = PgConnection::connect(&url_of(&name))
            .await
            .expect("the template answers");
        platform::db::migrate_on(&mut fresh, service, migrations, now())
            .await
            .expect("the migrations run");
        fresh.close().await.expect("the template is left alone");
        connection
            .execute(AssertSqlSafe(format!("ALTER DATABASE {name} IS_TEMPLATE true")))
            .await
            .expect("the template is marked");
    }
    connection
        .execute("SELECT pg_advisory_unlock(7461646)")
        .await
        .expect("the lock is returned");
    name
}

impl Drop for TestDb {
    fn drop(&mut self) {
        let (admin, name) = (self.admin.clone(), self.name.clone());
        // Dropping cannot await; a thread with a runtime of its own can. A database that stays behind goes with the stack.
        let dropped = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()?;
            runtime.block_on(async {
                let mut connection = PgConnection::connect(&admin).await?;
                connection
                    .execute(AssertSqlSafe(format!(
                        "DROP DATABASE IF EXISTS {name} WITH (FORCE)"
                    )))
                    .await?;
                anyhow::Ok(())
            })
        });
        let _stays_behind = dropped.join();
    }
}

/// Changes lines of a trail, which the database refuses to everybody but its administrator: for tests that the change is found out. Says how many
/// rows it met.
///
/// # Panics
/// When the statement fails.
pub async fn change_the_unchangeable(pool: &PgPool, statement: &str) -> u64 {
    let mut tx = pool.begin().await.expect("the database answers");
    sqlx::query("SET LOCAL session_replication_role = replica")
        .execute(&mut *tx)
        .await
        .expect("tests sign in as the server's administrator");
    let done = sqlx::query(AssertSqlSafe(statement.to_owned()))
        .execute(&mut *tx)
        .await
        .expect("a change by hand");
    tx.commit().await.expect("it stands");
    done.rows_affected()
}
