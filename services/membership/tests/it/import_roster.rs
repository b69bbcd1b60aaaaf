//! The roster import against the real database: what goes in, what is refused, what is announced, and that a second run
//! changes nothing.

use kernel::permission::Role;
use membership_proto::v1::roster_service_client::RosterServiceClient;
use membership_proto::v1::{RosterOpening, import_roster_request, import_roster_response};
use platform::status::reason;
use testkit::eventually;
use tonic::{Code, Request};

use crate::support::{HEADER, TestApp, child, member, part, with};

#[tokio::test]
async fn a_family_goes_in_and_the_same_file_again_changes_and_announces_nothing() {
    let app = TestApp::start().await;
    let file = [
        with(&member(1), &[]),
        with(&child(1, 1, "Salma", "2015-06-30"), &[]),
        with(&child(1, 2, "Hiba", "2018-02-01"), &[]),
        with(
            &member(2),
            &[("position", "retired"), ("pension_number", "P1234")],
        ),
    ];
    let first = app.import(&file).await;
    assert_eq!(first.found(), []);
    assert_eq!(
        (first.counts(), first.summary.relatives, first.summary.lines_read),
        ((2, 0, 0), 2, 4)
    );
    let again = app.import(&file).await;
    assert_eq!(again.counts(), (0, 0, 2));
    assert_eq!(app.count("SELECT count(*) FROM outbox").await, 2);
    assert_eq!(app.count("SELECT count(*) FROM persons").await, 4);
    assert_eq!(app.count("SELECT max(version) FROM members").await, 1);
    app.finish().await;
}

#[tokio::test]
async fn one_changed_line_announces_one_member_at_the_next_version() {
    let app = TestApp::start().await;
    let line = |n, changes: &[(&str, &str)]| with(&member(n), changes);
    app.import(&[line(1, &[]), line(2, &[])]).await;
    let changed = app
        .import(&[line(1, &[]), line(2, &[("province_iso", "MA-RAB")])])
        .await;
    assert_eq!(changed.counts(), (0, 1, 1));
    let events: Vec<(String, i64, i16)> =
        sqlx::query_as("SELECT event_type, sequence, lane FROM outbox WHERE event_type LIKE '%changed%'")
            .fetch_all(&app.db.pool)
            .await
            .unwrap();
    assert_eq!(events, [("membership.member.changed.v1".to_owned(), 2, 1)]);
    app.finish().await;
}

#[tokio::test]
async fn the_relay_publishes_what_an_import_announced() {
    let app = TestApp::start().await;
    app.import(&[with(&member(1), &[])]).await;
    let id = app.member_id("90000001").await;
    let data: serde_json::Value = sqlx::query_scalar("SELECT data FROM outbox")
        .fetch_one(&app.db.pool)
        .await
        .unwrap();
    assert_eq!(data, serde_json::json!({"memberId": id, "version": "1"}));
    eventually(async || (bus::unsent(&app.db.pool).await.unwrap() == 0).then_some(())).await;
    app.finish().await;
}

#[tokio::test]
async fn good_lines_go_in_and_a_bad_member_line_keeps_its_family_in_the_report() {
    let app = TestApp::start().await;
    let report = app
        .import(&[
            with(&member(1), &[("birth_date", "2099-01-01")]),
            with(&child(1, 1, "Salma", "2015-06-30"), &[]),
            with(&member(2), &[]),
            with(&child(2, 1, "=cmd()", "2015-06-30"), &[]),
            with(&member(3), &[("rib", "225330000010000000005700")]),
            with(&member(2), &[]),
        ])
        .await;
    assert_eq!(
        report.found(),
        [
            (2, "birth_date", "BIRTH_DATE_IN_FUTURE"),
            (3, "", "MEMBER_LINE_BAD"),
            (5, "first_name_fr", "FORMULA_CELL"),
            (6, "rib", "BAD_RIB"),
            (7, "matricule", "DUPLICATE_MATRICULE"),
        ]
    );
    assert_eq!((report.counts(), report.summary.lines_bad), ((1, 0, 0), 5));
    app.finish().await;
}

