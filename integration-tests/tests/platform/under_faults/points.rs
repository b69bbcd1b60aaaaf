//! Where each service dies by its own hand, and what somebody must do so that it passes there. A point that a service has and that is missing
//! here is never tried; one that is never passed fails the run, because the death does not come.

use std::fmt;

use platform::fault_points::FaultPoint::{
    self, AfterReply, BeforeAck, BeforeMark, BeforeReply, BeforeWork, InTransaction,
};

/// What somebody does until it is answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// A member presses Terminer on the last page.
    Press,
    SignIn,
    /// A paper, with one key.
    Upload,
    /// The inbox, marked as read.
    Read,
    /// The operator imports somebody new.
    Register,
    /// Somebody new asks for an account and gets the mail.
    AskForALink,
    /// The operator makes a partner, with one key.
    MakeAPartner,
}

/// A point of one service, and the step that passes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Stop {
    pub(crate) service: &'static str,
    pub(crate) point: FaultPoint,
    label: &'static str,
    pub(crate) step: Step,
}

impl Stop {
    /// As a process is told: at the first passage after its start.
    pub(crate) fn aim(&self) -> String {
        format!("{}:1@{}", self.point, self.label)
    }
}

impl fmt::Display for Stop {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} dies {} {}", self.service, self.point, self.label)
    }
}

const fn at(service: &'static str, point: FaultPoint, label: &'static str, step: Step) -> Stop {
    Stop {
        service,
        point,
        label,
        step,
    }
}

const SUMMARY: &str = "POST /fr/applications/";
const SUBMITTED: &str = "benefits.application.submitted.v1";
const ACCEPTED: &str = "documents.document.accepted.v1";
const LINK: &str = "identity.account.link_requested.v1";
const REGISTERED: &str = "membership.member.registered.v1";

/// Every service at every point that it has. The portal has no database; membership listens to nobody; notifications publishes nothing;
/// partnerships publishes sales only, which need a partner's till.
pub(crate) static STOPS: [Stop; 38] = [
    at("portal", BeforeWork, SUMMARY, Step::Press),
    at("portal", BeforeReply, SUMMARY, Step::Press),
    at("portal", AfterReply, SUMMARY, Step::Press),
    at("benefits", BeforeWork, "/SubmitApplication", Step::Press),
    at("benefits", InTransaction, SUBMITTED, Step::Press),
    at("benefits", BeforeReply, "/SubmitApplication", Step::Press),
    at("benefits", AfterReply, "/SubmitApplication", Step::Press),
    at("benefits", BeforeMark, SUBMITTED, Step::Press),
    at("benefits", InTransaction, "benefits-member-facts", Step::Register),
    at("benefits", BeforeAck, "benefits-member-facts", Step::Register),
    at("documents", BeforeWork, "/UploadDocument", Step::Upload),
    at("documents", InTransaction, ACCEPTED, Step::Upload),
    at("documents", BeforeReply, "/UploadDocument", Step::Upload),
    at("documents", AfterReply, "/UploadDocument", Step::Upload),
    at("documents", BeforeMark, ACCEPTED, Step::Upload),
    at("documents", BeforeAck, "documents-kept-papers", Step::Press),
    at("identity", BeforeWork, "/SignIn", Step::SignIn),
    at("identity", InTransaction, "signed_in", Step::SignIn),
    at("identity", BeforeReply, "/SignIn", Step::SignIn),
    at("identity", AfterReply, "/SignIn", Step::SignIn),
    at("identity", BeforeMark, LINK, Step::AskForALink),
    at("identity", BeforeAck, "match_account_request", Step::AskForALink),
    at("membership", BeforeWork, "/ImportRoster", Step::Register),
    at("membership", InTransaction, REGISTERED, Step::Register),
    at("membership", BeforeReply, "/ImportRoster", Step::Register),
    at("membership", AfterReply, "/ImportRoster", Step::Register),
    at("membership", BeforeMark, REGISTERED, Step::Register),
    at("partnerships", BeforeWork, "/CreatePartner", Step::MakeAPartner),
    at("partnerships", InTransaction, "created", Step::MakeAPartner),
    at("partnerships", BeforeReply, "/CreatePartner", Step::MakeAPartner),
    at("partnerships", AfterReply, "/CreatePartner", Step::MakeAPartner),
    at(
        "partnerships",
        BeforeAck,
        "partnerships-member-facts",
        Step::Register,
    ),
    at("notifications", BeforeWork, "/MarkRead", Step::Read),
    at("notifications", BeforeReply, "/MarkRead", Step::Read),
    at("notifications", AfterReply, "/MarkRead", Step::Read),
    at(
        "notifications",
        InTransaction,
        "notifications-applications",
        Step::Press,
    ),
    at(
        "notifications",
        BeforeAck,
        "notifications-applications",
        Step::Press,
    ),
    at("notifications", BeforeAck, "email", Step::Press),
];

/// No point is named in the code that nothing tries, and no service is spared.
#[test]
fn every_named_point_and_every_service_is_among_the_stops() {
    for point in FaultPoint::ALL {
        assert!(
            STOPS.iter().any(|stop| stop.point == point),
            "nobody dies {point}"
        );
    }
    for service in super::schedule::KILLED {
        assert!(
            STOPS.iter().any(|stop| stop.service == service),
            "{service} is spared"
        );
    }
    for (number, stop) in STOPS.iter().enumerate() {
        assert!(!STOPS[..number].contains(stop), "{stop} stands twice");
    }
}
