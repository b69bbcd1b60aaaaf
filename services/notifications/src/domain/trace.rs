//! What may become of a message's mail, step by step.
//!
//! "Delivered" means handed to the mail server: whether a person read the mail is not watched.

/// Where the mail stands, as it shows on the message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum EmailState {
    Accepted,
    Tried,
    DeliveredToSmtp,
    /// There was nothing to send any more, or nowhere to send it.
    Dropped,
    Dead,
}

impl EmailState {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Accepted => "accepted",
            Self::Tried => "tried",
            Self::DeliveredToSmtp => "delivered_to_smtp",
            Self::Dropped => "dropped",
            Self::Dead => "dead",
        }
    }

    pub(crate) fn parse(word: &str) -> Option<Self> {
        match word {
            "accepted" => Some(Self::Accepted),
            "tried" => Some(Self::Tried),
            "delivered_to_smtp" => Some(Self::DeliveredToSmtp),
            "dropped" => Some(Self::Dropped),
            "dead" => Some(Self::Dead),
            _ => None,
        }
    }

    /// Nothing more is to be done. A dead mail is not settled: an operator may replay its job.
    pub(crate) fn is_settled(self) -> bool {
        match self {
            Self::DeliveredToSmtp | Self::Dropped => true,
            Self::Accepted | Self::Tried | Self::Dead => false,
        }
    }
}

/// Why a mail was not sent and never will be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Dropped {
    /// The link expired, was used, or a newer request voided it.
    LinkGone,
    /// The member has no address on file; the message stands in the inbox.
    NoAddress,
    /// It tells what happened before this database was restored: the mail may have been sent by what was lost.
    ToldBeforeRestore,
}

impl Dropped {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::LinkGone => "link_gone",
            Self::NoAddress => "no_address",
            Self::ToldBeforeRestore => "told_before_restore",
        }
    }
}

/// One line of a message's trace, as the mailer writes it. That its reader opened it is written with the reading.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Step {
    Accepted,
    Tried { attempt: i32 },
    Failed { attempt: i32, class: &'static str },
    DeliveredToSmtp { attempt: i32 },
    Dropped(Dropped),
}

impl Step {
    /// (step, attempt, reason) as the row has them.
    pub(crate) fn columns(self) -> (&'static str, Option<i32>, Option<&'static str>) {
        match self {
            Self::Accepted => ("accepted", None, None),
            Self::Tried { attempt } => ("tried", Some(attempt), None),
            Self::Failed { attempt, class } => ("failed", Some(attempt), Some(class)),
            Self::DeliveredToSmtp { attempt } => ("delivered_to_smtp", Some(attempt), None),
            Self::Dropped(why) => ("dropped", None, Some(why.as_str())),
        }
    }

    /// What the message shows from then on.
    pub(crate) fn state(self) -> EmailState {
        match self {
            Self::Accepted => EmailState::Accepted,
            Self::Tried { .. } | Self::Failed { .. } => EmailState::Tried,
            Self::DeliveredToSmtp { .. } => EmailState::DeliveredToSmtp,
            Self::Dropped(_) => EmailState::Dropped,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dead_mail_may_be_replayed_and_a_delivered_one_is_not_sent_again() {
        assert!(!EmailState::Dead.is_settled());
        assert!(EmailState::DeliveredToSmtp.is_settled());
    }

    #[test]
    fn a_failed_attempt_is_not_the_end() {
        let failed = Step::Failed {
            attempt: 3,
            class: "smtp_unreachable",
        };
        assert_eq!(failed.state(), EmailState::Tried);
        assert_eq!(failed.columns(), ("failed", Some(3), Some("smtp_unreachable")));
    }
}
