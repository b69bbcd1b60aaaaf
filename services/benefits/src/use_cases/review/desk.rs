//! A file on an agent's desk: loaded with everything that duties and decisions ask, changed, and written back together with what was done.

use bus::OutgoingEvent;
use kernel::{ApplicationId, DocumentId, MemberId, civil};
use platform::audit::{self, AuditEntry};
use platform::crypto::PersonKey;
use platform::ids;
use sqlx::{PgConnection, Postgres, Transaction};

use super::view::{self, FileView};
use super::{ReviewTerms, Reviewer};
use crate::domain::application::{Application, Step};
use crate::domain::catalogue::Benefit;
use crate::domain::member::MemberFacts;
use crate::domain::review::acts::{self, Content, Dossier};
use crate::domain::review::clock::Clock;
use crate::domain::review::duties::{self, Act, Case, Closeness, DutyRefused};
use crate::error::Error;
use crate::store::review_files::{self, Assignment};
use crate::store::{applications, member_facts, review_acts};
use crate::use_cases::{Office, RECORD, RequestKey};

/// A file with what is known of it.
pub(super) struct File<'a> {
    pub(super) key: PersonKey,
    pub(super) application: Application,
    pub(super) benefit: &'a Benefit,
    pub(super) dossier: Dossier,
    pub(super) assignment: Option<Assignment>,
    pub(super) applicant: MemberFacts,
    pub(super) closeness: Closeness,
    pub(super) terms: &'a ReviewTerms,
}

impl File<'_> {
    pub(super) fn health(&self) -> bool {
        self.benefit.is_restricted()
    }

    pub(super) fn case(&self) -> Case<'_> {
        Case {
            health: self.health(),
            step: self.application.stage().step(),
            withdrawn: self.application.stage().withdrawn_at().is_some(),
            dossier: &self.dossier,
            closeness: self.closeness,
        }
    }

    pub(super) fn may(&self, reviewer: &Reviewer, act: Act) -> Result<(), DutyRefused> {
        duties::check(&reviewer.agent, self.case(), act)
    }

    /// An auditor changes nothing and sees every trail but their family's.
    pub(super) fn may_be_audited(&self) -> Result<(), DutyRefused> {
        match self.closeness {
            Closeness::None => Ok(()),
            Closeness::Own => Err(DutyRefused::OwnFile),
            Closeness::Relative => Err(DutyRefused::RelativesFile),
        }
    }

    /// # Errors
    /// [`Error::FileFull`].
    pub(super) fn must_have_room(&self) -> Result<(), Error> {
        if self.dossier.is_full() {
            Err(Error::FileFull)
        } else {
            Ok(())
        }
    }

    /// Whether the agent was let in to one of the papers that the file has now: one that was sent anew is read before anything is said of it.
    /// True of a file without papers. What is known here is the grant: whether documents then gave the bytes (it may be away, or find the paper
    /// infected) stands in its own list of openings, and a decision must not wait for another service.
    pub(super) fn papers_were_opened_by(&self, reviewer: &Reviewer) -> bool {
        let papers = &self.application.answers.papers;
        let mut documents = papers.values().map(|paper| paper.document);
        papers.is_empty() || documents.any(|document| self.paper_was_opened_by(reviewer, document))
    }

    pub(super) fn paper_was_opened_by(&self, reviewer: &Reviewer, opened: DocumentId) -> bool {
        self.dossier.did(
            &reviewer.agent,
            |act| matches!(act, Content::PaperOpened { document } if *document == opened),
        )
    }

    /// How the foundation's days are counted; of everything but a draft.
    pub(super) fn clock(&self) -> Option<Clock> {
        let sent = self.application.stage().sent();
        sent.map(|sent| Clock::of(sent.at, &self.dossier))
    }

    /// Nobody answers what would be asked of the member.
    pub(super) fn member_died(&self) -> bool {
        self.applicant.death_date.is_some()
    }

    /// The member who was asked has no time left, or died. A request from before a day was named is counted from its own day.
    pub(super) fn waits_in_vain(&self, reviewer: &Reviewer) -> bool {
        self.dossier.open_request().is_some_and(|asked| {
            let by = asked.answer_by.unwrap_or_else(|| self.terms.answer_by(asked.at));
            self.member_died() || civil::civil_date(reviewer.now) > by
        })
    }

    pub(super) fn is_mine(&self, reviewer: &Reviewer) -> bool {
        self.assignment
            .is_some_and(|assignment| assignment.agent == reviewer.agent.account)
    }

    /// The same file in the hands of that agent.
    pub(super) fn in_hands_of(reviewer: &Reviewer) -> Option<Assignment> {
        Some(Assignment {
            agent: reviewer.agent.account,
            since: reviewer.now,
        })
    }

    /// Back in the hands of whoever did that step before.
    pub(super) fn back_to(&self, step: Step, reviewer: &Reviewer) -> Option<Assignment> {
        self.dossier.last_at(step).map(|agent| Assignment {
            agent,
            since: reviewer.now,
        })
    }
}

