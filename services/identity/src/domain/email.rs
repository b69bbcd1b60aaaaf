//! E-mail addresses as identity keeps them: the kernel's, in lower case. Comparing one with the staff file is membership's work.

use kernel::{EmailAddress, EmailError};

/// Reads a typed address.
pub(crate) fn parse(text: &str) -> Result<EmailAddress, EmailError> {
    EmailAddress::parse(text).map(EmailAddress::into_lower_case)
}
