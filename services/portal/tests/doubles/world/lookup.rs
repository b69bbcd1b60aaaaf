//! Double of membership's look-up for agents: names behind ids, one member for a file, one at the desk.

use membership_proto::v1::member_lookup_service_server::MemberLookupService;
use membership_proto::v1::{
    BatchGetMemberLabelsRequest, BatchGetMemberLabelsResponse, FamilyMember, FindMemberAtDeskRequest,
    FindMemberAtDeskResponse, GetMemberRequest, GetMemberResponse, MaskedBankAccount, MemberLabel,
    PersonName,
};
use platform::status::Problem;
use tonic::{Code, Request, Response, Status, async_trait};

use super::people::SPOUSE;
use super::{DECEASED, KHADIJA, REVIEWER, World};

/// Invented people, by the last part of their id.
pub(super) const PEOPLE: &[(&str, &str, &str, &str, &str, &str)] = &[
    ("Ahmed", "Aït Moussa", "أحمد", "آيت موسى", "retired", "MA-LAA"),
    ("Nadia", "El Filali", "نادية", "الفيلالي", "active", "MA-CAS"),
    ("Driss", "Ben Aïssa", "إدريس", "بن عيسى", "retired", "MA-ERR"),
    ("Rachid", "El Ouardi", "رشيد", "الوردي", "seconded", "MA-LAA"),
    ("Malika", "Ben Hammou", "مليكة", "بن حمو", "seconded", "MA-CAS"),
    ("Khadija", "Ben Idir", "خديجة", "بن يدير", "active", "MA-LAA"),
    (
        "Abdellah",
        "Ben Salah",
        "عبد الله",
        "بن صالح",
        "at_disposal",
        "MA-RAB",
    ),
    ("Fatima", "Aït Lahcen", "فاطمة", "آيت لحسن", "survivor", "MA-OUA"),
];

fn label(at: usize) -> MemberLabel {
    let (first_fr, last_fr, first_ar, last_ar, position, province) = PEOPLE[at % PEOPLE.len()];
    MemberLabel {
        member_id: format!("member-{}", at % PEOPLE.len()),
        name: Some(PersonName {
            first_fr: first_fr.into(),
            last_fr: last_fr.into(),
            first_ar: first_ar.into(),
            last_ar: last_ar.into(),
        }),
        matricule: format!("9001{:04}", at % PEOPLE.len()),
        position: position.into(),
        province_iso: province.into(),
    }
}

#[async_trait]
impl MemberLookupService for World {
    async fn batch_get_member_labels(
        &self,
        request: Request<BatchGetMemberLabelsRequest>,
    ) -> Result<Response<BatchGetMemberLabelsResponse>, Status> {
        self.enter("membership", "batch_get_member_labels")?;
        self.caller(&request)?;
        let ids = request.into_inner().member_ids;
        let labels = (0..PEOPLE.len())
            .map(label)
            .filter(|label| ids.contains(&label.member_id))
            .collect();
        Ok(Response::new(BatchGetMemberLabelsResponse { labels }))
    }

    async fn get_member(
        &self,
        request: Request<GetMemberRequest>,
    ) -> Result<Response<GetMemberResponse>, Status> {
        self.enter("membership", "get_member")?;
        let reader = self.caller(&request)?;
        Ok(Response::new(GetMemberResponse {
            label: Some(label(5)),
            family: vec![FamilyMember {
                person_id: SPOUSE.to_owned(),
                relation: "spouse".to_owned(),
                name: Some(PersonName {
                    first_fr: "Hassan".into(),
                    last_fr: "Aït Bella".into(),
                    first_ar: "حسن".into(),
                    last_ar: "آيت بلا".into(),
                }),
                birth_date: "1984-04-02".to_owned(),
            }],
            bank_account: (reader != REVIEWER).then(|| MaskedBankAccount {
                bank_account_id: "account-1".into(),
                bank_code: "999".into(),
                bank_name_fr: "Banque Spécimen".into(),
                bank_name_ar: "بنك نموذج".into(),
                last_four: "4831".into(),
            }),
        }))
    }

    async fn find_member_at_desk(
        &self,
        request: Request<FindMemberAtDeskRequest>,
    ) -> Result<Response<FindMemberAtDeskResponse>, Status> {
        self.enter("membership", "find_member_at_desk")?;
        self.caller(&request)?;
        let matricule = request.into_inner().matricule;
        if ![KHADIJA, DECEASED].contains(&matricule.as_str()) {
            return Err(Problem::new(Code::NotFound, "MEMBER_NOT_FOUND").into_status());
        }
        Ok(Response::new(FindMemberAtDeskResponse {
            deceased: matricule == DECEASED,
            label: Some(MemberLabel {
                matricule,
                ..label(5)
            }),
            has_address: false,
        }))
    }
}
