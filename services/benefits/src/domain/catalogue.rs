//! The catalogue of services, as the files of `catalogue/` define it and as this installation offers it. A definition that breaks a
//! rule of [`validate`] stops the process at start. Amounts and conditions are not code: they are rule sets inside the files.

mod definition;
mod embedded;
mod fields;
mod validate;

pub(crate) use definition::{
    CeilingDef, CeilingHolder, CeilingUnit, Consent, DeclaredState, Definition, Form, Kind, Paper, Reason,
    Relation, Text,
};
pub(crate) use fields::{Day, Field, FieldKind, FormPage};
pub(crate) use validate::CatalogueError;

use kernel::Money;
use rules::RuleSet;

use super::application::Examination;

/// What the installation adds to the definitions.
#[derive(Debug, Clone)]
pub(crate) struct Installation {
    /// Authorisation of the data-protection commission to handle health data; without it no health benefit opens.
    pub(crate) cndp_reference: Option<String>,
    /// Who runs the compulsory health cover, as the sentences name it.
    pub(crate) insurer: Text,
}

/// One service as it is offered here.
#[derive(Debug)]
pub(crate) struct Benefit {
    definition: Definition,
    state: DeclaredState,
    rules: Option<RuleSet>,
    ceiling: Option<Ceiling>,
    cndp_reference: Option<String>,
}

/// An upper bound with its limit read. What it does to an application is `ceiling`'s.
#[derive(Debug, Clone)]
pub(crate) struct Ceiling {
    pub(crate) code: String,
    pub(crate) per: CeilingHolder,
    pub(crate) bound: Bound,
    /// Code of the date whose year counts; without it, the year of the submission.
    pub(crate) year_of: Option<String>,
}

/// How much, or how often, in a year.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Bound {
    Money(Money),
    Uses(i64),
}

/// All services, in the order in which they are shown.
#[derive(Debug)]
pub(crate) struct Catalogue {
    benefits: Vec<Benefit>,
}

impl Catalogue {
    /// The embedded definitions as this installation offers them.
    ///
    /// # Errors
    /// The first definition that breaks a rule, by file and key.
    #[cfg(test)]
    pub(crate) fn embedded(installation: &Installation) -> Result<Self, CatalogueError> {
        Self::with_own(&[], installation)
    }

    /// The embedded definitions and the installation's own, each a file's name without `.toml` with its text. An own one with the code of an
    /// embedded one is offered instead of it.
    ///
    /// # Errors
    /// The first definition that breaks a rule, by file and key; an own one that may not replace the embedded one
    /// ([`validate::instead`]).
    pub(crate) fn with_own(
        own: &[(String, String)],
        installation: &Installation,
    ) -> Result<Self, CatalogueError> {
        let mut benefits = read(embedded::FILES, installation)?;
        for (name, text) in own {
            let benefit = Benefit::read(name, text, installation)?;
            match benefits.iter_mut().find(|shipped| shipped.code() == name) {
                Some(shipped) => {
                    validate::instead(shipped, &benefit)?;
                    *shipped = benefit;
                }
                None => benefits.push(benefit),
            }
        }
        Self::of(benefits)
    }

    /// # Errors
    /// As [`Catalogue::embedded`].
    #[cfg(test)]
    pub(crate) fn from_files(
        files: &[(&str, &str)],
        installation: &Installation,
    ) -> Result<Self, CatalogueError> {
        Self::of(read(files, installation)?)
    }

    fn of(mut benefits: Vec<Benefit>) -> Result<Self, CatalogueError> {
        benefits.sort_by_key(|benefit| benefit.definition.order);
        validate::together(&benefits)?;
        Ok(Self { benefits })
    }

