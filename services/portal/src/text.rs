//! The words of the pages: Fluent files of both languages, embedded. A missing key never breaks a page: it shows the key, and a test makes sure
//! that no key is missing. No sentence is written in Rust or in a template.

use std::borrow::Cow;
use std::fmt::Display;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use kernel::Locale;
use unic_langid::langid;

const AR: &[&str] = &[
    include_str!("../locales/ar/common.ftl"),
    include_str!("../locales/ar/public.ftl"),
    include_str!("../locales/ar/space.ftl"),
    include_str!("../locales/ar/request.ftl"),
    include_str!("../locales/ar/office.ftl"),
    include_str!("../locales/ar/reasons.ftl"),
];
const FR: &[&str] = &[
    include_str!("../locales/fr/common.ftl"),
    include_str!("../locales/fr/public.ftl"),
    include_str!("../locales/fr/space.ftl"),
    include_str!("../locales/fr/request.ftl"),
    include_str!("../locales/fr/office.ftl"),
    include_str!("../locales/fr/reasons.ftl"),
];

/// One named value inside a sentence.
pub(crate) enum Arg {
    /// A text that is shown as it is: a name, a code, a date.
    Text(String),
    /// A number that chooses the plural form.
    Count(i64),
}

/// All sentences of both languages.
pub(crate) struct Texts {
    ar: FluentBundle<FluentResource>,
    fr: FluentBundle<FluentResource>,
}

impl Texts {
    /// Reads the embedded files.
    ///
    /// # Errors
    /// The first message that is not Fluent, or a key given twice.
    pub(crate) fn load() -> anyhow::Result<Self> {
        let mut ar = bundle(langid!("ar-MA"), AR)?;
        // In Arabic a value (a code, a file name, an e-mail address) keeps its own direction inside the sentence.
        ar.set_use_isolating(true);
        let mut fr = bundle(langid!("fr-MA"), FR)?;
        fr.set_use_isolating(false);
        Ok(Self { ar, fr })
    }

    fn bundle(&self, locale: Locale) -> &FluentBundle<FluentResource> {
        match locale {
            Locale::Ar => &self.ar,
            Locale::Fr => &self.fr,
        }
    }

    /// Whether there is such a sentence.
    pub(crate) fn has(&self, key: &str) -> bool {
        self.ar.has_message(key)
    }

    /// The sentence without values.
    pub(crate) fn get(&self, locale: Locale, key: &str) -> String {
        self.format(locale, key, None)
    }

    /// The sentence with its values.
    pub(crate) fn with(&self, locale: Locale, key: &str, values: &[(&str, Arg)]) -> String {
        let mut args = FluentArgs::new();
        for (name, value) in values {
            let value = match value {
                Arg::Text(text) => FluentValue::from(text.as_str()),
                Arg::Count(count) => FluentValue::from(*count),
            };
            args.set(*name, value);
        }
        self.format(locale, key, Some(&args))
    }

    fn format(&self, locale: Locale, key: &str, args: Option<&FluentArgs<'_>>) -> String {
        let bundle = self.bundle(locale);
        let Some(pattern) = bundle.get_message(key).and_then(|message| message.value()) else {
            tracing::error!(text.key = key, "a sentence is missing");
            return key.to_owned();
        };
        let mut errors = Vec::new();
        let text: Cow<'_, str> = bundle.format_pattern(pattern, args, &mut errors);
        if !errors.is_empty() {
            tracing::error!(text.key = key, "a sentence lacks one of its values");
        }
        text.into_owned()
    }
}

/// Between the members of a list inside a line.
pub(crate) fn comma(locale: Locale) -> &'static str {
    match locale {
        Locale::Ar => "، ",
        Locale::Fr => ", ",
    }
}

/// A text value.
pub(crate) fn text(value: impl Display) -> Arg {
    Arg::Text(value.to_string())
}