/// Whether the row is held until the transaction ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Hold {
    Locked,
    Free,
}

/// # Errors
/// [`Error::NotFound`] for what is no file, a draft included.
pub(super) async fn load<'a>(
    office: &'a Office,
    conn: &mut PgConnection,
    reviewer: &Reviewer,
    id: ApplicationId,
    hold: Hold,
) -> Result<File<'a>, Error> {
    let owner = review_files::owner(conn, id).await?.ok_or(Error::NotFound)?;
    let key = office
        .cipher
        .person_key(conn, owner.as_uuid(), reviewer.now)
        .await?;
    let application = match hold {
        Hold::Locked => applications::own_locked(conn, &key, owner, id).await?,
        Hold::Free => applications::own(conn, &key, owner, id).await?,
    }
    .ok_or(Error::NotFound)?;
    let benefit = office
        .catalogue
        .get(&application.benefit)
        .ok_or(Error::BenefitUnknown)?;
    let dossier = review_acts::of_application(conn, &key, id).await?;
    let assignment = review_files::assignment(conn, id).await?;
    let applicant = member_facts::of_member(conn, owner)
        .await?
        .ok_or(Error::FactsUnknown)?;
    let closeness = closeness(conn, reviewer.agent.member, &applicant).await?;
    Ok(File {
        key,
        application,
        benefit,
        dossier,
        assignment,
        applicant,
        closeness,
        terms: &office.review,
    })
}

/// An agent of whose family nothing is known yet is let near nobody's file.
async fn closeness(
    conn: &mut PgConnection,
    agent: Option<MemberId>,
    applicant: &MemberFacts,
) -> Result<Closeness, Error> {
    let Some(agent) = agent else {
        return Ok(Closeness::None);
    };
    if agent == applicant.member {
        return Ok(Closeness::Own);
    }
    let family = member_facts::of_member(conn, agent)
        .await?
        .ok_or(Error::FactsUnknown)?;
    Ok(duties::closeness(agent, Some(&family), applicant))
}

/// Writes a refusal down, in a transaction of its own: the one that refused is rolled back.
pub(super) async fn refused(
    office: &Office,
    reviewer: &Reviewer,
    id: ApplicationId,
    refused: DutyRefused,
) -> Error {
    let written = async {
        let mut tx = office.pool.begin().await?;
        audit_line(&mut tx, reviewer, id, "duty_refused", &[], Some(refused.reason())).await?;
        tx.commit().await?;
        Ok::<(), Error>(())
    };
    match written.await {
        Ok(()) => {
            tracing::warn!(application.id = %id, reason = refused.reason(), "an agent was kept from a file");
            Error::Duty(refused)
        }
        Err(error) => error,
    }
}

pub(super) async fn audit_line(
    conn: &mut PgConnection,
    reviewer: &Reviewer,
    id: ApplicationId,
    action: &'static str,
    fields: &[&'static str],
    reason: Option<&str>,
) -> Result<(), Error> {
    let entry = AuditEntry {
        record_kind: RECORD,
        record_id: id.as_uuid(),
        actor: &reviewer.actor,
        action,
        fields,
        reason,
        at: reviewer.now,
    };
    Ok(audit::record(conn, entry).await?)
}

/// A file that is being changed.
pub(super) struct Writing<'a> {
    pub(super) tx: Transaction<'static, Postgres>,
    pub(super) file: File<'a>,
}

/// The work is to be done, or was done by the same request before.
pub(super) enum Begun<'a> {
    Work(Box<Writing<'a>>),
    Done(Box<FileView>),
}

/// The answer to a request that was done before: asked first where work begins with a question to another service, which may be away by now. The
/// key is claimed for good with the work itself.
pub(super) async fn done_before(
    office: &Office,
    reviewer: &Reviewer,
    request: &RequestKey,
) -> Result<Option<FileView>, Error> {
    let mut tx = office.pool.begin().await?;
    let done = match request.claim_by(office, &mut tx, &reviewer.actor).await? {
        Some(done) => Some(again(office, &mut tx, reviewer, done).await?),
        None => None,
    };
    tx.rollback().await?;
    Ok(done)
}

