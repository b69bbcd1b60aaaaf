//! Raises an agent's session to two factors by a code or a recovery code. Each is taken once, also by two at the same time; wrong ones slow the account.

use chrono::{DateTime, Utc};
use kernel::AccountId;
use platform::audit::{self, AuditEntry};

use super::agent_session::{AgentSession, CODES, RECOVERY_PURPOSE, Raised, SECRET_PLACE};
use super::guard_sign_in::{claim_attempt, forgive};
use crate::context::Context;
use crate::domain::printed_code::RecoveryCode;
use crate::domain::second_factor::{OneTimeCode, is_fresh, open_steps};
use crate::error::Error;
use crate::store::second_factors::SecondFactorRow;
use crate::store::{accounts, second_factors};
use crate::totp;

/// What was typed.
pub(crate) enum TypedFactor {
    Code(String),
    RecoveryCode(String),
}

/// What it comes down to.
enum Proof {
    Step(i64),
    RecoveryCode(Vec<u8>),
}

/// The session, and how many recovery codes are left.
pub(crate) struct Verified {
    pub(crate) raised: Raised,
    pub(crate) recovery_codes_left: i64,
}

pub(crate) async fn verify_second_factor(
    context: &Context,
    session_token: &str,
    typed: TypedFactor,
) -> Result<Verified, Error> {
    let agent = AgentSession::open(context, session_token).await?;
    let id = agent.id();
    let factor = confirmed_factor(context, id).await?;
    claim_attempt(context, &agent.login(), CODES).await?;
    let now = context.now();
    let proof = match typed {
        TypedFactor::Code(typed) => step_of(context, id, &factor, &typed, now)?.map(Proof::Step),
        TypedFactor::RecoveryCode(typed) => RecoveryCode::parse(&typed)
            .map(|code| Proof::RecoveryCode(context.secrets.code_hash(RECOVERY_PURPOSE, id, code.as_str()))),
    };
    let proof = proof.ok_or(Error::SecondFactorRefused)?;

    let mut tx = context.begin().await?;
    accounts::lock(&mut tx, id).await?;
    let (taken, by) = match proof {
        Proof::Step(step) => (second_factors::take_step(&mut tx, id, step).await?, "code"),
        Proof::RecoveryCode(hash) => (
            second_factors::take_recovery_code(&mut tx, id, &hash, now).await?,
            "recovery code",
        ),
    };
    if !taken {
        return Err(Error::SecondFactorRefused);
    }
    forgive(&mut tx, &agent.login(), CODES).await?;
    let recovery_codes_left = second_factors::recovery_codes_left(&mut tx, id).await?;
    let actor = agent.actor();
    let raised = agent.raise(context, &mut tx).await?;
    let line = AuditEntry {
        record_kind: "account",
        record_id: id.as_uuid(),
        actor: &actor,
        action: "second_factor_verified",
        fields: &["sessions"],
        reason: Some(by),
        at: now,
    };
    audit::record(&mut tx, line).await?;
    tx.commit().await?;
    Ok(Verified {
        raised,
        recovery_codes_left,
    })
}

/// The account's second factor.
///
/// # Errors
/// None that was confirmed.
pub(super) async fn confirmed_factor(
    context: &Context,
    account: AccountId,
) -> Result<SecondFactorRow, Error> {
    second_factors::of_account(&mut *context.pool.acquire().await?, account)
        .await?
        .filter(|factor| factor.confirmed)
        .ok_or(Error::SecondFactorNotEnrolled)
}

/// The step that a typed code is of, unless it or a later one was taken.
pub(super) fn step_of(
    context: &Context,
    account: AccountId,
    factor: &SecondFactorRow,
    typed: &str,
    now: DateTime<Utc>,
) -> Result<Option<i64>, Error> {
    let Some(typed) = OneTimeCode::parse(typed) else {
        return Ok(None);
    };
    let secret = context
        .secrets
        .unseal(SECRET_PLACE, account.as_uuid(), &factor.secret)?;
    let step = totp::matching_step(&secret, &typed, open_steps(now))?;
    Ok(step.filter(|step| is_fresh(*step, factor.last_step)))
}
