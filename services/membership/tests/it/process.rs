//! The process's promises: the right database, settings that are checked first.

use platform::clock::Clock;
use platform::process::ServiceApp as _;
use testkit::TestDb;

#[tokio::test]
async fn another_services_database_is_refused() {
    let foreign = TestDb::create("elsewhere", platform::db::migrations()).await;
    let keys = testkit::keys();
    let settings = membership::Settings {
        common: testkit::common(&foreign, &keys),
        banks: membership::BanksSettings::default(),
    };
    let refusal = membership::App::build(settings, Clock::system())
        .await
        .err()
        .unwrap();
    assert!(
        refusal.to_string().contains("belongs to the service elsewhere"),
        "{refusal}"
    );
}

#[test]
fn the_defaults_are_readable_and_a_bank_table_that_cannot_be_read_is_refused() {
    let keys = testkit::keys();
    let defaults = membership::App::DEFAULTS.replace(".local/keys", keys.path().to_str().unwrap());
    platform::settings::load::<membership::Settings>(&defaults, None).unwrap();
    let wrong = defaults.replace("file = \"\"", "file = \"/no/such/file\"");
    let refusal = platform::settings::load::<membership::Settings>(&wrong, None).unwrap_err();
    assert!(refusal.to_string().starts_with("setting banks.file"), "{refusal}");
}
