//! Parts that several pages share: the error summary, a status, the baton, a choice, the wizard's head, the upload card.

use askama::Template;
use kernel::Locale;

use super::{icons, part};
use crate::backend::models::Paper;
use crate::pages::wizard::correction::AskedLine;

/// What must be mended before the form can be taken: shown on top, takes the focus, each line leads to its field.
#[derive(Clone, Debug, Default, Template)]
#[template(path = "parts/problems.html")]
pub(crate) struct Problems {
    pub(crate) heading: String,
    /// Id of the field (empty: none) and the sentence that says what to do.
    pub(crate) lines: Vec<(String, String)>,
    /// The form was refused before any service was asked.
    pub(crate) refused_here: bool,
}

impl Problems {
    pub(crate) fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }

    pub(crate) fn add(&mut self, field: &str, sentence: String) {
        self.lines.push((field.to_owned(), sentence));
    }

    /// The sentence at that field; empty when it is in order.
    pub(crate) fn of(&self, field: &str) -> String {
        self.lines
            .iter()
            .find(|(id, _)| id == field)
            .map(|(_, sentence)| sentence.clone())
            .unwrap_or_default()
    }

    pub(crate) fn html(&self) -> String {
        if self.is_empty() {
            String::new()
        } else {
            part(self)
        }
    }

    fn icon(&self) -> String {
        icons::icon("warning", "large")
    }
}

/// Icon, word and colour of a state.
#[derive(Clone, Debug, Template)]
#[template(
    source = r#"<span class="status{% if !tone.is_empty() %} status--{{ tone }}{% endif %}">{{ self.drawing()|safe }}{{ word }}</span>"#,
    ext = "html"
)]
pub(crate) struct Status {
    pub(crate) tone: &'static str,
    pub(crate) icon: &'static str,
    pub(crate) word: String,
}

impl Status {
    pub(crate) fn html(&self) -> String {
        part(self)
    }

    fn drawing(&self) -> String {
        icons::icon(self.icon, "small")
    }
}

/// In whose hands the file is: two ends and a thread, the full end holds it.
#[derive(Clone, Debug, Template)]
#[template(
    source = r#"<div class="baton baton--{{ holder }}"><span class="baton__end"></span><span class="baton__thread"></span><span class="baton__end"></span><span class="baton__word">{{ sentence }}</span></div>"#,
    ext = "html"
)]
pub(crate) struct Baton {
    /// `you`, `them`, `done` or `ended`.
    pub(crate) holder: &'static str,
    pub(crate) sentence: String,
}

impl Baton {
    pub(crate) fn html(&self) -> String {
        part(self)
    }
}

/// One answer to choose.
#[derive(Clone, Debug, Default)]
pub(crate) struct Choice {
    pub(crate) value: String,
    pub(crate) label: String,
    pub(crate) hint: String,
    pub(crate) chosen: bool,
}

/// Where in the wizard the page stands.
#[derive(Clone, Debug, Template)]
#[template(path = "parts/steps.html")]
pub(crate) struct WizardHead {
    pub(crate) service: String,
    pub(crate) step: usize,
    pub(crate) of: usize,
    /// "Step 3 of 6", in words; of a correction the file's number, and no steps.
    pub(crate) sentence: String,
    pub(crate) heading: String,
    /// What was asked is corrected here, in a file that was sent.
    pub(crate) correcting: bool,
    /// What was asked on this page.
    pub(crate) asked: Vec<AskedLine>,
}

impl WizardHead {
    pub(crate) fn html(&self) -> String {
        part(self)
    }

    fn icon(&self) -> String {
        icons::icon("pen", "")
    }

    fn class_of(&self, bar: &usize) -> &'static str {
        match bar.cmp(&self.step) {
            std::cmp::Ordering::Less => "is-done",
            std::cmp::Ordering::Equal => "is-now",
            std::cmp::Ordering::Greater => "",
        }
    }
}

/// A paper in the upload step: what is asked, and what is there already.
#[derive(Clone, Debug)]
pub(crate) struct UploadCard {
    pub(crate) code: String,
    pub(crate) label: String,
    pub(crate) hint: String,
    pub(crate) limit: String,
    pub(crate) max_bytes: u64,
    pub(crate) uploaded: Option<Paper>,
    pub(crate) uploaded_size: String,
    pub(crate) scan_note: String,
    pub(crate) problem: String,
    /// What is there was sent before and something else is asked for.
    pub(crate) to_replace: bool,
    pub(crate) removable: bool,
    /// Id of the paper that is there, or `none`.
    pub(crate) was: String,
}

/// `2,4 Mo`, `2,4 ميغابايت`; kilobytes under a tenth of a megabyte. Powers of 1024, as the limit is.
pub(crate) fn file_size(bytes: u64, locale: Locale) -> String {
    const KIB: u64 = 1024;
    const MIB: u64 = KIB * KIB;
    let (kilo, mega) = match locale {
        Locale::Ar => ("كيلوبايت", "ميغابايت"),
        Locale::Fr => ("Ko", "Mo"),
    };
    if bytes < MIB / 10 {
        return format!("{}\u{A0}{kilo}", bytes.div_ceil(KIB));
    }
    let tenths = (bytes * 10 + MIB / 2) / MIB;
    if tenths.is_multiple_of(10) {
        format!("{}\u{A0}{mega}", tenths / 10)
    } else {
        format!("{},{}\u{A0}{mega}", tenths / 10, tenths % 10)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_written_as_people_say_them() {
        assert_eq!(file_size(10 * 1024 * 1024, Locale::Fr), "10\u{A0}Mo");
        assert_eq!(file_size(2_516_582, Locale::Ar), "2,4\u{A0}ميغابايت");
        assert_eq!(file_size(900, Locale::Fr), "1\u{A0}Ko");
    }
}
