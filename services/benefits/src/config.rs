//! Settings of benefits: the common sections, and what the installation adds to the catalogue.

use std::io;
use std::path::{Path, PathBuf};

use chrono::TimeDelta;
use platform::settings::{Common, PeerSettings, SettingsError, Validate};
use serde::Deserialize;

use crate::domain::catalogue::{Catalogue, Installation, Text};
use crate::use_cases::review::ReviewTerms;

/// Everything that can be set.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    pub common: Common,
    pub peers: Peers,
    pub privacy: Privacy,
    pub catalogue: CatalogueSettings,
    pub drafts: Drafts,
    pub review: Review,
}

/// Services that benefits calls.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Peers {
    /// Asked for members' facts when an event says that they changed.
    pub membership: PeerSettings,
}

/// The data-protection side.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Privacy {
    /// The commission's authorisation to handle health data; empty: no health benefit opens.
    pub cndp_reference: String,
}

/// What the catalogue's sentences leave open.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CatalogueSettings {
    pub insurer_ar: String,
    pub insurer_fr: String,
    /// A folder with definitions that this installation adds, or offers instead of the release's own; empty: none.
    pub own_files: PathBuf,
}

/// The life of drafts.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Drafts {
    /// Days without a change after which a draft is taken away.
    pub life_days: u16,
}

/// Examination and decision.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Review {
    /// Days after a decision within which a member may appeal.
    pub appeal_days: u16,
    /// Where and how, as the decision says it.
    pub appeal_path_ar: String,
    pub appeal_path_fr: String,
    /// Days within which a member is waited for who was asked for a correction.
    pub answer_days: u16,
    /// Days after sending within which the foundation answers; those on which the file waited for its member are added.
    pub processing_days: u16,
    /// Minutes after which membership is asked again before money is decided on.
    pub facts_fresh_minutes: u16,
}

/// The plainly synthetic reference of a demonstration.
const DEMONSTRATION_REFERENCE: &str = "DEMO-0000/0000";

impl Validate for Settings {
    fn validate(&self) -> Result<(), SettingsError> {
        self.common.validate()?;
        self.peers
            .membership
            .validate("peers.membership.url", &self.common.tls)?;
        let synthetic = self
            .privacy
            .cndp_reference
            .trim()
            .to_ascii_uppercase()
            .starts_with("DEMO");
        if synthetic && !self.common.demonstration.enabled {
            return Err(SettingsError::bad(
                "privacy.cndp_reference",
                "is a demonstration's; write the commission's own reference, or leave it empty",
            ));
        }
        if self.catalogue.insurer_ar.trim().is_empty() || self.catalogue.insurer_fr.trim().is_empty() {
            return Err(SettingsError::bad(
                "catalogue.insurer_ar",
                "and insurer_fr must name who runs the compulsory health cover",
            ));
        }
        // A receipt proves a paper for 90 days: a draft that lived longer would hold papers that nothing proves.
        if !(1..=90).contains(&self.drafts.life_days) {
            return Err(SettingsError::bad("drafts.life_days", "must be between 1 and 90"));
        }
        if !(1..=365).contains(&self.review.appeal_days) {
            return Err(SettingsError::bad(
                "review.appeal_days",
                "must be between 1 and 365",
            ));
        }
        if !(1..=365).contains(&self.review.answer_days) {
            return Err(SettingsError::bad(
                "review.answer_days",
                "must be between 1 and 365",
            ));
        }
        if !(1..=366).contains(&self.review.processing_days) {
            return Err(SettingsError::bad(
                "review.processing_days",
                "must be between 1 and 366",
            ));
        }
        let review = &self.review;
        if review.appeal_path_ar.trim().is_empty() || review.appeal_path_fr.trim().is_empty() {
            return Err(SettingsError::bad(
                "review.appeal_path_ar",
                "and appeal_path_fr must say where and how to appeal",
            ));
        }
        // Zero: membership is asked each time.
        if review.facts_fresh_minutes > 1_440 {
            return Err(SettingsError::bad(
                "review.facts_fresh_minutes",
                "must be at most 1440, a day",
            ));
        }
        // Read here to be judged, by check-config too; the start reads it again to use it.
        self.read_catalogue()?;
        Ok(())
    }
}

impl Settings {
    /// The services that this installation offers.
    ///
    /// # Errors
    /// The first definition that breaks a rule, by file and key, or a folder that cannot be read.
    pub(crate) fn read_catalogue(&self) -> Result<Catalogue, SettingsError> {
        let bad = |problem: String| SettingsError::bad("catalogue.own_files", problem);
        let folder = &self.catalogue.own_files;
        let own = definitions(folder)
            .map_err(|error| bad(format!("cannot be read: {}: {error}", folder.display())))?;
        Catalogue::with_own(&own, &self.installation()).map_err(|error| {
            let cause =
                std::error::Error::source(&error).map_or_else(String::new, |cause| format!(": {cause}"));
            // A reader of TOML draws the place in several lines; a refused setting is one.
            let cause = cause.split_whitespace().collect::<Vec<_>>().join(" ");
            bad(format!("is refused: {}: {error}{cause}", folder.display()))
        })
    }

    pub(crate) fn review_terms(&self) -> ReviewTerms {
        ReviewTerms {
            appeal_days: self.review.appeal_days,
            appeal_path: Text {
                ar: self.review.appeal_path_ar.clone(),
                fr: self.review.appeal_path_fr.clone(),
            },
            answer_days: self.review.answer_days,
            processing_days: self.review.processing_days,
            facts_fresh: TimeDelta::minutes(i64::from(self.review.facts_fresh_minutes)),
        }
    }

    pub(crate) fn installation(&self) -> Installation {
        let cndp_reference = match (
            self.privacy.cndp_reference.trim(),
            self.common.demonstration.enabled,
        ) {
            ("", true) => Some(DEMONSTRATION_REFERENCE.to_owned()),
            ("", false) => None,
            (reference, _) => Some(reference.to_owned()),
        };
        let insurer = Text {
            ar: self.catalogue.insurer_ar.clone(),
            fr: self.catalogue.insurer_fr.clone(),
        };
        Installation {
            cndp_reference,
            insurer,
        }
    }

    pub(crate) fn draft_life(&self) -> TimeDelta {
        TimeDelta::days(i64::from(self.drafts.life_days))
    }
}

/// The definitions of a folder, each its file's name without `.toml` with its text, in the order of the names; none without a folder.
fn definitions(folder: &Path) -> io::Result<Vec<(String, String)>> {
    if folder.as_os_str().is_empty() {
        return Ok(Vec::new());
    }
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path.file_stem().and_then(|name| name.to_str());
        if let Some(name) = name
            && path.extension().is_some_and(|extension| extension == "toml")
        {
            files.push((name.to_owned(), std::fs::read_to_string(&path)?));
        }
    }
    files.sort();
    Ok(files)
}
