//! A partner checks a code: the least that a sale needs, and nothing that tells one refusal from another.

use futures::future::{join, join_all};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::partner::{Answer, Partner};
use crate::queries;
use crate::support::{COUNTER, OFFER, Setup, TestApp, coach_terms};

#[tokio::test]
async fn a_good_card_answers_category_percentage_and_until_when_and_nothing_else() {
    let app = TestApp::start().await;
    let partner = app.coach_company().await;
    let member = app.member().await;
    let cards = member.issue().await.expect("codes");
    for (at, category) in [(0, "member"), (1, "spouse"), (3, "child")] {
        let answer = partner.verify(&cards[at].code).await;
        assert_eq!(answer.status, 200);
        let id = answer.text("verification_id");
        assert_eq!(
            answer.body,
            json!({
                "result": "valid",
                "verification_id": id,
                "category": category,
                "percent": "30",
                "valid_until": "2026-11-22T09:30:00Z",
            })
        );
    }
    app.finish().await;
}

#[tokio::test]
async fn a_code_is_good_for_ten_minutes_more_than_once_and_as_clerks_type_it() {
    let app = TestApp::start().await;
    let partner = app.coach_company().await;
    let member = app.member().await;
    let code = member.code_of(&member.person()).await;
    partner.verified(&code).await;
    let typed = format!("{} {}", &code[..5].to_lowercase(), &code[5..]);
    partner.verified(&typed).await;
    app.minutes_pass(9);
    partner.verified(&code).await;
    app.minutes_pass(1);
    assert_eq!(partner.verify(&code).await.body["result"], "not_valid");
    app.finish().await;
}

#[tokio::test]
async fn a_new_code_voids_the_former() {
    let app = TestApp::start().await;
    let partner = app.coach_company().await;
    let member = app.member().await;
    let former = member.code_of(&member.person()).await;
    let code = member.code_of(&member.person()).await;
    assert_eq!(partner.verify(&former).await.body["result"], "not_valid");
    partner.verified(&code).await;
    app.finish().await;
}

#[tokio::test]
async fn unknown_expired_voided_suspended_and_too_old_look_alike_and_take_the_same_work() {
    let app = TestApp::start_with(Setup {
        now: "2026-11-20T22:55:00Z",
        ..Setup::default()
    })
    .await;
    let partner = app.coach_company().await;
    // The grown child turns 22 at midnight, five minutes from now, while its code still lives.
    let (aging, voided, suspended, good) = (
        app.member().await,
        app.member().await,
        app.member().await,
        app.member().await,
    );
    let too_old = aging.code_of(&aging.grown_child()).await;
    let former = voided.code_of(&voided.person()).await;
    voided.issue().await.expect("new codes");
    let suspended_code = suspended.code_of(&suspended.person()).await;
    app.suspend(&suspended.person(), true).await;
    let expired_member = app.member().await;
    let expired = expired_member.code_of(&expired_member.person()).await;
    sqlx::query("UPDATE card_codes SET expires_at = issued_at WHERE member_id = $1")
        .bind(expired_member.id.as_uuid())
        .execute(app.pool())
        .await
        .expect("it is expired");
    app.minutes_pass(6);
    let valid = good.code_of(&good.person()).await;
    // The book is read once after a change, whatever is checked.
    partner.verified(&valid).await;

    queries::watch();
    let mut seen = Vec::new();
    for code in ["0000000000", &expired, &former, &suspended_code, &too_old] {
        let hashes = app.work.hashes();
        let rows = written(&app).await;
        let _earlier = queries::take();
        let answer = partner.verify(code).await;
        let mut body = answer.body.clone();
        body["verification_id"] = json!("");
        let mut headers: Vec<String> = answer.headers.keys().map(ToString::to_string).collect();
        headers.sort();
        let length = answer.header("content-length").map(str::to_owned);
        seen.push((
            answer.status,
            body,
            headers,
            length,
            queries::take(),
            app.work.hashes() - hashes,
            written(&app).await - rows,
        ));
    }
    assert_eq!(seen[0].1, json!({ "result": "not_valid", "verification_id": "" }));
    assert_eq!((seen[0].4.len(), seen[0].5, seen[0].6), (2, 1, 1), "{seen:?}");
    for other in &seen[1..] {
        assert_eq!(*other, seen[0]);
    }
    // A good card takes the same statements, too.
    let _earlier = queries::take();
    partner.verified(&valid).await;
    assert_eq!(queries::take(), seen[0].4);
    let reasons: Vec<Option<String>> =
        sqlx::query_scalar("SELECT refusal FROM verifications ORDER BY verification_id")
            .fetch_all(app.pool())
            .await
            .expect("the reasons");
    let refused: Vec<String> = reasons.into_iter().flatten().collect();
    for reason in [
        "UNKNOWN",
        "CODE_EXPIRED",
        "CODE_VOIDED",
        "CARD_SUSPENDED",
        "TOO_OLD",
    ] {
        assert!(
            refused.iter().any(|found| found == reason),
            "{reason} in {refused:?}"
        );
    }
    app.finish().await;
}

