//! S5: a partner checks a card over REST, the token checked and the answer taken from partnerships' own projection, beside an axum echo of JSON under
//! the same load.

use std::sync::Arc;

use anyhow::{Context as _, Result, ensure};
use auth::client::with_token;
use integration_tests::services::free_port;
use partnerships_proto::v1::administration_service_client::AdministrationServiceClient;
use partnerships_proto::v1::card_service_client::CardServiceClient;
use partnerships_proto::v1::{
    AgreementTerms, Counter, CreatePartnerRequest, IssueCardCodesRequest, LinkClientRequest, Offer,
    PutAgreementRequest,
};
use serde_json::json;
use sqlx::PgConnection;
use testkit::stack::Server;
use tokio::sync::Mutex;
use toml::Value;
use tonic::Request;
use tonic::transport::Channel;
use uuid::Uuid;

use crate::benefits::id;
use crate::faults::{self, Answered, Fault, Patience};
use crate::http::Connection;
use crate::installation::Installation;
use crate::measure::{Latencies, closed_loop};
use crate::peers::Echo;
use crate::plan::Plan;
use crate::report::{Better, Figure, Target};

const NAME: &str = "partnerships";
const PATH: &str = "/partner/v1/verifications";
const CLIENT: &str = "bench-client";
const OFFER: &str = "coach-fare";
const COUNTER: &str = "rabat-kamra";
const WARM_UP: usize = 1;
/// In the answer for a good card.
const VALID: &str = "\"valid\"";

/// What breaks while cards are checked.
const FAULTS: [Fault; 3] = [
    Fault::Service,
    Fault::Server(Server::Postgres),
    Fault::Server(Server::Redis),
];

pub(crate) async fn measure(installation: &Installation, plan: &Plan) -> Result<Vec<Figure>> {
    let address = format!("127.0.0.1:{}", free_port());
    let changes = [
        ("gateway.listen", Value::String(address.clone())),
        (
            "redis.url",
            Value::String(installation.addresses().redis_url.clone()),
        ),
        ("redis.prefix", Value::String(installation.prefix.clone())),
        // Counted as always; only never reached.
        ("quota.verifications_per_minute", Value::Integer(1_000_000_000)),
    ];
    let mut service = installation.service(NAME, &changes).await?;
    let channel = platform::grpc::channel(&service.url())?;
    agreement(installation, channel.clone()).await?;
    let mut bodies = Vec::new();
    let mut database = installation.postgres(NAME).await?;
    for _ in 0..plan.tills {
        let code = card(installation, channel.clone(), &mut database).await?;
        bodies.push(json!({ "code": code, "offer_code": OFFER, "counter_code": COUNTER }).to_string());
    }

    let echo = Echo::start().await?;
    let (mut ours, mut limit, mut last) = (Vec::new(), Vec::new(), Vec::new());
    for round in 0..plan.rounds + WARM_UP {
        let token = installation.keys.partner_token(CLIENT, &["cards.verify"]);
        installation.settle().await?;
        let checks = load(&address, PATH, &token, &bodies, plan.checks, VALID).await?;
        installation.settle().await?;
        // Many more of them, so that a round lasts as long.
        let echoes = load(
            &echo.address,
            Echo::PATH,
            &token,
            &bodies,
            plan.checks * 5,
            "offer_code",
        )
        .await?;
        if round >= WARM_UP {
            ours.push(checks.0);
            limit.push(echoes.0);
            last = vec![("check", checks.1), ("echo", echoes.1)];
        }
    }
    echo.stop().await?;
    written(&mut database, plan).await?;
    let undisturbed = Figure {
        id: "S5",
        what: format!("card checks over REST, {} connections", plan.tills),
        unit: "/s",
        better: Better::More,
        ours,
        limit,
        limit_is: "axum echo of the same JSON".to_owned(),
        first: Target::Ratio(0.3),
        goal: Target::Ratio(0.6),
        times: last,
        notes: vec![
            "each check is counted in Redis, answered from the projection and committed to Postgres before it is answered; the echo does none of it".to_owned(),
        ],
    };
    let mut figures = vec![undisturbed];
    if let Some(faults) = plan.faults(&FAULTS) {
        let token = installation.keys.partner_token(CLIENT, &["cards.verify"]);
        let tills = tills(&address, PATH, &token, &bodies).await?;
        let befalling = faults::befall(installation, plan, faults, Some(&mut service));
        let before = good(&mut database).await?;
        let answered = under_faults(plan, tills, befalling).await?;
        // The connection of before died with the server.
        let written = good(&mut installation.postgres(NAME).await?).await? - before;
        ensure!(
            written >= answered.count,
            "{} were answered, {written} are written down",
            answered.count
        );
        let note = format!("{} answered, all of them written down", answered.count);
        let what = faults::each_minute(faults);
        figures.push(faults::figure(
            &figures[0],
            what,
            answered.rates,
            answered.times,
            note,
        ));
    }
    service.stop().await?;
    Ok(figures)
}

/// The same body again and again on each connection; every answer must hold `expected`.
async fn load(
    address: &str,
    path: &str,
    token: &str,
    bodies: &[String],
    each: usize,
    expected: &'static str,
) -> Result<(f64, Latencies)> {
    let connections = tills(address, path, token, bodies).await?;
    closed_loop(bodies.len(), each, move |caller, _| {
        let connections = Arc::clone(&connections);
        async move {
            let mut connection = connections[caller].lock().await;
            checked(connection.call().await?, expected)
        }
    })
    .await
}

