//! InboxService: whose inbox comes from the token, never from the request.

use std::sync::Arc;

use auth::caller;
use kernel::MemberId;
use notifications_proto::v1::inbox_service_server::InboxService;
use notifications_proto::v1::{
    CountUnreadRequest, CountUnreadResponse, ListMessagesRequest, ListMessagesResponse, MarkReadRequest,
    MarkReadResponse,
};
use tonic::{Request, Response, Status};

use super::convert;
use crate::context::Context;
use crate::error::Error;
use crate::use_cases::{count_unread, list_messages, mark_read};

pub(crate) struct Inbox(pub(crate) Arc<Context>);

/// An agent who is no member has no inbox: theirs is empty.
fn reader<T>(request: &Request<T>) -> Result<Option<MemberId>, Status> {
    Ok(caller(request)?.member_id)
}

#[tonic::async_trait]
impl InboxService for Inbox {
    async fn list_messages(
        &self,
        request: Request<ListMessagesRequest>,
    ) -> Result<Response<ListMessagesResponse>, Status> {
        let Some(reader) = reader(&request)? else {
            return Ok(Response::new(ListMessagesResponse::default()));
        };
        let request = request.into_inner();
        let mut conn = self.0.pool.acquire().await.map_err(Error::from)?;
        let page =
            list_messages::list_messages(&mut conn, reader, request.page_size, &request.page_token).await?;
        Ok(Response::new(convert::page(page)))
    }

    async fn count_unread(
        &self,
        request: Request<CountUnreadRequest>,
    ) -> Result<Response<CountUnreadResponse>, Status> {
        let Some(reader) = reader(&request)? else {
            return Ok(Response::new(CountUnreadResponse::default()));
        };
        let mut conn = self.0.pool.acquire().await.map_err(Error::from)?;
        let unread = count_unread::count_unread(&mut conn, reader).await?;
        Ok(Response::new(CountUnreadResponse { unread }))
    }

    async fn mark_read(
        &self,
        request: Request<MarkReadRequest>,
    ) -> Result<Response<MarkReadResponse>, Status> {
        let Some(reader) = reader(&request)? else {
            return Ok(Response::new(MarkReadResponse {}));
        };
        let named = request.into_inner().message_ids;
        let mut conn = self.0.pool.acquire().await.map_err(Error::from)?;
        mark_read::mark_read(&mut conn, reader, &named, self.0.clock.now()).await?;
        Ok(Response::new(MarkReadResponse {}))
    }
}
