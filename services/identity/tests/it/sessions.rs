//! Sessions: exchanged for short tokens, ended by time, by signing out, by revocation, and listed for their owner only.

use auth::trust::Trust;
use identity_proto::v1::{ExchangeSessionRequest, ListSessionsRequest, RevokeSessionRequest, SignOutRequest};
use kernel::CallerKind;

use crate::support::{PASSWORD, TestApp, reason};
use crate::terms::accept_current;

#[tokio::test]
async fn a_session_gives_a_token_of_a_minute_for_one_service() {
    let app = TestApp::start().await;
    let (person, signed_in) = app.member(1).await;
    let request = ExchangeSessionRequest {
        session_token: signed_in.session_token,
        audience: "benefits".to_owned(),
    };
    let answer = app
        .sessions()
        .exchange_session(request)
        .await
        .unwrap()
        .into_inner();
    let trust = Trust::new(&app.keys.directory().trust_path());
    let claims = auth::token::verify(&trust, &answer.access_token, "benefits", app.clock.now()).unwrap();
    assert_eq!(claims.kind, CallerKind::Member);
    assert_eq!(claims.member_id, Some(person.member_id));
    assert_eq!(
        claims.account_id.unwrap().to_string(),
        signed_in.session.unwrap().account_id
    );
    assert!(claims.exp - claims.iat <= 60 && claims.session_id.is_some() && !claims.terms);
    assert_eq!(
        (claims.locale.as_str(), answer.expires_at.unwrap().seconds),
        ("fr", claims.exp)
    );
    assert!(auth::token::verify(&trust, &answer.access_token, "membership", app.clock.now()).is_err());
    app.finish().await;
}

#[tokio::test]
async fn no_token_is_made_for_a_service_that_we_do_not_know() {
    let app = TestApp::start().await;
    let (_, signed_in) = app.member(1).await;
    for audience in ["", "portal", "Benefits"] {
        let request = ExchangeSessionRequest {
            session_token: signed_in.session_token.clone(),
            audience: audience.to_owned(),
        };
        assert_eq!(
            reason(app.sessions().exchange_session(request).await),
            "AUDIENCE_UNKNOWN"
        );
    }
    app.finish().await;
}

#[tokio::test]
async fn a_session_ends_after_half_an_hour_without_use_and_after_twelve_hours_with() {
    let app = TestApp::start().await;
    let (person, idle) = app.member(1).await;
    app.pass(30 * 60);
    assert_eq!(reason(app.access(&idle.session_token).await), "SESSION_ENDED");
    let used = app.sign_in(&person.matricule, PASSWORD).await.unwrap();
    for _ in 0..(12 * 60 / 20 - 1) {
        app.pass(20 * 60);
        app.access(&used.session_token).await.unwrap();
    }
    app.pass(20 * 60);
    assert_eq!(reason(app.access(&used.session_token).await), "SESSION_ENDED");
    app.finish().await;
}

#[tokio::test]
async fn the_last_use_is_written_at_most_once_a_minute() {
    let app = TestApp::start().await;
    let (_, signed_in) = app.member(1).await;
    let last_seen = async || -> chrono::DateTime<chrono::Utc> {
        sqlx::query_scalar("SELECT last_seen_at FROM sessions")
            .fetch_one(&app.db.pool)
            .await
            .unwrap()
    };
    let first = last_seen().await;
    app.pass(59);
    app.access(&signed_in.session_token).await.unwrap();
    assert_eq!(last_seen().await, first);
    app.pass(1);
    app.access(&signed_in.session_token).await.unwrap();
    assert_eq!(last_seen().await, first + chrono::Duration::seconds(60));
    app.finish().await;
}

#[tokio::test]
async fn signing_out_ends_the_session_at_once_and_twice_is_no_error() {
    let app = TestApp::start().await;
    let (person, first) = app.member(1).await;
    let second = app.sign_in(&person.matricule, PASSWORD).await.unwrap();
    assert_ne!(first.session_token, second.session_token);
    let request = SignOutRequest {
        session_token: first.session_token.clone(),
    };
    app.sessions().sign_out(request.clone()).await.unwrap();
    app.sessions().sign_out(request).await.unwrap();
    assert_eq!(reason(app.access(&first.session_token).await), "SESSION_ENDED");
    app.access(&second.session_token).await.unwrap();
    app.finish().await;
}

#[tokio::test]
async fn people_list_and_end_their_own_sessions_only() {
    let app = TestApp::start().await;
    let (person, first) = app.member(1).await;
    let (_, stranger) = app.member(2).await;
    accept_current(&app, &first.session_token).await;
    accept_current(&app, &stranger.session_token).await;
    let second = app.sign_in(&person.matricule, PASSWORD).await.unwrap();
    let request = app.by(&second.session_token, ListSessionsRequest {}).await;
    let sessions = app
        .members_sessions()
        .list_sessions(request)
        .await
        .unwrap()
        .into_inner()
        .sessions;
    assert_eq!(sessions.len(), 2);
    let current: Vec<_> = sessions.iter().filter(|session| session.current).collect();
    assert_eq!(
        (current.len(), current[0].device_label.as_str()),
        (1, "FirefoxLinux")
    );
    let other = sessions
        .iter()
        .find(|session| !session.current)
        .unwrap()
        .session_id
        .clone();

    for id in [other.clone(), "x".to_owned()] {
        let request = app
            .by(&stranger.session_token, RevokeSessionRequest { session_id: id })
            .await;
        assert_eq!(
            reason(app.members_sessions().revoke_session(request).await),
            "SESSION_NOT_FOUND"
        );
    }
    app.access(&first.session_token).await.unwrap();
    let request = app
        .by(&second.session_token, RevokeSessionRequest { session_id: other })
        .await;
    app.members_sessions().revoke_session(request).await.unwrap();
    assert_eq!(reason(app.access(&first.session_token).await), "SESSION_ENDED");
    app.finish().await;
}

#[tokio::test]
async fn a_session_that_never_was_has_ended() {
    let app = TestApp::start().await;
    for token in ["", "x", &"A".repeat(43)] {
        assert_eq!(reason(app.access(token).await), "SESSION_ENDED");
    }
    app.finish().await;
}
