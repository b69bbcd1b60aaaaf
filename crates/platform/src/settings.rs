//! Settings: defaults embedded in the binary, then a file, then `TADAMON_<SECTION>__<KEY>`. Everything is validated before a port or a
//! connection opens; a bad value is one line that names the key. Secrets cannot be printed.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use figment::Figment;
use figment::providers::{Format, Toml};
use figment::value::Value;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use tokio::net::TcpListener;
use tracing_subscriber::filter::Targets;

use crate::tls::TlsSettings;

/// A value that never shows itself in a log or an error.
#[derive(Clone, Deserialize, Default, PartialEq, Eq)]
#[serde(transparent)]
pub struct Secret(String);

impl Secret {
    /// Wraps a secret text.
    pub fn new(value: impl Into<String>) -> Self {
        Self(value.into())
    }

    /// The text itself, for the one call that needs it.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("[secret]")
    }
}

impl std::fmt::Display for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("[secret]")
    }
}

/// A setting that cannot be used; its text is one line that names the key.
#[derive(Debug, thiserror::Error)]
#[error("setting {key}: {problem}")]
pub struct SettingsError {
    key: String,
    problem: String,
}

impl SettingsError {
    /// `key` as written in the file (`common.grpc.listen`), `problem` says what is wrong and what to write instead.
    pub fn bad(key: impl Into<String>, problem: impl Into<String>) -> Self {
        Self {
            key: key.into(),
            problem: problem.into(),
        }
    }
}

/// Checks that no type can express: ranges, pairs that exclude one another.
pub trait Validate {
    /// # Errors
    /// The first setting that cannot be used.
    fn validate(&self) -> Result<(), SettingsError>;
}

/// What a replica does; all of it by default.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Answers calls.
    Grpc,
    /// Publishes the outbox.
    Relay,
    /// Listens to events.
    Subscribers,
    /// Runs work queues and timers.
    Jobs,
}

/// The sections that every service has.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Common {
    pub postgres: PostgresSettings,
    pub grpc: ListenSettings,
    pub admin: ListenSettings,
    pub telemetry: TelemetrySettings,
    pub nats: NatsSettings,
    pub amqp: AmqpSettings,
    pub keys: KeysSettings,
    pub roles: Vec<Role>,
    #[serde(default)]
    pub tls: TlsSettings,
    #[serde(default)]
    pub demonstration: DemonstrationSettings,
}

/// The service's own database.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PostgresSettings {
    pub url: Secret,
    /// Connections in the pool.
    #[serde(default = "default_connections")]
    pub max_connections: u32,
}

fn default_connections() -> u32 {
    16
}

/// Where a server listens; port 0 takes a free one.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListenSettings {
    pub listen: SocketAddr,
}

/// Logs and traces.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TelemetrySettings {
    /// Levels, of everything and of single targets, such as `info,sqlx=warn`.
    pub log_filter: String,
    /// OTLP over gRPC; empty: spans are not exported.
    #[serde(default)]
    pub otlp_endpoint: String,
}

impl TelemetrySettings {
    /// What the log shows.
    ///
    /// # Errors
    /// Anything but levels of targets.
    pub fn filter(&self) -> Result<Targets, SettingsError> {
        // What would be read as the name of a target that nobody has (a condition on a span, a space), or as a level that nobody wrote (nothing).
        let misread = |part: &str| part.is_empty() || part.contains(['[', '{', ' ']);
        let misread = self.log_filter.split(',').any(misread);
        self.log_filter.parse().ok().filter(|_| !misread).ok_or_else(|| {
            SettingsError::bad(
                "common.telemetry.log_filter",
                "is not a filter such as info,sqlx=warn",
            )
        })
    }
}

/// The event bus.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NatsSettings {
    pub url: String,
    pub user: String,
    pub password: Secret,
    /// First token of every subject and stream name; differs per test.
    #[serde(default = "default_prefix")]
    pub prefix: String,
    /// Servers of the broker's cluster that keep each stream, at least.
    #[serde(default = "one_server")]
    pub replicas: usize,
}

fn one_server() -> usize {
    1
}

/// The work queues' broker.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AmqpSettings {
    pub url: Secret,
    /// First part of every queue name; differs per test.
    #[serde(default = "default_prefix")]
    pub prefix: String,
}

fn default_prefix() -> String {
    "tadamon".to_owned()
}

/// The directory that `tadamon bootstrap` made.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeysSettings {
    pub directory: PathBuf,
}

