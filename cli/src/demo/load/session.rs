//! Somebody who is signed in, with the tokens of a minute that the session was exchanged for: one for each service, used while it is fresh.

use std::collections::BTreeMap;

use auth::client::with_token;
use chrono::{DateTime, TimeDelta, Utc};
use identity_proto::v1::ExchangeSessionRequest;
use platform::clock::Clock;
use tokio::sync::Mutex;
use tonic::{Request, Status};

use super::backends::Backends;

/// Tokens live for 60 seconds; a call begins with one that has time left.
const FRESH: TimeDelta = TimeDelta::seconds(35);

pub(super) struct Session {
    token: String,
    exchanged: Mutex<BTreeMap<&'static str, (String, DateTime<Utc>)>>,
}

impl Session {
    pub(super) fn new(token: String) -> Self {
        Self {
            token,
            exchanged: Mutex::default(),
        }
    }

    /// A call to that service in this person's name.
    pub(super) async fn call<T>(
        &self,
        backends: &Backends,
        audience: &'static str,
        message: T,
    ) -> Result<Request<T>, Status> {
        let now = Clock::system().now();
        let mut exchanged = self.exchanged.lock().await;
        let fresh = exchanged
            .get(audience)
            .filter(|(_, until)| now < *until)
            .map(|(token, _)| token.clone());
        let token = match fresh {
            Some(token) => token,
            None => {
                let exchange = ExchangeSessionRequest {
                    session_token: self.token.clone(),
                    audience: audience.to_owned(),
                };
                let answer = backends.sessions.clone().exchange_session(exchange).await?;
                let token = answer.into_inner().access_token;
                exchanged.insert(audience, (token.clone(), now + FRESH));
                token
            }
        };
        Ok(with_token(Request::new(message), &token))
    }
}
