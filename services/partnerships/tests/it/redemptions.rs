//! Sales: once per key, per check and per reference, at the platform's amounts, within the limits, taken back within a day.

use futures::future::join_all;
use serde_json::{Value, json};

use crate::support::{Setup, TestApp, coach_terms};

fn with(sale: &Value, field: &str, value: impl Into<Value>) -> Value {
    let mut changed = sale.clone();
    changed[field] = value.into();
    changed
}

#[tokio::test]
async fn a_sale_is_recorded_and_told_without_saying_who_bought() {
    let app = TestApp::start().await;
    let partner = app.coach_company().await;
    let member = app.member().await;
    let verification = partner.verified(&member.code_of(&member.child()).await).await;
    app.minutes_pass(5);
    let answer = partner.redeem("sale-1", &partner.sale(&verification)).await;
    assert_eq!(answer.status, 201);
    let id = answer.text("redemption_id").to_owned();
    assert_eq!(
        answer.body,
        json!({
            "redemption_id": id,
            "verification_id": verification,
            "partner_reference": format!("T-{verification}"),
            "gross_amount": "85.00",
            "reduction": "25.50",
            "net_amount": "59.50",
            "occurred_at": "2026-11-22T09:05:00Z",
            "recorded_at": "2026-11-22T09:05:00Z",
            "cancellable_until": "2026-11-23T09:05:00Z",
        })
    );
    let (event_type, data): (String, Value) = sqlx::query_as("SELECT event_type, data FROM outbox")
        .fetch_one(app.pool())
        .await
        .expect("one event");
    assert_eq!(event_type, "partnerships.redemption.recorded.v1");
    let mut fields: Vec<&str> = data.as_object().unwrap().keys().map(String::as_str).collect();
    fields.sort_unstable();
    assert_eq!(fields, ["offerCode", "partnerId", "redemptionId", "version"]);
    assert_eq!(
        app.count("SELECT count(*) FROM audit WHERE record_kind = 'redemption' AND action = 'recorded'")
            .await,
        1
    );
    app.finish().await;
}

#[tokio::test]
async fn a_key_does_its_work_once_and_answers_the_same_again_also_when_the_spelling_differs() {
    let app = TestApp::start().await;
    let partner = app.coach_company().await;
    let member = app.member().await;
    let verification = partner.verified(&member.code_of(&member.person()).await).await;
    let sale = partner.sale(&verification);
    let first = partner.redeem("sale-1", &sale).await;
    assert_eq!((first.status, first.header("idempotency-replayed")), (201, None));
    app.minutes_pass(60 * 71);
    let again = partner.redeem("sale-1", &sale).await;
    assert_eq!(
        (again.status, again.header("idempotency-replayed")),
        (201, Some("true"))
    );
    assert_eq!(again.body, first.body);
    // The same fields in another order and with spaces are the same request.
    let reordered: String = {
        let fields = sale.as_object().unwrap().iter().rev();
        let fields: Vec<String> = fields
            .map(|(name, value)| format!("{name:?} : {value}"))
            .collect();
        format!("{{ {} }}", fields.join(" , "))
    };
    let path = "/partner/v1/redemptions";
    let request = partner
        .request(reqwest::Method::POST, path)
        .header("idempotency-key", "sale-1")
        .header("content-type", "application/json")
        .body(reordered);
    assert_eq!(partner.send(("post", path), request).await.body, first.body);
    let other = partner
        .redeem("sale-1", &with(&sale, "partner_reference", "another"))
        .await;
    assert_eq!((other.status, other.reason()), (422, "IDEMPOTENCY_KEY_REUSED"));
    assert_eq!(app.count("SELECT count(*) FROM redemptions").await, 1);
    app.finish().await;
}

