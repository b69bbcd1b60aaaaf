//! Somebody changes the audit trail by hand in the database: each way of it is found.

use chrono::TimeDelta;
use operations::Kept;
use operations_proto::v1::{
    AuditFlawKind, AuditRecord, ListAuditRootsRequest, VerifyAuditChainsRequest, VerifyAuditRootRequest,
};
use platform::audit::{Actor, AuditEntry, record};
use platform::audit_roots::make_root;
use platform::status::{fields, reason};
use sqlx::{AssertSqlSafe, Executor as _};
use tonic::{Code, Request, Status};
use uuid::Uuid;

use crate::support::World;

/// Three lines of one record.
async fn write_down(world: &World, id: Uuid) {
    let mut conn = world.db.pool.acquire().await.unwrap();
    for action in ["made", "changed", "closed"] {
        let entry = AuditEntry {
            record_kind: "thing",
            record_id: id,
            actor: &Actor::system("a test"),
            action,
            fields: &["colour"],
            reason: None,
            at: world.clock.now(),
        };
        record(&mut conn, entry).await.unwrap();
    }
}

fn asked<T>(world: &World, message: T) -> Request<T> {
    let token = world.keys.app_token("things", "tadamon-cli", "operations.audit");
    auth::client::with_token(Request::new(message), &token)
}

async fn flaws(world: &World) -> Vec<(String, AuditFlawKind, i64)> {
    let (mut found, mut after) = (Vec::new(), None);
    loop {
        let message = VerifyAuditChainsRequest { after, page_size: 1 };
        let page = world
            .client()
            .verify_audit_chains(asked(world, message))
            .await
            .unwrap()
            .into_inner();
        found.extend(page.flaws.into_iter().map(|flaw| {
            let kind = flaw.kind();
            (flaw.record.unwrap().record_id, kind, flaw.line)
        }));
        after = page.next;
        if after.is_none() {
            return found;
        }
    }
}

async fn holds(world: &World, number: i64) -> Result<bool, Status> {
    let message = VerifyAuditRootRequest { number };
    let answer = world.client().verify_audit_root(asked(world, message)).await?;
    Ok(answer.into_inner().holds)
}

async fn by_hand(world: &World, statement: &str, id: Uuid) {
    let statement = statement.replace("$1", &format!("'{id}'"));
    let changed = testkit::change_the_unchangeable(&world.db.pool, &statement).await;
    assert!(changed > 0, "the hand met nothing");
}

#[tokio::test]
async fn each_way_of_changing_a_trail_by_hand_is_found_and_names_record_and_line() {
    let world = World::start(Kept::Events).await;
    let other = world.id();
    write_down(&world, other).await;
    assert_eq!(flaws(&world).await, []);
    for (statement, kind, line) in [
        (
            "UPDATE audit SET actor_id = 'nobody' WHERE number = 2 AND record_id = $1",
            AuditFlawKind::Changed,
            2,
        ),
        (
            "UPDATE audit SET fields = '{size}' WHERE number = 3 AND record_id = $1",
            AuditFlawKind::Changed,
            3,
        ),
        (
            "DELETE FROM audit WHERE number = 1 AND record_id = $1",
            AuditFlawKind::Missing,
            1,
        ),
        (
            "DELETE FROM audit WHERE number = 2 AND record_id = $1",
            AuditFlawKind::Missing,
            2,
        ),
        (
            "DELETE FROM audit WHERE number = 3 AND record_id = $1",
            AuditFlawKind::EndDiffers,
            0,
        ),
        (
            "DELETE FROM audit WHERE record_id = $1",
            AuditFlawKind::EndDiffers,
            0,
        ),
        (
            "DELETE FROM audit_chain WHERE record_id = $1",
            AuditFlawKind::ChainMissing,
            0,
        ),
    ] {
        let id = world.id();
        write_down(&world, id).await;
        by_hand(&world, statement, id).await;
        assert_eq!(flaws(&world).await, [(id.to_string(), kind, line)], "{statement}");
        for table in ["audit", "audit_chain"] {
            let statement = format!("DELETE FROM {table} WHERE record_id = '{id}'");
            testkit::change_the_unchangeable(&world.db.pool, &statement).await;
        }
    }
}