/// Checks that are written down.
async fn written(app: &TestApp) -> i64 {
    sqlx::query_scalar("SELECT count(*) FROM verifications")
        .fetch_one(app.pool())
        .await
        .expect("a count")
}

#[tokio::test]
async fn an_agreement_that_ends_is_refused_the_same_day_in_casablanca() {
    // 23:50 in Casablanca.
    let app = TestApp::start_with(Setup {
        now: "2026-11-30T22:50:00Z",
        ..Setup::default()
    })
    .await;
    let mut terms = coach_terms();
    terms.valid_to = "2026-11-30".to_owned();
    let partner = app.company("ctm", "ctm-sandbox", terms).await;
    let member = app.member().await;
    let code = member.code_of(&member.person()).await;
    let last = partner.verify(&code).await;
    assert_eq!(
        last.text("valid_until"),
        "2026-11-30T23:00:00Z",
        "never past the last day"
    );
    app.minutes_pass(9);
    partner.verified(&code).await;
    app.minutes_pass(1);
    let refused = partner.verify(&code).await;
    assert_eq!(
        (refused.status, refused.reason()),
        (403, "AGREEMENT_NOT_IN_FORCE")
    );
    let cards = member.issue().await.expect("an answer");
    assert!(cards.iter().all(|card| card.reason == "NO_AGREEMENT"));
    app.finish().await;
}

#[tokio::test]
async fn an_agreement_that_is_ended_today_is_refused_from_the_next_check_on() {
    let app = TestApp::start().await;
    let partner = app.coach_company().await;
    let member = app.member().await;
    let code = member.code_of(&member.person()).await;
    partner.verified(&code).await;
    app.end("ctm", "").await.expect("it ends");
    assert_eq!(partner.verify(&code).await.reason(), "AGREEMENT_NOT_IN_FORCE");
    app.finish().await;
}

#[tokio::test]
async fn a_new_version_takes_over_on_its_first_day() {
    let app = TestApp::start_with(Setup {
        now: "2026-12-31T22:55:00Z",
        ..Setup::default()
    })
    .await;
    let partner = app.coach_company().await;
    let mut next = coach_terms();
    next.valid_from = "2027-01-01".to_owned();
    next.offers[0].percent_basis_points = 2_750;
    next.child_age_mode = "until_birthday".to_owned();
    next.child_age_to = 11;
    assert_eq!(app.put("ctm", next).await.expect("a version"), 2);
    let member = app.member().await;
    let child = member.code_of(&member.child()).await;
    assert_eq!(partner.verify(&child).await.text("percent"), "30");
    let own = member.code_of(&member.person()).await;
    app.minutes_pass(6);
    assert_eq!(partner.verify(&own).await.text("percent"), "27.5");
    assert_eq!(
        member.issue().await.expect("codes")[3].reason,
        "TOO_OLD",
        "eleven is no longer inside"
    );
    app.finish().await;
}

#[tokio::test]
async fn an_offer_or_counter_that_the_agreement_does_not_have_is_named() {
    let app = TestApp::start().await;
    let partner = app.coach_company().await;
    let member = app.member().await;
    let code = member.code_of(&member.person()).await;
    for (offer, counter, pointer, reason) in [
        ("train-fare", COUNTER, "/offer_code", "OFFER_UNKNOWN"),
        (OFFER, "oujda", "/counter_code", "COUNTER_UNKNOWN"),
        (OFFER, "Rabat", "/counter_code", "COUNTER_UNKNOWN"),
    ] {
        let body = json!({ "code": code, "offer_code": offer, "counter_code": counter });
        let answer = partner.verify_with(&body).await;
        assert_eq!((answer.status, answer.errors()), (422, vec![(pointer, reason)]));
    }
    let body = json!({ "code": "short", "offer_code": "", "counter_code": "" });
    let answer = partner.verify_with(&body).await;
    assert_eq!(
        answer.errors(),
        [
            ("/code", "CODE_MALFORMED"),
            ("/offer_code", "OFFER_UNKNOWN"),
            ("/counter_code", "COUNTER_UNKNOWN")
        ]
    );
    assert_eq!(app.count("SELECT count(*) FROM verifications").await, 0);
    app.finish().await;
}

