//! Answers that must not be lost: what was typed into a form when the session had ended or a service was away, sealed for its page and its owner.
//!
//! Files and passwords are never kept. The sealed text travels in the address of the page (`?kept=`); a stranger's opens to nothing.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{form_token, seal::Sealer};
use crate::fields::Fields;

/// Parameter of the address and hidden field.
pub(crate) const FIELD: &str = "kept";
/// Longest text that fits into an address everywhere.
const MAX_SEALED: usize = 6_000;
/// Hidden fields that a form brings by itself.
const OWN: &[&str] = &["key", "read_version", "account_id", "version"];
/// What the file answered when the form was drawn: a page that is shown again says what it answers then.
const OF_THE_MOMENT: &str = "was";
const VALID_SECONDS: i64 = 24 * 60 * 60;

#[derive(Serialize, Deserialize)]
struct Kept {
    owner: String,
    fields: BTreeMap<String, String>,
    until: i64,
}

/// Seals the fields of a form for the page at `path` (without its language); `None` when there is nothing worth keeping or nobody to keep it for.
pub(crate) fn keep(sealer: &Sealer, owner: &str, path: &str, fields: &Fields, now: i64) -> Option<String> {
    if owner.is_empty() {
        return None;
    }
    let fields: BTreeMap<_, _> = fields
        .iter()
        .filter(|(name, value)| {
            *name != form_token::FIELD && *name != OF_THE_MOMENT && !is_secret(name) && !value.is_empty()
        })
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect();
    // The form's own fields alone are nothing that a person typed.
    if fields.keys().all(|name| OWN.contains(&name.as_str())) {
        return None;
    }
    let kept = Kept {
        owner: owner.to_owned(),
        fields,
        until: now + VALID_SECONDS,
    };
    sealer
        .seal(&purpose(path), &kept)
        .filter(|sealed| sealed.len() <= MAX_SEALED)
}

/// Passwords, and the codes that stand for one.
fn is_secret(name: &str) -> bool {
    name.contains("password") || name.starts_with("secret_")
}

/// The fields, when they were kept for this page and this owner within a day.
pub(crate) fn restore(sealer: &Sealer, owner: &str, path: &str, sealed: &str, now: i64) -> Option<Fields> {
    let kept: Kept = sealer.open(&purpose(path), sealed)?;
    (kept.owner == owner && now <= kept.until).then(|| Fields::from_pairs(kept.fields))
}

fn purpose(path: &str) -> String {
    format!("portal.kept {path}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sealer() -> Sealer {
        let keys = testkit::keys();
        let directory = keys.directory();
        Sealer::new(directory.ring("portal.seal").unwrap())
    }

    #[test]
    fn answers_come_back_to_their_owner_on_their_page_only() {
        let sealer = sealer();
        let fields = Fields::from_pairs([
            ("reason".to_owned(), "x".to_owned()),
            ("new_password".to_owned(), "secret".to_owned()),
            ("secret_code".to_owned(), "123456".to_owned()),
            ("was".to_owned(), ":y".to_owned()),
        ]);
        let sealed = keep(&sealer, "me", "/a", &fields, 0).unwrap();
        let back = restore(&sealer, "me", "/a", &sealed, 1).unwrap();
        assert_eq!(back.get("reason"), "x");
        assert_eq!(back.get("new_password"), "", "passwords are never kept");
        assert_eq!(back.get("secret_code"), "", "nor are codes");
        assert_eq!(back.get("was"), "", "nor what held at that moment");
        assert!(restore(&sealer, "somebody else", "/a", &sealed, 1).is_none());
        assert!(restore(&sealer, "me", "/b", &sealed, 1).is_none());
        assert!(restore(&sealer, "me", "/a", &sealed, VALID_SECONDS + 1).is_none());
        assert!(keep(&sealer, "", "/a", &fields, 0).is_none());
    }

    #[test]
    fn nothing_is_kept_of_a_form_in_which_nobody_typed_anything_that_may_be_kept() {
        let fields = Fields::from_pairs([
            ("key".to_owned(), "k".to_owned()),
            ("read_version".to_owned(), "3".to_owned()),
            ("new_password".to_owned(), "secret".to_owned()),
        ]);
        assert!(keep(&sealer(), "me", "/a", &fields, 0).is_none());
    }
}
