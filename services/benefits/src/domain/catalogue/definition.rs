//! The shape of a catalogue file. Unknown keys are refused, so that a misspelt one cannot pass for silence. What the keys must
//! say is [`super::validate`]'s.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use rules::RuleSetDef;
use serde::Deserialize;

use super::CatalogueError;
use super::fields::{Field, FormPage};

/// A sentence in both languages.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Text {
    pub(crate) ar: String,
    pub(crate) fr: String,
}

/// Under which heading a service stands on the member's home.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum ServiceFamily {
    Health,
    Schooling,
    Travel,
    Advances,
    Housing,
    Partners,
    Family,
    Myself,
}

impl ServiceFamily {
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Health => "health",
            Self::Schooling => "schooling",
            Self::Travel => "travel",
            Self::Advances => "advances",
            Self::Housing => "housing",
            Self::Partners => "partners",
            Self::Family => "family",
            Self::Myself => "myself",
        }
    }
}

/// What sort of service it is. An advance is repaid, a grant is not, a reimbursement needs an invoice, a discount is a partner's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Kind {
    Advance,
    Booking,
    Grant,
    Housing,
    InsuranceComplement,
    PartnerDiscount,
    Reimbursement,
    SelfService,
    SubsidisedLoanRefund,
    Training,
}

impl Kind {
    /// Whether members ask for it by a request that is examined. The others are pages, partners' counters or bookings.
    pub(crate) const fn is_requested(self) -> bool {
        match self {
            Self::Advance | Self::Grant | Self::Reimbursement | Self::SubsidisedLoanRefund => true,
            Self::Booking
            | Self::Housing
            | Self::InsuranceComplement
            | Self::PartnerDiscount
            | Self::SelfService
            | Self::Training => false,
        }
    }
}

/// Whether the service takes requests.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum DeclaredState {
    Open,
    Planned,
    Closed,
}

/// Who a request may be for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Relation {
    Member,
    Spouse,
    Child,
}

impl Relation {
    pub(crate) const ALL: [Self; 3] = [Self::Member, Self::Spouse, Self::Child];

    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Member => "member",
            Self::Spouse => "spouse",
            Self::Child => "child",
        }
    }

    pub(crate) fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|relation| relation.as_str() == word)
    }
}

/// One catalogue file.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Definition {
    pub(crate) code: String,
    /// Place in the list.
    pub(crate) order: u32,
    pub(crate) kind: Kind,
    pub(crate) family: ServiceFamily,
    pub(crate) state: DeclaredState,
    /// The first day of a planned service, when it is known.
    pub(crate) opens_on: Option<NaiveDate>,
    /// Its very code would show somebody's health: neutral code in events and logs, consent before a paper, authorisation to open.
    pub(crate) handles_health_data: bool,
    /// The middle of the request number, as `Col_E` in `13/Col_E/2019`.
    pub(crate) request_code: Option<String>,
    pub(crate) title: Text,
    pub(crate) summary: Text,
    pub(crate) description: Option<Text>,
    pub(crate) form: Option<Form>,
    #[serde(default)]
    pub(crate) ceilings: Vec<CeilingDef>,
    pub(crate) rules: Option<RuleSetDef>,
    /// Conditions by code, as agents read them, where the rule's own sentence speaks to the member.
    #[serde(default)]
    pub(crate) for_agents: BTreeMap<String, Text>,
    pub(crate) terms: Terms,
}

/// What an applicant fills in. The steps are the same for every benefit: bank account, person concerned, reason, the benefit's own pages of
/// typed questions, consent, papers. A step that asks nothing is left out.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Form {
    pub(crate) persons_concerned: Vec<Relation>,
    /// How the amount is found, in words.
    pub(crate) amount_text: Text,
    #[serde(default)]
    pub(crate) reasons: Vec<Reason>,
    #[serde(default)]
    pub(crate) pages: Vec<FormPage>,
    #[serde(default)]
    pub(crate) papers: Vec<Paper>,
    pub(crate) consent: Option<Consent>,
    /// A request like one that was granted is refused, whoever asks: what the form tells requests apart by, as a trip, is paid once.
    #[serde(default)]
    pub(crate) granted_once: bool,
    /// The date of the form on whose day the member's workplace is judged; without it, the day of the request.
    pub(crate) workplace_on: Option<String>,
    /// What happens after sending, in order.
    pub(crate) next_steps: Vec<Text>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Reason {
    pub(crate) code: String,
    pub(crate) label: Text,
    pub(crate) hint: Text,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Paper {
    pub(crate) code: String,
    pub(crate) document_class: String,
    pub(crate) media_types: Vec<String>,
    pub(crate) max_bytes: u64,
    pub(crate) label: Text,
    pub(crate) hint: Text,
}

/// What is agreed to before a health paper is taken.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Consent {
    pub(crate) version: String,
    pub(crate) purpose: Text,
    pub(crate) readers: Text,
    pub(crate) retention: Text,
    pub(crate) statement: Text,
}

