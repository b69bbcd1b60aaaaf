//! One typed question of a service's own page: label, hint, what was typed, what is wrong with it. Each kind has the field that a browser
//! knows for it; without scripts they are plain form fields.

use askama::Template;

use super::{Choice, icons, part};

/// See the module. `id` is the field's name as well.
#[derive(Clone, Debug, Default, Template)]
#[template(path = "parts/question.html")]
pub(crate) struct TypedField {
    pub(crate) id: String,
    /// `date`, `money`, `number`, `select` or `choice`.
    pub(crate) kind: &'static str,
    pub(crate) label: String,
    pub(crate) hint: String,
    pub(crate) value: String,
    pub(crate) problem: String,
    pub(crate) required: bool,
    /// Bounds of the browser's calendar.
    pub(crate) min: String,
    pub(crate) max: String,
    /// Behind an amount.
    pub(crate) unit: String,
    /// Yes and no, or the places to choose from.
    pub(crate) choices: Vec<Choice>,
    /// What a list says before something is chosen.
    pub(crate) choose: String,
}

impl TypedField {
    pub(crate) fn html(&self) -> String {
        part(self)
    }

    fn icon(&self, name: &str) -> String {
        icons::icon(name, "")
    }

    /// Ids of the texts that a screen reader reads with the field.
    fn described_by(&self) -> String {
        let hint = (!self.hint.is_empty()).then(|| format!("{}-hint", self.id));
        let problem = (!self.problem.is_empty()).then(|| format!("{}-problem", self.id));
        hint.into_iter().chain(problem).collect::<Vec<_>>().join(" ")
    }
}
