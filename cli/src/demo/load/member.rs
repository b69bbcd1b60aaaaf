//! What a member does: opens a draft, answers page by page, uploads, sends, corrects, withdraws.

use anyhow::{Context as _, Result};
use benefits_proto::v1::field_value::Value;
use benefits_proto::v1::save_answer_request::Answer as Given;
use benefits_proto::v1::{
    BankAccountAnswer, FieldValue, FieldsAnswer, PaperAnswer, PersonConcernedAnswer,
    ResendApplicationRequest, SaveAnswerRequest, StartApplicationRequest, SubmitApplicationRequest,
    WithdrawApplicationRequest,
};
use documents_proto::v1::upload_document_request::Part;
use documents_proto::v1::{UploadDocumentRequest, UploadOpening};
use membership_proto::v1::GetOwnRecordResponse;

use super::answer::{Answer, answer};
use super::file::{Applying, Loader, Moment, Progress, told};
use super::paper::specimen;
use super::plan::{Benefit, Concerned, Trip, What};

const BENEFITS: &str = "benefits";

impl Loader {
    pub(super) async fn by_member(
        &self,
        member: &Applying,
        benefit: Benefit,
        what: What,
        moment: &Moment<'_>,
        progress: &mut Progress,
    ) -> Result<()> {
        let given = match what {
            What::Start => return self.start(member, benefit, moment, progress).await,
            What::Submit => return self.submit(member, moment, progress).await,
            What::Resend => return self.resend(member, moment, progress).await,
            What::Withdraw => return self.withdraw(member, moment, progress).await,
            What::Bank => bank(&member.record),
            What::Person(concerned) => Given::PersonConcerned(person(&member.record, concerned)?),
            What::Reason(reason) => Given::ReasonCode(reason.to_owned()),
            What::Consent => Given::ConsentVersion(self.consent.clone()),
            What::Trip(trip) => fields("trip", trip_values(trip)),
            What::Price(centimes) => fields("ticket", vec![value("price", Value::MoneyCentimes(centimes))]),
            What::Paper(code) => {
                let receipt = self.upload(member, benefit, code, moment, progress).await?;
                Given::Paper(PaperAnswer {
                    paper_code: code.to_owned(),
                    receipt,
                })
            }
            _ => anyhow::bail!("no step of a member"),
        };
        let message = SaveAnswerRequest {
            application_id: progress.id.clone(),
            idempotency_key: self.key(moment),
            answer: Some(given),
        };
        let saved = answer(|| async {
            let request = member
                .session
                .call(&self.backends, BENEFITS, message.clone())
                .await?;
            let request = self.backends.at(request, moment.at);
            self.backends.applications.clone().save_answer(request).await
        });
        match saved.await.map_err(told)? {
            Answer::Given(saved) => progress.see(saved.application)?,
            Answer::DoneBefore => progress.forget(),
        }
        Ok(())
    }

    pub(super) fn key(&self, moment: &Moment<'_>) -> String {
        self.keys.of(moment.label, moment.number, "call")
    }

    async fn start(
        &self,
        member: &Applying,
        benefit: Benefit,
        moment: &Moment<'_>,
        progress: &mut Progress,
    ) -> Result<()> {
        let message = StartApplicationRequest {
            benefit_code: benefit.code().to_owned(),
            idempotency_key: self.key(moment),
        };
        let started = answer(|| async {
            let request = member
                .session
                .call(&self.backends, BENEFITS, message.clone())
                .await?;
            let request = self.backends.at(request, moment.at);
            self.backends
                .applications
                .clone()
                .start_application(request)
                .await
        });
        match started.await.map_err(told)? {
            Answer::Given(started) => progress.see(started.application),
            Answer::DoneBefore => {
                anyhow::bail!("another plan was carried out here: begin again after `./justw reset`")
            }
        }
    }

    async fn submit(&self, member: &Applying, moment: &Moment<'_>, progress: &mut Progress) -> Result<()> {
        let message = SubmitApplicationRequest {
            application_id: progress.id.clone(),
            idempotency_key: self.key(moment),
            expected_version: 0,
        };
        let sent = answer(|| async {
            let request = member
                .session
                .call(&self.backends, BENEFITS, message.clone())
                .await?;
            let request = self.backends.at(request, moment.at);
            self.backends
                .applications
                .clone()
                .submit_application(request)
                .await
        });
        match sent.await.map_err(told)? {
            Answer::Given(sent) => progress.see(sent.application)?,
            Answer::DoneBefore => progress.forget(),
        }
        Ok(())
    }

