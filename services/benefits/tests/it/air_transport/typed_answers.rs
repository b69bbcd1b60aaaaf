//! Each bad typed answer and the field and rule that the refusal names; the draft stays as it was.

use benefits_proto::v1::field_value::Value;
use benefits_proto::v1::save_answer_request::Answer;
use benefits_proto::v1::{FieldValue, FieldsAnswer};

use super::{TRIP, page, value};
use crate::support::{AID, TestApp, fields, reason};

fn date(code: &str, day: &str) -> FieldValue {
    value(code, Value::Date(day.to_owned()))
}

fn price(centimes: i64) -> FieldValue {
    value("price", Value::MoneyCentimes(centimes))
}

#[tokio::test]
async fn every_wrong_typed_answer_is_refused_by_field_and_rule() {
    let app = TestApp::start().await;
    let member = app.traveller().await;
    let draft = member.start_air().await.expect("a draft");
    let trip = |values| page("trip", values);
    let ticket = |values| page("ticket", values);
    let huge = "9".repeat(5_000);
    for (answer, expected) in [
        (
            trip(vec![date("outward_on", "2026-11-21")]),
            ("outward_on", "FIELD_TOO_LATE"),
        ),
        (
            trip(vec![date("outward_on", "2019-12-31")]),
            ("outward_on", "FIELD_TOO_EARLY"),
        ),
        (
            trip(vec![date("outward_on", "2026-02-30")]),
            ("outward_on", "FIELD_KIND"),
        ),
        (
            trip(vec![date("outward_on", "02/11/2026")]),
            ("outward_on", "FIELD_KIND"),
        ),
        (trip(vec![date("outward_on", "")]), ("outward_on", "FIELD_KIND")),
        (
            trip(vec![date("outward_on", &huge)]),
            ("outward_on", "FIELD_KIND"),
        ),
        (
            trip(vec![
                date("outward_on", "2026-11-05"),
                date("return_on", "2026-11-04"),
            ]),
            ("return_on", "FIELD_TOO_EARLY"),
        ),
        (
            trip(vec![
                date("outward_on", "2026-11-05"),
                date("outward_on", "2026-11-04"),
            ]),
            ("outward_on", "FIELD_REPEATED"),
        ),
        (
            trip(vec![value("is_return", Value::Number(1))]),
            ("is_return", "FIELD_KIND"),
        ),
        (
            trip(vec![value("from_province", Value::Province("MA-XXX".to_owned()))]),
            ("from_province", "FIELD_KIND"),
        ),
        (
            trip(vec![value("from_province", Value::Province("ma-laa".to_owned()))]),
            ("from_province", "FIELD_KIND"),
        ),
        (
            trip(vec![
                value("from_province", Value::Province("MA-LAA".to_owned())),
                value("to_province", Value::Province("MA-LAA".to_owned())),
            ]),
            ("to_province", "FIELD_SAME"),
        ),
        (trip(vec![price(100)]), ("price", "FIELD_UNKNOWN")),
        (ticket(vec![price(0)]), ("price", "FIELD_TOO_SMALL")),
        (ticket(vec![price(-185_000)]), ("price", "FIELD_TOO_SMALL")),
        (ticket(vec![price(i64::MAX)]), ("price", "FIELD_TOO_LARGE")),
        (
            ticket(vec![value("colour", Value::Number(1))]),
            ("colour", "FIELD_UNKNOWN"),
        ),
        (page("hotel", vec![]), ("fields", "PAGE_UNKNOWN")),
    ] {
        let refused = member.answer(&draft.application_id, answer).await;
        assert_eq!(reason(refused.clone()), "ANSWER_REFUSED", "{expected:?}");
        let expected = vec![(expected.0.to_owned(), expected.1.to_owned())];
        assert_eq!(fields(refused), expected);
    }
    assert_eq!(member.get(&draft.application_id).await.version, draft.version);
    app.finish().await;
}

#[tokio::test]
async fn the_health_aid_has_no_page_of_its_own() {
    let app = TestApp::start().await;
    let member = app.member().await;
    let draft = member.start().await;
    assert_eq!(draft.benefit_code, AID);
    let [answer, _] = TRIP.pages();
    assert_eq!(
        fields(member.answer(&draft.application_id, answer).await),
        [("fields".to_owned(), "PAGE_UNKNOWN".to_owned())]
    );
    app.finish().await;
}

#[tokio::test]
async fn an_answer_that_is_taken_back_is_missing_again_and_others_stay() {
    let app = TestApp::start().await;
    let member = app.traveller().await;
    let draft = member.complete_air(&member.child(), &TRIP).await;
    let back = Answer::Fields(FieldsAnswer {
        page_code: "ticket".to_owned(),
        values: vec![FieldValue {
            field_code: "price".to_owned(),
            value: None,
        }],
    });
    let changed = member
        .answer(&draft.application_id, back)
        .await
        .expect("it is taken back");
    assert_eq!(changed.missing, ["price"]);
    assert_eq!(changed.answers.expect("answers").fields.len(), 5);
    assert!(changed.conditions.is_empty(), "nothing is said of half a case");
    let refused = member.submit(&draft.application_id).await;
    assert_eq!(
        fields(refused),
        [("price".to_owned(), "ANSWER_MISSING".to_owned())]
    );
    app.finish().await;
}

#[tokio::test]
async fn no_typed_answer_is_readable_in_the_tables() {
    let app = TestApp::start().await;
    let member = app.traveller().await;
    member.send_air(&TRIP).await.expect("it is sent");
    for secret in ["2026-11-02", "MA-CAS", "185000", "outward_on"] {
        let hits: i64 = sqlx::query_scalar(
            "SELECT (SELECT count(*) FROM applications AS a WHERE position($2 IN a.answers) > 0 OR a::text LIKE $1)
                  + (SELECT count(*) FROM assessments AS a WHERE position($2 IN a.explanation) > 0)
                  + (SELECT count(*) FROM audit AS a WHERE a::text LIKE $1)
                  + (SELECT count(*) FROM outbox AS o WHERE o::text LIKE $1)",
        )
        .bind(format!("%{secret}%"))
        .bind(secret.as_bytes())
        .fetch_one(app.pool())
        .await
        .expect("a count");
        assert_eq!(hits, 0, "{secret}");
    }
    app.finish().await;
}
