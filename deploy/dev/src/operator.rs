//! Runs the operator's own program for the local installation: keys, and in a demonstration the first administrator, the data and the agents once.
//!
//! It calls `tadamon` as an operator would, so that a local installation is made by nothing that a real one would not have.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result, ensure};

/// The operator's program, built beside this one.
pub(crate) struct Operator {
    program: PathBuf,
    root: PathBuf,
    keys: PathBuf,
}

/// As many members as a ministry has; TADAMON_DEMO_MEMBERS asks for fewer.
const DEMONSTRATION_MEMBERS: &str = "20000";

/// Login and address of the demonstration's administrator: nobody's payroll number, and an address that cannot exist.
const ADMINISTRATOR: (&str, &str) = ("99000001", "admin@tadamon.example");

/// Where the demonstration is loaded into.
pub(crate) struct Places {
    pub(crate) token_url: String,
    pub(crate) identity: String,
    pub(crate) membership: String,
    pub(crate) benefits: String,
    pub(crate) documents: String,
    pub(crate) partnerships: String,
    pub(crate) gateway: String,
    pub(crate) mail_page: String,
}

impl Operator {
    pub(crate) fn new(root: &Path, keys: &Path) -> Result<Self> {
        let own = std::env::current_exe().context("cannot find this program")?;
        let program = own.with_file_name("tadamon");
        ensure!(
            program.is_file(),
            "{} is missing: run ./justw up, which builds it",
            program.display()
        );
        Ok(Self {
            program,
            root: root.to_owned(),
            keys: keys.to_owned(),
        })
    }

    /// Makes the keys that are not there yet; existing ones are never touched.
    pub(crate) fn bootstrap(&self) -> Result<()> {
        self.run(&["bootstrap", "--add-missing"])
    }

    /// Puts a backup back in the place of what the databases hold.
    pub(crate) fn restore(&self, args: &[String], settings: &Path) -> Result<()> {
        let settings = settings.display().to_string();
        let mut words = vec!["restore", "--replace", "--settings", &settings];
        words.extend(args.iter().map(String::as_str));
        self.run(&words)
    }

    /// The first administrator, with the link that sets the password. Once there is one, the operator's program says so and changes nothing.
    pub(crate) fn make_administrator(&self, places: &Places) -> Result<()> {
        self.run(&[
            "bootstrap",
            "--administrator",
            ADMINISTRATOR.0,
            "--email",
            ADMINISTRATOR.1,
            "--identity",
            &places.identity,
            "--token-url",
            &places.token_url,
        ])
    }

    /// A roster of synthetic members, imported, the agents, and then accounts and applications made by the calls that people would cause. Each
    /// step may be repeated: a run that was interrupted goes on from there.
    pub(crate) fn load_demonstration(&self, dir: &Path, places: &Places) -> Result<()> {
        let loaded = dir.join("loaded");
        if loaded.exists() {
            return Ok(());
        }
        fs::create_dir_all(dir).with_context(|| format!("cannot create {}", dir.display()))?;
        let roster = dir.join("roster.csv").display().to_string();
        let today = anchor(dir)?;
        let members =
            std::env::var("TADAMON_DEMO_MEMBERS").unwrap_or_else(|_| DEMONSTRATION_MEMBERS.to_owned());
        self.run(&[
            "demo",
            "roster",
            "--members",
            &members,
            "--date",
            &today,
            "--out",
            &roster,
        ])?;
        self.run(&[
            "members",
            "import",
            &roster,
            "--membership",
            &places.membership,
            "--token-url",
            &places.token_url,
        ])?;
        self.make_agents(dir, places)?;
        self.run(&[
            "demo",
            "load",
            "--keys",
            &self.keys.display().to_string(),
            "--directory",
            &dir.display().to_string(),
            "--members",
            &members,
            "--identity",
            &places.identity,
            "--benefits",
            &places.benefits,
            "--documents",
            &places.documents,
            "--membership",
            &places.membership,
            "--mail",
            &places.mail_page,
            "--date",
            &today,
        ])?;
        fs::write(&loaded, format!("{today}\n")).with_context(|| format!("cannot write {}", loaded.display()))
    }

