//! A person at work: what the staff file says of them, and each step of the journey as the edge would take it. Invented people only.

use std::fmt::Write as _;

use altcha::{Challenge, SolveChallengeOptions, solve_challenge};
use auth::client::with_token;
use benefits_proto::v1::application_service_client::ApplicationServiceClient;
use benefits_proto::v1::catalogue_service_client::CatalogueServiceClient;
use benefits_proto::v1::save_answer_request::Answer;
use benefits_proto::v1::{
    Application, BankAccountAnswer, GetBenefitRequest, ListApplicationsRequest, PaperAnswer,
    PersonConcernedAnswer, SaveAnswerRequest, StartApplicationRequest, SubmitApplicationRequest,
    WithdrawApplicationRequest,
};
use documents_proto::v1::document_service_client::DocumentServiceClient;
use documents_proto::v1::upload_document_request::Part;
use documents_proto::v1::{UploadDocumentRequest, UploadOpening};
use identity_proto::v1::terms_service_client::TermsServiceClient;
use identity_proto::v1::{
    AcceptTermsRequest, ExchangeSessionRequest, Form, GetTermsRequest, IssueChallengeRequest,
    RequestLinkRequest, RobotProof, SetPasswordRequest, SignInRequest,
};
use membership_proto::v1::member_service_client::MemberServiceClient;
use membership_proto::v1::{GetOwnRecordRequest, GetOwnRecordResponse};
use notifications_proto::v1::inbox_service_client::InboxServiceClient;
use notifications_proto::v1::{InboxMessage, ListMessagesRequest, MarkReadRequest};
use partnerships_proto::v1::IssueCardCodesRequest;
use partnerships_proto::v1::card_service_client::CardServiceClient;
use platform::clock::Clock;
use platform::ids::uuid_v7;
use testkit::{Mail, eventually, smtp};
use tonic::{Request, Status};

use crate::world::World;

pub const BENEFIT: &str = "exceptional_health_aid";
const PASSWORD: &str = "brume cactus violon 7";

/// A fresh idempotency key.
pub fn key() -> String {
    uuid_v7(Clock::system().now()).to_string()
}

/// A number of six digits that no other test of this stack draws.
pub fn own_number() -> u32 {
    let random = platform::ids::random::<4>();
    u32::from_le_bytes(random) % 1_000_000
}

/// What the staff file says.
#[derive(Clone)]
pub struct Member {
    number: u32,
    cin: String,
    email: String,
    position: &'static str,
    pension_number: &'static str,
    locale: &'static str,
}

impl Member {
    pub fn active() -> Self {
        Self::numbered(own_number())
    }

    /// The same with a number of the test's own.
    pub fn numbered(number: u32) -> Self {
        Self {
            number,
            cin: format!("ZZ{number:06}"),
            email: format!("m{number:06}@finances.example"),
            position: "active",
            pension_number: "",
            locale: "fr",
        }
    }

    pub fn retired() -> Self {
        let number = own_number();
        Self {
            email: format!("m{number:06}@courriel.example"),
            position: "retired",
            pension_number: "P7710",
            locale: "ar",
            ..Self::numbered(number)
        }
    }

    /// Somebody in service whose line stands in a roster.
    pub fn of_the_roster(roster: &str, number: u32) -> Self {
        let someone = Self::numbered(number);
        let start = format!("member;{};", someone.matricule());
        let mut lines = roster.lines().filter(|line| line.starts_with(&start));
        let cells: Vec<&str> = lines.next().expect("the member's line").split(';').collect();
        Self {
            cin: cells[10].to_owned(),
            email: cells[18].to_owned(),
            ..someone
        }
    }

    /// An address of one's own, so that limits per address do not join people.
    fn client_address(&self) -> String {
        let [_, a, b, c] = self.number.to_be_bytes();
        format!("10.{a}.{b}.{c}")
    }

    fn matricule(&self) -> String {
        format!("90{:06}", self.number)
    }

    pub fn email(&self) -> String {
        self.email.clone()
    }

