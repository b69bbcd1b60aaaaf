//! Notifications: the inbox.

use auth::client::with_token;
use notifications_proto::v1 as wire;
use tonic::Request;

use super::models::{Bilingual, Message};
use super::{Backend, instant};
use crate::error::Error;

/// Most messages that the inbox shows at once; the contract's usual page.
const PAGE: i32 = 50;

impl Backend {
    pub(crate) async fn count_unread(&self, token: &str) -> Result<i64, Error> {
        let request = with_token(Request::new(wire::CountUnreadRequest {}), token);
        Ok(self
            .inbox
            .clone()
            .count_unread(request)
            .await?
            .into_inner()
            .unread
            .into())
    }

    /// A page of messages, newest first, and where the next page starts (empty at the end).
    pub(crate) async fn list_messages(
        &self,
        token: &str,
        page_token: &str,
    ) -> Result<(Vec<Message>, String), Error> {
        let request = wire::ListMessagesRequest {
            page_size: PAGE,
            page_token: page_token.to_owned(),
        };
        let answer = self
            .inbox
            .clone()
            .list_messages(with_token(Request::new(request), token))
            .await?
            .into_inner();
        let messages = answer
            .messages
            .into_iter()
            .map(|message| Message {
                id: message.message_id,
                title: Bilingual {
                    ar: message.title_ar,
                    fr: message.title_fr,
                },
                body: Bilingual {
                    ar: message.body_ar,
                    fr: message.body_fr,
                },
                application_id: message.application_id,
                created_at: instant(message.created_at),
                read: message.read,
            })
            .collect();
        Ok((messages, answer.next_page_token))
    }

    /// Marks these messages as read; all of them when the list is empty.
    pub(crate) async fn mark_read(&self, token: &str, message_ids: Vec<String>) -> Result<(), Error> {
        let request = wire::MarkReadRequest { message_ids };
        self.inbox
            .clone()
            .mark_read(with_token(Request::new(request), token))
            .await?;
        Ok(())
    }
}
