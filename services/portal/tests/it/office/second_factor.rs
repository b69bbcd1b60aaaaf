//! Agents prove a second factor before anything of the office opens; members are never asked.

use reqwest::StatusCode;
use tonic::Code;

use crate::support::TestApp;
use crate::world::agents::{CODE, RECOVERY_CODE};
use crate::world::{AGENT, FRESH_AGENT, KHADIJA, REVIEWER};

#[tokio::test]
async fn nothing_of_the_office_opens_before_the_second_factor() {
    let app = TestApp::start().await;
    let agent = app.with_password(AGENT).await;
    for path in [
        "/fr/office",
        "/fr/office/queues/examination",
        "/fr/office/desk",
        "/fr/office/agents",
        "/fr/password",
        "/fr/sessions",
    ] {
        let led = agent.get(path).await;
        assert_eq!(
            (led.status, led.leads_to()),
            (
                StatusCode::SEE_OTHER,
                format!("/fr/second-factor?next={path}").as_str()
            )
        );
    }
    let page = agent.get("/fr/second-factor").await;
    let token = page.hidden("form_token");
    let posted = agent
        .post(
            "/fr/office/agents/new",
            &[
                ("form_token", &token),
                ("login", "99000020"),
                ("role_finance", "on"),
            ],
        )
        .await;
    assert_eq!(posted.status, StatusCode::SEE_OTHER);
    assert!(posted.leads_to().starts_with("/fr/second-factor"));
    assert_eq!(app.world.calls("create_agent"), 0);
    assert_eq!(app.world.calls("list_queues"), 0);
}

