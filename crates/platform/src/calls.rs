//! How long the calls to other services take, as whoever calls sees it: connecting, waiting for a connection, the way there and back. What the
//! called service measures of the same call lacks all of these. Retries and deadlines are whoever calls; nothing of them is here.

use std::task::{Context, Poll};
use std::time::Instant;

use futures::future::BoxFuture;
use tonic::body::Body;
use tonic::transport;
use tonic::{Code, Status, TimeoutExpired};
use tower::Service;

use crate::metrics;

/// A channel to another service whose calls are measured.
#[derive(Clone, Debug)]
pub struct Channel(transport::Channel);

impl Channel {
    pub(crate) fn over(channel: transport::Channel) -> Self {
        Self(channel)
    }
}

impl Service<http::Request<Body>> for Channel {
    type Response = http::Response<Body>;
    type Error = transport::Error;
    type Future = BoxFuture<'static, Result<Self::Response, Self::Error>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        self.0.poll_ready(context)
    }

    fn call(&mut self, request: http::Request<Body>) -> Self::Future {
        // Our own clients ask for our own RPCs: no stranger makes labels here.
        let measured = Measured {
            method: request.uri().path().trim_start_matches('/').to_owned(),
            began: Instant::now(),
            code: Code::Cancelled,
        };
        let answer = self.0.call(request);
        Box::pin(async move {
            // Whole and not one field of it: it must live here, and end with the waiting.
            let mut measured = measured;
            let answer = answer.await;
            measured.code = match &answer {
                Ok(answer) => {
                    Status::from_header_map(answer.headers()).map_or(Code::Ok, |status| status.code())
                }
                Err(error) => code_of(error),
            };
            answer
        })
    }
}

/// Counts when it ends, also when nobody waits for the answer any more.
struct Measured {
    method: String,
    began: Instant,
    code: Code,
}

impl Drop for Measured {
    fn drop(&mut self) {
        metrics::asked(&self.method, self.code, self.began.elapsed());
    }
}

/// What a call that brought no answer is given as by the client.
fn code_of(error: &transport::Error) -> Code {
    let mut cause: Option<&(dyn std::error::Error + 'static)> = Some(error);
    while let Some(error) = cause {
        if error.is::<TimeoutExpired>() {
            return Code::DeadlineExceeded;
        }
        cause = error.source();
    }
    Code::Unavailable
}
