//! `AdministrationService`: the first administrator, for the operator's command line.

use std::sync::Arc;

use auth::caller;
use identity_proto::v1::administration_service_server::AdministrationService;
use identity_proto::v1::{CreateFirstAdministratorRequest, CreateFirstAdministratorResponse};
use tonic::{Request, Response, Status};

use super::convert;
use crate::context::Context;
use crate::use_cases::create_first_administrator::{FirstAdministrator, create_first_administrator};

pub(super) struct Administration(pub(super) Arc<Context>);

#[tonic::async_trait]
impl AdministrationService for Administration {
    async fn create_first_administrator(
        &self,
        request: Request<CreateFirstAdministratorRequest>,
    ) -> Result<Response<CreateFirstAdministratorResponse>, Status> {
        let actor = caller(&request)?.actor();
        let message = request.into_inner();
        let asked = FirstAdministrator {
            login: &message.login,
            email: &message.email,
            locale: &message.locale,
            renew_link: message.renew_link,
        };
        let made = create_first_administrator(&self.0, &actor, asked).await?;
        Ok(Response::new(CreateFirstAdministratorResponse {
            link: made.link,
            expires_at: Some(convert::timestamp(made.expires_at)),
        }))
    }
}
