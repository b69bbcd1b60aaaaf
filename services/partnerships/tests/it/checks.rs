//! "Who checked my card": the member sees partner, counter, when, what was answered and why, and the sale; nobody else's.

use partnerships_proto::v1::{CardCategory, ListChecksRequest, ListChecksResponse};
use tonic::Status;

use crate::support::{Member, TestApp, fields};

async fn page(member: &Member<'_>, page_size: i32, token: &str) -> Result<ListChecksResponse, Status> {
    let request = ListChecksRequest {
        page_size,
        page_token: token.to_owned(),
    };
    let answer = member.service().list_checks(member.request(request)).await?;
    Ok(answer.into_inner())
}

#[tokio::test]
async fn the_member_sees_every_check_of_the_household_with_its_sale() {
    let app = TestApp::start().await;
    let partner = app.coach_company().await;
    let (member, neighbour) = (app.member().await, app.member().await);
    let code = member.code_of(&member.child()).await;
    let sold = partner.verified(&code).await;
    let sale = partner.redeemed(&partner.sale(&sold)).await;
    partner
        .verified(&neighbour.code_of(&neighbour.person()).await)
        .await;
    partner.verify("0000000000").await;
    app.minutes_pass(11);
    partner.verify(&code).await;

    let checks = member.checks().await;
    assert_eq!(
        checks.len(),
        2,
        "neither the neighbour's nor a code that nobody has"
    );
    let (refused, valid) = (&checks[0], &checks[1]);
    assert_eq!((refused.valid, refused.reason.as_str()), (false, "CODE_EXPIRED"));
    assert_eq!(refused.redemption, None);
    assert!(valid.valid && valid.reason.is_empty());
    assert_eq!(valid.verification_id, sold);
    assert_eq!(
        (valid.person_id.as_str(), valid.category()),
        (member.child().as_str(), CardCategory::Child)
    );
    assert_eq!(
        [
            &valid.partner_code,
            &valid.partner_name_fr,
            &valid.partner_name_ar,
            &valid.counter_code,
            &valid.counter_name_fr,
            &valid.offer_name_fr,
        ],
        [
            "ctm",
            "CTM",
            "ستيام",
            "rabat-kamra",
            "Rabat Kamra",
            "Billets d’autocar"
        ]
    );
    assert_eq!(valid.percent_basis_points, 3_000);
    assert_eq!(
        valid.checked_at.map(|at| at.seconds),
        Some(app.now().timestamp() - 11 * 60)
    );
    let redemption = valid.redemption.as_ref().expect("the sale");
    assert_eq!(redemption.redemption_id, sale);
    assert_eq!(
        (
            redemption.gross_centimes,
            redemption.reduction_centimes,
            redemption.net_centimes
        ),
        (8_500, 2_550, 5_950)
    );
    assert_eq!(redemption.cancelled_at, None);
    partner.cancel("c", &sale).await;
    let cancelled = &member.checks().await[1];
    assert!(
        cancelled
            .redemption
            .as_ref()
            .expect("the sale")
            .cancelled_at
            .is_some()
    );
    app.finish().await;
}

#[tokio::test]
async fn checks_of_an_agreement_that_ended_keep_their_names() {
    let app = TestApp::start().await;
    let partner = app.coach_company().await;
    let member = app.member().await;
    partner.verified(&member.code_of(&member.person()).await).await;
    app.end("ctm", "").await.expect("it ends");
    let checks = member.checks().await;
    assert_eq!(checks[0].counter_name_fr, "Rabat Kamra");
    app.finish().await;
}

#[tokio::test]
async fn pages_follow_one_another_and_a_token_from_elsewhere_is_refused() {
    let app = TestApp::start().await;
    let partner = app.coach_company().await;
    let (member, other) = (app.member().await, app.member().await);
    let code = member.code_of(&member.person()).await;
    let mut made = Vec::new();
    for _ in 0..5 {
        made.push(partner.verified(&code).await);
    }
    made.sort_unstable();
    made.reverse();
    let mut found = Vec::new();
    let mut token = String::new();
    loop {
        let answer = page(&member, 2, &token).await.expect("a page");
        assert!(answer.checks.len() <= 2);
        found.extend(answer.checks.into_iter().map(|check| check.verification_id));
        if answer.next_page_token.is_empty() {
            break;
        }
        token = answer.next_page_token;
    }
    assert_eq!(found, made, "all of one instant, none twice");
    let malformed = [("page_token".to_owned(), "PAGE_TOKEN_INVALID".to_owned())];
    assert_eq!(fields(page(&other, 2, &token).await), malformed);
    assert_eq!(fields(page(&member, 2, "x").await), malformed);
    assert_eq!(fields(page(&member, -1, "").await)[0].1, "PAGE_SIZE_INVALID");
    app.finish().await;
}
