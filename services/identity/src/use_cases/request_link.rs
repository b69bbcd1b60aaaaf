//! Takes the account form (a new account or a forgotten password, it is the same form) and answers at once. Matching is a job, so every
//! request that passes the formats looks alike: one row, one job. The robot proof is taken once, which makes a repetition a new request.

use kernel::{Cin, JobId, Locale, Matricule, PensionNumber, Position};
use platform::ids::uuid_v7;
use serde::{Deserialize, Serialize};
use work_queue::NewJob;

use super::count_address::{count, count_address};
use super::take_proof::{TypedProof, take_proof};
use crate::context::Context;
use crate::domain::account_request::{AccountRequest, TypedRequest};
use crate::domain::email;
use crate::domain::robot_proof::Form;
use crate::error::Error;
use crate::jobs::match_account_request::{MatchAccountRequest, QUEUE};
use crate::store::account_requests;

/// Where a request's payload is sealed for.
pub(crate) const PAYLOAD_PLACE: &str = "account_requests.payload";

/// The sealed payload.
#[derive(Serialize, Deserialize)]
pub(crate) struct Payload {
    matricule: String,
    cin: String,
    position: Position,
    email: String,
    pension_number: Option<String>,
    locale: Locale,
}

impl From<&AccountRequest> for Payload {
    fn from(request: &AccountRequest) -> Self {
        Self {
            matricule: request.matricule.as_str().to_owned(),
            cin: request.cin.as_str().to_owned(),
            position: request.position,
            email: request.email.as_str().to_owned(),
            pension_number: request
                .pension_number
                .as_ref()
                .map(|number| number.as_str().to_owned()),
            locale: request.locale,
        }
    }
}

impl Payload {
    /// Back to the checked form; the rules of the position held when it was sealed.
    pub(crate) fn into_request(self) -> Option<AccountRequest> {
        Some(AccountRequest {
            matricule: Matricule::parse(&self.matricule).ok()?,
            cin: Cin::parse(&self.cin).ok()?,
            position: self.position,
            email: email::parse(&self.email).ok()?,
            pension_number: self
                .pension_number
                .map(|number| PensionNumber::parse(&number))
                .transpose()
                .ok()?,
            locale: self.locale,
        })
    }
}

pub(crate) async fn request_link(
    context: &Context,
    typed: TypedRequest<'_>,
    proof: &TypedProof,
    client_address: &str,
) -> Result<(), Error> {
    let request = AccountRequest::check(typed, &context.settings.account.professional_domains)
        .map_err(Error::Fields)?;
    take_proof(context, Form::Account, proof, client_address).await?;
    slow_down(context, &request, client_address).await?;

    let now = context.now();
    let id = uuid_v7(now);
    let payload =
        serde_json::to_vec(&Payload::from(&request)).map_err(|_| Error::Unreadable("an account request"))?;
    let mut tx = context.begin().await?;
    account_requests::insert(
        &mut tx,
        id,
        &context.secrets.seal(PAYLOAD_PLACE, id, &payload),
        now,
    )
    .await?;
    let job = NewJob {
        id: JobId::from_uuid(uuid_v7(now)),
        queue: QUEUE.name,
        payload: MatchAccountRequest { request_id: id }.to_json(),
        due_at: now,
        dedupe_key: Some(id.to_string()),
        traceparent: platform::telemetry::traceparent(),
    };
    work_queue::enqueue(&mut tx, job).await?;
    tx.commit().await?;
    Ok(())
}

/// Three counts an hour: per network address against floods (not where many share it), per payroll number against a search for its other details, per complete
/// details against mailing somebody over and over. The second one is wide, because a stranger who knows only the number can fill it.
async fn slow_down(context: &Context, request: &AccountRequest, client_address: &str) -> Result<(), Error> {
    let settings = &context.settings.account;
    let matricule = request.matricule.as_str();
    let person = format!("{matricule}:{}:{}", request.cin.as_str(), request.email.as_str());
    count_address(
        context,
        "request-address",
        client_address,
        settings.requests_per_address,
    )
    .await?;
    let counts = [
        (
            "request-matricule",
            context.secrets.limit_key("identity.matricule", matricule),
            settings.requests_per_matricule,
        ),
        (
            "request-person",
            context.secrets.limit_key("identity.person", &person),
            settings.requests_per_person,
        ),
    ];
    for (what, who, limit) in counts {
        count(context, what, &who, limit).await?;
    }
    Ok(())
}
