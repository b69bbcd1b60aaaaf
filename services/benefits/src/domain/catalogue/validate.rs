//! What a catalogue must satisfy beyond its shape. It is checked when the process starts, before a port opens: a catalogue that is
//! wrong somewhere serves nobody.

use std::collections::BTreeSet;

use kernel::{Money, request_number};
use rules::RuleSet;

use super::definition::{AssumedTerms, CeilingUnit, WrittenTerms};
use super::{
    Benefit, Bound, Ceiling, CeilingDef, DeclaredState, Definition, Field, FieldKind, Form, Kind, Text,
};
use crate::domain::rule_facts;

/// The largest paper that documents takes, in bytes.
const LARGEST_PAPER: u64 = 10 * 1024 * 1024;
/// Words of the steps that are the same for every benefit: a typed question of the same name could not be told from them.
const COMMON_STEPS: [&str; 5] = ["bank_account", "person_concerned", "reason", "consent", "papers"];
const DOCUMENT_CLASSES: [&str; 4] = ["health_paper", "identity_paper", "travel_paper", "bank_paper"];

/// Why a catalogue cannot be used.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CatalogueError {
    #[error("catalogue/{file}.toml cannot be read")]
    Unreadable {
        file: String,
        source: Box<toml::de::Error>,
    },
    #[error("catalogue/{file}.toml: {problem}")]
    Wrong { file: String, problem: String },
    #[error("catalogue/{file}.toml: the facts of its rules cannot be declared")]
    Facts {
        file: String,
        source: rules::SchemaError,
    },
    #[error("catalogue/{file}.toml: its rules do not compile")]
    Rules {
        file: String,
        source: Box<rules::CompileErrors>,
    },
}

fn wrong(file: &str, problem: impl Into<String>) -> CatalogueError {
    CatalogueError::Wrong {
        file: file.to_owned(),
        problem: problem.into(),
    }
}

/// What one file must satisfy by itself.
pub(super) fn alone(file: &str, definition: &Definition) -> Result<(), CatalogueError> {
    if definition.code != file {
        return Err(wrong(file, "code is not the file's name"));
    }
    said(file, "title", &definition.title)?;
    said(file, "summary", &definition.summary)?;
    if let Some(description) = &definition.description {
        said(file, "description", description)?;
    }
    if let Some(code) = &definition.request_code
        && !request_number::is_code(code)
    {
        return Err(wrong(
            file,
            "request_code is not words of Latin letters joined by underscores",
        ));
    }
    if definition.opens_on.is_some() && definition.state != DeclaredState::Planned {
        return Err(wrong(file, "opens_on is for a planned service"));
    }
    written(file, &definition.terms.written)?;
    assumed(file, &definition.terms.assumed)?;
    form(file, definition)?;
    for_agents(file, definition)?;
    if definition.state == DeclaredState::Open {
        can_be_had(file, definition)?;
    }
    Ok(())
}

fn said(file: &str, key: &str, text: &Text) -> Result<(), CatalogueError> {
    if text.ar.trim().is_empty() || text.fr.trim().is_empty() {
        return Err(wrong(file, format!("{key} is not said in both languages")));
    }
    // A sentence in the wrong script is a pasting slip that no reader of the other language would notice.
    if !text.ar.chars().any(|c| ('\u{0600}'..='\u{06FF}').contains(&c)) {
        return Err(wrong(file, format!("{key}.ar has no Arabic letter")));
    }
    if text.fr.contains("{insurer}") || text.ar.contains("{insurer}") {
        return Err(wrong(file, format!("{key} leaves the insurer unnamed")));
    }
    Ok(())
}

fn for_agents(file: &str, definition: &Definition) -> Result<(), CatalogueError> {
    let conditions = definition.rules.iter().flat_map(|rules| &rules.conditions);
    let known: BTreeSet<&str> = conditions.map(|condition| condition.code.as_str()).collect();
    for (code, text) in &definition.for_agents {
        if !known.contains(code.as_str()) {
            return Err(wrong(
                file,
                format!("for_agents.{code} is no condition of the rules"),
            ));
        }
        said(file, &format!("for_agents.{code}"), text)?;
    }
    Ok(())
}