#[tokio::test]
async fn fifty_requests_with_one_key_at_once_make_one_sale() {
    let app = TestApp::start().await;
    let partner = app.coach_company().await;
    let member = app.member().await;
    let verification = partner.verified(&member.code_of(&member.person()).await).await;
    let sale = partner.sale(&verification);
    let answers = join_all((0..50).map(|_| partner.redeem("sale-1", &sale))).await;
    let made: Vec<&str> = answers
        .iter()
        .filter(|answer| answer.status == 201)
        .map(|answer| answer.text("redemption_id"))
        .collect();
    assert!(!made.is_empty() && made.iter().all(|id| *id == made[0]));
    for answer in answers.iter().filter(|answer| answer.status != 201) {
        assert!(
            matches!(answer.reason(), "IDEMPOTENCY_KEY_BUSY" | "TRY_AGAIN"),
            "{answer:?}"
        );
    }
    assert_eq!(app.count("SELECT count(*) FROM redemptions").await, 1);
    assert_eq!(app.count("SELECT count(*) FROM outbox").await, 1);
    app.finish().await;
}

#[tokio::test]
async fn a_key_belongs_to_its_client_and_its_address() {
    let app = TestApp::start().await;
    let partner = app.coach_company().await;
    let other = app.company("other", "other-client", coach_terms()).await;
    let member = app.member().await;
    let code = member.code_of(&member.person()).await;
    let (mine, theirs) = (partner.verified(&code).await, other.verified(&code).await);
    let first = partner.redeem("same-key", &partner.sale(&mine)).await;
    let second = other.redeem("same-key", &other.sale(&theirs)).await;
    assert_eq!((first.status, second.status), (201, 201));
    let cancelled = partner.cancel("same-key", first.text("redemption_id")).await;
    assert_eq!(cancelled.status, 201, "another address, another request");
    app.finish().await;
}

#[tokio::test]
async fn a_refusal_is_not_kept_and_the_same_key_may_be_sent_again() {
    let app = TestApp::start().await;
    let partner = app.coach_company().await;
    let member = app.member().await;
    let verification = partner.verified(&member.code_of(&member.person()).await).await;
    let sale = partner.sale(&verification);
    let wrong = partner.redeem("sale-1", &with(&sale, "reduction", "25.51")).await;
    assert_eq!((wrong.status, wrong.reason()), (422, "REDUCTION_DIFFERS"));
    assert_eq!(wrong.text("expected_reduction"), "25.50");
    assert_eq!(app.count("SELECT count(*) FROM partner_requests").await, 0);
    assert_eq!(partner.redeem("sale-1", &sale).await.status, 201);
    app.finish().await;
}

#[tokio::test]
async fn a_key_is_forgotten_after_72_hours_and_the_sale_is_not() {
    let app = TestApp::start().await;
    let partner = app.coach_company().await;
    let member = app.member().await;
    let verification = partner.verified(&member.code_of(&member.person()).await).await;
    let sale = partner.sale(&verification);
    partner.redeem("sale-1", &sale).await;
    app.minutes_pass(60 * 72 + 1);
    let late = partner.redeem("sale-1", &sale).await;
    assert_eq!((late.status, late.reason()), (409, "TOLD_TOO_LATE"));
    assert_eq!(app.count("SELECT count(*) FROM redemptions").await, 1);
    app.finish().await;
}

#[tokio::test]
async fn every_wrong_field_is_named_at_once() {
    let app = TestApp::start().await;
    let partner = app.coach_company().await;
    let sale = json!({
        "verification_id": "1",
        "gross_amount": "85",
        "reduction": "-25.50",
        "occurred_at": "yesterday",
        "counter_code": "?",
        "partner_reference": "a\u{7}",
    });
    let answer = partner.redeem("sale-1", &sale).await;
    assert_eq!(
        answer.errors(),
        [
            ("/verification_id", "ID_MALFORMED"),
            ("/gross_amount", "AMOUNT_INVALID"),
            ("/reduction", "AMOUNT_INVALID"),
            ("/occurred_at", "INSTANT_MALFORMED"),
            ("/counter_code", "COUNTER_UNKNOWN"),
            ("/partner_reference", "REFERENCE_INVALID"),
        ]
    );
    app.finish().await;
}

