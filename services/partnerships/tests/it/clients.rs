//! Clients of identity: one that is disabled there, and a scope that was taken away, is refused here at once, in whatever order events arrive.

use testkit::eventually;

use crate::member_facts::publish_client;
use crate::support::TestApp;

const BOTH: &[&str] = &["cards.verify", "cards.redeem"];

#[tokio::test]
async fn a_client_that_identity_disabled_is_refused_though_its_token_still_lives() {
    let app = TestApp::start().await;
    let partner = app.coach_company().await;
    let member = app.member().await;
    let code = member.code_of(&member.person()).await;
    let verification = partner.verified(&code).await;
    let told_before = partner.verified(&code).await;
    let sale = partner.sale(&told_before);
    assert_eq!(partner.redeem("told", &sale).await.status, 201);
    publish_client(&app, "ctm-sandbox", 2, BOTH, true).await;
    let refused = eventually(|| async {
        let answer = partner.verify(&code).await;
        (answer.status != 200).then_some(answer)
    })
    .await;
    assert_eq!((refused.status, refused.reason()), (403, "CLIENT_NOT_LINKED"));
    let fresh = partner.redeem("k", &partner.sale(&verification)).await;
    assert_eq!(fresh.reason(), "CLIENT_NOT_LINKED");
    // What it was answered before is not told again either.
    assert_eq!(partner.redeem("told", &sale).await.reason(), "CLIENT_NOT_LINKED");
    // The event of its making comes late and changes nothing; another's makes sure that it was read.
    publish_client(&app, "ctm-sandbox", 1, BOTH, false).await;
    publish_client(&app, "other", 1, BOTH, true).await;
    eventually(|| async {
        let known = app
            .count("SELECT count(*) FROM client_states WHERE client_id = 'other'")
            .await;
        (known == 1).then_some(())
    })
    .await;
    assert_eq!(partner.verify(&code).await.reason(), "CLIENT_NOT_LINKED");
    app.finish().await;
}

#[tokio::test]
async fn a_scope_that_was_taken_away_counts_at_the_next_request_though_the_token_still_has_it() {
    let app = TestApp::start().await;
    let partner = app.coach_company().await;
    let member = app.member().await;
    let code = member.code_of(&member.person()).await;
    let verification = partner.verified(&code).await;
    publish_client(&app, "ctm-sandbox", 2, &["cards.verify"], false).await;
    let sale = partner.sale(&verification);
    eventually(|| async {
        let known = app
            .count("SELECT count(*) FROM client_states WHERE client_id = 'ctm-sandbox' AND version = 2")
            .await;
        (known == 1).then_some(())
    })
    .await;
    let refused = partner.redeem(&app.key(), &sale).await;
    assert_eq!((refused.status, refused.reason()), (403, "NOT_PERMITTED"));
    partner.verified(&code).await;
    assert_eq!(app.count("SELECT count(*) FROM redemptions").await, 0);
    // Given back, it counts at once, too.
    publish_client(&app, "ctm-sandbox", 3, BOTH, false).await;
    eventually(|| async {
        let answer = partner.redeem(&app.key(), &sale).await;
        (answer.status == 201).then_some(())
    })
    .await;
    app.finish().await;
}
