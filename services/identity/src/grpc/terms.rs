//! `TermsService`: the current text, and its acceptance.

use std::sync::Arc;

use auth::caller;
use identity_proto::v1::terms_service_server::TermsService;
use identity_proto::v1::{
    AcceptTermsRequest, AcceptTermsResponse, GetTermsRequest, GetTermsResponse, TermsSection,
};
use tonic::{Request, Response, Status};

use super::convert;
use crate::context::Context;
use crate::domain::account_request::parse_locale;
use crate::error::Error;
use crate::use_cases::accept_terms::accept_terms;

pub(super) struct TermsOfUse(pub(super) Arc<Context>);

#[tonic::async_trait]
impl TermsService for TermsOfUse {
    async fn get_terms(
        &self,
        request: Request<GetTermsRequest>,
    ) -> Result<Response<GetTermsResponse>, Status> {
        let locale = parse_locale(&request.into_inner().locale).map_err(Error::field)?;
        let text = self.0.terms.current(self.0.now()).text(locale);
        let section = |section: &crate::domain::terms::Section| TermsSection {
            heading: section.heading.clone(),
            paragraphs: section.paragraphs.clone(),
        };
        Ok(Response::new(GetTermsResponse {
            version: text.version.clone(),
            published_at: Some(convert::timestamp(text.published_at)),
            title: text.title.clone(),
            sections: text.sections.iter().map(section).collect(),
        }))
    }

    async fn accept_terms(
        &self,
        request: Request<AcceptTermsRequest>,
    ) -> Result<Response<AcceptTermsResponse>, Status> {
        let caller = caller(&request)?.clone();
        accept_terms(
            &self.0,
            caller.account()?,
            &caller.actor(),
            &request.into_inner().version,
        )
        .await?;
        Ok(Response::new(AcceptTermsResponse {}))
    }
}
