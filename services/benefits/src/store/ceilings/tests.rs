//! Ceilings on a real database, two connections at a time.

use chrono::{DateTime, Utc};
use kernel::{MemberId, Money, RequestNumber};
use platform::crypto::FieldCipher;
use proptest::prelude::*;
use sqlx::PgPool;
use testkit::TestDb;

use super::*;
use crate::domain::application::{Application, Examination};
use crate::store::applications;

fn now() -> DateTime<Utc> {
    DateTime::from_timestamp(1_795_000_000, 0).expect("an instant")
}

fn dirhams(amount: i64) -> Money {
    Money::from_dirhams(amount).expect("an amount")
}

fn key(holder: u128) -> CeilingKey {
    CeilingKey {
        ceiling: "health_aid_person_year".to_owned(),
        holder: PersonId::from_uuid(Uuid::from_u128(holder)),
        year: 2026,
    }
}

fn taking(holder: u128, amount: i64) -> Taking {
    Taking {
        key: key(holder),
        amount: dirhams(amount).centimes(),
        limit: dirhams(20_000).centimes(),
    }
}

/// A sent application, which lines may point at.
async fn application(pool: &PgPool, n: u32) -> ApplicationId {
    let keys = testkit::keys();
    let cipher = FieldCipher::new(keys.directory().ring("benefits.data").expect("a ring"));
    let (id, member) = (
        ApplicationId::from_uuid(Uuid::from_u128(n.into())),
        MemberId::from_uuid(Uuid::from_u128((n + 1000).into())),
    );
    let mut conn = pool.acquire().await.expect("a connection");
    let key = cipher
        .person_key(&mut conn, member.as_uuid(), now())
        .await
        .expect("a key");
    let draft = Application::draft(id, member, "exceptional_health_aid", now());
    assert!(
        applications::insert_draft(&mut conn, &key, &draft)
            .await
            .expect("a draft")
    );
    let number = RequestNumber::new(n, "Aid_X", 2026).expect("a number");
    let sent = draft
        .into_draft()
        .expect("a draft")
        .submitted(number, Examination::MedicalOpinion, now())
        .any();
    applications::save_submitted(&mut conn, &sent, &n.to_be_bytes(), false)
        .await
        .expect("it is saved");
    id
}

async fn used_by(pool: &PgPool, holder: u128) -> Money {
    let mut conn = pool.acquire().await.expect("a connection");
    let key = key(holder);
    let used = used(&mut conn, std::slice::from_ref(&key))
        .await
        .expect("the counters");
    Money::from_centimes(used.get(&key).copied().unwrap_or_default())
}

async fn differing(pool: &PgPool) -> Vec<Difference> {
    let mut conn = pool.acquire().await.expect("a connection");
    differences(&mut conn, 10).await.expect("they are compared")
}

#[tokio::test]
async fn two_takings_at_once_never_pass_the_limit_together() {
    let db = TestDb::create("benefits", crate::migrations()).await;
    let (first, second) = (application(&db.pool, 1).await, application(&db.pool, 2).await);
    let mut one = db.pool.begin().await.expect("a transaction");
    let mut two = db.pool.begin().await.expect("a transaction");
    assert!(
        reserve(&mut one, first, &[taking(7, 12_000)], now())
            .await
            .expect("the first takes")
    );
    // The second waits for the first row's lock and then sees what the first took.
    let waiting = async {
        reserve(&mut two, second, &[taking(7, 12_000)], now())
            .await
            .expect("the second is answered")
    };
    let committing = async { one.commit().await.expect("the first commits") };
    let (fits, ()) = tokio::join!(waiting, committing);
    assert!(!fits);
    two.rollback().await.expect("the second gives up");
    assert_eq!(used_by(&db.pool, 7).await, dirhams(12_000));
}

#[tokio::test]
async fn what_fits_exactly_fits_and_one_centime_more_does_not() {
    let db = TestDb::create("benefits", crate::migrations()).await;
    let (first, second) = (application(&db.pool, 1).await, application(&db.pool, 2).await);
    let mut tx = db.pool.begin().await.expect("a transaction");
    assert!(
        reserve(&mut tx, first, &[taking(7, 20_000)], now())
            .await
            .expect("it takes")
    );
    let centime = Taking {
        amount: 1,
        ..taking(7, 1)
    };
    assert!(
        !reserve(&mut tx, second, &[centime], now())
            .await
            .expect("it is answered")
    );
}

#[tokio::test]
async fn takings_in_any_order_of_keys_do_not_wait_for_each_other_in_a_circle() {
    let db = TestDb::create("benefits", crate::migrations()).await;
    let (first, second) = (application(&db.pool, 1).await, application(&db.pool, 2).await);
    let run = |application, takings: Vec<Taking>| {
        let pool = db.pool.clone();
        async move {
            let mut tx = pool.begin().await.expect("a transaction");
            let fits = reserve(&mut tx, application, &takings, now())
                .await
                .expect("no deadlock");
            tx.commit().await.expect("it commits");
            fits
        }
    };
    let (one, two) = tokio::join!(
        run(first, vec![taking(7, 100), taking(8, 100)]),
        run(second, vec![taking(8, 100), taking(7, 100)])
    );
    assert!(one && two);
    assert_eq!(
        (used_by(&db.pool, 7).await, used_by(&db.pool, 8).await),
        (dirhams(200), dirhams(200))
    );
}

