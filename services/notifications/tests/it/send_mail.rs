//! From an event to a mail in the catcher.

use benefits_proto::events::v1::{
    ApplicationDecided, ApplicationInformationRequested, ApplicationWaitingEnded, ApplicationWithdrawn,
};
use identity_proto::events::v1::{AccountActivated, AccountLinkRequested};
use kernel::DeliveryId;
use testkit::eventually;

use crate::support::{TestApp, fresh_address};

#[tokio::test]
async fn a_link_that_was_asked_for_arrives_once_with_a_stable_message_id() {
    let app = TestApp::start().await;
    let address = fresh_address();
    let delivery = app.delivery(&address, "ar");
    let data = AccountLinkRequested {
        delivery_id: delivery.to_string(),
    };
    let event = app
        .publish_identity("identity.account.link_requested.v1", &data)
        .await;

    let message = app.until_mail(event, "delivered_to_smtp").await;
    let mails = testkit::smtp().mails_to(&address).await.unwrap();
    assert_eq!(mails.len(), 1);
    assert_eq!(mails[0].subject, "تضامن: اختاروا كلمة المرور الخاصة بكم");
    assert!(
        mails[0]
            .text
            .contains("https://portal.example/activate?token=synthetic")
    );
    assert!(mails[0].html.contains("dir=\"rtl\""));
    assert_eq!(mails[0].message_id, format!("<{message}@tadamon.example>"));
    let trace = app.trace(message).await;
    let steps: Vec<_> = trace
        .iter()
        .map(|(step, attempt, _)| (step.as_str(), *attempt))
        .collect();
    assert_eq!(
        steps,
        [
            ("accepted", None),
            ("tried", Some(1)),
            ("delivered_to_smtp", Some(1))
        ]
    );
    app.finish().await;
}

#[tokio::test]
async fn a_link_that_is_gone_is_dropped_quietly_and_recorded() {
    let app = TestApp::start().await;
    let unknown = DeliveryId::from_uuid(platform::ids::uuid_v7(app.clock.now()));
    let data = AccountLinkRequested {
        delivery_id: unknown.to_string(),
    };
    let event = app
        .publish_identity("identity.account.link_requested.v1", &data)
        .await;
    let message = app.until_mail(event, "dropped").await;
    let last = app.trace(message).await.pop().unwrap();
    assert_eq!(last, ("dropped".to_owned(), None, Some("link_gone".to_owned())));
    eventually(|| async { (app.job(event).await.0 == "done").then_some(()) }).await;
    app.finish().await;
}

#[tokio::test]
async fn a_submission_is_told_in_the_members_language_without_saying_what_it_was() {
    let app = TestApp::start().await;
    for (restricted, locale) in [(true, "fr"), (false, "fr"), (true, "ar")] {
        let address = fresh_address();
        let member = app.member(&address, locale);
        let (event, application) = app.submitted(member, restricted).await;
        app.until_mail(event, "delivered_to_smtp").await;
        let mails = testkit::smtp().mails_to(&address).await.unwrap();
        assert_eq!(mails.len(), 1);
        let expected = if locale == "fr" {
            "Tadamon\u{a0}: votre demande est bien arrivée"
        } else {
            "تضامن: توصلنا بطلبكم"
        };
        assert_eq!(mails[0].subject, expected);
        for hidden in [
            "restricted",
            "air_transport",
            "Aid_",
            &application.to_string(),
            &member.to_string(),
        ] {
            assert!(
                !mails[0].text.contains(hidden) && !mails[0].html.contains(hidden),
                "{hidden}"
            );
        }
        assert!(mails[0].text.contains("https://portal.example"));
    }
    app.finish().await;
}

#[tokio::test]
async fn the_language_that_a_member_chose_goes_before_the_one_of_the_staff_file() {
    let app = TestApp::start().await;
    for (on_file, chosen, subject) in [
        ("ar", "fr", "Tadamon\u{a0}: votre demande est bien arrivée"),
        ("fr", "ar", "تضامن: توصلنا بطلبكم"),
    ] {
        let address = fresh_address();
        let member = app.member(&address, on_file);
        app.chooses(member, chosen);
        let (event, _) = app.submitted(member, false).await;
        app.until_mail(event, "delivered_to_smtp").await;
        let mails = testkit::smtp().mails_to(&address).await.unwrap();
        assert_eq!((mails.len(), mails[0].subject.as_str()), (1, subject));
    }
    app.finish().await;
}

#[tokio::test]
async fn while_identity_cannot_tell_the_language_the_mail_waits() {
    let app = TestApp::start().await;
    let address = fresh_address();
    let member = app.member(&address, "ar");
    app.chooses(member, "fr");
    app.peer.0.lock().unwrap().locales_away = true;
    let (event, _) = app.submitted(member, false).await;
    eventually(|| async { (app.job(event).await == ("queued".to_owned(), 1)).then_some(()) }).await;
    assert!(testkit::smtp().mails_to(&address).await.unwrap().is_empty());
    app.peer.0.lock().unwrap().locales_away = false;
    app.clock.advance(std::time::Duration::from_secs(15));
    app.until_mail(event, "delivered_to_smtp").await;
    let mails = testkit::smtp().mails_to(&address).await.unwrap();
    assert_eq!(
        (mails.len(), mails[0].subject.as_str()),
        (1, "Tadamon\u{a0}: votre demande est bien arrivée")
    );
    app.finish().await;
}

