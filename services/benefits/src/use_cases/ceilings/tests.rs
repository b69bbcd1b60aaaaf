//! A household that shares its trips, on a real database: whoever of it asks, and for whomever.

use chrono::{DateTime, Utc};
use kernel::{ApplicationId, MemberId, PersonId};
use platform::crypto::FieldCipher;
use sqlx::PgPool;
use testkit::TestDb;
use uuid::Uuid;

use super::*;
use crate::domain::answers::fields::FieldValue;
use crate::domain::answers::{Answers, PersonConcerned};
use crate::domain::catalogue::tests::counted_by_household;
use crate::domain::catalogue::{CeilingHolder, Relation};
use crate::domain::ceiling::Left;
use crate::domain::member::tests::{day, sample};
use crate::store::applications;

fn now() -> DateTime<Utc> {
    DateTime::from_timestamp(1_795_000_000, 0).expect("an instant")
}

/// A trip of that person, in the store as a draft so that lines may point at it.
async fn trip(
    pool: &PgPool,
    member: &MemberFacts,
    relation: Relation,
    person: PersonId,
    n: u32,
) -> Application {
    let keys = testkit::keys();
    let cipher = FieldCipher::new(keys.directory().ring("benefits.data").expect("a ring"));
    let mut conn = pool.acquire().await.expect("a connection");
    // A member has one draft of a benefit: each trip is asked for by a member of its own here.
    let asker = MemberId::from_uuid(Uuid::from_u128((n + 1000).into()));
    let mut draft = Application::draft(
        ApplicationId::from_uuid(Uuid::from_u128(n.into())),
        asker,
        "air_transport_support",
        now(),
    );
    assert!(member.beneficiary(relation, person).is_some());
    draft.answers = Answers {
        person: Some(PersonConcerned {
            relation,
            person: Some(person),
        }),
        fields: [("outward_on".to_owned(), FieldValue::Date(day("2026-03-01")))].into(),
        ..Answers::default()
    };
    let key = cipher
        .person_key(&mut conn, asker.as_uuid(), now())
        .await
        .expect("a key");
    assert!(
        applications::insert_draft(&mut conn, &key, &draft)
            .await
            .expect("a draft")
    );
    draft
}

#[tokio::test]
async fn a_household_has_four_trips_together_whoever_travels_and_asks() {
    let db = TestDb::create("benefits", crate::migrations()).await;
    let catalogue = counted_by_household();
    let benefit = catalogue.get("air_transport_support").expect("the support");
    let hers = sample();
    let (spouse, child) = (hers.relatives[0].person, hers.relatives[1].person);
    let mut his = sample();
    his.person = spouse;
    his.relatives[0].person = hers.person;
    let trips = [
        (&hers, Relation::Member, hers.person),
        (&hers, Relation::Child, child),
        (&his, Relation::Member, spouse),
        (&his, Relation::Child, child),
        (&hers, Relation::Spouse, spouse),
        (&his, Relation::Spouse, hers.person),
    ];
    let mut conn = db.pool.acquire().await.expect("a connection");
    let mut sent = Vec::new();
    for (n, (facts, relation, person)) in (1..).zip(trips) {
        let asked = trip(&db.pool, facts, relation, person, n).await;
        let mut tx = db.pool.begin().await.expect("a transaction");
        let fits = reserve_when_sent(&mut tx, benefit, &asked, facts, 2026, now())
            .await
            .expect("it is answered");
        assert_eq!(fits, n <= 4, "trip {n}");
        if fits {
            tx.commit().await.expect("it commits");
            sent.push(asked);
        } else {
            tx.rollback().await.expect("it is given up");
            let standing = standing(&mut conn, benefit, &asked, Some(facts), 2026)
                .await
                .expect("it is read")
                .expect("a ceiling");
            assert_eq!(
                (standing.left, standing.per),
                (Left::Uses(0), CeilingHolder::Household)
            );
        }
    }
    // What one gives back another may take.
    release(&mut conn, sent[0].id, now())
        .await
        .expect("it is given back");
    let again = trip(&db.pool, &his, Relation::Child, child, 7).await;
    assert!(
        reserve_when_sent(&mut conn, benefit, &again, &his, 2026, now())
            .await
            .expect("it is answered")
    );
}

#[tokio::test]
async fn a_corrected_day_moves_the_use_to_another_year_and_a_grant_keeps_it() {
    let db = TestDb::create("benefits", crate::migrations()).await;
    let catalogue = crate::domain::catalogue::tests::catalogue();
    let benefit = catalogue.get("air_transport_support").expect("the support");
    let facts = sample();
    let mut asked = trip(&db.pool, &facts, Relation::Member, facts.person, 1).await;
    let mut conn = db.pool.acquire().await.expect("a connection");
    let reserved = async |conn: &mut PgConnection, asked: &Application| {
        let fits = reserve_when_sent(conn, benefit, asked, &facts, 2026, now()).await;
        assert!(fits.expect("it is answered"));
    };
    reserved(&mut conn, &asked).await;
    asked
        .answers
        .fields
        .insert("outward_on".to_owned(), FieldValue::Date(day("2025-12-30")));
    reserved(&mut conn, &asked).await;
    let used: Vec<(i32, i64)> = sqlx::query_as("SELECT year, used FROM ceiling_counters ORDER BY year")
        .fetch_all(&db.pool)
        .await
        .expect("the counters");
    assert_eq!(used, [(2025, 1), (2026, 0)]);
    // The rules see the request as if it had taken nothing.
    let standing = standing(&mut conn, benefit, &asked, Some(&facts), 2026)
        .await
        .expect("it is read")
        .expect("a ceiling");
    assert_eq!(standing.left, Left::Uses(4));
    commit(&mut conn, asked.id, now()).await.expect("it is granted");
    release(&mut conn, asked.id, now())
        .await
        .expect("nothing to give back");
    let kept: i64 = sqlx::query_scalar("SELECT used FROM ceiling_counters WHERE year = 2025")
        .fetch_one(&db.pool)
        .await
        .expect("the counter");
    assert_eq!(kept, 1);
}
