//! The mail catcher of the test stack, as a reader of mails.

use anyhow::{Context as _, Result};

use crate::stack::test_addresses;

/// A mail that was caught.
#[derive(Clone, Debug)]
pub struct Mail {
    pub subject: String,
    pub text: String,
    pub html: String,
    pub message_id: String,
}

/// Where mails go in tests.
#[derive(Clone, Debug)]
pub struct SmtpCatcher {
    pub host: String,
    pub port: u16,
    web: String,
}

/// The catcher of the test stack.
///
/// # Panics
/// When the test stack is not running.
#[must_use]
pub fn smtp() -> SmtpCatcher {
    let addresses = test_addresses().expect("the test stack runs");
    SmtpCatcher {
        host: addresses.smtp_host.clone(),
        port: addresses.smtp_port,
        web: addresses.mail_url,
    }
}

impl SmtpCatcher {
    /// The mails to one address, oldest first.
    ///
    /// # Errors
    /// When the catcher does not answer.
    pub async fn mails_to(&self, address: &str) -> Result<Vec<Mail>> {
        // The client is built with TLS and needs a provider, also for a plain address. A second call changes nothing.
        let _already_chosen = rustls::crypto::ring::default_provider().install_default();
        let client = reqwest::Client::builder().build().context("a client")?;
        let list: serde_json::Value = client
            .get(format!("{}/api/email?to.address={address}", self.web))
            .send()
            .await?
            .json()
            .await?;
        let text = |value: &serde_json::Value, key: &str| {
            value
                .get(key)
                .and_then(|v| v.as_str())
                .unwrap_or_default()
                .to_owned()
        };
        Ok(list
            .as_array()
            .context("a list of mails")?
            .iter()
            .map(|mail| Mail {
                subject: text(mail, "subject"),
                text: text(mail, "text"),
                html: text(mail, "html"),
                message_id: mail
                    .get("headers")
                    .map(|headers| text(headers, "message-id"))
                    .unwrap_or_default(),
            })
            .collect())
    }
}
