//! Keeps the projection of members: an event says that a record changed, membership says what it is now. Events may come twice and in any
//! order; the version decides.

use async_trait::async_trait;
use auth::client::ServiceInterceptor;
use bus::{HandlerError, IncomingEvent, Subscriber};
use chrono::{DateTime, NaiveDate, Utc};
use kernel::{BankAccountId, MemberId, PersonId, Position};
use membership_proto::events::v1::MemberChanged;
use membership_proto::v1 as wire;
use membership_proto::v1::member_service_client::MemberServiceClient;
use platform::calls::Channel;
use sqlx::PgConnection;
use tonic::Code;
use tonic::service::interceptor::InterceptedService;

use crate::domain::catalogue::Relation;
use crate::domain::member::{MemberFacts, PositionPeriod, Relative, Workplace, in_order};
use crate::store::{StoreError, member_facts};

/// What membership answers at most in one call.
const LARGEST_QUESTION: usize = 200;

/// A client that signs as benefits.
pub(crate) type Members = MemberServiceClient<InterceptedService<Channel, ServiceInterceptor>>;

/// Follows `membership.member.registered` and `changed`.
pub(crate) struct OnMemberChanged {
    pub(crate) members: Members,
}

/// A record that cannot be what membership meant.
#[derive(Debug, thiserror::Error)]
#[error("membership's facts: {0} cannot be read")]
pub(crate) struct Unreadable(&'static str);

#[async_trait]
impl Subscriber for OnMemberChanged {
    const NAME: &'static str = "benefits-member-facts";
    const PUBLISHER: &'static str = "membership";
    const EVENTS: &'static [&'static str] =
        &["membership.member.registered.v1", "membership.member.changed.v1"];
    const BATCH: usize = 100;
    type Facts = Vec<MemberFacts>;

    async fn fetch(&self, events: &[IncomingEvent]) -> Result<Self::Facts, HandlerError> {
        let mut ids = Vec::with_capacity(events.len());
        for event in events {
            // Both events have the same two fields.
            ids.push(event.decode::<MemberChanged>()?.member_id);
        }
        ask(&self.members, ids).await
    }

    async fn apply(
        &self,
        conn: &mut PgConnection,
        _: &[IncomingEvent],
        facts: Self::Facts,
    ) -> Result<(), HandlerError> {
        member_facts::upsert_newer(conn, &facts)
            .await
            .map_err(|error| match error {
                StoreError::Database(error) => error.into(),
                StoreError::Sealed { .. } | StoreError::Text { .. } | StoreError::Corrupt { .. } => {
                    HandlerError::permanent(error)
                }
            })
    }
}

/// What membership knows of these members now; unknown ones are left out.
pub(crate) async fn ask(members: &Members, mut ids: Vec<String>) -> Result<Vec<MemberFacts>, HandlerError> {
    ids.sort();
    ids.dedup();
    let mut facts = Vec::with_capacity(ids.len());
    for chunk in ids.chunks(LARGEST_QUESTION) {
        let request = wire::BatchGetMemberFactsRequest {
            member_ids: chunk.to_vec(),
        };
        let answer = members
            .clone()
            .batch_get_member_facts(request)
            .await
            .map_err(refused)?
            .into_inner();
        for record in answer.facts {
            facts.push(read(record).map_err(HandlerError::permanent)?);
        }
    }
    Ok(facts)
}

/// Membership says no: only what our own request got wrong will not pass by itself.
fn refused(status: tonic::Status) -> HandlerError {
    match status.code() {
        Code::InvalidArgument | Code::OutOfRange | Code::Unimplemented => HandlerError::permanent(status),
        _ => HandlerError::transient(status),
    }
}