#[tokio::test]
async fn another_header_refuses_the_file_and_nothing_is_applied() {
    let app = TestApp::start().await;
    for header in [
        HEADER.replace(";rib", ""),
        format!("{HEADER};is_admin"),
        HEADER.replace(';', ","),
    ] {
        let refusal = app
            .try_import(&header, &[with(&member(1), &[])], false)
            .await
            .err()
            .unwrap();
        assert_eq!(refusal.code(), Code::InvalidArgument);
        assert_eq!(reason(&refusal).as_deref(), Some("HEADER_MISMATCH"));
    }
    assert_eq!(app.count("SELECT count(*) FROM members").await, 0);
    assert_eq!(app.count("SELECT count(*) FROM audit").await, 0);
    app.finish().await;
}

#[tokio::test]
async fn a_dry_run_reports_like_an_import_and_writes_nothing() {
    let app = TestApp::start().await;
    let file = [with(&member(1), &[]), with(&member(2), &[("sex", "?")])];
    let dry = app.try_import(HEADER, &file, true).await.unwrap();
    assert_eq!(
        (dry.counts(), dry.found().len(), dry.summary.dry_run),
        ((1, 0, 0), 1, true)
    );
    for table in [
        "SELECT count(*) FROM members",
        "SELECT count(*) FROM persons",
        "SELECT count(*) FROM person_keys",
        "SELECT count(*) FROM outbox",
        "SELECT count(*) FROM roster_imports",
        "SELECT count(*) FROM audit",
    ] {
        assert_eq!(app.count(table).await, 0, "{table}");
    }
    assert_eq!(app.import(&file).await.counts(), (1, 0, 0));
    app.finish().await;
}

#[tokio::test]
async fn each_import_leaves_its_record_and_its_audit_lines() {
    let app = TestApp::start().await;
    app.import(&[with(&member(1), &[])]).await;
    let record: (String, String, i32) =
        sqlx::query_as("SELECT outcome, actor_id, members_registered FROM roster_imports")
            .fetch_one(&app.db.pool)
            .await
            .unwrap();
    assert_eq!(record, ("finished".to_owned(), "tadamon-cli".to_owned(), 1));
    let actions: Vec<String> = sqlx::query_scalar("SELECT action FROM audit ORDER BY number")
        .fetch_all(&app.db.pool)
        .await
        .unwrap();
    assert_eq!(actions, ["started", "finished"]);
    app.finish().await;
}

#[tokio::test]
async fn while_one_import_runs_a_second_one_is_told_to_wait_and_a_caller_who_leaves_frees_the_lock() {
    let app = TestApp::start().await;
    let (lines, stream) = tokio::sync::mpsc::channel(4);
    let opening = RosterOpening {
        header: HEADER.into(),
        dry_run: false,
        file_sha256: "0".repeat(64),
    };
    lines
        .send(part(import_roster_request::Part::Opening(opening)))
        .await
        .unwrap();
    let request = Request::new(tokio_stream::wrappers::ReceiverStream::new(stream));
    let request = auth::client::with_token(request, &app.importer_token());
    let first = RosterServiceClient::new(app.channel.clone())
        .import_roster(request)
        .await
        .unwrap();
    let refused = app.try_import(HEADER, &[], false).await.err().unwrap();
    assert_eq!(refused.code(), Code::FailedPrecondition);
    assert_eq!(reason(&refused).as_deref(), Some("IMPORT_RUNNING"));
    drop((first, lines));
    eventually(async || app.try_import(HEADER, &[], false).await.ok()).await;
    app.finish().await;
}

#[tokio::test]
async fn the_stream_must_begin_with_its_opening_and_have_only_one() {
    let app = TestApp::start().await;
    let opening = || {
        let opening = RosterOpening {
            header: HEADER.into(),
            dry_run: true,
            file_sha256: "0".repeat(64),
        };
        part(import_roster_request::Part::Opening(opening))
    };
    let nothing = part(import_roster_request::Part::Chunk(Default::default()));
    for messages in [vec![nothing], vec![opening(), opening()], vec![]] {
        let request =
            auth::client::with_token(Request::new(tokio_stream::iter(messages)), &app.importer_token());
        let outcome = match RosterServiceClient::new(app.channel.clone())
            .import_roster(request)
            .await
        {
            Ok(answers) => answers.into_inner().message().await.err(),
            Err(refusal) => Some(refusal),
        };
        assert_eq!(reason(&outcome.unwrap()).as_deref(), Some("BAD_STREAM"));
    }
    app.finish().await;
}

