//! Settings that must stop the process before a port opens: one line that names the key.

use partnerships::Settings;
use platform::settings::{Secret, Validate as _};
use testkit::TestDb;

use crate::support::settings;

type Change = fn(&mut Settings);

#[tokio::test]
async fn a_wrong_setting_is_named() {
    let db = TestDb::create("partnerships", partnerships::migrations()).await;
    let keys = testkit::keys();
    let good = || settings(&db, &keys);
    assert!(good().validate().is_ok());
    let changes: [(&str, Change); 9] = [
        ("peers.membership.url", |settings| {
            settings.peers.membership.url = "membership".to_owned()
        }),
        ("redis.url", |settings| {
            settings.redis.url = Secret::new("http://secret@127.0.0.1")
        }),
        ("redis.prefix", |settings| settings.redis.prefix.clear()),
        ("card.code_minutes", |settings| settings.card.code_minutes = 31),
        ("card.codes_per_hour", |settings| settings.card.codes_per_hour = 0),
        ("verification.minutes", |settings| {
            settings.verification.minutes = 0
        }),
        ("verification.retention_days", |settings| {
            settings.verification.retention_days = 91
        }),
        ("quota.verifications_per_minute", |settings| {
            settings.quota.verifications_per_minute = 0
        }),
        ("quota.refused_per_hour", |settings| {
            settings.quota.refused_per_hour = 0
        }),
    ];
    for (key, change) in changes {
        let mut wrong = good();
        change(&mut wrong);
        let error = wrong.validate().expect_err("a wrong setting").to_string();
        assert!(error.contains(key) && error.lines().count() == 1, "{error}");
        assert!(!error.contains("secret"), "{error}");
    }
}
