//! The description of the gateway: it lists the routes and nothing else, its examples fit its schemas, and every answer that any test gets fits it too.
//! The reader of schemas below knows exactly the words that the description uses: a new word fails until it is taught.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use regex_lite::Regex;
use reqwest::Method;
use reqwest::header::HeaderMap;
use serde_json::Value;

use crate::partner::Partner;
use crate::support::TestApp;

static DESCRIPTION: LazyLock<Value> =
    LazyLock::new(|| serde_json::from_str(partnerships::OPENAPI).expect("the description is JSON"));

fn follow(schema: &Value) -> &Value {
    match schema.get("$ref").and_then(Value::as_str) {
        Some(reference) => {
            let pointer = reference.strip_prefix('#').expect("a reference inside");
            let found = DESCRIPTION
                .pointer(pointer)
                .unwrap_or_else(|| panic!("{reference} leads nowhere"));
            follow(found)
        }
        None => schema,
    }
}

/// What in `value` does not fit `schema`; empty when all does.
fn misfits(schema: &Value, value: &Value, place: &str) -> Vec<String> {
    let schema = follow(schema).as_object().expect("a schema is an object");
    let mut found = Vec::new();
    let mut say = |what: String| found.push(format!("{place}: {what}"));
    for (word, rule) in schema {
        match word.as_str() {
            "description" | "items" | "required" | "properties" | "additionalProperties" => {}
            "type" => {
                let fits = match rule.as_str().expect("a type") {
                    "object" => value.is_object(),
                    "array" => value.is_array(),
                    "string" => value.is_string(),
                    "integer" => value.is_i64() || value.is_u64(),
                    other => panic!("the type {other} is not taught"),
                };
                if !fits {
                    say(format!("is no {rule}"));
                }
            }
            "enum" => {
                if !rule.as_array().expect("a list").contains(value) {
                    say("is none of the words".to_owned());
                }
            }
            "pattern" => {
                let pattern = Regex::new(rule.as_str().expect("a pattern")).expect("a good pattern");
                if !value.as_str().is_some_and(|text| pattern.is_match(text)) {
                    say(format!("does not match {rule}"));
                }
            }
            "minLength" | "maxLength" | "minItems" | "minimum" | "maximum" => {
                let bound = rule.as_u64().expect("a bound");
                let size = match value {
                    Value::String(text) => text.chars().count() as u64,
                    Value::Array(items) => items.len() as u64,
                    other => other.as_u64().unwrap_or_default(),
                };
                let fits = if word.starts_with("min") {
                    size >= bound
                } else {
                    size <= bound
                };
                if !fits {
                    say(format!("{word} is {bound}"));
                }
            }
            "oneOf" => {
                let choices = rule.as_array().expect("a list");
                let fitting = choices
                    .iter()
                    .filter(|choice| misfits(choice, value, place).is_empty())
                    .count();
                if fitting != 1 {
                    say(format!("fits {fitting} of the choices"));
                }
            }
            other => panic!("the word {other} is not taught"),
        }
    }
    let empty = serde_json::Map::new();
    let known = schema
        .get("properties")
        .and_then(Value::as_object)
        .unwrap_or(&empty);
    if let Some(object) = value.as_object() {
        for name in schema
            .get("required")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
        {
            if !object.contains_key(name.as_str().expect("a name")) {
                found.push(format!("{place}: {name} is missing"));
            }
        }
        for (name, inner) in object {
            match known.get(name) {
                Some(schema) => found.extend(misfits(schema, inner, &format!("{place}/{name}"))),
                None if schema.get("additionalProperties") == Some(&Value::Bool(false)) => {
                    found.push(format!("{place}: {name} is not described"));
                }
                None => {}
            }
        }
    }
    if let (Some(items), Some(schema)) = (value.as_array(), schema.get("items")) {
        for (at, item) in items.iter().enumerate() {
            found.extend(misfits(schema, item, &format!("{place}/{at}")));
        }
    }
    found
}

/// Holds an answer to the description of its operation.
#[track_caller]
pub(crate) fn check_answer(operation: (&str, &str), status: u16, headers: &HeaderMap, body: &Value) {
    let (method, path) = operation;
    let described = &DESCRIPTION["paths"][path][method]["responses"][status.to_string()];
    assert!(
        described.is_object(),
        "{method} {path} does not describe {status}: {body}"
    );
    let media = headers["content-type"].to_str().expect("a text");
    let schema = &described["content"][media]["schema"];
    assert!(
        schema.is_object(),
        "{method} {path} {status} does not describe {media}"
    );
    assert_eq!(misfits(schema, body, ""), Vec::<String>::new(), "{body}");
    for (name, header) in described["headers"].as_object().into_iter().flatten() {
        if header["required"] == Value::Bool(true) {
            assert!(
                headers.contains_key(name.to_ascii_lowercase()),
                "{status} without {name}"
            );
        }
    }
    if status >= 400 {
        assert_eq!(body["status"], status);
        let reason = body["reason"].as_str().expect("a reason");
        let example = reason.to_ascii_lowercase().replace('_', "-");
        let examples = &described["content"][media]["examples"];
        assert!(
            examples[&example].is_object(),
            "{method} {path} does not show {reason} under {status}"
        );
    }
}

