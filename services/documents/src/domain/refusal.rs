//! Why a paper is not taken in. Each has a stable reason; the portal has a sentence for each in both languages.

use std::fmt;

/// A reason to refuse a paper.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Refusal {
    Empty,
    TooLarge,
    TypeNotAccepted,
    PasswordProtected,
    ActiveContent,
    Damaged,
    Infected,
}

impl Refusal {
    pub(crate) fn reason(self) -> &'static str {
        match self {
            Self::Empty => "FILE_EMPTY",
            Self::TooLarge => "FILE_TOO_LARGE",
            Self::TypeNotAccepted => "FILE_TYPE_NOT_ACCEPTED",
            Self::PasswordProtected => "FILE_PASSWORD_PROTECTED",
            Self::ActiveContent => "FILE_ACTIVE_CONTENT",
            Self::Damaged => "FILE_DAMAGED",
            Self::Infected => "FILE_INFECTED",
        }
    }

    /// What to do instead, for developers; the reader's sentence is the portal's.
    pub(crate) fn instead(self) -> &'static str {
        match self {
            Self::Empty => "choose a file that is not empty",
            Self::TooLarge => "choose a file within the size limit",
            Self::TypeNotAccepted => "choose a PDF",
            Self::PasswordProtected => "save the file without a password",
            Self::ActiveContent => "save the file without scripts, forms or attachments",
            Self::Damaged => "save or scan the file again",
            Self::Infected => "choose another file; this one holds malware",
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.reason())
    }
}