    /// One agent for each role, with a second factor whose secret stands in the demonstration's folder. Who is there already stays as they are.
    pub(crate) fn make_agents(&self, dir: &Path, places: &Places) -> Result<()> {
        self.run(&[
            "demo",
            "agents",
            "--directory",
            &dir.display().to_string(),
            "--identity",
            &places.identity,
            "--token-url",
            &places.token_url,
        ])
    }

    /// The coach company with its agreement and a sandbox client, whose secret stands in the demonstration's folder. What is there stays.
    pub(crate) fn make_partner(&self, dir: &Path, places: &Places) -> Result<()> {
        self.run(&[
            "demo",
            "partner",
            "--directory",
            &dir.display().to_string(),
            "--identity",
            &places.identity,
            "--partnerships",
            &places.partnerships,
            "--gateway",
            &places.gateway,
            "--token-url",
            &places.token_url,
        ])
    }

    /// A partner's first check, as it is typed: the sandbox client's token, a member's fresh code, the answer.
    pub(crate) fn partner_commands(&self, dir: &Path) -> [String; 3] {
        let short = |path: &Path| {
            path.strip_prefix(&self.root)
                .unwrap_or(path)
                .display()
                .to_string()
        };
        let program = short(&self.program);
        [
            format!(". {}/partner.env", short(dir)),
            r#"token=$(curl -s -u "$PARTNER_CLIENT_ID:$PARTNER_CLIENT_SECRET" -d grant_type=client_credentials "$PARTNER_TOKEN_URL" | cut -d'"' -f4)"#.to_owned(),
            format!(
                r#"curl -s -H "Authorization: Bearer $token" --json "$({program} demo card-code --request)" "$PARTNER_GATEWAY/partner/v1/verifications""#
            ),
        ]
    }

    /// What prints an agent's one-time code, as it is typed.
    pub(crate) fn code_command(&self, dir: &Path) -> String {
        let short = |path: &Path| {
            path.strip_prefix(&self.root)
                .unwrap_or(path)
                .display()
                .to_string()
        };
        let mut command = format!("{} demo code case_officer", short(&self.program));
        let defaults = [
            (dir, ".local/demonstration", "directory"),
            (self.keys.as_path(), ".local/keys", "keys"),
        ];
        for (path, default, option) in defaults {
            if path != self.root.join(default) {
                command.push_str(&format!(" --{option} {}", short(path)));
            }
        }
        command
    }

    /// Who can be tried, as the operator's program prints it.
    pub(crate) fn accounts(&self) -> Result<String> {
        let output = self
            .command(&["demo", "accounts"])
            .output()
            .context("cannot run tadamon")?;
        ensure!(
            output.status.success(),
            "tadamon demo accounts failed ({})",
            output.status
        );
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    }

    fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(&self.program);
        command
            .args(args)
            .env("TADAMON_KEYS", &self.keys)
            .current_dir(&self.root)
            .stdin(Stdio::null());
        command
    }

    /// Runs one command; what it prints is progress to whoever waits, so it goes to standard error: standard output holds our own answer.
    fn run(&self, args: &[&str]) -> Result<()> {
        let status = self
            .command(args)
            .stdout(std::io::stderr())
            .status()
            .context("cannot run tadamon")?;
        ensure!(
            status.success(),
            "tadamon {} failed ({status})",
            args[..args.len().min(2)].join(" ")
        );
        Ok(())
    }
}

/// The day of the demonstration: today, and the same in every step and in a run that goes on from an interrupted one, also after midnight.
fn anchor(dir: &Path) -> Result<String> {
    let path = dir.join("date");
    if let Ok(kept) = fs::read_to_string(&path) {
        return Ok(kept.trim().to_owned());
    }
    let today = kernel::civil::civil_date(platform::clock::Clock::system().now()).to_string();
    fs::write(&path, format!("{today}\n")).with_context(|| format!("cannot write {}", path.display()))?;
    Ok(today)
}