#[tokio::test]
async fn a_chain_that_was_rewritten_whole_is_found_by_its_root_and_one_root_is_made_a_day() {
    let world = World::start(Kept::Events).await;
    let pool = &world.db.pool;
    let today = world.clock.now();
    assert_eq!(
        make_root(pool, today).await.unwrap(),
        None,
        "nothing was written down yet"
    );
    let (first, second) = (world.id(), world.id());
    write_down(&world, first).await;
    let one = make_root(pool, today).await.unwrap().expect("the first root");
    write_down(&world, second).await;
    assert_eq!(make_root(pool, today).await.unwrap(), None, "one a day");
    let tomorrow = today + TimeDelta::days(1);
    let two = make_root(pool, tomorrow).await.unwrap().expect("the second root");
    assert_eq!((one.number, two.number), (1, 2));
    assert_eq!(
        make_root(pool, tomorrow + TimeDelta::days(1)).await.unwrap(),
        None,
        "nothing new"
    );
    assert_eq!(
        (holds(&world, 1).await.unwrap(), holds(&world, 2).await.unwrap()),
        (true, true)
    );

    let message = ListAuditRootsRequest {
        after_number: 1,
        page_size: 1,
    };
    let listed = world
        .client()
        .list_audit_roots(asked(&world, message))
        .await
        .unwrap()
        .into_inner()
        .roots;
    assert_eq!(
        (listed.len(), listed[0].number, listed[0].root.to_vec()),
        (1, 2, two.root)
    );

    // A careful hand: the last line goes and the chain's end is put back to the one before.
    by_hand(
        &world,
        "DELETE FROM audit WHERE number = 3 AND record_id = $1",
        second,
    )
    .await;
    by_hand(
        &world,
        "UPDATE audit_chain SET number = 2, hash = (SELECT hash FROM audit WHERE record_id = $1 AND number = 2) WHERE record_id = $1",
        second,
    )
    .await;
    assert_eq!(flaws(&world).await, [], "the chain alone does not show it");
    assert_eq!(
        (holds(&world, 1).await.unwrap(), holds(&world, 2).await.unwrap()),
        (true, false)
    );
    // And a root that is taken away leaves the next without what it followed from.
    testkit::change_the_unchangeable(pool, "DELETE FROM audit_root_leaves WHERE root = 1").await;
    assert!(!holds(&world, 1).await.unwrap());
}

#[tokio::test]
async fn lines_of_a_trail_are_not_changed_taken_away_or_emptied_by_any_statement() {
    let world = World::start(Kept::Events).await;
    let pool = &world.db.pool;
    let id = world.id();
    write_down(&world, id).await;
    make_root(pool, world.clock.now()).await.unwrap().expect("a root");
    // A month that did not exist when the trail was first guarded.
    let late = chrono::NaiveDate::from_ymd_opt(2031, 5, 1).unwrap();
    sqlx::query("SELECT ensure_month_partitions('audit', $1, $1)")
        .bind(late)
        .execute(pool)
        .await
        .unwrap();
    for statement in [
        "UPDATE audit SET actor_id = 'nobody'",
        "DELETE FROM audit",
        "TRUNCATE audit",
        "TRUNCATE audit_default",
        "TRUNCATE audit_203105",
        "UPDATE audit_roots SET root = '\\x00'",
        "DELETE FROM audit_root_leaves",
        "TRUNCATE audit_roots CASCADE",
        "DELETE FROM audit_chain",
        "TRUNCATE audit_chain",
        "UPDATE audit_chain SET number = number - 1",
        "UPDATE audit_chain SET hash = '\\x00'",
        "UPDATE audit_chain SET rooted = -1",
        "UPDATE audit_chain SET record_id = gen_random_uuid()",
    ] {
        let outcome = pool.execute(AssertSqlSafe(statement.to_owned())).await;
        let refused =
            matches!(&outcome, Err(sqlx::Error::Database(error)) if error.code().as_deref() == Some("42501"));
        assert!(refused, "{statement}: {outcome:?}");
    }
    assert_eq!(flaws(&world).await, []);
    write_down(&world, id).await;
    assert_eq!(flaws(&world).await, [], "the trail goes on");
}

#[tokio::test]
async fn wrong_questions_name_field_and_rule_and_strangers_learn_nothing() {
    let world = World::start(Kept::Events).await;
    for size in [-1, 1_001] {
        let message = VerifyAuditChainsRequest {
            after: None,
            page_size: size,
        };
        let refused = world
            .client()
            .verify_audit_chains(asked(&world, message))
            .await
            .unwrap_err();
        assert_eq!(
            (refused.code(), fields(&refused)[0].name.as_str()),
            (Code::InvalidArgument, "page_size")
        );
    }
    let after = Some(AuditRecord {
        record_kind: "thing".to_owned(),
        record_id: "7".to_owned(),
    });
    let message = VerifyAuditChainsRequest { after, page_size: 0 };
    let refused = world
        .client()
        .verify_audit_chains(asked(&world, message))
        .await
        .unwrap_err();
    assert_eq!(reason(&refused).as_deref(), Some("RECORD_ID_INVALID"));
    let unknown = holds(&world, 9).await.unwrap_err();
    assert_eq!(
        (unknown.code(), reason(&unknown).as_deref()),
        (Code::NotFound, Some("AUDIT_ROOT_NOT_FOUND"))
    );
    // The scope of dead letters is another.
    let message = VerifyAuditRootRequest { number: 1 };
    let refused = world
        .client()
        .verify_audit_root(world.asked(message))
        .await
        .unwrap_err();
    assert_eq!(refused.code(), Code::PermissionDenied);
}
