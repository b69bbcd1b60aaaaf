//! Membership: the member's own record.

use auth::client::with_token;
use membership_proto::v1 as wire;
use tonic::Request;

use super::Backend;
use super::models::{BankAccount, Bilingual, MemberRecord, Name, Relative};
use crate::error::Error;

impl Backend {
    pub(crate) async fn own_record(&self, token: &str) -> Result<MemberRecord, Error> {
        let request = with_token(Request::new(wire::GetOwnRecordRequest {}), token);
        let answer = self.members.clone().get_own_record(request).await?.into_inner();
        Ok(MemberRecord {
            name: answer.name.unwrap_or_default().into(),
            matricule: answer.matricule,
            position: answer.position,
            province_iso: answer.province_iso,
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
}

impl From<wire::PersonName> for Name {
    fn from(name: wire::PersonName) -> Self {
        Self {
            first: Bilingual {
                ar: name.first_ar,
                fr: name.first_fr,
            },
            last: Bilingual {
                ar: name.last_ar,
                fr: name.last_fr,
            },
        }
    }
}

impl From<wire::FamilyMember> for Relative {
    fn from(relative: wire::FamilyMember) -> Self {
        Self {
            person_id: relative.person_id,
            relation: relative.relation,
            name: relative.name.unwrap_or_default().into(),
            birth_date: relative.birth_date.parse().ok(),
        }
    }
}
