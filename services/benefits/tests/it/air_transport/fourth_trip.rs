//! Four trips a traveller and year, also when the fourth is asked for twice at the same moment.

use benefits_proto::v1::Application;
use futures::future::join_all;
use tokio::sync::Barrier;
use tonic::{Code, Status};

use super::{Trip, trip, uses};
use crate::support::{Member, TestApp, fields, key, reason};

/// Three trips that a family has had already.
const EARLIER: [(&str, &str); 3] = [
    ("2026-09-01", "2026-09-03"),
    ("2026-10-01", "2026-10-03"),
    ("2026-10-11", "2026-10-13"),
];

async fn three_trips(member: &Member<'_>) {
    for (outward, back) in EARLIER {
        member.send_air(&trip(outward, back)).await.expect("it is sent");
    }
}

fn cap_reached() -> Vec<(String, String)> {
    vec![("cap_reached".to_owned(), "CONDITION_NOT_HELD".to_owned())]
}

#[tokio::test]
async fn the_fifth_trip_of_a_year_is_refused_with_the_reason_and_what_is_left() {
    let app = TestApp::start().await;
    let member = app.traveller().await;
    three_trips(&member).await;
    let fourth = member
        .send_air(&trip("2026-11-01", "2026-11-02"))
        .await
        .expect("the fourth is sent");
    assert_eq!(uses(&fourth), (0, 4, 2026));
    let fifth = member
        .complete_air(&member.child(), &trip("2026-11-10", "2026-11-12"))
        .await;
    assert_eq!(uses(&fifth), (0, 4, 2026), "the draft says so beforehand");
    let refused = member.submit(&fifth.application_id).await;
    assert_eq!(reason(refused.clone()), "NOT_ELIGIBLE");
    assert_eq!(fields(refused), cap_reached());
    app.finish().await;
}

#[tokio::test]
async fn another_traveller_and_another_year_of_the_outward_flight_count_apart() {
    let app = TestApp::start().await;
    let mut member = app.traveller().await;
    three_trips(&member).await;
    member
        .send_air(&trip("2026-11-01", "2026-11-02"))
        .await
        .expect("the fourth is sent");
    let own = member
        .complete_air(&member.child(), &trip("2026-11-10", "2026-11-12"))
        .await;
    let own = member
        .answer(
            &own.application_id,
            crate::support::concerned("spouse", &member.spouse()),
        )
        .await
        .expect("another traveller");
    assert_eq!(uses(&own), (4, 4, 2026));
    member.submit(&own.application_id).await.expect("it is sent");
    // Out in 2020, back in 2021, asked for in 2021: a trip of 2020.
    member.demo_time = Some("2021-01-10T10:00:00Z");
    let turn_of_the_year = member
        .send_air(&trip("2020-12-30", "2021-01-03"))
        .await
        .expect("it is sent");
    assert_eq!(turn_of_the_year.request_number, "1/Tr_A/2021");
    assert_eq!(uses(&turn_of_the_year), (3, 4, 2020));
    app.finish().await;
}

#[tokio::test]
async fn a_withdrawn_trip_gives_its_use_back_once() {
    let app = TestApp::start().await;
    let member = app.traveller().await;
    three_trips(&member).await;
    let fourth = trip("2026-11-01", "2026-11-02");
    for _ in 0..2 {
        let sent = member.send_air(&fourth).await.expect("the fourth is sent");
        let taken_back = member.withdraw(&sent.application_id).await;
        assert_eq!(uses(&taken_back), (1, 4, 2026));
        let again = member.withdraw(&sent.application_id).await;
        assert_eq!(uses(&again), (1, 4, 2026));
    }
    app.finish().await;
}

