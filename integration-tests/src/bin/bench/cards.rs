//! S5: a partner checks a card over REST, the token checked and the answer taken from partnerships' own projection, beside an axum echo of JSON under
//! the same load.

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
use tokio::sync::Mutex;
use toml::Value;
use tonic::Request;
use tonic::transport::Channel;
use uuid::Uuid;

use crate::benefits::id;
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
        let checks = load(&address, PATH, &token, &bodies, plan.checks, "\"valid\"").await?;
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
    service.stop().await?;
    Ok(vec![Figure {
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
    }])
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
    let mut connections = Vec::new();
    for body in bodies {
        connections.push(Mutex::new(Connection::open(address, path, token, body).await?));
    }
    let connections = std::sync::Arc::new(connections);
    closed_loop(bodies.len(), each, move |caller, _| {
        let connections = std::sync::Arc::clone(&connections);
        async move {
            let mut connection = connections[caller].lock().await;
            let answer = connection.call().await?;
            ensure!(
                answer
                    .windows(expected.len())
                    .any(|window| window == expected.as_bytes()),
                "the answer was {}",
                String::from_utf8_lossy(answer)
            );
            Ok(())
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
    let checks: i64 = sqlx::query_scalar("SELECT count(*) FROM verifications WHERE refusal IS NULL")
        .fetch_one(database)
        .await?;
    let answered = plan.tills * plan.checks * (plan.rounds + WARM_UP);
    ensure!(
        usize::try_from(checks)? == answered,
        "{checks} checks are written down, {answered} were answered"
    );
    Ok(())
}
