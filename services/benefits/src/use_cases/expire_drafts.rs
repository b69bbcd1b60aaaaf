//! Drafts that nobody touched for their whole life are taken away, as the consent notice promises. Sent files are never touched here.

use chrono::{DateTime, TimeDelta, Utc};
use platform::audit::{self, Actor, AuditEntry};
use sqlx::PgPool;

use super::RECORD;
use crate::error::Error;
use crate::store::applications;

/// Drafts taken away in one transaction.
const BATCH: i64 = 200;

/// Takes away what was last touched more than `life` before `now`; says how many.
pub(crate) async fn expire_drafts(
    pool: &PgPool,
    now: DateTime<Utc>,
    life: TimeDelta,
) -> Result<usize, Error> {
    let actor = Actor::system("benefits-draft-expiry");
    let mut expired = 0;
    loop {
        let mut tx = pool.begin().await?;
        let ids = applications::delete_idle_drafts(&mut tx, now - life, BATCH).await?;
        for id in &ids {
            let entry = AuditEntry {
                record_kind: RECORD,
                record_id: id.as_uuid(),
                actor: &actor,
                action: "expired",
                fields: &[],
                reason: None,
                at: now,
            };
            audit::record(&mut tx, entry).await?;
        }
        tx.commit().await?;
        expired += ids.len();
        if ids.is_empty() {
            return Ok(expired);
        }
    }
}

#[cfg(test)]
mod tests {
    use kernel::{ApplicationId, MemberId};
    use platform::crypto::FieldCipher;
    use testkit::TestDb;
    use uuid::Uuid;

    use super::*;
    use crate::domain::application::Application;

    fn now() -> DateTime<Utc> {
        DateTime::from_timestamp(1_795_000_000, 0).expect("an instant")
    }

    async fn draft(pool: &PgPool, n: u128, days_ago: i64) -> ApplicationId {
        let keys = testkit::keys();
        let cipher = FieldCipher::new(keys.directory().ring("benefits.data").expect("a ring"));
        let (id, member) = (
            ApplicationId::from_uuid(Uuid::from_u128(n)),
            MemberId::from_uuid(Uuid::from_u128(n)),
        );
        let mut conn = pool.acquire().await.expect("a connection");
        let at = now() - TimeDelta::days(days_ago);
        let key = cipher
            .person_key(&mut conn, member.as_uuid(), at)
            .await
            .expect("a key");
        let draft = Application::draft(id, member, "exceptional_health_aid", at);
        assert!(
            applications::insert_draft(&mut conn, &key, &draft)
                .await
                .expect("a draft")
        );
        id
    }

    #[tokio::test]
    async fn a_draft_untouched_for_more_than_90_days_goes_and_leaves_a_trace() {
        let db = TestDb::create("benefits", crate::migrations()).await;
        let (old, young) = (draft(&db.pool, 1, 91).await, draft(&db.pool, 2, 89).await);
        let life = TimeDelta::days(90);
        assert_eq!(expire_drafts(&db.pool, now(), life).await.expect("it runs"), 1);
        assert_eq!(
            expire_drafts(&db.pool, now(), life).await.expect("it runs again"),
            0
        );
        let mut conn = db.pool.acquire().await.expect("a connection");
        assert!(!applications::exists(&mut conn, old).await.expect("the table"));
        assert!(applications::exists(&mut conn, young).await.expect("the table"));
        let action: String = sqlx::query_scalar("SELECT action FROM audit WHERE record_id = $1")
            .bind(old.as_uuid())
            .fetch_one(&db.pool)
            .await
            .expect("a line of the trail");
        assert_eq!(action, "expired");
    }
}
