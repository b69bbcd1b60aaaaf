//! What happened to applications, as the bus carries it: ids and a version. A sent file names its papers, by ids that tell nothing, so that
//! documents keeps them. A health benefit publishes under the restricted subject with a neutral code; neither number, reason nor person
//! concerned is ever in an event.

use benefits_proto::events::v1 as messages;
use bus::OutgoingEvent;
use chrono::{DateTime, Utc};
use platform::audit::Actor;
use serde::Serialize;

use crate::domain::application::Application;
use crate::domain::catalogue::Benefit;
use crate::use_cases::Asker;
use crate::use_cases::review::Reviewer;

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

/// A file came back from its member, corrected; papers that are new are kept like those of the first sending.
pub(crate) fn resent(application: &Application, benefit: Option<&Benefit>, asker: &Asker) -> OutgoingEvent {
    let message = messages::ApplicationResent {
        application_id: application.id.to_string(),
        member_id: application.member.to_string(),
        benefit_code: public_code(benefit),
        version: application.version,
        document_ids: papers(application),
    };
    event(
        "benefits.application.resent.v1",
        application,
        benefit,
        asker,
        &message,
    )
}

/// An agent asked the member to correct something.
pub(crate) fn information_requested(
    application: &Application,
    benefit: &Benefit,
    reviewer: &Reviewer,
) -> OutgoingEvent {
    let message = messages::ApplicationInformationRequested {
        application_id: application.id.to_string(),
        member_id: application.member.to_string(),
        benefit_code: public_code(Some(benefit)),
        version: application.version,
    };
    let event_type = "benefits.application.information_requested.v1";
    of_agent(event_type, application, benefit, reviewer, &message)
}

/// Nobody waits for the member any longer.
pub(crate) fn waiting_ended(
    application: &Application,
    benefit: &Benefit,
    reviewer: &Reviewer,
) -> OutgoingEvent {
    let message = messages::ApplicationWaitingEnded {
        application_id: application.id.to_string(),
        member_id: application.member.to_string(),
        benefit_code: public_code(Some(benefit)),
        version: application.version,
    };
    let event_type = "benefits.application.waiting_ended.v1";
    of_agent(event_type, application, benefit, reviewer, &message)
}

/// A paper of the file was found infected after it had been taken in.
pub(crate) fn paper_infected(
    application: &Application,
    benefit: Option<&Benefit>,
    actor: &Actor,
    at: DateTime<Utc>,
) -> OutgoingEvent {
    let message = messages::ApplicationPaperInfected {
        application_id: application.id.to_string(),
        member_id: application.member.to_string(),
        benefit_code: public_code(benefit),
        version: application.version,
    };
    let event_type = "benefits.application.paper_infected.v1";
    by(event_type, application, benefit, (at, &actor.kind), &message)
}

/// A file was decided; how, its member reads here.
pub(crate) fn decided(application: &Application, benefit: &Benefit, reviewer: &Reviewer) -> OutgoingEvent {
    let message = messages::ApplicationDecided {
        application_id: application.id.to_string(),
        member_id: application.member.to_string(),
        benefit_code: public_code(Some(benefit)),
        version: application.version,
    };
    let event_type = "benefits.application.decided.v1";
    of_agent(event_type, application, benefit, reviewer, &message)
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
    by(
        event_type,
        application,
        benefit,
        (asker.now, &asker.actor.kind),
        message,
    )
}

fn of_agent(
    event_type: &'static str,
    application: &Application,
    benefit: &Benefit,
    reviewer: &Reviewer,
    message: &impl Serialize,
) -> OutgoingEvent {
    by(
        event_type,
        application,
        Some(benefit),
        (reviewer.now, &reviewer.actor.kind),
        message,
    )
}

fn by(
    event_type: &'static str,
    application: &Application,
    benefit: Option<&Benefit>,
    (at, actor_kind): (DateTime<Utc>, &str),
    message: &impl Serialize,
) -> OutgoingEvent {
    let event = OutgoingEvent::new(
        at,
        event_type,
        application.id.as_uuid(),
        application.version,
        actor_kind,
        message,
    );
    if benefit.is_none_or(Benefit::is_restricted) {
        event.restricted()
    } else {
        event
    }
}
