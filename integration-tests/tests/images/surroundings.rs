//! What one service is given in this test: a database, the key files of its row and no others, settings, and for documents a folder to write to.
//! Servers are those of the test stack; peers are addresses that nobody answers, which no service needs to get ready.

use std::fs;
use std::os::unix::fs::{PermissionsExt as _, chown};
use std::path::{Path, PathBuf};

use integration_tests::services::{Place, SERVICES, Service};
use sqlx::{AssertSqlSafe, Connection as _, Executor as _, PgConnection};
use testkit::TestKeys;
use testkit::stack::{StackAddresses, test_addresses};
use toml::Value;

/// User and group of every image.
const USER: u32 = 65_532;
const SETTINGS: &str = "/etc/tadamon/settings";
const KEYS: &str = "/etc/tadamon/keys";
const PAPERS: &str = "/var/lib/tadamon/documents";
const BACKUPS: &str = "/var/lib/tadamon/backups";

pub(crate) struct Surroundings {
    service: &'static str,
    stack: StackAddresses,
    prefix: String,
    folder: PathBuf,
    /// Last: its folder holds everything else.
    _keys: TestKeys,
}

/// Settings of one process: its ports are its own.
pub(crate) struct Settings {
    pub(crate) process: Service,
    folder: PathBuf,
}

/// What is mounted where, and the environment.
#[derive(Clone, Default)]
pub(crate) struct Mounts {
    folders: Vec<(PathBuf, &'static str, bool)>,
    environment: Vec<String>,
}

impl Mounts {
    /// As `deploy/image/contain` takes them.
    pub(crate) fn arguments(&self) -> Vec<String> {
        let binds = self.folders.iter().flat_map(|(source, folder, writable)| {
            let suffix = if *writable { ":rw" } else { "" };
            [
                "--bind".to_owned(),
                format!("{}:{folder}{suffix}", source.display()),
            ]
        });
        let environment = self
            .environment
            .iter()
            .flat_map(|pair| ["--env".to_owned(), pair.clone()]);
        binds.chain(environment).collect()
    }

    pub(crate) fn without(&self, folder: &str) -> Self {
        let mut fewer = self.clone();
        fewer.folders.retain(|(_, mounted, _)| *mounted != folder);
        fewer
    }
}

impl Surroundings {
    pub(crate) async fn new(service: &'static str) -> Self {
        // Readiness is asked over HTTP; two providers of TLS may be compiled in.
        let _chosen_before = rustls::crypto::ring::default_provider().install_default();
        let keys = testkit::keys();
        let folder = keys.path().join("image");
        let here = Self {
            service,
            stack: test_addresses().expect("the test stack runs"),
            prefix: testkit::prefix(),
            folder,
            _keys: keys,
        };
        here.make_folder(&here.writable_folder());
        here.hand_out_keys();
        if here.has_database() {
            let mut admin = PgConnection::connect(&here.stack.postgres_url)
                .await
                .expect("the test Postgres answers");
            let statement = format!("CREATE DATABASE {}", here.database());
            admin
                .execute(AssertSqlSafe(statement))
                .await
                .expect("a database is created");
        }
        here
    }

    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    pub(crate) fn has_database(&self) -> bool {
        SERVICES.contains(&self.service)
    }

    /// Whether it answers browsers or partners too.
    pub(crate) fn has_pages(&self) -> bool {
        ["identity", "partnerships", "portal"].contains(&self.service)
    }

    fn database(&self) -> String {
        format!("image_{}_{}", self.prefix, self.service)
    }

    /// Where this service may write.
    pub(crate) fn writable(&self) -> Vec<&'static str> {
        if self.service == "documents" {
            vec![PAPERS]
        } else {
            Vec::new()
        }
    }

    pub(crate) fn writable_folder(&self) -> PathBuf {
        self.folder.join("papers")
    }

    /// A folder of the image's user, as a cluster makes a volume.
    fn make_folder(&self, folder: &Path) {
        fs::create_dir_all(folder).expect("the test's folder takes folders");
        // Only root can give something away; for others the namespace maps the user to who runs this.
        let _kept = chown(folder, Some(USER), Some(USER));
    }