#[tokio::test]
async fn a_sale_that_does_not_fit_its_check_is_refused_with_its_reason() {
    let app = TestApp::start().await;
    let partner = app.coach_company().await;
    let member = app.member().await;
    let verification = partner.verified(&member.code_of(&member.person()).await).await;
    let sale = partner.sale(&verification);
    for (changed, status, what) in [
        (with(&sale, "gross_amount", "0.00"), 422, "AMOUNT_INVALID"),
        (
            with(&sale, "occurred_at", "2026-11-22T09:30:00Z"),
            422,
            "IN_FUTURE",
        ),
        (
            with(&sale, "occurred_at", "2026-11-22T08:54:00Z"),
            422,
            "OUTSIDE_ANSWER",
        ),
        (with(&sale, "counter_code", "oujda"), 422, "COUNTER_UNKNOWN"),
        (
            with(&sale, "verification_id", app.id().to_string()),
            404,
            "VERIFICATION_NOT_FOUND",
        ),
    ] {
        let answer = partner.redeem(&app.key(), &changed).await;
        let reason = match answer.reason() {
            "FIELDS_REFUSED" => answer.errors()[0].1,
            reason => reason,
        };
        assert_eq!((answer.status, reason), (status, what));
    }
    app.minutes_pass(60);
    let outside = with(&sale, "occurred_at", "2026-11-22T09:30:00Z");
    assert_eq!(
        partner.redeem(&app.key(), &outside).await.errors()[0].1,
        "OUTSIDE_ANSWER"
    );
    let refused = partner.verify("0000000000").await;
    let sale = partner.sale(refused.text("verification_id"));
    assert_eq!(
        partner.redeem(&app.key(), &sale).await.reason(),
        "VERIFICATION_NOT_VALID"
    );
    assert_eq!(app.count("SELECT count(*) FROM redemptions").await, 0);
    assert_eq!(app.count("SELECT count(*) FROM outbox").await, 0);
    app.finish().await;
}

#[tokio::test]
async fn another_partner_s_check_and_sale_look_as_if_they_never_were() {
    let app = TestApp::start().await;
    let partner = app.coach_company().await;
    let other = app.company("other", "other-client", coach_terms()).await;
    let member = app.member().await;
    let verification = partner.verified(&member.code_of(&member.person()).await).await;
    let stolen = other.redeem("k", &other.sale(&verification)).await;
    let invented = other.redeem("k", &other.sale(&app.id().to_string())).await;
    assert_eq!(
        (stolen.status, &stolen.body["reason"]),
        (404, &invented.body["reason"])
    );
    let sale = partner.redeemed(&partner.sale(&verification)).await;
    assert_eq!(other.cancel("c", &sale).await.reason(), "REDEMPTION_NOT_FOUND");
    assert_eq!(
        other.cancel("c", "not-an-id").await.reason(),
        "REDEMPTION_NOT_FOUND"
    );
    app.finish().await;
}

#[tokio::test]
async fn one_sale_stands_per_check_and_per_reference_however_many_come_at_once() {
    let app = TestApp::start().await;
    let partner = app.coach_company().await;
    let member = app.member().await;
    let code = member.code_of(&member.person()).await;
    let verification = partner.verified(&code).await;
    let sale = partner.sale(&verification);
    let references = (0..10).map(|n| with(&sale, "partner_reference", format!("T-{n}")));
    let answers = join_all(references.map(|sale| async {
        let sale = sale;
        partner.redeem(&app.key(), &sale).await
    }))
    .await;
    let made = answers.iter().filter(|answer| answer.status == 201).count();
    assert_eq!(made, 1);
    assert!(
        answers
            .iter()
            .filter(|answer| answer.status != 201)
            .all(|answer| answer.reason() == "ALREADY_REDEEMED"),
        "{answers:?}"
    );
    let used = answers
        .iter()
        .find(|answer| answer.status == 201)
        .expect("one sale")
        .text("partner_reference")
        .to_owned();
    let second = partner.verified(&code).await;
    let again = with(&partner.sale(&second), "partner_reference", used);
    assert_eq!(
        partner.redeem(&app.key(), &again).await.reason(),
        "PARTNER_REFERENCE_USED"
    );
    app.finish().await;
}

