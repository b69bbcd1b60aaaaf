//! The local installation of one clone: everything under `.local`, started, stopped and looked at as a whole.
//!
//! Services are processes of their own (`tadamon-dev serve X`), so that a kill is a real kill. Building is the justfile's part.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use testkit::stack::process::{self, Launch, Signal};
use testkit::stack::{LocalPorts, Server, Stack, StackAddresses, StackConfig, local_dir, repository_root};
use uuid::Uuid;

use crate::databases::{self, Access};
use crate::operator::{Operator, Places};
use crate::readiness;
use crate::services::{SERVICES, Service};
use crate::settings::{self, Surroundings};

/// How long a service may take until `/readyz` answers.
const READY_DEADLINE: Duration = Duration::from_secs(60);
/// Grace period of a service that drains.
const STOP_DEADLINE: Duration = Duration::from_secs(30);

/// What `up` prints to be typed.
struct Typed {
    /// Prints an agent's one-time code.
    code: String,
    /// A partner's first check.
    check: [String; 3],
}

pub(crate) struct Installation {
    root: PathBuf,
    local: PathBuf,
    ports: LocalPorts,
}

/// What each service signs in to Postgres with.
fn accesses(passwords: &BTreeMap<String, String>) -> Vec<Access<'_>> {
    SERVICES
        .iter()
        .filter(|service| service.has_database)
        .filter_map(|service| {
            Some(Access {
                service: service.name,
                password: passwords.get(service.name)?,
            })
        })
        .collect()
}

impl Installation {
    pub(crate) fn here() -> Result<Self> {
        let root = repository_root();
        let root = root
            .canonicalize()
            .with_context(|| format!("cannot find the clone at {}", root.display()))?;
        // A second installation beside the clone's own, as the tests have it, names its folder (and its ports by TADAMON_BASE_PORT).
        let local = std::env::var_os("TADAMON_LOCAL_DIR").map_or_else(local_dir, PathBuf::from);
        fs::create_dir_all(&local).with_context(|| format!("cannot create {}", local.display()))?;
        let local = local.canonicalize().context("cannot resolve .local")?;
        Ok(Self {
            root,
            local,
            ports: LocalPorts::from_environment()?,
        })
    }

    fn stack_dir(&self) -> PathBuf {
        self.local.join("stack")
    }

    fn services_dir(&self) -> PathBuf {
        self.local.join("services")
    }

    fn keys_dir(&self) -> PathBuf {
        self.local.join("keys")
    }

    fn stack_config(&self) -> StackConfig {
        StackConfig {
            dir: self.stack_dir(),
            ports: self.ports.clone(),
            fsync: true,
            servers: Server::ALL.to_vec(),
        }
    }

    pub(crate) fn up(&self) -> Result<()> {
        let started = Instant::now();
        let step = |text: &str| eprintln!("up: {:5.1} s  {text}", started.elapsed().as_secs_f64());
        let stack = Stack::start(&self.stack_config())?;
        step("servers answer");
        let passwords = self.database_passwords()?;
        databases::ensure(&stack.postgres_url, &accesses(&passwords))?;
        let operator = Operator::new(&self.root, &self.keys_dir())?;
        operator.bootstrap()?;
        let settings = self.write_settings(&stack, &passwords)?;
        self.migrate(&settings)?;
        step("databases are migrated");
        for service in SERVICES {
            self.start_service(service, &settings)?;
        }
        for service in SERVICES {
            self.wait_ready(service)?;
        }
        step("services are ready");
        let places = self.places(&stack)?;
        operator.make_administrator(&places)?;
        let demonstration = self.local.join("demonstration");
        operator.load_demonstration(&demonstration, &places)?;
        operator.make_agents(&demonstration, &places)?;
        operator.make_partner(&demonstration, &places)?;
        step("demonstration data are there");
        let typed = Typed {
            code: operator.code_command(&demonstration),
            check: operator.partner_commands(&demonstration),
        };
        self.print_welcome(&stack, &operator.accounts()?, &typed, started)
    }