/// An upper bound on what is granted, or on how often.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct CeilingDef {
    pub(crate) code: String,
    pub(crate) unit: CeilingUnit,
    pub(crate) per: CeilingHolder,
    pub(crate) period: CeilingPeriod,
    /// The date of the form whose year counts; without it, the year of the submission.
    pub(crate) year_of: Option<String>,
    /// In dirhams, as `20000.00`, or a number of uses.
    pub(crate) limit: String,
}

/// What is added up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum CeilingUnit {
    Money,
    Uses,
}

/// Whose use is added up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum CeilingHolder {
    /// The person concerned.
    Person,
    /// The member with every declared spouse and child.
    Household,
}

impl CeilingHolder {
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Person => "person",
            Self::Household => "household",
        }
    }
}

/// Over which time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum CeilingPeriod {
    CalendarYear,
}

/// Where the service comes from: what the foundation published, and what was assumed where it published nothing.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Terms {
    pub(crate) written: WrittenTerms,
    pub(crate) assumed: AssumedTerms,
}

/// Published terms, in English, exact. An absent key means silence.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct WrittenTerms {
    pub(crate) applicant: Option<String>,
    pub(crate) for_whom: Option<String>,
    pub(crate) conditions: Option<String>,
    pub(crate) amount_mad: Option<String>,
    pub(crate) percent: Option<String>,
    pub(crate) ceiling: Option<String>,
    pub(crate) frequency: Option<String>,
    pub(crate) duration: Option<String>,
    pub(crate) documents: Option<String>,
    pub(crate) channel: Option<String>,
    pub(crate) period: Option<String>,
    pub(crate) age_min: Option<u16>,
    pub(crate) age_max: Option<u16>,
    /// Files processed since the start of the health crisis, as newsletter no. 2 counts them.
    pub(crate) processed_files: Option<u32>,
    pub(crate) sources: Vec<String>,
}

/// Assumptions: settings that a circular replaces.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct AssumedTerms {
    pub(crate) applicant: Option<String>,
    pub(crate) for_whom: Option<String>,
    pub(crate) rules: Vec<String>,
}

impl Definition {
    pub(super) fn parse(name: &str, text: &str) -> Result<Self, CatalogueError> {
        toml::from_str(text).map_err(|source| CatalogueError::Unreadable {
            file: name.to_owned(),
            source: Box::new(source),
        })
    }

    /// Puts the insurer's name where the reasons' sentences leave room for it.
    pub(super) fn naming_the_insurer(mut self, insurer: &Text) -> Self {
        for reason in self.form.iter_mut().flat_map(|form| &mut form.reasons) {
            for text in [&mut reason.label, &mut reason.hint] {
                text.ar = text.ar.replace("{insurer}", &insurer.ar);
                text.fr = text.fr.replace("{insurer}", &insurer.fr);
            }
        }
        self
    }
}

impl Form {
    pub(crate) fn reason(&self, code: &str) -> Option<&Reason> {
        self.reasons.iter().find(|reason| reason.code == code)
    }

    pub(crate) fn paper(&self, code: &str) -> Option<&Paper> {
        self.papers.iter().find(|paper| paper.code == code)
    }

    pub(crate) fn page(&self, code: &str) -> Option<&FormPage> {
        self.pages.iter().find(|page| page.code == code)
    }

    /// The typed questions of all pages, in order.
    pub(crate) fn fields(&self) -> impl Iterator<Item = &Field> {
        self.pages.iter().flat_map(|page| &page.fields)
    }
}
