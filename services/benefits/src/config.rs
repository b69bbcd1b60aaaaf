//! Settings of benefits: the common sections, and what the installation adds to the catalogue.

use chrono::TimeDelta;
use platform::settings::{Common, PeerSettings, SettingsError, Validate};
use serde::Deserialize;

use crate::domain::catalogue::{Installation, Text};

/// Everything that can be set.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    pub common: Common,
    pub peers: Peers,
    pub privacy: Privacy,
    pub catalogue: CatalogueSettings,
    pub drafts: Drafts,
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
}

/// The life of drafts.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Drafts {
    /// Days without a change after which a draft is taken away.
    pub life_days: u16,
}

/// The plainly synthetic reference of a demonstration.
const DEMONSTRATION_REFERENCE: &str = "DEMO-0000/0000";

impl Validate for Settings {
    fn validate(&self) -> Result<(), SettingsError> {
        self.common.validate()?;
        self.peers.membership.validate("peers.membership.url")?;
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
        Ok(())
    }
}

impl Settings {
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
