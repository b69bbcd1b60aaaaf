//! Coverage by registry: what a contract, a queue, a subscriber or a refusal names must also be tested, written down or said in words.
//! Forgetting one fails here; whether the test or the sentence is a good one is for the reviewer.

use std::collections::{BTreeMap, BTreeSet};

use regex_lite::Regex;

use crate::tree::{file, files, none, section, service_names, written};

/// Refusals that no page can cause, or that a page answers without a sentence: a caller's program is at fault, or the whole page says it.
const WITHOUT_A_SENTENCE: &[&str] = &[
    // The portal's own calls: ids, pages, streams and fields that it fills itself.
    "AGE_INVALID",
    "AUDIENCE_UNKNOWN",
    "BANK_ACCOUNT_ANSWER",
    "BANK_ACCOUNT_ID",
    "CHUNK_EXPECTED",
    "DOCUMENT_CLASS_UNKNOWN",
    "FORM_UNKNOWN",
    "ID_MALFORMED",
    "ITEM_TARGET",
    "LOCALE_UNKNOWN",
    "OPENING_MISSING",
    "PAPER_CLASS",
    "PAPER_TYPE",
    "PAPER_UNKNOWN",
    "MESSAGE_MALFORMED",
    "PAGE_SIZE_INVALID",
    "PAGE_TOKEN_INVALID",
    "PERSON_ID",
    "QUEUE_MISSING",
    "REASON_MISSING",
    "REQUEST_MALFORMED",
    "SECOND_FACTOR_NOT_ASKED",
    "TOO_MANY_IDS",
    // The office's own forms and addresses: each is checked before it is sent.
    "AGE_INVALID",
    "APPLICATION_ID_MALFORMED",
    "CAUSE_MISSING",
    "ITEM_REPEATED",
    "ITEM_TARGET",
    "OPENING_REASON_MISSING",
    "OPINION_MISSING",
    "PAGE_TOKEN_MALFORMED",
    "QUEUE_MISSING",
    "RECOMMENDATION_MISSING",
    "REQUEST_NUMBER",
    "STEP_MISSING",
    "VERDICT_MISSING",
    // The operator's command line and the demonstration's loader.
    "ADMINISTRATOR_EXISTS",
    "CLIENT_DISABLED",
    "CLIENT_NAME_TAKEN",
    "CLIENT_NOT_FOUND",
    "KIND_UNKNOWN",
    "NAME_FORMAT",
    "NAME_REQUIRED",
    "OVERLAP_TOO_LONG",
    "SCOPE_FORMAT",
    "SCOPE_RESERVED",
    "SCOPES_REQUIRED",
    "BAD_ID",
    "BAD_OPENING",
    "BAD_STREAM",
    "DEMO_TIME_REFUSED",
    "HEADER_MISMATCH",
    "IMPORT_RUNNING",
    "IMPORT_SILENT",
    "LOGIN_TAKEN",
    // The operator's partners and agreements.
    "AGES_INVALID",
    "AGREEMENT_ENDED",
    "AGREEMENT_INVALID",
    "CATEGORIES_INVALID",
    "CLIENT_ID_INVALID",
    "CLIENT_LINKED_ELSEWHERE",
    "CODE_INVALID",
    "DATE_MALFORMED",
    "DATES_INVALID",
    "DAY_IN_THE_PAST",
    "NAME_INVALID",
    "PARTNER_EXISTS",
    "PERCENT_INVALID",
    "POSITIONS_INVALID",
    "TERMS_MISSING",
    // Fields of partners' systems, who read docs/partners.md and openapi.json.
    "AMOUNT_INVALID",
    "CODE_MALFORMED",
    "COUNTER_UNKNOWN",
    "IN_FUTURE",
    "INSTANT_MALFORMED",
    "OFFER_UNKNOWN",
    "OUTSIDE_ANSWER",
    "REFERENCE_INVALID",
    // Pages of their own.
    "LINK_NOT_USABLE",
    "NOT_PERMITTED",
    "SESSION_ENDED",
];

