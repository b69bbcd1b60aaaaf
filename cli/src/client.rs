//! The command line as an OAuth client: proves itself with its own key and gets a token of a minute for one service and one scope.

use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::Context as _;
use auth::token::{SigningKey, sign_json};
use chrono::{DateTime, Utc};
use platform::ids::uuid_v7;
use platform::keys::KeyDirectory;
use serde::{Deserialize, Serialize};
use tonic::transport::Channel;

use crate::exit::Failure;
use crate::line::LineArgs;

/// Our name in the trust file and at identity.
const CLIENT: &str = "tadamon-cli";
/// The assertion's `typ`: identity takes no other signed token for one.
const ASSERTION: &str = "client-authentication+jwt";
const ASSERTION_TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
/// Life of an assertion in seconds: it is used at once, clocks may differ a little.
const LIFETIME: i64 = 60;
/// Where identity's token endpoint stands from the base of a local installation (deploy/local/ports.toml).
const TOKEN_PORT: u16 = 30;
const DEADLINE: Duration = Duration::from_secs(15);

/// The installation on this machine: its first port moves every address that is not named.
#[derive(clap::Args, Clone, Debug)]
pub(crate) struct LocalArgs {
    /// First port of the local installation, for addresses that are not named.
    #[arg(long, env = "TADAMON_BASE_PORT", default_value_t = 24800)]
    base_port: u16,
    #[command(flatten)]
    line: LineArgs,
}

impl LocalArgs {
    /// The address at that place from the base.
    pub(crate) fn url(&self, offset: u16) -> String {
        format!("http://127.0.0.1:{}", self.port(offset))
    }

    pub(crate) fn port(&self, offset: u16) -> u32 {
        u32::from(self.base_port) + u32::from(offset)
    }

    /// A connection to that service; `option` is how the command line names its address.
    pub(crate) fn channel(&self, service: &str, url: &str, option: &str) -> Result<Channel, Failure> {
        self.line.channel(service, url, option)
    }

    /// The token endpoint as identity names itself there.
    pub(crate) fn token_url(&self) -> String {
        format!("{}/oauth2/token", self.url(TOKEN_PORT))
    }
}

/// Where identity gives tokens, and with which key we ask.
#[derive(clap::Args, Clone, Debug)]
pub(crate) struct ClientArgs {
    /// Directory that `tadamon bootstrap` made.
    #[arg(long, env = "TADAMON_KEYS", default_value = ".local/keys")]
    keys: PathBuf,
    /// Identity's token endpoint, as it names itself; that of the local installation unless said.
    #[arg(long, env = "TADAMON_TOKEN_URL")]
    token_url: Option<String>,
    #[command(flatten)]
    pub(crate) local: LocalArgs,
}

impl ClientArgs {
    /// For a command that names the keys in its own words.
    pub(crate) fn new(keys: PathBuf, token_url: Option<String>, local: LocalArgs) -> Self {
        Self {
            keys,
            token_url,
            local,
        }
    }

    pub(crate) fn keys(&self) -> &Path {
        &self.keys
    }

    pub(crate) fn token_url(&self) -> String {
        self.token_url.clone().unwrap_or_else(|| self.local.token_url())
    }
}

#[derive(Serialize)]
struct Assertion<'a> {
    iss: &'a str,
    sub: &'a str,
    aud: &'a str,
    iat: i64,
    exp: i64,
    jti: String,
}

#[derive(Deserialize)]
struct Token {
    access_token: String,
}

#[derive(Deserialize)]
struct Refusal {
    error: String,
}

/// A token for `audience` with `scope`.
pub(crate) async fn token(
    args: &ClientArgs,
    audience: &str,
    scope: &str,
    now: DateTime<Utc>,
) -> Result<String, Failure> {
    let key = SigningKey::open(&KeyDirectory::open(&args.keys), CLIENT).map_err(|error| {
        Failure::refused(format!(
            "the key of the command line: {error}; `tadamon bootstrap` makes it"
        ))
    })?;
    let token_url = args.token_url();
    let assertion = Assertion {
        iss: CLIENT,
        sub: CLIENT,
        aud: &token_url,
        iat: now.timestamp(),
        exp: now.timestamp() + LIFETIME,
        jti: uuid_v7(now).to_string(),
    };
    let form = [
        ("grant_type", "client_credentials"),
        ("client_id", CLIENT),
        ("client_assertion_type", ASSERTION_TYPE),
        ("client_assertion", &sign_json(&key, ASSERTION, &assertion)),
        ("scope", scope),
        ("audience", audience),
    ];
    let http = reqwest::Client::builder()
        .timeout(DEADLINE)
        .build()
        .context("the HTTP client")?;
    let answer = http.post(&token_url).form(&form).send().await;
    let answer =
        answer.map_err(|_| Failure::unavailable(format!("identity does not answer at {token_url}")))?;
    let status = answer.status();
    if status.is_success() {
        return Ok(answer
            .json::<Token>()
            .await
            .context("identity's token")?
            .access_token);
    }
    let reason = answer
        .json::<Refusal>()
        .await
        .map_or_else(|_| status.to_string(), |refusal| refusal.error);
    Err(if status.is_server_error() {
        Failure::unavailable(format!("identity gives no token now ({reason}); try again"))
    } else {
        Failure::refused(format!(
            "identity refused the command line's key or scope ({reason})"
        ))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_port_of_an_installation_moves_its_token_endpoint_unless_one_is_named() {
        #[derive(clap::Parser)]
        struct Line {
            #[command(flatten)]
            client: ClientArgs,
        }
        let of = |line: &[&str]| {
            <Line as clap::Parser>::parse_from(line.iter().copied())
                .client
                .token_url()
        };
        assert_eq!(
            of(&["x", "--base-port", "26800"]),
            "http://127.0.0.1:26830/oauth2/token"
        );
        assert_eq!(
            of(&["x", "--base-port", "26800", "--token-url", "https://i/t"]),
            "https://i/t"
        );
    }
}