fn operations() -> Vec<(String, String, &'static Value)> {
    let paths = DESCRIPTION["paths"].as_object().expect("paths");
    paths
        .iter()
        .flat_map(|(path, operations)| {
            let operations = operations.as_object().expect("operations");
            operations
                .iter()
                .map(|(method, operation)| (method.to_uppercase(), path.clone(), operation))
        })
        .collect()
}

#[test]
fn the_description_lists_exactly_the_routes() {
    let described: BTreeSet<(String, String)> = operations()
        .into_iter()
        .map(|(method, path, _)| (method, path))
        .collect();
    let served: BTreeSet<(String, String)> = partnerships::ROUTES
        .iter()
        .map(|(method, path)| ((*method).to_owned(), (*path).to_owned()))
        .collect();
    assert_eq!(described, served);
    assert_eq!(DESCRIPTION["openapi"], "3.1.0");
}

#[test]
fn every_example_fits_its_schema_and_every_refusal_has_one() {
    let mut statuses = BTreeSet::new();
    for (method, path, operation) in operations() {
        let mut contents: Vec<(String, &Value)> = Vec::new();
        if let Some(body) = operation.get("requestBody") {
            contents.push((format!("{method} {path} request"), &body["content"]));
        }
        for (status, response) in operation["responses"].as_object().expect("responses") {
            contents.push((format!("{method} {path} {status}"), &response["content"]));
        }
        for (place, content) in contents {
            for (media, described) in content.as_object().expect("a content") {
                let examples = described.get("examples").and_then(Value::as_object);
                if media == "application/problem+json" {
                    assert!(
                        examples.is_some_and(|list| !list.is_empty()),
                        "{place} has no example"
                    );
                    statuses.insert(place.rsplit(' ').next().expect("a status").to_owned());
                }
                for (name, example) in examples.into_iter().flatten() {
                    let value = &example["value"];
                    assert_eq!(
                        misfits(&described["schema"], value, ""),
                        Vec::<String>::new(),
                        "{place} {name}"
                    );
                    if media == "application/problem+json" {
                        assert!(place.ends_with(&value["status"].to_string()), "{place} {name}");
                        let shown = value["reason"].as_str().expect("a reason");
                        assert_eq!(*name, shown.to_ascii_lowercase().replace('_', "-"));
                    }
                }
            }
        }
    }
    for status in ["400", "401", "403", "404", "409", "422", "429"] {
        assert!(statuses.contains(status), "{status} is described nowhere");
    }
}

#[test]
fn every_operation_but_the_description_s_own_asks_for_a_scope() {
    for (method, path, operation) in operations() {
        let security = operation["security"].as_array().expect("security is said");
        assert_eq!(
            security.is_empty(),
            path.ends_with("openapi.json"),
            "{method} {path}"
        );
    }
}

#[test]
fn a_schema_reader_that_reads_nothing_would_fail_here() {
    let schema = &DESCRIPTION["components"]["schemas"]["Verification"];
    let good = serde_json::json!({ "result": "not_valid", "verification_id": "01936f2c-7b00-7000-8000-00000000000a" });
    assert!(misfits(schema, &good, "").is_empty());
    for (field, value) in [("result", "perhaps"), ("verification_id", "1"), ("name", "x")] {
        let mut bad = good.clone();
        bad[field] = value.into();
        assert!(!misfits(schema, &bad, "").is_empty(), "{field}");
    }
}

#[tokio::test]
async fn the_running_gateway_serves_the_description_and_every_route_of_it() {
    let app = TestApp::start().await;
    let nobody = Partner::with_token(&app, String::new());
    let path = "/partner/v1/openapi.json";
    let served = nobody.send(("get", path), nobody.bare(Method::GET, path)).await;
    assert_eq!(served.body, *DESCRIPTION);
    for (method, path) in partnerships::ROUTES.iter().skip(1) {
        let asked = path.replace("{redemption_id}", "01936f2c-7b00-7000-8000-00000000000a");
        let request = nobody.bare(method.parse().expect("a method"), &asked);
        let answer = nobody.send((&method.to_lowercase(), path), request).await;
        assert_eq!(
            (answer.status, answer.reason()),
            (401, "TOKEN_REFUSED"),
            "{method} {path}"
        );
    }
    app.finish().await;
}
