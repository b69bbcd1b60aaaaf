//! The command line as an OAuth client: proves itself with its own key and gets a token of a minute for one service and one scope.

use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::Context as _;
use auth::token::{SigningKey, sign_json};
use chrono::{DateTime, Utc};
use platform::ids::uuid_v7;
use platform::keys::KeyDirectory;
use serde::{Deserialize, Serialize};

use crate::exit::Failure;

/// Our name in the trust file and at identity.
const CLIENT: &str = "tadamon-cli";
/// The assertion's `typ`: identity takes no other signed token for one.
const ASSERTION: &str = "client-authentication+jwt";
const ASSERTION_TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
/// Life of an assertion in seconds: it is used at once, clocks may differ a little.
const LIFETIME: i64 = 60;
/// Where a local installation answers.
pub(crate) const TOKEN_URL: &str = "http://127.0.0.1:24830/oauth2/token";
const DEADLINE: Duration = Duration::from_secs(15);

/// Where identity gives tokens, and with which key we ask.
#[derive(clap::Args, Clone, Debug)]
pub(crate) struct ClientArgs {
    /// Directory that `tadamon bootstrap` made.
    #[arg(long, env = "TADAMON_KEYS", default_value = ".local/keys")]
    keys: PathBuf,
    /// Identity's token endpoint, as it names itself.
    #[arg(long, env = "TADAMON_TOKEN_URL", default_value = TOKEN_URL)]
    token_url: String,
}

impl ClientArgs {
    /// For a command that names the keys in its own words.
    pub(crate) fn new(keys: PathBuf, token_url: String) -> Self {
        Self { keys, token_url }
    }

    pub(crate) fn keys(&self) -> &Path {
        &self.keys
    }

    pub(crate) fn token_url(&self) -> &str {
        &self.token_url
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
    let assertion = Assertion {
        iss: CLIENT,
        sub: CLIENT,
        aud: &args.token_url,
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
    let answer = http.post(&args.token_url).form(&form).send().await;
    let answer = answer
        .map_err(|_| Failure::unavailable(format!("identity does not answer at {}", args.token_url)))?;
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
