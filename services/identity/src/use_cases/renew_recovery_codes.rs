//! Ten new recovery codes for an agent who types a code of their telephone; those before are of no use from then on. For whoever used most of them, or
//! never saw them because the answer got lost. A recovery code does not do it: who finds the sheet must not make a second one.

use platform::audit::{self, AuditEntry};

use super::agent_session::{AgentSession, CODES};
use super::confirm_totp_enrolment::{draw_codes, grouped, hashes_of};
use super::guard_sign_in::{claim_attempt, forgive};
use super::verify_second_factor::{confirmed_factor, step_of};
use crate::context::Context;
use crate::error::Error;
use crate::store::{accounts, second_factors};

pub(crate) async fn renew_recovery_codes(
    context: &Context,
    session_token: &str,
    typed: &str,
) -> Result<Vec<String>, Error> {
    let agent = AgentSession::open(context, session_token).await?;
    let id = agent.id();
    let factor = confirmed_factor(context, id).await?;
    claim_attempt(context, &agent.login(), CODES).await?;
    let now = context.now();
    let step = step_of(context, id, &factor, typed, now)?.ok_or(Error::SecondFactorRefused)?;
    let codes = draw_codes()?;
    let hashes = hashes_of(context, id, &codes);

    let mut tx = context.begin().await?;
    accounts::lock(&mut tx, id).await?;
    if !second_factors::take_step(&mut tx, id, step).await? {
        return Err(Error::SecondFactorRefused);
    }
    second_factors::forget_recovery_codes(&mut tx, id).await?;
    second_factors::insert_recovery_codes(&mut tx, id, &hashes).await?;
    forgive(&mut tx, &agent.login(), CODES).await?;
    let line = AuditEntry {
        record_kind: "account",
        record_id: id.as_uuid(),
        actor: &agent.actor(),
        action: "recovery_codes_renewed",
        fields: &["recovery_codes"],
        reason: None,
        at: now,
    };
    audit::record(&mut tx, line).await?;
    tx.commit().await?;
    Ok(grouped(&codes))
}