fn pattern(text: &str) -> Regex {
    Regex::new(text).expect("the pattern is well formed")
}

/// `SubmitApplication` as `submit_application`.
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

/// Service and name of every RPC of the contracts.
fn rpcs() -> Vec<(&'static str, String)> {
    let rpc = pattern(r"(?m)^\s*rpc (\w+)\s*\(");
    let mut found = Vec::new();
    for contract in written("proto") {
        let Some(service) = contract
            .path
            .strip_prefix("proto/tadamon/")
            .and_then(|path| path.split('/').next())
        else {
            continue;
        };
        found.extend(
            rpc.captures_iter(&contract.text)
                .map(|name| (service, name[1].to_owned())),
        );
    }
    assert!(found.len() > 20, "the contracts were not found");
    found
}

/// Where a contract is served: a service of its name, or the crate that every service mounts.
fn home(contract: &str) -> String {
    match contract {
        "operations" => "crates/operations".to_owned(),
        service => format!("services/{service}"),
    }
}

#[test]
fn every_rpc_is_called_by_a_test_of_its_service() {
    let mut findings = Vec::new();
    for (service, rpc) in rpcs() {
        let call = pattern(&format!(r"\b{}\(", snake(&rpc)));
        let folder = format!("{}/tests/", home(service));
        if !written("rs").any(|file| file.path.starts_with(&folder) && call.is_match(&file.text)) {
            findings.push(format!("{folder}: nothing calls {rpc}"));
        }
    }
    none(
        &findings,
        "test the RPC through its client in the service's tests/it; a table of refusals alone is not a test of what it does",
    );
}

#[test]
fn every_rpc_stands_under_serves_in_its_services_readme() {
    let mut findings = Vec::new();
    for (service, rpc) in rpcs() {
        let path = format!("{}/README.md", home(service));
        let serves = file(&path).and_then(|readme| section(&readme.text, "## Serves"));
        if !serves.is_some_and(|serves| serves.contains(&rpc)) {
            findings.push(format!("{path}: {rpc} is not under Serves"));
        }
    }
    none(
        &findings,
        "one line under Serves: what it is for and who calls it",
    );
}

