//! Benefits for agents: queues, files, changes, the trail. Every call carries the agent's short token.

use auth::client::with_token;
use benefits_proto::v1 as wire;
use tonic::Request;

use super::office::{
    Change, Outcome, Queue, QueueFilter, QueueSummary, ReviewFile, Step, Trail, TrailLine, TypedAnswer,
};
use super::review_convert::{asked_item, file, line, urgency, wire_queue};
use super::{Backend, instant, present};
use crate::error::Error;

/// What an agent gives as the reason of an opening, as in the page's form.
pub(crate) const OPENING_REASONS: [&str; 4] = ["assessment", "corrected_paper", "appeal", "quality_check"];

fn queue_request(queue: Queue, filter: &QueueFilter) -> wire::ListQueueFilesRequest {
    let assigned = match filter.assigned.as_str() {
        "me" => wire::AssignedTo::Me,
        "nobody" => wire::AssignedTo::Nobody,
        _ => wire::AssignedTo::Unspecified,
    };
    wire::ListQueueFilesRequest {
        queue: wire_queue(queue).into(),
        benefit_code: filter.benefit.clone(),
        assigned_to: assigned.into(),
        request_number: filter.number.clone(),
        minimum_age_days: filter.minimum_age,
        ..wire::ListQueueFilesRequest::default()
    }
}

impl Backend {
    pub(crate) async fn queues(&self, token: &str) -> Result<Vec<QueueSummary>, Error> {
        let request = with_token(Request::new(wire::ListQueuesRequest {}), token);
        let answer = self.review.clone().list_queues(request).await?.into_inner();
        let summaries = answer.queues.into_iter().filter_map(|summary| {
            Some(QueueSummary {
                queue: super::review_convert::queue(summary.queue())?,
                files: summary.files,
                unassigned: summary.unassigned,
                mine: summary.mine,
                oldest_age: summary.oldest_age_days.into(),
                oldest_urgency: urgency(summary.oldest_urgency()),
            })
        });
        Ok(summaries.collect())
    }

    /// A page of a queue, the longest waiting first, and the token of the next page.
    pub(crate) async fn queue_files(
        &self,
        token: &str,
        queue: Queue,
        filter: &QueueFilter,
        page_size: i32,
        page_token: &str,
    ) -> Result<(Vec<super::office::FileLine>, String), Error> {
        let request = wire::ListQueueFilesRequest {
            page_size,
            page_token: page_token.to_owned(),
            ..queue_request(queue, filter)
        };
        let answer = self
            .review
            .clone()
            .list_queue_files(with_token(Request::new(request), token))
            .await?
            .into_inner();
        let lines = answer.files.into_iter().map(line).collect();
        Ok((lines, answer.next_page_token))
    }

    /// The file that follows this one's place in a queue, whether or not this one stands in it now.
    pub(crate) async fn file_after(
        &self,
        token: &str,
        queue: Queue,
        filter: &QueueFilter,
        id: &str,
    ) -> Result<Option<String>, Error> {
        let request = wire::ListQueueFilesRequest {
            page_size: 1,
            after_application_id: id.to_owned(),
            ..queue_request(queue, filter)
        };
        let answer = self
            .review
            .clone()
            .list_queue_files(with_token(Request::new(request), token))
            .await?
            .into_inner();
        Ok(answer.files.into_iter().next().map(|file| file.application_id))
    }

    /// These files, for an auditor's list that names them. Of the reader's own family none comes.
    pub(crate) async fn named_files(
        &self,
        token: &str,
        ids: Vec<String>,
    ) -> Result<Vec<super::office::FileLine>, Error> {
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let request = wire::ListQueueFilesRequest {
            queue: wire::Queue::All.into(),
            page_size: i32::try_from(ids.len()).unwrap_or(i32::MAX),
            application_ids: ids,
            ..wire::ListQueueFilesRequest::default()
        };
        let answer = self
            .review
            .clone()
            .list_queue_files(with_token(Request::new(request), token))
            .await?
            .into_inner();
        Ok(answer.files.into_iter().map(line).collect())
    }

    pub(crate) async fn review_file(&self, token: &str, id: &str) -> Result<ReviewFile, Error> {
        let request = wire::GetFileRequest {
            application_id: id.to_owned(),
        };
        let answer = self
            .review
            .clone()
            .get_file(with_token(Request::new(request), token))
            .await?
            .into_inner();
        file(present(answer.file, "file")?)
    }

