//! The terms of use: which version is the current one. The texts are files beside the code; a published file never changes.

use chrono::{DateTime, Utc};
use kernel::Locale;
use serde::Deserialize;

/// One text in one language.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct TermsText {
    pub(crate) version: String,
    pub(crate) published_at: DateTime<Utc>,
    pub(crate) title: String,
    pub(crate) sections: Vec<Section>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Section {
    pub(crate) heading: String,
    pub(crate) paragraphs: Vec<String>,
}

/// One version in both languages.
#[derive(Debug, Clone)]
pub(crate) struct TermsVersion {
    pub(crate) ar: TermsText,
    pub(crate) fr: TermsText,
}

impl TermsVersion {
    pub(crate) fn text(&self, locale: Locale) -> &TermsText {
        match locale {
            Locale::Ar => &self.ar,
            Locale::Fr => &self.fr,
        }
    }

    pub(crate) fn version(&self) -> &str {
        &self.fr.version
    }
}

/// Every version that was ever published or will be.
#[derive(Debug, Clone)]
pub(crate) struct Terms(Vec<TermsVersion>);

/// A pair of files that do not belong together, or a file that cannot be read. Found at start, never later.
#[derive(Debug, thiserror::Error)]
pub(crate) enum TermsError {
    #[error("a text of the terms cannot be read")]
    Unreadable(#[from] toml::de::Error),
    #[error("the two languages of the terms {0} differ in version, date or number of sections")]
    Uneven(String),
    #[error("there is no version of the terms")]
    None,
}

impl Terms {
    /// Reads pairs of Arabic and French files.
    pub(crate) fn read(files: &[(&str, &str)]) -> Result<Self, TermsError> {
        let mut versions = Vec::new();
        for (ar, fr) in files {
            let (ar, fr): (TermsText, TermsText) = (toml::from_str(ar)?, toml::from_str(fr)?);
            if (&ar.version, ar.published_at, ar.sections.len())
                != (&fr.version, fr.published_at, fr.sections.len())
            {
                return Err(TermsError::Uneven(fr.version));
            }
            versions.push(TermsVersion { ar, fr });
        }
        versions.sort_by_key(|version| version.fr.published_at);
        if versions.is_empty() {
            Err(TermsError::None)
        } else {
            Ok(Self(versions))
        }
    }

    /// The newest version that is published at `now`; before the first one, the first one.
    pub(crate) fn current(&self, now: DateTime<Utc>) -> &TermsVersion {
        let published = self.0.iter().rev().find(|version| version.fr.published_at <= now);
        published
            .or(self.0.first())
            .expect("reading refuses an empty list")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::TimeZone;

    fn text(version: &str, date: &str) -> String {
        format!(
            "version = \"{version}\"\npublished_at = \"{date}T00:00:00Z\"\ntitle = \"t\"\n[[sections]]\nheading = \"h\"\nparagraphs = [\"p\"]\n"
        )
    }

    #[test]
    fn the_current_version_is_the_newest_that_is_published() {
        let (old, new) = (text("1", "2025-01-01"), text("2", "2026-06-01"));
        let terms = Terms::read(&[(&new, &new), (&old, &old)]).unwrap();
        let at = |year, month| Utc.with_ymd_and_hms(year, month, 1, 0, 0, 0).unwrap();
        assert_eq!(terms.current(at(2026, 5)).version(), "1");
        assert_eq!(terms.current(at(2026, 6)).version(), "2");
        assert_eq!(terms.current(at(2020, 1)).version(), "1");
    }

    #[test]
    fn two_languages_that_do_not_belong_together_are_refused() {
        let (one, two) = (text("1", "2025-01-01"), text("2", "2025-01-01"));
        assert!(matches!(Terms::read(&[(&one, &two)]), Err(TermsError::Uneven(_))));
        assert!(matches!(Terms::read(&[]), Err(TermsError::None)));
    }

    #[test]
    fn the_committed_texts_have_the_sections_that_the_law_and_the_charter_ask_for() {
        let terms = Terms::read(crate::TERMS_FILES).unwrap();
        let now = Utc.with_ymd_and_hms(2026, 11, 1, 0, 0, 0).unwrap();
        let current = terms.current(now);
        assert_eq!(current.fr.sections.len(), 8);
        assert!(
            current
                .fr
                .sections
                .iter()
                .any(|section| section.paragraphs.iter().any(|p| p.contains("09-08")))
        );
        assert!(
            current
                .ar
                .sections
                .iter()
                .any(|section| section.paragraphs.iter().any(|p| p.contains("09.08")))
        );
    }
}
