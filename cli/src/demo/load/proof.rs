//! Solves the "I am not a robot" puzzle as a browser does, with the library that made it.

use altcha::{Challenge, SolveChallengeOptions, solve_challenge};
use anyhow::{Context as _, Result};
use auth::client::ServiceInterceptor;
use identity_proto::v1::account_service_client::AccountServiceClient;
use identity_proto::v1::{Form, IssueChallengeRequest, RobotProof};
use serde_json::json;
use tonic::service::interceptor::InterceptedService;
use tonic::transport::Channel;

/// A solved challenge of one form.
pub(crate) async fn robot_proof(
    accounts: &AccountServiceClient<InterceptedService<Channel, ServiceInterceptor>>,
    form: Form,
) -> Result<RobotProof> {
    let request = IssueChallengeRequest {
        form: form.into(),
        text_question: false,
        locale: "fr".to_owned(),
        client_address: String::new(),
    };
    let issued = accounts.clone().issue_challenge(request).await?.into_inner();
    let challenge: Challenge = serde_json::from_str(&issued.puzzle).context("the puzzle")?;
    let solution =
        tokio::task::spawn_blocking(move || solve_challenge(SolveChallengeOptions::new(&challenge)))
            .await?
            .context("solving the puzzle")?
            .context("the puzzle has a solution")?;
    let solution = json!({ "counter": solution.counter, "derivedKey": solution.derived_key }).to_string();
    Ok(RobotProof {
        challenge_id: issued.challenge_id,
        solution,
    })
}
