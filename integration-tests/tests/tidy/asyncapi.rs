//! The AsyncAPI document of all events, `docs/asyncapi.json`: written from the contracts and the table of listeners, committed, and held to both.
//! `UPDATE=1 cargo nextest run -p integration-tests --test tidy asyncapi` writes it anew; the difference belongs in the review.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use bus::grants::{LISTENERS, PREFIX, durable_name, filter_of, stream_name};
use prost_reflect::{
    DescriptorPool, DynamicMessage, FieldDescriptor, Kind, MessageDescriptor, Value as Field,
};
use regex_lite::Regex;
use serde_json::{Map, Value, json};

use crate::tree::{none, service_names, written};

const DOCUMENT: &str = "docs/asyncapi.json";

/// One event of the contracts.
struct Event {
    publisher: String,
    /// `benefits.application.submitted.v1`
    event_type: String,
    message: MessageDescriptor,
    restricted_twin: bool,
    restricted_only: bool,
    example: Value,
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn pool() -> DescriptorPool {
    let files: Vec<PathBuf> = walkdir::WalkDir::new(root().join("proto/tadamon"))
        .into_iter()
        .filter_map(Result::ok)
        .map(walkdir::DirEntry::into_path)
        .filter(|path| path.extension().is_some_and(|extension| extension == "proto"))
        .collect();
    let mut compiler =
        protox::Compiler::new([root().join("proto")]).expect("the folder of the contracts exists");
    compiler.include_imports(true).include_source_info(true);
    compiler.open_files(&files).expect("the contracts compile");
    compiler.descriptor_pool()
}

/// `InformationRequested` as `information_requested`.
fn snake(name: &str) -> String {
    let mut out = String::new();
    for letter in name.chars() {
        if letter.is_ascii_uppercase() && !out.is_empty() {
            out.push('_');
        }
        out.push(letter.to_ascii_lowercase());
    }
    out
}

/// `member` as `Member`, `thing_of` as `ThingOf`.
fn camel(name: &str) -> String {
    name.split('_')
        .map(|word| word[..1].to_uppercase() + &word[1..])
        .collect()
}

/// Every event message; one without the option fails the test, as an RPC without its permission would.
fn events() -> Vec<Event> {
    let pool = pool();
    let option = pool
        .get_extension_by_name("tadamon.options.v1.event")
        .expect("the option is declared");
    let mut found = Vec::new();
    for message in pool.all_messages() {
        let package = message.package_name().to_owned();
        let Some(publisher) = package
            .strip_prefix("tadamon.")
            .and_then(|rest| rest.strip_suffix(".events.v1"))
        else {
            continue;
        };
        let file = message.parent_file();
        let thing = file
            .name()
            .rsplit('/')
            .next()
            .and_then(|name| name.strip_suffix(".proto"))
            .expect("a contract is a .proto file")
            .to_owned();
        let past = message.name().strip_prefix(&camel(&thing)).unwrap_or_else(|| {
            panic!(
                "{}: the name begins with the file's: {thing}",
                message.full_name()
            )
        });
        let options = message.options();
        let Field::Message(said) = options.get_extension(&option).into_owned() else {
            panic!("the option is a message")
        };
        let example = said.get_field_by_name("example").expect("a field").into_owned();
        let example = example.as_str().unwrap_or_default().to_owned();
        let example = serde_json::from_str(&example).unwrap_or_else(|error| {
            panic!(
                "{}: give it option (tadamon.options.v1.event) with an example: {error}",
                message.full_name()
            )
        });
        found.push(Event {
            event_type: format!("{publisher}.{thing}.{}.v1", snake(past)),
            publisher: publisher.to_owned(),
            restricted_twin: is(&said, "restricted_twin"),
            restricted_only: is(&said, "restricted_only"),
            example,
            message,
        });
    }
    found.sort_by(|left, right| left.event_type.cmp(&right.event_type));
    found
}

fn is(said: &DynamicMessage, option: &str) -> bool {
    let value = said.get_field_by_name(option);
    value.and_then(|value| value.as_bool()).unwrap_or_default()
}

/// The comment that stands before something in its file.
fn comment(message: &MessageDescriptor, path: &[i32]) -> String {
    let file = message.parent_file();
    let info = file
        .file_descriptor_proto()
        .source_code_info
        .clone()
        .unwrap_or_default();
    info.location
        .iter()
        .find(|location| location.path == path)
        .map(|location| {
            let lines = location.leading_comments().lines().map(str::trim);
            lines.collect::<Vec<_>>().join(" ").trim().to_owned()
        })
        .unwrap_or_default()
}

fn index_of(message: &MessageDescriptor) -> i32 {
    let file = message.parent_file();
    let at = file.messages().position(|other| other == *message);
    i32::try_from(at.expect("a message stands in its file")).expect("files are small")
}

fn schema_of(field: &FieldDescriptor, example: Option<&Value>) -> Value {
    let one = example.and_then(|value| value.as_array().map_or(Some(value), |items| items.first()));
    let is_uuid = one
        .and_then(Value::as_str)
        .is_some_and(|text| text.parse::<uuid::Uuid>().is_ok());
    let single = match field.kind() {
        Kind::String if is_uuid => json!({ "type": "string", "format": "uuid" }),
        Kind::String => json!({ "type": "string" }),
        Kind::Bool => json!({ "type": "boolean" }),
        Kind::Int32 | Kind::Uint32 | Kind::Sint32 => json!({ "type": "integer" }),
        // proto3 JSON: a number that a double cannot hold is a text.
        Kind::Int64 | Kind::Uint64 | Kind::Sint64 => json!({ "type": "string", "pattern": "^-?[0-9]+$" }),
        Kind::Enum(values) => {
            let names: Vec<String> = values.values().map(|value| value.name().to_owned()).collect();
            json!({ "type": "string", "enum": names })
        }
        Kind::Message(message) if message.full_name() == "google.protobuf.Timestamp" => {
            json!({ "type": "string", "format": "date-time" })
        }
        other => panic!("{}: events hold no {other:?}", field.full_name()),
    };
    if field.is_list() {
        json!({ "type": "array", "items": single })
    } else {
        single
    }
}

fn payload(event: &Event) -> Value {
    let index = index_of(&event.message);
    let mut properties = Map::new();
    for (at, field) in event.message.fields().enumerate() {
        let mut schema = schema_of(&field, event.example.get(field.json_name()));
        let at = i32::try_from(at).expect("messages are small");
        let said = comment(&event.message, &[4, index, 2, at]);
        if !said.is_empty() {
            schema["description"] = said.into();
        }
        properties.insert(field.json_name().to_owned(), schema);
    }
    json!({
        "type": "object",
        "description": "A field may be missing: it then has its default (empty text, false, 0). Fields that you do not know come with later versions: ignore them.",
        "properties": properties,
        "additionalProperties": true,
    })
}

/// The attributes that every event carries.
fn envelope() -> Value {
    let text = |description: &str| json!({ "type": "string", "description": description });
    json!({
        "type": "object",
        "required": ["ce-specversion", "ce-id", "ce-source", "ce-type", "ce-time", "ce-subject", "ce-sequence"],
        "properties": {
            "ce-specversion": { "type": "string", "const": "1.0" },
            "ce-id": { "type": "string", "format": "uuid", "description": "The event: the same id is the same event." },
            "ce-source": text("/tadamon/ and the publishing service."),
            "ce-type": text("What happened; the subject without its lane."),
            "ce-subject": { "type": "string", "format": "uuid", "description": "The record." },
            "ce-partitionkey": { "type": "string", "format": "uuid", "description": "The record again: order is per record." },
            "ce-sequence": { "type": "string", "pattern": "^[0-9]{20}$", "description": "The record's version: compare this, never the position in the stream." },
            "ce-time": { "type": "string", "format": "date-time", "description": "When it happened." },
            "ce-sourceepoch": { "type": "string", "pattern": "^[0-9]+$", "description": "Grows when the publisher's relay begins anew." },
            "ce-sourcebase": { "type": "string", "pattern": "^[0-9]+$", "description": "Positions of the stream up to this one hold what they held before the epoch." },
            "ce-actorkind": text("member, agent, partner, app, service or system."),
            "ce-traceparent": text("W3C trace context; may be missing."),
            "ce-datacontenttype": { "type": "string", "const": "application/json" },
        },
    })
}

/// Who of the platform hears this subject.
fn listeners(lane: &str, event_type: &str) -> Vec<Value> {
    let subject: Vec<&str> = [lane].into_iter().chain(event_type.split('.')).collect();
    let hears = |filter: &str| {
        let filter: Vec<&str> = filter.split('.').collect();
        let ends_open = filter.last() == Some(&">");
        let fits = filter
            .iter()
            .zip(&subject)
            .all(|(wanted, token)| ["*", ">", token].contains(wanted));
        fits && (filter.len() == subject.len() || (ends_open && filter.len() <= subject.len()))
    };
    LISTENERS
        .iter()
        .filter(|listener| hears(listener.filter))
        .map(
            |listener| json!({ "service": listener.service, "durable": durable_name(PREFIX, listener.name) }),
        )
        .collect()
}

fn document() -> Value {
    let (mut channels, mut operations) = (Map::new(), Map::new());
    let (mut messages, mut schemas) = (Map::new(), Map::new());
    schemas.insert("Envelope".to_owned(), envelope());
    for event in events() {
        let name = &event.event_type;
        let said = comment(&event.message, &[4, index_of(&event.message)]);
        schemas.insert(name.clone(), payload(&event));
        messages.insert(
            name.clone(),
            json!({
                "name": event.message.name(),
                "title": name,
                "summary": said,
                "contentType": "application/json",
                "headers": { "$ref": "#/components/schemas/Envelope" },
                "payload": { "$ref": format!("#/components/schemas/{name}") },
                "examples": [ { "payload": event.example } ],
            }),
        );
        let lanes: &[&str] = match (event.restricted_twin, event.restricted_only) {
            (_, true) => &["restricted"],
            (true, false) => &["events", "restricted"],
            (false, false) => &["events"],
        };
        for lane in lanes {
            let restricted = *lane == "restricted";
            let key = if restricted {
                format!("restricted.{name}")
            } else {
                name.clone()
            };
            channels.insert(
                key.clone(),
                json!({
                    "address": format!("{PREFIX}.{lane}.{name}"),
                    "messages": { event.message.name(): { "$ref": format!("#/components/messages/{name}") } },
                    "servers": [ { "$ref": "#/servers/bus" } ],
                    "x-stream": stream_name(PREFIX, &event.publisher),
                    "x-restricted": restricted,
                    "x-listeners": listeners(lane, name),
                }),
            );
            operations.insert(
                format!("publish.{key}"),
                json!({
                    "action": "send",
                    "channel": { "$ref": format!("#/channels/{key}") },
                    "x-service": event.publisher,
                }),
            );
        }
    }
    json!({
        "asyncapi": "3.0.0",
        "info": {
            "title": "Events of Tadamon",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "What services tell each other and applications outside, as CloudEvents 1.0 in binary mode over NATS JetStream. \
                Restricted channels carry the same with a neutral code and are granted to no application. docs/events.md says how to listen.",
            "license": { "name": "AGPL-3.0-or-later" },
        },
        "defaultContentType": "application/json",
        "servers": {
            "bus": { "host": "127.0.0.1:24841", "protocol": "nats", "description": "The local installation; yours stands in your credentials." },
        },
        "channels": channels,
        "operations": operations,
        "components": { "messages": messages, "schemas": schemas },
    })
}

/// Keys in one order, whatever the JSON library is built with.
fn sorted(value: Value) -> Value {
    match value {
        Value::Object(fields) => {
            let fields: BTreeMap<String, Value> = fields
                .into_iter()
                .map(|(name, value)| (name, sorted(value)))
                .collect();
            Value::Object(fields.into_iter().collect())
        }
        Value::Array(items) => Value::Array(items.into_iter().map(sorted).collect()),
        other => other,
    }
}

#[test]
fn the_asyncapi_document_is_what_the_contracts_and_the_listeners_say() {
    let text = serde_json::to_string_pretty(&sorted(document())).expect("it is JSON") + "\n";
    let path = root().join(DOCUMENT);
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&path, &text).expect("the document can be written");
    }
    assert!(
        std::fs::read_to_string(&path).unwrap_or_default() == text,
        "{DOCUMENT} is older than the contracts; write it anew: UPDATE=1 cargo nextest run -p integration-tests --test tidy asyncapi"
    );
}