    pub(crate) fn get(&self, code: &str) -> Option<&Benefit> {
        self.benefits.iter().find(|benefit| benefit.code() == code)
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &Benefit> {
        self.benefits.iter()
    }
}

fn read(files: &[(&str, &str)], installation: &Installation) -> Result<Vec<Benefit>, CatalogueError> {
    files
        .iter()
        .map(|(name, text)| Benefit::read(name, text, installation))
        .collect()
}

impl Benefit {
    fn read(name: &str, text: &str, installation: &Installation) -> Result<Self, CatalogueError> {
        // The insurer's name stands inside sentences; it changes with the law, not with a release.
        let definition = Definition::parse(name, text)?.naming_the_insurer(&installation.insurer);
        validate::alone(name, &definition)?;
        let rules = validate::compile(name, &definition)?;
        let ceiling = validate::ceiling(name, &definition, rules.as_ref())?;
        let cndp_reference = installation
            .cndp_reference
            .clone()
            .filter(|_| definition.handles_health_data);
        let state = match definition.state {
            // A health benefit does not open without its authorisation.
            DeclaredState::Open if definition.handles_health_data && cndp_reference.is_none() => {
                DeclaredState::Planned
            }
            declared => declared,
        };
        Ok(Self {
            definition,
            state,
            rules,
            ceiling,
            cndp_reference,
        })
    }

    pub(crate) fn code(&self) -> &str {
        &self.definition.code
    }

    pub(crate) fn definition(&self) -> &Definition {
        &self.definition
    }

    /// Open, planned or closed here: see [`Installation::cndp_reference`].
    pub(crate) fn state(&self) -> DeclaredState {
        self.state
    }

    pub(crate) fn cndp_reference(&self) -> Option<&str> {
        self.cndp_reference.as_deref()
    }

    /// What an applicant fills in, when one may apply today.
    pub(crate) fn open_form(&self) -> Option<OpenForm<'_>> {
        match self.state {
            DeclaredState::Open => Some(OpenForm {
                benefit: self,
                form: self.definition.form.as_ref()?,
                rules: self.rules.as_ref()?,
                request_code: self.definition.request_code.as_deref()?,
            }),
            DeclaredState::Planned | DeclaredState::Closed => None,
        }
    }

    /// The same of a benefit that closed since: it takes no new requests, those that it took are seen to their end.
    pub(crate) fn seen_to_the_end(&self) -> Option<OpenForm<'_>> {
        Some(OpenForm {
            benefit: self,
            form: self.definition.form.as_ref()?,
            rules: self.rules.as_ref()?,
            request_code: self.definition.request_code.as_deref()?,
        })
    }

    /// The form, also of a benefit that closed while drafts and requests of it live on.
    pub(crate) fn form(&self) -> Option<&Form> {
        self.definition.form.as_ref()
    }

    pub(crate) fn rules(&self) -> Option<&RuleSet> {
        self.rules.as_ref()
    }

    /// The bound on what a person or household may get in a year.
    pub(crate) fn ceiling(&self) -> Option<&Ceiling> {
        self.ceiling.as_ref()
    }

    /// The name that may stand in logs and events: what shows somebody's health does not.
    pub(crate) fn public_code(&self) -> &str {
        if self.is_restricted() {
            "restricted"
        } else {
            self.code()
        }
    }

    /// Who examines its requests first: papers on somebody's health are read by a health reviewer alone.
    pub(crate) fn first_examination(&self) -> Examination {
        if self.definition.handles_health_data {
            Examination::MedicalOpinion
        } else {
            Examination::Proposal
        }
    }

    /// Whether its events go to the restricted subject.
    pub(crate) fn is_restricted(&self) -> bool {
        self.definition.handles_health_data
    }
}

/// An open benefit with all that an application needs; [`validate`] guarantees that an open definition has it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct OpenForm<'a> {
    pub(crate) benefit: &'a Benefit,
    pub(crate) form: &'a Form,
    pub(crate) rules: &'a RuleSet,
    /// The middle of the request number.
    pub(crate) request_code: &'a str,
}

#[cfg(test)]
pub(crate) mod tests;
