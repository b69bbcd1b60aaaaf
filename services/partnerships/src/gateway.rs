//! The partners' gateway: REST under `/partner/v1`, described by `openapi.json`, which is served here and held to these routes by a test. Partners'
//! systems only: no cookie, no CORS, no page. What ends TLS stands before it.

mod admission;
mod body;
mod document;
mod problem;
mod quota;
mod redemptions;
mod routes;
mod server;
mod verifications;

use std::convert::Infallible;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use auth::believed::Believed;
use auth::trust::Trust;
use futures::FutureExt as _;
use http_body_util::Full;
use hyper::body::{Bytes, Incoming};
use hyper::header::{self, HeaderName, HeaderValue};
use hyper::http::request::Parts;
use hyper::{Request, StatusCode};
use platform::clock::Clock;
use tracing::{Instrument as _, Span};

pub(crate) use quota::Quota;
pub(crate) use server::serve;

use crate::error::Error;
use crate::together::Together;
use crate::use_cases::Desk;
use crate::use_cases::verify_card::{Answer, Check, verify_cards};
use problem::{Problem, kind};
use quota::{Verdict, What};
use routes::Route;

type Response = hyper::Response<Full<Bytes>>;

/// The description of the gateway, OpenAPI 3.1.
pub const OPENAPI: &str = include_str!("../openapi.json");

const DOCUMENT: &str = "/partner/v1/openapi.json";
const VERIFICATIONS: &str = "/partner/v1/verifications";
const REDEMPTIONS: &str = "/partner/v1/redemptions";
const CANCELLATIONS: &str = "/partner/v1/redemptions/{redemption_id}/cancellations";

/// Every route: method and path, as the description writes them.
pub const ROUTES: &[(&str, &str)] = &[
    ("GET", DOCUMENT),
    ("POST", VERIFICATIONS),
    ("POST", REDEMPTIONS),
    ("POST", CANCELLATIONS),
];

/// How long a request may take once its head is read.
const DEADLINE: Duration = Duration::from_secs(20);

/// Checks that are answered together at most, and how many such batches are at work at once: of the pool's connections, most are left to others.
const BATCH: usize = 256;
const BATCHES: usize = 2;

/// What the handlers work with.
pub(crate) struct Gateway {
    desk: Desk,
    tokens: Believed,
    clock: Clock,
    quota: Arc<Quota>,
    checks: Together<Asked, Result<Answer, Unanswered>>,
}

/// A check, and whose quota it takes from.
struct Asked {
    check: Check,
    counted: String,
}

/// Why a check has no answer.
enum Unanswered {
    BeyondQuota(Duration),
    Failed(Arc<Error>),
    /// Nobody knows: the work on it ended before it.
    BrokenOff,
}

/// Counts checks that came together, and answers those within their quotas.
async fn answer_together(desk: &Desk, quota: &Quota, asked: Vec<Asked>) -> Vec<Result<Answer, Unanswered>> {
    let (checks, counted): (Vec<Check>, Vec<String>) = asked
        .into_iter()
        .map(|asked| (asked.check, asked.counted))
        .unzip();
    let verdicts = quota.take_each(What::Verifications, counted).await;
    let mut within = verdicts.iter().map(|verdict| *verdict == Verdict::Within);
    let checks: Vec<Check> = checks
        .into_iter()
        .filter(|_| within.next() == Some(true))
        .collect();
    let mut answers = verify_cards(desk, &checks).await.into_iter();
    verdicts
        .into_iter()
        .map(|verdict| match verdict {
            Verdict::Beyond(wait) => Err(Unanswered::BeyondQuota(wait)),
            Verdict::Within => match answers.next() {
                Some(answer) => answer.map_err(Unanswered::Failed),
                None => Err(Unanswered::BrokenOff),
            },
        })
        .collect()
}