    /// One change, under the form's key and against the version that the agent saw.
    pub(crate) async fn change_file(
        &self,
        token: &str,
        id: &str,
        key: &str,
        version: i64,
        change: Change,
    ) -> Result<Outcome, Error> {
        let mut review = self.review.clone();
        let (application_id, idempotency_key, expected_version) = (id.to_owned(), key.to_owned(), version);
        let verdict = match change {
            Change::Assign { take_over } => {
                let request = wire::AssignFileRequest {
                    application_id,
                    idempotency_key,
                    expected_version,
                    take_over,
                };
                let answer = review
                    .assign_file(with_token(Request::new(request), token))
                    .await?
                    .into_inner();
                return Ok(if answer.assigned {
                    Outcome::Done
                } else {
                    Outcome::TakenByAnother
                });
            }
            Change::Release => {
                let request = wire::ReleaseFileRequest {
                    application_id,
                    idempotency_key,
                    expected_version,
                };
                review
                    .release_file(with_token(Request::new(request), token))
                    .await?;
                return Ok(Outcome::Done);
            }
            Change::Opinion {
                favourable,
                retained_cost,
            } => {
                let opinion = if favourable {
                    wire::MedicalOpinion::Favourable
                } else {
                    wire::MedicalOpinion::Unfavourable
                };
                let request = wire::RecordMedicalOpinionRequest {
                    application_id,
                    idempotency_key,
                    expected_version,
                    opinion: opinion.into(),
                    retained_cost_centimes: retained_cost,
                };
                review
                    .record_medical_opinion(with_token(Request::new(request), token))
                    .await?;
                return Ok(Outcome::Done);
            }
            Change::Ask(items) => {
                let request = wire::RequestInformationRequest {
                    application_id,
                    idempotency_key,
                    expected_version,
                    items: items.into_iter().map(asked_item).collect(),
                };
                review
                    .request_information(with_token(Request::new(request), token))
                    .await?;
                return Ok(Outcome::Done);
            }
            Change::Propose { refusal } => {
                let recommendation = if refusal.is_none() {
                    wire::Recommendation::Grant
                } else {
                    wire::Recommendation::Refuse
                };
                let request = wire::ProposeDecisionRequest {
                    application_id,
                    idempotency_key,
                    expected_version,
                    recommendation: recommendation.into(),
                    refusal_reason_code: refusal.unwrap_or_default(),
                };
                review
                    .propose_decision(with_token(Request::new(request), token))
                    .await?;
                return Ok(Outcome::Done);
            }
            Change::StopWaiting => {
                let request = wire::StopWaitingRequest {
                    application_id,
                    idempotency_key,
                    expected_version,
                };
                review
                    .stop_waiting(with_token(Request::new(request), token))
                    .await?;
                return Ok(Outcome::Done);
            }
            Change::Note(text) => {
                let request = wire::AddNoteRequest {
                    application_id,
                    idempotency_key,
                    text,
                };
                review.add_note(with_token(Request::new(request), token)).await?;
                return Ok(Outcome::Done);
            }
            Change::Grant { amount } => wire::validate_decision_request::Verdict::Grant(wire::Grant {
                amount_centimes: amount,
            }),
            Change::Refuse { reason, sentence } => {
                wire::validate_decision_request::Verdict::Refuse(wire::Refusal {
                    reason_code: reason,
                    sentence_ar: sentence.ar,
                    sentence_fr: sentence.fr,
                })
            }
            Change::SendBack { to, note } => {
                let to = match to {
                    Step::Opinion => wire::ReviewStep::MedicalOpinion,
                    Step::Examination | Step::Validation => wire::ReviewStep::Examination,
                };
                wire::validate_decision_request::Verdict::SendBack(wire::SendBack { to: to.into(), note })
            }
        };
        let request = wire::ValidateDecisionRequest {
            application_id,
            idempotency_key,
            expected_version,
            verdict: Some(verdict),
        };
        review
            .validate_decision(with_token(Request::new(request), token))
            .await?;
        Ok(Outcome::Done)
    }

    /// A grant of a minute with which documents opens one paper for this agent; never shown, kept or logged.
    pub(crate) async fn opening_grant(
        &self,
        token: &str,
        id: &str,
        document: &str,
        reason: &str,
    ) -> Result<String, Error> {
        let reason = match reason {
            "corrected_paper" => wire::OpeningReason::CorrectedPaper,
            "appeal" => wire::OpeningReason::Appeal,
            "quality_check" => wire::OpeningReason::QualityCheck,
            _ => wire::OpeningReason::Assessment,
        };
        let request = wire::OpenPaperRequest {
            application_id: id.to_owned(),
            document_id: document.to_owned(),
            reason: reason.into(),
        };
        let answer = self
            .review
            .clone()
            .open_paper(with_token(Request::new(request), token))
            .await?
            .into_inner();
        Ok(answer.opening_grant)
    }

    pub(crate) async fn trail(
        &self,
        token: &str,
        id: &str,
        page_size: i32,
        page_token: &str,
    ) -> Result<Trail, Error> {
        let request = wire::ListAuditTrailRequest {
            application_id: id.to_owned(),
            page_size,
            page_token: page_token.to_owned(),
        };
        let answer = self
            .review
            .clone()
            .list_audit_trail(with_token(Request::new(request), token))
            .await?
            .into_inner();
        Ok(Trail {
            lines: answer
                .lines
                .into_iter()
                .map(|line| TrailLine {
                    at: instant(line.at),
                    actor_kind: line.actor_kind,
                    actor: line.actor_id,
                    action: line.action,
                    fields: line.fields,
                    reason: line.reason,
                })
                .collect(),
            next: answer.next_page_token,
            intact: answer.chain_intact,
            number: answer.request_number,
        })
    }

    /// Labels of a benefit's typed questions, for those that a file answered, in the order of the form.
    pub(crate) async fn labels_of(
        &self,
        token: &str,
        code: &str,
        typed: &[TypedAnswer],
    ) -> Result<Vec<(super::models::Bilingual, TypedAnswer)>, Error> {
        if typed.is_empty() {
            return Ok(Vec::new());
        }
        let request = wire::GetBenefitRequest {
            benefit_code: code.to_owned(),
        };
        let answer = self
            .catalogue
            .clone()
            .get_benefit(with_token(Request::new(request), token))
            .await?
            .into_inner();
        let fields: Vec<wire::FormField> = answer.pages.into_iter().flat_map(|page| page.fields).collect();
        let place = |answer: &TypedAnswer| fields.iter().position(|field| field.field_code == answer.code);
        let mut in_order = typed.to_vec();
        // What the form no longer asks stands last.
        in_order.sort_by_key(|answer| place(answer).unwrap_or(usize::MAX));
        let labelled = in_order.into_iter().map(|answer| {
            let label = place(&answer)
                .and_then(|at| fields.get(at)?.label.clone())
                .map(super::models::Bilingual::from)
                .unwrap_or_default();
            (label, answer)
        });
        Ok(labelled.collect())
    }
}