#[tokio::test]
async fn a_withdrawal_and_an_activation_are_told_too() {
    let app = TestApp::start().await;
    let address = fresh_address();
    let member = app.member(&address, "fr");
    let activated = AccountActivated {
        account_id: uuid::Uuid::now_v7().to_string(),
        member_id: member.to_string(),
    };
    let welcome = app
        .publish_identity("identity.account.activated.v1", &activated)
        .await;
    let withdrawn = ApplicationWithdrawn {
        application_id: uuid::Uuid::now_v7().to_string(),
        member_id: member.to_string(),
        benefit_code: "restricted".to_owned(),
        version: 2,
    };
    let farewell = app
        .publish_benefits("benefits.application.withdrawn.v1", true, &withdrawn)
        .await;
    app.until_mail(welcome, "delivered_to_smtp").await;
    app.until_mail(farewell, "delivered_to_smtp").await;
    let mut subjects: Vec<_> = testkit::smtp()
        .mails_to(&address)
        .await
        .unwrap()
        .into_iter()
        .map(|mail| mail.subject)
        .collect();
    subjects.sort();
    assert_eq!(
        subjects,
        [
            "Tadamon\u{a0}: votre compte est ouvert",
            "Tadamon\u{a0}: votre demande est retirée"
        ]
    );
    app.finish().await;
}

#[tokio::test]
async fn a_request_for_information_and_a_decision_are_told_in_the_members_language_and_say_neither_which_nor_how()
 {
    let app = TestApp::start().await;
    let address = fresh_address();
    let member = app.member(&address, "ar");
    app.chooses(member, "fr");
    let application_id = uuid::Uuid::now_v7().to_string();
    let asked = ApplicationInformationRequested {
        application_id: application_id.clone(),
        member_id: member.to_string(),
        benefit_code: "restricted".to_owned(),
        version: 4,
    };
    let decided = ApplicationDecided {
        application_id: application_id.clone(),
        member_id: member.to_string(),
        benefit_code: "air_transport_support".to_owned(),
        version: 8,
    };
    let ended = ApplicationWaitingEnded {
        application_id: application_id.clone(),
        member_id: member.to_string(),
        benefit_code: "restricted".to_owned(),
        version: 5,
    };
    let asked = app
        .publish_benefits("benefits.application.information_requested.v1", true, &asked)
        .await;
    let ended = app
        .publish_benefits("benefits.application.waiting_ended.v1", true, &ended)
        .await;
    let decided = app
        .publish_benefits("benefits.application.decided.v1", false, &decided)
        .await;
    app.until_mail(asked, "delivered_to_smtp").await;
    app.until_mail(ended, "delivered_to_smtp").await;
    app.until_mail(decided, "delivered_to_smtp").await;
    let mails = testkit::smtp().mails_to(&address).await.unwrap();
    let mut subjects: Vec<&str> = mails.iter().map(|mail| mail.subject.as_str()).collect();
    subjects.sort_unstable();
    assert_eq!(
        subjects,
        [
            "Tadamon\u{a0}: l’examen reprend sans votre réponse",
            "Tadamon\u{a0}: un complément est demandé",
            "Tadamon\u{a0}: une décision est prise"
        ]
    );
    for mail in &mails {
        for word in [
            "air_transport",
            "transport",
            "refus",
            "accord",
            application_id.as_str(),
        ] {
            assert!(!mail.text.contains(word), "{}: {word}", mail.subject);
        }
    }
    let request = app.request(member, notifications_proto::v1::ListMessagesRequest::default());
    let inbox = app
        .inbox()
        .list_messages(request)
        .await
        .unwrap()
        .into_inner()
        .messages;
    let mut kinds: Vec<&str> = inbox.iter().map(|message| message.kind.as_str()).collect();
    kinds.sort_unstable();
    assert_eq!(
        kinds,
        ["application_decided", "information_requested", "waiting_ended"]
    );
    assert!(
        inbox
            .iter()
            .all(|message| message.application_id == application_id)
    );
    app.finish().await;
}

#[tokio::test]
async fn a_member_without_an_address_still_finds_the_message_in_the_inbox() {
    let app = TestApp::start().await;
    let member = kernel::MemberId::from_uuid(platform::ids::uuid_v7(app.clock.now()));
    let (event, _) = app.submitted(member, true).await;
    let message = app.until_mail(event, "dropped").await;
    assert_eq!(
        app.trace(message).await.pop().unwrap().2.as_deref(),
        Some("no_address")
    );
    let request = app.request(member, notifications_proto::v1::CountUnreadRequest {});
    assert_eq!(
        app.inbox()
            .count_unread(request)
            .await
            .unwrap()
            .into_inner()
            .unread,
        1
    );
    app.finish().await;
}

#[tokio::test]
async fn a_mail_of_a_kind_that_only_a_later_version_knows_waits_for_that_version() {
    let app = TestApp::start().await;
    // A process of the later version wrote the message, and this one finds the job first.
    sqlx::raw_sql(
        "ALTER TABLE messages DROP CONSTRAINT messages_kind_check;
         CREATE FUNCTION later_version() RETURNS trigger LANGUAGE plpgsql AS
         $$ BEGIN NEW.kind = 'of_a_later_version'; RETURN NEW; END $$;
         CREATE TRIGGER later_version BEFORE INSERT ON messages FOR EACH ROW EXECUTE FUNCTION later_version()",
    )
    .execute(app.pool())
    .await
    .unwrap();
    let address = fresh_address();
    let member = app.member(&address, "fr");
    let (event, _) = app.submitted(member, false).await;
    eventually(|| async { (app.job(event).await == ("queued".to_owned(), 1)).then_some(()) }).await;
    assert!(testkit::smtp().mails_to(&address).await.unwrap().is_empty());
    sqlx::query("UPDATE messages SET kind = 'application_submitted'")
        .execute(app.pool())
        .await
        .unwrap();
    app.clock.advance(std::time::Duration::from_secs(15));
    app.until_mail(event, "delivered_to_smtp").await;
    assert_eq!(testkit::smtp().mails_to(&address).await.unwrap().len(), 1);
    app.finish().await;
}
