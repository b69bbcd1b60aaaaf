//! Mails: what stands in one, how it is built, whom we ask for the address, and how it reaches the mail server.

pub(crate) mod peers;
mod render;
mod smtp;

use chrono::{DateTime, Utc};
use kernel::{Locale, MessageId};

use crate::domain::message::Kind;

pub(crate) use smtp::{Mailer, SmtpFailure};

/// A mail before it is built. Its address and link live only here and in the mail.
pub(crate) struct Letter {
    pub(crate) id: MessageId,
    pub(crate) kind: Kind,
    pub(crate) locale: Locale,
    pub(crate) to: String,
    pub(crate) link: Link,
}

/// The one link of a mail.
pub(crate) struct Link {
    pub(crate) url: String,
    pub(crate) valid_until: Option<DateTime<Utc>>,
}