    fn rib(&self) -> String {
        kernel::Rib::from_parts("999", "780", &format!("{:016}", self.number))
            .expect("three parts of the right size")
            .as_str()
            .to_owned()
    }

    /// What must stand nowhere but in the records: numbers, address, names, password.
    pub fn personal_values(&self) -> Vec<String> {
        let mut values = vec![
            self.matricule(),
            self.cin.clone(),
            self.email(),
            self.rib(),
            PASSWORD.to_owned(),
        ];
        values.extend(["El Hilali", "Benali", "Amina", "الهلالي", "بنعلي"].map(str::to_owned));
        values
    }

    /// The lines of the roster: the member, a spouse, a child.
    pub fn lines(&self) -> Vec<String> {
        let (matricule, cin, rib, email) = (self.matricule(), self.cin.clone(), self.rib(), self.email());
        let (position, pension, locale) = (self.position, self.pension_number, self.locale);
        vec![
            format!(
                "member;{matricule};;;El Hilali;Amina;الهلالي;أمينة;F;1958-04-12;{cin};{pension};{position};2010-09-01;;MA-RAB;no;{rib};{email};{locale};;;"
            ),
            format!("spouse;{matricule};1;;Benali;Karim;بنعلي;كريم;M;1956-01-05;;;;;;;;;;;;;"),
            format!("child;{matricule};2;;Benali;Salma;بنعلي;سلمى;F;2009-06-30;;;;;;;;;;;;;"),
        ]
    }

    /// The "I am not a robot" of a form, solved as a browser does.
    pub async fn proof(&self, world: &World, form: Form) -> RobotProof {
        self.tries_a_proof(world, form).await.expect("a challenge")
    }

    async fn tries_a_proof(&self, world: &World, form: Form) -> Result<RobotProof, Status> {
        let request = IssueChallengeRequest {
            form: form.into(),
            text_question: false,
            locale: self.locale.to_owned(),
            client_address: self.client_address(),
        };
        let issued = world.accounts().issue_challenge(request).await?.into_inner();
        let challenge: Challenge =
            serde_json::from_str(&issued.puzzle).expect("the puzzle is the solver's JSON");
        let solved = solve_challenge(SolveChallengeOptions::new(&challenge))
            .expect("the puzzle is well formed")
            .expect("the puzzle has a solution");
        let mut solution = String::new();
        write!(
            solution,
            r#"{{"counter":{},"derivedKey":"{}"}}"#,
            solved.counter, solved.derived_key
        )
        .expect("a text takes what is written");
        Ok(RobotProof {
            challenge_id: issued.challenge_id,
            solution,
        })
    }

    /// Sends the account form; `cin` lets a test type a wrong one.
    pub async fn ask_for_a_link(&self, world: &World, cin: Option<&str>) -> Result<(), Status> {
        let request = RequestLinkRequest {
            matricule: self.matricule(),
            cin: cin.map_or_else(|| self.cin.clone(), str::to_owned),
            position: self.position.to_owned(),
            email: self.email(),
            pension_number: self.pension_number.to_owned(),
            proof: Some(self.tries_a_proof(world, Form::Account).await?),
            locale: self.locale.to_owned(),
            client_address: self.client_address(),
        };
        world.accounts().request_link(request).await.map(|_| ())
    }

    /// Mails so far, oldest first.
    pub async fn mails(&self) -> Vec<Mail> {
        smtp()
            .mails_to(&self.email())
            .await
            .expect("the mail catcher answers")
    }

    /// Waits until there are this many mails.
    pub async fn mails_come(&self, count: usize) -> Vec<Mail> {
        eventually(async || Some(self.mails().await).filter(|mails| mails.len() >= count)).await
    }

    /// Opens the account by the link in the mail and signs in; the terms are not accepted yet.
    pub async fn opens_the_door<'a>(&'a self, world: &'a World) -> SignedIn<'a> {
        self.ask_for_a_link(world, None).await.expect("the form is taken");
        let mails = self.mails_come(1).await;
        let link = link_in(&mails[0].text);
        let (_, token) = link.rsplit_once('/').expect("a link has a path");
        let set = SetPasswordRequest {
            link_token: token.to_owned(),
            password: PASSWORD.to_owned(),
        };
        world
            .accounts()
            .set_password(set)
            .await
            .expect("the link is good for a password");
        self.signs_in(world).await
    }

