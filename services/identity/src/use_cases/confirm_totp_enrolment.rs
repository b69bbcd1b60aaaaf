//! A first code proves that the agent's application has the secret: recovery codes, once, and the session has two factors. A repetition finds it
//! enrolled.

use kernel::AccountId;
use platform::audit::{self, AuditEntry};
use platform::ids::random;

use super::agent_session::{AgentSession, CODES, RECOVERY_PURPOSE, Raised, SECRET_PLACE};
use super::guard_sign_in::{claim_attempt, forgive};
use crate::context::Context;
use crate::domain::printed_code::RecoveryCode;
use crate::domain::second_factor::{OneTimeCode, RECOVERY_CODES, open_steps};
use crate::error::Error;
use crate::store::{accounts, second_factors};
use crate::totp;

/// Characters in a group of a recovery code.
const GROUP: usize = 5;

/// The codes to keep, and the session.
pub(crate) struct Enrolled {
    pub(crate) recovery_codes: Vec<String>,
    pub(crate) raised: Raised,
}

pub(crate) async fn confirm_totp_enrolment(
    context: &Context,
    session_token: &str,
    typed: &str,
) -> Result<Enrolled, Error> {
    let agent = AgentSession::open(context, session_token).await?;
    let id = agent.id();
    let begun = second_factors::of_account(&mut *context.pool.acquire().await?, id)
        .await?
        .ok_or(Error::SecondFactorNotEnrolled)?;
    if begun.confirmed {
        return Err(Error::SecondFactorEnrolled);
    }
    claim_attempt(context, &agent.login(), CODES).await?;
    let typed = OneTimeCode::parse(typed).ok_or(Error::SecondFactorRefused)?;
    let secret = context
        .secrets
        .unseal(SECRET_PLACE, id.as_uuid(), &begun.secret)?;
    let now = context.now();
    let step = totp::matching_step(&secret, &typed, open_steps(now))?.ok_or(Error::SecondFactorRefused)?;
    let codes = draw_codes()?;
    let hashes = hashes_of(context, id, &codes);

    let mut tx = context.begin().await?;
    accounts::lock(&mut tx, id).await?;
    if !second_factors::confirm(&mut tx, id, &begun.secret, step, now).await? {
        return Err(Error::SecondFactorEnrolled);
    }
    second_factors::insert_recovery_codes(&mut tx, id, &hashes).await?;
    forgive(&mut tx, &agent.login(), CODES).await?;
    let actor = agent.actor();
    let raised = agent.raise(context, &mut tx).await?;
    let line = AuditEntry {
        record_kind: "account",
        record_id: id.as_uuid(),
        actor: &actor,
        action: "second_factor_enrolled",
        fields: &["second_factor", "recovery_codes", "sessions"],
        reason: None,
        at: now,
    };
    audit::record(&mut tx, line).await?;
    tx.commit().await?;
    Ok(Enrolled {
        recovery_codes: grouped(&codes),
        raised,
    })
}

/// Ten fresh ones.
pub(super) fn draw_codes() -> Result<Vec<RecoveryCode>, Error> {
    (0..RECOVERY_CODES)
        .map(|_| RecoveryCode::from_random(&random::<64>()).ok_or(Error::Unreadable("random bytes")))
        .collect()
}

/// As they are kept.
pub(super) fn hashes_of(context: &Context, account: AccountId, codes: &[RecoveryCode]) -> Vec<Vec<u8>> {
    codes
        .iter()
        .map(|code| {
            context
                .secrets
                .code_hash(RECOVERY_PURPOSE, account, code.as_str())
        })
        .collect()
}

/// As they are shown.
pub(super) fn grouped(codes: &[RecoveryCode]) -> Vec<String> {
    codes.iter().map(|code| code.grouped(GROUP)).collect()
}
