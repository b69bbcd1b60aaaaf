//! Kinds of message and the facts that make one. No words to read stand here; they are in `texts`.

use chrono::{DateTime, Utc};
use kernel::{ApplicationId, DeliveryId, MemberId, MessageId};
use uuid::Uuid;

/// What a message is about. Stable words: the portal shows an icon and a link by them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// The one-time link to choose a password. Mail only: who needs it cannot sign in.
    AccountLink,
    AccountActivated,
    /// The desk printed a code that opens the member's account.
    DeskCodePrinted,
    /// The password was replaced by such a code.
    PasswordReplaced,
    /// Another changed an agent's roles, membership or second factor. Mail only: agents have no inbox.
    AgentAccountChanged,
    ApplicationSubmitted,
    ApplicationWithdrawn,
    /// An agent asked for a correction.
    InformationRequested,
    /// Nobody waits for the answer any longer.
    WaitingEnded,
    /// A paper was found infected after it had been taken in.
    PaperInfected,
    /// Granted or refused: which, is read where one signs in.
    ApplicationDecided,
}

impl Kind {
    /// Every kind, for tests that walk them.
    #[cfg(test)]
    pub(crate) const ALL: [Self; 11] = [
        Self::AccountLink,
        Self::AccountActivated,
        Self::DeskCodePrinted,
        Self::PasswordReplaced,
        Self::AgentAccountChanged,
        Self::ApplicationSubmitted,
        Self::ApplicationWithdrawn,
        Self::InformationRequested,
        Self::WaitingEnded,
        Self::PaperInfected,
        Self::ApplicationDecided,
    ];

    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::AccountLink => "account_link",
            Self::AccountActivated => "account_activated",
            Self::DeskCodePrinted => "desk_code_printed",
            Self::PasswordReplaced => "password_replaced",
            Self::AgentAccountChanged => "agent_account_changed",
            Self::ApplicationSubmitted => "application_submitted",
            Self::ApplicationWithdrawn => "application_withdrawn",
            Self::InformationRequested => "information_requested",
            Self::WaitingEnded => "waiting_ended",
            Self::PaperInfected => "paper_infected",
            Self::ApplicationDecided => "application_decided",
        }
    }

    pub(crate) fn parse(word: &str) -> Option<Self> {
        match word {
            "account_link" => Some(Self::AccountLink),
            "account_activated" => Some(Self::AccountActivated),
            "desk_code_printed" => Some(Self::DeskCodePrinted),
            "password_replaced" => Some(Self::PasswordReplaced),
            "agent_account_changed" => Some(Self::AgentAccountChanged),
            "application_submitted" => Some(Self::ApplicationSubmitted),
            "application_withdrawn" => Some(Self::ApplicationWithdrawn),
            "information_requested" => Some(Self::InformationRequested),
            "waiting_ended" => Some(Self::WaitingEnded),
            "paper_infected" => Some(Self::PaperInfected),
            "application_decided" => Some(Self::ApplicationDecided),
            _ => None,
        }
    }
}

/// What a message tells, and to whom.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fact {
    /// Identity holds address and link under this id, until the link expires.
    AccountLink {
        delivery: DeliveryId,
    },
    AccountActivated {
        member: MemberId,
    },
    DeskCodePrinted {
        member: MemberId,
    },
    PasswordReplaced {
        member: MemberId,
    },
    /// Identity holds the address under this id.
    AgentAccountChanged {
        delivery: DeliveryId,
    },
    ApplicationSubmitted {
        member: MemberId,
        application: ApplicationId,
    },
    ApplicationWithdrawn {
        member: MemberId,
        application: ApplicationId,
    },
    InformationRequested {
        member: MemberId,
        application: ApplicationId,
    },
    WaitingEnded {
        member: MemberId,
        application: ApplicationId,
    },
    PaperInfected {
        member: MemberId,
        application: ApplicationId,
    },
    ApplicationDecided {
        member: MemberId,
        application: ApplicationId,
    },
}