#[test]
fn every_event_listened_to_stands_in_the_listeners_readme() {
    let listens = pattern(r"(?s)const EVENTS: [^=]+=\s*&\[(.*?)\];");
    let event = pattern(r#""(?:restricted:)?([a-z]+\.[a-z_]+\.[a-z_]+\.v\d+)""#);
    let mut findings = Vec::new();
    let mut subscribers = 0;
    for service in service_names() {
        let code = format!("services/{service}/src/");
        let path = format!("services/{service}/README.md");
        let said = file(&path)
            .and_then(|readme| section(&readme.text, "## Listens to"))
            .unwrap_or_default();
        for source in written("rs").filter(|file| file.path.starts_with(&code)) {
            for list in listens.captures_iter(&source.text) {
                subscribers += 1;
                for found in event.captures_iter(&list[1]) {
                    if !said.contains(&found[1]) {
                        findings.push(format!(
                            "{path}: `{}` is not under Listens to ({})",
                            &found[1], source.path
                        ));
                    }
                }
            }
        }
    }
    assert!(subscribers >= 3, "the subscribers were not found");
    none(
        &findings,
        "write the full type under Listens to, with what the service does about it",
    );
}

#[test]
fn every_queue_stands_in_its_services_readme() {
    let queue = pattern(r#"(?s)QueueSpec\s*=\s*QueueSpec\s*\{.*?\bname:\s*"([a-z_-]+)""#);
    let mut findings = Vec::new();
    for service in service_names() {
        let code = format!("services/{service}/src/");
        let path = format!("services/{service}/README.md");
        let said = file(&path)
            .and_then(|readme| section(&readme.text, "## Queues"))
            .unwrap_or_default();
        for source in written("rs").filter(|file| file.path.starts_with(&code) && !file.is_test()) {
            for found in queue.captures_iter(&source.text) {
                if !said.contains(&found[1]) {
                    findings.push(format!("{path}: the queue `{}` is not under Queues", &found[1]));
                }
            }
        }
    }
    none(
        &findings,
        "name the queue under Queues: what it carries, what happens to a dead job",
    );
}

/// Reasons that the code of a folder names, with one file that does.
fn reasons(folders: &[String]) -> BTreeMap<String, &'static str> {
    let reason = pattern(r#""([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)""#);
    let mut found = BTreeMap::new();
    for source in written("rs")
        .filter(|file| !file.is_test() && folders.iter().any(|folder| file.path.starts_with(folder)))
    {
        for (_, line) in source.production_lines() {
            // Roster findings are the command line's, names of compile-time variables nobody's.
            if line.contains("env!(") || !line.contains('"') {
                continue;
            }
            for name in reason.captures_iter(&line) {
                found.entry(name[1].to_owned()).or_insert(source.path.as_str());
            }
        }
    }
    found
}

/// What follows `family` in the keys of the portal's texts in a language.
fn said(locale: &str, family: &str) -> BTreeSet<String> {
    let folder = format!("services/portal/locales/{locale}/");
    let texts = files().iter().filter(|file| file.path.starts_with(&folder));
    texts
        .flat_map(|file| file.text.lines())
        .filter_map(|line| line.split(" =").next()?.strip_prefix(family))
        .map(str::to_owned)
        .collect()
}

#[test]
fn a_files_trail_has_words_for_every_duty_that_was_refused_and_every_reason_to_refuse() {
    // Written only on health files, whose trail keeps no reason.
    let unsaid = "opinion-unfavourable";
    let of = |path: &str, code: &str| -> BTreeSet<String> {
        let code = pattern(code);
        let source = file(path).expect("the file is there");
        let codes = source
            .production_lines()
            .into_iter()
            .filter_map(|(_, line)| Some(code.captures(&line)?[1].to_ascii_lowercase().replace('_', "-")));
        codes
            .filter(|code| code != unsaid)
            .chain(["other".to_owned()])
            .collect()
    };
    let review = "services/benefits/src/domain/review";
    let duties = of(
        &format!("{review}/duties.rs"),
        r#"Self::[A-Za-z]+ => "([A-Z_]+)""#,
    );
    let reasons = of(&format!("{review}/refusal.rs"), r#"code: "([a-z_]+)""#);
    assert!(duties.len() > 5 && reasons.len() > 5, "{duties:?} {reasons:?}");
    for locale in ["ar", "fr"] {
        assert_eq!(said(locale, "refused-"), duties, "{locale}: office.ftl");
        assert_eq!(said(locale, "because-"), reasons, "{locale}: office.ftl");
    }
}

#[test]
fn every_refusal_that_a_person_can_cause_has_a_sentence_in_both_languages() {
    let roster = "services/membership/src/domain/roster";
    let folders: Vec<String> = service_names()
        .iter()
        .filter(|service| **service != "portal")
        .map(|service| format!("services/{service}/src/"))
        .collect();
    let caused = reasons(&folders);
    let mut findings = Vec::new();
    for locale in ["ar", "fr"] {
        let said = said(locale, "reason-");
        for (reason, path) in &caused {
            // What is not found is the 404 page, whatever it was.
            let page = reason.ends_with("_NOT_FOUND") || WITHOUT_A_SENTENCE.contains(&reason.as_str());
            let key = reason.to_ascii_lowercase().replace('_', "-");
            if !page && !path.starts_with(roster) && !said.contains(&key) {
                findings.push(format!("{locale}: reason-{key} is missing ({path})"));
            }
        }
    }
    none(
        &findings,
        "write the sentence into the portal's reasons.ftl in both languages: what happened, what to do; or list the reason in this test if no page can cause it",
    );
}
