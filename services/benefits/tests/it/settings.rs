//! Settings that must stop the process before a port opens: one line that names the key.

use benefits::Settings;
use platform::settings::Validate as _;
use testkit::TestDb;

use crate::support::settings;

type Change = fn(&mut Settings);

#[tokio::test]
async fn a_wrong_setting_is_named() {
    let db = TestDb::create("benefits", benefits::migrations()).await;
    let keys = testkit::keys();
    let good = || settings(&db, &keys);
    assert!(good().validate().is_ok());
    let changes: [(&str, Change); 6] = [
        ("peers.membership.url", |settings| {
            settings.peers.membership.url = "membership".to_owned()
        }),
        ("privacy.cndp_reference", |settings| {
            settings.privacy.cndp_reference = "DEMO-0000/0000".to_owned()
        }),
        ("catalogue.insurer_ar", |settings| {
            settings.catalogue.insurer_fr = " ".to_owned()
        }),
        ("catalogue.own_files", |settings| {
            settings.catalogue.own_files = "/no/such/folder".into()
        }),
        ("drafts.life_days", |settings| settings.drafts.life_days = 0),
        ("drafts.life_days", |settings| settings.drafts.life_days = 91),
    ];
    for (key, change) in changes {
        let mut wrong = good();
        change(&mut wrong);
        let error = wrong.validate().expect_err("a wrong setting").to_string();
        assert!(error.contains(key) && error.lines().count() == 1, "{error}");
    }
}