fn written(file: &str, terms: &WrittenTerms) -> Result<(), CatalogueError> {
    if terms.sources.is_empty() {
        return Err(wrong(file, "terms.written.sources names no document"));
    }
    let texts = [
        &terms.applicant,
        &terms.for_whom,
        &terms.conditions,
        &terms.amount_mad,
        &terms.percent,
        &terms.ceiling,
        &terms.frequency,
        &terms.duration,
        &terms.documents,
        &terms.channel,
        &terms.period,
    ];
    if texts
        .into_iter()
        .flatten()
        .chain(&terms.sources)
        .any(|text| text.trim().is_empty())
    {
        return Err(wrong(
            file,
            "terms.written has an empty text; leave the key out instead",
        ));
    }
    if let (Some(from), Some(to)) = (terms.age_min, terms.age_max)
        && from > to
    {
        return Err(wrong(file, "terms.written.age_min is above age_max"));
    }
    if terms.processed_files == Some(0) {
        return Err(wrong(
            file,
            "terms.written.processed_files is zero; leave the key out instead",
        ));
    }
    Ok(())
}

fn assumed(file: &str, terms: &AssumedTerms) -> Result<(), CatalogueError> {
    let texts = terms.applicant.iter().chain(&terms.for_whom).chain(&terms.rules);
    if texts.into_iter().any(|text| text.trim().is_empty()) {
        return Err(wrong(file, "terms.assumed has an empty text"));
    }
    Ok(())
}

fn form(file: &str, definition: &Definition) -> Result<(), CatalogueError> {
    let Some(form) = &definition.form else {
        return Ok(());
    };
    if form.persons_concerned.is_empty() {
        return Err(wrong(file, "form.persons_concerned is empty"));
    }
    said(file, "form.amount_text", &form.amount_text)?;
    for step in &form.next_steps {
        said(file, "form.next_steps", step)?;
    }
    unique(
        file,
        "form.reasons",
        form.reasons.iter().map(|reason| reason.code.as_str()),
    )?;
    for reason in &form.reasons {
        said(file, "form.reasons.label", &reason.label)?;
        said(file, "form.reasons.hint", &reason.hint)?;
    }
    pages(file, form)?;
    if form.granted_once && !form.fields().any(|field| field.tells_requests_apart) {
        return Err(wrong(
            file,
            "form.granted_once without a question that tells requests apart: one grant would end all",
        ));
    }
    if let Some(code) = &form.workplace_on
        && !required_date(form, code)
    {
        return Err(wrong(
            file,
            "form.workplace_on names no required date of the form",
        ));
    }
    unique(
        file,
        "form.papers",
        form.papers.iter().map(|paper| paper.code.as_str()),
    )?;
    for paper in &form.papers {
        said(file, "form.papers.label", &paper.label)?;
        said(file, "form.papers.hint", &paper.hint)?;
        if !DOCUMENT_CLASSES.contains(&paper.document_class.as_str()) {
            return Err(wrong(
                file,
                format!(
                    "form.papers.document_class is none of {}",
                    DOCUMENT_CLASSES.join(", ")
                ),
            ));
        }
        if paper.media_types.is_empty() || paper.max_bytes == 0 || paper.max_bytes > LARGEST_PAPER {
            return Err(wrong(
                file,
                "form.papers takes no file, or larger ones than the platform takes",
            ));
        }
        if paper.document_class == "health_paper"
            && (form.consent.is_none() || !definition.handles_health_data)
        {
            return Err(wrong(
                file,
                "a health paper is asked for without consent, or by a service that does not declare health data",
            ));
        }
    }
    if let Some(consent) = &form.consent {
        if consent.version.trim().is_empty() {
            return Err(wrong(file, "form.consent.version is empty"));
        }
        for text in [
            &consent.purpose,
            &consent.readers,
            &consent.retention,
            &consent.statement,
        ] {
            said(file, "form.consent", text)?;
        }
    }
    Ok(())
}

fn required_date(form: &Form, code: &str) -> bool {
    form.fields()
        .any(|field| field.code == code && field.required && matches!(field.kind, FieldKind::Date { .. }))
}

/// Codes name addresses, form fields and answers: lower-case words, unique in the whole form.
fn pages(file: &str, form: &Form) -> Result<(), CatalogueError> {
    unique(
        file,
        "form.pages",
        form.pages.iter().map(|page| page.code.as_str()),
    )?;
    unique(
        file,
        "form.pages.fields",
        form.fields().map(|field| field.code.as_str()),
    )?;
    for page in &form.pages {
        word(file, &page.code)?;
        said(file, "form.pages.title", &page.title)?;
        if page.fields.is_empty() {
            return Err(wrong(file, format!("page {} asks nothing", page.code)));
        }
        for field in &page.fields {
            one_field(file, field, &page.fields)?;
        }
    }
    Ok(())
}

