//! Solves the "I am not a robot" puzzle as a browser does, with the library that made it.

use altcha::{Challenge, SolveChallengeOptions, solve_challenge};
use anyhow::{Context as _, Result};
use identity_proto::v1::{Form, IssueChallengeRequest, RobotProof};
use serde_json::json;

use super::backends::Backends;

pub(super) async fn robot_proof(backends: &Backends, form: Form) -> Result<RobotProof> {
    let request = IssueChallengeRequest {
        form: form.into(),
        text_question: false,
        locale: "fr".to_owned(),
        client_address: String::new(),
    };
    let issued = backends
        .accounts
        .clone()
        .issue_challenge(request)
        .await?
        .into_inner();
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
