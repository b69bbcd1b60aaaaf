//! A running documents service with a database, a store and a subject prefix of its own.

use std::net::SocketAddr;
use std::path::PathBuf;

use documents_proto::v1::document_service_client::DocumentServiceClient;
use documents_proto::v1::{
    DownloadDocumentRequest, UploadDocumentRequest, UploadDocumentResponse, UploadOpening,
    download_document_response, upload_document_request,
};
use kernel::ids::{AccountId, MemberId};
use lopdf::{Dictionary, Document, Object, dictionary};
use platform::clock::Clock;
use platform::ids::uuid_v7;
use platform::process::ServiceApp as _;
use testkit::{TestDb, TestKeys};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use tonic::transport::Channel;
use tonic::{Request, Status};

pub(crate) struct TestApp {
    pub(crate) db: TestDb,
    pub(crate) keys: TestKeys,
    pub(crate) store: PathBuf,
    pub(crate) storage: documents::StorageSettings,
    pub(crate) prefix: String,
    admin: SocketAddr,
    channel: Channel,
    shutdown: CancellationToken,
    running: JoinHandle<anyhow::Result<()>>,
}

/// A member who may call.
#[derive(Clone, Copy)]
pub(crate) struct Someone {
    pub(crate) member: MemberId,
    account: AccountId,
}

pub(crate) fn someone() -> Someone {
    let id = || uuid_v7(Clock::system().now());
    Someone {
        member: MemberId::from_uuid(id()),
        account: AccountId::from_uuid(id()),
    }
}

impl TestApp {
    pub(crate) async fn start() -> Self {
        Self::start_with_scanner("").await
    }

    pub(crate) async fn start_with_scanner(clamd_address: &str) -> Self {
        Self::start_on(clamd_address, |_store| ()).await
    }

    /// Agents open papers that were not scanned.
    pub(crate) async fn start_without_asking_for_scans() -> Self {
        Self::start_with("", |_store| (), |settings| settings.review.require_scan = false).await
    }

    /// `before` sees the store's folder before the service does.
    pub(crate) async fn start_on(clamd_address: &str, before: impl FnOnce(&std::path::Path)) -> Self {
        Self::start_with(clamd_address, before, |_settings| ()).await
    }

    /// Papers lie in a bucket; agents open them unscanned.
    pub(crate) async fn start_in_bucket(storage: documents::StorageSettings) -> Self {
        let change = |settings: &mut documents::Settings| {
            settings.storage = storage;
            settings.review.require_scan = false;
        };
        Self::start_with("", |_store| (), change).await
    }

    async fn start_with(
        clamd_address: &str,
        before: impl FnOnce(&std::path::Path),
        change: impl FnOnce(&mut documents::Settings),
    ) -> Self {
        let db = TestDb::create("documents", documents::migrations()).await;
        let keys = testkit::keys();
        let store = keys.path().join("store");
        std::fs::create_dir(&store).unwrap();
        before(&store);
        let mut settings = settings(&db, &keys, &store, clamd_address);
        change(&mut settings);
        let prefix = settings.common.nats.prefix.clone();
        let storage = settings.storage.clone();
        let app = documents::App::build(settings, Clock::system()).await.unwrap();
        let admin = app.addresses().admin.unwrap();
        let channel = platform::grpc::channel(&format!("http://{}", app.addresses().grpc.unwrap())).unwrap();
        let shutdown = CancellationToken::new();
        let running = tokio::spawn(app.run_until(shutdown.clone()));
        Self {
            db,
            keys,
            store,
            storage,
            prefix,
            admin,
            channel,
            shutdown,
            running,
        }
    }

    /// A second process on the same database and store, until its first sweep is over.
    pub(crate) async fn start_another(&self) {
        std::fs::create_dir_all(self.store.join("ff")).unwrap();
        let old = self.store.join("ff/000000000000700000000000000000ff");
        let file = std::fs::File::create(&old).unwrap();
        file.set_modified(std::time::SystemTime::UNIX_EPOCH).unwrap();
        self.start_another_until(|| async { (!old.exists()).then_some(()) })
            .await;
    }

    /// A second process on the same database and store, until something is so.
    pub(crate) async fn start_another_until<F: Future<Output = Option<()>>>(&self, so: impl FnMut() -> F) {
        self.start_another_with_scanner("", so).await;
    }

    /// The same with a scanner.
    pub(crate) async fn start_another_with_scanner<F: Future<Output = Option<()>>>(
        &self,
        clamd_address: &str,
        so: impl FnMut() -> F,
    ) {
        let mut settings = self.settings();
        clamd_address.clone_into(&mut settings.scanner.clamd_address);
        let app = documents::App::build(settings, Clock::system()).await.unwrap();
        let shutdown = CancellationToken::new();
        let running = tokio::spawn(app.run_until(shutdown.clone()));
        testkit::eventually(so).await;
        shutdown.cancel();
        running.await.unwrap().unwrap();
    }

    /// For another process on the same database and store.
    pub(crate) fn settings(&self) -> documents::Settings {
        let mut settings = settings(&self.db, &self.keys, &self.store, "");
        settings.storage = self.storage.clone();
        settings
    }

    pub(crate) async fn finish(self) {
        testkit::eventually(|| async { (bus::unsent(&self.db.pool).await.unwrap() == 0).then_some(()) })
            .await;
        self.shutdown.cancel();
        self.running.await.unwrap().unwrap();
    }

