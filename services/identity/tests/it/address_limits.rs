//! What is counted per network address, and that an address which many members share is counted nowhere.

use std::time::Duration;

use identity_proto::v1::{Form, RequestLinkRequest, RobotProof, SignInRequest};
use platform::status::retry_after;
use tonic::{Code, Status};

use crate::support::{ADDRESS, Options, TestApp, reason};

/// The way out of a ministry.
const SHARED: &str = "198.51.100.1";

/// Every limit per address is two, and one address is shared.
fn narrow() -> Options {
    Options {
        settings: Box::new(|settings| {
            settings.sign_in.shared_addresses = vec![SHARED.to_owned()];
            settings.account.requests_per_address = 2;
            settings.proof.questions_per_address = 2;
            settings.proof.challenges_per_address = 2;
        }),
        ..Options::default()
    }
}

/// Challenges for the steps after them come from an address that nobody counts.
async fn form_from(app: &TestApp, number: u32, address: &str) -> Result<(), Status> {
    let person = app.hire(number);
    let issued = app.challenge_from(SHARED, Form::Account, false, "fr").await?;
    let form = RequestLinkRequest {
        matricule: person.matricule,
        cin: person.cin,
        position: person.position.to_owned(),
        email: person.email,
        pension_number: String::new(),
        proof: Some(RobotProof {
            solution: crate::support::solve(&issued.puzzle),
            challenge_id: issued.challenge_id,
        }),
        locale: "fr".to_owned(),
        client_address: address.to_owned(),
    };
    app.pass(1);
    app.accounts().request_link(form).await.map(|_| ())
}

async fn wrong_answer_from(app: &TestApp, address: &str) -> Status {
    let issued = app
        .challenge_from(SHARED, Form::SignIn, true, "fr")
        .await
        .unwrap();
    let request = SignInRequest {
        matricule: "90001234".to_owned(),
        password: "wrong on purpose".to_owned(),
        proof: Some(RobotProof {
            challenge_id: issued.challenge_id,
            solution: "1".to_owned(),
        }),
        client_address: address.to_owned(),
        ..SignInRequest::default()
    };
    app.sessions().sign_in(request).await.unwrap_err()
}

fn is_slowed(status: &Status) -> bool {
    status.code() == Code::ResourceExhausted
        && platform::status::reason(status).as_deref() == Some("SLOW_DOWN")
        && retry_after(status).is_some_and(|wait| wait > Duration::from_secs(3500))
}

#[tokio::test]
async fn one_address_asks_for_so_many_challenges_an_hour_of_either_kind() {
    let app = TestApp::start_with(narrow()).await;
    app.challenge(Form::SignIn, false, "fr").await.unwrap();
    app.challenge(Form::Account, true, "ar").await.unwrap();
    for text_question in [false, true] {
        let refused = app
            .challenge(Form::SignIn, text_question, "fr")
            .await
            .unwrap_err();
        assert!(is_slowed(&refused), "{refused:?}");
    }
    // Another address is not slowed; one that the edge did not see, and one that many share, are not counted.
    app.challenge_from("192.0.2.8", Form::SignIn, false, "fr")
        .await
        .unwrap();
    for address in ["", SHARED] {
        for _ in 0..4 {
            app.challenge_from(address, Form::SignIn, false, "fr")
                .await
                .unwrap();
        }
    }
    app.finish().await;
}

#[tokio::test]
async fn account_forms_from_an_address_that_many_share_are_not_slowed_together() {
    let app = TestApp::start_with(narrow()).await;
    for number in 1..=4 {
        form_from(&app, number, SHARED).await.unwrap();
    }
    for number in 5..=6 {
        form_from(&app, number, ADDRESS).await.unwrap();
    }
    let refused = form_from(&app, 7, ADDRESS).await.unwrap_err();
    assert!(is_slowed(&refused), "{refused:?}");
    app.jobs_done().await;
    app.finish().await;
}

#[tokio::test]
async fn answers_to_questions_from_an_address_that_many_share_are_not_slowed_together() {
    let app = TestApp::start_with(narrow()).await;
    for _ in 0..4 {
        let refused = wrong_answer_from(&app, SHARED).await;
        assert_eq!(reason::<()>(Err(refused)), "ROBOT_PROOF_REFUSED");
    }
    for _ in 0..2 {
        let refused = wrong_answer_from(&app, ADDRESS).await;
        assert_eq!(reason::<()>(Err(refused)), "ROBOT_PROOF_REFUSED");
    }
    let refused = wrong_answer_from(&app, ADDRESS).await;
    assert!(is_slowed(&refused), "{refused:?}");
    app.finish().await;
}
