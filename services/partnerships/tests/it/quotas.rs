//! Quotas of clients: counted for all processes in Redis, by each process while Redis is away, and stricter for who tries codes.

use futures::future::join_all;
use platform::settings::Secret;

use crate::partner::Partner;
use crate::support::{Setup, TestApp, coach_terms};

#[tokio::test]
async fn a_client_beyond_its_quota_waits_as_long_as_it_is_told_and_others_go_on() {
    let app = TestApp::start_with(Setup {
        change: |settings| settings.quota.verifications_per_minute = 3,
        ..Setup::default()
    })
    .await;
    let partner = app.coach_company().await;
    let other = app.company("other", "other-client", coach_terms()).await;
    let member = app.member().await;
    let code = member.code_of(&member.person()).await;
    let verification = partner.verified(&code).await;
    for _ in 0..2 {
        partner.verified(&code).await;
    }
    let refused = partner.verify(&code).await;
    assert_eq!((refused.status, refused.reason()), (429, "QUOTA_EXCEEDED"));
    let wait: u64 = refused
        .header("retry-after")
        .expect("a time")
        .parse()
        .expect("whole seconds");
    assert!((1..=60).contains(&wait), "{wait}");
    // Another token of the same client is the same client.
    let again = Partner::with_token(&app, app.keys.partner_token("ctm-sandbox", &["cards.verify"]));
    assert_eq!(again.verify(&code).await.status, 429);
    // So is another client of the same partner.
    app.link("ctm", "ctm-second").await.expect("it is linked");
    let second = Partner::with_token(&app, app.keys.partner_token("ctm-second", &["cards.verify"]));
    assert_eq!(second.verify(&code).await.status, 429);
    other.verified(&code).await;
    // Sales have a quota of their own.
    partner.redeemed(&partner.sale(&verification)).await;
    app.finish().await;
}

#[tokio::test]
async fn without_redis_checks_go_on_and_each_process_counts_for_itself() {
    let app = TestApp::start_with(Setup {
        change: |settings| {
            settings.redis.url = Secret::new("redis://127.0.0.1:1/0");
            settings.quota.verifications_per_minute = 3;
        },
        ..Setup::default()
    })
    .await;
    let partner = app.coach_company().await;
    let member = app.member().await;
    let code = member.code_of(&member.person()).await;
    for _ in 0..3 {
        partner.verified(&code).await;
    }
    assert_eq!(partner.verify(&code).await.status, 429);
    app.minutes_pass(1);
    partner.verified(&code).await;
    app.finish().await;
}

#[tokio::test]
async fn who_tries_codes_is_stopped_and_learned_nothing() {
    let app = TestApp::start_with(Setup {
        change: |settings| settings.quota.refused_per_hour = 20,
        ..Setup::default()
    })
    .await;
    let partner = app.coach_company().await;
    let member = app.member().await;
    let good = member.code_of(&member.person()).await;
    let mut answered = 0;
    let mut answers = std::collections::BTreeSet::new();
    for n in 0..60 {
        let answer = partner.verify(&format!("{n:010}")).await;
        if answer.status == 429 {
            break;
        }
        let mut fields: Vec<String> = answer.body.as_object().unwrap().keys().cloned().collect();
        fields.sort();
        answers.insert((answer.body["result"].to_string(), fields));
        answered += 1;
    }
    assert_eq!(answered, 21, "the one that passed the limit was the last");
    assert_eq!(answers.len(), 1, "{answers:?}");
    assert_eq!(partner.verify(&good).await.status, 429, "also for a good code");
    app.minutes_pass(61);
    let code = member.code_of(&member.person()).await;
    partner.verified(&code).await;
    app.finish().await;
}

#[tokio::test]
async fn of_many_requests_at_once_exactly_as_many_pass_as_the_quota_allows() {
    for redis in [true, false] {
        let app = TestApp::start_with(Setup {
            change: match redis {
                true => |settings| settings.quota.verifications_per_minute = 23,
                false => |settings| {
                    settings.redis.url = Secret::new("redis://127.0.0.1:1/0");
                    settings.quota.verifications_per_minute = 23;
                },
            },
            ..Setup::default()
        })
        .await;
        let partner = app.coach_company().await;
        let other = app.company("other", "other-client", coach_terms()).await;
        let member = app.member().await;
        let code = member.code_of(&member.person()).await;
        let asked = (0..60).map(|n| if n % 3 == 0 { &other } else { &partner });
        let answers = join_all(asked.map(async |who| who.verify(&code).await.status)).await;
        let passed = |rest: fn(usize) -> bool| {
            let of = answers.iter().enumerate().filter(|(n, _)| rest(*n));
            of.filter(|(_, status)| **status == 200).count()
        };
        assert_eq!(passed(|n| n % 3 != 0), 23, "of 40: {answers:?}");
        assert_eq!(passed(|n| n % 3 == 0), 20, "of 20: {answers:?}");
        app.finish().await;
    }
}
