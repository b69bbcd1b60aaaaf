//! Events as CloudEvents 1.0 in binary mode: attributes in `ce-` headers, data in proto3 JSON. Thin: what happened, to which id, at which
//! version; never personal data.

use async_nats::HeaderMap;
use chrono::{DateTime, SecondsFormat, Utc};
use platform::ids::uuid_v7;
use platform::telemetry;
use serde::Serialize;
use serde::de::DeserializeOwned;
use uuid::Uuid;

use crate::subscriber::HandlerError;

/// An event on its way into the outbox.
#[derive(Clone, Debug)]
pub struct OutgoingEvent {
    pub(crate) id: Uuid,
    pub(crate) at: DateTime<Utc>,
    pub(crate) bulk: bool,
    pub(crate) restricted: bool,
    pub(crate) event_type: &'static str,
    pub(crate) aggregate: Uuid,
    pub(crate) sequence: i64,
    pub(crate) actor_kind: String,
    pub(crate) data: serde_json::Value,
    pub(crate) traceparent: Option<String>,
}

impl OutgoingEvent {
    /// `event_type` such as `membership.member.registered.v1`; `aggregate` and `sequence` are the record's id and its new version.
    #[must_use]
    pub fn new(
        now: DateTime<Utc>,
        event_type: &'static str,
        aggregate: Uuid,
        sequence: i64,
        actor_kind: &str,
        data: &impl Serialize,
    ) -> Self {
        Self {
            id: uuid_v7(now),
            at: now,
            bulk: false,
            restricted: false,
            event_type,
            aggregate,
            sequence,
            actor_kind: actor_kind.to_owned(),
            data: serde_json::to_value(data).expect("a generated event message is JSON"),
            traceparent: telemetry::traceparent(),
        }
    }

    /// Publishes under the restricted subjects, which no application reads by default.
    #[must_use]
    pub fn restricted(mut self) -> Self {
        self.restricted = true;
        self
    }

    /// Lets people's events pass first.
    #[must_use]
    pub fn bulk(mut self) -> Self {
        self.bulk = true;
        self
    }

    /// The event's id.
    #[must_use]
    pub fn id(&self) -> Uuid {
        self.id
    }
}

/// The subject of an event type.
pub(crate) fn subject(prefix: &str, restricted: bool, event_type: &str) -> String {
    format!(
        "{prefix}.{}.{event_type}",
        if restricted { "restricted" } else { "events" }
    )
}

/// A row of the outbox as headers.
pub(crate) fn headers(
    (id, at): (Uuid, DateTime<Utc>),
    event_type: &str,
    (aggregate, sequence): (Uuid, i64),
    actor_kind: &str,
    (service, epoch): (&str, &str),
    traceparent: Option<&str>,
) -> HeaderMap {
    let mut headers = HeaderMap::new();
    headers.insert("Nats-Msg-Id", id.to_string().as_str());
    headers.insert("ce-specversion", "1.0");
    headers.insert("ce-id", id.to_string().as_str());
    headers.insert("ce-source", format!("/tadamon/{service}").as_str());
    headers.insert("ce-type", format!("tadamon.{event_type}").as_str());
    headers.insert(
        "ce-time",
        at.to_rfc3339_opts(SecondsFormat::Micros, true).as_str(),
    );
    headers.insert("ce-subject", aggregate.to_string().as_str());
    headers.insert("ce-datacontenttype", "application/json");
    headers.insert("ce-partitionkey", aggregate.to_string().as_str());
    headers.insert("ce-sequence", format!("{sequence:020}").as_str());
    headers.insert("ce-sourceepoch", epoch);
    headers.insert("ce-actorkind", actor_kind);
    if let Some(traceparent) = traceparent {
        headers.insert("ce-traceparent", traceparent);
    }
    headers
}

