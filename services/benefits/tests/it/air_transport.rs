//! The air transport support from its catalogue file alone: typed questions, two papers, four trips a traveller and year.

mod decided;
mod fourth_trip;
mod paid_once;
mod typed_answers;

use benefits_proto::v1::field_value::Value;
use benefits_proto::v1::save_answer_request::Answer;
use benefits_proto::v1::{
    Application, FieldValue, FieldsAnswer, GetBenefitRequest, PaperAnswer, SaveAnswerRequest,
    StartApplicationRequest, WithdrawApplicationRequest,
};
use tonic::Status;

use crate::support::{Member, TestApp, concerned, fields, key, reason};

pub(crate) const AIR: &str = "air_transport_support";
/// The day of the requests: the past, so that no trip lies in the future of a test that runs later.
const DAY: &str = "2026-11-20T10:00:00Z";

/// A trip whose answers hold every condition; tests change one.
#[derive(Clone)]
pub(crate) struct Trip {
    pub(crate) outward: &'static str,
    pub(crate) back: &'static str,
    pub(crate) is_return: bool,
    pub(crate) from: &'static str,
    pub(crate) to: &'static str,
    pub(crate) centimes: i64,
}

pub(crate) const TRIP: Trip = Trip {
    outward: "2026-11-02",
    back: "2026-11-05",
    is_return: true,
    from: "MA-LAA",
    to: "MA-CAS",
    centimes: 185_000,
};

/// The outward and return days of one more trip.
pub(crate) fn trip(outward: &'static str, back: &'static str) -> Trip {
    Trip {
        outward,
        back,
        ..TRIP
    }
}

pub(crate) fn value(field_code: &str, value: Value) -> FieldValue {
    FieldValue {
        field_code: field_code.to_owned(),
        value: Some(value),
    }
}

pub(crate) fn page(page_code: &str, values: Vec<FieldValue>) -> Answer {
    Answer::Fields(FieldsAnswer {
        page_code: page_code.to_owned(),
        values,
    })
}

impl Trip {
    fn pages(&self) -> [Answer; 2] {
        let day = |code, day: &str| value(code, Value::Date(day.to_owned()));
        let province = |code, iso: &str| value(code, Value::Province(iso.to_owned()));
        [
            page(
                "trip",
                vec![
                    value("is_return", Value::YesNo(self.is_return)),
                    day("outward_on", self.outward),
                    day("return_on", self.back),
                    province("from_province", self.from),
                    province("to_province", self.to),
                ],
            ),
            page(
                "ticket",
                vec![value("price", Value::MoneyCentimes(self.centimes))],
            ),
        ]
    }
}

impl Member<'_> {
    pub(crate) async fn start_air(&self) -> Result<Application, Status> {
        let request = StartApplicationRequest {
            benefit_code: AIR.to_owned(),
            idempotency_key: key(),
        };
        let answer = self
            .applications()
            .start_application(self.request(request))
            .await?;
        Ok(answer.into_inner().application.expect("an application"))
    }

    fn travel_paper(&self, code: &str) -> Answer {
        let Answer::Paper(paper) = self.paper(|receipt| receipt.document_class = "travel_paper".to_owned())
        else {
            panic!("a paper")
        };
        Answer::Paper(PaperAnswer {
            paper_code: code.to_owned(),
            ..paper
        })
    }

    /// A draft with everything answered for a child.
    pub(crate) async fn complete_air(&self, child: &str, trip: &Trip) -> Application {
        let mut draft = self.start_air().await.expect("a draft");
        let mut answers = vec![self.confirmed_account(), concerned("child", child)];
        answers.extend(trip.pages());
        answers.extend([
            self.travel_paper("boarding_pass"),
            self.travel_paper("payment_proof"),
        ]);
        for answer in answers {
            draft = self
                .answer(&draft.application_id, answer)
                .await
                .expect("the answer is taken");
        }
        draft
    }

    pub(crate) async fn send_air(&self, trip: &Trip) -> Result<Application, Status> {
        let draft = self.complete_air(&self.child(), trip).await;
        self.submit(&draft.application_id).await
    }

    pub(crate) async fn withdraw(&self, application: &str) -> Application {
        let request = WithdrawApplicationRequest {
            application_id: application.to_owned(),
            idempotency_key: key(),
        };
        let answer = self
            .applications()
            .withdraw_application(self.request(request))
            .await
            .expect("it is taken back");
        answer.into_inner().application.expect("an application")
    }
}

