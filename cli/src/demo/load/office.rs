//! The agents who examine and decide, signed in with their second factors like everybody who works there.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use chrono::TimeDelta;
use identity_proto::v1::verify_second_factor_request::Proof;
use identity_proto::v1::{Form, SignInRequest, VerifySecondFactorRequest};
use platform::clock::Clock;
use platform::status::reason;

use super::account::PASSWORD;
use super::backends::Backends;
use super::plan::Agent;
use super::proof::robot_proof;
use super::session::Session;
use crate::demo::agents::cast::agents;
use crate::demo::agents::kept::KeptAgents;
use crate::demo::code::code_at;

/// A code opens once: the enrolment, moments ago, took the present one.
const AHEAD: TimeDelta = TimeDelta::seconds(30);
const ATTEMPTS: usize = 4;
const PAUSE: Duration = Duration::from_secs(15);

pub(super) struct Office(BTreeMap<Agent, Session>);

impl Office {
    /// Signs in whoever takes part in the files.
    pub(super) async fn open(backends: &Backends, directory: &Path) -> Result<Self> {
        let kept = KeptAgents::read(directory)
            .map_err(|_| anyhow::anyhow!("the file of the demonstration's agents cannot be read"))?;
        let mut sessions = BTreeMap::new();
        for agent in Agent::ALL {
            let secret = kept
                .secret(agent.name())
                .with_context(|| format!("{} is not enrolled: run `tadamon demo agents`", agent.name()))?;
            let session = sign_in(backends, agent, secret)
                .await
                .with_context(|| format!("the agent {}", agent.name()))?;
            sessions.insert(agent, session);
        }
        Ok(Self(sessions))
    }

    pub(super) fn session(&self, agent: Agent) -> Result<&Session> {
        self.0.get(&agent).context("every agent of the plan is signed in")
    }
}

async fn sign_in(backends: &Backends, agent: Agent, secret: &str) -> Result<Session> {
    let person = agents()
        .into_iter()
        .find(|known| known.name == agent.name())
        .context("the cast has the agent")?;
    let request = SignInRequest {
        matricule: person.login.to_owned(),
        password: PASSWORD.to_owned(),
        proof: Some(robot_proof(&backends.accounts, Form::SignIn).await?),
        device_token: String::new(),
        locale: person.locale.to_owned(),
        client_address: String::new(),
        device_label: "tadamon demo load".to_owned(),
    };
    let token = backends
        .sessions
        .clone()
        .sign_in(request)
        .await?
        .into_inner()
        .session_token;
    for _ in 0..ATTEMPTS {
        let (code, _) = code_at(secret, Clock::system().now() + AHEAD)?;
        let verify = VerifySecondFactorRequest {
            session_token: token.clone(),
            proof: Some(Proof::Code(code)),
        };
        match backends.second_factors.clone().verify_second_factor(verify).await {
            Ok(answer) => return Ok(Session::new(answer.into_inner().session_token)),
            Err(status) if reason(&status).as_deref() == Some("SECOND_FACTOR_REFUSED") => {
                tokio::time::sleep(PAUSE).await;
            }
            Err(status) => return Err(status.into()),
        }
    }
    bail!("no code was taken")
}