fn one_field(file: &str, field: &Field, page: &[Field]) -> Result<(), CatalogueError> {
    word(file, &field.code)?;
    said(file, "form.pages.fields.label", &field.label)?;
    if let Some(hint) = &field.hint {
        said(file, "form.pages.fields.hint", hint)?;
    }
    if let Some(start) = &field.not_before {
        let is_date = |field: &Field| matches!(field.kind, FieldKind::Date { .. });
        let earlier = page.iter().take_while(|other| other.code != field.code);
        if !is_date(field)
            || !earlier
                .into_iter()
                .any(|other| other.code == *start && is_date(other))
        {
            return Err(wrong(
                file,
                format!(
                    "field {}: not_before names no earlier date of the same page",
                    field.code
                ),
            ));
        }
    }
    if let Some(other) = &field.other_than {
        let mut earlier = page.iter().take_while(|known| known.code != field.code);
        if !earlier.any(|known| known.code == *other && known.kind.fact_type() == field.kind.fact_type()) {
            return Err(wrong(
                file,
                format!(
                    "field {}: other_than names no earlier question of the same page and kind",
                    field.code
                ),
            ));
        }
    }
    if field.tells_requests_apart && !field.required {
        return Err(wrong(
            file,
            format!("field {}: what tells requests apart is required", field.code),
        ));
    }
    Ok(())
}

fn word(file: &str, code: &str) -> Result<(), CatalogueError> {
    let is_word = code.starts_with(|c: char| c.is_ascii_lowercase())
        && code
            .chars()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
    if !is_word || COMMON_STEPS.contains(&code) {
        return Err(wrong(
            file,
            format!(
                "{code:?} is not a code of a page or field: lower-case letters, digits, underscores, and no common step"
            ),
        ));
    }
    Ok(())
}

/// Who is offered a service is told how to have it: by a request, or by what its page says.
fn can_be_had(file: &str, definition: &Definition) -> Result<(), CatalogueError> {
    if definition.kind == Kind::PartnerDiscount && definition.form.is_none() {
        return match definition.description {
            Some(_) => Ok(()),
            None => Err(wrong(
                file,
                "an open reduction of a partner needs a description: how one has it",
            )),
        };
    }
    let missing = match (&definition.form, &definition.rules, &definition.request_code) {
        (None, _, _) => "form",
        (_, None, _) => "rules",
        (_, _, None) => "request_code",
        (Some(form), Some(_), Some(_)) if form.next_steps.is_empty() => "form.next_steps",
        (Some(_), Some(_), Some(_)) => return requested(file, definition),
    };
    Err(wrong(file, format!("an open service needs {missing}")))
}

fn requested(file: &str, definition: &Definition) -> Result<(), CatalogueError> {
    if definition.kind.is_requested() {
        Ok(())
    } else {
        Err(wrong(
            file,
            "this kind of service takes no requests: it cannot be open",
        ))
    }
}

fn unique<'a>(file: &str, key: &str, codes: impl Iterator<Item = &'a str>) -> Result<(), CatalogueError> {
    let mut seen = BTreeSet::new();
    for code in codes {
        if code.is_empty() || !seen.insert(code) {
            return Err(wrong(file, format!("{key} has an empty or repeated code")));
        }
    }
    Ok(())
}

/// Types the rules against the facts that this service can provide.
pub(super) fn compile(file: &str, definition: &Definition) -> Result<Option<RuleSet>, CatalogueError> {
    let Some(rules) = &definition.rules else {
        return Ok(None);
    };
    let schema = rule_facts::schema(definition).map_err(|source| CatalogueError::Facts {
        file: file.to_owned(),
        source,
    })?;
    RuleSet::compile(rules.clone(), &schema)
        .map(Some)
        .map_err(|source| CatalogueError::Rules {
            file: file.to_owned(),
            source: Box::new(source),
        })
}

/// Reads the bound, one at most.
pub(super) fn ceiling(
    file: &str,
    definition: &Definition,
    rules: Option<&RuleSet>,
) -> Result<Option<Ceiling>, CatalogueError> {
    if definition.ceilings.len() > 1 {
        return Err(wrong(file, "more than one ceiling"));
    }
    let Some(def) = definition.ceilings.first() else {
        return Ok(None);
    };
    if def.code.is_empty() {
        return Err(wrong(file, "a ceiling has no code"));
    }
    // A bound that no condition reads would refuse without a sentence.
    let fact = rule_facts::ceiling_fact(def.unit);
    if !rules.is_some_and(|rules| rules.facts_named().any(|named| named == fact)) {
        return Err(wrong(
            file,
            format!("no rule reads {fact}: its ceiling would refuse without a reason"),
        ));
    }
    if let Some(code) = &def.year_of
        && !definition.form.iter().any(|form| required_date(form, code))
    {
        return Err(wrong(
            file,
            "the ceiling's year_of names no required date of the form",
        ));
    }
    Ok(Some(Ceiling {
        code: def.code.clone(),
        per: def.per,
        bound: bound(def).ok_or_else(|| {
            wrong(
                file,
                "the ceiling's limit is not an amount, or number of uses, above zero",
            )
        })?,
        year_of: def.year_of.clone(),
    }))
}

