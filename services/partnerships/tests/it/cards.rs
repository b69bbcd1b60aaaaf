//! The card page: a code for everybody who is covered, a reason for everybody who is not.

use partnerships_proto::v1::{CardCategory, IssueCardCodesRequest, PersonCard};

use crate::support::{Setup, TestApp, coach_terms, reason};

/// Person, category, whether there is a code, and why not.
fn summary(cards: &[PersonCard]) -> Vec<(&str, CardCategory, bool, &str)> {
    cards
        .iter()
        .map(|card| {
            (
                card.person_id.as_str(),
                card.category(),
                !card.code.is_empty(),
                card.reason.as_str(),
            )
        })
        .collect()
}

#[tokio::test]
async fn everybody_who_is_covered_gets_a_code_and_the_grown_child_a_reason() {
    let app = TestApp::start().await;
    app.coach_company().await;
    let member = app.member().await;
    let cards = member.issue().await.expect("codes");
    assert_eq!(
        summary(&cards),
        [
            (member.person().as_str(), CardCategory::Member, true, ""),
            (member.spouse().as_str(), CardCategory::Spouse, true, ""),
            (
                member.grown_child().as_str(),
                CardCategory::Child,
                false,
                "TOO_OLD"
            ),
            (member.child().as_str(), CardCategory::Child, true, ""),
        ]
    );
    let codes: std::collections::HashSet<&str> = cards
        .iter()
        .map(|card| card.code.as_str())
        .filter(|code| !code.is_empty())
        .collect();
    assert_eq!(codes.len(), 3, "a code of one's own each");
    for code in codes {
        assert_eq!(code.len(), 10);
        assert!(
            code.bytes()
                .all(|b| b"0123456789ABCDEFGHJKMNPQRSTVWXYZ".contains(&b)),
            "{code}"
        );
    }
    let offer = &cards[2].offers[0];
    assert_eq!(
        (offer.partner_code.as_str(), offer.percent_basis_points),
        ("ctm", 3_000)
    );
    assert!(!offer.covered && offer.reason == "TOO_OLD");
    assert_eq!(
        (offer.child_age_from, offer.child_age_to, offer.last_day.as_str()),
        (4, 21, "")
    );
    app.finish().await;
}

#[tokio::test]
async fn the_age_of_a_child_is_that_of_the_day_in_casablanca() {
    // One of 22 in whole-year mode was 21 until the day before the birthday, 21 November; half an hour before and after that midnight.
    let app = TestApp::start_with(Setup {
        now: "2026-11-20T22:30:00Z",
        ..Setup::default()
    })
    .await;
    app.coach_company().await;
    let member = app.member().await;
    member.code_of(&member.grown_child()).await;
    app.minutes_pass(60);
    let cards = member.issue().await.expect("codes");
    assert_eq!(cards[2].reason, "TOO_OLD");
    app.finish().await;
}

#[tokio::test]
async fn each_reason_for_no_card_is_shown() {
    let app = TestApp::start().await;
    let alone = app.member().await;
    let cards = alone.issue().await.expect("an answer");
    assert!(
        cards
            .iter()
            .all(|card| card.reason == "NO_AGREEMENT" && card.offers.is_empty())
    );

    let mut terms = coach_terms();
    terms.positions = vec!["active".to_owned(), "retired".to_owned()];
    terms.categories = vec!["member".to_owned(), "child".to_owned()];
    app.company("ctm", "ctm-sandbox", terms).await;
    let member = app.stranger();
    member
        .becomes_known(|facts| {
            facts.relatives[0].death_date = "2026-11-22".to_owned();
            facts.relatives[1].birth_date = "2023-01-01".to_owned();
        })
        .await;
    app.suspend(&member.person(), true).await;
    let cards = member.issue().await.expect("an answer");
    assert_eq!(
        summary(&cards),
        [
            (
                member.person().as_str(),
                CardCategory::Member,
                false,
                "CARD_SUSPENDED"
            ),
            (
                member.spouse().as_str(),
                CardCategory::Spouse,
                false,
                "CATEGORY_NOT_COVERED"
            ),
            (member.child().as_str(), CardCategory::Child, false, "DECEASED"),
            (
                member.grown_child().as_str(),
                CardCategory::Child,
                false,
                "TOO_YOUNG"
            ),
        ]
    );
    app.suspend(&member.person(), false).await;
    member.code_of(&member.person()).await;

    let former = app.stranger();
    former
        .becomes_known(|facts| facts.positions[0].to = "2026-11-21".to_owned())
        .await;
    let cards = former.issue().await.expect("an answer");
    assert!(
        cards.iter().all(|card| card.reason == "POSITION_NOT_COVERED"),
        "{cards:?}"
    );
    app.finish().await;
}

