//! Keeps the projection of members: an event says that a record changed, membership says what it is now. Events may come twice and in any
//! order; the version decides.

use async_trait::async_trait;
use auth::client::ServiceInterceptor;
use bus::{HandlerError, IncomingEvent, Subscriber};
use chrono::NaiveDate;
use kernel::{MemberId, PersonId, Position};
use membership_proto::events::v1::MemberChanged;
use membership_proto::v1 as wire;
use membership_proto::v1::member_service_client::MemberServiceClient;
use platform::calls::Channel;
use sqlx::PgConnection;
use tonic::Code;
use tonic::service::interceptor::InterceptedService;

use crate::domain::category::Category;
use crate::domain::household::{Household, PositionPeriod, Relative, in_order};
use crate::store::{StoreError, member_facts};

/// What membership answers at most in one call.
const LARGEST_QUESTION: usize = 200;

/// A client that signs as partnerships.
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
    const NAME: &'static str = "partnerships-member-facts";
    const PUBLISHER: &'static str = "membership";
    const EVENTS: &'static [&'static str] =
        &["membership.member.registered.v1", "membership.member.changed.v1"];
    const BATCH: usize = 100;
    type Facts = Vec<Household>;

    async fn fetch(&self, events: &[IncomingEvent]) -> Result<Self::Facts, HandlerError> {
        let mut ids = Vec::with_capacity(events.len());
        for event in events {
            // Both events have the same two fields.
            ids.push(event.decode::<MemberChanged>()?.member_id);
        }
        ids.sort();
        ids.dedup();
        let mut facts = Vec::with_capacity(ids.len());
        for chunk in ids.chunks(LARGEST_QUESTION) {
            let request = wire::BatchGetMemberFactsRequest {
                member_ids: chunk.to_vec(),
            };
            let answer = self
                .members
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
                StoreError::Corrupt { .. } => HandlerError::permanent(error),
            })
    }
}

/// Membership says no: only what our own request got wrong will not pass by itself.
fn refused(status: tonic::Status) -> HandlerError {
    match status.code() {
        Code::InvalidArgument | Code::OutOfRange | Code::Unimplemented => HandlerError::permanent(status),
        _ => HandlerError::transient(status),
    }
}

fn read(record: wire::MemberFacts) -> Result<Household, Unreadable> {
    let relatives = record
        .relatives
        .iter()
        .map(read_relative)
        .collect::<Result<_, _>>()?;
    let positions = record
        .positions
        .iter()
        .map(read_period)
        .collect::<Result<Vec<_>, _>>()?;
    Ok(Household {
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
        death_date: optional_date(&record.death_date, "death_date")?,
        positions: in_order(positions).ok_or(Unreadable("positions"))?,
        relatives,
    })
}

fn read_period(period: &wire::PositionPeriod) -> Result<PositionPeriod, Unreadable> {
    Ok(PositionPeriod {
        position: Position::parse(&period.position).map_err(|_| Unreadable("positions.position"))?,
        from: date(&period.from, "positions.from")?,
        to: optional_date(&period.to, "positions.to")?,
    })
}

fn read_relative(relative: &wire::RelativeFacts) -> Result<Relative, Unreadable> {
    Ok(Relative {
        person: relative
            .person_id
            .parse::<PersonId>()
            .map_err(|_| Unreadable("relatives.person_id"))?,
        category: Category::parse(&relative.relation)
            .filter(|category| *category != Category::Member)
            .ok_or(Unreadable("relatives.relation"))?,
        birth_date: date(&relative.birth_date, "relatives.birth_date")?,
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
    use chrono::DateTime;
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
        let household = read(record()).expect("a record");
        assert_eq!(household.death_date, None);
        assert_eq!((household.relatives.len(), household.positions.len()), (1, 2));
    }

    #[test]
    fn a_record_that_cannot_be_is_refused_by_field_and_never_by_value() {
        type Change = fn(&mut wire::MemberFacts);
        let changes: [(&str, Change); 10] = [
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
            ("relatives.person_id", |record| {
                record.relatives[0].person_id = "1".to_owned()
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
