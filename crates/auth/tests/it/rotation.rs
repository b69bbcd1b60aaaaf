//! Certificates and authorities are replaced while everything runs; what does not belong together at the start keeps a process from starting.

use std::fs;

use platform::tls::{Tls, TlsSettings, examine};
use testkit::certificates::{Like, authority};
use testkit::eventually;
use tonic::Code;

use crate::server::{OPEN, Server, call};

const BENEFITS: Like<'_> = Like {
    names: &["benefits.tadamon.internal"],
    until: 2200,
};
const PORTAL: Like<'_> = Like {
    names: &["portal.tadamon.internal"],
    until: 2200,
};

#[tokio::test]
async fn a_renewed_certificate_is_shown_without_a_restart_and_the_expired_one_was_refused() {
    let authority = authority();
    let server = Server::start(&authority).await;
    let settings = authority.settings("portal", Like::expired(PORTAL.names), authority.pem());
    let tls = Tls::open(&settings).unwrap();
    let channel = server.channel(&tls);
    let token = || server.keys.service_token("portal", "benefits");
    assert!(call(channel.clone(), OPEN, &token()).await.is_err());
    authority.renew(&settings, PORTAL, authority.pem());
    tls.refresh();
    eventually(async || call(channel.clone(), OPEN, &token()).await.ok()).await;
    // And back: what expired is refused from the next connection on.
    authority.renew(&settings, Like::expired(PORTAL.names), authority.pem());
    tls.refresh();
    eventually(async || call(channel.clone(), OPEN, &token()).await.err()).await;
}

#[tokio::test]
async fn an_authority_is_replaced_and_no_call_fails_while_both_are_believed() {
    let (old, new) = (authority(), authority());
    let both = format!("{}{}", old.pem(), new.pem());
    let (of_server, of_caller) = (
        old.settings("benefits", BENEFITS, old.pem()),
        old.settings("portal", PORTAL, old.pem()),
    );
    let server = Server::start_with(Tls::open(&of_server).unwrap(), platform::clock::Clock::system()).await;
    let caller = Tls::open(&of_caller).unwrap();
    let channel = server.channel(&caller);
    let token = || server.keys.service_token("portal", "benefits");
    let steps: [&dyn Fn(); 5] = [
        &|| {},
        // Everybody believes both, then everybody shows the new one's, then nobody believes the old one.
        &|| {
            old.renew(&of_server, BENEFITS, &both);
            old.renew(&of_caller, PORTAL, &both);
        },
        &|| new.renew(&of_server, BENEFITS, &both),
        &|| new.renew(&of_caller, PORTAL, &both),
        &|| {
            new.renew(&of_server, BENEFITS, new.pem());
            new.renew(&of_caller, PORTAL, new.pem());
        },
    ];
    for (at, step) in steps.into_iter().enumerate() {
        step();
        server.tls.refresh();
        caller.refresh();
        for _ in 0..20 {
            // On the connection that stands, and on a new one.
            call(channel.clone(), OPEN, &token()).await.unwrap();
            let fresh = server.channel(&caller);
            let outcome = call(fresh, OPEN, &token()).await;
            assert!(outcome.is_ok(), "step {at}: {outcome:?}");
        }
    }
    let left_behind = Tls::open(&old.settings("late", PORTAL, &both)).unwrap();
    let refused = call(server.channel(&left_behind), OPEN, &token()).await;
    assert!(refused.is_err(), "the old authority is believed no more");
}

#[tokio::test]
async fn files_that_do_not_belong_together_change_nothing_until_they_do() {
    let authority = authority();
    let settings = authority.settings("benefits", BENEFITS, authority.pem());
    let server = Server::start_with(Tls::open(&settings).unwrap(), platform::clock::Clock::system()).await;
    let good =
        [&settings.certificate, &settings.key, &settings.authorities].map(|file| fs::read(file).unwrap());
    let other = authority.settings_of("portal");
    for (file, text) in [
        (&settings.key, fs::read(&other.key).unwrap()),
        (&settings.certificate, b"half a fi".to_vec()),
        (&settings.authorities, Vec::new()),
    ] {
        fs::write(file, text).unwrap();
        server.tls.refresh();
        server.call_of(&authority, "portal").await.unwrap();
        for (file, text) in [&settings.certificate, &settings.key, &settings.authorities]
            .into_iter()
            .zip(&good)
        {
            fs::write(file, text).unwrap();
        }
        server.tls.refresh();
        server.call_of(&authority, "portal").await.unwrap();
    }
}

