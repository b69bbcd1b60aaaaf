//! Signs in by payroll number and password. One refusal for every cause, and the same work for known and unknown: the same counts, queries
//! and one hash. Without Redis nobody signs in ("try again"); sessions that exist go on. The robot proof is taken once.

use kernel::{AccountId, Assurance, Matricule, SessionId};
use platform::audit::{self, Actor, AuditEntry};
use platform::ids::uuid_v7;
use uuid::Uuid;
use zeroize::Zeroizing;

use super::agent_session::second_factor_of;
use super::exchange_session::SessionView;
use super::guard_sign_in::{claim_attempt, forgive, note_failure, refuse_blocked};
use super::take_proof::{TypedProof, take_proof};
use crate::context::Context;
use crate::domain::account_request::parse_matricule;
use crate::domain::field::WrongField;
use crate::domain::robot_proof::Form;
use crate::error::Error;
use crate::secrets::{hash_of_token, new_token};
use crate::store::accounts::{self, Account};
use crate::store::sessions::NewSession;
use crate::store::sign_in_failures::STRANGERS;
use crate::store::{devices, sessions, terms_acceptances};

/// Far above any password that is taken, far below what would cost memory.
const LONGEST_TYPED_PASSWORD: usize = 4096;
const LONGEST_LABEL: usize = 80;

/// The form as it was typed, and what the edge knows of the browser.
pub(crate) struct SignIn {
    pub(crate) matricule: String,
    pub(crate) password: Zeroizing<String>,
    pub(crate) proof: TypedProof,
    pub(crate) device_token: String,
    pub(crate) client_address: String,
    pub(crate) device_label: String,
}

/// Two tokens for the browser, and what the session is.
pub(crate) struct SignedIn {
    pub(crate) session_token: String,
    pub(crate) device_token: String,
    pub(crate) session: SessionView,
}

/// A known browser, by the id of its row, or a stranger.
#[derive(Clone, Copy)]
struct Device {
    known: Option<Uuid>,
}

pub(crate) async fn sign_in(context: &Context, typed: SignIn) -> Result<SignedIn, Error> {
    let matricule = check_fields(&typed)?;
    take_proof(context, Form::SignIn, &typed.proof, &typed.client_address).await?;

    let login = context.secrets.login_index(&matricule);
    let account = accounts::by_login(&mut *context.pool.acquire().await?, &login).await?;
    let device = recognise(context, account.as_ref(), &typed.device_token).await?;
    if device.known.is_none() {
        refuse_blocked(context, &typed.client_address).await?;
    }
    claim_attempt(context, &login, device.known.unwrap_or(STRANGERS)).await?;

    let stored = account.as_ref().and_then(|account| account.password_hash.clone());
    if !context.hasher.verify(typed.password, stored).await? {
        if device.known.is_none() {
            note_failure(context, &typed.client_address, &login).await?;
        }
        return Err(Error::SignInRefused);
    }
    let account = account.ok_or(Error::SignInRefused)?;
    open_session(
        context,
        account,
        &login,
        device,
        &typed.device_token,
        &typed.device_label,
    )
    .await
}

fn check_fields(typed: &SignIn) -> Result<Matricule, Error> {
    let mut wrong = Vec::new();
    let matricule = parse_matricule(&typed.matricule)
        .map_err(|field| wrong.push(field))
        .ok();
    if typed.password.is_empty() {
        wrong.push(WrongField::new(
            "password",
            "PASSWORD_REQUIRED",
            "Type the password.",
        ));
    } else if typed.password.len() > LONGEST_TYPED_PASSWORD {
        wrong.push(WrongField::new(
            "password",
            "PASSWORD_TOO_LONG",
            "The password is too long.",
        ));
    }
    matricule.filter(|_| wrong.is_empty()).ok_or(Error::Fields(wrong))
}

/// Looks a browser's token up. For an unknown login the same query runs against the nil account.
async fn recognise(context: &Context, account: Option<&Account>, token: &str) -> Result<Device, Error> {
    if token.is_empty() {
        return Ok(Device { known: None });
    }
    let id = account.map_or(AccountId::from_uuid(Uuid::nil()), |account| account.id);
    let claim = context.secrets.read_device_token(token, id);
    let (device, hash) = claim.map_or((Uuid::nil(), Vec::new()), |claim| {
        (claim.device_id, claim.token_hash)
    });
    let known = devices::is_known(
        &mut *context.pool.acquire().await?,
        id,
        device,
        &hash,
        context.now(),
    )
    .await?;
    Ok(Device {
        known: known.then_some(device),
    })
}

async fn open_session(
    context: &Context,
    account: Account,
    login: &[u8],
    device: Device,
    known_token: &str,
    label: &str,
) -> Result<SignedIn, Error> {
    let now = context.now();
    let settings = &context.settings.session;
    let device_id = device.known.unwrap_or_else(|| uuid_v7(now));
    let device_token = if device.known.is_some() {
        known_token.to_owned()
    } else {
        context.secrets.device_token(device_id, account.id)
    };
    let session_token = new_token();
    let id = SessionId::from_uuid(uuid_v7(now));
    let expires_at = now + settings.times().absolute;

    let mut tx = context.begin().await?;
    if !accounts::still_has(&mut tx, account.id, account.password_hash.as_deref()).await? {
        return Err(Error::SignInRefused);
    }
    forgive(&mut tx, login, device.known.unwrap_or(STRANGERS)).await?;
    devices::remember(
        &mut tx,
        account.id,
        device_id,
        &hash_of_token(&device_token),
        now,
        now + settings.device_life(),
    )
    .await?;
    let session = NewSession {
        id,
        account_id: account.id,
        device_id,
        token_hash: &hash_of_token(&session_token),
        device_label: &shorten(label),
        now,
        expires_at,
    };
    sessions::insert(&mut tx, session).await?;
    let terms_accepted =
        terms_acceptances::exists(&mut tx, account.id, context.terms.current(now).version()).await?;
    let actor = Actor {
        kind: if account.member_id.is_some() {
            "member"
        } else {
            "agent"
        }
        .to_owned(),
        id: account.id.to_string(),
    };
    let line = AuditEntry {
        record_kind: "account",
        record_id: account.id.as_uuid(),
        actor: &actor,
        action: "signed_in",
        fields: &["sessions"],
        reason: Some(if device.known.is_some() {
            "known device"
        } else {
            "new device"
        }),
        at: now,
    };
    audit::record(&mut tx, line).await?;
    let second_factor = second_factor_of(&mut tx, &account, Assurance::One).await?;
    tx.commit().await?;

    let session = SessionView {
        account,
        terms_accepted,
        ends_at: expires_at.min(now + settings.times().idle),
        second_factor,
    };
    Ok(SignedIn {
        session_token,
        device_token,
        session,
    })
}

/// What the browser says it is: short, on one line.
fn shorten(label: &str) -> String {
    label
        .chars()
        .filter(|c| !c.is_control())
        .take(LONGEST_LABEL)
        .collect()
}
