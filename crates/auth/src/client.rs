//! Calling other services: a service signs a token for itself per call; the edge forwards the member's. Every call has a deadline and carries
//! the trace.

use platform::clock::Clock;
use platform::grpc::CALL_DEADLINE;
use platform::telemetry;
use tonic::metadata::MetadataValue;
use tonic::service::Interceptor;
use tonic::{Request, Status};

use crate::token::{self, Claims, SigningKey};

/// Signs this service's own tokens.
#[derive(Clone, Debug)]
pub struct ServiceTokens {
    key: SigningKey,
    clock: Clock,
}

impl ServiceTokens {
    /// With the service's own key.
    #[must_use]
    pub fn new(key: SigningKey, clock: Clock) -> Self {
        Self { key, clock }
    }

    /// For a client of the service `audience`.
    #[must_use]
    pub fn interceptor(&self, audience: &'static str) -> ServiceInterceptor {
        ServiceInterceptor {
            tokens: self.clone(),
            audience,
        }
    }

    /// A token for one call.
    #[must_use]
    pub fn token(&self, audience: &str) -> String {
        token::sign(
            &self.key,
            &Claims::service(&self.key.issuer, audience, self.clock.now()),
        )
    }
}

/// Adds token, deadline and trace to each call.
#[derive(Clone, Debug)]
pub struct ServiceInterceptor {
    tokens: ServiceTokens,
    audience: &'static str,
}

impl Interceptor for ServiceInterceptor {
    fn call(&mut self, request: Request<()>) -> Result<Request<()>, Status> {
        let token = self.tokens.token(self.audience);
        Ok(with_token(request, &token))
    }
}

/// Adds a token, the default deadline (unless one is set) and the trace to a call.
#[must_use]
pub fn with_token<T>(mut request: Request<T>, token: &str) -> Request<T> {
    if let Ok(value) = MetadataValue::try_from(format!("Bearer {token}")) {
        request.metadata_mut().insert("authorization", value);
    }
    if let Some(value) = telemetry::traceparent().and_then(|text| MetadataValue::try_from(text).ok()) {
        request.metadata_mut().insert("traceparent", value);
    }
    if request.metadata().get("grpc-timeout").is_none() {
        request.set_timeout(CALL_DEADLINE);
    }
    request
}
