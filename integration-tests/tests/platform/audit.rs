//! The operator's look at the audit trails of real services: all is well, then a line is taken away by hand.

use std::process::Output;

use integration_tests::member::Member;
use integration_tests::world::World;
use platform::audit_roots::make_root;
use platform::clock::Clock;
use sqlx::PgPool;

fn said(output: &Output) -> (Option<i32>, String) {
    let text = [output.stdout.as_slice(), output.stderr.as_slice()].concat();
    (output.status.code(), String::from_utf8_lossy(&text).into_owned())
}

#[tokio::test]
async fn a_line_taken_away_by_hand_and_a_root_written_anew_are_found_from_the_command_line() {
    let world = World::start().await;
    let member = Member::active();
    world.import(member.lines()).await;
    member.opens_an_account(&world).await;

    let (code, text) = said(&world.tadamon(&["audit", "verify"]));
    assert_eq!(code, Some(0), "{text}");
    assert!(
        text.contains("identity:") && text.contains("0 findings"),
        "{text}"
    );

    let pool = PgPool::connect(&world.database_url("identity"))
        .await
        .expect("the database answers");
    let root = make_root(&pool, Clock::system().now())
        .await
        .expect("the database answers");
    // The service makes one itself when it starts; whoever was first, there is one now.
    let copy = world.keys.path().join("roots");
    let copy = copy.to_str().expect("the test's folder has a plain name");
    let (code, text) = said(&world.tadamon(&["audit", "roots", "--append", copy]));
    assert_eq!(code, Some(0), "{root:?} {text}");
    let (code, text) = said(&world.tadamon(&["audit", "verify", "--roots", copy]));
    assert_eq!(code, Some(0), "{text}");

    for change in [
        "DELETE FROM audit WHERE ctid = (SELECT ctid FROM audit ORDER BY at LIMIT 1)",
        "UPDATE audit_roots SET root = '\\x00' WHERE number = 1",
    ] {
        testkit::change_the_unchangeable(&pool, change).await;
    }
    let (code, text) = said(&world.tadamon(&[
        "audit",
        "verify",
        "--service",
        "identity",
        "--roots",
        copy,
        "--json",
    ]));
    assert_eq!(code, Some(2), "{text}");
    assert!(
        text.contains("is gone") && text.contains("root 1 is another than in the copy"),
        "{text}"
    );
    assert!(
        !text.contains(&member.email()),
        "no line's words leave the service"
    );

    let (code, text) = said(&world.tadamon(&["audit", "verify", "--service", "nobody"]));
    assert_eq!(code, Some(64), "{text}");
    world.kill("benefits");
    let (code, text) = said(&world.tadamon(&["audit", "verify"]));
    assert_eq!(
        (code, text.contains("no answer from benefits")),
        (Some(69), true),
        "{text}"
    );
}
