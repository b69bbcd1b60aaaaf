//! Gives an agent a fresh secret for their authenticator application. Until a code proves it, another beginning replaces it.

use platform::audit::{self, AuditEntry};

use super::agent_session::{AgentSession, SECRET_PLACE};
use crate::context::Context;
use crate::error::Error;
use crate::store::second_factors;
use crate::totp;

/// The secret in the three forms of the page.
pub(crate) struct Enrolment {
    pub(crate) uri: String,
    pub(crate) secret: String,
    pub(crate) qr_svg: String,
}

pub(crate) async fn begin_totp_enrolment(context: &Context, session_token: &str) -> Result<Enrolment, Error> {
    let agent = AgentSession::open(context, session_token).await?;
    let id = agent.id();
    let secret = totp::new_secret();
    let sealed = context.secrets.seal(SECRET_PLACE, id.as_uuid(), &secret);
    let base32 = totp::in_base32(&secret);
    let uri = totp::uri(&context.settings.installation.code, id.as_uuid(), &base32);
    let qr_svg = totp::qr_svg(&uri)?;

    let now = context.now();
    let mut tx = context.begin().await?;
    if !second_factors::begin(&mut tx, id, &sealed, now).await? {
        return Err(Error::SecondFactorEnrolled);
    }
    let line = AuditEntry {
        record_kind: "account",
        record_id: id.as_uuid(),
        actor: &agent.actor(),
        action: "second_factor_begun",
        fields: &["second_factor"],
        reason: None,
        at: now,
    };
    audit::record(&mut tx, line).await?;
    tx.commit().await?;
    Ok(Enrolment {
        uri,
        secret: totp::grouped(&base32),
        qr_svg,
    })
}
