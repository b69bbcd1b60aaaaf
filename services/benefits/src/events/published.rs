//! What happened to applications, as the bus carries it: ids and a version. A sent file names its papers, by ids that tell nothing, so that
//! documents keeps them. A health benefit publishes under the restricted subject with a neutral code; neither number, reason nor person
//! concerned is ever in an event.

use benefits_proto::events::v1 as messages;
use bus::OutgoingEvent;
use serde::Serialize;

use crate::domain::application::Application;
use crate::domain::catalogue::Benefit;
use crate::use_cases::Asker;

/// The benefit of a file is no longer in the catalogue: nothing may be told of it.
const UNKNOWN_BENEFIT: &str = "restricted";

/// A file was made.
pub(crate) fn submitted(
    application: &Application,
    benefit: Option<&Benefit>,
    asker: &Asker,
) -> OutgoingEvent {
    let message = messages::ApplicationSubmitted {
        application_id: application.id.to_string(),
        member_id: application.member.to_string(),
        benefit_code: public_code(benefit),
        version: application.version,
        document_ids: papers(application),
    };
    event(
        "benefits.application.submitted.v1",
        application,
        benefit,
        asker,
        &message,
    )
}

/// A file was taken back.
pub(crate) fn withdrawn(
    application: &Application,
    benefit: Option<&Benefit>,
    asker: &Asker,
) -> OutgoingEvent {
    let message = messages::ApplicationWithdrawn {
        application_id: application.id.to_string(),
        member_id: application.member.to_string(),
        benefit_code: public_code(benefit),
        version: application.version,
    };
    event(
        "benefits.application.withdrawn.v1",
        application,
        benefit,
        asker,
        &message,
    )
}

fn papers(application: &Application) -> Vec<String> {
    let papers = application.answers.papers.values();
    papers.map(|paper| paper.document.to_string()).collect()
}

fn public_code(benefit: Option<&Benefit>) -> String {
    benefit.map_or(UNKNOWN_BENEFIT, Benefit::public_code).to_owned()
}

fn event(
    event_type: &'static str,
    application: &Application,
    benefit: Option<&Benefit>,
    asker: &Asker,
    message: &impl Serialize,
) -> OutgoingEvent {
    let event = OutgoingEvent::new(
        asker.now,
        event_type,
        application.id.as_uuid(),
        application.version,
        &asker.actor.kind,
        message,
    );
    if benefit.is_none_or(Benefit::is_restricted) {
        event.restricted()
    } else {
        event
    }
}
