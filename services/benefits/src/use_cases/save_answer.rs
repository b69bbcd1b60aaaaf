//! A member answers one question of a draft, or corrects one of a file that waits for it. A paper is proved by the receipt that documents signed, so that documents need not be up.

use kernel::{ApplicationId, BankAccountId};
use sqlx::PgConnection;

use super::correct_answer::correct_answer;
use super::view::View;
use super::{Asker, Office, RequestKey, audit_line, beforehand};
use crate::domain::answers::fields::FieldGiven;
use crate::domain::answers::{
    Answer, AnswerRefused, Context, GivenPaper, PersonConcerned, ProvenPaper, ScanState,
};
use crate::domain::application::{Application, Stage};
use crate::domain::catalogue::Form;
use crate::error::Error;
use crate::store::{applications, infected_papers, member_facts};

/// An answer as it came: a receipt is not believed yet.
#[derive(Clone)]
pub(crate) enum AnswerGiven {
    BankAccountConfirmed(BankAccountId),
    BankAccountNotMine,
    Person(PersonConcerned),
    Reason(String),
    Consent(String),
    Paper { code: String, receipt: String },
    RemovePaper(String),
    Fields { page: String, given: Vec<FieldGiven> },
}

impl AnswerGiven {
    /// The step's name for the audit trail.
    fn step(&self) -> &'static str {
        match self {
            Self::BankAccountConfirmed(_) | Self::BankAccountNotMine => "bank_account",
            Self::Person(_) => "person_concerned",
            Self::Reason(_) => "reason",
            Self::Consent(_) => "consent",
            Self::Paper { .. } | Self::RemovePaper(_) => "papers",
            Self::Fields { .. } => "fields",
        }
    }
}

/// # Errors
/// An answer that cannot be taken (the draft stays as it was), or an application that is no draft.
pub(crate) async fn save_answer(
    office: &Office,
    asker: &Asker,
    request: &RequestKey,
    id: ApplicationId,
    given: AnswerGiven,
) -> Result<View, Error> {
    let mut tx = office.pool.begin().await?;
    if let Some(done) = request.claim(office, &mut tx, asker).await? {
        return office.replay(&mut tx, asker, done).await;
    }

    let key = office.key_of(&mut tx, asker).await?;
    let Some(draft) = applications::own_locked(&mut tx, &key, asker.member, id).await? else {
        tx.rollback().await?;
        return Err(office.not_yours(asker, id).await);
    };

    let step = given.step();
    let answered = if let Stage::AwaitsMember(_) = draft.stage() {
        let corrected = correct_answer(office, &mut tx, &key, asker, draft, given).await?;
        audit_line(&mut tx, asker, id, "corrected", &[step]).await?;
        corrected
    } else {
        let answered = decide(office, &mut tx, asker, draft, given).await?;
        applications::save_draft(&mut tx, &key, &answered).await?;
        audit_line(&mut tx, asker, id, "answered", &[step]).await?;
        answered
    };
    request.complete(&mut tx, asker, id).await?;
    let view = office.view_of(&mut tx, &key, asker, answered).await?;
    tx.commit().await?;
    Ok(view)
}

async fn decide(
    office: &Office,
    conn: &mut PgConnection,
    asker: &Asker,
    draft: Application,
    given: AnswerGiven,
) -> Result<Application, Error> {
    draft.stage().must_be_draft()?;
    let benefit = office
        .catalogue
        .get(&draft.benefit)
        .ok_or(Error::BenefitNotOpen)?;
    let form: &Form = benefit.form().ok_or(Error::BenefitNotOpen)?;
    let facts = member_facts::of_member(conn, asker.member).await?;
    if let AnswerGiven::Paper { .. } = given {
        // The draft may be older than the fact: no paper is taken for a request that cannot be granted.
        beforehand::must_be_open_to(benefit, facts.as_ref(), asker.now)?;
    }
    let answer = believed(office, conn, given).await?;
    let context = Context {
        form,
        member: asker.member,
        facts: facts.as_ref(),
        now: asker.now,
    };
    let answers = draft.answers.clone().with(answer, context)?;
    Ok(draft.into_draft()?.answered(answers, asker.now).any())
}

/// The answer with what a receipt proves, unless the paper was found infected since it was given.
pub(super) async fn believed(
    office: &Office,
    conn: &mut PgConnection,
    given: AnswerGiven,
) -> Result<Answer, Error> {
    Ok(match given {
        AnswerGiven::BankAccountConfirmed(account) => Answer::BankAccountConfirmed(account),
        AnswerGiven::BankAccountNotMine => Answer::BankAccountNotMine,
        AnswerGiven::Person(person) => Answer::Person(person),
        AnswerGiven::Reason(code) => Answer::Reason(code),
        AnswerGiven::Consent(version) => Answer::Consent(version),
        AnswerGiven::RemovePaper(code) => Answer::RemovePaper(code),
        AnswerGiven::Fields { page, given } => Answer::Fields { page, given },
        AnswerGiven::Paper { code, receipt } => {
            let receipt = office
                .receipts
                .verify(&receipt, office.clock.now())
                .map_err(Error::Receipt)?;
            // A word or size that this version does not know is as good as no receipt.
            let unread = || Error::Receipt(auth::token::TokenError::Malformed);
            let proven = ProvenPaper {
                owner: receipt.owner,
                document_class: receipt.document_class,
                media_type: receipt.media_type,
                paper: GivenPaper {
                    document: receipt.document_id,
                    file_name: receipt.file_name,
                    size_bytes: u64::try_from(receipt.size_bytes).map_err(|_| unread())?,
                    sha256: receipt.sha256,
                    scan_state: ScanState::parse(&receipt.scan_state).ok_or_else(unread)?,
                },
            };
            if infected_papers::contains(conn, proven.paper.document).await? {
                return Err(Error::Answer(AnswerRefused::PaperInfected));
            }
            Answer::Paper { code, proven }
        }
    })
}
