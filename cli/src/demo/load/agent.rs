//! What agents do: take a file, open its papers, give an opinion, ask, propose, decide, note. Each looks at the file as it is, like whoever sits
//! before the page.

use anyhow::{Context as _, Result};
use benefits_proto::v1::validate_decision_request::Verdict;
use benefits_proto::v1::{
    AddNoteRequest, AssignFileRequest, GetFileRequest, Grant, InformationCause, InformationItem,
    MedicalOpinion, OpenPaperRequest, OpeningReason, ProposeDecisionRequest, Recommendation,
    RecordMedicalOpinionRequest, Refusal, RequestInformationRequest, ReviewAction, ReviewFile, ReviewStep,
    SendBack, StopWaitingRequest, ValidateDecisionRequest,
};
use chrono::TimeDelta;
use documents_proto::v1::OpenForReviewRequest;
use platform::clock::Clock;

use super::answer::{Answer, answer};
use super::file::{Loader, Moment, Progress, told};
use super::plan::{Agent, Asked, Cause, Item, What};
use super::session::Session;

const BENEFITS: &str = "benefits";
/// Papers that were opened longer ago are not read again.
const READ: TimeDelta = TimeDelta::days(14);

/// One call of the review service with its answer's file: `send!(loader, session, moment, method, message)`.
macro_rules! send {
    ($loader:expr, $session:expr, $moment:expr, $method:ident, $message:expr) => {{
        let message = $message;
        let sent = answer(|| async {
            let request = $session
                .call(&$loader.backends, BENEFITS, message.clone())
                .await?;
            let request = $loader.backends.at(request, $moment.at);
            $loader.backends.review.clone().$method(request).await
        });
        match sent.await.map_err(told)? {
            Answer::Given(given) => Some(given.file),
            Answer::DoneBefore => None,
        }
    }};
}

impl Loader {
    pub(super) async fn by_agent(
        &self,
        what: What,
        moment: &Moment<'_>,
        progress: &mut Progress,
    ) -> Result<()> {
        let agent = actor(what).context("a step of an agent")?;
        let session = self.office.session(agent)?;
        if let What::Open(..) = what
            && self.is_past(session, moment, progress).await?
        {
            return Ok(());
        }
        if progress.version.is_none()
            || progress.view.is_none() && matches!(what, What::Grant | What::Refuse(_))
        {
            let file = self.look(session, &progress.id, moment).await?;
            progress.review(file)?;
        }
        let version = progress.version.context("a version that was looked at")?;
        let file = match what {
            What::Open(_, paper) => return self.open(session, paper, moment, progress).await,
            What::Note(_, text) => {
                let note = AddNoteRequest {
                    application_id: progress.id.clone(),
                    idempotency_key: self.key(moment),
                    text: text.to_owned(),
                };
                send!(self, session, moment, add_note, note)
            }
            What::Take(_) => self.take(session, version, moment, progress).await?,
            What::Opinion(retained) => {
                let message = opinion(retained, version, self.key(moment), &progress.id);
                send!(self, session, moment, record_medical_opinion, message)
            }
            What::Ask(_, asked) => {
                let message = RequestInformationRequest {
                    application_id: progress.id.clone(),
                    idempotency_key: self.key(moment),
                    expected_version: version,
                    items: vec![item(asked)],
                };
                send!(self, session, moment, request_information, message)
            }
            What::StopWaiting(_) => {
                let message = StopWaitingRequest {
                    application_id: progress.id.clone(),
                    idempotency_key: self.key(moment),
                    expected_version: version,
                };
                send!(self, session, moment, stop_waiting, message)
            }
            What::ProposeGrant(_) => self.propose(session, version, None, moment, progress).await?,
            What::ProposeRefusal(_, reason) => {
                self.propose(session, version, Some(reason), moment, progress)
                    .await?
            }
            What::Grant | What::Refuse(_) | What::SendBack(_) => {
                let view = progress.view.as_ref().context("a file that was looked at")?;
                let message = ValidateDecisionRequest {
                    application_id: progress.id.clone(),
                    idempotency_key: self.key(moment),
                    expected_version: version,
                    verdict: Some(verdict(what, view)?),
                };
                send!(self, session, moment, validate_decision, message)
            }
            _ => anyhow::bail!("no step of an agent"),
        };
        match file {
            Some(file) => progress.review(file),
            None => {
                progress.forget();
                Ok(())
            }
        }
    }

    /// Whether an earlier run went past the step: an opening has no key, and is asked for once.
    async fn is_past(&self, session: &Session, moment: &Moment<'_>, progress: &mut Progress) -> Result<bool> {
        if progress.version.is_none() {
            return Ok(true);
        }
        if progress.view.is_none() {
            let file = self.look(session, &progress.id, moment).await?;
            progress.review(file)?;
            let actions = || progress.view.iter().flat_map(ReviewFile::actions);
            return Ok(!actions()
                .any(|action| matches!(action, ReviewAction::RecordOpinion | ReviewAction::Propose)));
        }
        Ok(false)
    }

    async fn look(&self, session: &Session, id: &str, moment: &Moment<'_>) -> Result<Option<ReviewFile>> {
        let get = GetFileRequest {
            application_id: id.to_owned(),
        };
        let request = session.call(&self.backends, BENEFITS, get).await.map_err(told)?;
        let request = self.backends.at(request, moment.at);
        let file = self
            .backends
            .review
            .clone()
            .get_file(request)
            .await
            .map_err(told)?;
        Ok(file.into_inner().file)
    }

