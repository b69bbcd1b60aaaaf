//! One field of a form: label, hint, what was typed, what is wrong with it.

use askama::Template;

use super::icons;
use super::part;

/// A text field. `id` is its name as well.
#[derive(Clone, Debug, Default, Template)]
#[template(path = "parts/field.html")]
pub(crate) struct Field {
    pub(crate) id: &'static str,
    pub(crate) label: String,
    pub(crate) hint: String,
    pub(crate) value: String,
    pub(crate) problem: String,
    pub(crate) kind: &'static str,
    pub(crate) inputmode: &'static str,
    pub(crate) autocomplete: &'static str,
    pub(crate) maxlength: usize,
    /// Numbers, codes and addresses run left to right in both languages.
    pub(crate) ltr: bool,
    pub(crate) required: bool,
    /// What the script checks when the field is left, and the sentence to show then.
    pub(crate) pattern: &'static str,
    pub(crate) pattern_message: String,
    /// The script shows the field only when the select `position` has this value.
    pub(crate) only_for: &'static str,
}

impl Field {
    pub(crate) fn html(&self) -> String {
        part(self)
    }

    fn icon(&self, name: &str) -> String {
        icons::icon(name, "")
    }

    /// Ids of the texts that a screen reader reads with the field.
    fn described_by(&self) -> String {
        let mut ids = Vec::new();
        if !self.hint.is_empty() {
            ids.push(format!("{}-hint", self.id));
        }
        if !self.problem.is_empty() {
            ids.push(format!("{}-problem", self.id));
        }
        ids.join(" ")
    }
}
