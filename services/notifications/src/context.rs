//! What use cases work with: the database, the clock, the services that are asked, the mail server.
//!
//! Built once by `app`; it starts nothing.

use platform::clock::Clock;
use sqlx::PgPool;

use crate::config::MailSettings;
use crate::mail::Mailer;
use crate::mail::peers::Peers;

/// What use cases work with.
pub(crate) struct Context {
    pub(crate) pool: PgPool,
    pub(crate) clock: Clock,
    pub(crate) peers: Peers,
    pub(crate) mailer: Mailer,
    pub(crate) mail: MailSettings,
}
