//! Opening an account and a forgotten password: one form, one answer for everybody, a link that is used once.

use identity_proto::v1::{InspectLinkRequest, LinkState, RequestLinkRequest};
use tonic::Code;

use crate::queries;
use crate::staff_double::Person;
use crate::support::{Options, PASSWORD, TestApp, reason, token_of, wrong_fields};

async fn is_usable(app: &TestApp, token: &str) -> bool {
    let request = InspectLinkRequest {
        link_token: token.to_owned(),
    };
    app.accounts()
        .inspect_link(request)
        .await
        .unwrap()
        .into_inner()
        .state()
        == LinkState::Usable
}

#[tokio::test]
async fn a_member_opens_an_account_by_the_link_and_signs_in() {
    let app = TestApp::start().await;
    let person = app.hire(1);
    app.request_link(&person).await.unwrap();
    let delivery = app.delivery(1).await;
    let mail = app.fetch(&delivery).await.unwrap();
    assert_eq!(
        (mail.email.as_str(), mail.locale.as_str()),
        (person.email.as_str(), "fr")
    );
    assert!(
        mail.link.starts_with("http://localhost:8080/fr/account/link/"),
        "{}",
        mail.link
    );
    let token = token_of(&mail.link);
    assert!(is_usable(&app, &token).await);
    app.set_password(&token, PASSWORD).await.unwrap();
    let session = app
        .sign_in(&person.matricule, PASSWORD)
        .await
        .unwrap()
        .session
        .unwrap();
    assert_eq!(session.member_id, person.member_id.to_string());
    assert_eq!(
        (session.caller_kind.as_str(), session.terms_accepted),
        ("member", false)
    );
    assert_eq!(
        app.audit_of(&session.account_id).await,
        ["link_requested", "activated", "signed_in"]
    );
    app.finish().await;
}

#[tokio::test]
async fn the_first_password_is_said_on_the_bus_and_later_ones_are_not() {
    let app = TestApp::start().await;
    let (person, _) = app.member(1).await;
    app.open_account(&person).await;
    let events: Vec<(String, serde_json::Value, i64)> =
        sqlx::query_as("SELECT event_type, data, sequence FROM outbox ORDER BY created_at, id")
            .fetch_all(&app.db.pool)
            .await
            .unwrap();
    let types: Vec<&str> = events
        .iter()
        .map(|event| event.0.trim_start_matches("identity.account."))
        .collect();
    assert_eq!(types, ["link_requested.v1", "activated.v1", "link_requested.v1"]);
    assert_eq!(events[1].1["memberId"], person.member_id.to_string());
    assert!(
        events.windows(2).all(|pair| pair[0].2 < pair[1].2),
        "sequences grow: {events:?}"
    );
    // Neither the address nor the token nor the number travels.
    let all = serde_json::to_string(&events.iter().map(|event| &event.1).collect::<Vec<_>>()).unwrap();
    assert!(
        !all.contains('@') && !all.contains(&person.matricule) && !all.contains("link/"),
        "{all}"
    );
    app.finish().await;
}

#[tokio::test]
async fn an_unknown_person_gets_the_same_answer_at_the_cost_of_the_same_work() {
    let app = TestApp::start().await;
    let known = app.hire(1);
    let unknown = Person {
        matricule: "90009999".to_owned(),
        ..known.clone()
    };
    let wrong_address = Person {
        email: "other@finances.example".to_owned(),
        ..known.clone()
    };
    queries::watch();
    let mut seen = Vec::new();
    for person in [&known, &unknown, &wrong_address] {
        app.jobs_done().await;
        let form = app.account_form(person).await;
        let _earlier = queries::take();
        let answer = app.accounts().request_link(form).await.unwrap();
        let before_the_job = queries::take()
            .iter()
            .filter(|sql| sql.starts_with("INSERT INTO account_requests"))
            .count();
        seen.push((answer.into_inner(), before_the_job));
    }
    assert!(seen.windows(2).all(|pair| pair[0] == pair[1]), "{seen:?}");
    app.jobs_done().await;
    assert_eq!(
        (app.count("account_requests").await, app.count("jobs").await),
        (3, 3)
    );
    assert_eq!((app.count("links").await, app.delivery_ids().await.len()), (1, 1));
    assert_eq!(app.work.hashes(), 0);
    let left: i64 = sqlx::query_scalar("SELECT count(*) FROM account_requests WHERE payload IS NOT NULL")
        .fetch_one(&app.db.pool)
        .await
        .unwrap();
    assert_eq!(left, 0, "what was typed is gone once it was asked about");
    app.finish().await;
}