/// An event as a subscriber sees it.
#[derive(Clone, Debug)]
pub struct IncomingEvent {
    pub id: Uuid,
    /// Without the leading `tadamon.`, such as `membership.member.registered.v1`.
    pub event_type: String,
    pub aggregate: Uuid,
    /// The record's version; compare it, never the position in the stream.
    pub sequence: i64,
    pub time: DateTime<Utc>,
    pub traceparent: Option<String>,
    pub data: serde_json::Value,
}

/// Why a message is no event of ours.
#[derive(Debug, thiserror::Error)]
pub enum EnvelopeError {
    #[error("the attribute {0} is missing or malformed")]
    Attribute(&'static str),
    #[error("the data is not JSON")]
    Data(#[source] serde_json::Error),
}

impl IncomingEvent {
    /// Reads the envelope; the data is decoded by who knows its type.
    ///
    /// # Errors
    /// [`EnvelopeError`].
    pub fn parse(headers: Option<&HeaderMap>, payload: &[u8]) -> Result<Self, EnvelopeError> {
        let attribute = |name: &'static str| {
            headers
                .and_then(|headers| headers.get(name))
                .map(async_nats::HeaderValue::as_str)
                .ok_or(EnvelopeError::Attribute(name))
        };
        if attribute("ce-specversion")? != "1.0" {
            return Err(EnvelopeError::Attribute("ce-specversion"));
        }
        let id = attribute("ce-id")?
            .parse()
            .map_err(|_| EnvelopeError::Attribute("ce-id"))?;
        let event_type = attribute("ce-type")?
            .strip_prefix("tadamon.")
            .ok_or(EnvelopeError::Attribute("ce-type"))?
            .to_owned();
        Ok(Self {
            id,
            event_type,
            aggregate: attribute("ce-subject")?
                .parse()
                .map_err(|_| EnvelopeError::Attribute("ce-subject"))?,
            sequence: attribute("ce-sequence")?
                .parse()
                .map_err(|_| EnvelopeError::Attribute("ce-sequence"))?,
            time: DateTime::parse_from_rfc3339(attribute("ce-time")?)
                .map_err(|_| EnvelopeError::Attribute("ce-time"))?
                .to_utc(),
            traceparent: attribute("ce-traceparent").ok().map(str::to_owned),
            data: serde_json::from_slice(payload).map_err(EnvelopeError::Data)?,
        })
    }

    /// The data as the contract's message. Unknown fields are ignored; an unknown value of an enum parks the event.
    ///
    /// # Errors
    /// A permanent [`HandlerError`].
    pub fn decode<T: DeserializeOwned>(&self) -> Result<T, HandlerError> {
        serde_json::from_value(self.data.clone()).map_err(HandlerError::permanent)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn an_envelope_reads_back_as_it_was_written() {
        let (id, aggregate) = (Uuid::from_u128(7), Uuid::from_u128(9));
        let at = DateTime::from_timestamp_micros(1_790_000_000_123_456).unwrap();
        let written = headers(
            (id, at),
            "membership.member.changed.v1",
            (aggregate, 42),
            "app",
            ("membership", "e1"),
            None,
        );
        let event = IncomingEvent::parse(Some(&written), b"{\"version\":\"42\"}").unwrap();
        assert_eq!(
            (event.id, event.aggregate, event.sequence, event.time),
            (id, aggregate, 42, at)
        );
        assert_eq!(event.event_type, "membership.member.changed.v1");
    }

    proptest! {
        #[test]
        fn foreign_headers_and_bytes_are_refused_and_never_panic(values in proptest::collection::vec("[ -~]{0,40}", 6), payload: Vec<u8>) {
            let mut foreign = HeaderMap::new();
            for (name, value) in ["ce-specversion", "ce-id", "ce-type", "ce-subject", "ce-sequence", "ce-time"].iter().zip(&values) {
                foreign.insert(*name, value.as_str());
            }
            prop_assert!(IncomingEvent::parse(Some(&foreign), &payload).is_err());
            prop_assert!(IncomingEvent::parse(None, &payload).is_err());
        }
    }
}
