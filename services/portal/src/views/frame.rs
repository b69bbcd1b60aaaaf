//! What surrounds every page: language, title, header, navigation, footer, and the ways of writing words, dates and addresses.

use std::borrow::Borrow;
use std::fmt::Display;
use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};
use kernel::{Locale, civil};

use super::AgentNav;
use crate::assets;
use crate::text::{Arg, Texts, comma, text};

/// Which entry of the navigation is lit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Section {
    None,
    Home,
    Services,
    Files,
    Card,
}

/// The signed-in person in the header.
#[derive(Clone, Debug)]
pub(crate) struct Who {
    pub(crate) name: String,
    pub(crate) initials: String,
    /// Unknown while notifications is away.
    pub(crate) unread: Option<i64>,
}

/// See the module.
#[derive(Clone)]
pub(crate) struct Frame {
    pub(crate) locale: Locale,
    pub(crate) texts: Arc<Texts>,
    /// The page's path without its language: `/home`; empty for the first page.
    pub(crate) path: String,
    /// What the address of the page in the other language says besides its path.
    pub(crate) other_query: String,
    pub(crate) title: String,
    pub(crate) who: Option<Who>,
    /// Signed in and past the terms: the navigation is shown.
    pub(crate) inside: bool,
    pub(crate) section: Section,
    /// An agent with a second factor: the office's own header.
    pub(crate) office: Option<AgentNav>,
    /// The page has one form for what its reader types, with the id `page-form`: switching the language sends it there and back, unsaved.
    pub(crate) keeps_typed: bool,
    /// What the file answered when the page was drawn, for a form that would write over it.
    pub(crate) was: String,
    /// Address that shows this page again; empty where the page's own address does.
    pub(crate) again: String,
    /// Above the page stands that the form was not taken.
    pub(crate) stale_form: bool,
    pub(crate) form_token: String,
    /// Idempotency key of the form in this page.
    pub(crate) key: String,
    pub(crate) demonstration: bool,
    pub(crate) scripts: Vec<&'static str>,
}

impl Frame {
    pub(crate) fn t(&self, key: &str) -> String {
        self.texts.get(self.locale, key)
    }

    pub(crate) fn t1(&self, key: &str, name: &str, value: impl Display) -> String {
        self.texts.with(self.locale, key, &[(name, text(value))])
    }

    pub(crate) fn t2(
        &self,
        key: &str,
        name: &str,
        value: impl Display,
        name2: &str,
        value2: impl Display,
    ) -> String {
        self.texts
            .with(self.locale, key, &[(name, text(value)), (name2, text(value2))])
    }

    /// A sentence with a number that chooses its plural.
    pub(crate) fn tn(&self, key: &str, count: impl Borrow<i64>) -> String {
        self.texts
            .with(self.locale, key, &[("count", Arg::Count(*count.borrow()))])
    }

    /// The sentence of a family (`state-`, `family-` ...) for a stable word of a backend, or the family's `other`.
    pub(crate) fn of_family(&self, family: &str, word: &str) -> String {
        let key = format!("{family}-{}", word.to_ascii_lowercase().replace('_', "-"));
        if self.texts.has(&key) {
            self.t(&key)
        } else {
            self.t(&format!("{family}-other"))
        }
    }

    /// Between two parts of a line.
    pub(crate) fn comma(&self) -> &'static str {
        comma(self.locale)
    }

    /// An address of this portal in the page's language.
    pub(crate) fn url(&self, path: impl Display) -> String {
        format!("/{}{path}", self.locale.as_str())
    }

    /// Where the platform's name leads.
    pub(crate) fn start(&self) -> String {
        match (self.inside, &self.office) {
            (true, _) => self.url("/home"),
            (false, Some(_)) => self.url("/office"),
            (false, None) => self.url(""),
        }
    }

    pub(crate) fn lang(&self) -> &'static str {
        self.locale.as_str()
    }

    pub(crate) fn dir(&self) -> &'static str {
        self.locale.dir()
    }

    pub(crate) fn other_lang(&self) -> &'static str {
        match self.locale {
            Locale::Ar => "fr",
            Locale::Fr => "ar",
        }
    }

    /// The same page in the other language, with what its address says besides.
    pub(crate) fn other_url(&self) -> String {
        let query = if self.other_query.is_empty() { "" } else { "?" };
        format!("/{}{}{query}{}", self.other_lang(), self.path, self.other_query)
    }

    /// Name of the other language, in itself.
    pub(crate) fn other_name(&self) -> &'static str {
        match self.locale {
            Locale::Ar => "Français",
            Locale::Fr => "العربية",
        }
    }

    pub(crate) fn asset(&self, name: &str) -> String {
        assets::url(name)
    }

    pub(crate) fn icon(&self, name: &str) -> String {
        super::icons::icon(name, "")
    }

    pub(crate) fn icon_small(&self, name: &str) -> String {
        super::icons::icon(name, "small")
    }

    pub(crate) fn icon_large(&self, name: &str) -> String {
        super::icons::icon(name, "large")
    }

    pub(crate) fn is_section(&self, name: &str) -> bool {
        matches!(
            (self.section, name),
            (Section::Home, "home")
                | (Section::Services, "services")
                | (Section::Files, "files")
                | (Section::Card, "card")
        )
    }

    /// `22 novembre 2026`, the words kept together by no-break spaces.
    pub(crate) fn day(&self, date: NaiveDate) -> String {
        civil::format_date(date, self.locale).replace(' ', "\u{A0}")
    }

    /// The civil day of an instant; empty when there is none.
    pub(crate) fn date(&self, at: impl Borrow<Option<DateTime<Utc>>>) -> String {
        at.borrow()
            .map(|at| self.day(civil::civil_date(at)))
            .unwrap_or_default()
    }

    /// `14:06`; empty when there is no instant.
    pub(crate) fn time(&self, at: Option<DateTime<Utc>>) -> String {
        at.map(civil::format_time).unwrap_or_default()
    }

    /// `22 novembre 2026 à 14:06`; empty when there is no instant.
    pub(crate) fn moment(&self, at: Option<DateTime<Utc>>) -> String {
        if at.is_none() {
            return String::new();
        }
        self.t2("at-date-time", "date", self.date(at), "time", self.time(at))
    }

    /// The same to the second, for a trail.
    pub(crate) fn exact_moment(&self, at: Option<DateTime<Utc>>) -> String {
        let Some(instant) = at else {
            return String::new();
        };
        let time = civil::civil_datetime(instant).format("%H:%M:%S");
        self.t2("at-date-time", "date", self.date(at), "time", time)
    }

    /// `1 250,50 DH` with no-break spaces.
    pub(crate) fn money(&self, centimes: i64) -> String {
        civil::format_money(kernel::Money::from_centimes(centimes), self.locale)
    }
}