#[tokio::test]
async fn formats_and_rules_of_the_position_are_refused_at_the_field_without_spending_the_proof() {
    let app = TestApp::start().await;
    let person = app.hire(1);
    let form = app.account_form(&person).await;
    let wrong = RequestLinkRequest {
        matricule: "123456789".to_owned(),
        cin: String::new(),
        email: "person1@mail.example".to_owned(),
        ..form.clone()
    };
    let pairs = |list: &[(&str, &str)]| -> Vec<(String, String)> {
        list.iter()
            .map(|(field, reason)| ((*field).to_owned(), (*reason).to_owned()))
            .collect()
    };
    assert_eq!(
        wrong_fields(app.accounts().request_link(wrong).await),
        pairs(&[
            ("matricule", "MATRICULE_FORMAT"),
            ("cin", "CIN_REQUIRED"),
            ("email", "EMAIL_NOT_PROFESSIONAL")
        ])
    );
    let retired = RequestLinkRequest {
        position: "retired".to_owned(),
        ..form.clone()
    };
    assert_eq!(
        wrong_fields(app.accounts().request_link(retired).await),
        pairs(&[("pension_number", "PENSION_NUMBER_REQUIRED")])
    );
    app.accounts().request_link(form).await.unwrap();
    app.jobs_done().await;
    app.finish().await;
}

#[tokio::test]
async fn a_retired_member_opens_an_account_with_pension_number_and_private_address() {
    let app = TestApp::start().await;
    let person = Person {
        position: "retired",
        pension_number: "P12345",
        email: "person2@mail.example".to_owned(),
        ..app.hire(2)
    };
    app.staff.add(&person);
    app.open_account(&person).await;
    app.sign_in(&person.matricule, PASSWORD).await.unwrap();
    app.finish().await;
}

#[tokio::test]
async fn a_second_request_voids_the_first_link() {
    let app = TestApp::start().await;
    let person = app.hire(1);
    app.request_link(&person).await.unwrap();
    let first = app.delivery(1).await;
    let first_token = app.link_token(&first).await;
    app.request_link(&person).await.unwrap();
    let second_token = app.link_token(&app.delivery(2).await).await;
    assert!(!is_usable(&app, &first_token).await);
    assert_eq!(
        reason(app.set_password(&first_token, PASSWORD).await),
        "LINK_NOT_USABLE"
    );
    assert_eq!(app.fetch(&first).await.unwrap_err().code(), Code::NotFound);
    app.set_password(&second_token, PASSWORD).await.unwrap();
    app.finish().await;
}

#[tokio::test]
async fn a_link_is_used_once_and_a_refused_password_does_not_use_it() {
    let app = TestApp::start().await;
    let person = app.hire(1);
    app.request_link(&person).await.unwrap();
    let delivery = app.delivery(1).await;
    let token = app.link_token(&delivery).await;
    assert_eq!(reason(app.set_password(&token, "short").await), "FORM_REFUSED");
    app.set_password(&token, PASSWORD).await.unwrap();
    assert_eq!(
        reason(app.set_password(&token, "another one for me").await),
        "LINK_NOT_USABLE"
    );
    assert!(!is_usable(&app, &token).await);
    assert_eq!(reason(app.fetch(&delivery).await), "DELIVERY_NOT_FOUND");
    app.sign_in(&person.matricule, PASSWORD).await.unwrap();
    app.finish().await;
}

#[tokio::test]
async fn two_people_who_use_one_link_at_once_are_one_winner() {
    let app = TestApp::start().await;
    let person = app.hire(1);
    app.request_link(&person).await.unwrap();
    let token = app.link_token(&app.delivery(1).await).await;
    let (one, two) = tokio::join!(
        app.set_password(&token, "olive sable vent 1"),
        app.set_password(&token, "olive sable vent 2")
    );
    assert!(one.is_ok() != two.is_ok(), "{one:?} {two:?}");
    app.finish().await;
}