#[test]
fn a_process_does_not_start_with_files_that_are_missing_or_do_not_belong_together() {
    let (authority, foreign) = (authority(), authority());
    let good = authority.settings_of("benefits");
    assert!(Tls::open(&good).unwrap().is_on());
    assert!(!Tls::open(&TlsSettings::default()).unwrap().is_on());
    let other = foreign.settings_of("portal");
    let nowhere = good.certificate.with_file_name("nowhere.pem");
    let with = |change: &dyn Fn(&mut TlsSettings)| {
        let mut settings = good.clone();
        change(&mut settings);
        settings
    };
    for (key, settings) in [
        (
            "common.tls.certificate",
            with(&|tls| tls.certificate.clone_from(&nowhere)),
        ),
        (
            "common.tls.certificate",
            with(&|tls| tls.certificate.clone_from(&good.key)),
        ),
        ("common.tls.key", with(&|tls| tls.key.clone_from(&nowhere))),
        ("common.tls.key", with(&|tls| tls.key.clone_from(&other.key))),
        (
            "common.tls.key",
            with(&|tls| tls.key.clone_from(&good.certificate)),
        ),
        ("common.tls.key", with(&|tls| tls.key = Default::default())),
        (
            "common.tls.authorities",
            with(&|tls| tls.authorities.clone_from(&nowhere)),
        ),
        (
            "common.tls.authorities",
            with(&|tls| tls.authorities.clone_from(&good.key)),
        ),
        ("common.tls.names", with(&|tls| tls.names = "internal".to_owned())),
    ] {
        let error = Tls::open(&settings).unwrap_err().to_string();
        assert!(error.starts_with(&format!("setting {key}: ")), "{key}: {error}");
        assert_eq!(error.lines().count(), 1, "{error}");
    }
}

#[test]
fn a_look_at_the_files_tells_what_the_others_would_see() {
    let (authority, foreign) = (authority(), authority());
    let now = "2026-11-23T00:00:00Z".parse().unwrap();
    let look = |settings: &TlsSettings| examine(settings, "benefits", now).unwrap().unwrap();
    let good = look(&authority.settings_of("benefits"));
    assert!(good.bears_the_name && good.not_believed.is_none(), "{good:?}");
    assert_eq!(good.until.to_string(), "2200-01-01 00:00:00 UTC");
    let other = look(&authority.settings_of("portal"));
    assert!(!other.bears_the_name && other.not_believed.is_none(), "{other:?}");
    let unknown = look(&foreign.settings("benefits", BENEFITS, authority.pem()));
    assert!(unknown.not_believed.is_some(), "{unknown:?}");
    let ended = look(&authority.settings("old", Like::expired(BENEFITS.names), authority.pem()));
    assert!(ended.until < now && ended.not_believed.is_none(), "{ended:?}");
    assert!(
        examine(&TlsSettings::default(), "benefits", now)
            .unwrap()
            .is_none()
    );
}

#[tokio::test]
async fn where_callers_are_not_asked_for_certificates_their_tokens_prove_them() {
    let authority = authority();
    let settings = TlsSettings {
        mutual: false,
        ..authority.settings_of("benefits")
    };
    let server = Server::start_with(Tls::open(&settings).unwrap(), platform::clock::Clock::system()).await;
    server.call_of(&authority, "portal").await.unwrap();
    let caller = Tls::open(&authority.settings_of("portal")).unwrap();
    let refused = call(server.channel(&caller), OPEN, "no token").await.unwrap_err();
    assert_eq!(refused.code(), Code::Unauthenticated);
}
