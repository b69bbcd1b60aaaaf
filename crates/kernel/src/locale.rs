//! The two languages of the platform, their direction, and the choice between them from a browser's
//! `Accept-Language`.
//!
//! No translated text lives here; a third language is a new word in this list and a new message file.

use crate::words::words;

words! {
    /// A language of the pages, mails and receipts.
    pub enum Locale ("locale") {
        /// Arabic, written from right to left.
        Ar = "ar",
        /// French.
        Fr = "fr",
    }
}

impl Locale {
    /// The value of the `dir` attribute.
    #[must_use]
    pub const fn dir(self) -> &'static str {
        match self {
            Locale::Ar => "rtl",
            Locale::Fr => "ltr",
        }
    }

    /// The language that the header prefers among ours: highest quality, then first named. `None` when it
    /// names neither (or only `*`), so that the caller's default stands. Faulty entries are passed over.
    #[must_use]
    pub fn from_accept_language(header: &str) -> Option<Self> {
        let mut best: Option<(u16, Locale)> = None;
        for entry in header.split(',') {
            let Some((quality, locale)) = accepted(entry) else {
                continue;
            };
            if quality > 0 && best.is_none_or(|(found, _)| quality > found) {
                best = Some((quality, locale));
            }
        }
        best.map(|(_, locale)| locale)
    }
}

/// One entry, as in `fr-MA;q=0.8`: its quality in thousandths and our language, if it is one of ours.
fn accepted(entry: &str) -> Option<(u16, Locale)> {
    let mut parts = entry.split(';');
    let tag = parts.next()?.trim();
    let language = tag.split('-').next()?.to_ascii_lowercase();
    let locale = Locale::parse(&language).ok()?;
    let mut quality = 1000;
    for parameter in parts {
        let (name, value) = parameter.split_once('=')?;
        if name.trim().eq_ignore_ascii_case("q") {
            quality = thousandths(value.trim())?;
        }
    }
    Some((quality, locale))
}

/// A quality value (0 to 1 with at most three decimals) in thousandths.
fn thousandths(text: &str) -> Option<u16> {
    let (whole, decimals) = text.split_once('.').unwrap_or((text, ""));
    let readable =
        matches!(whole, "0" | "1") && decimals.len() <= 3 && decimals.bytes().all(|b| b.is_ascii_digit());
    if !readable {
        return None;
    }
    let value: u16 = format!("{whole}{decimals:0<3}").parse().ok()?;
    (value <= 1000).then_some(value)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn arabic_runs_from_right_to_left_and_french_from_left_to_right() {
        assert_eq!((Locale::Ar.dir(), Locale::Fr.dir()), ("rtl", "ltr"));
    }

    #[test]
    fn the_preferred_of_our_two_languages_is_chosen() {
        for (header, chosen) in [
            ("ar", Some(Locale::Ar)),
            ("fr-MA", Some(Locale::Fr)),
            ("ar-MA,ar;q=0.9,fr;q=0.8,en;q=0.7", Some(Locale::Ar)),
            ("en-GB,en;q=0.9,fr;q=0.5,ar;q=0.4", Some(Locale::Fr)),
            ("fr;q=0.5, ar;q=0.7", Some(Locale::Ar)),
            ("FR ; Q=0.5 , AR ; Q=0.25", Some(Locale::Fr)),
            ("fr, ar", Some(Locale::Fr)),
            ("ar;q=0, fr;q=0.001", Some(Locale::Fr)),
            ("ar;q=0", None),
            ("en, *;q=0.5", None),
            ("ar;q=1.5, fr;q=0.1", Some(Locale::Fr)),
            ("ar;q=abc", None),
            ("fra, arabic", None),
            ("", None),
            (",,;;=,", None),
        ] {
            assert_eq!(Locale::from_accept_language(header), chosen, "{header:?}");
        }
    }

    proptest! {
        #[test]
        fn reading_any_header_never_panics(header in ".{0,80}", q in "(ar|fr|\\*)?(;q=[0-9.]{0,8})?(,| )?") {
            let _ = Locale::from_accept_language(&header);
            let _ = Locale::from_accept_language(&format!("{q}{q}"));
        }
    }
}