/// What only a demonstration installation may do.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DemonstrationSettings {
    pub enabled: bool,
}

/// Another service that this one calls.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PeerSettings {
    pub url: String,
    /// How long one connection is used; about then another one is opened, which may lead to another process of the peer.
    #[serde(default = "default_connection_seconds")]
    pub connection_seconds: u64,
}

fn default_connection_seconds() -> u64 {
    300
}

impl PeerSettings {
    /// With the other settings as they are by default.
    pub fn at(url: impl Into<String>) -> Self {
        Self {
            url: url.into(),
            connection_seconds: default_connection_seconds(),
        }
    }

    /// `key` is that of the URL; `tls` what the process shows and believes.
    ///
    /// # Errors
    /// When `url` is not `http://host:port` or `https://host:port`, does not go with `tls`, or a connection would live too short or too long.
    pub fn validate(&self, key: &str, tls: &TlsSettings) -> Result<(), SettingsError> {
        if !(10..=86_400).contains(&self.connection_seconds) {
            let key = key.strip_suffix(".url").unwrap_or(key);
            return Err(SettingsError::bad(
                format!("{key}.connection_seconds"),
                "must be between 10 and 86400",
            ));
        }
        let uri: http::Uri = self.url.parse().unwrap_or_default();
        let problem = match (uri.scheme_str(), tls.is_on()) {
            _ if uri.host().is_none_or(str::is_empty) => "must be a URL such as http://127.0.0.1:9000",
            (Some("https"), true) | (Some("http"), false) => return Ok(()),
            (Some("https"), false) => {
                "is https, but no certificate is shown and no authority believed: set common.tls.certificate, key and authorities, or write http"
            }
            (Some("http"), true) => {
                "is http, but common.tls.certificate is set: write https, or empty common.tls.certificate, key and authorities"
            }
            _ => "must be a URL such as http://127.0.0.1:9000",
        };
        Err(SettingsError::bad(key, problem))
    }
}

impl Validate for Common {
    fn validate(&self) -> Result<(), SettingsError> {
        if self
            .postgres
            .url
            .expose()
            .parse::<sqlx::postgres::PgConnectOptions>()
            .is_err()
        {
            return Err(SettingsError::bad(
                "common.postgres.url",
                "must be such as postgres://user:password@host:5432/database",
            ));
        }
        if !(2..=500).contains(&self.postgres.max_connections) {
            return Err(SettingsError::bad(
                "common.postgres.max_connections",
                "must be between 2 and 500",
            ));
        }
        if self.roles.is_empty() {
            return Err(SettingsError::bad(
                "common.roles",
                "name at least one of grpc, relay, subscribers, jobs",
            ));
        }
        for (key, prefix) in [
            ("common.nats.prefix", &self.nats.prefix),
            ("common.amqp.prefix", &self.amqp.prefix),
        ] {
            if prefix.is_empty()
                || !prefix
                    .bytes()
                    .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
            {
                return Err(SettingsError::bad(key, "may hold a-z, 0-9 and hyphens only"));
            }
        }
        if ![1, 3, 5].contains(&self.nats.replicas) {
            return Err(SettingsError::bad("common.nats.replicas", "must be 1, 3 or 5"));
        }
        require_url("common.nats.url", &self.nats.url, &["nats", "tls"])?;
        require_url("common.amqp.url", self.amqp.url.expose(), &["amqp", "amqps"])?;
        if !self.telemetry.otlp_endpoint.is_empty() {
            require_url(
                "common.telemetry.otlp_endpoint",
                &self.telemetry.otlp_endpoint,
                &["http", "https"],
            )?;
        }
        self.tls.validate()?;
        if !self.keys.directory.is_dir() {
            return Err(SettingsError::bad(
                "common.keys.directory",
                "is not a directory; run `tadamon bootstrap` first",
            ));
        }
        self.telemetry.filter().map(|_filter| ())
    }
}

/// A URL with a host and one of the schemes. The value is not repeated: it may hold a password.
fn require_url(key: &str, value: &str, schemes: &[&str]) -> Result<(), SettingsError> {
    let fits = value.parse::<http::Uri>().is_ok_and(|uri| {
        uri.host().is_some_and(|host| !host.is_empty())
            && uri.scheme_str().is_some_and(|scheme| schemes.contains(&scheme))
    });
    if fits {
        Ok(())
    } else {
        Err(SettingsError::bad(
            key,
            format!("must be such as {}://host:port", schemes[0]),
        ))
    }
}