    /// The files of the service's row in deploy/keys.md, readable by the group and nobody else, as the chart mounts them.
    fn hand_out_keys(&self) {
        let folder = self.folder.join("keys");
        fs::create_dir_all(&folder).expect("the test's folder takes folders");
        let own = format!("{}.", self.service);
        for entry in fs::read_dir(self._keys.path()).expect("the keys can be listed") {
            let path = entry.expect("a key").path();
            let name = path
                .file_name()
                .and_then(|name| name.to_str())
                .unwrap_or_default();
            if !path.is_file() || !(name.starts_with(&own) || name == "trust.json") {
                continue;
            }
            let copy = folder.join(name);
            fs::copy(&path, &copy).expect("a key is copied");
            fs::set_permissions(&copy, fs::Permissions::from_mode(0o440)).expect("a mode is set");
            let _kept = chown(&copy, None, Some(USER));
        }
    }

    pub(crate) fn settings(&self, name: &str) -> Settings {
        let folder = self.folder.join(format!("settings-{name}"));
        fs::create_dir_all(&folder).expect("the test's folder takes folders");
        let process = Service::new(self.service, &folder);
        let place = Place {
            database: self.stack.postgres_url_of(&self.database()),
            prefix: &self.prefix,
            keys: Path::new(KEYS),
            otlp_endpoint: "",
        };
        let mut values = process.common(&self.stack, &place);
        if !self.has_database() {
            values.retain(|(key, _)| {
                ["common.admin", "common.keys"]
                    .iter()
                    .any(|section| key.starts_with(section))
            });
        }
        values.extend(self.own_values());
        process.write_settings(&values);
        fs::rename(
            folder.join(format!("{}.toml", self.service)),
            folder.join("settings.toml"),
        )
        .expect("the settings were written");
        Settings { process, folder }
    }

    fn own_values(&self) -> Vec<(&'static str, Value)> {
        let text = |text: &str| Value::String(text.to_owned());
        match self.service {
            "identity" => vec![
                ("http.listen", text("127.0.0.1:0")),
                ("redis.url", text(&self.stack.redis_url)),
            ],
            "partnerships" => vec![
                ("gateway.listen", text("127.0.0.1:0")),
                ("redis.url", text(&self.stack.redis_url)),
            ],
            "documents" => vec![("storage.directory", text(PAPERS))],
            "portal" => vec![("http.listen", text("127.0.0.1:0"))],
            _ => Vec::new(),
        }
    }

    /// As the chart mounts them; `roles` come as a variable, all of them when none is named.
    pub(crate) fn mounts(&self, settings: &Settings, roles: &[&str]) -> Mounts {
        let mut mounts = Mounts {
            folders: vec![
                (settings.folder.clone(), SETTINGS, false),
                (self.folder.join("keys"), KEYS, false),
            ],
            environment: Vec::new(),
        };
        if self.service == "documents" {
            mounts.folders.push((self.writable_folder(), PAPERS, true));
        }
        if !roles.is_empty() {
            let list = roles
                .iter()
                .map(|role| format!("{role:?}"))
                .collect::<Vec<_>>()
                .join(", ");
            mounts.environment.push(format!("TADAMON_COMMON__ROLES=[{list}]"));
        }
        mounts
    }

    pub(crate) fn mounts_without_keys(&self, settings: &Settings) -> Mounts {
        let empty = self.folder.join("no-keys");
        fs::create_dir_all(&empty).expect("the test's folder takes folders");
        let mut mounts = self.mounts(settings, &[]).without(KEYS);
        mounts.folders.push((empty, KEYS, false));
        mounts
    }

    pub(crate) fn nothing_mounted(&self) -> Mounts {
        Mounts::default()
    }

    pub(crate) fn one_writable_folder(&self) -> Mounts {
        Mounts {
            folders: vec![(self.writable_folder(), PAPERS, true)],
            environment: Vec::new(),
        }
    }

    /// Another database in the place of the service's, with nothing in it.
    pub(crate) async fn makes_the_database_anew(&self) {
        let mut admin = PgConnection::connect(&self.stack.postgres_url)
            .await
            .expect("the test Postgres answers");
        let name = self.database();
        for statement in [format!("DROP DATABASE {name}"), format!("CREATE DATABASE {name}")] {
            admin
                .execute(AssertSqlSafe(statement))
                .await
                .expect("a database is made");
        }
    }

    /// What the chart gives the command line that backs this service up: its database's address, and the folder of backups.
    pub(crate) fn backing_up(&self, writable: bool) -> Mounts {
        let url = self.stack.postgres_url_of(&self.database());
        let service = self.service.to_uppercase();
        Mounts {
            folders: vec![(self.writable_folder(), BACKUPS, writable)],
            environment: vec![format!("TADAMON_DATABASE_{service}={url}")],
        }
    }
}