#[tokio::test]
async fn a_member_sees_no_page_of_the_office_and_an_agent_none_of_the_members() {
    let app = TestApp::start().await;
    let member = app.signed_in(KHADIJA).await;
    for path in [
        "/fr/office",
        "/fr/office/desk",
        "/fr/second-factor",
        "/fr/office/openings",
    ] {
        assert_eq!(member.get(path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    let before = (app.world.calls("get_own_record"), app.world.calls("count_unread"));
    let agent = app.signed_in(AGENT).await;
    for path in ["/fr/home", "/fr/services", "/fr/inbox", "/fr/profile"] {
        assert_eq!(agent.get(path).await.leads_to(), "/fr/office", "{path}");
    }
    let office = agent.get("/fr/office").await;
    let token = office.hidden("form_token");
    let answer = agent.post("/fr/inbox", &[("form_token", &token)]).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
    assert_eq!(
        (app.world.calls("get_own_record"), app.world.calls("count_unread")),
        before,
        "an agent has neither a member's record nor an inbox"
    );
    for path in ["/fr/password", "/fr/sessions"] {
        assert_eq!(agent.get(path).await.status, StatusCode::OK, "{path}");
        assert_eq!(member.get(path).await.status, StatusCode::OK, "{path}");
    }
    let out = office.submit(&agent, "/sign-out", &[]).await;
    assert_eq!(out.leads_to(), "/fr/signed-out");
}

#[tokio::test]
async fn the_code_opens_the_page_that_was_wanted_and_the_old_session_is_of_no_use() {
    let app = TestApp::start().await;
    let agent = app.with_password(REVIEWER).await;
    let page = agent
        .get("/fr/second-factor?next=/fr/office/queues/opinion")
        .await;
    let wrong = page
        .submit_where(
            &agent,
            "/second-factor",
            ("way", "code"),
            &[("secret_code", "654321")],
        )
        .await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.body.contains("href=\"#secret_code\"") && !wrong.body.contains("654321"));
    let right = wrong
        .submit_where(
            &agent,
            "/second-factor",
            ("way", "code"),
            &[("secret_code", CODE)],
        )
        .await;
    assert_eq!(right.leads_to(), "/fr/office/queues/opinion");
    assert_eq!(
        agent.get("/fr/office/queues/opinion").await.status,
        StatusCode::OK
    );
    assert!(
        app.world
            .state()
            .sessions
            .keys()
            .all(|token| token.ends_with("-raised")),
        "the session of one factor is gone"
    );
}

#[tokio::test]
async fn a_recovery_code_stands_for_the_telephone_and_says_how_many_are_left() {
    let app = TestApp::start().await;
    let agent = app.with_password(AGENT).await;
    let page = agent.get("/fr/second-factor").await;
    let answer = page
        .submit_where(
            &agent,
            "/second-factor",
            ("way", "recovery"),
            &[("secret_recovery", RECOVERY_CODE)],
        )
        .await;
    assert_eq!(answer.leads_to(), "/fr/office?recovery_left=4");
    let office = agent.get(answer.leads_to()).await;
    assert!(office.body.contains("4 codes de secours"), "{}", office.body);
}

#[tokio::test]
async fn a_first_sign_in_sets_the_factor_up_and_shows_the_recovery_codes_once() {
    let app = TestApp::start().await;
    let agent = app.with_password(FRESH_AGENT).await;
    let start = agent.get("/fr/second-factor").await;
    assert_eq!(
        app.world.calls("begin_totp_enrolment"),
        0,
        "looking changes nothing"
    );
    let qr = start.submit(&agent, "/second-factor", &[]).await;
    assert!(
        qr.body.contains("<svg") && qr.body.contains("GEZD GNBV"),
        "{}",
        qr.body
    );
    let wrong = qr
        .submit(&agent, "/second-factor", &[("secret_code", "000000")])
        .await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(
        app.world.calls("begin_totp_enrolment"),
        1,
        "the same secret stays"
    );
    let codes = wrong
        .submit(&agent, "/second-factor", &[("secret_code", CODE)])
        .await;
    assert_eq!(codes.status, StatusCode::OK);
    assert!(codes.body.contains("0ZQ4-M7KX-2W0D"), "{}", codes.body);
    let office = agent.get("/fr/office").await;
    assert_eq!(office.status, StatusCode::OK);
    assert!(!office.body.contains("0ZQ4"));
    let again = codes.submit(&agent, "/sign-out", &[]).await;
    assert_eq!(
        again.leads_to(),
        "/fr/signed-out",
        "forms of that page belong to the new session"
    );
}

#[tokio::test]
async fn an_empty_code_a_slow_down_and_a_service_that_is_away_are_said_at_the_field() {
    let app = TestApp::start().await;
    let agent = app.with_password(AGENT).await;
    let page = agent.get("/ar/second-factor").await;
    let empty = page
        .submit_where(&agent, "/second-factor", ("way", "code"), &[])
        .await;
    assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(app.world.calls("verify_second_factor"), 0);
    app.world
        .refuse("verify_second_factor", Code::ResourceExhausted, "SLOW_DOWN");
    let typed = [("secret_code", CODE)];
    let slow = page
        .submit_where(&agent, "/second-factor", ("way", "code"), &typed)
        .await;
    assert_eq!(slow.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(slow.body.contains("محاولات كثيرة"), "{}", slow.body);
    app.world
        .refuse("verify_second_factor", Code::Unavailable, "TRY_AGAIN");
    let away = page
        .submit_where(&agent, "/second-factor", ("way", "code"), &typed)
        .await;
    assert_eq!(away.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(!away.body.contains(CODE));
}

#[tokio::test]
async fn who_never_saw_the_recovery_codes_draws_others_with_a_code_of_the_telephone() {
    let app = TestApp::start().await;
    let agent = app.signed_in(AGENT).await;
    let page = agent.get("/fr/second-factor").await;
    assert!(page.body.contains("nouveaux codes de secours"), "{}", page.body);
    let send = async |code: &str| {
        page.submit_where(
            &agent,
            "/second-factor",
            ("step", "codes"),
            &[("secret_code", code)],
        )
        .await
    };
    for wrong in ["", "654321"] {
        let refused = send(wrong).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.body.contains("href=\"#secret_code\"") && !refused.body.contains("654321"));
    }
    let codes = send(CODE).await;
    assert_eq!(codes.status, StatusCode::OK);
    assert!(codes.body.contains("0NEW-M7KX-2W0D"), "{}", codes.body);
    assert_eq!(
        agent.get("/fr/office").await.status,
        StatusCode::OK,
        "the session goes on"
    );
    app.world
        .refuse("renew_recovery_codes", Code::Unavailable, "TRY_AGAIN");
    assert_eq!(send(CODE).await.status, StatusCode::SERVICE_UNAVAILABLE);
}
