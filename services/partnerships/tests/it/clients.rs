//! Clients of identity: one that is disabled there is refused here at once, in whatever order its events arrive.

use testkit::eventually;

use crate::member_facts::publish_client;
use crate::support::TestApp;

#[tokio::test]
async fn a_client_that_identity_disabled_is_refused_though_its_token_still_lives() {
    let app = TestApp::start().await;
    let partner = app.coach_company().await;
    let member = app.member().await;
    let code = member.code_of(&member.person()).await;
    let verification = partner.verified(&code).await;
    publish_client(&app, "ctm-sandbox", 2, true).await;
    let refused = eventually(|| async {
        let answer = partner.verify(&code).await;
        (answer.status != 200).then_some(answer)
    })
    .await;
    assert_eq!((refused.status, refused.reason()), (403, "CLIENT_NOT_LINKED"));
    let sale = partner.redeem("k", &partner.sale(&verification)).await;
    assert_eq!(sale.reason(), "CLIENT_NOT_LINKED");
    // The event of its making comes late and changes nothing; another's makes sure that it was read.
    publish_client(&app, "ctm-sandbox", 1, false).await;
    publish_client(&app, "other", 1, true).await;
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