#[test]
fn every_reference_of_the_asyncapi_document_leads_somewhere() {
    fn references(value: &Value, found: &mut BTreeSet<String>) {
        match value {
            Value::Object(fields) => {
                for (name, value) in fields {
                    match value.as_str() {
                        Some(target) if name == "$ref" => {
                            found.insert(target.trim_start_matches('#').to_owned());
                        }
                        _ => references(value, found),
                    }
                }
            }
            Value::Array(items) => items.iter().for_each(|item| references(item, found)),
            _ => {}
        }
    }
    let document = document();
    let mut found = BTreeSet::new();
    references(&document, &mut found);
    assert!(found.len() > 10, "the references were not found");
    for target in found {
        assert!(document.pointer(&target).is_some(), "{target} leads nowhere");
    }
}

/// Whether a value is what a field's schema says.
fn fits(schema: &Value, value: &Value) -> bool {
    match schema["type"].as_str() {
        Some("array") => value
            .as_array()
            .is_some_and(|items| !items.is_empty() && items.iter().all(|item| fits(&schema["items"], item))),
        Some("string") => value.as_str().is_some_and(|text| {
            let pattern = schema["pattern"].as_str().map(Regex::new);
            let named = schema["enum"].as_array();
            !text.is_empty()
                && pattern.is_none_or(|pattern| pattern.is_ok_and(|pattern| pattern.is_match(text)))
                && (schema["format"] != "uuid" || text.parse::<uuid::Uuid>().is_ok())
                && named.is_none_or(|names| names.iter().any(|name| name == text))
        }),
        Some("boolean") => value.is_boolean(),
        Some("integer") => value.is_i64(),
        _ => false,
    }
}

