//! Events as CloudEvents 1.0 in binary mode: attributes in `ce-` headers, data in proto3 JSON. Thin: what happened, to which id, at which
//! version; never personal data.

use async_nats::HeaderMap;
use chrono::{DateTime, SecondsFormat, Utc};
use platform::ids::uuid_v7;
use platform::telemetry;
use serde::Serialize;
use serde::de::DeserializeOwned;
use uuid::Uuid;

use crate::position::Announcement;
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
    (service, announcement): (&str, Announcement),
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
    headers.insert("ce-sourceepoch", announcement.epoch.to_string().as_str());
    headers.insert("ce-sourcebase", announcement.base.to_string().as_str());
    headers.insert("ce-actorkind", actor_kind);
    if let Some(traceparent) = traceparent {
        headers.insert("ce-traceparent", traceparent);
    }
    headers
}

fn data(payload: &[u8]) -> Result<serde_json::Value, EnvelopeError> {
    let data = serde_json::from_slice(payload).map_err(EnvelopeError::Data)?;
    if holds_nul(&data) {
        return Err(EnvelopeError::Nul);
    }
    Ok(data)
}

fn holds_nul(value: &serde_json::Value) -> bool {
    match value {
        serde_json::Value::String(text) => text.contains('\0'),
        serde_json::Value::Array(items) => items.iter().any(holds_nul),
        serde_json::Value::Object(fields) => fields
            .iter()
            .any(|(name, value)| name.contains('\0') || holds_nul(value)),
        serde_json::Value::Null | serde_json::Value::Bool(_) | serde_json::Value::Number(_) => false,
    }
}

/// What the message announces of its stream; one without it, as an earlier version wrote them, says that nothing of it can be known.
pub(crate) fn announcement(headers: Option<&HeaderMap>) -> Option<Announcement> {
    let number = |name: &str| headers?.get(name)?.as_str().parse().ok();
    Some(Announcement {
        epoch: number("ce-sourceepoch")?,
        base: number("ce-sourcebase").unwrap_or_default(),
    })
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
    /// What a database cannot keep, and no publisher of ours writes.
    #[error("the data holds a NUL character")]
    Nul,
    #[error("the type is not that of the subject")]
    Subject,
    #[error("the source is not the service whose stream it stands in")]
    Source,
}

impl IncomingEvent {
    /// Reads a message of `publisher`'s stream: the envelope must say what the subject says, since only the subject was checked by the broker.
    ///
    /// # Errors
    /// [`EnvelopeError`].
    pub(crate) fn read(
        (prefix, publisher): (&str, &str),
        subject: &str,
        headers: Option<&HeaderMap>,
        payload: &[u8],
    ) -> Result<Self, EnvelopeError> {
        let event = Self::parse(headers, payload)?;
        let source = headers.and_then(|headers| headers.get("ce-source"));
        if source.map(async_nats::HeaderValue::as_str) != Some(format!("/tadamon/{publisher}").as_str()) {
            return Err(EnvelopeError::Source);
        }
        let says = subject.strip_prefix(prefix).and_then(|rest| {
            rest.strip_prefix(".events.")
                .or_else(|| rest.strip_prefix(".restricted."))
        });
        if says != Some(event.event_type.as_str()) {
            return Err(EnvelopeError::Subject);
        }
        Ok(event)
    }

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
                .ok()
                .filter(|version| *version >= 0)
                .ok_or(EnvelopeError::Attribute("ce-sequence"))?,
            time: DateTime::parse_from_rfc3339(attribute("ce-time")?)
                .map_err(|_| EnvelopeError::Attribute("ce-time"))?
                .to_utc(),
            traceparent: attribute("ce-traceparent").ok().map(str::to_owned),
            data: data(payload)?,
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
            ("membership", Announcement { epoch: 1, base: 0 }),
            None,
        );
        let event = IncomingEvent::parse(Some(&written), b"{\"version\":\"42\"}").unwrap();
        assert_eq!(
            (event.id, event.aggregate, event.sequence, event.time),
            (id, aggregate, 42, at)
        );
        assert_eq!(event.event_type, "membership.member.changed.v1");
    }

    fn written() -> HeaderMap {
        let at = DateTime::from_timestamp_micros(1_790_000_000_123_456).unwrap();
        let ids = (Uuid::from_u128(7), Uuid::from_u128(9));
        headers(
            (ids.0, at),
            "membership.member.changed.v1",
            (ids.1, 42),
            "app",
            ("membership", Announcement { epoch: 1, base: 0 }),
            None,
        )
    }

    #[test]
    fn the_envelope_must_say_what_the_subject_and_the_stream_say() {
        let ours = ("tadamon", "membership");
        let read = |from, subject: &str, headers: &HeaderMap| {
            IncomingEvent::read(from, subject, Some(headers), b"{}").map(|event| event.sequence)
        };
        let subject = "tadamon.events.membership.member.changed.v1";
        assert_eq!(read(ours, subject, &written()).unwrap(), 42);
        let other = "tadamon.events.membership.member.registered.v1";
        assert!(matches!(
            read(ours, other, &written()),
            Err(EnvelopeError::Subject)
        ));
        assert!(matches!(
            read(("tadamon", "benefits"), subject, &written()),
            Err(EnvelopeError::Source)
        ));
    }

    #[test]
    fn each_required_attribute_is_asked_for_and_a_bad_one_is_named() {
        let bad: &[(&'static str, &[&str])] = &[
            ("ce-specversion", &["", "0.3", "2.0"]),
            ("ce-id", &["", "7", "%C0%A0"]),
            ("ce-type", &["", "membership.member.changed.v1"]),
            ("ce-subject", &["", "somebody"]),
            ("ce-sequence", &["", "-1", "1e3", "99999999999999999999"]),
            ("ce-time", &["", "yesterday"]),
        ];
        for (name, values) in bad {
            for value in *values {
                let mut headers = written();
                headers.insert(*name, *value);
                let error = IncomingEvent::parse(Some(&headers), b"{}").unwrap_err();
                assert!(
                    matches!(error, EnvelopeError::Attribute(found) if found == *name),
                    "{name} = {value:?}: {error}"
                );
            }
        }
    }

    #[test]
    fn data_that_no_database_keeps_is_no_event() {
        for payload in [
            &b"{\"a\":\"x\\u0000\"}"[..],
            b"{\"a\":[{\"\\u0000\":1}]}",
            b"{\"a\":",
            b"\xff\xfe",
            b"",
        ] {
            assert!(
                IncomingEvent::parse(Some(&written()), payload).is_err(),
                "{payload:?}"
            );
        }
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
