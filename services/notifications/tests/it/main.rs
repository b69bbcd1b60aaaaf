//! Notifications on real servers: events become messages and mails, inboxes belong to their readers, and a mail server
//! that is away delays a mail and loses none.

#![expect(clippy::unwrap_used, reason = "in a test, what is missing is the failure")]

mod inbox;
mod mail_server_away;
mod permissions;
mod send_mail;
mod settings;
mod support;
