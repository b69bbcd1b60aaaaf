//! What the operator keeps: partners, agreements by version, clients, suspensions. Each order is carried out once.

use partnerships_proto::v1::{
    CreatePartnerRequest, LinkClientRequest, ListPartnersRequest, Partner, PutAgreementRequest,
    SetCardSuspensionRequest, UnlinkClientRequest,
};

use crate::support::{REFERENCE, TestApp, coach_terms, fields, reason};

async fn partners(app: &TestApp) -> Vec<Partner> {
    let answer = app
        .operator()
        .list_partners(app.order(ListPartnersRequest {}))
        .await
        .expect("the partners");
    answer.into_inner().partners
}

#[tokio::test]
async fn a_partner_is_created_once_and_listed_with_agreement_and_clients() {
    let app = TestApp::start().await;
    let request = CreatePartnerRequest {
        code: "ctm".to_owned(),
        name_ar: "ستيام".to_owned(),
        name_fr: "CTM".to_owned(),
        idempotency_key: app.key(),
    };
    let mut answers = Vec::new();
    for _ in 0..2 {
        let answer = app
            .operator()
            .create_partner(app.order(request.clone()))
            .await
            .expect("a partner");
        answers.push(answer.into_inner().partner.expect("a partner").partner_id);
    }
    assert_eq!(answers[0], answers[1], "the same order again");
    assert_eq!(reason(app.create_partner("ctm").await), "PARTNER_EXISTS");
    app.put("ctm", coach_terms()).await.expect("an agreement");
    app.link("ctm", "b-client").await.expect("a client");
    app.link("ctm", "a-client").await.expect("a client");
    app.link("ctm", "a-client")
        .await
        .expect("linking twice links once");
    let listed = partners(&app).await;
    assert_eq!(listed.len(), 1);
    assert_eq!(listed[0].client_ids, ["a-client", "b-client"]);
    let agreement = &listed[0].agreements[0];
    assert_eq!((agreement.reference.as_str(), agreement.version), (REFERENCE, 1));
    assert_eq!(agreement.terms, Some(coach_terms()));
    assert_eq!(
        app.count("SELECT count(*) FROM audit WHERE record_kind IN ('partner', 'agreement')")
            .await,
        5
    );
    app.finish().await;
}

#[tokio::test]
async fn wrong_names_codes_and_terms_are_refused_by_field() {
    let app = TestApp::start().await;
    let request = CreatePartnerRequest {
        code: "C T M".to_owned(),
        name_ar: String::new(),
        name_fr: "CTM".to_owned(),
        idempotency_key: app.key(),
    };
    let refused = app.operator().create_partner(app.order(request)).await;
    let wrong = |field: &str, reason: &str| (field.to_owned(), reason.to_owned());
    assert_eq!(
        fields(refused),
        [wrong("code", "CODE_INVALID"), wrong("name", "NAME_INVALID")]
    );
    assert_eq!(reason(app.put("ctm", coach_terms()).await), "PARTNER_NOT_FOUND");
    app.create_partner("ctm").await.expect("a partner");
    let mut terms = coach_terms();
    terms.offers[0].percent_basis_points = 0;
    terms.counters.clear();
    assert_eq!(
        fields(app.put("ctm", terms).await),
        [
            wrong("offers", "PERCENT_INVALID"),
            wrong("counters", "CODE_INVALID")
        ]
    );
    let mut terms = coach_terms();
    terms.valid_from = "1/12/2020".to_owned();
    assert_eq!(
        fields(app.put("ctm", terms).await),
        [wrong("valid_from", "DATE_MALFORMED")]
    );
    assert_eq!(app.count("SELECT count(*) FROM agreements").await, 0);
    app.finish().await;
}

