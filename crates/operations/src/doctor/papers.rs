//! Where documents' papers lie: whether the place answers and lets this key in, and whether the objects are there that rows name: the oldest, which a
//! wrong rule of the bucket or a poor restore would miss, and the newest. Names of objects tell nothing; no paper is read.

use paper_store::{StorageSettings, Store, StoreError};
use sqlx::{Connection as _, PgConnection};

use super::finding::{Finding, Kind};
use super::{Examination, Subject};

/// Rows looked at from either end.
const SAMPLE: i64 = 20;

pub(crate) async fn examine(subject: &Subject, storage: &StorageSettings) -> Examination {
    let mut examination = Examination::default();
    let service = subject.service;
    match look(subject, storage).await {
        Ok(missing) if missing.is_empty() => {}
        Ok(missing) => examination.findings.push(Finding::new(
            Kind::PapersMissing,
            service,
            format!(
                "{} of the papers looked at are not there, such as {}",
                missing.len(),
                missing[0]
            ),
            "every object that a row names",
        )),
        Err(Unseen::Place(error)) => examination.findings.push(Finding::new(
            Kind::PapersAway,
            service,
            error.to_string(),
            "a place that answers and lets this service in",
        )),
        Err(Unseen::Database(error)) => {
            let unseen = format!("{service}: the papers cannot be compared with their rows: {error}");
            examination.unseen.push(unseen);
        }
    }
    examination
}

enum Unseen {
    Place(StoreError),
    Database(sqlx::Error),
}

impl From<StoreError> for Unseen {
    fn from(error: StoreError) -> Self {
        Self::Place(error)
    }
}

impl From<sqlx::Error> for Unseen {
    fn from(error: sqlx::Error) -> Self {
        Self::Database(error)
    }
}

/// Objects that rows name and the place does not have.
async fn look(subject: &Subject, storage: &StorageSettings) -> Result<Vec<String>, Unseen> {
    if let Err(error) = storage.validate().and_then(|()| storage.validate_key()) {
        return Err(StoreError::Misplaced(error.to_string()).into());
    }
    let store = Store::open(storage)?;
    store.probe().await?;
    let mut conn = PgConnection::connect(subject.settings.common.postgres.url.expose()).await?;
    let named: Vec<String> = sqlx::query_scalar(
        "(SELECT object FROM documents ORDER BY id LIMIT $1) UNION (SELECT object FROM documents ORDER BY id DESC LIMIT $1)",
    )
    .bind(SAMPLE)
    .fetch_all(&mut conn)
    .await?;
    let mut missing = Vec::new();
    for object in named {
        if store.has(&object).await? {
            continue;
        }
        // Let go of in between: its row went first.
        let still: bool = sqlx::query_scalar("SELECT EXISTS (SELECT FROM documents WHERE object = $1)")
            .bind(&object)
            .fetch_one(&mut conn)
            .await?;
        if still {
            missing.push(object);
        }
    }
    conn.close().await?;
    Ok(missing)
}
