//! A partner's system: asks the gateway over HTTP with a token of its client. Every answer is held to the description before a test sees it.

use reqwest::header::HeaderMap;
use reqwest::{Client, Method, RequestBuilder};
use serde_json::{Value, json};

use crate::description::check_answer;
use crate::support::{COUNTER, OFFER, TestApp};

/// An answer of the gateway.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Value,
}

impl Answer {
    /// The reason of a refusal.
    #[track_caller]
    pub(crate) fn reason(&self) -> &str {
        self.body["reason"]
            .as_str()
            .unwrap_or_else(|| panic!("no refusal: {self:?}"))
    }

    /// Pointer and reason of each wrong field.
    #[track_caller]
    pub(crate) fn errors(&self) -> Vec<(&str, &str)> {
        self.body["errors"]
            .as_array()
            .unwrap_or_else(|| panic!("no errors: {self:?}"))
            .iter()
            .map(|error| {
                (
                    error["pointer"].as_str().expect("a pointer"),
                    error["reason"].as_str().expect("a reason"),
                )
            })
            .collect()
    }

    #[track_caller]
    pub(crate) fn text(&self, field: &str) -> &str {
        self.body[field]
            .as_str()
            .unwrap_or_else(|| panic!("no {field}: {self:?}"))
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }
}

/// The client of a partner.
pub(crate) struct Partner<'a> {
    pub(crate) app: &'a TestApp,
    pub(crate) token: String,
    http: Client,
}

impl<'a> Partner<'a> {
    pub(crate) fn new(app: &'a TestApp, client: &str) -> Self {
        let token = app.keys.partner_token(client, &["cards.verify", "cards.redeem"]);
        Self::with_token(app, token)
    }

    pub(crate) fn with_token(app: &'a TestApp, token: String) -> Self {
        let _already_chosen = rustls_provider();
        Self {
            app,
            token,
            http: Client::new(),
        }
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.app.gateway)
    }

    /// A request with the token, to be completed.
    pub(crate) fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.http.request(method, self.url(path)).bearer_auth(&self.token)
    }

    /// A request without one.
    pub(crate) fn bare(&self, method: Method, path: &str) -> RequestBuilder {
        self.http.request(method, self.url(path))
    }

    /// Sends a request that fits the description, as its operation `(method, path)`.
    pub(crate) async fn send(&self, operation: (&str, &str), request: RequestBuilder) -> Answer {
        let response = request.send().await.expect("an answer");
        let status = response.status().as_u16();
        let headers = response.headers().clone();
        let text = response.text().await.expect("a text");
        let body: Value = serde_json::from_str(&text).unwrap_or_else(|_| panic!("not JSON: {status} {text}"));
        check_answer(operation, status, &headers, &body);
        for header in ["access-control-allow-origin", "set-cookie", "server"] {
            assert!(!headers.contains_key(header), "{header}");
        }
        assert_eq!(headers["x-content-type-options"], "nosniff");
        Answer {
            status,
            headers,
            body,
        }
    }

    pub(crate) async fn verify(&self, code: &str) -> Answer {
        self.verify_with(&json!({ "code": code, "offer_code": OFFER, "counter_code": COUNTER }))
            .await
    }

    pub(crate) async fn verify_with(&self, body: &Value) -> Answer {
        let path = "/partner/v1/verifications";
        let request = self.request(Method::POST, path).json(body);
        self.send(("post", path), request).await
    }

    /// A check that finds the card valid: its id.
    pub(crate) async fn verified(&self, code: &str) -> String {
        let answer = self.verify(code).await;
        assert_eq!(answer.body["result"], "valid", "{answer:?}");
        answer.text("verification_id").to_owned()
    }

    /// A sale of 85.00 now, to be changed.
    pub(crate) fn sale(&self, verification: &str) -> Value {
        json!({
            "verification_id": verification,
            "gross_amount": "85.00",
            "reduction": "25.50",
            "occurred_at": self.app.now().to_rfc3339(),
            "counter_code": COUNTER,
            "partner_reference": format!("T-{verification}"),
        })
    }

    pub(crate) async fn redeem(&self, key: &str, sale: &Value) -> Answer {
        let path = "/partner/v1/redemptions";
        let request = self
            .request(Method::POST, path)
            .header("idempotency-key", key)
            .json(sale);
        self.send(("post", path), request).await
    }

    /// A sale that is recorded: its id.
    pub(crate) async fn redeemed(&self, sale: &Value) -> String {
        let answer = self.redeem(&self.app.key(), sale).await;
        assert_eq!(answer.status, 201, "{answer:?}");
        answer.text("redemption_id").to_owned()
    }

    pub(crate) async fn cancel(&self, key: &str, redemption: &str) -> Answer {
        let path = format!("/partner/v1/redemptions/{redemption}/cancellations");
        let request = self.request(Method::POST, &path).header("idempotency-key", key);
        self.send(
            ("post", "/partner/v1/redemptions/{redemption_id}/cancellations"),
            request,
        )
        .await
    }
}

/// The HTTP client brings no crypto of its own and panics without one, also where it speaks no TLS.
fn rustls_provider() -> bool {
    rustls::crypto::ring::default_provider().install_default().is_ok()
}