#[tokio::test]
async fn what_was_reserved_is_given_back_once() {
    let db = TestDb::create("benefits", crate::migrations()).await;
    let application = application(&db.pool, 1).await;
    let mut conn = db.pool.acquire().await.expect("a connection");
    assert!(
        reserve(&mut conn, application, &[taking(7, 500)], now())
            .await
            .expect("it takes")
    );
    for _ in 0..2 {
        release(&mut conn, application, now())
            .await
            .expect("it gives back");
        assert_eq!(used_by(&db.pool, 7).await, Money::ZERO);
    }
}

#[tokio::test]
async fn a_second_reservation_stands_in_place_of_the_first() {
    let db = TestDb::create("benefits", crate::migrations()).await;
    let application = application(&db.pool, 1).await;
    let mut conn = db.pool.acquire().await.expect("a connection");
    let mut put = async |takings: &[Taking]| {
        reserve(&mut conn, application, takings, now())
            .await
            .expect("it is answered")
    };
    assert!(put(&[taking(7, 12_000)]).await);
    assert!(
        put(&[taking(7, 20_000)]).await,
        "its own share is not counted twice"
    );
    assert!(put(&[taking(7, 300), taking(8, 300)]).await);
    assert!(put(&[taking(8, 400)]).await, "what moved elsewhere is given back");
    assert_eq!(
        (used_by(&db.pool, 7).await, used_by(&db.pool, 8).await),
        (Money::ZERO, dirhams(400))
    );
    assert_eq!(differing(&db.pool).await, []);
}

#[tokio::test]
async fn what_was_committed_is_neither_given_back_nor_written_over() {
    let db = TestDb::create("benefits", crate::migrations()).await;
    let application = application(&db.pool, 1).await;
    let mut conn = db.pool.acquire().await.expect("a connection");
    assert!(
        reserve(&mut conn, application, &[taking(7, 500)], now())
            .await
            .expect("it takes")
    );
    commit(&mut conn, application, now())
        .await
        .expect("it is granted");
    release(&mut conn, application, now())
        .await
        .expect("nothing to give back");
    assert_eq!(used_by(&db.pool, 7).await, dirhams(500));
    let mut tx = db.pool.begin().await.expect("a transaction");
    assert!(matches!(
        reserve(&mut tx, application, &[taking(7, 500)], now()).await,
        Err(StoreError::Corrupt { .. })
    ));
}

#[tokio::test]
async fn a_counter_that_is_not_the_sum_of_its_lines_is_found() {
    let db = TestDb::create("benefits", crate::migrations()).await;
    let application = application(&db.pool, 1).await;
    let mut conn = db.pool.acquire().await.expect("a connection");
    assert!(
        reserve(&mut conn, application, &[taking(7, 500), taking(8, 500)], now())
            .await
            .expect("it takes")
    );
    assert_eq!(differing(&db.pool).await, []);
    sqlx::query("UPDATE ceiling_counters SET used = used - 1 WHERE holder_id = $1")
        .bind(Uuid::from_u128(7))
        .execute(&db.pool)
        .await
        .expect("somebody meddles");
    sqlx::query("DELETE FROM ceiling_counters WHERE holder_id = $1")
        .bind(Uuid::from_u128(8))
        .execute(&db.pool)
        .await
        .expect("somebody meddles");
    let found: Vec<(i64, i64)> = differing(&db.pool)
        .await
        .iter()
        .map(|difference| (difference.counted, difference.summed))
        .collect();
    assert_eq!(found, [(49_999, 50_000), (0, 50_000)]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4))]
    #[test]
    fn the_counter_is_always_the_sum_of_the_lines_that_hold(steps in prop::collection::vec((1_u32..6, 1_i64..9_000, any::<bool>()), 1..20)) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        runtime.block_on(async {
            let db = TestDb::create("benefits", crate::migrations()).await;
            let mut applications = Vec::new();
            for n in 1..6 {
                applications.push(application(&db.pool, n).await);
            }
            for (n, amount, gives_back) in steps {
                let application = applications[usize::try_from(n - 1).expect("small")];
                let mut tx = db.pool.begin().await.expect("a transaction");
                if gives_back {
                    release(&mut tx, application, now()).await.expect("it gives back");
                    tx.commit().await.expect("it commits");
                } else if reserve(&mut tx, application, &[taking(7, amount)], now()).await.expect("it is answered") {
                    // One line an application: a second taking stands in place of the first.
                    tx.commit().await.expect("it commits");
                }
                let lines: i64 = sqlx::query_scalar("SELECT coalesce(sum(amount), 0)::bigint FROM ceiling_lines WHERE state <> 'released'")
                    .fetch_one(&db.pool).await.expect("a sum");
                let used = used_by(&db.pool, 7).await;
                assert_eq!(used, Money::from_centimes(lines));
                assert!(used <= dirhams(20_000));
                assert_eq!(differing(&db.pool).await, []);
            }
        });
    }
}
