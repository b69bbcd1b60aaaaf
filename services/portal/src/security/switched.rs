//! What the address of a page keeps when its reader switches the language: the portal's own few parameters, each in its own form. Everything else
//! is dropped without a word.

use kernel::Locale;

use super::{kept, next};
use crate::fields::Fields;

/// Longest sealed text or page mark that is passed on.
const MAX: usize = 6_000;

/// Where an office's page was come from: the list with its filters, and the paper that is open.
const LIST: [&str; 6] = ["queue", "benefit", "assigned", "number", "age", "paper"];

/// What an office's page was come from, as its address says it; empty of a page that was opened by itself.
pub(crate) fn own(query: &Fields) -> String {
    let mut pairs = form_urlencoded::Serializer::new(String::new());
    for name in LIST {
        let value = query.get(name);
        // A request number has slashes.
        if is_plain(value) || (name == "number" && is_plain(&value.replace('/', "-"))) {
            pairs.append_pair(name, value);
        }
    }
    pairs.finish()
}

/// The query of the same page in the other language. A form that came back has `next` and `kept` in its fields.
pub(crate) fn query(here: Locale, query: &Fields, fields: &Fields) -> String {
    let given = |name: &str| match query.get(name) {
        "" => fields.get(name).to_owned(),
        value => value.to_owned(),
    };
    let mut kept_pairs = form_urlencoded::Serializer::new(String::new());
    for name in ["notice", "page", kept::FIELD] {
        let value = if name == kept::FIELD {
            given(name)
        } else {
            query.get(name).to_owned()
        };
        if is_plain(&value) {
            kept_pairs.append_pair(name, &value);
        }
    }
    if let Some(next) = next::own_path(&given("next")) {
        kept_pairs.append_pair("next", &in_the_other(here, next));
    }
    let own = own(query);
    match (kept_pairs.finish(), own) {
        (pairs, own) if own.is_empty() => pairs,
        (pairs, own) if pairs.is_empty() => own,
        (pairs, own) => format!("{pairs}&{own}"),
    }
}

/// The page that is wanted next, in the other language too.
fn in_the_other(here: Locale, path: &str) -> String {
    let other = match here {
        Locale::Ar => "fr",
        Locale::Fr => "ar",
    };
    // An own path starts with a slash and one of our two languages.
    format!("/{other}{}", path.get(3..).unwrap_or_default())
}

fn is_plain(value: &str) -> bool {
    let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.' | b'=' | b'~');
    !value.is_empty() && value.len() <= MAX && value.bytes().all(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn switched(text: &str) -> String {
        query(Locale::Fr, &Fields::parse(text.as_bytes()), &Fields::default())
    }

    #[test]
    fn our_own_parameters_go_along_and_the_wanted_page_changes_its_language() {
        assert_eq!(
            switched("notice=ended&next=/fr/applications&kept=abc-_"),
            "notice=ended&kept=abc-_&next=%2Far%2Fapplications"
        );
        assert_eq!(switched("page=b2Zmc2V0OjIw"), "page=b2Zmc2V0OjIw");
        assert_eq!(
            switched("queue=all&number=12%2FAid_X%2F2026&age=7&paper=abc-_"),
            "queue=all&number=12%2FAid_X%2F2026&age=7&paper=abc-_"
        );
        assert_eq!(switched(""), "");
    }

    #[test]
    fn what_is_not_ours_is_dropped() {
        for bad in [
            "next=https://evil.example/",
            "next=//evil.example",
            "notice=<script>",
            "utm=x",
            "kept=a b",
            "number=%22%3E%3Cscript%3E",
            "page=%2e%2e%2f",
        ] {
            assert_eq!(switched(bad), "", "{bad}");
        }
    }
}
