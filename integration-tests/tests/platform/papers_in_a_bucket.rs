//! An installation whose papers lie in a bucket: a request is sent with its paper, the operator's look, backup and restore find it there, and what is
//! missing or away is told.

use integration_tests::member::{Member, key};
use integration_tests::services::SERVICES;
use integration_tests::world::World;
use operations::backup::Manifest;
use paper_store::{S3Settings, StorageSettings, Store};
use platform::settings::Secret;
use testkit::stack::{ObjectsAddress, PrivateStack, Server};

use crate::operator::{Operator, told};

fn store(bucket: &ObjectsAddress) -> Store {
    let settings = StorageSettings::bucket(S3Settings {
        endpoint: bucket.endpoint.clone(),
        bucket: bucket.bucket.clone(),
        prefix: "tadamon".to_owned(),
        access_key_id: Secret::new(&bucket.access_key_id),
        secret_access_key: Secret::new(&bucket.secret_access_key),
        ..S3Settings::default()
    });
    Store::open(&settings).expect("a client")
}

/// What the doctor says of documents.
fn looked_at(operator: &Operator<'_>) -> String {
    told(&operator.runs(&["doctor", "--service", "documents"], true)).1
}

#[tokio::test]
async fn private_stack_papers_of_a_bucket_are_backed_up_put_back_and_missed() {
    let stack = PrivateStack::start(&[Server::Objects]).expect("an object store");
    let bucket = &stack.addresses().objects;
    let world = World::start_in_bucket(bucket).await;
    let (operator, store) = (Operator { world: &world }, store(bucket));
    let member = Member::active();
    world.import(member.lines()).await;
    let signed_in = member.opens_an_account(&world).await;
    let draft = signed_in.fills_in_everything("oncology").await;
    signed_in
        .submits(&draft.application_id, &key())
        .await
        .expect("sent");
    operator.sees_everything_applied(&[]).await;
    let listed = store.list().await.expect("the store answers");
    assert_eq!(listed.len(), 1, "the paper lies in the bucket");
    let paper = store.get(&listed[0].name).await.expect("it is there");

    let folder = operator.backs_up();
    let manifest = Manifest::read(&folder).expect("a whole backup");
    assert_eq!(manifest.papers.map(|papers| papers.papers), Some(1));
    let (code, text) = told(&operator.runs(&["backup", "verify", &folder.display().to_string()], false));
    assert_eq!(code, Some(0), "{text}");
    assert!(
        !looked_at(&operator).contains("papers_"),
        "{}",
        looked_at(&operator)
    );

    // The bucket loses it, or a rule of the bucket did.
    store.delete(&listed[0].name).await.expect("it goes");
    assert!(looked_at(&operator).contains("papers_missing"));

    operator.stops(&SERVICES).await;
    operator.makes_databases_anew().await;
    let (code, text) = operator.restores(&folder, &[]);
    assert_eq!(code, Some(0), "{text}");
    assert_eq!(store.get(&listed[0].name).await.expect("it is back"), paper);
    // Into a place that holds papers nothing is put without a word.
    operator.makes_databases_anew().await;
    let (code, text) = operator.restores(&folder, &[]);
    assert!(
        code == Some(65) && text.contains("holds papers"),
        "{code:?} {text}"
    );
    let (code, text) = operator.restores(&folder, &["--replace"]);
    assert_eq!(code, Some(0), "{text}");
    operator.starts(&SERVICES).await;
    let history = member.signs_in(&world).await.history().await;
    assert_eq!(history.len(), 1);
    assert!(!looked_at(&operator).contains("papers_"));

    stack.kill(Server::Objects).expect("it ran");
    assert!(looked_at(&operator).contains("papers_away"));
    let to = operator.backups().display().to_string();
    let (code, text) = told(&operator.runs(&["backup", "--to", &to], true));
    assert!(
        code == Some(69) && text.contains("the place of the papers"),
        "{code:?} {text}"
    );
}