fn read(record: wire::MemberFacts) -> Result<MemberFacts, Unreadable> {
    let relatives = record
        .relatives
        .into_iter()
        .map(read_relative)
        .collect::<Result<_, _>>()?;
    let positions = if record.positions.is_empty() {
        // A membership of the version before says only what holds today.
        vec![wire::PositionPeriod {
            position: record.position,
            from: record.position_from,
            to: record.position_to,
        }]
    } else {
        record.positions
    };
    let positions = positions.iter().map(read_period).collect::<Result<Vec<_>, _>>()?;
    let workplaces = if record.workplaces.is_empty() {
        // As above: what holds today is all that it says.
        vec![wire::Workplace {
            province_iso: record.province_iso,
            external_services: record.external_services,
            from: String::new(),
        }]
    } else {
        record.workplaces
    };
    let workplaces = workplaces
        .into_iter()
        .map(read_workplace)
        .collect::<Result<Vec<_>, _>>()?;
    let workplaces = workplaces
        .is_sorted_by(|one, next| one.from < next.from)
        .then_some(workplaces);
    let recorded_at = record
        .recorded_at
        .and_then(|at| DateTime::<Utc>::from_timestamp(at.seconds, u32::try_from(at.nanos).ok()?))
        .ok_or(Unreadable("recorded_at"))?;
    Ok(MemberFacts {
        member: record
            .member_id
            .parse::<MemberId>()
            .map_err(|_| Unreadable("member_id"))?,
        version: Some(record.version)
            .filter(|version| *version > 0)
            .ok_or(Unreadable("version"))?,
        person: record
            .person_id
            .parse::<PersonId>()
            .map_err(|_| Unreadable("person_id"))?,
        birth_date: date(&record.birth_date, "birth_date")?,
        sex: record.sex,
        positions: in_order(positions).ok_or(Unreadable("positions"))?,
        workplaces: workplaces.ok_or(Unreadable("workplaces"))?,
        death_date: optional_date(&record.death_date, "death_date")?,
        relatives,
        bank_account: match record.bank_account_id.as_str() {
            "" => None,
            id => Some(
                id.parse::<BankAccountId>()
                    .map_err(|_| Unreadable("bank_account_id"))?,
            ),
        },
        recorded_at,
    })
}

fn read_period(period: &wire::PositionPeriod) -> Result<PositionPeriod, Unreadable> {
    Ok(PositionPeriod {
        position: Position::parse(&period.position).map_err(|_| Unreadable("positions.position"))?,
        from: date(&period.from, "positions.from")?,
        to: optional_date(&period.to, "positions.to")?,
    })
}

fn read_workplace(workplace: wire::Workplace) -> Result<Workplace, Unreadable> {
    Ok(Workplace {
        province_iso: workplace.province_iso,
        external_services: workplace.external_services,
        from: optional_date(&workplace.from, "workplaces.from")?,
    })
}

fn read_relative(relative: wire::RelativeFacts) -> Result<Relative, Unreadable> {
    Ok(Relative {
        person: relative
            .person_id
            .parse::<PersonId>()
            .map_err(|_| Unreadable("relatives.person_id"))?,
        relation: Relation::parse(&relative.relation)
            .filter(|relation| *relation != Relation::Member)
            .ok_or(Unreadable("relatives.relation"))?,
        birth_date: date(&relative.birth_date, "relatives.birth_date")?,
        sex: relative.sex,
        death_date: optional_date(&relative.death_date, "relatives.death_date")?,
    })
}

fn date(text: &str, field: &'static str) -> Result<NaiveDate, Unreadable> {
    text.parse().map_err(|_| Unreadable(field))
}

