//! `tadamon demo card-code`: a fresh code of a demonstration member's card, as the card page would show it. It signs in as the member with the
//! demonstration's password; outside a demonstration nobody has that.

use std::time::Duration;

use anyhow::{Context as _, Result};
use auth::client::{ServiceTokens, with_token};
use auth::token::SigningKey;
use identity_proto::v1::account_service_client::AccountServiceClient;
use identity_proto::v1::session_service_client::SessionServiceClient;
use identity_proto::v1::{ExchangeSessionRequest, Form, SignInRequest};
use partnerships_proto::v1::card_service_client::CardServiceClient;
use partnerships_proto::v1::{CardCategory, IssueCardCodesRequest, PersonCard};
use platform::clock::Clock;
use platform::grpc::channel;
use platform::keys::KeyDirectory;
use platform::status::reason;
use serde_json::json;
use tonic::Request;

use super::cast;
use super::load::{PASSWORD, robot_proof};
use crate::exit::Failure;
use crate::identity;
use crate::partners::PartnershipsArgs;

/// How often facts that are on their way are asked for again, and how long between.
const ATTEMPTS: usize = 20;
const PAUSE: Duration = Duration::from_millis(500);

#[derive(clap::Args, Debug)]
pub(crate) struct CardCodeArgs {
    /// Payroll number of the member; the first of `tadamon demo accounts` unless said.
    #[arg(long)]
    matricule: Option<String>,
    /// Whose card of the household.
    #[arg(long, default_value = "member", value_parser = ["member", "spouse", "child"])]
    of: String,
    /// The whole body of a partner's check in place of the bare code.
    #[arg(long)]
    request: bool,
    /// Where identity answers; as the local installation has it unless said.
    #[arg(long, env = "TADAMON_IDENTITY_URL")]
    identity: Option<String>,
    #[command(flatten)]
    partnerships: PartnershipsArgs,
}

pub(crate) async fn run(args: CardCodeArgs) -> Result<(), Failure> {
    let cards = cards(&args).await?;
    let wanted = match args.of.as_str() {
        "spouse" => CardCategory::Spouse,
        "child" => CardCategory::Child,
        _ => CardCategory::Member,
    };
    let card = cards
        .iter()
        .filter(|card| card.category() == wanted)
        .max_by_key(|card| !card.code.is_empty())
        .ok_or_else(|| Failure::refused(format!("the household has no {}", args.of)))?;
    if card.code.is_empty() {
        return Err(Failure::refused(format!("no code: {}", card.reason)));
    }
    if args.request {
        let body = json!({ "code": card.code, "offer_code": "coach-fare", "counter_code": "rabat-kamra" });
        println!("{body}");
    } else {
        println!("{}", card.code);
    }
    Ok(())
}

async fn cards(args: &CardCodeArgs) -> Result<Vec<PersonCard>> {
    let keys = KeyDirectory::open(args.partnerships.client.keys());
    let key = SigningKey::open(&keys, "portal").context("the portal's key")?;
    let own = ServiceTokens::new(key, Clock::system()).interceptor("identity");
    let local = &args.partnerships.client.local;
    let at = args.identity.clone().unwrap_or_else(|| local.url(identity::PORT));
    let identity = channel(&at)?;
    let accounts = AccountServiceClient::with_interceptor(identity.clone(), own.clone());
    let mut sessions = SessionServiceClient::with_interceptor(identity, own);
    let matricule = match &args.matricule {
        Some(matricule) => matricule.clone(),
        None => {
            cast::accounts()
                .into_iter()
                .next()
                .context("the demonstration has an account")?
                .matricule
        }
    };
    let sign_in = SignInRequest {
        matricule,
        password: PASSWORD.to_owned(),
        proof: Some(robot_proof(&accounts, Form::SignIn).await?),
        device_token: String::new(),
        locale: "fr".to_owned(),
        client_address: String::new(),
        device_label: "tadamon demo card-code".to_owned(),
    };
    let session_token = sessions
        .sign_in(sign_in)
        .await
        .context("the member does not sign in; `tadamon demo load` opens the accounts")?
        .into_inner()
        .session_token;
    let exchange = ExchangeSessionRequest {
        session_token,
        audience: "partnerships".to_owned(),
    };
    let token = sessions
        .exchange_session(exchange)
        .await?
        .into_inner()
        .access_token;
    let mut cards = CardServiceClient::new(channel(&args.partnerships.url())?);
    for _ in 1..ATTEMPTS {
        match cards.issue_card_codes(asked(&token)).await {
            Err(status) if reason(&status).as_deref() == Some("FACTS_UNKNOWN") => {
                tokio::time::sleep(PAUSE).await;
            }
            answer => return Ok(answer.context("no codes")?.into_inner().cards),
        }
    }
    let answer = cards.issue_card_codes(asked(&token)).await.context("no codes")?;
    Ok(answer.into_inner().cards)
}

fn asked(token: &str) -> Request<IssueCardCodesRequest> {
    with_token(Request::new(IssueCardCodesRequest {}), token)
}