    fn print_welcome(
        &self,
        stack: &StackAddresses,
        accounts: &str,
        typed: &Typed,
        started: Instant,
    ) -> Result<()> {
        println!("Portal http://localhost:{}", self.ports.web("portal")?);
        println!("Mail   {}", stack.mail_url.replace("127.0.0.1", "localhost"));
        println!("\n{}\n", accounts.trim_end());
        println!("Code   {}   (an agent's second factor, now)", typed.code);
        println!("Card   a partner's check of a member's card, by the sandbox client (docs/partners.md):");
        for line in &typed.check {
            println!("       {line}");
        }
        println!("Stop   ./justw down (data stays); ./justw reset deletes it; ./justw status, ./justw logs");
        println!("Ready in {:.1} s", started.elapsed().as_secs_f64());
        Ok(())
    }

    fn places(&self, stack: &StackAddresses) -> Result<Places> {
        let grpc = |service: &str| anyhow::Ok(format!("http://127.0.0.1:{}", self.ports.grpc(service)?));
        Ok(Places {
            token_url: settings::token_url(&self.ports)?,
            identity: grpc("identity")?,
            membership: grpc("membership")?,
            benefits: grpc("benefits")?,
            documents: grpc("documents")?,
            partnerships: grpc("partnerships")?,
            gateway: format!("http://localhost:{}", self.ports.web("gateway")?),
            mail_page: stack.mail_url.clone(),
        })
    }

    /// Passwords are made once: the roles in Postgres keep them.
    fn database_passwords(&self) -> Result<BTreeMap<String, String>> {
        let path = self.services_dir().join("passwords.json");
        fs::create_dir_all(self.services_dir()).context("cannot create the services' directory")?;
        let mut passwords: BTreeMap<String, String> = match fs::read_to_string(&path) {
            Ok(text) => {
                serde_json::from_str(&text).with_context(|| format!("{} is not readable", path.display()))?
            }
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => BTreeMap::new(),
            Err(error) => return Err(error).with_context(|| format!("cannot read {}", path.display())),
        };
        for service in SERVICES.iter().filter(|service| service.has_database) {
            passwords
                .entry(service.name.to_owned())
                .or_insert_with(|| Uuid::new_v4().simple().to_string());
        }
        settings::write_private(&path, &serde_json::to_string_pretty(&passwords)?)?;
        Ok(passwords)
    }

