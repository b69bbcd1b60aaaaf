//! A running membership with a database and a subject prefix of its own, and builders of synthetic roster lines.

use std::fmt::Write as _;

use membership_proto::v1::member_service_client::MemberServiceClient;
use membership_proto::v1::roster_service_client::RosterServiceClient;
use membership_proto::v1::staff_record_service_client::StaffRecordServiceClient;
use membership_proto::v1::{
    ImportRosterRequest, RosterChunk, RosterFinding, RosterLine, RosterOpening, RosterSummary,
    import_roster_request, import_roster_response,
};
use platform::clock::Clock;
use platform::process::ServiceApp as _;
use testkit::{TestDb, TestKeys};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use tonic::transport::Channel;
use tonic::{Request, Status};

pub(crate) const HEADER: &str = "row_type;matricule;relative_no;child_key;last_name_fr;first_name_fr;last_name_ar;first_name_ar;sex;birth_date;cin;pension_number;position;position_from;position_to;province_iso;external_services;rib;email;language;disability;guardian_no;death_date";

pub(crate) struct TestApp {
    pub(crate) db: TestDb,
    pub(crate) keys: TestKeys,
    pub(crate) channel: Channel,
    shutdown: CancellationToken,
    running: JoinHandle<anyhow::Result<()>>,
}

/// What an import answered.
pub(crate) struct Imported {
    pub(crate) summary: RosterSummary,
    pub(crate) findings: Vec<RosterFinding>,
}

impl Imported {
    /// Line, column and reason of every finding.
    pub(crate) fn found(&self) -> Vec<(u32, &str, &str)> {
        self.findings
            .iter()
            .map(|f| (f.line, f.column.as_str(), f.reason.as_str()))
            .collect()
    }

    /// Registered, changed, unchanged.
    pub(crate) fn counts(&self) -> (u32, u32, u32) {
        let s = &self.summary;
        (s.members_registered, s.members_changed, s.members_unchanged)
    }
}

impl TestApp {
    pub(crate) async fn start() -> Self {
        let db = TestDb::create("membership", membership::migrations()).await;
        let keys = testkit::keys();
        let common = testkit::common(&db, &keys);
        let settings = membership::Settings {
            common,
            banks: membership::BanksSettings::default(),
        };
        let app = membership::App::build(settings, Clock::system()).await.unwrap();
        let url = format!("http://{}", app.addresses().grpc.unwrap());
        let shutdown = CancellationToken::new();
        let running = tokio::spawn(app.run_until(shutdown.clone()));
        let channel = platform::grpc::channel(&url).unwrap();
        Self {
            db,
            keys,
            channel,
            shutdown,
            running,
        }
    }

    pub(crate) async fn finish(self) {
        self.shutdown.cancel();
        self.running.await.unwrap().unwrap();
    }

    pub(crate) fn members(&self) -> MemberServiceClient<Channel> {
        MemberServiceClient::new(self.channel.clone())
    }

    pub(crate) fn staff_records(&self) -> StaffRecordServiceClient<Channel> {
        StaffRecordServiceClient::new(self.channel.clone())
    }

    pub(crate) fn as_service<T>(&self, service: &str, message: T) -> Request<T> {
        auth::client::with_token(
            Request::new(message),
            &self.keys.service_token(service, "membership"),
        )
    }

    pub(crate) fn importer_token(&self) -> String {
        self.keys
            .app_token("membership", "tadamon-cli", "membership.roster.import")
    }

    /// Imports lines, numbered from 2, in chunks of 500.
    pub(crate) async fn import(&self, lines: &[String]) -> Imported {
        self.try_import(HEADER, lines, false).await.unwrap()
    }