impl Gateway {
    /// Call it inside the runtime: it starts what answers checks.
    pub(crate) fn new(desk: Desk, trust: Trust, clock: Clock, quota: Quota) -> Self {
        let quota = Arc::new(quota);
        let (own, counting) = (desk.clone(), Arc::clone(&quota));
        let checks = Together::new(BATCH, BATCHES, move |asked: Vec<Asked>| {
            let (desk, quota) = (own.clone(), Arc::clone(&counting));
            async move { answer_together(&desk, &quota, asked).await }
        });
        Self {
            desk,
            tokens: Believed::new(trust),
            clock,
            quota,
            checks,
        }
    }

    /// Answers a request. What holds for every address: a span, no query, no body of unknown length, a deadline, a panic that ends no connection, and
    /// headers that keep an answer from being kept or guessed at.
    ///
    /// # Errors
    /// None; the type fits the server.
    pub(crate) async fn respond(self: Arc<Self>, request: Request<Incoming>) -> Result<Response, Infallible> {
        let (head, body) = request.into_parts();
        let route = routes::find(head.uri.path());
        let span = span_of(route.as_ref());
        let answering = AssertUnwindSafe(self.answer(&span, route, &head, body)).catch_unwind();
        let answered = match tokio::time::timeout(DEADLINE, answering).await {
            Ok(Ok(answered)) => answered,
            Ok(Err(_panic)) => Err(Problem::new(&kind::INTERNAL)),
            Err(_late) => Err(Problem::new(&kind::TRY_AGAIN)),
        };
        let mut response = answered.unwrap_or_else(|problem| span.in_scope(|| problem.into_response()));
        span.record("http.response.status_code", response.status().as_u16());
        let headers = response.headers_mut();
        headers
            .entry(header::CACHE_CONTROL)
            .or_insert(HeaderValue::from_static("no-store"));
        headers.insert(
            HeaderName::from_static("x-content-type-options"),
            HeaderValue::from_static("nosniff"),
        );
        Ok(response)
    }

    async fn answer(
        &self,
        span: &Span,
        route: Option<Route>,
        head: &Parts,
        body: Incoming,
    ) -> Result<Response, Problem> {
        check(head)?;
        let route = route.ok_or_else(|| Problem::new(&kind::ROUTE_UNKNOWN))?;
        if !route.takes(&head.method) {
            return Err(Problem::other_method(route.allow()));
        }
        let headers = &head.headers;
        match route {
            Route::Document => Ok(document::document()),
            Route::Verifications => verifications::verify(self, span, headers, body).await,
            // Apart from the others, so that a card check does not carry their state from place to place.
            Route::Redemptions => {
                let recorded = redemptions::record(self, headers, body);
                Box::pin(recorded.instrument(span.clone())).await
            }
            Route::Cancellations(id) => {
                let cancelled = redemptions::cancel(self, &id, headers, body);
                Box::pin(cancelled.instrument(span.clone())).await
            }
        }
    }
}

fn response(status: StatusCode, content_type: &'static str, body: impl Into<Bytes>) -> Response {
    let mut response = Response::new(Full::new(body.into()));
    *response.status_mut() = status;
    response
        .headers_mut()
        .insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
    response
}

fn check(head: &Parts) -> Result<(), Problem> {
    // A query could carry a secret into logs, or a second value of a field.
    if head.uri.query().is_some() {
        return Err(Problem::new(&kind::QUERY_NOT_ACCEPTED));
    }
    // One way to say how long a body is: two make a request that two servers read differently.
    if head.headers.contains_key(header::TRANSFER_ENCODING) {
        return Err(Problem::new(&kind::LENGTH_REQUIRED));
    }
    Ok(())
}

/// A span of our own per request: a partner's trace context is not taken over.
fn span_of(route: Option<&Route>) -> Span {
    let route = route.map_or("unknown", Route::pattern);
    tracing::info_span!(
        "http",
        otel.name = route,
        otel.kind = "server",
        http.route = route,
        http.response.status_code = tracing::field::Empty,
    )
}
