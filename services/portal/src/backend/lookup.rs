//! Membership for agents: whom a file is about, and who stands at the desk.

use std::collections::HashMap;

use auth::client::with_token;
use membership_proto::v1 as wire;
use tonic::Request;

use super::models::{BankAccount, Bilingual, Relative};
use super::office::{MemberAtDesk, MemberCard, MemberLabel};
use super::{Backend, present};
use crate::error::Error;

impl Backend {
    /// Labels by member id; who is unknown has none.
    pub(crate) async fn member_labels(
        &self,
        token: &str,
        ids: Vec<String>,
    ) -> Result<HashMap<String, MemberLabel>, Error> {
        if ids.is_empty() {
            return Ok(HashMap::new());
        }
        let request = wire::BatchGetMemberLabelsRequest { member_ids: ids };
        let answer = self
            .lookup
            .clone()
            .batch_get_member_labels(with_token(Request::new(request), token))
            .await?
            .into_inner();
        let labels = answer.labels.into_iter().map(|label| {
            let label = MemberLabel::from(label);
            (label.id.clone(), label)
        });
        Ok(labels.collect())
    }

    pub(crate) async fn member_card(&self, token: &str, id: &str) -> Result<MemberCard, Error> {
        let request = wire::GetMemberRequest {
            member_id: id.to_owned(),
        };
        let answer = self
            .lookup
            .clone()
            .get_member(with_token(Request::new(request), token))
            .await?
            .into_inner();
        Ok(MemberCard {
            label: present(answer.label, "label")?.into(),
            family: answer.family.into_iter().map(Relative::from).collect(),
            bank_account: answer.bank_account.map(|account| BankAccount {
                id: account.bank_account_id,
                bank_code: account.bank_code,
                bank_name: Bilingual {
                    ar: account.bank_name_ar,
                    fr: account.bank_name_fr,
                },
                last_four: account.last_four,
            }),
        })
    }

    /// The member before the desk.
    pub(crate) async fn member_at_desk(&self, token: &str, matricule: &str) -> Result<MemberAtDesk, Error> {
        let request = wire::FindMemberAtDeskRequest {
            matricule: matricule.to_owned(),
        };
        let answer = self
            .lookup
            .clone()
            .find_member_at_desk(with_token(Request::new(request), token))
            .await?
            .into_inner();
        Ok(MemberAtDesk {
            label: present(answer.label, "label")?.into(),
            has_address: answer.has_address,
            deceased: answer.deceased,
        })
    }
}

impl From<wire::MemberLabel> for MemberLabel {
    fn from(label: wire::MemberLabel) -> Self {
        Self {
            id: label.member_id,
            name: label.name.unwrap_or_default().into(),
            matricule: label.matricule,
            position: label.position,
            province_iso: label.province_iso,
        }
    }
}