#[tokio::test]
async fn a_child_of_two_members_is_one_person_and_a_change_of_the_child_is_news_for_both() {
    let app = TestApp::start().await;
    let shared = |n, birth| with(&child(n, 1, "Salma", birth), &[("child_key", "C-1")]);
    app.import(&[
        with(&member(1), &[]),
        shared(1, "2015-06-30"),
        with(&member(2), &[]),
        shared(2, "2015-06-30"),
    ])
    .await;
    assert_eq!(app.count("SELECT count(*) FROM persons").await, 3);
    assert_eq!(
        app.count("SELECT count(DISTINCT person_id) FROM family_links")
            .await,
        1
    );
    let correction = app
        .import(&[with(&member(1), &[]), shared(1, "2015-07-30")])
        .await;
    assert_eq!(correction.counts(), (0, 1, 0));
    assert_eq!(app.count("SELECT min(version) FROM members").await, 2);
    assert_eq!(
        app.count("SELECT count(*) FROM outbox WHERE event_type LIKE '%changed%'")
            .await,
        2
    );
    app.finish().await;
}

#[tokio::test]
async fn a_retirement_keeps_the_active_period_and_what_was_believed_before() {
    let app = TestApp::start().await;
    app.import(&[with(&member(1), &[])]).await;
    let retired = [
        ("position", "retired"),
        ("position_from", "2026-01-01"),
        ("pension_number", "P1"),
    ];
    app.import(&[with(&member(1), &retired)]).await;
    let believed: Vec<(String, Option<chrono::NaiveDate>)> = sqlx::query_as(
        "SELECT position, valid_to FROM positions WHERE superseded_at IS NULL ORDER BY valid_from",
    )
    .fetch_all(&app.db.pool)
    .await
    .unwrap();
    let last_active_day = chrono::NaiveDate::from_ymd_opt(2025, 12, 31);
    assert_eq!(
        believed,
        [
            ("active".to_owned(), last_active_day),
            ("retired".to_owned(), None)
        ]
    );
    assert_eq!(
        app.count("SELECT count(*) FROM positions WHERE superseded_at IS NOT NULL")
            .await,
        1
    );
    app.finish().await;
}

#[tokio::test]
async fn a_doubt_about_a_person_is_reported_each_time_and_never_merged() {
    let app = TestApp::start().await;
    app.import(&[with(&member(1), &[])]).await;
    let reused = [("cin", "ZZ199999"), ("birth_date", "1999-09-09")];
    for _ in 0..2 {
        let report = app.import(&[with(&member(1), &reused)]).await;
        assert_eq!(report.found(), [(2, "matricule", "MATRICULE_OF_ANOTHER_PERSON")]);
    }
    let foreign_card = app
        .import(&[with(
            &member(2),
            &[("cin", "ZZ100001"), ("birth_date", "1970-01-01")],
        )])
        .await;
    assert_eq!(foreign_card.found(), [(2, "cin", "CIN_OF_ANOTHER_PERSON")]);
    assert_eq!(app.count("SELECT count(*) FROM members").await, 1);
    app.finish().await;
}

#[tokio::test]
async fn nothing_that_must_be_sealed_stands_in_the_database_in_the_clear() {
    let app = TestApp::start().await;
    let retired = [
        ("position", "retired"),
        ("pension_number", "PENSION77"),
        ("disability", "yes"),
    ];
    app.import(&[with(&member(1), &retired)]).await;
    let everything: String = sqlx::query_scalar(
        "SELECT concat((SELECT string_agg(p::text, '') FROM persons p), (SELECT string_agg(m::text, '') FROM members m),
                       (SELECT string_agg(b::text, '') FROM bank_accounts b), (SELECT string_agg(c::text, '') FROM contacts c),
                       (SELECT string_agg(o::text, '') FROM outbox o), (SELECT string_agg(a::text, '') FROM audit a))",
    )
    .fetch_one(&app.db.pool)
    .await
    .unwrap();
    let rib = crate::support::rib(1);
    for secret in ["ZZ100001", "PENSION77", rib.as_str(), "amina1@finances.example"] {
        let in_hexadecimal: String = secret.bytes().map(|byte| format!("{byte:02x}")).collect();
        assert!(
            !everything.contains(secret) && !everything.contains(&in_hexadecimal),
            "{secret}"
        );
    }
    app.finish().await;
}

