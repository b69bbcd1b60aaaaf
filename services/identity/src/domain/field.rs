//! A field of a form that was filled in wrongly: which one, why, and a safe sentence. It never repeats what was typed.

/// One wrong field. `reason` is the stable word that the pages translate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct WrongField {
    pub(crate) field: &'static str,
    pub(crate) reason: &'static str,
    pub(crate) message: &'static str,
}

impl WrongField {
    pub(crate) const fn new(field: &'static str, reason: &'static str, message: &'static str) -> Self {
        Self {
            field,
            reason,
            message,
        }
    }
}