fn bound(def: &CeilingDef) -> Option<Bound> {
    let super::definition::CeilingPeriod::CalendarYear = def.period;
    match def.unit {
        CeilingUnit::Money => Money::parse(&def.limit)
            .ok()
            .filter(|limit| *limit > Money::ZERO)
            .map(Bound::Money),
        CeilingUnit::Uses => def
            .limit
            .parse::<u32>()
            .ok()
            .filter(|limit| *limit > 0)
            .map(|limit| Bound::Uses(limit.into())),
    }
}

/// What the files must satisfy together.
pub(super) fn together(benefits: &[Benefit]) -> Result<(), CatalogueError> {
    let mut codes = BTreeSet::new();
    let mut orders = BTreeSet::new();
    let mut request_codes = BTreeSet::new();
    let mut ceilings = BTreeSet::new();
    for benefit in benefits {
        let file = benefit.code();
        if !codes.insert(file) {
            return Err(wrong(file, "code is another service's"));
        }
        if !orders.insert(benefit.definition().order) {
            return Err(wrong(file, "order is another service's"));
        }
        if let Some(code) = &benefit.definition().request_code
            // Case does not tell two codes apart: neither a person nor a sequence's name can.
            && !request_codes.insert(code.to_lowercase())
        {
            return Err(wrong(file, "request_code is another service's"));
        }
        for ceiling in &benefit.definition().ceilings {
            if !ceilings.insert(ceiling.code.as_str()) {
                return Err(wrong(file, "the ceiling's code is another service's"));
            }
        }
    }
    Ok(())
}

/// What an installation's own definition must satisfy to be offered instead of the shipped one. What was kept under the shipped one is read
/// under the other: decisions by the version of their rules, ceilings by their code, open files by who examines them, paid requests by what
/// tells them apart, answers by the codes of reasons, papers and fields.
pub(super) fn instead(shipped: &Benefit, own: &Benefit) -> Result<(), CatalogueError> {
    let refused = |why: String| {
        let why = format!("it replaces the release's own definition: {why}");
        Err(wrong(own.code(), why))
    };
    if let Some(shipped) = shipped.rules().map(RuleSet::version)
        && own.rules().is_none_or(|own| own.version() <= shipped)
    {
        return refused(format!("rules.version must be above {shipped}"));
    }
    let health = shipped.is_restricted();
    if health != own.is_restricted() && (health || shipped.form().is_some()) {
        return refused(format!("handles_health_data must stay {health}"));
    }
    if let Some(form) = shipped.form() {
        let Some(own_form) = own.form().filter(|_| own.definition().request_code.is_some()) else {
            return refused("form and request_code must stay, for requests that are open".to_owned());
        };
        if apart(form) != apart(own_form) || form.granted_once != own_form.granted_once {
            return refused(format!(
                "granted_once must stay {} and tells_requests_apart with these fields alone: {}; a request that was paid is known again by them",
                form.granted_once,
                apart(form).join(", ")
            ));
        }
        if !reasons(own_form).starts_with(&reasons(form)) {
            let first = reasons(form).join(", ");
            return refused(format!(
                "form.reasons must begin with {first}, in this order: a request names its reason, and a health file by its place"
            ));
        }
        let own_asks = asks(own_form);
        if let Some((what, code)) = asks(form).into_iter().find(|asked| !own_asks.contains(asked)) {
            return refused(format!(
                "the {what} {code} must stay in the form: requests have it"
            ));
        }
    }
    let unit_of = |code: &str| {
        let mut ceilings = shipped.definition().ceilings.iter();
        ceilings
            .find(|ceiling| ceiling.code == code)
            .map(|ceiling| ceiling.unit)
    };
    for ceiling in &own.definition().ceilings {
        if unit_of(&ceiling.code).is_some_and(|unit| unit != ceiling.unit) {
            return refused("a ceiling with another unit needs another code".to_owned());
        }
    }
    Ok(())
}

fn reasons(form: &Form) -> Vec<&str> {
    form.reasons.iter().map(|reason| reason.code.as_str()).collect()
}

/// Papers and fields of the form, each with what it is.
fn asks(form: &Form) -> Vec<(&'static str, &str)> {
    let papers = form.papers.iter().map(|paper| ("paper", paper.code.as_str()));
    let fields = form.fields().map(|field| ("field", field.code.as_str()));
    papers.chain(fields).collect()
}

/// What tells two requests for one person apart, in the order in which the form asks for it.
fn apart(form: &Form) -> Vec<&str> {
    let fields = form.fields().filter(|field| field.tells_requests_apart);
    fields.map(|field| field.code.as_str()).collect()
}