impl Common {
    /// Whether this replica plays the role.
    #[must_use]
    pub fn plays(&self, role: Role) -> bool {
        self.roles.contains(&role)
    }

    /// Binds a port of the role, in a process that plays it: a port that is bound and not served would take connections and answer none.
    ///
    /// # Errors
    /// When the address cannot be bound.
    pub async fn listen(&self, role: Role, address: SocketAddr) -> anyhow::Result<Option<TcpListener>> {
        if !self.plays(role) {
            return Ok(None);
        }
        let bound = TcpListener::bind(address).await;
        let listener = bound.with_context(|| format!("cannot listen on {address}"))?;
        Ok(Some(listener))
    }
}

/// Reads and validates settings.
///
/// # Errors
/// One line that names the key.
pub fn load<S: DeserializeOwned + Validate>(defaults: &str, file: Option<&Path>) -> Result<S, SettingsError> {
    read(defaults, file, variables())
}

/// The same without the process's variables, for a program that reads the files of several services.
///
/// # Errors
/// One line that names the key.
pub fn load_file<S: DeserializeOwned + Validate>(defaults: &str, file: &Path) -> Result<S, SettingsError> {
    read(defaults, Some(file), std::iter::empty())
}

fn read<S: DeserializeOwned + Validate>(
    defaults: &str,
    file: Option<&Path>,
    variables: impl Iterator<Item = (String, String)>,
) -> Result<S, SettingsError> {
    let mut figment = Figment::from(Toml::string(defaults));
    if let Some(file) = file {
        if !file.is_file() {
            return Err(SettingsError::bad(
                "--config",
                format!("{} is not a file", file.display()),
            ));
        }
        figment = figment.merge(Toml::file_exact(file));
    }
    let figment = with_variables(figment, variables);
    let settings: S = figment.extract().map_err(|error| {
        let key = if error.path.is_empty() {
            "settings".to_owned()
        } else {
            error.path.join(".")
        };
        // figment shows the found value for a wrong type; a secret's value must not be shown, so only the kind of error is.
        let problem = match error.kind {
            figment::error::Kind::MissingField(name) => format!("{name} is missing"),
            figment::error::Kind::UnknownField(name, _) => format!("{name} is not a known key"),
            figment::error::Kind::InvalidType(_, expected) => format!("must be {expected}"),
            figment::error::Kind::InvalidValue(_, expected) => format!("must be {expected}"),
            figment::error::Kind::UnknownVariant(_, names) => format!("must be one of {}", names.join(", ")),
            _ => "cannot be read".to_owned(),
        };
        SettingsError::bad(key, problem)
    })?;
    settings.validate()?;
    Ok(settings)
}

/// The variables over the file. Where the defaults have a text, the variable is that text to the letter: a password such as `007`, `true` or
/// `"x"` would otherwise be read as a number, a truth, or without its quotes.
fn with_variables(figment: Figment, variables: impl Iterator<Item = (String, String)>) -> Figment {
    let mut merged = figment.clone();
    for (name, text) in variables {
        let Some(key) = name.strip_prefix("TADAMON_").filter(|key| key.contains("__")) else {
            continue;
        };
        let key = key.to_ascii_lowercase().replace("__", ".");
        let is_text = figment
            .find_value(&key)
            .is_ok_and(|default| default.as_str().is_some());
        let value = if is_text {
            Value::from(text)
        } else {
            text.parse().unwrap_or_else(|never: Infallible| match never {})
        };
        merged = merged.merge((key, value));
    }
    merged
}