    async fn take(
        &self,
        session: &Session,
        version: i64,
        moment: &Moment<'_>,
        progress: &Progress,
    ) -> Result<Option<Option<ReviewFile>>> {
        let message = AssignFileRequest {
            application_id: progress.id.clone(),
            idempotency_key: self.key(moment),
            expected_version: version,
            take_over: false,
        };
        Ok(send!(self, session, moment, assign_file, message))
    }

    async fn propose(
        &self,
        session: &Session,
        version: i64,
        refusal: Option<&str>,
        moment: &Moment<'_>,
        progress: &Progress,
    ) -> Result<Option<Option<ReviewFile>>> {
        let recommendation = match refusal {
            Some(_) => Recommendation::Refuse,
            None => Recommendation::Grant,
        };
        let message = ProposeDecisionRequest {
            application_id: progress.id.clone(),
            idempotency_key: self.key(moment),
            expected_version: version,
            recommendation: recommendation.into(),
            refusal_reason_code: refusal.unwrap_or_default().to_owned(),
        };
        Ok(send!(self, session, moment, propose_decision, message))
    }

    /// Asks to open a paper: the trail has the agent, the instant and the reason. The reading itself is written down by documents, whose clock
    /// takes no other instant: only the latest papers are read, so that its list is not of hundreds within a minute.
    async fn open(
        &self,
        session: &Session,
        paper: &'static str,
        moment: &Moment<'_>,
        progress: &Progress,
    ) -> Result<()> {
        let message = OpenPaperRequest {
            application_id: progress.id.clone(),
            document_id: progress.documents.get(paper).cloned().unwrap_or_default(),
            reason: OpeningReason::Assessment.into(),
        };
        let opened = answer(|| async {
            let request = session.call(&self.backends, BENEFITS, message.clone()).await?;
            let request = self.backends.at(request, moment.at);
            self.backends.review.clone().open_paper(request).await
        });
        let Answer::Given(opening) = opened.await.map_err(told)? else {
            return Ok(());
        };
        if Clock::system().now() - moment.at > READ {
            return Ok(());
        }
        let read = OpenForReviewRequest {
            opening_grant: opening.opening_grant,
        };
        let request = session
            .call(&self.backends, "documents", read)
            .await
            .map_err(told)?;
        let stream = self.backends.documents.clone().open_for_review(request).await;
        let mut parts = stream.map_err(told)?.into_inner();
        while parts.message().await.map_err(told)?.is_some() {}
        Ok(())
    }
}

fn actor(what: What) -> Option<Agent> {
    match what {
        What::Take(agent)
        | What::Open(agent, _)
        | What::Ask(agent, _)
        | What::StopWaiting(agent)
        | What::ProposeGrant(agent)
        | What::ProposeRefusal(agent, _)
        | What::Note(agent, _) => Some(agent),
        What::Opinion(_) => Some(Agent::HealthReviewer),
        What::Grant | What::Refuse(_) | What::SendBack(_) => Some(Agent::Validator),
        _ => None,
    }
}

fn opinion(retained: Option<i64>, version: i64, key: String, id: &str) -> RecordMedicalOpinionRequest {
    let opinion = match retained {
        Some(_) => MedicalOpinion::Favourable,
        None => MedicalOpinion::Unfavourable,
    };
    RecordMedicalOpinionRequest {
        application_id: id.to_owned(),
        idempotency_key: key,
        expected_version: version,
        opinion: opinion.into(),
        retained_cost_centimes: retained.unwrap_or_default(),
    }
}

fn item(asked: Asked) -> InformationItem {
    let (field, paper_code) = match asked.item {
        Item::Field(field) => (field, ""),
        Item::Paper(paper) => ("", paper),
    };
    let cause = match asked.cause {
        Cause::Incorrect => InformationCause::Incorrect,
        Cause::Incomplete => InformationCause::Incomplete,
        Cause::Outdated => InformationCause::Outdated,
    };
    InformationItem {
        field: field.to_owned(),
        paper_code: paper_code.to_owned(),
        cause: cause.into(),
        note: asked.note.to_owned(),
        corrected: false,
    }
}

/// Grants what was proposed, refuses with the sentence that the office offers for the reason.
fn verdict(what: What, view: &ReviewFile) -> Result<Verdict> {
    Ok(match what {
        What::Grant => {
            let proposal = view.proposal.as_ref().context("a proposal to grant")?;
            Verdict::Grant(Grant {
                amount_centimes: proposal.amount_centimes,
            })
        }
        What::Refuse(code) => {
            let known = view.refusal_reasons.iter().find(|known| known.code == code);
            let sentence = known
                .and_then(|known| known.sentence.clone())
                .context("a sentence for the reason")?;
            Verdict::Refuse(Refusal {
                reason_code: code.to_owned(),
                sentence_ar: sentence.ar,
                sentence_fr: sentence.fr,
            })
        }
        What::SendBack(note) => Verdict::SendBack(SendBack {
            to: ReviewStep::Examination.into(),
            note: note.to_owned(),
        }),
        _ => anyhow::bail!("no verdict"),
    })
}