    fn write_settings(
        &self,
        stack: &StackAddresses,
        passwords: &BTreeMap<String, String>,
    ) -> Result<BTreeMap<&'static str, PathBuf>> {
        let documents = self.local.join("documents");
        fs::create_dir_all(&documents).with_context(|| format!("cannot create {}", documents.display()))?;
        let keys = self.keys_dir();
        let surroundings = Surroundings {
            ports: &self.ports,
            stack,
            passwords,
            keys: &keys,
            documents: &documents,
        };
        let dir = self.services_dir().join("settings");
        SERVICES
            .into_iter()
            .map(|service| Ok((service.name, settings::write(&dir, service, &surroundings)?)))
            .collect()
    }

    fn migrate(&self, settings: &BTreeMap<&'static str, PathBuf>) -> Result<()> {
        for service in SERVICES.iter().filter(|service| service.has_database) {
            self.ourselves(service, "migrate", settings)?
                .run()
                .with_context(|| format!("cannot migrate {}", service.name))?;
        }
        Ok(())
    }

    /// This program as a service.
    fn ourselves(
        &self,
        service: &Service,
        command: &str,
        settings: &BTreeMap<&'static str, PathBuf>,
    ) -> Result<Launch> {
        let program = std::env::current_exe().context("cannot find this program")?;
        let file = settings
            .get(service.name)
            .with_context(|| format!("{} has no settings", service.name))?;
        Ok(Launch::new(program, &self.root)
            .args([command, service.name, "--config"])
            .arg(file))
    }

    fn start_service(&self, service: Service, settings: &BTreeMap<&'static str, PathBuf>) -> Result<()> {
        // A service of an earlier build must not go on beside new ones.
        self.stop_service(service)?;
        self.ourselves(&service, "serve", settings)?
            .spawn(&self.services_dir(), service.name)
    }

    fn stop_service(&self, service: Service) -> Result<bool> {
        let dir = self.services_dir();
        if !process::signal(&dir, service.name, Signal::Term)? {
            return Ok(false);
        }
        if process::wait_gone(&dir, service.name, STOP_DEADLINE).is_err() {
            process::kill(&dir, service.name, STOP_DEADLINE)?;
        }
        Ok(true)
    }

    fn wait_ready(&self, service: Service) -> Result<()> {
        let deadline = Instant::now() + READY_DEADLINE;
        let port = self.ports.admin(service.name)?;
        loop {
            let Err(failure) = readiness::check(port) else {
                return Ok(());
            };
            let log = || process::log_tail(&self.services_dir(), service.name, 15);
            if process::running(&self.services_dir(), service.name).is_none() {
                bail!(
                    "{} ended while starting; its last log lines:\n{}",
                    service.name,
                    log()
                );
            }
            if Instant::now() >= deadline {
                bail!(
                    "{} is not ready ({failure:#}); its last log lines:\n{}",
                    service.name,
                    log()
                );
            }
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    pub(crate) fn down(&self) -> Result<()> {
        self.stop_services()?;
        Stack::stop(&self.stack_dir())?;
        println!("stopped; data stays in {}", self.local.display());
        Ok(())
    }

    /// The portal first: nobody is let in any more; then whom it calls. All are asked before any is waited for.
    fn stop_services(&self) -> Result<()> {
        let dir = self.services_dir();
        for service in SERVICES.into_iter().rev() {
            process::signal(&dir, service.name, Signal::Term)?;
        }
        for service in SERVICES.into_iter().rev() {
            self.stop_service(service)?;
        }
        Ok(())
    }

    pub(crate) fn status(&self) -> Result<()> {
        let word = |pid: Option<u32>, ready: bool| match (pid, ready) {
            (None, _) => "stopped".to_owned(),
            (Some(pid), true) => format!("ready (process {pid})"),
            (Some(pid), false) => format!("NOT READY (process {pid})"),
        };
        let servers = Stack::status(&self.stack_dir())?;
        for server in &servers {
            println!(
                "{:14} port {:5}  {}",
                server.server.as_str(),
                server.port,
                word(server.pid, server.ready)
            );
        }
        let mut all = !servers.is_empty() && servers.iter().all(|server| server.ready);
        for service in SERVICES {
            let port = if service.has_database {
                self.ports.grpc(service.name)?
            } else {
                self.ports.web(service.name)?
            };
            let pid = process::running(&self.services_dir(), service.name);
            let ready = pid.is_some() && readiness::check(self.ports.admin(service.name)?).is_ok();
            all &= ready;
            println!("{:14} port {port:5}  {}", service.name, word(pid, ready));
        }
        if !all {
            bail!("not everything runs: ./justw up");
        }
        println!("Portal http://localhost:{}", self.ports.web("portal")?);
        Ok(())
    }

    /// Servers run, services do not: what the operator's program needs. Keys are the installation's own and stay as they are.
    pub(crate) fn restore(&self, args: &[String]) -> Result<()> {
        self.stop_services()?;
        let stack = Stack::start(&self.stack_config())?;
        let passwords = self.database_passwords()?;
        databases::ensure(&stack.postgres_url, &accesses(&passwords))?;
        self.write_settings(&stack, &passwords)?;
        let settings = self.services_dir().join("settings");
        Operator::new(&self.root, &self.keys_dir())?.restore(args, &settings)?;
        println!("./justw up starts the services");
        Ok(())
    }

    pub(crate) fn reset(&self) -> Result<()> {
        self.stop_services()?;
        Stack::reset(&self.stack_dir())?;
        // What the installer put there (bin, node) and the test stack are not data.
        for name in ["services", "keys", "documents", "demonstration"] {
            let path = self.local.join(name);
            if path.exists() {
                fs::remove_dir_all(&path).with_context(|| format!("cannot remove {}", path.display()))?;
            }
        }
        println!("all local data is deleted");
        Ok(())
    }

    /// Every log by its name: services, then servers.
    pub(crate) fn logs(&self) -> Vec<(&'static str, PathBuf)> {
        let services = SERVICES.into_iter().map(|service| {
            (
                service.name,
                process::log_file(&self.services_dir(), service.name),
            )
        });
        let servers = Server::ALL.into_iter().map(|server| {
            (
                server.as_str(),
                process::log_file(&self.stack_dir(), server.as_str()),
            )
        });
        services.chain(servers).collect()
    }
}