impl TestApp {
    /// A member of the external services in Laâyoune, who asks on [`DAY`].
    pub(crate) async fn traveller(&self) -> Member<'_> {
        let mut member = self.stranger();
        member.demo_time = Some(DAY);
        member
            .becomes_known(|facts| {
                facts.external_services = true;
                facts.province_iso = "MA-LAA".to_owned();
            })
            .await;
        member
    }
}

/// Left, limit and year of a ceiling that counts uses.
pub(crate) fn uses(application: &Application) -> (i64, i64, i32) {
    let ceiling = application.ceiling.as_ref().expect("a ceiling");
    assert_eq!((ceiling.unit.as_str(), ceiling.per.as_str()), ("uses", "person"));
    (ceiling.left, ceiling.limit, ceiling.year)
}

#[tokio::test]
async fn a_member_in_the_external_services_sends_a_trip_and_gets_a_number() {
    let app = TestApp::start().await;
    let member = app.traveller().await;
    let draft = member.complete_air(&member.child(), &TRIP).await;
    assert!(draft.missing.is_empty(), "{:?}", draft.missing);
    assert!(draft.conditions.iter().all(|condition| condition.held));
    assert_eq!(draft.ceiling_left_centimes, -1, "it bounds no amount");
    assert_eq!(uses(&draft), (4, 4, 2026));
    let kept = draft.answers.as_ref().expect("answers");
    assert_eq!(kept.fields.len(), 6);
    assert!(
        kept.fields
            .contains(&value("price", Value::MoneyCentimes(185_000)))
    );
    let sent = member.submit(&draft.application_id).await.expect("it is sent");
    assert_eq!(sent.request_number, "1/Tr_A/2026");
    assert_eq!(uses(&sent), (3, 4, 2026));
    assert_eq!(sent.conditions.len(), draft.conditions.len());
    app.finish().await;
}

#[tokio::test]
async fn a_benefit_that_shows_no_illness_publishes_its_own_code_under_the_public_subject() {
    let app = TestApp::start().await;
    let member = app.traveller().await;
    let sent = member.send_air(&TRIP).await.expect("it is sent");
    member.withdraw(&sent.application_id).await;
    let events: Vec<(bool, String)> = sqlx::query_as("SELECT restricted, data::text FROM outbox")
        .fetch_all(app.pool())
        .await
        .expect("events");
    assert_eq!(events.len(), 2);
    for (restricted, data) in events {
        assert!(!restricted);
        assert!(data.contains(AIR) && !data.contains("Tr_A"), "{data}");
        // Neither the trip nor the traveller travels.
        assert!(!data.contains("MA-") && !data.contains(&member.child()), "{data}");
    }
    app.finish().await;
}

#[tokio::test]
async fn the_form_comes_with_its_pages_bounds_and_all_provinces() {
    let app = TestApp::start().await;
    let member = app.traveller().await;
    let request = GetBenefitRequest {
        benefit_code: AIR.to_owned(),
    };
    let air = member
        .catalogue()
        .get_benefit(member.request(request))
        .await
        .expect("the support")
        .into_inner();
    assert!(air.can_apply && air.failing_conditions.is_empty() && air.consent.is_none());
    let shape: Vec<(&str, Vec<(&str, &str)>)> = air
        .pages
        .iter()
        .map(|page| {
            let fields = page.fields.iter();
            let fields = fields.map(|field| (field.field_code.as_str(), field.kind.as_str()));
            (page.page_code.as_str(), fields.collect())
        })
        .collect();
    assert_eq!(
        shape,
        [
            (
                "trip",
                vec![
                    ("is_return", "yes_no"),
                    ("outward_on", "date"),
                    ("return_on", "date"),
                    ("from_province", "province"),
                    ("to_province", "province")
                ]
            ),
            ("ticket", vec![("price", "money")])
        ]
    );
    let [outward, back] = [&air.pages[0].fields[1], &air.pages[0].fields[2]];
    assert_eq!(
        (outward.min.as_str(), outward.max.as_str()),
        ("2020-01-01", "today")
    );
    assert_eq!(back.not_before_field, "outward_on");
    let provinces = &air.pages[0].fields[3].options;
    assert_eq!(provinces.len(), kernel::Province::all().len());
    let papers: Vec<_> = air
        .papers
        .iter()
        .map(|paper| (paper.paper_code.as_str(), paper.document_class.as_str()))
        .collect();
    assert_eq!(
        papers,
        [
            ("boarding_pass", "travel_paper"),
            ("payment_proof", "travel_paper")
        ]
    );
    app.finish().await;
}