async fn again(
    office: &Office,
    conn: &mut PgConnection,
    reviewer: &Reviewer,
    done: ApplicationId,
) -> Result<FileView, Error> {
    let file = load(office, conn, reviewer, done, Hold::Free).await?;
    file.may(reviewer, Act::See)?;
    view::of(conn, reviewer, file).await
}

/// Claims the key, loads the file locked, and refuses by the duties.
pub(super) async fn begin<'a>(
    office: &'a Office,
    reviewer: &Reviewer,
    request: &RequestKey,
    id: ApplicationId,
    act: Act,
) -> Result<Begun<'a>, Error> {
    let mut tx = office.pool.begin().await?;
    if let Some(done) = request.claim_by(office, &mut tx, &reviewer.actor).await? {
        let view = again(office, &mut tx, reviewer, done).await?;
        return Ok(Begun::Done(Box::new(view)));
    }
    let file = load(office, &mut tx, reviewer, id, Hold::Locked).await?;
    if let Err(why) = file.may(reviewer, act) {
        tx.rollback().await?;
        return Err(refused(office, reviewer, id, why).await);
    }
    Ok(Begun::Work(Box::new(Writing { tx, file })))
}

impl Writing<'_> {
    /// The agent looks at the newest version.
    ///
    /// # Errors
    /// [`Error::FileChanged`]; nothing was written.
    pub(super) fn must_be_version(&self, expected: i64) -> Result<(), Error> {
        if self.file.application.version == expected {
            Ok(())
        } else {
            Err(Error::FileChanged)
        }
    }

    /// The agent looks at the newest version and has the file.
    ///
    /// # Errors
    /// [`Error::FileChanged`], [`Error::FileNotYours`].
    pub(super) fn must_be_mine(&self, reviewer: &Reviewer, expected: i64) -> Result<(), Error> {
        self.must_be_version(expected)?;
        if self.file.is_mine(reviewer) {
            Ok(())
        } else {
            Err(Error::FileNotYours)
        }
    }
}

/// What came of the work.
pub(super) struct Outcome {
    /// With the next version; absent when the file itself did not move.
    pub(super) moved: Option<(Application, Option<Assignment>)>,
    pub(super) acts: Vec<Content>,
    /// For the trail.
    pub(super) action: &'static str,
    pub(super) fields: &'static [&'static str],
    pub(super) reason: Option<&'static str>,
    pub(super) event: Option<OutgoingEvent>,
}

/// Writes file, acts, trail and event, and commits; the answer is the file as its agent sees it then.
pub(super) async fn finish(
    office: &Office,
    reviewer: &Reviewer,
    request: &RequestKey,
    writing: Writing<'_>,
    outcome: Outcome,
) -> Result<FileView, Error> {
    let Writing { mut tx, mut file } = writing;
    let id = file.application.id;
    if let Some((application, assignment)) = outcome.moved {
        review_files::save(&mut tx, &application, assignment).await?;
        file.assignment = assignment.filter(|_| application.stage().is_open());
        file.application = application;
    }
    let clock_changes = outcome.acts.iter().any(|act| {
        matches!(
            act,
            Content::InformationRequested { .. } | Content::StoppedWaiting
        )
    });
    for content in outcome.acts {
        let act = acts::Act {
            agent: Some(reviewer.agent.account),
            agent_member: reviewer.agent.member,
            at: reviewer.now,
            content,
        };
        let act_id = ids::uuid_v7(reviewer.now);
        review_acts::append(&mut tx, &file.key, id, file.application.version, act_id, &act).await?;
        file.dossier.0.push(act);
    }
    if let Some(clock) = file.clock().filter(|_| clock_changes) {
        review_files::save_clock(&mut tx, id, clock).await?;
    }
    audit_line(
        &mut tx,
        reviewer,
        id,
        outcome.action,
        outcome.fields,
        outcome.reason,
    )
    .await?;
    if let Some(event) = outcome.event {
        bus::enqueue(&mut tx, event).await?;
    }
    request.complete_by(&mut tx, &reviewer.actor, id).await?;
    let view = view::of(&mut tx, reviewer, file).await?;
    tx.commit().await?;
    office.wake.now();
    Ok(view)
}