#[test]
fn every_example_of_an_event_is_one_with_all_fields_and_nobody_in_it() {
    let mut findings = Vec::new();
    let number = Regex::new(r"[0-9]{8}").expect("the pattern is well formed");
    for event in events() {
        let schema = payload(&event);
        let properties = schema["properties"]
            .as_object()
            .expect("an object has properties");
        let example = event.example.as_object().cloned().unwrap_or_default();
        for (name, schema) in properties {
            if !example.get(name).is_some_and(|value| fits(schema, value)) {
                findings.push(format!("{}: {name} is missing or no {schema}", event.event_type));
            }
        }
        for name in example.keys().filter(|name| !properties.contains_key(*name)) {
            findings.push(format!("{}: there is no field {name}", event.event_type));
        }
        // Thin: ids, versions and words; nothing that could be a person.
        let text = event.example.to_string();
        let words = text.split('"').filter(|word| word.parse::<uuid::Uuid>().is_err());
        for word in words.filter(|word| word.contains('@') || number.is_match(word)) {
            findings.push(format!("{}: {word} looks personal", event.event_type));
        }
    }
    none(&findings, "correct the example beside the message");
}

#[test]
fn every_subscriber_stands_in_the_table_of_listeners_with_its_filter() {
    let pattern = |text: &str| Regex::new(text).expect("the pattern is well formed");
    let subscriber = pattern(
        r#"(?s)const NAME: &'static str = "([a-z-]+)";\s*const PUBLISHER: &'static str = "([a-z]+)";.*?const EVENTS: [^=]+=\s*&\[(.*?)\];"#,
    );
    let item = pattern(r#""((?:restricted:)?[a-z_.0-9]+)"|([A-Z_]+)"#);
    let mut in_code = BTreeSet::new();
    for service in service_names() {
        let code = format!("services/{service}/src/");
        for source in written("rs").filter(|file| file.path.starts_with(&code)) {
            for found in subscriber.captures_iter(&source.text) {
                let events: Vec<String> = item
                    .captures_iter(&found[3])
                    .map(|item| match (item.get(1), item.get(2)) {
                        (Some(text), _) => text.as_str().to_owned(),
                        (_, Some(name)) => constant(&source.text, name.as_str()),
                        _ => unreachable!("one of the two is there"),
                    })
                    .collect();
                let events: Vec<&str> = events.iter().map(String::as_str).collect();
                assert!(
                    events
                        .iter()
                        .all(|event| event.trim_start_matches("restricted:").starts_with(&found[2])),
                    "{}: an event of another publisher",
                    source.path
                );
                in_code.insert((service.to_owned(), found[1].to_owned(), filter_of(&events)));
            }
        }
    }
    let in_table: BTreeSet<_> = LISTENERS
        .iter()
        .map(|row| (row.service.to_owned(), row.name.to_owned(), row.filter.to_owned()))
        .collect();
    assert!(in_code.len() > 4, "the subscribers were not found");
    assert_eq!(
        in_code, in_table,
        "left: the code, right: crates/bus/src/grants.rs; what a service may read is decided there, then UPDATE=1 cargo nextest run -p bus users_of_the_broker"
    );
}

/// The value of a text constant of a file.
fn constant(text: &str, name: &str) -> String {
    let constant =
        Regex::new(&format!(r#"const {name}: &str = "([^"]+)""#)).expect("the pattern is well formed");
    constant.captures(text).map_or_else(
        || panic!("{name} is no constant of the same file"),
        |found| found[1].to_owned(),
    )
}
