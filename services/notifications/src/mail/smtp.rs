//! The mail server: one pooled transport with deadlines, the message with its headers, and what a refusal means.
//!
//! A server's answer may repeat the address, so its text goes nowhere: only its code and our own word for it.

use std::time::{Duration, SystemTime};

use kernel::EmailAddress;
use lettre::message::header::{HeaderName, HeaderValue};
use lettre::message::{Mailbox, MultiPart};
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Tls, TlsParameters};
use lettre::{Address, AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};
use platform::clock::Clock;
use thiserror::Error;
use tracing::Instrument as _;

use super::{Letter, render};
use crate::config::{Encryption, MailSettings, SmtpSettings};
use crate::error::Error;

/// Why the mail server did not take a mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub(crate) enum SmtpFailure {
    #[error("no connection")]
    Unreachable,
    #[error("no answer in time")]
    TimedOut,
    #[error("the encryption was not agreed on")]
    Tls,
    #[error("refused for now with {0}")]
    RefusedForNow(u16),
    #[error("refused for good with {0}")]
    Refused(u16),
    #[error("the answer was not understood")]
    Garbled,
}

impl SmtpFailure {
    /// A refusal for good (5xx) is the only one that another attempt cannot mend.
    pub(crate) fn is_transient(self) -> bool {
        match self {
            Self::Unreachable | Self::TimedOut | Self::Tls | Self::RefusedForNow(_) | Self::Garbled => true,
            Self::Refused(_) => false,
        }
    }

    /// The word kept in the trace.
    pub(crate) fn class(self) -> &'static str {
        match self {
            Self::Unreachable => "smtp_unreachable",
            Self::TimedOut => "smtp_timed_out",
            Self::Tls => "smtp_tls",
            Self::RefusedForNow(_) => "smtp_refused_for_now",
            Self::Refused(_) => "smtp_refused",
            Self::Garbled => "smtp_garbled",
        }
    }

    fn from(error: &lettre::transport::smtp::Error) -> Self {
        if let Some(code) = error.status() {
            let code = u16::from(code);
            return if code >= 500 {
                Self::Refused(code)
            } else {
                Self::RefusedForNow(code)
            };
        }
        if error.is_timeout() {
            Self::TimedOut
        } else if error.is_tls() {
            Self::Tls
        } else if error.is_response() {
            Self::Garbled
        } else {
            Self::Unreachable
        }
    }
}

/// Hands mails to the mail server.
pub(crate) struct Mailer {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
    clock: Clock,
}

impl Mailer {
    /// Opens nothing yet.
    pub(crate) fn new(smtp: &SmtpSettings, mail: &MailSettings, clock: Clock) -> anyhow::Result<Self> {
        let tls = || TlsParameters::new(smtp.host.clone());
        let encryption = match smtp.encryption {
            Encryption::None => Tls::None,
            Encryption::Starttls => Tls::Required(tls()?),
            Encryption::Tls => Tls::Wrapper(tls()?),
        };
        let mut builder = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(&smtp.host)
            .port(smtp.port)
            .tls(encryption)
            .timeout(Some(Duration::from_secs(smtp.timeout_seconds)));
        if !smtp.username.is_empty() {
            let password = smtp.password.expose().to_owned();
            builder = builder.credentials(Credentials::new(smtp.username.clone(), password));
        }
        Ok(Self {
            transport: builder.build(),
            from: mail.from.parse()?,
            clock,
        })
    }

    /// Sends one mail; its Message-ID is that of the message, whichever attempt it is.
    pub(crate) async fn send(&self, letter: &Letter) -> Result<(), Error> {
        let message = self.build(letter)?;
        // Neither address nor subject: that a mail was handed over, and when.
        let span = tracing::info_span!("send mail", otel.kind = "client", network.protocol.name = "smtp");
        match self.transport.send(message).instrument(span).await {
            Ok(_taken) => Ok(()),
            Err(error) => Err(SmtpFailure::from(&error).into()),
        }
    }

    fn build(&self, letter: &Letter) -> Result<Message, Error> {
        let rendered = render::render(letter).map_err(|_| Error::Mail("its template"))?;
        let no_address = |_| Error::Mail("its address");
        let to = EmailAddress::parse(&letter.to).map_err(no_address)?;
        let to: Address = to.as_str().parse().map_err(|_| Error::Mail("its address"))?;
        let mut message = Message::builder()
            .from(self.from.clone())
            .to(Mailbox::new(None, to))
            .subject(rendered.subject)
            .message_id(Some(format!("<{}@{}>", letter.id, self.from.email.domain())))
            .date(SystemTime::from(self.clock.now()))
            .multipart(MultiPart::alternative_plain_html(rendered.text, rendered.html))
            .map_err(|_| Error::Mail("its parts"))?;
        // Out-of-office answers and the like stay away (RFC 3834).
        for (name, value) in [
            ("Auto-Submitted", "auto-generated"),
            ("Content-Language", letter.locale.as_str()),
        ] {
            message.headers_mut().insert_raw(HeaderValue::new(
                HeaderName::new_from_ascii_str(name),
                value.to_owned(),
            ));
        }
        Ok(message)
    }
}