fn optional_date(text: &str, field: &'static str) -> Result<Option<NaiveDate>, Unreadable> {
    if text.is_empty() {
        Ok(None)
    } else {
        date(text, field).map(Some)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn decoded(data: serde_json::Value) -> Result<MemberChanged, HandlerError> {
        let event = IncomingEvent {
            id: uuid::Uuid::nil(),
            event_type: "membership.member.changed.v1".to_owned(),
            aggregate: uuid::Uuid::nil(),
            sequence: 7,
            time: DateTime::UNIX_EPOCH,
            traceparent: None,
            data,
        };
        event.decode()
    }

    #[test]
    fn the_events_of_this_the_previous_and_the_next_minor_version_are_read() {
        let id = "01998c8f-3c00-7000-8000-000000000001";
        for data in [
            json!({ "memberId": id, "version": "7" }),
            json!({ "memberId": id }),
            json!({ "memberId": id, "version": "7", "cause": "ROSTER", "more": { "fields": [1] } }),
        ] {
            assert_eq!(decoded(data).expect("an event").member_id, id);
        }
        assert!(decoded(json!({ "memberId": 7 })).is_err());
    }

    fn period(position: &str, from: &str, to: &str) -> wire::PositionPeriod {
        wire::PositionPeriod {
            position: position.to_owned(),
            from: from.to_owned(),
            to: to.to_owned(),
        }
    }

    fn record() -> wire::MemberFacts {
        let id = |n: u128| uuid::Uuid::from_u128(n).to_string();
        wire::MemberFacts {
            member_id: id(1),
            version: 1,
            person_id: id(2),
            birth_date: "1980-05-17".to_owned(),
            positions: vec![
                period("active", "2005-09-01", "2026-11-30"),
                period("retired", "2026-12-01", ""),
            ],
            recorded_at: Some(pbjson_types::Timestamp {
                seconds: 1_790_000_000,
                nanos: 0,
            }),
            relatives: vec![wire::RelativeFacts {
                person_id: id(3),
                relation: "child".to_owned(),
                birth_date: "2015-11-30".to_owned(),
                ..Default::default()
            }],
            ..Default::default()
        }
    }

    #[test]
    fn a_record_without_the_optional_facts_is_read() {
        let facts = read(record()).expect("a record");
        assert_eq!((facts.death_date, facts.bank_account), (None, None));
        assert_eq!((facts.relatives.len(), facts.positions.len()), (1, 2));
    }

    #[test]
    fn a_membership_that_tells_one_period_only_is_read_too() {
        let mut earlier = record();
        earlier.positions.clear();
        earlier.position = "seconded".to_owned();
        earlier.position_from = "2020-01-01".to_owned();
        let facts = read(earlier).expect("a record");
        let on = |text: &str| facts.position_on(text.parse().expect("a date"));
        assert_eq!(on("2019-12-31"), None);
        assert_eq!(on("2030-01-01"), Some(Position::Seconded));
    }

    fn workplace(province: &str, from: &str) -> wire::Workplace {
        wire::Workplace {
            province_iso: province.to_owned(),
            external_services: true,
            from: from.to_owned(),
        }
    }

    #[test]
    fn a_workplace_is_read_for_its_day_and_from_a_membership_that_tells_one_only() {
        let mut facts = record();
        facts.province_iso = "MA-OUD".to_owned();
        let province = |facts: &wire::MemberFacts, on: &str| {
            let facts = read(facts.clone()).expect("a record");
            let place = facts.workplace_on(on.parse().expect("a date"));
            place.map(|place| place.province_iso.clone())
        };
        assert_eq!(province(&facts, "2019-01-01").as_deref(), Some("MA-OUD"));
        facts.workplaces = vec![workplace("MA-LAA", ""), workplace("MA-OUD", "2026-11-01")];
        assert_eq!(province(&facts, "2019-01-01").as_deref(), Some("MA-LAA"));
        assert_eq!(province(&facts, "2026-11-01").as_deref(), Some("MA-OUD"));
    }

    #[test]
    fn a_record_that_cannot_be_is_refused_by_field_and_never_by_value() {
        type Change = fn(&mut wire::MemberFacts);
        let changes: [(&str, Change); 13] = [
            ("member_id", |record| record.member_id = "1".to_owned()),
            ("version", |record| record.version = 0),
            ("person_id", |record| record.person_id.clear()),
            ("birth_date", |record| record.birth_date = "1980-13-01".to_owned()),
            ("positions.position", |record| {
                record.positions[1].position = "astronaut".to_owned()
            }),
            ("positions.from", |record| {
                record.positions[1].from = "2026-12".to_owned()
            }),
            ("positions.to", |record| {
                record.positions[1].to = "soon".to_owned()
            }),
            ("positions", |record| record.positions[0].to.clear()),
            ("workplaces.from", |record| {
                record.workplaces = vec![workplace("MA-LAA", "soon")]
            }),
            ("workplaces", |record| {
                record.workplaces = vec![
                    workplace("MA-LAA", "2026-11-01"),
                    workplace("MA-OUD", "2026-11-01"),
                ]
            }),
            ("recorded_at", |record| record.recorded_at = None),
            ("bank_account_id", |record| {
                record.bank_account_id = "999".to_owned()
            }),
            ("relatives.relation", |record| {
                record.relatives[0].relation = "member".to_owned()
            }),
        ];
        for (field, change) in changes {
            let mut wrong = record();
            change(&mut wrong);
            let error = read(wrong).expect_err("a wrong record").to_string();
            assert_eq!(error, format!("membership's facts: {field} cannot be read"));
        }
    }
}
