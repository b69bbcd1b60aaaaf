//! Removes objects that no row names: what a crash between the object and the commit left behind. Young ones are left alone, as is what the store lists
//! under no paper's name, and so is everything when there are so many that the database must be at fault: one that is new, or restored to a day before its papers.

use chrono::TimeDelta;
use paper_store::Store;
use platform::clock::Clock;
use sqlx::PgPool;

use crate::error::Error;
use crate::store::documents;

/// An upload is far quicker than this.
const AGE: TimeDelta = TimeDelta::hours(1);
/// Objects compared in one statement.
const BATCH: usize = 500;
/// Crashes leave fewer orphans than this behind, whatever their share.
const FEW: usize = 100;
/// Crashes leave a smaller share of the objects behind than one in this many, whatever their number.
const ONE_IN: usize = 10;

/// What a sweep came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Swept {
    /// This many objects were removed.
    Removed(usize),
    /// Too many had no row: none was removed.
    Refused { orphans: usize, looked_at: usize },
}

/// Removes the orphans, all or none.
pub(crate) async fn sweep_orphans(pool: &PgPool, storage: &Store, clock: &Clock) -> Result<Swept, Error> {
    let young = clock.now() - AGE;
    let listed = storage.list().await?;
    let old: Vec<String> = listed
        .into_iter()
        .filter(|object| object.written < young)
        .map(|object| object.name)
        .collect();
    let mut orphans = Vec::new();
    for chunk in old.chunks(BATCH) {
        let mut conn = pool.acquire().await?;
        let named = documents::named_objects(&mut conn, chunk).await?;
        orphans.extend(chunk.iter().filter(|object| !named.contains(object)));
    }
    if too_many(orphans.len(), old.len()) {
        return Ok(Swept::Refused {
            orphans: orphans.len(),
            looked_at: old.len(),
        });
    }
    for orphan in &orphans {
        storage.delete(orphan).await?;
    }
    Ok(Swept::Removed(orphans.len()))
}

fn too_many(orphans: usize, looked_at: usize) -> bool {
    orphans > FEW && orphans * ONE_IN > looked_at
}

#[cfg(test)]
mod tests {
    use kernel::ids::DocumentId;
    use paper_store::{S3Settings, StorageSettings};
    use platform::settings::Secret;
    use testkit::TestDb;
    use testkit::stack::{PrivateStack, Server};
    use uuid::Uuid;

    use super::*;

    #[test]
    fn many_orphans_and_a_large_share_of_the_objects_are_too_many() {
        assert!(!too_many(0, 0));
        assert!(!too_many(100, 100));
        assert!(too_many(101, 101));
        assert!(!too_many(101, 1_010));
        assert!(too_many(101, 1_009));
    }

    /// A name as an upload gives it.
    fn paper(number: usize) -> String {
        documents::object_of(DocumentId::from_uuid(Uuid::from_u128(number as u128)))
    }

    #[tokio::test]
    async fn a_new_database_beside_a_full_store_deletes_nothing() {
        let db = TestDb::create("documents", crate::migrations()).await;
        let keys = testkit::keys();
        let directory = keys.path().join("store");
        std::fs::create_dir(&directory).expect("a folder");
        let storage = Store::open(&StorageSettings::disk(&directory)).expect("a store");
        let objects = |count: usize| {
            for n in 0..count {
                let path = directory.join(paper(n));
                std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
                let file = std::fs::File::create(path).expect("a file");
                file.set_modified(std::time::SystemTime::UNIX_EPOCH)
                    .expect("its time");
            }
        };
        let left = || (0..101).filter(|n| directory.join(paper(*n)).exists()).count();
        let sweep = async || {
            sweep_orphans(&db.pool, &storage, &Clock::system())
                .await
                .expect("it runs")
        };

        objects(101);
        let refused = Swept::Refused {
            orphans: 101,
            looked_at: 101,
        };
        assert_eq!(sweep().await, refused);
        assert_eq!(left(), 101);

        std::fs::remove_file(directory.join(paper(7))).expect("one fewer");
        assert_eq!(sweep().await, Swept::Removed(100));
        assert_eq!(left(), 0);
    }

    #[tokio::test]
    async fn private_stack_objects_of_a_bucket_without_a_row_go_once_they_are_old() {
        let stack = tokio::task::spawn_blocking(|| PrivateStack::start(&[Server::Objects]))
            .await
            .expect("it ends")
            .expect("an object store");
        let objects = &stack.addresses().objects;
        let storage = Store::open(&StorageSettings::bucket(S3Settings {
            endpoint: objects.endpoint.clone(),
            bucket: objects.bucket.clone(),
            access_key_id: Secret::new(&objects.access_key_id),
            secret_access_key: Secret::new(&objects.secret_access_key),
            ..S3Settings::default()
        }))
        .expect("a client");
        let db = TestDb::create("documents", crate::migrations()).await;
        // Of another installation, below a longer prefix, and of another program.
        let strangers = [format!("staging/{}", paper(3)), "reports/2026".to_owned()];
        for name in [paper(1), paper(2)].iter().chain(&strangers) {
            storage.put(name, &b"sealed"[..]).await.expect("it is written");
        }
        let now = Clock::system().now();
        let swept = async |clock: Clock| sweep_orphans(&db.pool, &storage, &clock).await.expect("it runs");
        assert_eq!(swept(Clock::manual(now)).await, Swept::Removed(0));
        assert_eq!(
            swept(Clock::manual(now + TimeDelta::hours(2))).await,
            Swept::Removed(2)
        );
        assert!(storage.list().await.expect("it answers").is_empty());
        for name in &strangers {
            assert!(
                storage.has(name).await.expect("it answers"),
                "{name} is somebody else's"
            );
        }
    }
}
