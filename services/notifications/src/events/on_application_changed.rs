//! An application was submitted or withdrawn, on the public subjects or on the restricted ones of health files. The
//! message is the same for both: nobody can tell from it which it was.

use async_trait::async_trait;
use benefits_proto::events::v1::{ApplicationSubmitted, ApplicationWithdrawn};
use bus::{HandlerError, IncomingEvent, Subscriber};
use platform::clock::Clock;
use sqlx::PgConnection;

use super::{accept, sort};
use crate::domain::message::Fact;
use crate::error::Error;

const SUBMITTED: &str = "benefits.application.submitted.v1";
const WITHDRAWN: &str = "benefits.application.withdrawn.v1";

pub(crate) struct OnApplicationChanged(pub(crate) Clock);

#[async_trait]
impl Subscriber for OnApplicationChanged {
    const NAME: &'static str = "notifications-applications";
    const PUBLISHER: &'static str = "benefits";
    const EVENTS: &'static [&'static str] = &[
        SUBMITTED,
        WITHDRAWN,
        "restricted:benefits.application.submitted.v1",
        "restricted:benefits.application.withdrawn.v1",
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
            let fact = read(event)?;
            accept(conn, event, fact, &self.0).await?;
        }
        Ok(())
    }
}

fn read(event: &IncomingEvent) -> Result<Fact, HandlerError> {
    match event.event_type.as_str() {
        SUBMITTED => {
            let data: ApplicationSubmitted = event.decode()?;
            let (member, application) = ids(&data.member_id, &data.application_id)?;
            Ok(Fact::ApplicationSubmitted { member, application })
        }
        WITHDRAWN => {
            let data: ApplicationWithdrawn = event.decode()?;
            let (member, application) = ids(&data.member_id, &data.application_id)?;
            Ok(Fact::ApplicationWithdrawn { member, application })
        }
        _ => Err(sort(Error::Stored("the type of an application's event"))),
    }
}

pub(super) fn ids(
    member: &str,
    application: &str,
) -> Result<(kernel::MemberId, kernel::ApplicationId), HandlerError> {
    let read = || Ok::<_, kernel::IdError>((member.parse()?, application.parse()?));
    read().map_err(|error| sort(Error::Id(error)))
}
