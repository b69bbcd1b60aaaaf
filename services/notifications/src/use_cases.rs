//! What the service does: take a message in, send its mail, show an inbox.

pub(crate) mod accept_message;
pub(crate) mod count_unread;
pub(crate) mod list_messages;
pub(crate) mod mark_read;
pub(crate) mod send_email;