#[tokio::test]
async fn the_same_trip_is_open_once_and_two_trips_at_a_time() {
    let app = TestApp::start().await;
    let member = app.traveller().await;
    let first = trip("2026-11-01", "2026-11-02");
    member.send_air(&first).await.expect("it is sent");
    assert_eq!(reason(member.send_air(&first).await), "OPEN_REQUEST_EXISTS");
    let draft = member
        .complete_air(&member.child(), &trip("2026-11-10", "2026-11-12"))
        .await;
    assert_eq!(uses(&draft), (3, 4, 2026), "a refusal takes nothing");
    member.submit(&draft.application_id).await.expect("it is sent");
    app.finish().await;
}

const LANES: usize = 4;
const ROUNDS: usize = 50;

/// Both parents are members and ask for the same child's fourth trip.
struct Family<'a> {
    parents: [Member<'a>; 2],
    child: String,
}

const FOURTH: [(&str, &str); 2] = [("2026-11-01", "2026-11-02"), ("2026-11-10", "2026-11-12")];

impl<'a> Family<'a> {
    async fn settle(app: &'a TestApp) -> Self {
        let mother = app.traveller().await;
        let child = mother.child();
        let mut father = app.stranger();
        father.demo_time = mother.demo_time;
        father
            .becomes_known(|facts| {
                facts.external_services = true;
                facts.province_iso = "MA-LAA".to_owned();
                facts.relatives[1].person_id.clone_from(&child);
            })
            .await;
        three_trips(&mother).await;
        Self {
            parents: [mother, father.on_its_own_connection()],
            child,
        }
    }

    /// Two hundred times in all: both submit at the same moment, one wins, the winner gives back.
    async fn compete(&self) {
        let mut drafts = [String::new(), String::new()];
        for round in 0..ROUNDS {
            for ((parent, draft), days) in self.parents.iter().zip(&mut drafts).zip(FOURTH) {
                if draft.is_empty() {
                    let complete = parent.complete_air(&self.child, &fourth(days)).await;
                    *draft = complete.application_id;
                }
            }
            let barrier = Barrier::new(2);
            let submit = async |parent: &Member<'_>, draft: &str| {
                barrier.wait().await;
                until_answered(parent, draft).await
            };
            let [one, two] = &self.parents;
            let answers = tokio::join!(submit(one, &drafts[0]), submit(two, &drafts[1]));
            let (winner, sent, lost) = match answers {
                (Ok(sent), Err(lost)) => (0, sent, lost),
                (Err(lost), Ok(sent)) => (1, sent, lost),
                other => panic!("round {round}: exactly one wins, not {other:?}"),
            };
            assert_eq!(uses(&sent), (0, 4, 2026));
            let lost: Result<(), Status> = Err(lost);
            assert_eq!(reason(lost.clone()), "NOT_ELIGIBLE", "round {round}");
            assert_eq!(fields(lost), cap_reached());
            drafts[winner].clear();
            self.parents[winner].withdraw(&sent.application_id).await;
        }
    }
}

/// As a client does: a service that is too busy is asked again with the same key.
async fn until_answered(member: &Member<'_>, draft: &str) -> Result<Application, Status> {
    let key = key();
    let mut answer = member.submit_with(draft, &key).await;
    for _ in 0..20 {
        match &answer {
            Err(status) if status.code() == Code::Unavailable => {
                answer = member.submit_with(draft, &key).await;
            }
            Ok(_) | Err(_) => break,
        }
    }
    answer
}

fn fourth(days: (&'static str, &'static str)) -> Trip {
    trip(days.0, days.1)
}

#[tokio::test]
async fn of_two_requests_for_the_fourth_trip_at_the_same_moment_exactly_one_is_sent_two_hundred_times() {
    let app = TestApp::start().await;
    let families = join_all((0..LANES).map(|_| Family::settle(&app))).await;
    join_all(families.iter().map(Family::compete)).await;
    assert_eq!(
        app.count("SELECT count(*) FROM applications WHERE state = 'cancelled_by_member'")
            .await,
        i64::try_from(LANES * ROUNDS).expect("two hundred")
    );
    assert_eq!(
        app.count("SELECT count(*) FROM ceiling_counters WHERE used <> 3")
            .await,
        0,
        "every winner gave back what it took"
    );
    app.finish().await;
}