fn bundle(
    language: unic_langid::LanguageIdentifier,
    files: &[&str],
) -> anyhow::Result<FluentBundle<FluentResource>> {
    let mut bundle = FluentBundle::new_concurrent(vec![language]);
    for file in files {
        let resource = FluentResource::try_new((*file).to_owned())
            .map_err(|(_, errors)| anyhow::anyhow!("a Fluent file cannot be read: {errors:?}"))?;
        bundle
            .add_resource(resource)
            .map_err(|errors| anyhow::anyhow!("a Fluent key is given twice: {errors:?}"))?;
    }
    Ok(bundle)
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use fluent_syntax::ast::{Entry, Expression, InlineExpression, Pattern, PatternElement};
    use fluent_syntax::parser::parse;

    use super::*;

    /// Key -> names of the values that the sentence uses.
    fn keys(files: &[&str]) -> BTreeMap<String, BTreeSet<String>> {
        let mut keys = BTreeMap::new();
        for file in files {
            for entry in parse(*file).expect("the files are Fluent").body {
                let Entry::Message(message) = entry else { continue };
                let mut values = BTreeSet::new();
                collect(
                    message.value.as_ref().expect("every key has a sentence"),
                    &mut values,
                );
                assert!(
                    keys.insert(message.id.name.to_owned(), values).is_none(),
                    "{} is given twice",
                    message.id.name
                );
            }
        }
        keys
    }

    fn collect(pattern: &Pattern<&str>, values: &mut BTreeSet<String>) {
        for element in &pattern.elements {
            let PatternElement::Placeable { expression } = element else {
                continue;
            };
            let inline = match expression {
                Expression::Inline(inline) => inline,
                Expression::Select { selector, variants } => {
                    variants
                        .iter()
                        .for_each(|variant| collect(&variant.value, values));
                    selector
                }
            };
            if let InlineExpression::VariableReference { id } = inline {
                values.insert(id.name.to_owned());
            }
        }
    }

    #[test]
    fn both_languages_have_the_same_keys_with_the_same_values() {
        assert_eq!(keys(AR), keys(FR));
    }

    #[test]
    fn every_key_that_a_template_or_a_page_uses_exists_and_none_is_left_over() {
        let known = keys(FR);
        let call =
            regex_lite::Regex::new(r#"\b(?:t|t1|t2|tn|say|say1|sayn|heading)\(\s*"([a-z0-9-]+)""#).unwrap();
        let literal = regex_lite::Regex::new(r#""([a-z0-9]+(?:-[a-z0-9]+)+|[a-z]+)""#).unwrap();
        let mut used = BTreeSet::new();
        let mut named = BTreeSet::new();
        for folder in ["src", "templates"] {
            for file in walkdir::WalkDir::new(format!("{}/{folder}", env!("CARGO_MANIFEST_DIR"))) {
                let file = file.unwrap();
                if !file.file_type().is_file() {
                    continue;
                }
                let content = std::fs::read_to_string(file.path()).unwrap();
                for found in call.captures_iter(&content) {
                    used.insert(found[1].to_owned());
                }
                for found in literal.captures_iter(&content) {
                    named.insert(found[1].to_owned());
                }
            }
        }
        let missing: Vec<_> = used.iter().filter(|key| !known.contains_key(*key)).collect();
        assert!(missing.is_empty(), "no sentence for {missing:?}");
        // Families of keys whose last part comes from a table or from a backend's stable word.
        let families = [
            "reason-",
            "state-",
            "family-",
            "position-",
            "step-",
            "timeline-",
            "scan-",
            "error-",
            "baton-",
            "relation-",
            "queue-",
            "turn-",
            "audit-",
            "opening-",
            "cause-",
            "done-",
            "changed-",
            "refused-",
            "because-",
            "role-",
            "role-note-",
            "actor-",
            "assigned-",
            "closing-",
            "identification-",
            "desk-cause-",
            "agent-state-",
            "for-whom-",
        ];
        let left_over: Vec<_> = known
            .keys()
            .filter(|key| !named.contains(*key) && !families.iter().any(|family| key.starts_with(family)))
            .collect();
        assert!(left_over.is_empty(), "nobody uses {left_over:?}");
    }

    #[test]
    fn french_is_set_as_french_is_and_says_one_word_for_one_thing() {
        for line in FR
            .iter()
            .flat_map(|file| file.lines())
            .filter(|line| !line.starts_with('#'))
        {
            for sign in [" :", " ;", " ?", " !", "« ", " »"] {
                assert!(
                    !line.contains(sign),
                    "a line may break before or after a sign: {line}"
                );
            }
            assert!(!line.contains("courriel"), "it is an e-mail everywhere: {line}");
        }
    }

    #[test]
    fn a_value_in_an_arabic_sentence_is_isolated_so_that_it_is_never_reversed() {
        let texts = Texts::load().unwrap();
        let sentence = texts.with(Locale::Ar, "file-number-of", &[("number", text("13/Col_E/2019"))]);
        assert!(sentence.contains("\u{2068}13/Col_E/2019\u{2069}"), "{sentence}");
    }
}
