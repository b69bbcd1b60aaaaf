//! Doubles of membership and notifications: an invented cast and its messages.

use membership_proto::v1::member_service_server::MemberService;
use membership_proto::v1::*;
use notifications_proto::v1::inbox_service_server::InboxService;
use notifications_proto::v1::{
    CountUnreadRequest, CountUnreadResponse, InboxMessage, ListMessagesRequest, ListMessagesResponse,
    MarkReadRequest, MarkReadResponse,
};
use tonic::{Request, Response, Status, async_trait};

use super::{BRAHIM, KHADIJA, World, now, stamp};

pub(super) const SPOUSE: &str = "01930000-0000-7000-8000-000000000001";
pub(super) const CHILD: &str = "01930000-0000-7000-8000-000000000002";

fn name(first_fr: &str, last_fr: &str, first_ar: &str, last_ar: &str) -> Option<PersonName> {
    Some(PersonName {
        first_fr: first_fr.into(),
        last_fr: last_fr.into(),
        first_ar: first_ar.into(),
        last_ar: last_ar.into(),
    })
}

#[async_trait]
impl MemberService for World {
    async fn get_own_record(
        &self,
        request: Request<GetOwnRecordRequest>,
    ) -> Result<Response<GetOwnRecordResponse>, Status> {
        self.enter("membership", "get_own_record")?;
        let matricule = self.caller(&request)?;
        let relative = |id: &str, relation: &str, name, birth: &str| FamilyMember {
            person_id: id.into(),
            relation: relation.into(),
            name,
            birth_date: birth.into(),
        };
        let account = MaskedBankAccount {
            bank_account_id: "account-1".into(),
            bank_code: "999".into(),
            bank_name_fr: "Banque Spécimen".into(),
            bank_name_ar: "بنك نموذج".into(),
            last_four: "4831".into(),
        };
        Ok(Response::new(match matricule.as_str() {
            KHADIJA => GetOwnRecordResponse {
                member_id: "m".into(),
                name: name("Khadija", "Ben Idir", "خديجة", "بن يدير"),
                matricule,
                position: "active".into(),
                province_iso: "MA-LAA".into(),
                family: vec![
                    relative(
                        SPOUSE,
                        "spouse",
                        name("Hassan", "Aït Bella", "حسن", "آيت بلا"),
                        "1984-04-02",
                    ),
                    relative(
                        CHILD,
                        "child",
                        name("Salma", "Aït Bella", "سلمى", "آيت بلا"),
                        "2012-02-29",
                    ),
                    relative(
                        "01930000-0000-7000-8000-000000000003",
                        "child",
                        name("Ilyas", "Aït Bella", "إلياس", "آيت بلا"),
                        "2018-11-30",
                    ),
                ],
                bank_account: Some(account),
                version: 1,
            },
            BRAHIM => GetOwnRecordResponse {
                name: name("Brahim", "El Ouafi", "إبراهيم", "الوافي"),
                matricule,
                position: "retired".into(),
                province_iso: "MA-RAB".into(),
                ..Default::default()
            },
            _ => GetOwnRecordResponse {
                name: name("Nadia", "Zerrouk", "نادية", "زروق"),
                matricule,
                position: "active".into(),
                ..Default::default()
            },
        }))
    }

    async fn batch_get_member_facts(
        &self,
        _: Request<BatchGetMemberFactsRequest>,
    ) -> Result<Response<BatchGetMemberFactsResponse>, Status> {
        Err(Status::permission_denied("not for the portal"))
    }

    async fn get_contact(
        &self,
        _: Request<GetContactRequest>,
    ) -> Result<Response<GetContactResponse>, Status> {
        Err(Status::permission_denied("not for the portal"))
    }
}

pub(super) fn messages() -> Vec<InboxMessage> {
    let message =
        |id: &str, kind: &str, title: (&str, &str), body: (&str, &str), file: &str, read| InboxMessage {
            message_id: id.into(),
            kind: kind.into(),
            title_ar: title.0.into(),
            title_fr: title.1.into(),
            body_ar: body.0.into(),
            body_fr: body.1.into(),
            application_id: file.into(),
            created_at: stamp(now() - chrono::TimeDelta::hours(5)),
            read,
        };
    vec![
        message(
            "1",
            "application_submitted",
            ("تم إرسال طلبكم", "Votre demande est envoyée"),
            (
                "توصلت المؤسسة بطلبكم. تجدون تفاصيله في فضائكم.",
                "La fondation a bien reçu votre demande. Vous en trouvez le détail dans votre espace.",
            ),
            super::benefits::SENT,
            false,
        ),
        message(
            "2",
            "account_activated",
            ("تم فتح حسابكم", "Votre compte est ouvert"),
            (
                "يمكنكم الآن استعمال خدمات المؤسسة عن بعد.",
                "Vous pouvez maintenant utiliser les services en ligne de la fondation.",
            ),
            "",
            true,
        ),
    ]
}

#[async_trait]
impl InboxService for World {
    async fn list_messages(
        &self,
        request: Request<ListMessagesRequest>,
    ) -> Result<Response<ListMessagesResponse>, Status> {
        self.enter("notifications", "list_messages")?;
        let messages = if self.caller(&request)? == KHADIJA {
            self.state().messages.clone()
        } else {
            Vec::new()
        };
        Ok(Response::new(ListMessagesResponse {
            messages,
            next_page_token: String::new(),
        }))
    }

    async fn count_unread(
        &self,
        request: Request<CountUnreadRequest>,
    ) -> Result<Response<CountUnreadResponse>, Status> {
        self.enter("notifications", "count_unread")?;
        let own = self.caller(&request)? == KHADIJA;
        let unread = self
            .state()
            .messages
            .iter()
            .filter(|message| own && !message.read)
            .count();
        Ok(Response::new(CountUnreadResponse {
            unread: i32::try_from(unread).unwrap_or_default(),
        }))
    }

    async fn mark_read(
        &self,
        request: Request<MarkReadRequest>,
    ) -> Result<Response<MarkReadResponse>, Status> {
        self.enter("notifications", "mark_read")?;
        let ids = request.into_inner().message_ids;
        for message in &mut self.state().messages {
            message.read |= ids.is_empty() || ids.contains(&message.message_id);
        }
        Ok(Response::new(MarkReadResponse {}))
    }
}