#[tokio::test]
async fn no_code_stands_in_the_database() {
    let app = TestApp::start().await;
    app.coach_company().await;
    let member = app.member().await;
    let code = member.code_of(&member.person()).await;
    let rows: Vec<String> = sqlx::query_scalar("SELECT row_to_json(card_codes)::text FROM card_codes")
        .fetch_all(app.pool())
        .await
        .expect("the rows");
    assert_eq!(rows.len(), 3);
    let hexadecimal: String = code.bytes().map(|byte| format!("{byte:02x}")).collect();
    for row in rows {
        assert!(!row.contains(&code) && !row.contains(&hexadecimal), "{row}");
    }
    app.finish().await;
}

#[tokio::test]
async fn two_pages_opened_at_once_end_with_one_set_of_codes() {
    let app = TestApp::start().await;
    app.coach_company().await;
    let member = app.member().await;
    let pages = futures::future::join_all((0..6).map(|_| member.issue())).await;
    assert!(pages.iter().all(Result::is_ok), "{pages:?}");
    assert_eq!(
        app.count("SELECT count(*) FROM card_codes WHERE voided_at IS NULL")
            .await,
        3
    );
    assert_eq!(app.count("SELECT count(*) FROM card_codes").await, 18);
    app.finish().await;
}

#[tokio::test]
async fn codes_are_not_given_out_without_end() {
    let app = TestApp::start_with(Setup {
        change: |settings| settings.card.codes_per_hour = 2,
        ..Setup::default()
    })
    .await;
    app.coach_company().await;
    let member = app.member().await;
    for _ in 0..2 {
        member.issue().await.expect("codes");
        app.minutes_pass(1);
    }
    let refused = member.issue().await.expect_err("a refusal");
    assert_eq!(
        platform::status::reason(&refused).as_deref(),
        Some("CODES_TOO_OFTEN")
    );
    let wait = platform::status::retry_after(&refused).expect("a time to wait");
    assert_eq!(wait.as_secs(), 58 * 60);
    app.minutes_pass(58);
    member.issue().await.expect("the first of the hour is forgotten");
    app.finish().await;
}

#[tokio::test]
async fn before_the_facts_arrive_there_is_no_card() {
    let app = TestApp::start().await;
    assert_eq!(reason(app.stranger().issue().await), "FACTS_UNKNOWN");
    app.finish().await;
}

#[tokio::test]
async fn the_list_of_checks_says_when_the_newest_codes_end() {
    let app = TestApp::start().await;
    app.coach_company().await;
    let member = app.member().await;
    assert_eq!(member.newest_codes_end().await, None);
    let mut ends = Vec::new();
    for _ in 0..2 {
        let request = member.request(IssueCardCodesRequest {});
        let issued = member.service().issue_card_codes(request).await.expect("codes");
        let told = issued.into_inner().expires_at.expect("an end");
        let newest = member.newest_codes_end().await.expect("codes were asked for");
        let micros = |at: &pbjson_types::Timestamp| (at.seconds, at.nanos / 1_000);
        assert_eq!(micros(&newest), micros(&told));
        ends.push(newest);
        app.clock.advance(std::time::Duration::from_secs(60));
    }
    assert_ne!(ends[0], ends[1]);
}
