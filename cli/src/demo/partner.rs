//! `tadamon demo partner`: the coach company of the demonstration with its agreement and one sandbox client, made by the calls that an operator would
//! cause. The client's secret stands in a file of the demonstration's folder, from which docs/partners.md takes it.

mod kept;

use std::path::PathBuf;

use anyhow::Context as _;
use chrono::{DateTime, Utc};
use identity_proto::v1::client_service_client::ClientServiceClient;
use identity_proto::v1::{CreateClientRequest, ListClientsRequest, RotateClientSecretRequest};
use partnerships_proto::v1::{
    CreatePartnerRequest, LinkClientRequest, ListPartnersRequest, PutAgreementRequest,
};
use platform::ids::uuid_v7;
use platform::status::reason;

use self::kept::KeptClient;
use super::agents::DEMONSTRATION_SCOPE;
use crate::client;
use crate::exit::Failure;
use crate::identity::{Identity, IdentityArgs, refused};
use crate::partners::{AgreementFile, Partnerships, PartnershipsArgs};

/// The demonstration's agreement, as `tadamon partners put-agreement` reads it.
pub(crate) const COACH_AGREEMENT: &str = include_str!("partner/ctm.toml");

const PARTNER: (&str, &str, &str) = ("ctm", "شركة النقل ستيام", "CTM");
const CLIENT: &str = "ctm-sandbox";
/// From the base of a local installation (deploy/local/ports.toml).
const GATEWAY_PORT: u16 = 2;
const CLIENTS_SCOPE: &str = "identity.clients";

#[derive(clap::Args, Debug)]
pub(crate) struct PartnerArgs {
    /// Folder of the demonstration, where the client's secret is kept.
    #[arg(long, env = "TADAMON_DEMONSTRATION", default_value = ".local/demonstration")]
    directory: PathBuf,
    /// Where the partners' gateway answers; as the local installation has it unless said.
    #[arg(long, env = "TADAMON_PARTNER_GATEWAY")]
    gateway: Option<String>,
    /// Where partnerships answers; as the local installation has it unless said.
    #[arg(long, env = "TADAMON_PARTNERSHIPS_URL")]
    partnerships: Option<String>,
    #[command(flatten)]
    identity: IdentityArgs,
}

/// Makes what is not there yet. A run that was interrupted is gone on with.
pub(crate) async fn run(args: PartnerArgs, now: DateTime<Utc>) -> Result<(), Failure> {
    client::token(&args.identity.client, "identity", DEMONSTRATION_SCOPE, now).await?;
    let place = PartnershipsArgs {
        partnerships: args.partnerships.clone(),
        client: args.identity.client.clone(),
    };
    let partnerships = Partnerships::open(&place, now).await?;
    make_partner(&partnerships, now).await?;
    let known = KeptClient::read(&args.directory)?;
    let (client_id, client_secret) = match known {
        Some(known) => (known.client_id, known.client_secret),
        None => make_client(&args, now).await?,
    };
    let link = LinkClientRequest {
        partner_code: PARTNER.0.to_owned(),
        client_id: client_id.clone(),
        idempotency_key: key(now),
    };
    partnerships
        .service()
        .link_client(partnerships.request(link))
        .await
        .context("the sandbox client")?;
    let kept = KeptClient {
        client_id,
        client_secret,
        token_url: args.identity.client.token_url(),
        gateway: args.gateway.unwrap_or_else(|| {
            let port = args.identity.client.local.port(GATEWAY_PORT);
            format!("http://localhost:{port}")
        }),
        identity: args.identity.url(),
        partnerships: place.url(),
        keys: args.identity.client.keys().to_owned(),
    };
    kept.write(&args.directory)?;
    println!("demonstration: the sandbox client of {} is ready", PARTNER.2);
    Ok(())
}

fn key(now: DateTime<Utc>) -> String {
    uuid_v7(now).to_string()
}

async fn make_partner(partnerships: &Partnerships, now: DateTime<Utc>) -> Result<(), Failure> {
    let mut service = partnerships.service();
    let create = CreatePartnerRequest {
        code: PARTNER.0.to_owned(),
        name_ar: PARTNER.1.to_owned(),
        name_fr: PARTNER.2.to_owned(),
        idempotency_key: key(now),
    };
    match service.create_partner(partnerships.request(create)).await {
        Ok(_) => {}
        Err(status) if reason(&status).as_deref() == Some("PARTNER_EXISTS") => {}
        Err(status) => return Err(anyhow::Error::from(status).context("the partner").into()),
    }
    let listed = service
        .list_partners(partnerships.request(ListPartnersRequest {}))
        .await
        .context("the partners")?
        .into_inner();
    let has_agreement = listed
        .partners
        .iter()
        .any(|partner| partner.code == PARTNER.0 && !partner.agreements.is_empty());
    if has_agreement {
        return Ok(());
    }
    let file = AgreementFile::parse(COACH_AGREEMENT)
        .map_err(|problem| anyhow::anyhow!("the demonstration's agreement: {problem}"))?;
    let put = PutAgreementRequest {
        partner_code: PARTNER.0.to_owned(),
        reference: file.reference.clone(),
        terms: Some(file.terms()),
        idempotency_key: key(now),
    };
    service
        .put_agreement(partnerships.request(put))
        .await
        .context("the agreement")?;
    Ok(())
}

/// Id and secret of the client; another secret for one whose secret an interrupted run lost.
async fn make_client(args: &PartnerArgs, now: DateTime<Utc>) -> Result<(String, String), Failure> {
    let identity = Identity::open(&args.identity, CLIENTS_SCOPE, now).await?;
    let mut clients = ClientServiceClient::new(identity.channel.clone());
    let create = CreateClientRequest {
        kind: "partner".to_owned(),
        name: CLIENT.to_owned(),
        scopes: vec!["cards.verify".to_owned(), "cards.redeem".to_owned()],
        audience: "partnerships".to_owned(),
    };
    let taken = match clients.create_client(identity.request(create)).await {
        Ok(made) => {
            let made = made.into_inner();
            return Ok((made.client_id, made.client_secret));
        }
        Err(status) if reason(&status).as_deref() == Some("CLIENT_NAME_TAKEN") => status,
        Err(status) => return Err(refused("the sandbox client", &status)),
    };
    let list = ListClientsRequest {
        page_size: 200,
        page_token: String::new(),
    };
    let listed = clients
        .list_clients(identity.request(list))
        .await
        .map_err(|status| refused("the list of clients", &status))?
        .into_inner();
    let client = listed
        .clients
        .into_iter()
        .find(|client| client.name == CLIENT && client.disabled_at.is_none())
        .ok_or_else(|| refused("the sandbox client", &taken))?;
    let rotate = RotateClientSecretRequest {
        client_id: client.client_id.clone(),
        overlap_seconds: Some(0),
    };
    let rotated = clients
        .rotate_client_secret(identity.request(rotate))
        .await
        .map_err(|status| refused("another secret", &status))?;
    Ok((client.client_id, rotated.into_inner().client_secret))
}
