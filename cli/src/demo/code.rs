//! `tadamon demo code`: the code that the telephone of a demonstration agent would show now. Only from the demonstration's own folder, and only when
//! identity says that the installation is a demonstration.

use std::path::PathBuf;

use anyhow::{Context as _, Result};
use chrono::{DateTime, Utc};
use totp_rs::{Algorithm, Secret, TOTP};

use super::agents::DEMONSTRATION_SCOPE;
use super::agents::kept::KeptAgents;
use crate::client::{self, ClientArgs, LocalArgs};
use crate::exit::Failure;

/// Seconds of a code.
const STEP: i64 = 30;

#[derive(clap::Args, Debug)]
pub(crate) struct CodeArgs {
    /// As `tadamon demo accounts` lists them: `front_desk`, `case_officer` ...
    agent: String,
    /// Folder of the demonstration, where the secrets are kept.
    #[arg(long, env = "TADAMON_DEMONSTRATION", default_value = ".local/demonstration")]
    directory: PathBuf,
    /// Directory that `tadamon bootstrap` made.
    #[arg(long, env = "TADAMON_KEYS", default_value = ".local/keys")]
    keys: PathBuf,
    #[command(flatten)]
    local: LocalArgs,
}

pub(crate) async fn run(args: CodeArgs, now: DateTime<Utc>) -> Result<(), Failure> {
    let kept = KeptAgents::read(&args.directory)?;
    let secret = kept.secret(&args.agent).ok_or_else(|| {
        Failure::refused(format!(
            "no demonstration agent {:?} is kept in {}; `tadamon demo accounts` lists them",
            args.agent,
            args.directory.display()
        ))
    })?;
    let token_url = Some(kept.token_url.clone()).filter(|url| !url.is_empty());
    let client = ClientArgs::new(args.keys, token_url, args.local);
    client::token(&client, "identity", DEMONSTRATION_SCOPE, now).await?;
    let (code, left) = code_at(secret, now)?;
    println!("{code}");
    eprintln!("good for {left} s, once");
    Ok(())
}

/// The six digits of an instant, and for how many seconds they go on.
pub(super) fn code_at(secret: &str, now: DateTime<Utc>) -> Result<(String, i64)> {
    let bytes = Secret::Encoded(secret.to_owned())
        .to_bytes()
        .map_err(|error| anyhow::anyhow!("the secret is not base32: {error:?}"))?;
    let totp = TOTP::new(Algorithm::SHA1, 6, 0, STEP.unsigned_abs(), bytes)
        .map_err(|error| anyhow::anyhow!("the secret: {error}"))?;
    let seconds = u64::try_from(now.timestamp()).context("a time after 1970")?;
    Ok((totp.generate(seconds), STEP - now.timestamp().rem_euclid(STEP)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_code_is_the_one_of_rfc_6238_and_says_how_long_it_goes_on() {
        let at = |seconds| DateTime::from_timestamp(seconds, 0).unwrap();
        let secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";
        assert_eq!(code_at(secret, at(59)).unwrap(), ("287082".to_owned(), 1));
        assert_eq!(
            code_at(secret, at(1_234_567_890)).unwrap(),
            ("005924".to_owned(), 30)
        );
        assert!(code_at("not base32!", at(59)).is_err());
    }
}
