//! What a member sees of an application: the file itself, what is missing, how the conditions stand, what is left of the ceiling. Read for
//! many applications with a fixed number of queries.

use kernel::{ApplicationId, civil};
use platform::crypto::PersonKey;
use rules::{ConditionOutcome, Decision};
use sqlx::PgConnection;

use super::{Asker, Office, ceilings};
use crate::domain::answers::Step;
use crate::domain::application::{Application, Stage};
use crate::domain::assessment;
use crate::domain::catalogue::Benefit;
use crate::domain::ceiling::{CeilingKey, Standing};
use crate::domain::member::MemberFacts;
use crate::error::Error;
use crate::store::{assessments, ceilings as counters, member_facts};

/// An application with what is computed for its reader.
#[derive(Debug)]
pub(crate) struct View {
    pub(crate) application: Application,
    pub(crate) missing: Vec<Step>,
    pub(crate) conditions: Vec<ConditionOutcome>,
    /// With what the application itself took; absent without a ceiling, and before the answers that it needs.
    pub(crate) ceiling: Option<Standing>,
}

/// Puts views together, in the order given. All applications are the asker's.
pub(crate) async fn load(
    office: &Office,
    conn: &mut PgConnection,
    key: &PersonKey,
    asker: &Asker,
    applications: Vec<Application>,
) -> Result<Vec<View>, Error> {
    let facts = member_facts::of_member(conn, asker.member).await?;
    let sent: Vec<ApplicationId> = applications
        .iter()
        .filter(|application| application.stage != Stage::Draft)
        .map(|application| application.id)
        .collect();
    let mut judged = assessments::of_applications(conn, key, &sent).await?;
    let counted = counted(office, asker, &applications, facts.as_ref());
    let all: Vec<CeilingKey> = counted.iter().flatten().cloned().collect();
    let used = counters::used(conn, &all).await?;
    applications
        .into_iter()
        .zip(counted)
        .map(|(application, keys)| {
            let benefit = office.catalogue.get(&application.benefit);
            let ceiling = benefit.and_then(|benefit| ceilings::of(benefit, &keys, &used));
            let stored = judged.remove(&application.id);
            view(asker, application, benefit, facts.as_ref(), stored, ceiling)
        })
        .collect()
}

/// The counters of each application. A draft is counted as if it were sent today.
fn counted(
    office: &Office,
    asker: &Asker,
    applications: &[Application],
    facts: Option<&MemberFacts>,
) -> Vec<Vec<CeilingKey>> {
    let keys = |application: &Application| {
        let sent_at = application.stage.sent().map_or(asker.now, |sent| sent.at);
        office
            .catalogue
            .get(&application.benefit)
            .map(|benefit| ceilings::keys(benefit, application, facts, civil::civil_year(sent_at)))
            .unwrap_or_default()
    };
    applications.iter().map(keys).collect()
}

fn view(
    asker: &Asker,
    application: Application,
    benefit: Option<&Benefit>,
    facts: Option<&MemberFacts>,
    stored: Option<Decision>,
    ceiling: Option<Standing>,
) -> Result<View, Error> {
    let is_draft = application.stage == Stage::Draft;
    let missing = match benefit.and_then(Benefit::form) {
        Some(form) if is_draft => application.answers.missing(form, facts),
        Some(_) | None => Vec::new(),
    };
    let rules = benefit.and_then(|benefit| Some((benefit.rules()?, benefit.form()?)));
    let decision = match (stored, rules, facts) {
        (Some(decision), _, _) => Some(decision),
        (None, Some((rules, form)), Some(facts)) if is_draft => assessment::foresee(
            rules,
            form,
            &application.answers,
            facts,
            ceiling.map(|ceiling| ceiling.left),
            civil::civil_date(asker.now),
        )?,
        (None, _, _) => None,
    };
    let conditions = decision.map(|decision| decision.conditions).unwrap_or_default();
    Ok(View {
        application,
        missing,
        conditions,
        ceiling,
    })
}