/// As the process was given them; what is no UTF-8 fits no setting and is refused as such.
fn variables() -> impl Iterator<Item = (String, String)> {
    std::env::vars_os().map(|(name, value)| {
        (
            name.to_string_lossy().into_owned(),
            value.to_string_lossy().into_owned(),
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Sample {
        mail: Mail,
    }
    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Mail {
        port: u16,
        password: Secret,
    }
    impl Validate for Sample {
        fn validate(&self) -> Result<(), SettingsError> {
            if self.mail.port == 0 {
                Err(SettingsError::bad("mail.port", "must not be 0"))
            } else {
                Ok(())
            }
        }
    }

    #[test]
    fn a_wrong_type_names_the_key_and_hides_the_value() {
        let error = load::<Sample>("[mail]\nport = 'hunter2'\npassword = 'x'", None).unwrap_err();
        assert!(error.to_string().contains("mail.port"), "{error}");
        assert!(!error.to_string().contains("hunter2"), "{error}");
    }

    #[test]
    fn an_address_needs_its_scheme_and_a_host() {
        for good in ["nats://127.0.0.1:4222", "tls://bus.example:4222"] {
            assert!(
                require_url("common.nats.url", good, &["nats", "tls"]).is_ok(),
                "{good}"
            );
        }
        for bad in [
            "",
            "127.0.0.1:4222",
            "http://bus.example",
            "nats://",
            "nats:/x",
            "amqp://user:hunter2@",
        ] {
            let error = require_url("common.nats.url", bad, &["nats", "tls"]).unwrap_err();
            assert!(!error.to_string().contains("hunter2"), "{error}");
        }
    }

    #[test]
    fn a_text_given_as_a_variable_is_taken_to_the_letter_and_other_values_are_read() {
        let defaults = || Figment::from(Toml::string("[mail]\nport = 1\npassword = ''"));
        let given = |variables: &[(&str, &str)]| {
            let variables = variables
                .iter()
                .map(|&(name, value)| (name.to_owned(), value.to_owned()));
            with_variables(defaults(), variables)
                .extract::<Sample>()
                .map_err(Box::new)
        };
        for password in ["007", "1e5", "true", "\"x\"", "[1]", "{a=1}", " p ", ""] {
            let sample =
                given(&[("TADAMON_MAIL__PASSWORD", password), ("TADAMON_MAIL__PORT", "25")]).unwrap();
            assert_eq!(sample.mail.password.expose(), password);
            assert_eq!(sample.mail.port, 25);
        }
        assert!(given(&[("TADAMON_MAIL__PORT", "twenty")]).is_err());
        assert!(given(&[("TADAMON_MAIL__PASSWROD", "x")]).is_err());
        assert!(given(&[("TADAMON_MAIL", "x"), ("OTHER_MAIL__PORT", "x")]).is_ok());
    }

    #[test]
    fn a_peer_is_asked_as_the_certificates_say_and_in_no_other_way() {
        let off = TlsSettings::default();
        let on = TlsSettings {
            certificate: "tls.crt".into(),
            ..TlsSettings::default()
        };
        let judge = |url: &str, tls: &TlsSettings| PeerSettings::at(url).validate("peers.identity.url", tls);
        assert!(judge("http://identity:9000", &off).is_ok());
        assert!(judge("https://identity:9000", &on).is_ok());
        for (url, tls, mend) in [
            ("https://identity:9000", &off, "set common.tls.certificate"),
            ("http://identity:9000", &on, "write https"),
            ("identity:9000", &on, "must be a URL"),
            ("ftp://identity", &off, "must be a URL"),
            ("https://", &on, "must be a URL"),
            ("", &off, "must be a URL"),
        ] {
            let error = judge(url, tls).unwrap_err().to_string();
            assert!(
                error.starts_with("setting peers.identity.url: ") && error.contains(mend),
                "{url}: {error}"
            );
        }
    }

    #[test]
    fn a_filter_of_the_log_is_levels_of_targets_and_nothing_else() {
        let judge = |filter: &str| {
            TelemetrySettings {
                log_filter: filter.to_owned(),
                otlp_endpoint: String::new(),
            }
            .filter()
        };
        for good in ["info", "info,sqlx=warn", "warn,benefits=debug,lopdf=off"] {
            assert!(judge(good).is_ok(), "{good}");
        }
        for bad in [
            "info,sqlx=loud",
            "info,a=b=c",
            "info, sqlx=warn",
            "info,",
            "",
            "info,[grpc]=debug",
            "info,benefits[{member}]=debug",
        ] {
            let error = judge(bad).unwrap_err().to_string();
            assert!(error.contains("common.telemetry.log_filter"), "{bad}: {error}");
        }
    }

    #[test]
    fn an_unknown_key_is_refused() {
        let error = load::<Sample>("[mail]\nport = 1\npassword = 'x'\nprot = 2", None).unwrap_err();
        assert!(error.to_string().contains("prot"), "{error}");
    }

    #[test]
    fn a_secret_does_not_print_itself() {
        let sample: Sample = load("[mail]\nport = 1\npassword = 'hunter2'", None).unwrap();
        assert_eq!(sample.mail.password.expose(), "hunter2");
        assert!(!format!("{sample:?}").contains("hunter2"));
    }
}
