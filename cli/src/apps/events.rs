//! Which events an application may ask for: the public ones of the committed AsyncAPI document. Restricted ones are granted to no application.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::exit::Failure;

const ASYNCAPI: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/asyncapi.json"));

/// Types of the public events.
fn public() -> Result<BTreeSet<String>, Failure> {
    let document: Value = serde_json::from_str(ASYNCAPI).map_err(anyhow::Error::from)?;
    let channels = document["channels"].as_object().into_iter().flatten();
    Ok(channels
        .filter_map(|(_, channel)| channel["address"].as_str()?.strip_prefix("tadamon.events."))
        .map(str::to_owned)
        .collect())
}

/// The events asked for, by publishing service.
pub(crate) fn by_publisher(asked: &[String]) -> Result<BTreeMap<String, Vec<String>>, Failure> {
    let public = public()?;
    let mut found: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for event in asked {
        let event = event.strip_prefix("tadamon.events.").unwrap_or(event);
        if event.contains("restricted") {
            return Err(Failure::refused(format!(
                "{event}: restricted events are granted to no application"
            )));
        }
        if !public.contains(event) {
            let known: Vec<&str> = public.iter().map(String::as_str).collect();
            return Err(Failure::refused(format!(
                "{event} is no event; there are {}",
                known.join(", ")
            )));
        }
        let publisher = event.split('.').next().unwrap_or_default().to_owned();
        let events = found.entry(publisher).or_default();
        if !events.iter().any(|other| other == event) {
            events.push(event.to_owned());
        }
    }
    Ok(found)
}

/// The publisher of the events of one durable.
pub(crate) fn publisher_of(events: &[String]) -> Result<String, Failure> {
    events
        .first()
        .and_then(|event| event.split('.').next())
        .map(str::to_owned)
        .ok_or_else(|| Failure::refused("the durable names no event"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ask(events: &[&str]) -> Result<BTreeMap<String, Vec<String>>, Failure> {
        let events: Vec<String> = events.iter().map(|event| (*event).to_owned()).collect();
        by_publisher(&events)
    }

    #[test]
    fn events_are_sorted_by_who_publishes_them() {
        let found = ask(&[
            "benefits.application.submitted.v1",
            "tadamon.events.benefits.application.withdrawn.v1",
            "membership.member.changed.v1",
            "benefits.application.submitted.v1",
        ])
        .unwrap();
        assert_eq!(
            found["benefits"],
            [
                "benefits.application.submitted.v1",
                "benefits.application.withdrawn.v1"
            ]
        );
        assert_eq!(found["membership"], ["membership.member.changed.v1"]);
    }

    #[test]
    fn restricted_events_wildcards_and_unknown_ones_are_refused() {
        for event in [
            "restricted:benefits.application.submitted.v1",
            "tadamon.restricted.benefits.application.submitted.v1",
            "benefits.>",
            "benefits.application.*.v1",
            ">",
            "",
            "benefits.application.invented.v1",
        ] {
            assert_eq!(ask(&[event]).unwrap_err().code(), 65, "{event:?}");
        }
    }
}