#[tokio::test]
async fn versions_count_up_never_begin_in_the_past_and_come_to_an_end() {
    let app = TestApp::start().await;
    app.create_partner("ctm").await.expect("a partner");
    let request = PutAgreementRequest {
        partner_code: "ctm".to_owned(),
        reference: REFERENCE.to_owned(),
        terms: Some(coach_terms()),
        idempotency_key: app.key(),
    };
    for _ in 0..2 {
        let answer = app
            .operator()
            .put_agreement(app.order(request.clone()))
            .await
            .expect("an agreement");
        assert_eq!(answer.into_inner().agreement.expect("it").version, 1);
    }
    assert_eq!(
        fields(app.put("ctm", coach_terms()).await),
        [("valid_from".to_owned(), "DAY_IN_THE_PAST".to_owned())]
    );
    let mut next = coach_terms();
    next.valid_from = "2026-11-22".to_owned();
    assert_eq!(app.put("ctm", next.clone()).await.expect("a version"), 2);

    assert_eq!(reason(app.end("ctm", "2026-11-21").await), "DAY_IN_THE_PAST");
    assert_eq!(reason(app.end("cmt", "").await), "PARTNER_NOT_FOUND");
    app.create_partner("empty").await.expect("a partner");
    assert_eq!(reason(app.end("empty", "").await), "AGREEMENT_NOT_FOUND");
    assert_eq!(app.end("ctm", "2026-12-01").await.expect("an end"), "2026-12-01");
    assert_eq!(reason(app.end("ctm", "2026-12-02").await), "AGREEMENT_ENDED");
    assert_eq!(app.end("ctm", "").await.expect("an earlier end"), "2026-11-22");
    assert_eq!(reason(app.put("ctm", next).await), "AGREEMENT_ENDED");
    app.finish().await;
}

#[tokio::test]
async fn a_client_speaks_for_one_partner_until_it_is_unlinked() {
    let app = TestApp::start().await;
    let partner = app.coach_company().await;
    app.company("other", "other-client", coach_terms()).await;
    assert_eq!(
        reason(app.link("other", "ctm-sandbox").await),
        "CLIENT_LINKED_ELSEWHERE"
    );
    assert_eq!(reason(app.link("nobody", "x-client").await), "PARTNER_NOT_FOUND");
    assert_eq!(fields(app.link("ctm", "").await)[0].1, "CLIENT_ID_INVALID");
    let member = app.member().await;
    let code = member.code_of(&member.person()).await;
    let verification = partner.verified(&code).await;
    let sold = partner.sale(&verification);
    assert_eq!(partner.redeem("k", &sold).await.status, 201);
    for _ in 0..2 {
        let request = UnlinkClientRequest {
            client_id: "ctm-sandbox".to_owned(),
            idempotency_key: app.key(),
        };
        app.operator()
            .unlink_client(app.order(request))
            .await
            .expect("it is unlinked");
    }
    let refused = partner.verify(&code).await;
    assert_eq!((refused.status, refused.reason()), (403, "CLIENT_NOT_LINKED"));
    assert_eq!(partner.redeem("k", &sold).await.reason(), "CLIENT_NOT_LINKED");
    // Linked to another, it is not told of the former partner's sale, though it has the key of that request.
    app.link("other", "ctm-sandbox").await.expect("free for another");
    assert_eq!(
        partner.redeem("k", &sold).await.reason(),
        "VERIFICATION_NOT_FOUND"
    );
    app.finish().await;
}

#[tokio::test]
async fn orders_need_a_key_of_their_own() {
    let app = TestApp::start().await;
    app.create_partner("ctm").await.expect("a partner");
    let key = app.key();
    let link = |client: &str| LinkClientRequest {
        partner_code: "ctm".to_owned(),
        client_id: client.to_owned(),
        idempotency_key: key.clone(),
    };
    let mut operator = app.operator();
    operator
        .link_client(app.order(link("a-client")))
        .await
        .expect("a client");
    let reused = operator.link_client(app.order(link("b-client"))).await;
    assert_eq!(reason(reused), "IDEMPOTENCY_KEY_REUSED");
    let request = SetCardSuspensionRequest {
        person_id: "1".to_owned(),
        suspended: true,
        idempotency_key: app.key(),
    };
    let refused = operator.set_card_suspension(app.order(request)).await;
    assert_eq!(
        fields(refused),
        [("person_id".to_owned(), "PERSON_ID".to_owned())]
    );
    app.finish().await;
}
