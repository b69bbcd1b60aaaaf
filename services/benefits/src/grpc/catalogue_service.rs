//! `CatalogueService`: the catalogue as this installation offers it, and what a member's own facts rule out. The catalogue comes from memory:
//! the home page shows services while the database is away; then nothing is said of the member.

use std::time::Duration;

use auth::caller;
use benefits_proto::v1::catalogue_service_server::CatalogueService;
use benefits_proto::v1::{GetBenefitRequest, GetBenefitResponse, ListBenefitsRequest, ListBenefitsResponse};
use kernel::MemberId;
use rules::EarlyOutcome;
use tonic::{Request, Response, Status};

use super::convert;
use crate::domain::catalogue::Benefit;
use crate::domain::member::MemberFacts;
use crate::error::Error;
use crate::use_cases::Office;
use crate::use_cases::beforehand::{self, UsedUp};

/// How long the member's facts are waited for: what they rule out is refused later all the same, a page that does not come helps nobody.
const PATIENCE: Duration = Duration::from_secs(1);

/// Answers from memory and from the projection of members.
pub(crate) struct CatalogueOf(Office);

impl CatalogueOf {
    pub(crate) fn new(office: Office) -> Self {
        Self(office)
    }

    /// The facts of the member who asks; none for an agent, and when they have not arrived or cannot be read.
    async fn facts_of_asker<T>(&self, request: &Request<T>) -> Option<MemberFacts> {
        let member = caller(request).ok()?.member().ok()?;
        match tokio::time::timeout(PATIENCE, self.facts_of(member)).await {
            Ok(Ok(facts)) => facts,
            Ok(Err(error)) => unsaid(error),
            Err(_) => {
                tracing::warn!("the member's facts took too long: the catalogue is shown without them");
                None
            }
        }
    }

    async fn facts_of(&self, member: MemberId) -> Result<Option<MemberFacts>, Error> {
        let mut conn = self.0.pool.acquire().await?;
        beforehand::facts_of(&mut conn, member).await
    }

    /// For whom nothing is left of the benefit's ceiling; nobody when it cannot be read in time.
    async fn used_up(&self, benefit: &Benefit, facts: Option<&MemberFacts>) -> Vec<UsedUp> {
        let Some(facts) = facts else {
            return Vec::new();
        };
        let read = async {
            let mut conn = self.0.pool.acquire().await?;
            beforehand::used_up(&mut conn, benefit, facts, self.0.clock.now()).await
        };
        match tokio::time::timeout(PATIENCE, read).await {
            Ok(read) => read.unwrap_or_else(unsaid),
            Err(_) => {
                tracing::warn!("the member's ceilings took too long: the catalogue is shown without them");
                Vec::new()
            }
        }
    }

    fn broken(&self, benefit: &Benefit, facts: Option<&MemberFacts>) -> Vec<EarlyOutcome> {
        beforehand::already_broken(benefit, facts, self.0.clock.now()).unwrap_or_else(unsaid)
    }
}

/// What cannot be said beforehand is said when the member begins or sends.
fn unsaid<T: Default>(error: Error) -> T {
    tracing::warn!(
        error = format!("{:#}", anyhow::Error::from(error)),
        "the catalogue is shown without what the member's facts rule out"
    );
    T::default()
}

#[tonic::async_trait]
impl CatalogueService for CatalogueOf {
    async fn list_benefits(
        &self,
        request: Request<ListBenefitsRequest>,
    ) -> Result<Response<ListBenefitsResponse>, Status> {
        let facts = self.facts_of_asker(&request).await;
        let summary = |benefit| convert::benefit_summary(benefit, &self.broken(benefit, facts.as_ref()));
        Ok(Response::new(ListBenefitsResponse {
            benefits: self.0.catalogue.iter().map(summary).collect(),
        }))
    }

    async fn get_benefit(
        &self,
        request: Request<GetBenefitRequest>,
    ) -> Result<Response<GetBenefitResponse>, Status> {
        let benefit = self
            .0
            .catalogue
            .get(&request.get_ref().benefit_code)
            .ok_or(Error::BenefitUnknown)?;
        let facts = self.facts_of_asker(&request).await;
        let broken = self.broken(benefit, facts.as_ref());
        let used_up = self.used_up(benefit, facts.as_ref()).await;
        Ok(Response::new(convert::benefit(benefit, broken, used_up)))
    }
}