#[tokio::test]
async fn the_agreement_s_limit_is_never_passed_and_what_is_cancelled_comes_back() {
    let app = TestApp::start().await;
    let mut terms = coach_terms();
    terms.offers[0].per_day = 2;
    let partner = app.company("ctm", "ctm-sandbox", terms).await;
    let member = app.member().await;
    let code = member.code_of(&member.child()).await;
    let mut checks = Vec::new();
    for _ in 0..8 {
        checks.push(partner.verified(&code).await);
    }
    let answers = join_all(checks.iter().map(|check| async {
        let sale = partner.sale(check);
        partner.redeem(&app.key(), &sale).await
    }))
    .await;
    let made: Vec<&str> = answers
        .iter()
        .filter(|answer| answer.status == 201)
        .map(|answer| answer.text("redemption_id"))
        .collect();
    assert_eq!(made.len(), 2);
    assert_eq!(
        answers
            .iter()
            .filter(|answer| answer.status == 409 && answer.reason() == "LIMIT_REACHED")
            .count(),
        6
    );
    // The card is not valid for this offer any more today; the spouse's is.
    assert_eq!(partner.verify(&code).await.body["result"], "not_valid");
    partner.verified(&member.code_of(&member.spouse()).await).await;
    assert_eq!(partner.cancel(&app.key(), made[0]).await.status, 201);
    let code = member.code_of(&member.child()).await;
    let free = partner.verified(&code).await;
    partner.redeemed(&partner.sale(&free)).await;
    // Tomorrow is another day.
    app.minutes_pass(60 * 24);
    partner.verified(&member.code_of(&member.child()).await).await;
    app.finish().await;
}

#[tokio::test]
async fn a_sale_is_taken_back_once_and_within_24_hours() {
    let app = TestApp::start().await;
    let partner = app.coach_company().await;
    let member = app.member().await;
    let code = member.code_of(&member.person()).await;
    let verification = partner.verified(&code).await;
    let first = partner.redeemed(&partner.sale(&verification)).await;
    let answers = join_all((0..10).map(|n| {
        let (partner, first) = (&partner, &first);
        async move { partner.cancel(&format!("c-{n}"), first).await }
    }))
    .await;
    assert_eq!(answers.iter().filter(|answer| answer.status == 201).count(), 1);
    assert!(
        answers
            .iter()
            .filter(|answer| answer.status != 201)
            .all(|answer| answer.reason() == "ALREADY_CANCELLED")
    );
    let won = answers
        .iter()
        .position(|answer| answer.status == 201)
        .expect("one cancellation");
    let again = partner.cancel(&format!("c-{won}"), &first).await;
    assert_eq!(again.header("idempotency-replayed"), Some("true"));
    assert_eq!(again.body, answers[won].body);
    // The check still holds: the clerk sells again with the right amount, under the same reference.
    let second = partner.redeemed(&partner.sale(&verification)).await;
    app.minutes_pass(24 * 60);
    let third = partner.verified(&member.code_of(&member.person()).await).await;
    let third = partner.redeemed(&partner.sale(&third)).await;
    assert_eq!(
        partner.cancel("late", &second).await.status,
        201,
        "to the last minute"
    );
    app.minutes_pass(24 * 60 + 1);
    assert_eq!(
        partner.cancel("late", &third).await.reason(),
        "CANCELLED_TOO_LATE"
    );
    assert_eq!(
        app.count("SELECT count(*) FROM outbox WHERE event_type = 'partnerships.redemption.cancelled.v1'")
            .await,
        2
    );
    app.finish().await;
}

