//! A member answers anew what an agent asked for, what the file no longer answers by itself, and nothing else: the rest of the file is what was
//! examined.

use std::collections::BTreeSet;

use platform::crypto::PersonKey;
use platform::ids;
use sqlx::PgConnection;

use super::save_answer::{AnswerGiven, believed};
use super::{Asker, Office};
use crate::domain::answers::Context;
use crate::domain::application::Application;
use crate::domain::review::acts::{Act, Content};
use crate::domain::review::information::{self, Target};
use crate::error::Error;
use crate::store::{member_facts, review_acts, review_files};

/// The file with the corrected answer, written.
///
/// # Errors
/// An answer that cannot be taken, or that was not asked for; the file stays as it was.
pub(super) async fn correct_answer(
    office: &Office,
    conn: &mut PgConnection,
    key: &PersonKey,
    asker: &Asker,
    file: Application,
    given: AnswerGiven,
) -> Result<Application, Error> {
    let id = file.id;
    let asked = review_acts::of_application(conn, key, id)
        .await?
        .open_request()
        .ok_or(Error::NothingAsked)?;
    let form = office
        .catalogue
        .get(&file.benefit)
        .and_then(|benefit| benefit.form())
        .ok_or(Error::BenefitNotOpen)?;
    let facts = member_facts::of_member(conn, asker.member).await?;
    let before = file.answers_in_hand();
    let asked_for = asked.targets();
    let mut named = asked_for.clone();
    if let Some(facts) = &facts {
        named
            .extend(information::no_longer_valid(&asked_for, &file.answers, before, form, facts).into_keys());
    }
    let done_before: BTreeSet<&Target> = asked
        .items
        .iter()
        .filter_map(|(item, corrected)| corrected.then_some(&item.target))
        .collect();
    let meant: Vec<Target> = meant(&given)
        .into_iter()
        .filter(|target| named.contains(target))
        .collect();
    // A new notice may have to be agreed to before a paper that was asked for is taken.
    let consent = matches!(given, AnswerGiven::Consent(_))
        && named.iter().any(|target| matches!(target, Target::Paper(_)));
    if meant.is_empty() && !consent {
        return Err(Error::NotAskedFor);
    }
    let taken_away = matches!(given, AnswerGiven::RemovePaper(_));
    let context = Context {
        form,
        member: asker.member,
        facts: facts.as_ref(),
        now: asker.now,
    };
    let believed = believed(office, conn, given).await?;
    let answers = before.clone().with(believed, context)?;
    if !information::changed(before, &answers).is_subset(&named) {
        return Err(Error::NotAskedFor);
    }
    let corrected = file.into_awaiting_member()?.corrected(answers, asker.now).any();
    review_files::save_corrected(conn, key, &corrected).await?;
    if !taken_away {
        // Once each, of what was asked: an answer that is changed again and again adds nothing to the file.
        let first_time = |target: &Target| asked_for.contains(target) && !done_before.contains(target);
        for target in meant.into_iter().filter(first_time) {
            let act = Act {
                agent: None,
                agent_member: None,
                at: asker.now,
                content: Content::Corrected { target },
            };
            let act_id = ids::uuid_v7(asker.now);
            review_acts::append(conn, key, id, corrected.version, act_id, &act).await?;
        }
    }
    Ok(corrected)
}

/// What an answer is about.
fn meant(given: &AnswerGiven) -> Vec<Target> {
    let field = |code: &str| vec![Target::Field(code.to_owned())];
    match given {
        AnswerGiven::BankAccountConfirmed(_) | AnswerGiven::BankAccountNotMine => field("bank_account"),
        AnswerGiven::Person(_) => field("person_concerned"),
        AnswerGiven::Reason(_) => field("reason"),
        AnswerGiven::Consent(_) => Vec::new(),
        AnswerGiven::Paper { code, .. } | AnswerGiven::RemovePaper(code) => vec![Target::Paper(code.clone())],
        AnswerGiven::Fields { given, .. } => given
            .iter()
            .map(|field| Target::Field(field.field.clone()))
            .collect(),
    }
}