#[tokio::test]
async fn a_link_expires_after_thirty_minutes_for_page_and_mailer() {
    let app = TestApp::start().await;
    let person = app.hire(1);
    app.request_link(&person).await.unwrap();
    let delivery = app.delivery(1).await;
    let token = app.link_token(&delivery).await;
    app.pass(30 * 60 - 1);
    assert!(is_usable(&app, &token).await);
    app.pass(1);
    assert!(!is_usable(&app, &token).await);
    assert_eq!(
        reason(app.set_password(&token, PASSWORD).await),
        "LINK_NOT_USABLE"
    );
    assert_eq!(reason(app.fetch(&delivery).await), "DELIVERY_NOT_FOUND");
    app.finish().await;
}

#[tokio::test]
async fn a_link_that_was_never_issued_looks_like_a_used_one() {
    let app = TestApp::start().await;
    for token in ["", "x", &"A".repeat(43)] {
        assert!(!is_usable(&app, token).await);
        assert_eq!(reason(app.set_password(token, PASSWORD).await), "LINK_NOT_USABLE");
    }
    for delivery in ["", "x", "01890000-0000-7000-8000-000000000000"] {
        assert_eq!(reason(app.fetch(delivery).await), "DELIVERY_NOT_FOUND");
    }
    app.finish().await;
}

#[tokio::test]
async fn no_token_of_a_link_stands_in_the_database() {
    let app = TestApp::start().await;
    let person = app.hire(1);
    app.request_link(&person).await.unwrap();
    let token = app.link_token(&app.delivery(1).await).await;
    let rows: Vec<String> = sqlx::query_scalar("SELECT to_jsonb(links)::text FROM links")
        .fetch_all(&app.db.pool)
        .await
        .unwrap();
    assert!(
        rows.iter()
            .all(|row| !row.contains(&token) && !row.contains("finances")),
        "{rows:?}"
    );
    app.finish().await;
}

#[tokio::test]
async fn a_membership_that_is_away_is_asked_again_and_the_link_follows() {
    let app = TestApp::start().await;
    let person = app.hire(1);
    app.staff.set_away(true);
    app.request_link(&person).await.unwrap();
    testkit::eventually(async || (app.staff.asked() > 0).then_some(())).await;
    assert_eq!(app.count("links").await, 0);
    app.staff.set_away(false);
    app.delivery(1).await;
    app.jobs_done().await;
    app.finish().await;
}

#[tokio::test]
async fn a_membership_that_stays_away_ends_in_a_closed_request_without_what_was_typed() {
    let app = TestApp::start().await;
    let person = app.hire(1);
    app.staff.set_away(true);
    app.request_link(&person).await.unwrap();
    let state = testkit::eventually(async || {
        app.pass(30);
        let row: (String, bool) = sqlx::query_as("SELECT state, payload IS NULL FROM account_requests")
            .fetch_one(&app.db.pool)
            .await
            .unwrap();
        (row.0 != "waiting").then_some(row)
    })
    .await;
    assert_eq!(state, ("given_up".to_owned(), true));
    assert_eq!(app.staff.asked(), 9);
    assert_eq!(app.count("accounts").await, 0);
}

#[tokio::test]
async fn two_requests_of_one_person_at_once_make_one_account_with_one_open_link() {
    let app = TestApp::start().await;
    let person = app.hire(1);
    let (one, two) = tokio::join!(app.request_link(&person), app.request_link(&person));
    one.unwrap();
    two.unwrap();
    app.delivery(2).await;
    app.jobs_done().await;
    let open: i64 =
        sqlx::query_scalar("SELECT count(*) FROM links WHERE used_at IS NULL AND voided_at IS NULL")
            .fetch_one(&app.db.pool)
            .await
            .unwrap();
    assert_eq!(
        (app.count("accounts").await, app.count("links").await, open),
        (1, 2, 1)
    );
    app.finish().await;
}

#[tokio::test]
async fn asking_over_and_over_for_one_person_is_slowed_known_or_not() {
    let options = Options {
        settings: Box::new(|settings| settings.account.requests_per_person = 2),
        ..Options::default()
    };
    let app = TestApp::start_with(options).await;
    let known = app.hire(1);
    let unknown = Person {
        matricule: "90009999".to_owned(),
        cin: "ZZ109999".to_owned(),
        ..known.clone()
    };
    for person in [&known, &unknown] {
        app.request_link(person).await.unwrap();
        app.request_link(person).await.unwrap();
        let status = app.request_link(person).await.unwrap_err();
        assert_eq!(status.code(), Code::ResourceExhausted);
        assert_eq!(reason::<()>(Err(status)), "SLOW_DOWN");
    }
    app.jobs_done().await;
    app.finish().await;
}