impl Fact {
    pub(crate) fn kind(self) -> Kind {
        match self {
            Self::AccountLink { .. } => Kind::AccountLink,
            Self::AccountActivated { .. } => Kind::AccountActivated,
            Self::DeskCodePrinted { .. } => Kind::DeskCodePrinted,
            Self::PasswordReplaced { .. } => Kind::PasswordReplaced,
            Self::AgentAccountChanged { .. } => Kind::AgentAccountChanged,
            Self::ApplicationSubmitted { .. } => Kind::ApplicationSubmitted,
            Self::ApplicationWithdrawn { .. } => Kind::ApplicationWithdrawn,
            Self::InformationRequested { .. } => Kind::InformationRequested,
            Self::WaitingEnded { .. } => Kind::WaitingEnded,
            Self::PaperInfected { .. } => Kind::PaperInfected,
            Self::ApplicationDecided { .. } => Kind::ApplicationDecided,
        }
    }

    /// In whose inbox it stands.
    pub(crate) fn reader(self) -> Option<MemberId> {
        match self {
            Self::AccountLink { .. } | Self::AgentAccountChanged { .. } => None,
            Self::AccountActivated { member }
            | Self::DeskCodePrinted { member }
            | Self::PasswordReplaced { member }
            | Self::ApplicationSubmitted { member, .. }
            | Self::ApplicationWithdrawn { member, .. }
            | Self::InformationRequested { member, .. }
            | Self::WaitingEnded { member, .. }
            | Self::PaperInfected { member, .. }
            | Self::ApplicationDecided { member, .. } => Some(member),
        }
    }

    pub(crate) fn delivery(self) -> Option<DeliveryId> {
        match self {
            Self::AccountLink { delivery } | Self::AgentAccountChanged { delivery } => Some(delivery),
            Self::AccountActivated { .. }
            | Self::DeskCodePrinted { .. }
            | Self::PasswordReplaced { .. }
            | Self::ApplicationSubmitted { .. }
            | Self::ApplicationWithdrawn { .. }
            | Self::InformationRequested { .. }
            | Self::WaitingEnded { .. }
            | Self::PaperInfected { .. }
            | Self::ApplicationDecided { .. } => None,
        }
    }

    pub(crate) fn application(self) -> Option<ApplicationId> {
        match self {
            Self::ApplicationSubmitted { application, .. }
            | Self::ApplicationWithdrawn { application, .. }
            | Self::InformationRequested { application, .. }
            | Self::WaitingEnded { application, .. }
            | Self::PaperInfected { application, .. }
            | Self::ApplicationDecided { application, .. } => Some(application),
            Self::AccountLink { .. }
            | Self::AccountActivated { .. }
            | Self::DeskCodePrinted { .. }
            | Self::PasswordReplaced { .. }
            | Self::AgentAccountChanged { .. } => None,
        }
    }
}

/// A message to be written.
#[derive(Debug, Clone, Copy)]
pub(crate) struct NewMessage {
    pub(crate) id: MessageId,
    /// The event that caused it: one event, one message.
    pub(crate) event: Uuid,
    pub(crate) fact: Fact,
    /// When what it tells happened.
    pub(crate) happened_at: DateTime<Utc>,
}

/// Whom the mail is for, as the row has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Addressee {
    Delivery(DeliveryId),
    Member(MemberId),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_reads_back_from_its_word() {
        for kind in Kind::ALL {
            assert_eq!(Kind::parse(kind.as_str()), Some(kind));
        }
        assert_eq!(Kind::parse("application_lost"), None);
    }

    #[test]
    fn a_link_stands_in_nobodys_inbox() {
        let fact = Fact::AccountLink {
            delivery: DeliveryId::from_uuid(Uuid::nil()),
        };
        assert_eq!(fact.reader(), None);
    }
}