#[tokio::test]
async fn two_thousand_families_go_in_over_many_batches_and_chunks() {
    let app = TestApp::start().await;
    let mut file = Vec::new();
    for n in 1..=2_000 {
        file.push(with(&member(n), &[]));
        file.push(with(&child(n, 1, "Salma", "2015-06-30"), &[]));
        file.push(with(&child(n, 2, "Hiba", "2018-06-30"), &[]));
    }
    let first = app.import(&file).await;
    assert_eq!((first.counts(), first.summary.relatives), ((2_000, 0, 0), 4_000));
    assert_eq!(app.import(&file).await.counts(), (0, 0, 2_000));
    app.finish().await;
}

#[tokio::test]
async fn answers_come_per_chunk_before_the_summary() {
    let app = TestApp::start().await;
    let opening = RosterOpening {
        header: HEADER.into(),
        dry_run: true,
        file_sha256: "0".repeat(64),
    };
    let chunk = |n| membership_proto::v1::RosterChunk {
        lines: vec![membership_proto::v1::RosterLine {
            number: n + 1,
            text: with(&member(n), &[]),
        }],
    };
    let messages = vec![
        part(import_roster_request::Part::Opening(opening)),
        part(import_roster_request::Part::Chunk(chunk(1))),
        part(import_roster_request::Part::Chunk(chunk(2))),
    ];
    let request = auth::client::with_token(Request::new(tokio_stream::iter(messages)), &app.importer_token());
    let mut answers = RosterServiceClient::new(app.channel.clone())
        .import_roster(request)
        .await
        .unwrap()
        .into_inner();
    let mut seen = Vec::new();
    while let Some(answer) = answers.message().await.unwrap() {
        seen.push(match answer.part.unwrap() {
            import_roster_response::Part::Progress(progress) => format!("progress {}", progress.lines_read),
            import_roster_response::Part::Summary(summary) => format!("summary {}", summary.lines_read),
        });
    }
    assert_eq!(seen, ["progress 1", "progress 2", "progress 2", "summary 2"]);
    // An agent, whatever the role, imports nothing: the permission is an application's.
    let agent = app.keys.agent_token(
        "membership",
        uuid::Uuid::from_u128(1).into(),
        &[Role::Administrator],
    );
    let request = auth::client::with_token(Request::new(tokio_stream::iter(vec![])), &agent);
    let refusal = RosterServiceClient::new(app.channel.clone())
        .import_roster(request)
        .await
        .unwrap_err();
    assert_eq!(refusal.code(), Code::PermissionDenied);
    app.finish().await;
}

#[tokio::test]
async fn a_bad_line_alone_announces_nobody_and_the_mended_file_neither() {
    let app = TestApp::start().await;
    let good = [
        with(&member(1), &[]),
        with(&child(1, 1, "Salma", "2015-06-30"), &[]),
    ];
    app.import(&good).await;
    let bad = [
        good[0].clone(),
        with(&child(1, 1, "Salma", "2015-06-30"), &[("sex", "?")]),
    ];
    assert_eq!(app.import(&bad).await.counts(), (0, 0, 1));
    assert_eq!(app.import(&good).await.counts(), (0, 0, 1));
    assert_eq!(app.count("SELECT count(*) FROM outbox").await, 1);
    assert_eq!(
        app.count("SELECT count(*) FROM family_links WHERE superseded_at IS NULL AND valid_to IS NULL")
            .await,
        1
    );
    app.finish().await;
}

#[tokio::test]
async fn the_next_file_may_follow_at_once() {
    let app = TestApp::start().await;
    let lines = [with(&member(1), &[])];
    // Each answer is the sign that the next may come: one that is early is refused now and then.
    for _ in 0..40 {
        app.import(&lines).await;
        app.try_import(HEADER, &lines, true).await.unwrap();
    }
    app.finish().await;
}
