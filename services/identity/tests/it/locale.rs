//! The language of a member's messages: what the member chose, told to the service that writes them.

use identity_proto::v1::SetLocaleRequest;
use kernel::MemberId;
use platform::ids::uuid_v7;
use tonic::Code;

use crate::support::{TestApp, reason};

#[tokio::test]
async fn the_language_that_a_member_chooses_is_the_one_that_the_mailer_is_told() {
    let app = TestApp::start().await;
    let (person, signed_in) = app.member(1).await;
    let member = person.member_id.to_string();
    assert_eq!(app.locale_of(&member).await.unwrap(), "fr");
    let choice = SetLocaleRequest {
        locale: "ar".to_owned(),
    };
    let request = app.by(&signed_in.session_token, choice).await;
    app.members_accounts().set_locale(request).await.unwrap();
    assert_eq!(app.locale_of(&member).await.unwrap(), "ar");
    app.finish().await;
}

#[tokio::test]
async fn a_member_without_an_account_has_chosen_no_language() {
    let app = TestApp::start().await;
    let hired = app.hire(1);
    let unknown = MemberId::from_uuid(uuid_v7(app.clock.now()));
    for id in [
        hired.member_id.to_string(),
        unknown.to_string(),
        "not an id".to_owned(),
    ] {
        let status = app.locale_of(&id).await.unwrap_err();
        assert_eq!(status.code(), Code::NotFound);
        assert_eq!(reason::<()>(Err(status)), "ACCOUNT_NOT_FOUND");
    }
    app.finish().await;
}
