//! The member's card page and the list of who checked it.

use auth::caller;
use partnerships_proto::v1::card_service_server::CardService;
use partnerships_proto::v1::{
    IssueCardCodesRequest, IssueCardCodesResponse, ListChecksRequest, ListChecksResponse,
};
use tonic::{Request, Response, Status};

use super::convert;
use crate::use_cases::Desk;
use crate::use_cases::issue_card_codes::issue_card_codes;
use crate::use_cases::list_checks::list_checks;

/// Serves members' cards.
pub(crate) struct Cards(pub(crate) Desk);

#[tonic::async_trait]
impl CardService for Cards {
    async fn issue_card_codes(
        &self,
        request: Request<IssueCardCodesRequest>,
    ) -> Result<Response<IssueCardCodesResponse>, Status> {
        let member = caller(&request)?.member()?;
        let cards = issue_card_codes(&self.0, member).await?;
        Ok(Response::new(IssueCardCodesResponse {
            cards: cards.cards.into_iter().map(convert::card).collect(),
            expires_at: Some(convert::timestamp(cards.expires_at)),
        }))
    }

    async fn list_checks(
        &self,
        request: Request<ListChecksRequest>,
    ) -> Result<Response<ListChecksResponse>, Status> {
        let member = caller(&request)?.member()?;
        let request = request.into_inner();
        let page = list_checks(&self.0, member, request.page_size, &request.page_token).await?;
        Ok(Response::new(ListChecksResponse {
            checks: page
                .checks
                .into_iter()
                .map(|seen| convert::check(seen, &page.book))
                .collect(),
            next_page_token: page.next_page_token,
            codes_expire_at: page.codes_expire_at.map(convert::timestamp),
        }))
    }
}