#[tokio::test]
async fn a_relative_who_is_no_longer_declared_is_no_longer_valid_at_once() {
    let app = TestApp::start().await;
    let partner = app.coach_company().await;
    let member = app.member().await;
    let code = member.code_of(&member.spouse()).await;
    partner.verified(&code).await;
    member
        .becomes_known(|facts| {
            facts.version = 2;
            facts.relatives.pop();
        })
        .await;
    assert_eq!(partner.verify(&code).await.body["result"], "not_valid");
    app.finish().await;
}

/// Checks that come at the same time, while those that came first are held up, so that the others gather.
async fn at_once(app: &TestApp, partner: &Partner<'_>, bodies: &[Value]) -> Vec<Answer> {
    let mut held = app.pool().begin().await.expect("a transaction");
    sqlx::query("LOCK TABLE verifications IN ACCESS EXCLUSIVE MODE")
        .execute(&mut *held)
        .await
        .expect("the lock");
    let release = async {
        testkit::eventually(async || {
            let waiting: i64 = sqlx::query_scalar(
                "SELECT count(*) FROM pg_locks WHERE relation = 'verifications'::regclass AND NOT granted",
            )
            .fetch_one(app.pool())
            .await
            .expect("the locks");
            (waiting > 0).then_some(())
        })
        .await;
        held.rollback().await.expect("the lock is given back");
    };
    let asked = join_all(bodies.iter().map(|body| partner.verify_with(body)));
    join(asked, release).await.0
}

#[tokio::test]
async fn checks_that_come_at_once_get_each_its_own_answer_and_each_is_written_down_once() {
    let app = TestApp::start().await;
    let partner = app.coach_company().await;
    let mut codes = vec!["0000000000".to_owned()];
    for _ in 0..5 {
        let member = app.member().await;
        let cards = member.issue().await.expect("codes");
        codes.extend(cards.iter().take(2).map(|card| card.code.clone()));
    }
    let bodies: Vec<Value> = (0..44)
        .map(|n| json!({ "code": codes[n % codes.len()], "offer_code": OFFER, "counter_code": COUNTER }))
        .collect();
    let answers = at_once(&app, &partner, &bodies).await;
    for (n, answer) in answers.iter().enumerate() {
        assert_eq!(answer.status, 200, "{answer:?}");
        // Codes go member, spouse, member, spouse after the one that nobody was given.
        let expected = match n % codes.len() {
            0 => json!(null),
            odd if odd % 2 == 1 => json!("member"),
            _ => json!("spouse"),
        };
        assert_eq!(answer.body["category"], expected, "{n}");
        let id: Uuid = answer.text("verification_id").parse().expect("an id");
        let written: Option<String> =
            sqlx::query_scalar("SELECT category FROM verifications WHERE verification_id = $1")
                .bind(id)
                .fetch_one(app.pool())
                .await
                .expect("it is written down");
        assert_eq!(json!(written), expected, "{n}");
    }
    assert_eq!(app.count("SELECT count(*) FROM verifications").await, 44);
    app.finish().await;
}

#[tokio::test]
async fn a_check_that_cannot_be_written_down_hurts_none_that_came_with_it() {
    let app = TestApp::start().await;
    let partner = app.coach_company().await;
    let member = app.member().await;
    let code = member.code_of(&member.person()).await;
    partner.verified(&code).await;
    sqlx::query("ALTER TABLE verifications ADD CONSTRAINT not_there CHECK (counter_code <> 'online')")
        .execute(app.pool())
        .await
        .expect("a constraint");
    let bodies: Vec<Value> = (0..24)
        .map(|n| {
            let counter = if n == 17 { "online" } else { COUNTER };
            json!({ "code": code, "offer_code": OFFER, "counter_code": counter })
        })
        .collect();
    let answers = at_once(&app, &partner, &bodies).await;
    for (n, answer) in answers.iter().enumerate() {
        if n == 17 {
            assert_eq!((answer.status, answer.reason()), (500, "INTERNAL"));
        } else {
            assert_eq!(answer.body["result"], "valid", "{n}: {answer:?}");
        }
    }
    assert_eq!(app.count("SELECT count(*) FROM verifications").await, 24);
    app.finish().await;
}