#[tokio::test]
async fn what_was_sold_before_the_agreement_ended_is_recorded_and_what_was_sold_after_is_not() {
    // 23:55 in Casablanca, and the agreement ends with the day.
    let app = TestApp::start_with(Setup {
        now: "2026-11-30T22:50:00Z",
        ..Setup::default()
    })
    .await;
    let partner = app.coach_company().await;
    app.end("ctm", "2026-12-01").await.expect("it ends");
    let member = app.member().await;
    let code = member.code_of(&member.person()).await;
    let (sold, late) = (partner.verified(&code).await, partner.verified(&code).await);
    let sold = partner.sale(&sold);
    app.minutes_pass(15);
    assert_eq!(partner.redeem("sold", &sold).await.status, 201);
    let late = partner.redeem("late", &partner.sale(&late)).await;
    assert_eq!((late.status, late.errors()[0].1), (422, "OUTSIDE_ANSWER"));
    app.finish().await;
}

#[tokio::test]
async fn what_was_sold_on_a_good_answer_is_recorded_though_the_agreement_ended_the_same_day() {
    let app = TestApp::start().await;
    let partner = app.coach_company().await;
    let member = app.member().await;
    let code = member.code_of(&member.person()).await;
    let sale = partner.sale(&partner.verified(&code).await);
    app.minutes_pass(60);
    let code = member.code_of(&member.person()).await;
    app.end("ctm", "").await.expect("it ends today");
    let check = partner.verify(&code).await;
    assert_eq!((check.status, check.reason()), (403, "AGREEMENT_NOT_IN_FORCE"));
    app.minutes_pass(60);
    assert_eq!(partner.redeem("sold", &sale).await.status, 201);
    app.finish().await;
}

#[tokio::test]
async fn what_was_sold_on_a_good_answer_is_recorded_at_its_terms_though_a_new_version_began_the_same_day() {
    let app = TestApp::start().await;
    let partner = app.coach_company().await;
    let member = app.member().await;
    let code = member.code_of(&member.person()).await;
    let before = partner.sale(&partner.verified(&code).await);
    app.minutes_pass(5);
    let mut terms = coach_terms();
    terms.valid_from = "2026-11-22".to_owned();
    terms.offers[0].percent_basis_points = 2_000;
    assert_eq!(app.put("ctm", terms).await.expect("a second version"), 2);
    let after = partner.sale(&partner.verified(&code).await);
    let wrong = partner.redeem("after", &after).await;
    assert_eq!((wrong.status, wrong.text("expected_reduction")), (422, "17.00"));
    assert_eq!(partner.redeem("before", &before).await.status, 201);
    let versions: Vec<i32> = sqlx::query_scalar("SELECT agreement_version FROM redemptions")
        .fetch_all(app.pool())
        .await
        .expect("the sales");
    assert_eq!(versions, [1]);
    app.finish().await;
}

#[tokio::test]
async fn the_sales_of_a_check_are_found_by_an_index_also_those_that_were_taken_back() {
    let app = TestApp::start().await;
    let mut tx = app.pool().begin().await.expect("a transaction");
    // A table of a test is too small for an index to be worth its while: a plan without one must be the only way for it to be chosen.
    sqlx::query("SET LOCAL enable_seqscan = off")
        .execute(&mut *tx)
        .await
        .expect("a setting");
    let plan: Vec<String> = sqlx::query_scalar(
        "EXPLAIN SELECT v.verification_id, sale.redemption_id FROM verifications v
         LEFT JOIN LATERAL (SELECT * FROM redemptions r WHERE r.verification_id = v.verification_id
                            ORDER BY r.cancelled_at DESC NULLS FIRST LIMIT 1) sale ON true
         WHERE v.member_id = gen_random_uuid() ORDER BY v.at DESC, v.verification_id DESC LIMIT 50",
    )
    .fetch_all(&mut *tx)
    .await
    .expect("a plan");
    let plan = plan.join("\n");
    assert!(plan.contains("redemptions_of_verification"), "{plan}");
    assert!(!plan.contains("Seq Scan on redemptions"), "{plan}");
    drop(tx);
    app.finish().await;
}