    async fn resend(&self, member: &Applying, moment: &Moment<'_>, progress: &mut Progress) -> Result<()> {
        let message = ResendApplicationRequest {
            application_id: progress.id.clone(),
            idempotency_key: self.key(moment),
            expected_version: 0,
        };
        let sent = answer(|| async {
            let request = member
                .session
                .call(&self.backends, BENEFITS, message.clone())
                .await?;
            let request = self.backends.at(request, moment.at);
            self.backends
                .applications
                .clone()
                .resend_application(request)
                .await
        });
        match sent.await.map_err(told)? {
            Answer::Given(sent) => progress.see(sent.application)?,
            Answer::DoneBefore => progress.forget(),
        }
        Ok(())
    }

    async fn withdraw(&self, member: &Applying, moment: &Moment<'_>, progress: &mut Progress) -> Result<()> {
        let message = WithdrawApplicationRequest {
            application_id: progress.id.clone(),
            idempotency_key: self.key(moment),
        };
        let withdrawn = answer(|| async {
            let request = member
                .session
                .call(&self.backends, BENEFITS, message.clone())
                .await?;
            let request = self.backends.at(request, moment.at);
            self.backends
                .applications
                .clone()
                .withdraw_application(request)
                .await
        });
        match withdrawn.await.map_err(told)? {
            Answer::Given(withdrawn) => progress.see(withdrawn.application)?,
            Answer::DoneBefore => progress.forget(),
        }
        Ok(())
    }

    /// The receipt of a paper of its own: one paper serves one file.
    async fn upload(
        &self,
        member: &Applying,
        benefit: Benefit,
        code: &'static str,
        moment: &Moment<'_>,
        progress: &mut Progress,
    ) -> Result<String> {
        let opening = UploadOpening {
            file_name: file_name(code).to_owned(),
            document_class: benefit.papers().1.to_owned(),
            idempotency_key: self.keys.of(moment.label, moment.number, "upload"),
        };
        let uploaded = answer(|| async {
            let parts = [
                Part::Opening(opening.clone()),
                Part::Chunk(specimen("Piece de demonstration")),
            ]
            .map(|part| UploadDocumentRequest { part: Some(part) });
            let stream = futures::stream::iter(parts);
            let request = member.session.call(&self.backends, "documents", stream).await?;
            self.backends.documents.clone().upload_document(request).await
        });
        match uploaded.await.map_err(told)? {
            Answer::Given(uploaded) => {
                let document = uploaded.document.context("an upload has a document")?;
                progress.documents.insert(code, document.document_id);
                Ok(uploaded.receipt)
            }
            Answer::DoneBefore => anyhow::bail!("another paper was uploaded with this key"),
        }
    }
}

fn file_name(code: &str) -> &'static str {
    match code {
        "medical_file" => "dossier-medical-specimen.pdf",
        "boarding_pass" => "carte-embarquement-specimen.pdf",
        _ => "preuve-de-paiement-specimen.pdf",
    }
}

fn bank(record: &GetOwnRecordResponse) -> Given {
    let given = match &record.bank_account {
        Some(account) => BankAccountAnswer {
            answer: "confirmed".to_owned(),
            bank_account_id: account.bank_account_id.clone(),
        },
        None => BankAccountAnswer {
            answer: "not_mine".to_owned(),
            bank_account_id: String::new(),
        },
    };
    Given::BankAccount(given)
}

/// The eldest first, so that the same plan is for the same person whatever the order of the record.
fn person(record: &GetOwnRecordResponse, concerned: Concerned) -> Result<PersonConcernedAnswer> {
    let (relation, index) = match concerned {
        Concerned::Member => {
            return Ok(PersonConcernedAnswer {
                relation: "member".to_owned(),
                person_id: String::new(),
            });
        }
        Concerned::Spouse(index) => ("spouse", index),
        Concerned::Child(index) => ("child", index),
    };
    let mut relatives: Vec<_> = record
        .family
        .iter()
        .filter(|relative| relative.relation == relation)
        .collect();
    relatives.sort_by_key(|relative| (&relative.birth_date, &relative.person_id));
    let relative = relatives.get(index).context("the family has this relative")?;
    Ok(PersonConcernedAnswer {
        relation: relation.to_owned(),
        person_id: relative.person_id.clone(),
    })
}

fn fields(page: &str, values: Vec<FieldValue>) -> Given {
    Given::Fields(FieldsAnswer {
        page_code: page.to_owned(),
        values,
    })
}

fn value(code: &str, value: Value) -> FieldValue {
    FieldValue {
        field_code: code.to_owned(),
        value: Some(value),
    }
}

fn trip_values(trip: Trip) -> Vec<FieldValue> {
    vec![
        value("is_return", Value::YesNo(trip.is_return)),
        value("outward_on", Value::Date(trip.outward_on.to_string())),
        value("return_on", Value::Date(trip.return_on.to_string())),
        value("from_province", Value::Province(trip.from.to_owned())),
        value("to_province", Value::Province(trip.to.to_owned())),
    ]
}