/// One connection for each body.
async fn tills(
    address: &str,
    path: &str,
    token: &str,
    bodies: &[String],
) -> Result<Arc<Vec<Mutex<Connection>>>> {
    let mut connections = Vec::new();
    for body in bodies {
        connections.push(Mutex::new(Connection::open(address, path, token, body).await?));
    }
    Ok(Arc::new(connections))
}

fn checked(answer: &[u8], expected: &str) -> Result<()> {
    ensure!(
        answer
            .windows(expected.len())
            .any(|window| window == expected.as_bytes()),
        "the answer was {}",
        String::from_utf8_lossy(answer)
    );
    Ok(())
}

/// Each till asks again on a new connection until it is told that the card is good.
async fn under_faults(
    plan: &Plan,
    tills: Arc<Vec<Mutex<Connection>>>,
    befalling: impl Future<Output = Result<()>>,
) -> Result<Answered> {
    faults::callers(plan.tills, plan, befalling, move |till| {
        let tills = Arc::clone(&tills);
        async move {
            let mut connection = tills[till].lock().await;
            let patience = Patience::new();
            loop {
                match tokio::time::timeout(faults::DEADLINE, connection.call()).await {
                    Ok(Ok(answer)) => return checked(answer, VALID),
                    Ok(Err(error)) => patience.after(error).await?,
                    Err(late) => patience.after(late.into()).await?,
                }
                // As long as nobody listens there is none.
                let _refused = connection.reopen().await;
            }
        }
    })
    .await
}

/// The partner, its agreement and its client, made by the operator's calls.
async fn agreement(installation: &Installation, channel: Channel) -> Result<()> {
    let mut operator = AdministrationServiceClient::new(channel);
    let token = || {
        installation
            .keys
            .app_token(NAME, "tadamon-cli", "partnerships.admin")
    };
    let key = || id().to_string();
    let create = CreatePartnerRequest {
        code: "ctm".to_owned(),
        name_ar: "ستيام".to_owned(),
        name_fr: "CTM".to_owned(),
        idempotency_key: key(),
    };
    operator
        .create_partner(with_token(Request::new(create), &token()))
        .await?;
    let terms = AgreementTerms {
        valid_from: "2020-12-01".to_owned(),
        valid_to: String::new(),
        categories: ["member", "spouse", "child"].map(str::to_owned).to_vec(),
        positions: Vec::new(),
        child_age_from: 4,
        child_age_to: 21,
        child_age_mode: "whole_year".to_owned(),
        offers: vec![Offer {
            code: OFFER.to_owned(),
            name_ar: "تذاكر الحافلة".to_owned(),
            name_fr: "Billets d’autocar".to_owned(),
            percent_basis_points: 3_000,
            per_day: 0,
            per_month: 0,
            per_year: 0,
        }],
        counters: vec![Counter {
            code: COUNTER.to_owned(),
            name_ar: "الرباط القامرة".to_owned(),
            name_fr: "Rabat Kamra".to_owned(),
        }],
        cndp_reference: "DEMO-0000/0000".to_owned(),
    };
    let put = PutAgreementRequest {
        partner_code: "ctm".to_owned(),
        reference: "2020/12".to_owned(),
        terms: Some(terms),
        idempotency_key: key(),
    };
    operator
        .put_agreement(with_token(Request::new(put), &token()))
        .await?;
    let link = LinkClientRequest {
        partner_code: "ctm".to_owned(),
        client_id: CLIENT.to_owned(),
        idempotency_key: key(),
    };
    operator
        .link_client(with_token(Request::new(link), &token()))
        .await?;
    Ok(())
}

/// A member with a family, as the projection of membership's events has them, and the code of the member's own card.
async fn card(installation: &Installation, channel: Channel, database: &mut PgConnection) -> Result<String> {
    let (member, account, person): (Uuid, Uuid, Uuid) = (id(), id(), id());
    sqlx::query(
        "INSERT INTO member_facts (member_id, version, person_id, birth_date) VALUES ($1, 1, $2, '1980-05-17')",
    )
    .bind(member)
    .bind(person)
    .execute(&mut *database)
    .await?;
    sqlx::query(
        "INSERT INTO member_positions (member_id, position, valid_from) VALUES ($1, 'active', '2005-09-01')",
    )
    .bind(member)
    .execute(&mut *database)
    .await?;
    sqlx::query(
        "INSERT INTO member_relatives (member_id, person_id, relation, birth_date)
         VALUES ($1, $2, 'spouse', '1984-02-29'), ($1, $3, 'child', '2015-11-20')",
    )
    .bind(member)
    .bind(id())
    .bind(id())
    .execute(database)
    .await?;
    let token = installation.member_token(NAME, member, account);
    let issued = CardServiceClient::new(channel)
        .issue_card_codes(with_token(Request::new(IssueCardCodesRequest {}), &token))
        .await?
        .into_inner();
    let person = person.to_string();
    issued
        .cards
        .into_iter()
        .find(|card| card.person_id == person)
        .map(|card| card.code)
        .context("the member has a card")
}

/// What was answered is in the database.
async fn written(database: &mut PgConnection, plan: &Plan) -> Result<()> {
    let checks = good(database).await?;
    let answered = plan.tills * plan.checks * (plan.rounds + WARM_UP);
    ensure!(
        checks == answered,
        "{checks} checks are written down, {answered} were answered"
    );
    Ok(())
}

/// Checks that found the card good.
async fn good(database: &mut PgConnection) -> Result<usize> {
    let checks: i64 = sqlx::query_scalar("SELECT count(*) FROM verifications WHERE refusal IS NULL")
        .fetch_one(database)
        .await?;
    Ok(usize::try_from(checks)?)
}
