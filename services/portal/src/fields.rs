//! The fields of a form as they were typed. Reading only: what they mean is the page's business.

use std::collections::BTreeMap;

/// Longest value that is looked at; the whole form is limited before.
const MAX_VALUE: usize = 4_096;

/// Before the names of fields that belong to another form of the page.
const CARRIED: &str = "typed_";

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

    /// What the other forms of a page held when this one was sent: the script brings it along, each name behind [`CARRIED`].
    pub(crate) fn carried(&self) -> Self {
        let carried = self.0.iter().filter_map(|(name, value)| {
            let name = name.strip_prefix(CARRIED)?;
            Some((name.to_owned(), value.clone()))
        });
        Self(carried.collect())
    }

    /// The form's own fields, and what it carries where it has none of that name.
    pub(crate) fn with_carried(&self) -> Self {
        let mut fields = self.carried();
        let own = self.0.iter().filter(|(name, _)| !name.starts_with(CARRIED));
        fields
            .0
            .extend(own.map(|(name, value)| (name.clone(), value.clone())));
        fields
    }

    pub(crate) fn is_nothing(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }
}
