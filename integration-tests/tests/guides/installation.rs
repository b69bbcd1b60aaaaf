//! A local installation of its own, on its own ports and in its own folder, driven by the programs that `./justw up` drives.

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::Value;

pub(crate) struct Installation {
    dir: PathBuf,
    base_port: u16,
    members: u32,
    pub(crate) portal: String,
    pub(crate) mail: String,
    /// Printed once, when the installation is made.
    administrator_link: String,
}

impl Installation {
    /// Everything from nothing, with a demonstration of `members` members.
    pub(crate) fn up(name: &str, members: u32) -> Self {
        let root = testkit::stack::repository_root();
        let dir = root
            .join(".local/tests")
            .join(format!("{name}-{}", std::process::id()));
        let base_port = testkit::stack::free_base_port(&dir).unwrap();
        let mut installation = Self {
            dir,
            base_port,
            members,
            portal: String::new(),
            mail: String::new(),
            administrator_link: String::new(),
        };
        installation.start();
        installation
    }

    pub(crate) fn up_again(mut self) -> Self {
        self.start();
        self
    }

    fn start(&mut self) {
        let output = checked(self.tadamon_dev(&["up"]));
        let progress = String::from_utf8(output.stderr).unwrap();
        if let Some(link) = progress.lines().find(|line| line.contains("/account/link/")) {
            link.trim().clone_into(&mut self.administrator_link);
        }
        let text = String::from_utf8(output.stdout).unwrap();
        let mut lines = text.lines();
        let first = lines.next().unwrap();
        self.portal = first
            .strip_prefix("Portal ")
            .unwrap_or_else(|| panic!("the first line is not the portal: {first}"))
            .to_owned();
        self.mail = lines
            .find_map(|line| line.strip_prefix("Mail"))
            .unwrap()
            .trim()
            .to_owned();
    }

    pub(crate) fn down(&self) {
        checked(self.tadamon_dev(&["down"]));
    }

    fn tadamon_dev(&self, args: &[&str]) -> Command {
        let mut command = Command::new(target().join("tadamon-dev"));
        command
            .args(args)
            .env("TADAMON_LOCAL_DIR", &self.dir)
            .env("TADAMON_BASE_PORT", self.base_port.to_string())
            .env("TADAMON_DEMO_MEMBERS", self.members.to_string())
            .stdin(Stdio::null());
        command
    }

    /// Where the demonstration keeps what it made.
    pub(crate) fn demonstration(&self) -> PathBuf {
        self.dir.join("demonstration")
    }

    /// The demonstration's agents by name, with their second factors.
    fn agents(&self) -> Value {
        let kept = std::fs::read_to_string(self.demonstration().join("agents.json")).unwrap();
        serde_json::from_str::<Value>(&kept).unwrap()["agents"].clone()
    }

    pub(crate) fn roster(&self) -> PathBuf {
        self.demonstration().join("roster.csv")
    }

    /// A PDF to send.
    pub(crate) fn paper(&self) -> PathBuf {
        testkit::stack::repository_root().join("integration-tests/tests/data/specimen.pdf")
    }

    /// Where the browser leaves its pictures.
    pub(crate) fn shots(&self) -> PathBuf {
        let dir = match std::env::var_os("TADAMON_SCREENSHOTS") {
            Some(dir) => PathBuf::from(dir).join("journeys"),
            None => self.dir.join("screenshots"),
        };
        std::fs::create_dir_all(&dir).unwrap();
        dir
    }

    /// Runs one journey and gives what the browser found.
    pub(crate) fn walk(&self, task: &Value) -> Value {
        let root = testkit::stack::repository_root();
        let mut command = Command::new(testkit::stack::node().unwrap());
        command
            .arg(root.join("integration-tests/browser/guides.mjs"))
            .arg(task.to_string())
            .env("TADAMON_NODE_MODULES", root.join(".local/node/node_modules"));
        serde_json::from_slice(&checked(command).stdout).unwrap()
    }

    /// Opens every page in both languages and widths, with axe. Pictures only when TADAMON_SCREENSHOTS names a folder for them.
    pub(crate) fn inspect_every_page(&self) {
        let root = testkit::stack::repository_root();
        let mut command = Command::new(target().join("tadamon"));
        command.args(["demo", "accounts", "--json"]);
        let accounts: Value = serde_json::from_slice(&checked(command).stdout).unwrap();
        let plan = self.dir.join("walk.json");
        let demonstration = serde_json::json!({
            "mail": self.mail,
            "password": accounts["password"],
            "accounts": accounts,
            "agents": self.agents(),
            "administrator": { "matricule": "99000001", "link": self.administrator_link },
        });
        let content = serde_json::json!({ "base": self.portal, "demonstration": demonstration });
        std::fs::write(&plan, content.to_string()).unwrap();
        let mut walk = Command::new(testkit::stack::node().unwrap());
        walk.arg(root.join("integration-tests/browser/walk.mjs"))
            .arg("--plan")
            .arg(&plan);
        if let Some(shots) = std::env::var_os("TADAMON_SCREENSHOTS") {
            walk.arg("--shots").arg(PathBuf::from(shots).join("pages"));
        }
        checked(walk);
    }

    /// How many applications there are, drafts included, asked of benefits' own database.
    pub(crate) fn applications(&self) -> i64 {
        let addresses = testkit::stack::read_addresses(&self.dir.join("stack/addresses.json")).unwrap();
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        runtime.block_on(async {
            let pool = sqlx::PgPool::connect(&addresses.postgres_url_of("benefits"))
                .await
                .unwrap();
            sqlx::query_scalar("SELECT count(*) FROM applications")
                .fetch_one(&pool)
                .await
                .unwrap()
        })
    }
}

impl Drop for Installation {
    fn drop(&mut self) {
        let _best_effort = self.tadamon_dev(&["down"]).output();
        if !std::thread::panicking() {
            let _stays_behind = std::fs::remove_dir_all(&self.dir);
        }
    }
}

pub(crate) fn checked(mut command: Command) -> Output {
    let output = command.output().unwrap();
    assert!(
        output.status.success(),
        "{:?} ended with {}\n{}\n{}",
        command.get_program(),
        output.status,
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
    output
}

/// The folder of the programs that were built with this test.
pub(crate) fn target() -> PathBuf {
    let own = std::env::current_exe().unwrap();
    own.parent().and_then(Path::parent).unwrap().to_owned()
}
