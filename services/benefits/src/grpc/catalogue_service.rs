//! `CatalogueService`: the catalogue as this installation offers it. It asks no database: the home page shows services while one is away.

use std::sync::Arc;

use benefits_proto::v1::catalogue_service_server::CatalogueService;
use benefits_proto::v1::{GetBenefitRequest, GetBenefitResponse, ListBenefitsRequest, ListBenefitsResponse};
use tonic::{Request, Response, Status};

use super::convert;
use crate::domain::catalogue::Catalogue;
use crate::error::Error;

/// Answers from memory.
pub(crate) struct CatalogueOf(Arc<Catalogue>);

impl CatalogueOf {
    pub(crate) fn new(catalogue: Arc<Catalogue>) -> Self {
        Self(catalogue)
    }
}

#[tonic::async_trait]
impl CatalogueService for CatalogueOf {
    async fn list_benefits(
        &self,
        _: Request<ListBenefitsRequest>,
    ) -> Result<Response<ListBenefitsResponse>, Status> {
        Ok(Response::new(ListBenefitsResponse {
            benefits: self.0.iter().map(convert::benefit_summary).collect(),
        }))
    }

    async fn get_benefit(
        &self,
        request: Request<GetBenefitRequest>,
    ) -> Result<Response<GetBenefitResponse>, Status> {
        let benefit = self
            .0
            .get(&request.get_ref().benefit_code)
            .ok_or(Error::BenefitUnknown)?;
        Ok(Response::new(convert::benefit(benefit)))
    }
}
