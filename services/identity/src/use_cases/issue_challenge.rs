//! Issues a challenge for one form: a puzzle, or a question for readers without JavaScript. It stands in Redis until it is taken.

use std::collections::BTreeMap;

use altcha::{CreateChallengeOptions, create_challenge};
use chrono::{DateTime, Utc};
use kernel::Locale;
use platform::ids::{random, uuid_v7};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::count_address::count_address;
use crate::context::Context;
use crate::domain::question::Question;
use crate::domain::robot_proof::{Binding, Form};
use crate::error::Error;

/// What Redis keeps of an issued challenge.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct IssuedChallenge {
    pub(crate) binding: Binding,
    pub(crate) test: Test,
}

/// How the answer is checked.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Test {
    Puzzle(Box<altcha::Challenge>),
    /// A keyed hash of the answer.
    Question(String),
}

/// What the page gets.
#[derive(Debug)]
pub(crate) struct Challenge {
    pub(crate) id: Uuid,
    pub(crate) puzzle: String,
    pub(crate) question: String,
    pub(crate) expires_at: DateTime<Utc>,
}

pub(crate) async fn issue_challenge(
    context: &Context,
    form: Form,
    text_question: bool,
    locale: Locale,
    client_address: &str,
) -> Result<Challenge, Error> {
    // First, so that one who asks without end costs a count and no puzzle.
    let limit = context.settings.proof.challenges_per_address;
    count_address(context, "challenge", client_address, limit).await?;
    let now = context.now();
    let life = chrono::Duration::minutes(i64::from(context.settings.proof.minutes));
    let id = uuid_v7(now);
    let installation = context.settings.installation.code.clone();
    let binding = Binding {
        form,
        installation,
        expires_at: now + life,
    };
    let expires_at = binding.expires_at;
    let (test, puzzle, question) = if text_question {
        let question = Question::draw(random());
        let mac = context
            .secrets
            .answer_mac(id, form.as_str(), &binding.installation, question.answer());
        (Test::Question(mac), String::new(), question.text(locale))
    } else {
        let challenge = make_puzzle(context, &binding)?;
        let json = serde_json::to_string(&challenge).map_err(|_| Error::Unreadable("a puzzle"))?;
        (Test::Puzzle(Box::new(challenge)), json, String::new())
    };
    let record = serde_json::to_string(&IssuedChallenge { binding, test })
        .map_err(|_| Error::Unreadable("a challenge"))?;
    context
        .redis
        .put_challenge(id, &record, life.to_std().unwrap_or_default())
        .await?;
    Ok(Challenge {
        id,
        puzzle,
        question,
        expires_at,
    })
}

/// The bounded form of the proof of work: the counter is drawn here, so that the work has an upper bound and checking costs one HMAC.
fn make_puzzle(context: &Context, binding: &Binding) -> Result<altcha::Challenge, Error> {
    let proof = &context.settings.proof;
    let range = proof.most_counter - proof.least_counter + 1;
    let counter = proof.least_counter + u32::from_be_bytes(random()) % range;
    let data = BTreeMap::from([
        ("form".to_owned(), binding.form.as_str().into()),
        ("installation".to_owned(), binding.installation.clone().into()),
    ]);
    Ok(create_challenge(CreateChallengeOptions {
        algorithm: "PBKDF2/SHA-256".to_owned(),
        cost: proof.cost,
        counter: Some(counter),
        data: Some(data),
        expires_at: Some(binding.expires_at.timestamp()),
        hmac_signature_secret: Some(context.secrets.puzzle_secret()),
        hmac_key_signature_secret: Some(context.secrets.solution_secret()),
        ..CreateChallengeOptions::default()
    })?)
}
