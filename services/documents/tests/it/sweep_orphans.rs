//! What a crash between object and row leaves behind is removed, and nothing else.

use std::time::{Duration, SystemTime};

use platform::clock::Clock;

use crate::support::{TestApp, pdf, someone};

#[tokio::test]
async fn an_old_object_without_a_row_is_removed_and_a_young_one_or_a_stranger_s_is_left_alone() {
    let names = [
        "000000000000700000000000000000ab",
        "000000000000700000000000000001ab",
        "report",
    ];
    let app = TestApp::start_on("", |store| {
        std::fs::create_dir(store.join("ab")).unwrap();
        let two_hours = Duration::from_secs(2 * 3600);
        for (name, age) in names
            .into_iter()
            .zip([two_hours, Duration::from_secs(60), two_hours])
        {
            let file = std::fs::File::create(store.join("ab").join(name)).unwrap();
            file.set_modified(SystemTime::from(Clock::system().now()) - age)
                .unwrap();
        }
    })
    .await;
    let [old, young, stranger] = names.map(|name| app.store.join("ab").join(name));
    testkit::eventually(|| async { (!old.exists()).then_some(()) }).await;
    assert!(young.exists() && stranger.exists());
    app.upload(someone(), "a.pdf", &pdf()).await.unwrap();
    app.finish().await;
}

#[tokio::test]
async fn an_old_object_with_a_row_stays() {
    let app = TestApp::start().await;
    let who = someone();
    let document = app.upload(who, "a.pdf", &pdf()).await.unwrap().document.unwrap();
    let object = app.objects().remove(0);
    let file = std::fs::File::options().write(true).open(&object).unwrap();
    file.set_modified(SystemTime::from(Clock::system().now()) - Duration::from_secs(2 * 3600))
        .unwrap();
    // The sweep runs when a service starts: another one on the same database and store.
    app.start_another().await;
    assert!(object.exists());
    assert!(app.download(who, &document.document_id, "a look").await.is_ok());
    app.finish().await;
}