    pub(crate) async fn try_import(
        &self,
        header: &str,
        lines: &[String],
        dry_run: bool,
    ) -> Result<Imported, Status> {
        let opening = RosterOpening {
            header: header.to_owned(),
            dry_run,
            file_sha256: "0".repeat(64),
        };
        let mut messages = vec![part(import_roster_request::Part::Opening(opening))];
        let numbered: Vec<RosterLine> = (2..)
            .zip(lines)
            .map(|(number, text)| RosterLine {
                number,
                text: text.clone(),
            })
            .collect();
        messages.extend(numbered.chunks(500).map(|lines| {
            part(import_roster_request::Part::Chunk(RosterChunk {
                lines: lines.to_vec(),
            }))
        }));
        let mut request = Request::new(tokio_stream::iter(messages));
        request.set_timeout(std::time::Duration::from_secs(120));
        let request = auth::client::with_token(request, &self.importer_token());
        let mut answers = RosterServiceClient::new(self.channel.clone())
            .import_roster(request)
            .await?
            .into_inner();
        let mut findings = Vec::new();
        let mut summary = None;
        while let Some(answer) = answers.message().await? {
            match answer.part.unwrap() {
                import_roster_response::Part::Progress(progress) => findings.extend(progress.findings),
                import_roster_response::Part::Summary(end) => summary = Some(end),
            }
        }
        Ok(Imported {
            summary: summary.expect("a finished import ends with a summary"),
            findings,
        })
    }

    /// The id of the member with this matricule.
    pub(crate) async fn member_id(&self, matricule: &str) -> uuid::Uuid {
        sqlx::query_scalar("SELECT member_id FROM members WHERE matricule = $1")
            .bind(matricule)
            .fetch_one(&self.db.pool)
            .await
            .unwrap()
    }

    /// One number from the database.
    pub(crate) async fn count(&self, sql: &'static str) -> i64 {
        sqlx::query_scalar(sql).fetch_one(&self.db.pool).await.unwrap()
    }
}

pub(crate) fn part(part: import_roster_request::Part) -> ImportRosterRequest {
    ImportRosterRequest { part: Some(part) }
}

/// A right account number of the demonstration bank.
pub(crate) fn rib(account: u64) -> String {
    kernel::Rib::from_parts("999", "780", &format!("{account:016}"))
        .unwrap()
        .as_str()
        .to_owned()
}

/// Cells by column name; the others are empty.
pub(crate) fn line(cells: &[(&str, &str)]) -> String {
    let mut text = String::new();
    for (at, column) in HEADER.split(';').enumerate() {
        let value = cells
            .iter()
            .rev()
            .find(|(name, _)| *name == column)
            .map_or("", |(_, value)| value);
        let between = if at == 0 { "" } else { ";" };
        write!(text, "{between}{value}").unwrap();
    }
    text
}

/// An active member of Laâyoune; `n` makes matricule, card, account and address.
pub(crate) fn member(n: u32) -> Vec<(&'static str, String)> {
    vec![
        ("row_type", "member".into()),
        ("matricule", format!("9{n:07}")),
        ("last_name_fr", "El Hilali".into()),
        ("first_name_fr", "Amina".into()),
        ("last_name_ar", "الهلالي".into()),
        ("first_name_ar", "أمينة".into()),
        ("sex", "F".into()),
        ("birth_date", "1985-04-12".into()),
        ("cin", format!("ZZ{:06}", 100_000 + n)),
        ("position", "active".into()),
        ("position_from", "2010-09-01".into()),
        ("province_iso", "MA-LAA".into()),
        ("external_services", "yes".into()),
        ("rib", rib(u64::from(n))),
        ("email", format!("amina{n}@finances.example")),
        ("language", "ar".into()),
    ]
}

/// A child of member `n`.
pub(crate) fn child(n: u32, no: u32, first: &str, birth: &str) -> Vec<(&'static str, String)> {
    vec![
        ("row_type", "child".into()),
        ("matricule", format!("9{n:07}")),
        ("relative_no", no.to_string()),
        ("last_name_fr", "Benali".into()),
        ("first_name_fr", first.into()),
        ("last_name_ar", "بنعلي".into()),
        ("first_name_ar", "سلمى".into()),
        ("sex", "F".into()),
        ("birth_date", birth.into()),
    ]
}

/// A line of these cells, with some replaced.
pub(crate) fn with(cells: &[(&'static str, String)], changes: &[(&str, &str)]) -> String {
    let mut all: Vec<(&str, &str)> = cells
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect();
    all.extend_from_slice(changes);
    line(&all)
}
