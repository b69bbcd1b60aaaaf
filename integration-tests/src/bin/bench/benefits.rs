//! Benefits as its members use it: the service, a member whom it knows, a draft answered by the real calls, and the call that is measured.

use anyhow::{Context as _, Result, ensure};
use auth::client::with_token;
use auth::receipt::Receipt;
use benefits_proto::v1::application_service_client::ApplicationServiceClient;
use benefits_proto::v1::catalogue_service_client::CatalogueServiceClient;
use benefits_proto::v1::save_answer_request::Answer;
use benefits_proto::v1::{
    BankAccountAnswer, GetBenefitRequest, PaperAnswer, PersonConcernedAnswer, SaveAnswerRequest,
    StartApplicationRequest, SubmitApplicationRequest,
};
use integration_tests::member::{BENEFIT, key};
use kernel::{DocumentId, MemberId};
use platform::clock::Clock;
use platform::ids::uuid_v7;
use sqlx::PgConnection;
use tonic::Request;
use tonic::transport::Channel;
use uuid::Uuid;

use crate::installation::{Installation, Running};

/// The service's name, and that of its database here.
pub(crate) const DATABASE: &str = "benefits";

/// A fresh id of the kind that the platform draws.
pub(crate) fn id() -> Uuid {
    uuid_v7(Clock::system().now())
}

/// A draft that only waits to be sent, and whose it is.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Draft {
    pub(crate) application: Uuid,
    pub(crate) member: Uuid,
    pub(crate) account: Uuid,
    /// The member as a person, for whom the request is.
    pub(crate) person: Uuid,
}

/// Connections of the load generator: HTTP/2 carries many calls, and one connection would serialise its writes.
pub(crate) fn clients(service: &Running, count: usize) -> Result<Vec<ApplicationServiceClient<Channel>>> {
    (0..count)
        .map(|_| {
            Ok(ApplicationServiceClient::new(platform::grpc::channel(
                &service.url(),
            )?))
        })
        .collect()
}

/// The measured call, ready to be sent.
pub(crate) fn submission(installation: &Installation, draft: &Draft) -> Request<SubmitApplicationRequest> {
    submission_under(key(), installation, draft)
}

/// The same call under a key that may have been used before.
pub(crate) fn submission_under(
    key: String,
    installation: &Installation,
    draft: &Draft,
) -> Request<SubmitApplicationRequest> {
    let token = installation.member_token("benefits", draft.member, draft.account);
    let message = SubmitApplicationRequest {
        application_id: draft.application.to_string(),
        idempotency_key: key,
        expected_version: 0,
    };
    with_token(Request::new(message), &token)
}

/// A member with a spouse and a child, as the projection of membership's events has them, and a whole draft made by the calls of the portal.
pub(crate) async fn whole_draft(
    installation: &Installation,
    service: &Running,
    database: &mut PgConnection,
) -> Result<Draft> {
    let (member, account, person, bank_account) = (id(), id(), id(), id());
    insert_member(database, member, person, bank_account).await?;
    let channel = platform::grpc::channel(&service.url())?;
    let mut applications = ApplicationServiceClient::new(channel.clone());
    let token = || installation.member_token("benefits", member, account);

    let get = GetBenefitRequest {
        benefit_code: BENEFIT.to_owned(),
    };
    let benefit = CatalogueServiceClient::new(channel)
        .get_benefit(with_token(Request::new(get), &token()))
        .await?
        .into_inner();
    let start = StartApplicationRequest {
        benefit_code: BENEFIT.to_owned(),
        idempotency_key: key(),
    };
    let draft = applications
        .start_application(with_token(Request::new(start), &token()))
        .await?
        .into_inner()
        .application
        .context("a draft")?;
    let answers = [
        Answer::BankAccount(BankAccountAnswer {
            answer: "confirmed".to_owned(),
            bank_account_id: bank_account.to_string(),
        }),
        Answer::PersonConcerned(PersonConcernedAnswer {
            relation: "member".to_owned(),
            person_id: person.to_string(),
        }),
        Answer::ReasonCode("oncology".to_owned()),
        Answer::ConsentVersion(benefit.consent.context("a consent")?.version),
        Answer::Paper(paper(installation, member)),
    ];
    let mut missing = Vec::new();
    for answer in answers {
        let save = SaveAnswerRequest {
            application_id: draft.application_id.clone(),
            idempotency_key: key(),
            answer: Some(answer),
        };
        let saved = applications
            .save_answer(with_token(Request::new(save), &token()))
            .await?;
        missing = saved.into_inner().application.context("the draft")?.missing;
    }
    ensure!(missing.is_empty(), "the draft is not whole: {missing:?}");
    Ok(Draft {
        application: draft.application_id.parse()?,
        member,
        account,
        person,
    })
}

/// A paper that documents took in.
fn paper(installation: &Installation, owner: Uuid) -> PaperAnswer {
    let now = Clock::system().now();
    let receipt = Receipt {
        document_id: DocumentId::from_uuid(id()),
        owner: MemberId::from_uuid(owner),
        sha256: "0f".repeat(32),
        document_class: "health_paper".to_owned(),
        file_name: "specimen.pdf".to_owned(),
        size_bytes: 2_400_000,
        media_type: "application/pdf".to_owned(),
        scan_state: "clean".to_owned(),
        uploaded_at: now,
    };
    PaperAnswer {
        paper_code: "medical_file".to_owned(),
        receipt: auth::receipt::sign(&installation.keys.signing_key("documents"), &receipt, now),
    }
}

async fn insert_member(
    database: &mut PgConnection,
    member: Uuid,
    person: Uuid,
    bank_account: Uuid,
) -> Result<()> {
    sqlx::query(
        "INSERT INTO member_facts (member_id, version, person_id, birth_date, sex, province_iso, external_services, bank_account_id, recorded_at)
         VALUES ($1, 1, $2, '1980-05-17', 'f', 'MA-RAB', false, $3, now())",
    )
    .bind(member)
    .bind(person)
    .bind(bank_account)
    .execute(&mut *database)
    .await?;
    sqlx::query(
        "INSERT INTO member_positions (member_id, position, valid_from) VALUES ($1, 'active', '2005-09-01')",
    )
    .bind(member)
    .execute(&mut *database)
    .await?;
    sqlx::query(
        "INSERT INTO member_workplaces (member_id, province_iso, external_services) VALUES ($1, 'MA-RAB', false)",
    )
    .bind(member)
    .execute(&mut *database)
    .await?;
    sqlx::query(
        "INSERT INTO member_relatives (member_id, person_id, relation, birth_date, sex)
         VALUES ($1, $2, 'spouse', '1984-02-29', 'm'), ($1, $3, 'child', '2015-11-20', 'f')",
    )
    .bind(member)
    .bind(id())
    .bind(id())
    .execute(database)
    .await?;
    Ok(())
}