    /// The same, with the terms accepted.
    pub async fn opens_an_account<'a>(&'a self, world: &'a World) -> SignedIn<'a> {
        let signed_in = self.opens_the_door(world).await;
        signed_in.accepts_the_terms().await;
        signed_in
    }

    pub async fn signs_in<'a>(&'a self, world: &'a World) -> SignedIn<'a> {
        self.tries_to_sign_in(world).await.expect("the password is right")
    }

    /// The same where identity may be away.
    pub async fn tries_to_sign_in<'a>(&'a self, world: &'a World) -> Result<SignedIn<'a>, Status> {
        let request = SignInRequest {
            matricule: self.matricule(),
            password: PASSWORD.to_owned(),
            proof: Some(self.tries_a_proof(world, Form::SignIn).await?),
            device_token: String::new(),
            locale: self.locale.to_owned(),
            client_address: self.client_address(),
            device_label: "Firefox, Linux".to_owned(),
        };
        let answer = world.sessions().sign_in(request).await?.into_inner();
        Ok(SignedIn {
            world,
            member: self,
            session: answer.session_token,
        })
    }
}

/// The first address of the portal in a mail.
pub fn link_in(text: &str) -> String {
    let start = text.find("http").expect("the mail has a link");
    text[start..]
        .split_whitespace()
        .next()
        .expect("a link is a word")
        .to_owned()
}

/// A member with a session.
pub struct SignedIn<'a> {
    pub world: &'a World,
    pub member: &'a Member,
    session: String,
}

