//! The projection on a real database: any order and repetition of records ends the same.

use proptest::prelude::*;
use testkit::TestDb;

use super::*;
use crate::domain::member::tests::{held, sample, working_in};

fn id(n: u128) -> Uuid {
    Uuid::from_u128(n)
}

/// The record of a member at a version; each version differs in what it says.
fn record(member: u8, version: i64) -> MemberFacts {
    let mut facts = sample();
    facts.member = MemberId::from_uuid(id(member.into()));
    facts.version = version;
    facts.workplaces = vec![working_in("MA-LAA", version % 2 == 0, None)];
    if version % 3 == 1 {
        facts
            .workplaces
            .push(working_in("MA-RAB", false, Some("2026-11-01")));
    }
    facts.bank_account =
        (version % 3 != 0).then(|| BankAccountId::from_uuid(id(u128::try_from(version).expect("positive"))));
    facts.positions = match version % 3 {
        0 => Vec::new(),
        1 => vec![held(Position::Active, "2005-09-01", None)],
        _ => vec![
            held(Position::Active, "2005-09-01", Some("2026-11-30")),
            held(Position::Retired, "2026-12-01", None),
        ],
    };
    facts
        .relatives
        .truncate(usize::try_from(version % 3).expect("small"));
    facts
}

#[tokio::test]
async fn a_record_is_read_back_as_it_was_written() {
    let db = TestDb::create("benefits", crate::migrations()).await;
    let mut conn = db.pool.acquire().await.expect("a connection");
    let member = sample().member;
    assert!(
        of_member(&mut conn, member)
            .await
            .expect("the projection")
            .is_none()
    );
    upsert_newer(&mut conn, &[sample()]).await.expect("it is written");
    assert_eq!(
        of_member(&mut conn, member).await.expect("the projection"),
        Some(sample())
    );
}

#[tokio::test]
async fn an_older_version_changes_neither_the_member_nor_the_family() {
    let db = TestDb::create("benefits", crate::migrations()).await;
    let mut conn = db.pool.acquire().await.expect("a connection");
    upsert_newer(&mut conn, &[record(1, 5)])
        .await
        .expect("it is written");
    upsert_newer(&mut conn, &[record(1, 4), record(1, 5)])
        .await
        .expect("nothing happens");
    assert_eq!(
        of_member(&mut conn, record(1, 5).member)
            .await
            .expect("the projection"),
        Some(record(1, 5))
    );
}

#[tokio::test]
async fn a_person_of_two_members_families_stands_in_both() {
    let db = TestDb::create("benefits", crate::migrations()).await;
    let mut conn = db.pool.acquire().await.expect("a connection");
    upsert_newer(&mut conn, &[record(1, 2), record(2, 2)])
        .await
        .expect("they are written");
    for member in [1, 2] {
        let facts = of_member(&mut conn, record(member, 2).member)
            .await
            .expect("the projection")
            .expect("the member");
        assert_eq!(facts.relatives, sample().relatives);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(8))]
    #[test]
    fn any_order_and_repetition_ends_with_the_newest_version(
        mut deliveries in prop::collection::vec((1_u8..4, 1_i64..7), 1..40),
        batch in 1_usize..6,
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        runtime.block_on(async {
            let db = TestDb::create("benefits", crate::migrations()).await;
            let mut conn = db.pool.acquire().await.expect("a connection");
            for round in 0..2 {
                for chunk in deliveries.chunks(batch) {
                    let records: Vec<MemberFacts> = chunk.iter().map(|(member, version)| record(*member, *version)).collect();
                    upsert_newer(&mut conn, &records).await.expect("it is written");
                }
                for member in 1..4 {
                    let newest = deliveries.iter().filter(|(m, _)| *m == member).map(|(_, version)| *version).max();
                    let found = of_member(&mut conn, record(member, 1).member).await.expect("the projection");
                    assert_eq!(found, newest.map(|version| record(member, version)), "round {round}");
                }
                // The same events again, backwards: nothing changes.
                deliveries.reverse();
            }
        });
    }
}
