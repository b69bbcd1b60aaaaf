//! Where a service's database is, and the programs of Postgres that read and write it. Passwords reach those programs as variables, never as
//! arguments, which everybody on the machine could read.

use std::fmt;
use std::path::{Path, PathBuf};
use std::process::{Output, Stdio};

use anyhow::Context as _;
use sqlx::postgres::PgConnectOptions;
use sqlx::{Connection as _, PgConnection};
use tokio::process::Command;
use url::Url;

use super::{BackupError, refused};

/// A service's database.
#[derive(Clone)]
pub struct Database {
    service: &'static str,
    options: PgConnectOptions,
    variables: Vec<(&'static str, String)>,
}

impl fmt::Debug for Database {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Database")
            .field("service", &self.service)
            .finish_non_exhaustive()
    }
}

/// What texts look like: a checksum must not depend on the settings of a role, a database or a server.
const TEXT: [(&str, &str); 7] = [
    ("TimeZone", "UTC"),
    ("DateStyle", "ISO, YMD"),
    ("IntervalStyle", "postgres"),
    ("bytea_output", "hex"),
    ("extra_float_digits", "1"),
    // Whole tables are read, while a dump is written beside.
    ("statement_timeout", "0"),
    ("idle_in_transaction_session_timeout", "0"),
];

impl Database {
    /// The database of a service by the URL that the service itself has.
    ///
    /// # Errors
    /// No URL of Postgres; it is not repeated, because it holds a password.
    pub fn new(service: &'static str, url: &str) -> Result<Self, BackupError> {
        let unreadable = || {
            refused(format!(
                "the address of {service}'s database is no URL such as postgres://user:password@host:5432/database"
            ))
        };
        let options: PgConnectOptions = url.parse().map_err(|_| unreadable())?;
        let url = Url::parse(url).map_err(|_| unreadable())?;
        Ok(Self {
            service,
            options: options.application_name("tadamon").options(TEXT),
            variables: variables(&url).ok_or_else(unreadable)?,
        })
    }

    /// Whose it is.
    #[must_use]
    pub fn service(&self) -> &'static str {
        self.service
    }

    /// The database's own name.
    pub(super) fn name(&self) -> &str {
        let name = self.variables.iter().find(|(name, _)| *name == "PGDATABASE");
        name.map_or("", |(_, value)| value.as_str())
    }

    pub(super) async fn connect(&self) -> Result<PgConnection, BackupError> {
        PgConnection::connect_with(&self.options).await.map_err(|error| {
            BackupError::Away(format!(
                "the database of {} does not answer ({error}); try again",
                self.service
            ))
        })
    }
}

/// What libpq must be told that it is not told by our own variables (`PGSSLMODE`, `PGSSLROOTCERT`), which it reads by itself.
fn variables(url: &Url) -> Option<Vec<(&'static str, String)>> {
    let plain = |text: &str| {
        let bytes = decode(text)?;
        String::from_utf8(bytes).ok()
    };
    let mut variables = vec![
        ("PGHOST", plain(url.host_str().unwrap_or("localhost"))?),
        ("PGPORT", url.port().unwrap_or(5432).to_string()),
        ("PGUSER", plain(url.username())?),
        ("PGPASSWORD", plain(url.password().unwrap_or_default())?),
        ("PGDATABASE", plain(url.path().trim_start_matches('/'))?),
        ("PGAPPNAME", "tadamon".to_owned()),
    ];
    for (name, value) in url.query_pairs() {
        let variable = match name.as_ref() {
            "host" => "PGHOST",
            "sslmode" | "ssl-mode" => "PGSSLMODE",
            "sslrootcert" | "ssl-root-cert" | "ssl-ca" => "PGSSLROOTCERT",
            "sslcert" | "ssl-cert" => "PGSSLCERT",
            "sslkey" | "ssl-key" => "PGSSLKEY",
            _ => continue,
        };
        variables.retain(|(known, _)| *known != variable);
        variables.push((variable, value.into_owned()));
    }
    Some(variables)
}

/// `%40` is `@`.
fn decode(text: &str) -> Option<Vec<u8>> {
    let bytes = text.as_bytes();
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        if bytes[at] == b'%' {
            let digits = text.get(at + 1..at + 3)?;
            decoded.push(u8::from_str_radix(digits, 16).ok()?);
            at += 3;
        } else {
            decoded.push(bytes[at]);
            at += 1;
        }
    }
    Some(decoded)
}

/// `pg_dump` and `pg_restore` of one version.
#[derive(Clone, Debug)]
pub struct Programs {
    folder: Option<PathBuf>,
    /// None: they are not there, and nothing that was asked for needs them.
    major: Option<u32>,
}