impl SignedIn<'_> {
    pub fn session(&self) -> &str {
        &self.session
    }

    /// A request in the member's name, with a token for one service.
    pub async fn to<T>(&self, audience: &str, message: T) -> Request<T> {
        self.tries_to(audience, message).await.expect("the session lives")
    }

    async fn tries_to<T>(&self, audience: &str, message: T) -> Result<Request<T>, Status> {
        let exchange = ExchangeSessionRequest {
            session_token: self.session.clone(),
            audience: audience.to_owned(),
        };
        let answer = self.world.sessions().exchange_session(exchange).await?;
        Ok(with_token(
            Request::new(message),
            &answer.into_inner().access_token,
        ))
    }

    pub async fn accepts_the_terms(&self) {
        let get = GetTermsRequest {
            locale: self.member.locale.to_owned(),
        };
        let version = self
            .world
            .terms()
            .get_terms(get)
            .await
            .expect("terms are published")
            .into_inner()
            .version;
        let accept = self.to("identity", AcceptTermsRequest { version }).await;
        TermsServiceClient::new(self.world.channel("identity"))
            .accept_terms(accept)
            .await
            .expect("the current version is accepted");
    }

    pub async fn record(&self) -> GetOwnRecordResponse {
        let request = self.to("membership", GetOwnRecordRequest {}).await;
        MemberServiceClient::new(self.world.channel("membership"))
            .get_own_record(request)
            .await
            .expect("the member reads the own record")
            .into_inner()
    }

    fn applications(&self) -> ApplicationServiceClient<tonic::transport::Channel> {
        ApplicationServiceClient::new(self.world.channel("benefits"))
    }

    pub async fn starts(&self) -> Result<Application, Status> {
        let start = StartApplicationRequest {
            benefit_code: BENEFIT.to_owned(),
            idempotency_key: key(),
        };
        let request = self.to("benefits", start).await;
        Ok(given(
            self.applications()
                .start_application(request)
                .await?
                .into_inner()
                .application,
        ))
    }

    pub async fn answers(&self, id: &str, answer: Answer) -> Result<Application, Status> {
        let save = SaveAnswerRequest {
            application_id: id.to_owned(),
            idempotency_key: key(),
            answer: Some(answer),
        };
        let request = self.to("benefits", save).await;
        Ok(given(
            self.applications()
                .save_answer(request)
                .await?
                .into_inner()
                .application,
        ))
    }

    pub async fn submits(&self, id: &str, key: &str) -> Result<Application, Status> {
        let submit = SubmitApplicationRequest {
            application_id: id.to_owned(),
            idempotency_key: key.to_owned(),
            expected_version: 0,
        };
        let request = self.to("benefits", submit).await;
        Ok(given(
            self.applications()
                .submit_application(request)
                .await?
                .into_inner()
                .application,
        ))
    }

    /// Sends it as a part of a trace that began elsewhere.
    pub async fn submits_traced(&self, id: &str, traceparent: &str) -> Result<Application, Status> {
        let submit = SubmitApplicationRequest {
            application_id: id.to_owned(),
            idempotency_key: key(),
            expected_version: 0,
        };
        let mut request = self.to("benefits", submit).await;
        request.metadata_mut().insert(
            "traceparent",
            traceparent.parse().expect("a traceparent is ASCII"),
        );
        let answer = self.applications().submit_application(request).await?;
        Ok(given(answer.into_inner().application))
    }

    pub async fn withdraws(&self, id: &str) -> Result<Application, Status> {
        let withdraw = WithdrawApplicationRequest {
            application_id: id.to_owned(),
            idempotency_key: key(),
        };
        let request = self.to("benefits", withdraw).await;
        Ok(given(
            self.applications()
                .withdraw_application(request)
                .await?
                .into_inner()
                .application,
        ))
    }

    pub async fn history(&self) -> Vec<Application> {
        let list = ListApplicationsRequest {
            benefit_code: BENEFIT.to_owned(),
            page_size: 0,
            page_token: String::new(),
        };
        let request = self.to("benefits", list).await;
        let answer = self
            .applications()
            .list_applications(request)
            .await
            .expect("the history opens");
        answer.into_inner().applications
    }

    /// Uploads a paper and gives its receipt.
    pub async fn uploads(&self, content: &[u8]) -> Result<String, Status> {
        self.uploads_once(content, &key()).await
    }

    /// The same with a key of the caller's, who may have to repeat it.
    pub async fn uploads_once(&self, content: &[u8], key: &str) -> Result<String, Status> {
        let opening = UploadOpening {
            file_name: "dossier-specimen.pdf".to_owned(),
            document_class: "health_paper".to_owned(),
            idempotency_key: key.to_owned(),
        };
        let chunks = content.chunks(64 * 1024).map(|chunk| Part::Chunk(chunk.to_vec()));
        let messages: Vec<UploadDocumentRequest> = std::iter::once(Part::Opening(opening))
            .chain(chunks)
            .map(|part| UploadDocumentRequest { part: Some(part) })
            .collect();
        let request = self.tries_to("documents", tokio_stream::iter(messages)).await?;
        let answer = DocumentServiceClient::new(self.world.channel("documents"))
            .upload_document(request)
            .await?;
        Ok(answer.into_inner().receipt)
    }

    async fn consent_version(&self) -> String {
        let request = self
            .to(
                "benefits",
                GetBenefitRequest {
                    benefit_code: BENEFIT.to_owned(),
                },
            )
            .await;
        let benefit = CatalogueServiceClient::new(self.world.channel("benefits"))
            .get_benefit(request)
            .await
            .expect("the aid stands in the catalogue")
            .into_inner();
        benefit.consent.expect("a health aid asks for consent").version
    }

    /// A draft with every answer but the paper. Waits for the member's facts to reach benefits.
    pub async fn fills_in_a_draft(&self, reason: &str) -> Application {
        let record = self.record().await;
        let account = record.bank_account.expect("an account is on file");
        let draft = self.starts().await.expect("a draft opens");
        let id = draft.application_id;
        let bank = BankAccountAnswer {
            answer: "confirmed".to_owned(),
            bank_account_id: account.bank_account_id,
        };
        // Before the facts arrive the account cannot be confirmed: membership's event is on its way.
        eventually(async || self.answers(&id, Answer::BankAccount(bank.clone())).await.ok()).await;
        let child = record
            .family
            .iter()
            .find(|person| person.relation == "child")
            .expect("a child is declared");
        let person = PersonConcernedAnswer {
            relation: "child".to_owned(),
            person_id: child.person_id.clone(),
        };
        for answer in [
            Answer::PersonConcerned(person),
            Answer::ReasonCode(reason.to_owned()),
            Answer::ConsentVersion(self.consent_version().await),
        ] {
            self.answers(&id, answer).await.expect("the answer is taken");
        }
        self.starts().await.expect("the same draft comes back")
    }

    /// A draft that only waits to be sent.
    pub async fn fills_in_everything(&self, reason: &str) -> Application {
        let draft = self.fills_in_a_draft(reason).await;
        let receipt = self.uploads(&specimen()).await.expect("the paper is taken in");
        let paper = PaperAnswer {
            paper_code: "medical_file".to_owned(),
            receipt,
        };
        let whole = self
            .answers(&draft.application_id, Answer::Paper(paper))
            .await
            .expect("the receipt is believed");
        assert_eq!(whole.missing, Vec::<String>::new(), "nothing is missing");
        whole
    }

    /// Marks all messages as read.
    pub async fn reads_everything(&self) -> Result<(), Status> {
        let all = MarkReadRequest {
            message_ids: Vec::new(),
        };
        let request = self.tries_to("notifications", all).await?;
        InboxServiceClient::new(self.world.channel("notifications"))
            .mark_read(request)
            .await?;
        Ok(())
    }

    /// One question that this service answers to every member.
    pub async fn asks(&self, service: &str) -> Result<(), Status> {
        let channel = self.world.channel(service);
        match service {
            "membership" => {
                let request = self.tries_to(service, GetOwnRecordRequest {}).await?;
                MemberServiceClient::new(channel).get_own_record(request).await?;
            }
            "benefits" => {
                let list = ListApplicationsRequest {
                    benefit_code: BENEFIT.to_owned(),
                    page_size: 0,
                    page_token: String::new(),
                };
                let request = self.tries_to(service, list).await?;
                ApplicationServiceClient::new(channel)
                    .list_applications(request)
                    .await?;
            }
            "partnerships" => {
                let request = self.tries_to(service, IssueCardCodesRequest {}).await?;
                CardServiceClient::new(channel).issue_card_codes(request).await?;
            }
            "notifications" => {
                let list = ListMessagesRequest {
                    page_size: 0,
                    page_token: String::new(),
                };
                let request = self.tries_to(service, list).await?;
                InboxServiceClient::new(channel).list_messages(request).await?;
            }
            // A password is checked: the dearest of what identity does.
            "identity" => drop(self.member.tries_to_sign_in(self.world).await?),
            other => panic!("nothing is asked of {other} here"),
        }
        Ok(())
    }

    pub async fn inbox(&self) -> Vec<InboxMessage> {
        let request = self
            .to(
                "notifications",
                ListMessagesRequest {
                    page_size: 0,
                    page_token: String::new(),
                },
            )
            .await;
        let answer = InboxServiceClient::new(self.world.channel("notifications"))
            .list_messages(request)
            .await;
        answer.expect("the inbox opens").into_inner().messages
    }
}

fn given(application: Option<Application>) -> Application {
    application.expect("the answer holds the application")
}

/// A PDF of one empty page that says nothing about anybody.
pub fn specimen() -> Vec<u8> {
    let objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << >> >>",
    ];
    let mut pdf = String::from("%PDF-1.7\n");
    let mut table = String::from("0000000000 65535 f \n");
    for (at, object) in objects.iter().enumerate() {
        table.push_str(&format!("{:010} 00000 n \n", pdf.len()));
        pdf.push_str(&format!("{} 0 obj\n{object}\nendobj\n", at + 1));
    }
    let start = pdf.len();
    pdf.push_str(&format!(
        "xref\n0 4\n{table}trailer\n<< /Size 4 /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n"
    ));
    pdf.into_bytes()
}
