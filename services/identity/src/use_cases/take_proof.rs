//! Takes a robot proof: the challenge is gone from Redis whatever the answer. One refusal for unsolved, unknown, expired, used and foreign ones.

use altcha::{Solution, VerifySolutionOptions, verify_solution};
use subtle::ConstantTimeEq as _;
use uuid::Uuid;

use super::count_address::count_address;
use super::issue_challenge::{IssuedChallenge, Test};
use crate::context::Context;
use crate::domain::number_words;
use crate::domain::robot_proof::{Binding, Form};
use crate::error::Error;

/// A solution is a counter and a key of 64 digits.
const LONGEST_SOLUTION: usize = 512;

/// The answer as the form sent it.
#[derive(Debug, Clone)]
pub(crate) struct TypedProof {
    pub(crate) challenge_id: String,
    pub(crate) solution: String,
}

pub(crate) async fn take_proof(
    context: &Context,
    form: Form,
    proof: &TypedProof,
    client_address: &str,
) -> Result<(), Error> {
    let id = Uuid::try_parse(&proof.challenge_id).map_err(|_| Error::RobotProofRefused)?;
    let record = context
        .redis
        .take_challenge(id)
        .await?
        .ok_or(Error::RobotProofRefused)?;
    let issued: IssuedChallenge = serde_json::from_str(&record).map_err(|_| Error::RobotProofRefused)?;
    if !issued
        .binding
        .serves(form, &context.settings.installation.code, context.now())
        || proof.solution.len() > LONGEST_SOLUTION
    {
        return Err(Error::RobotProofRefused);
    }
    let solved = match &issued.test {
        Test::Puzzle(challenge) => is_solved(context, challenge, &issued.binding, &proof.solution)?,
        Test::Question(mac) => {
            let limit = context.settings.proof.questions_per_address;
            count_address(context, "question", client_address, limit).await?;
            is_answered(context, id, mac, &issued.binding, &proof.solution)
        }
    };
    if solved {
        Ok(())
    } else {
        Err(Error::RobotProofRefused)
    }
}

/// The signed puzzle says itself to which form and installation it belongs; what stands beside it in Redis is not enough.
fn is_solved(
    context: &Context,
    challenge: &altcha::Challenge,
    binding: &Binding,
    solution: &str,
) -> Result<bool, Error> {
    let Ok(solution) = serde_json::from_str::<Solution>(solution) else {
        return Ok(false);
    };
    let says = |key: &str, value: &str| {
        challenge
            .parameters
            .data
            .as_ref()
            .and_then(|data| data.get(key))
            .and_then(|found| found.as_str())
            == Some(value)
    };
    if !says("form", binding.form.as_str()) || !says("installation", &binding.installation) {
        return Ok(false);
    }
    let options = VerifySolutionOptions {
        hmac_key_signature_secret: Some(context.secrets.solution_secret()),
        ..VerifySolutionOptions::new(challenge, &solution, context.secrets.puzzle_secret())
    };
    Ok(verify_solution(options)?.verified)
}

fn is_answered(context: &Context, id: Uuid, mac: &str, binding: &Binding, typed: &str) -> bool {
    let Some(answer) = number_words::read(typed) else {
        return false;
    };
    let expected = context
        .secrets
        .answer_mac(id, binding.form.as_str(), &binding.installation, answer);
    expected.as_bytes().ct_eq(mac.as_bytes()).into()
}