impl Programs {
    /// Those of a folder; without one the newest of Debian's folders, else whatever the search path has.
    ///
    /// # Errors
    /// They are not there.
    pub async fn find(folder: Option<&Path>) -> Result<Self, BackupError> {
        let mut found = Self {
            folder: folder.map(Path::to_owned).or_else(newest),
            major: None,
        };
        let said = found.run("pg_dump", None, &["--version"]).await?;
        // pg_dump (PostgreSQL) 15.8 (Debian 15.8-0+deb12u1)
        let major = said.split_whitespace().find_map(|word| {
            let digits: String = word.chars().take_while(char::is_ascii_digit).collect();
            digits.parse().ok()
        });
        found.major = Some(major.context("pg_dump does not say its version")?);
        Ok(found)
    }

    /// For papers alone: no database is opened, and dumps that lie beside are compared with their checksums only.
    #[must_use]
    pub fn none() -> Self {
        Self {
            folder: None,
            major: None,
        }
    }

    pub(super) fn are_there(&self) -> bool {
        self.major.is_some()
    }

    /// Refuses a server that is newer than the programs: they would refuse it too, after a while and in other words.
    pub(super) async fn fit(&self, database: &Database, conn: &mut PgConnection) -> Result<u32, BackupError> {
        let number: String = sqlx::query_scalar("SHOW server_version_num")
            .fetch_one(conn)
            .await?;
        let server = number.parse::<u32>().context("the server's version")? / 10_000;
        let major = self
            .major
            .context("a database without the programs of Postgres")?;
        if server > major {
            return Err(refused(format!(
                "the Postgres of {} is version {server}, pg_dump here is {major}: use the client of version {server} or later (--pg-bin)",
                database.service
            )));
        }
        Ok(server)
    }

    /// Runs one and gives what it printed.
    pub(super) async fn run(
        &self,
        program: &str,
        database: Option<&Database>,
        arguments: &[&str],
    ) -> Result<String, BackupError> {
        let path = self
            .folder
            .as_ref()
            .map_or_else(|| program.into(), |folder| folder.join(program));
        let mut command = Command::new(&path);
        command.args(arguments).stdin(Stdio::null()).kill_on_drop(true);
        if let Some(database) = database {
            // The password is asked for by nobody: a wrong one is an error.
            command
                .arg("--no-password")
                .envs(database.variables.iter().map(|(name, value)| (name, value)));
        }
        let output = command.output().await.map_err(|error| {
            refused(format!(
                "{} cannot be run ({error}): install Debian's postgresql-client, or name the folder that has it with --pg-bin",
                path.display()
            ))
        })?;
        told(program, database, &output)
    }
}

fn told(program: &str, database: Option<&Database>, output: &Output) -> Result<String, BackupError> {
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
    }
    let errors = String::from_utf8_lossy(&output.stderr);
    let first = errors
        .lines()
        .find(|line| !line.trim().is_empty())
        .unwrap_or("no reason");
    let of = database.map_or_else(String::new, |database| format!(" of {}", database.service));
    Err(anyhow::anyhow!("{program}{of} failed: {first}").into())
}

/// /usr/lib/postgresql/15/bin, the highest version: /usr/bin has Debian's wrappers, which need Perl.
fn newest() -> Option<PathBuf> {
    let version = |path: &Path| path.file_name()?.to_str()?.parse::<u32>().ok();
    std::fs::read_dir("/usr/lib/postgresql")
        .ok()?
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.join("bin/pg_dump").is_file())
        .max_by_key(|path| version(path))
        .map(|path| path.join("bin"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_becomes_variables_and_never_shows_its_password() {
        let url = "postgres://benefits:p%40ss@db.example:6432/benefits?sslmode=verify-full";
        let database = Database::new("benefits", url).unwrap();
        let variable = |name| {
            let found = database.variables.iter().find(|(known, _)| *known == name);
            found.map(|(_, value)| value.as_str())
        };
        assert_eq!(variable("PGHOST"), Some("db.example"));
        assert_eq!(variable("PGPORT"), Some("6432"));
        assert_eq!(variable("PGPASSWORD"), Some("p@ss"));
        assert_eq!(variable("PGDATABASE"), Some("benefits"));
        assert_eq!(variable("PGSSLMODE"), Some("verify-full"));
        assert!(!format!("{database:?}").contains("p@ss"));
    }

    #[test]
    fn what_is_no_address_is_refused_without_being_repeated() {
        for wrong in [
            "",
            "benefits",
            "postgres://u:secret@h:x/d",
            "postgres://u:%zz@h/d",
        ] {
            let Err(BackupError::Refused(sentence)) = Database::new("benefits", wrong) else {
                panic!("{wrong} was taken");
            };
            assert!(
                sentence.contains("benefits") && !sentence.contains("secret"),
                "{sentence}"
            );
        }
    }
}
