//! What a member sees of an application: the file itself, what is missing, how the conditions stand, what is left of the ceiling. Read for
//! many applications with a fixed number of queries.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use kernel::{ApplicationId, civil};
use platform::crypto::PersonKey;
use rules::{AmountStep, ConditionOutcome, Decision};
use sqlx::PgConnection;

use super::{Asker, Office, ceilings};
use crate::domain::answers::Step;
use crate::domain::application::Application;
use crate::domain::assessment;
use crate::domain::catalogue::{Benefit, Text};
use crate::domain::ceiling::{CeilingKey, Standing};
use crate::domain::member::MemberFacts;
use crate::domain::review::acts::{Dossier, Verdict};
use crate::domain::review::information::{self, Target};
use crate::error::Error;
use crate::store::{assessments, ceilings as counters, member_facts, review_acts};

/// An application with what is computed for its reader.
#[derive(Debug)]
pub(crate) struct View {
    pub(crate) application: Application,
    pub(crate) missing: Vec<Step>,
    pub(crate) conditions: Vec<ConditionOutcome>,
    /// With what the application itself took; absent without a ceiling, and before the answers that it needs.
    pub(crate) ceiling: Option<Standing>,
    /// What was done with it since it was sent.
    pub(crate) dossier: Dossier,
    /// What a file that waits for its member no longer answers, though nobody asked for it; each with whether it is answered by now.
    pub(crate) no_longer_valid: BTreeMap<Target, bool>,
    pub(crate) decided: Option<Decided>,
    /// The day by which the foundation answers; none when it is not the foundation's turn.
    pub(crate) answer_due: Option<NaiveDate>,
}

/// How it was decided, as its member may read it.
#[derive(Debug)]
pub(crate) struct Decided {
    pub(crate) verdict: Verdict,
    pub(crate) at: DateTime<Utc>,
    /// How a granted amount was found.
    pub(crate) steps: Vec<AmountStep>,
    pub(crate) appeal_path: Text,
}

impl View {
    /// Of an application that was sent in this very transaction, with what it was judged by: nothing is read again.
    pub(crate) fn of_sent(
        office: &Office,
        application: Application,
        decision: Decision,
        ceiling: Option<Standing>,
    ) -> Self {
        let dossier = Dossier::default();
        Self {
            answer_due: office.review.answer_due(&application, &dossier),
            application,
            missing: Vec::new(),
            conditions: decision.conditions,
            ceiling,
            dossier,
            no_longer_valid: BTreeMap::new(),
            decided: None,
        }
    }
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
        .filter(|application| !application.is_draft())
        .map(|application| application.id)
        .collect();
    let mut judged = assessments::of_applications(conn, key, &sent, false).await?;
    let mut dossiers = review_acts::of_applications(conn, key, &sent).await?;
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
            let dossier = dossiers.remove(&application.id).unwrap_or_default();
            let decided = decided(office, &dossier, stored.as_ref());
            let no_longer_valid = no_longer_valid(&application, benefit, &dossier, facts.as_ref());
            let answer_due = office.review.answer_due(&application, &dossier);
            let view = view(asker, application, benefit, facts.as_ref(), stored, ceiling)?;
            Ok(View {
                dossier,
                no_longer_valid,
                decided,
                answer_due,
                ..view
            })
        })
        .collect()
}

fn no_longer_valid(
    file: &Application,
    benefit: Option<&Benefit>,
    dossier: &Dossier,
    facts: Option<&MemberFacts>,
) -> BTreeMap<Target, bool> {
    match (dossier.open_request(), benefit.and_then(Benefit::form), facts) {
        (Some(asked), Some(form), Some(facts)) if file.stage().is_open() => information::no_longer_valid(
            &asked.targets(),
            &file.answers,
            file.answers_in_hand(),
            form,
            facts,
        ),
        _ => BTreeMap::new(),
    }
}

/// The counters of each application. A draft is counted as if it were sent today.
fn counted(
    office: &Office,
    asker: &Asker,
    applications: &[Application],
    facts: Option<&MemberFacts>,
) -> Vec<Vec<CeilingKey>> {
    let keys = |application: &Application| {
        let sent_at = application.stage().sent().map_or(asker.now, |sent| sent.at);
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
    let is_draft = application.is_draft();
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
        dossier: Dossier::default(),
        no_longer_valid: BTreeMap::new(),
        decided: None,
        answer_due: None,
    })
}

fn decided(office: &Office, dossier: &Dossier, judged: Option<&Decision>) -> Option<Decided> {
    let verdict = dossier.verdict()?;
    let steps = match (&verdict.what, judged) {
        (Verdict::Granted { .. }, Some(decision)) => decision.amount_steps.clone(),
        (Verdict::Granted { .. }, None) | (Verdict::Refused { .. }, _) => Vec::new(),
    };
    Some(Decided {
        verdict: verdict.what,
        at: verdict.at,
        steps,
        appeal_path: office.review.appeal_path.clone(),
    })
}
