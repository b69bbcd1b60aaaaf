//! Numbers on a real database.

use std::collections::BTreeSet;

use testkit::TestDb;

use super::*;

async fn take(numbers: &RequestNumbers, pool: &PgPool, code: &str, year: i32) -> RequestNumber {
    numbers.prepare(pool, code, year).await.expect("a sequence");
    let mut conn = pool.acquire().await.expect("a connection");
    next(numbers, &mut conn, code, year).await
}

/// Of a request that is nobody's yet.
async fn next(numbers: &RequestNumbers, conn: &mut PgConnection, code: &str, year: i32) -> RequestNumber {
    numbers
        .next_unless_open(conn, code, year, b"nobody's")
        .await
        .expect("the sequence answers")
        .expect("a number")
}

#[tokio::test]
async fn each_code_and_year_counts_from_one() {
    let db = TestDb::create("benefits", crate::migrations()).await;
    let numbers = RequestNumbers::default();
    let mut taken = Vec::new();
    for (code, year) in [("Aid_X", 2026), ("Aid_X", 2026), ("Aid_X", 2027), ("Tr_A", 2026)] {
        taken.push(take(&numbers, &db.pool, code, year).await.to_string());
    }
    assert_eq!(
        taken,
        ["1/Aid_X/2026", "2/Aid_X/2026", "1/Aid_X/2027", "1/Tr_A/2026"]
    );
}

#[tokio::test]
async fn replicas_that_meet_at_the_first_number_of_a_year_share_one_sequence() {
    let db = TestDb::create("benefits", crate::migrations()).await;
    let mut taking = tokio::task::JoinSet::new();
    for _ in 0..24 {
        let pool = db.pool.clone();
        // Each with a memory of its own, as replicas have.
        taking.spawn(async move {
            take(&RequestNumbers::default(), &pool, "Aid_X", 2026)
                .await
                .sequence()
        });
    }
    let taken: BTreeSet<u32> = taking.join_all().await.into_iter().collect();
    assert_eq!(taken, (1..=24).collect());
}

#[tokio::test]
async fn a_number_of_a_transaction_that_failed_is_not_given_again() {
    let db = TestDb::create("benefits", crate::migrations()).await;
    let numbers = RequestNumbers::default();
    numbers
        .prepare(&db.pool, "Aid_X", 2026)
        .await
        .expect("a sequence");
    let mut failing = db.pool.begin().await.expect("a transaction");
    let lost = next(&numbers, &mut failing, "Aid_X", 2026).await;
    // Meanwhile another one is not kept waiting.
    let other = take(&numbers, &db.pool, "Aid_X", 2026).await;
    failing.rollback().await.expect("it fails");
    let later = take(&numbers, &db.pool, "Aid_X", 2026).await;
    assert_eq!([lost.sequence(), other.sequence(), later.sequence()], [1, 2, 3]);
}

#[test]
fn a_sequence_s_name_is_harmless_whatever_the_code() {
    assert_eq!(sequence_name("Aid_X", 2026), "request_number_aid_x_2026");
    assert_eq!(
        sequence_name("x; DROP TABLE y", 2026),
        "request_number_xdroptabley_2026"
    );
}
