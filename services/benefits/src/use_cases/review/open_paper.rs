//! An agent asks to read a paper: why is asked, the act is kept, and documents gets a grant that serves this agent, this paper and this minute.

use auth::grant::{self, Grant};
use chrono::{DateTime, Utc};
use kernel::{ApplicationId, DocumentId};
use platform::ids;

use super::Reviewer;
use super::desk::{self, Hold, audit_line};
use crate::domain::application::Step;
use crate::domain::review::acts::{Act as Done, Content};
use crate::domain::review::duties::{Act, DutyRefused};
use crate::error::Error;
use crate::store::review_acts;
use crate::use_cases::Office;

/// Why a paper is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum OpeningReason {
    Assessment,
    CorrectedPaper,
    Appeal,
    QualityCheck,
}

impl OpeningReason {
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Assessment => "assessment",
            Self::CorrectedPaper => "corrected_paper",
            Self::Appeal => "appeal",
            Self::QualityCheck => "quality_check",
        }
    }

    /// Of a file that ended there is nothing left to examine.
    const fn outlives_the_examination(self) -> bool {
        match self {
            Self::Appeal | Self::QualityCheck => true,
            Self::Assessment | Self::CorrectedPaper => false,
        }
    }
}

/// A grant, and until when it opens.
pub(crate) struct Opening {
    pub(crate) grant: String,
    pub(crate) expires_at: DateTime<Utc>,
}

impl std::fmt::Debug for Opening {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Opening(until {})", self.expires_at)
    }
}

/// # Errors
/// A paper that is not in the file; a file or a paper that is not the agent's to read, which is written down; an open file that the agent
/// does not have; one that ended, but for who had a part in it and an appeal or a check.
pub(crate) async fn open_paper(
    office: &Office,
    reviewer: &Reviewer,
    id: ApplicationId,
    document: DocumentId,
    reason: OpeningReason,
) -> Result<Opening, Error> {
    let mut tx = office.pool.begin().await?;
    let file = desk::load(office, &mut tx, reviewer, id, Hold::Free).await?;
    if let Err(why) = file.may(reviewer, Act::OpenPaper) {
        tx.rollback().await?;
        return Err(desk::refused(office, reviewer, id, why).await);
    }
    let open = file.application.stage().is_open();
    if open && !file.is_mine(reviewer) {
        return Err(Error::FileNotYours);
    }
    if !open && !reason.outlives_the_examination() {
        tx.rollback().await?;
        return Err(desk::refused(office, reviewer, id, DutyRefused::FileClosed).await);
    }
    // Opinion and proposal rest on openings: while one is due, each paper opens once to who has the file, however full it is.
    let step = file.application.stage().step();
    let waited_for = matches!(step, Some(Step::MedicalOpinion | Step::Examination));
    if !waited_for || file.paper_was_opened_by(reviewer, document) {
        file.must_have_room()?;
    }
    let mut papers = file.application.answers.papers.values();
    if !papers.any(|paper| paper.document == document) {
        return Err(Error::PaperNotInFile);
    }
    let act = Done {
        agent: Some(reviewer.agent.account),
        agent_member: reviewer.agent.member,
        at: reviewer.now,
        content: Content::PaperOpened { document },
    };
    let version = file.application.version;
    review_acts::append(&mut tx, &file.key, id, version, ids::uuid_v7(reviewer.now), &act).await?;
    audit_line(
        &mut tx,
        reviewer,
        id,
        "paper_opening_granted",
        &["papers"],
        Some(reason.as_str()),
    )
    .await?;
    tx.commit().await?;
    // The grant is of the present whatever instant a demonstration writes down: documents' clock knows no other.
    let now = office.clock.now();
    let grant = Grant {
        document_id: document,
        application_id: id,
        agent: reviewer.agent.account,
        reason: reason.as_str().to_owned(),
    };
    Ok(Opening {
        grant: grant::sign(&office.openings, &grant, now),
        expires_at: now + grant::LIFE,
    })
}
