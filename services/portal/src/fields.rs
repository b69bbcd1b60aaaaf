//! The fields of a form as they were typed. Reading only: what they mean is the page's business.

use std::collections::BTreeMap;

/// Longest value that is looked at; the whole form is limited before.
const MAX_VALUE: usize = 4_096;

/// Name and value; a name given twice keeps its last value.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Fields(BTreeMap<String, String>);

impl Fields {
    pub(crate) fn from_pairs(pairs: impl IntoIterator<Item = (String, String)>) -> Self {
        Self(
            pairs
                .into_iter()
                .filter(|(_, value)| value.len() <= MAX_VALUE && !value.contains('\0'))
                .collect(),
        )
    }

    /// From `application/x-www-form-urlencoded`.
    pub(crate) fn parse(body: &[u8]) -> Self {
        Self::from_pairs(form_urlencoded::parse(body).into_owned())
    }

    /// The value as typed; empty when there is none.
    pub(crate) fn get(&self, name: &str) -> &str {
        self.0.get(name).map_or("", String::as_str)
    }

    /// The value without spaces around it, and without the marks of direction that a copied text brings along.
    pub(crate) fn trimmed(&self, name: &str) -> &str {
        self.get(name).trim_matches(|c: char| {
            c.is_whitespace() || matches!(c, '\u{200E}' | '\u{200F}' | '\u{2066}'..='\u{2069}')
        })
    }

    /// The same fields but for these.
    pub(crate) fn without(&self, names: &[&str]) -> Self {
        let others = self.0.iter().filter(|(name, _)| !names.contains(&name.as_str()));
        Self(
            others
                .map(|(name, value)| (name.clone(), value.clone()))
                .collect(),
        )
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }
}
