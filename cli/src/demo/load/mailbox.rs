//! Reads the account link from the mail catcher, as a person reads a mail.

use std::time::Duration;

use anyhow::{Context as _, Result, bail};

/// Longest wait for a mail that was asked for.
const DEADLINE: Duration = Duration::from_secs(60);
const STEP: Duration = Duration::from_millis(200);

pub(super) struct Mailbox {
    client: reqwest::Client,
    page: String,
}

impl Mailbox {
    pub(super) fn new(page: &str) -> Result<Self> {
        Ok(Self {
            client: reqwest::Client::builder()
                .timeout(Duration::from_secs(5))
                .build()?,
            page: page.to_owned(),
        })
    }

    /// How many mails the address has, to know the next one from the earlier ones.
    pub(super) async fn count(&self, address: &str) -> Result<usize> {
        Ok(self.mails(address).await?.len())
    }

    /// The token in the account link of the first mail after `seen` others.
    pub(super) async fn link_token(&self, address: &str, seen: usize) -> Result<String> {
        let waited = async {
            loop {
                let mails = self.mails(address).await?;
                if let Some(token) = mails.iter().skip(seen).find_map(|text| token_in(text)) {
                    return Ok(token);
                }
                tokio::time::sleep(STEP).await;
            }
        };
        match tokio::time::timeout(DEADLINE, waited).await {
            Ok(token) => token,
            Err(_) => bail!("no account mail came within {} s", DEADLINE.as_secs()),
        }
    }

    async fn mails(&self, address: &str) -> Result<Vec<String>> {
        let url = format!("{}/api/email?to.address={address}", self.page);
        let list: Vec<serde_json::Value> = self
            .client
            .get(url)
            .send()
            .await?
            .json()
            .await
            .context("the mail catcher's list")?;
        Ok(list
            .iter()
            .map(|mail| {
                mail.get("text")
                    .and_then(|text| text.as_str())
                    .unwrap_or_default()
                    .to_owned()
            })
            .collect())
    }
}

fn token_in(text: &str) -> Option<String> {
    let (_, rest) = text.split_once("/account/link/")?;
    let token: String = rest
        .chars()
        .take_while(|c| c.is_ascii_alphanumeric() || "-_.~".contains(*c))
        .collect();
    (!token.is_empty()).then_some(token)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_token_ends_where_the_link_ends() {
        assert_eq!(
            token_in("Ouvrez http://localhost:1/fr/account/link/ab-C_9\nMerci"),
            Some("ab-C_9".to_owned())
        );
        assert_eq!(token_in("rien"), None);
    }
}
