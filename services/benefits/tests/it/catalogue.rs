//! The catalogue as the home page and the wizard read it.

use benefits_proto::v1::{BenefitState, GetBenefitRequest, ListBenefitsRequest};

use crate::support::{AID, NOTICE, Setup, TestApp, reason};

fn of(code: &str) -> GetBenefitRequest {
    GetBenefitRequest {
        benefit_code: code.to_owned(),
    }
}

#[tokio::test]
async fn all_services_are_listed_and_the_aid_comes_with_its_form() {
    let app = TestApp::start().await;
    let member = app.stranger();
    let mut client = member.catalogue();
    let listed = client
        .list_benefits(member.request(ListBenefitsRequest {}))
        .await
        .expect("a list")
        .into_inner()
        .benefits;
    assert_eq!(listed.len(), 35);
    assert_eq!(
        (listed[0].benefit_code.as_str(), listed[0].state()),
        (AID, BenefitState::Open)
    );
    let rentree = listed
        .iter()
        .find(|benefit| benefit.benefit_code == "school_advance")
        .expect("the advance");
    assert_eq!(
        (rentree.state(), rentree.opens_on.as_str()),
        (BenefitState::Planned, "2027-07-15")
    );

    let aid = client
        .get_benefit(member.request(of(AID)))
        .await
        .expect("the aid")
        .into_inner();
    assert!(aid.can_apply);
    assert_eq!(aid.persons_concerned, ["member", "spouse", "child"]);
    assert_eq!(
        (
            aid.reasons.len(),
            aid.papers.len(),
            aid.next_steps.len(),
            aid.conditions.len()
        ),
        (3, 1, 4, 6)
    );
    let notice = aid.consent.expect("a notice");
    assert_eq!(
        (notice.version.as_str(), notice.cndp_reference.as_str()),
        (NOTICE, "DEMO-0000/0000")
    );
    assert_eq!(aid.papers[0].max_bytes, 10 * 1024 * 1024);

    let planned = client
        .get_benefit(member.request(of("social_advance")))
        .await
        .expect("it is shown")
        .into_inner();
    assert!(!planned.can_apply && planned.conditions.is_empty());
    assert_eq!(
        reason(client.get_benefit(member.request(of("free_lunch"))).await),
        "BENEFIT_NOT_FOUND"
    );
    app.finish().await;
}

#[tokio::test]
async fn without_the_commission_s_reference_the_aid_is_planned_and_opens_no_draft() {
    let app = TestApp::start_with(Setup {
        demonstration: false,
        ..Setup::default()
    })
    .await;
    let member = app.stranger();
    let aid = member
        .catalogue()
        .get_benefit(member.request(of(AID)))
        .await
        .expect("the aid")
        .into_inner();
    assert!(!aid.can_apply);
    assert_eq!(aid.benefit.expect("a summary").state(), BenefitState::Planned);
    let request = benefits_proto::v1::StartApplicationRequest {
        benefit_code: AID.to_owned(),
        idempotency_key: crate::support::key(),
    };
    assert_eq!(
        reason(
            member
                .applications()
                .start_application(member.request(request))
                .await
        ),
        "BENEFIT_NOT_OPEN"
    );
    app.finish().await;
}