    /// What a measure without labels shows.
    pub(crate) async fn shows(&self, measure: &str) -> Option<i64> {
        let _already = rustls::crypto::ring::default_provider().install_default();
        let client = reqwest::Client::builder().no_proxy().build().unwrap();
        let answer = client.get(format!("http://{}/metrics", self.admin)).send().await;
        let text = answer.unwrap().text().await.unwrap();
        let line = text.lines().find(|line| line.starts_with(measure))?;
        line.rsplit_once(' ')?.1.parse().ok()
    }

    pub(crate) fn client(&self) -> DocumentServiceClient<Channel> {
        DocumentServiceClient::new(self.channel.clone())
    }

    pub(crate) fn as_member<T>(&self, who: Someone, message: T) -> Request<T> {
        auth::client::with_token(
            Request::new(message),
            &self.keys.member_token("documents", who.member, who.account),
        )
    }

    pub(crate) async fn upload(
        &self,
        who: Someone,
        name: &str,
        content: &[u8],
    ) -> Result<UploadDocumentResponse, Status> {
        self.upload_keyed(who, name, content, &uuid_v7(Clock::system().now()).to_string())
            .await
    }

    pub(crate) async fn upload_keyed(
        &self,
        who: Someone,
        name: &str,
        content: &[u8],
        key: &str,
    ) -> Result<UploadDocumentResponse, Status> {
        self.upload_as(who, "health_paper", name, content, key).await
    }

    pub(crate) async fn upload_as(
        &self,
        who: Someone,
        class: &str,
        name: &str,
        content: &[u8],
        key: &str,
    ) -> Result<UploadDocumentResponse, Status> {
        let opening = UploadOpening {
            file_name: name.to_owned(),
            document_class: class.to_owned(),
            idempotency_key: key.to_owned(),
        };
        let mut parts = vec![upload_document_request::Part::Opening(opening)];
        parts.extend(
            content
                .chunks(64 * 1024)
                .map(|chunk| upload_document_request::Part::Chunk(chunk.to_vec())),
        );
        let messages = parts
            .into_iter()
            .map(|part| UploadDocumentRequest { part: Some(part) });
        let request = self.as_member(who, futures::stream::iter(messages.collect::<Vec<_>>()));
        self.client()
            .upload_document(request)
            .await
            .map(tonic::Response::into_inner)
    }

    pub(crate) async fn download(&self, who: Someone, id: &str, reason: &str) -> Result<Vec<u8>, Status> {
        let asked = DownloadDocumentRequest {
            document_id: id.to_owned(),
            reason: reason.to_owned(),
        };
        let mut stream = self
            .client()
            .download_document(self.as_member(who, asked))
            .await?
            .into_inner();
        let mut content = Vec::new();
        while let Some(message) = stream.message().await? {
            if let Some(download_document_response::Part::Chunk(chunk)) = message.part {
                content.extend(chunk);
            }
        }
        Ok(content)
    }

    /// Every file of the store.
    pub(crate) fn objects(&self) -> Vec<PathBuf> {
        let folders = std::fs::read_dir(&self.store)
            .unwrap()
            .map(|entry| entry.unwrap().path());
        folders
            .filter(|path| path.is_dir())
            .flat_map(|folder| {
                std::fs::read_dir(folder)
                    .unwrap()
                    .map(|entry| entry.unwrap().path())
                    .collect::<Vec<_>>()
            })
            .collect()
    }

    pub(crate) async fn count(&self, table: &'static str) -> i64 {
        let sql = format!("SELECT count(*) FROM {table}");
        sqlx::query_scalar(sqlx::AssertSqlSafe(sql))
            .fetch_one(&self.db.pool)
            .await
            .unwrap()
    }
}

fn settings(
    db: &TestDb,
    keys: &TestKeys,
    store: &std::path::Path,
    clamd_address: &str,
) -> documents::Settings {
    documents::Settings {
        common: testkit::common(db, keys),
        storage: documents::StorageSettings::disk(store),
        limits: documents::LimitSettings {
            max_bytes: 10 * 1024 * 1024,
        },
        retention: documents::RetentionSettings { draft_days: 90 },
        scanner: documents::ScannerSettings {
            clamd_address: clamd_address.to_owned(),
            timeout_seconds: 5,
        },
        review: documents::ReviewSettings { require_scan: true },
    }
}

/// A PDF of one page, with more entries in its catalogue.
pub(crate) fn pdf_with(catalogue: Dictionary) -> Vec<u8> {
    let mut document = Document::with_version("1.7");
    let pages = document.new_object_id();
    let page = document.add_object(dictionary! { "Type" => "Page", "Parent" => pages });
    document.objects.insert(
        pages,
        Object::Dictionary(dictionary! { "Type" => "Pages", "Kids" => vec![page.into()], "Count" => 1 }),
    );
    let mut root = dictionary! { "Type" => "Catalog", "Pages" => pages };
    root.extend(&catalogue);
    let root = document.add_object(root);
    document.trailer.set("Root", root);
    let mut bytes = Vec::new();
    document.save_to(&mut bytes).unwrap();
    bytes
}

pub(crate) fn pdf() -> Vec<u8> {
    pdf_with(Dictionary::new())
}