#[tokio::test]
async fn who_works_in_rabat_is_told_before_anything_is_asked() {
    let app = TestApp::start().await;
    let member = app.member().await;
    let request = GetBenefitRequest {
        benefit_code: AIR.to_owned(),
    };
    let air = member
        .catalogue()
        .get_benefit(member.request(request))
        .await
        .expect("the support")
        .into_inner();
    let failing: Vec<&str> = air
        .failing_conditions
        .iter()
        .map(|condition| condition.condition_code.as_str())
        .collect();
    assert_eq!(failing, ["external_services", "province_listed"]);
    assert_eq!(reason(member.start_air().await), "NOT_ELIGIBLE");
    app.finish().await;
}

#[tokio::test]
async fn requests_are_taken_from_the_first_of_december_2020() {
    let app = TestApp::start().await;
    let mut member = app.traveller().await;
    member.demo_time = Some("2020-11-30T12:00:00Z");
    assert_eq!(
        fields(member.start_air().await),
        [("service_open".to_owned(), "CONDITION_NOT_HELD".to_owned())]
    );
    member.demo_time = Some("2020-12-01T12:00:00Z");
    let sent = member.send_air(&trip("2020-11-20", "2020-11-25")).await;
    assert_eq!(sent.expect("it is sent").request_number, "1/Tr_A/2020");
    app.finish().await;
}

#[tokio::test]
async fn each_condition_of_the_trip_refuses_by_its_code_and_keeps_the_draft() {
    let app = TestApp::start().await;
    let member = app.traveller().await;
    for (wrong, code) in [
        (
            Trip {
                is_return: false,
                ..TRIP
            },
            "return_ticket",
        ),
        (
            Trip {
                from: "MA-RAB",
                ..TRIP
            },
            "listed_airport_province",
        ),
        (trip("2026-08-20", "2026-08-21"), "asked_in_time"),
    ] {
        let draft = member.complete_air(&member.child(), &wrong).await;
        let refused = member.submit(&draft.application_id).await;
        assert_eq!(reason(refused.clone()), "NOT_ELIGIBLE", "{code}");
        assert_eq!(
            fields(refused),
            [(code.to_owned(), "CONDITION_NOT_HELD".to_owned())]
        );
    }
    // 90 days to the day.
    let sent = member.send_air(&trip("2026-08-20", "2026-08-22")).await;
    assert!(sent.is_ok(), "{sent:?}");
    assert_eq!(
        app.count("SELECT count(*) FROM applications WHERE state <> 'draft'")
            .await,
        1
    );
    assert_eq!(
        app.count("SELECT sum(used)::bigint FROM ceiling_counters").await,
        1
    );
    app.finish().await;
}

#[tokio::test]
async fn both_papers_are_asked_for_and_each_is_its_own() {
    let app = TestApp::start().await;
    let member = app.traveller().await;
    let draft = member.complete_air(&member.child(), &TRIP).await;
    let remove = Answer::RemovePaperCode("payment_proof".to_owned());
    let one = member
        .answer(&draft.application_id, remove)
        .await
        .expect("it is taken out");
    assert_eq!(one.missing, ["papers"]);
    assert_eq!(
        reason(member.submit(&draft.application_id).await),
        "DRAFT_INCOMPLETE"
    );
    let health = member.paper(|_| {});
    let Answer::Paper(health) = health else {
        panic!("a paper")
    };
    let wrong_class = Answer::Paper(PaperAnswer {
        paper_code: "payment_proof".to_owned(),
        ..health
    });
    assert_eq!(
        fields(member.answer(&draft.application_id, wrong_class).await),
        [("papers".to_owned(), "PAPER_CLASS".to_owned())]
    );
    app.finish().await;
}

/// A page sent with a key that was used for the same page answers as before.
#[tokio::test]
async fn a_page_saved_twice_with_one_key_is_saved_once() {
    let app = TestApp::start().await;
    let member = app.traveller().await;
    let draft = member.start_air().await.expect("a draft");
    let [answer, _] = TRIP.pages();
    let request = SaveAnswerRequest {
        application_id: draft.application_id.clone(),
        idempotency_key: key(),
        answer: Some(answer),
    };
    let mut versions = Vec::new();
    for _ in 0..2 {
        let saved = member
            .applications()
            .save_answer(member.request(request.clone()))
            .await
            .expect("it is saved");
        versions.push(saved.into_inner().application.expect("an application").version);
    }
    assert_eq!(versions, [draft.version + 1, draft.version + 1]);
    app.finish().await;
}