#[tokio::test]
async fn a_forgotten_password_by_the_same_form_ends_sessions_and_the_lock_out() {
    let app = TestApp::start().await;
    let (person, signed_in) = app.member(1).await;
    let refused = app.sign_in(&person.matricule, "not this one at all").await;
    assert_eq!(reason(refused), "SIGN_IN_REFUSED");
    assert_eq!(
        reason(app.sign_in(&person.matricule, PASSWORD).await),
        "SLOW_DOWN"
    );
    app.request_link(&person).await.unwrap();
    let token = app.link_token(&app.delivery(2).await).await;
    app.set_password(&token, "tambour figue comete").await.unwrap();
    assert_eq!(
        reason(app.access(&signed_in.session_token).await),
        "SESSION_ENDED"
    );
    assert_eq!(
        app.count("devices").await,
        1,
        "only the browser that used the link"
    );
    app.sign_in(&person.matricule, "tambour figue comete")
        .await
        .unwrap();
    app.finish().await;
}

#[tokio::test]
async fn somebody_who_keeps_guessing_cannot_keep_the_member_out_who_used_a_link() {
    let app = TestApp::start().await;
    let (person, _) = app.member(1).await;
    let guess = async || {
        app.sign_in_from("198.51.100.9", &person.matricule, "a strangers guess", "")
            .await
    };
    assert_eq!(reason(guess().await), "SIGN_IN_REFUSED");
    // A day's worth of guesses: strangers wait until midnight.
    sqlx::query("UPDATE sign_in_failures SET count = 99, slow_until = last_at")
        .execute(&app.db.pool)
        .await
        .unwrap();
    assert_eq!(reason(guess().await), "SIGN_IN_REFUSED");
    let wait = platform::status::retry_after(&guess().await.unwrap_err()).unwrap();
    assert!(wait.as_secs() > 10 && wait.as_secs() <= 24 * 3600, "{wait:?}");

    app.request_link(&person).await.unwrap();
    let token = app.link_token(&app.delivery(2).await).await;
    let device = app.set_password(&token, "tambour figue comete").await.unwrap();
    assert_eq!(reason(guess().await), "SIGN_IN_REFUSED");
    assert_eq!(reason(guess().await), "SLOW_DOWN");
    app.sign_in_from("192.0.2.50", &person.matricule, "tambour figue comete", &device)
        .await
        .unwrap();
    app.finish().await;
}

#[tokio::test]
async fn what_is_of_no_more_use_is_swept_away() {
    let options = Options {
        settings: Box::new(|settings| settings.sweep.every_seconds = 1),
        ..Options::default()
    };
    let app = TestApp::start_with(options).await;
    let (person, _) = app.member(1).await;
    app.request_link(&person).await.unwrap();
    app.delivery(2).await;
    app.jobs_done().await;
    let addresses = async || -> i64 {
        sqlx::query_scalar("SELECT count(*) FROM links WHERE email IS NOT NULL")
            .fetch_one(&app.db.pool)
            .await
            .unwrap()
    };
    assert_eq!(addresses().await, 1);
    app.pass(31 * 60);
    testkit::eventually(async || (addresses().await == 0 && app.count("sessions").await == 0).then_some(()))
        .await;
    assert_eq!((app.count("links").await, app.count("devices").await), (2, 2));
    app.pass(8 * 24 * 3600);
    testkit::eventually(async || {
        (app.count("links").await + app.count("account_requests").await == 0).then_some(())
    })
    .await;
    app.finish().await;
}

#[tokio::test]
async fn a_payroll_number_that_passed_to_another_member_opens_the_new_account_only() {
    let app = TestApp::start().await;
    let (first, _) = app.member(1).await;
    let second = Person {
        cin: "ZZ200002".to_owned(),
        email: "second@finances.example".to_owned(),
        member_id: app.hire(2).member_id,
        ..first
    };
    app.staff.add(&second);
    app.request_link(&second).await.unwrap();
    let token = app.link_token(&app.delivery(2).await).await;
    app.set_password(&token, "tambour figue comete").await.unwrap();
    app.pass(5);
    assert_eq!(
        reason(app.sign_in(&second.matricule, PASSWORD).await),
        "SIGN_IN_REFUSED"
    );
    app.pass(5);
    let session = app
        .sign_in(&second.matricule, "tambour figue comete")
        .await
        .unwrap()
        .session
        .unwrap();
    assert_eq!(session.member_id, second.member_id.to_string());
    app.finish().await;
}
