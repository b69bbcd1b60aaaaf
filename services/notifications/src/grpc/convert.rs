//! From rows to wire messages.

use notifications_proto::v1::{InboxMessage, ListMessagesResponse};

use crate::store::messages::InboxRow;
use crate::use_cases::list_messages::Page;

pub(super) fn page(page: Page) -> ListMessagesResponse {
    ListMessagesResponse {
        messages: page.messages.into_iter().map(message).collect(),
        next_page_token: page.next.unwrap_or_default(),
    }
}

fn message(row: InboxRow) -> InboxMessage {
    InboxMessage {
        message_id: row.id.to_string(),
        kind: row.kind,
        title_ar: row.title_ar,
        title_fr: row.title_fr,
        body_ar: row.body_ar,
        body_fr: row.body_fr,
        application_id: row.application_id.map(|id| id.to_string()).unwrap_or_default(),
        created_at: Some(row.created_at.into()),
        read: row.read_at.is_some(),
    }
}
