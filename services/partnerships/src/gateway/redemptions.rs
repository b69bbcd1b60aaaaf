//! `POST /partner/v1/redemptions` and `POST /partner/v1/redemptions/{redemption_id}/cancellations`: sales with a reduction, recorded and taken back,
//! each once per Idempotency-Key.

use chrono::{DateTime, SecondsFormat, Utc};
use hyper::StatusCode;
use hyper::body::Incoming;
use hyper::header::{HeaderMap, HeaderName, HeaderValue};
use kernel::{Money, RedemptionId, VerificationId};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::problem::{FieldError, Problem, kind};
use super::{Gateway, REDEMPTIONS, Response, body, response};
use crate::domain::agreement::is_code;
use crate::domain::amount;
use crate::domain::book::Scope;
use crate::domain::sale::{Claimed, Redemption};
use crate::use_cases::cancel_redemption::cancel_redemption;
use crate::use_cases::partner_request::{Answered, PartnerRequest, hash_of};
use crate::use_cases::record_redemption::record_redemption;

/// Longest reference of the partner's own.
const LONGEST_REFERENCE: usize = 64;

/// The body of a sale.
#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Body {
    verification_id: String,
    gross_amount: String,
    reduction: String,
    occurred_at: String,
    counter_code: String,
    partner_reference: String,
}

pub(super) async fn record(
    gateway: &Gateway,
    headers: &HeaderMap,
    body: Incoming,
) -> Result<Response, Problem> {
    let client = gateway.admit(headers, Scope::Redeem).await?;
    let key = body::idempotency_key(headers)?;
    let body: Body = body::read(headers, body).await?;
    let (verification, claimed) = read(&body)?;
    let spelling = serde_json::to_vec(&body).expect("texts are JSON");
    let request = PartnerRequest {
        client,
        route: format!("POST {REDEMPTIONS}"),
        key,
        request_hash: hash_of(&spelling),
    };
    let answered = record_redemption(&gateway.desk, &request, verification, &claimed, sale).await?;
    Ok(created(answered))
}

pub(super) async fn cancel(
    gateway: &Gateway,
    redemption: &str,
    headers: &HeaderMap,
    body: Incoming,
) -> Result<Response, Problem> {
    let client = gateway.admit(headers, Scope::Redeem).await?;
    let key = body::idempotency_key(headers)?;
    body::none(headers, body).await?;
    // A text that is no id names no sale.
    let id: RedemptionId = redemption
        .parse()
        .map_err(|_| Problem::new(&kind::REDEMPTION_NOT_FOUND))?;
    let request = PartnerRequest {
        client,
        route: format!("POST {REDEMPTIONS}/{id}/cancellations"),
        key,
        request_hash: hash_of(b""),
    };
    let answered = cancel_redemption(&gateway.desk, &request, id, cancellation).await?;
    Ok(created(answered))
}

/// Every wrong field at once.
fn read(body: &Body) -> Result<(VerificationId, Claimed), Problem> {
    let mut errors = Vec::new();
    let mut refuse = |pointer, reason, detail| {
        errors.push(FieldError {
            pointer,
            reason,
            detail,
        });
    };
    let verification = body.verification_id.parse::<VerificationId>().ok();
    if verification.is_none() {
        refuse(
            "/verification_id",
            "ID_MALFORMED",
            "the id that the verification gave",
        );
    }
    let spelling = "dirhams with two decimals, such as 120.00";
    let gross = amount::parse(&body.gross_amount);
    if gross.is_none() {
        refuse("/gross_amount", "AMOUNT_INVALID", spelling);
    }
    let reduction = amount::parse(&body.reduction);
    if reduction.is_none() {
        refuse("/reduction", "AMOUNT_INVALID", spelling);
    }
    let occurred_at = instant(&body.occurred_at);
    if occurred_at.is_none() {
        refuse(
            "/occurred_at",
            "INSTANT_MALFORMED",
            "RFC 3339 with an offset, such as 2026-11-22T10:05:00Z",
        );
    }
    if !is_code(&body.counter_code) {
        refuse("/counter_code", "COUNTER_UNKNOWN", "a counter of the agreement");
    }
    let reference = &body.partner_reference;
    if reference.trim().is_empty()
        || reference.chars().count() > LONGEST_REFERENCE
        || reference.chars().any(char::is_control)
    {
        refuse(
            "/partner_reference",
            "REFERENCE_INVALID",
            "1 to 64 characters that can be seen",
        );
    }
    match (verification, gross, reduction, occurred_at) {
        (Some(verification), Some(gross), Some(reduction), Some(occurred_at)) if errors.is_empty() => Ok((
            verification,
            Claimed {
                gross,
                reduction,
                occurred_at,
                counter_code: body.counter_code.clone(),
                partner_reference: reference.clone(),
            },
        )),
        _ => Err(Problem::fields(errors)),
    }
}

/// An instant to the microsecond, as the database keeps it, in a year that a calendar has.
fn instant(text: &str) -> Option<DateTime<Utc>> {
    let at = DateTime::parse_from_rfc3339(text).ok()?.to_utc();
    let years = DateTime::from_timestamp(0, 0)?..DateTime::from_timestamp(32_503_680_000, 0)?;
    years
        .contains(&at)
        .then(|| DateTime::from_timestamp_micros(at.timestamp_micros()))?
}

fn time(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::AutoSi, true)
}

fn dirhams(amount: Money) -> String {
    amount.to_string()
}

/// A recorded sale as it is answered and kept.
fn sale(sale: &Redemption) -> String {
    json!({
        "redemption_id": sale.id,
        "verification_id": sale.verification,
        "partner_reference": sale.partner_reference,
        "gross_amount": dirhams(sale.gross),
        "reduction": dirhams(sale.reduction),
        "net_amount": dirhams(sale.net()),
        "occurred_at": time(sale.occurred_at),
        "recorded_at": time(sale.recorded_at),
        "cancellable_until": time(sale.cancellable_until()),
    })
    .to_string()
}

/// A cancelled sale as it is answered and kept.
fn cancellation(sale: &Redemption) -> String {
    json!({
        "redemption_id": sale.id,
        "partner_reference": sale.partner_reference,
        "cancelled_at": sale.cancelled_at.map(time),
    })
    .to_string()
}

fn created(answered: Answered) -> Response {
    let mut response = response(StatusCode::CREATED, "application/json", answered.body);
    if answered.replayed {
        response.headers_mut().insert(
            HeaderName::from_static("idempotency-replayed"),
            HeaderValue::from_static("true"),
        );
    }
    response
}
