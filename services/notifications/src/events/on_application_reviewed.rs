//! An agent asked the member for a correction, or waits for it no longer, a paper was found infected, or an application was decided; on the public subjects and on the
//! restricted ones of health files.
//! A durable of its own: the one of submissions and withdrawals is older than these facts, and a durable keeps the subjects it was made with.

use async_trait::async_trait;
use benefits_proto::events::v1::{
    ApplicationDecided, ApplicationInformationRequested, ApplicationPaperInfected, ApplicationWaitingEnded,
};
use bus::{HandlerError, IncomingEvent, Subscriber};
use platform::clock::Clock;
use sqlx::PgConnection;

use super::on_application_changed::ids;
use super::{accept, sort};
use crate::domain::message::Fact;
use crate::error::Error;

const INFORMATION_REQUESTED: &str = "benefits.application.information_requested.v1";
const WAITING_ENDED: &str = "benefits.application.waiting_ended.v1";
const PAPER_INFECTED: &str = "benefits.application.paper_infected.v1";
const DECIDED: &str = "benefits.application.decided.v1";

pub(crate) struct OnApplicationReviewed(pub(crate) Clock);

#[async_trait]
impl Subscriber for OnApplicationReviewed {
    const NAME: &'static str = "notifications-reviews";
    const PUBLISHER: &'static str = "benefits";
    const EVENTS: &'static [&'static str] = &[
        INFORMATION_REQUESTED,
        WAITING_ENDED,
        PAPER_INFECTED,
        DECIDED,
        "restricted:benefits.application.information_requested.v1",
        "restricted:benefits.application.waiting_ended.v1",
        "restricted:benefits.application.paper_infected.v1",
        "restricted:benefits.application.decided.v1",
    ];
    type Facts = ();

    async fn fetch(&self, _events: &[IncomingEvent]) -> Result<(), HandlerError> {
        Ok(())
    }

    async fn apply(
        &self,
        conn: &mut PgConnection,
        events: &[IncomingEvent],
        (): (),
    ) -> Result<(), HandlerError> {
        for event in events {
            accept(conn, event, read(event)?, &self.0).await?;
        }
        Ok(())
    }
}

fn read(event: &IncomingEvent) -> Result<Fact, HandlerError> {
    match event.event_type.as_str() {
        INFORMATION_REQUESTED => {
            let data: ApplicationInformationRequested = event.decode()?;
            let (member, application) = ids(&data.member_id, &data.application_id)?;
            Ok(Fact::InformationRequested { member, application })
        }
        WAITING_ENDED => {
            let data: ApplicationWaitingEnded = event.decode()?;
            let (member, application) = ids(&data.member_id, &data.application_id)?;
            Ok(Fact::WaitingEnded { member, application })
        }
        PAPER_INFECTED => {
            let data: ApplicationPaperInfected = event.decode()?;
            let (member, application) = ids(&data.member_id, &data.application_id)?;
            Ok(Fact::PaperInfected { member, application })
        }
        DECIDED => {
            let data: ApplicationDecided = event.decode()?;
            let (member, application) = ids(&data.member_id, &data.application_id)?;
            Ok(Fact::ApplicationDecided { member, application })
        }
        _ => Err(sort(Error::Stored("the type of an application's event"))),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const MEMBER: &str = "01998c8f-3c00-7000-8000-000000000001";
    const FILE: &str = "01998c8f-3c00-7000-8000-000000000002";

    fn event(event_type: &str, data: serde_json::Value) -> IncomingEvent {
        IncomingEvent {
            id: uuid::Uuid::nil(),
            event_type: event_type.to_owned(),
            aggregate: uuid::Uuid::nil(),
            sequence: 7,
            time: chrono::DateTime::UNIX_EPOCH,
            traceparent: None,
            data,
        }
    }

    #[test]
    fn the_events_of_this_the_previous_and_the_next_minor_version_are_read() {
        for event_type in [INFORMATION_REQUESTED, WAITING_ENDED, PAPER_INFECTED, DECIDED] {
            for data in [
                json!({ "applicationId": FILE, "memberId": MEMBER, "benefitCode": "restricted", "version": "7" }),
                json!({ "applicationId": FILE, "memberId": MEMBER }),
                json!({ "applicationId": FILE, "memberId": MEMBER, "version": "7", "more": { "fields": [1] } }),
            ] {
                let fact = read(&event(event_type, data)).expect("a fact");
                assert_eq!(fact.reader().map(|id| id.to_string()).as_deref(), Some(MEMBER));
                assert_eq!(fact.application().map(|id| id.to_string()).as_deref(), Some(FILE));
            }
        }
    }

    #[test]
    fn an_event_that_cannot_be_read_is_refused_for_good() {
        for (event_type, data) in [
            (DECIDED, json!({ "applicationId": FILE })),
            (DECIDED, json!({ "applicationId": "1", "memberId": MEMBER })),
            (DECIDED, json!({ "applicationId": 7 })),
            ("unheard-of", json!({ "applicationId": FILE, "memberId": MEMBER })),
        ] {
            let refused = read(&event(event_type, data)).expect_err("no fact");
            assert!(matches!(refused, HandlerError::Permanent(_)), "{refused}");
        }
    }
}
