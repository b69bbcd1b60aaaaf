//! Uses a printed code to set the password. One refusal for a wrong, old, used or voided code, for one agent's code where two are asked for, for too many attempts and for an unknown payroll number,
//! after the same statement and the same hash. The code is used once, so a repetition is refused.

use kernel::{AccountId, Locale};
use subtle::ConstantTimeEq as _;
use uuid::Uuid;
use zeroize::Zeroizing;

use super::count_address::count_address;
use super::issue_activation_code::ACTIVATION_PURPOSE;
use super::own_matricule::refuse_own_matricule;
use super::store_password::{By, store_password};
use super::take_proof::{TypedProof, take_proof};
use crate::context::Context;
use crate::domain::account_request::{parse_locale, parse_matricule};
use crate::domain::field::WrongField;
use crate::domain::printed_code::ActivationCode;
use crate::domain::robot_proof::Form;
use crate::error::Error;
use crate::store::accounts;
use crate::store::activation_codes::{self, OpenCode};

/// The form as it was typed.
pub(crate) struct Redemption {
    pub(crate) matricule: String,
    pub(crate) code: String,
    pub(crate) password: Zeroizing<String>,
    pub(crate) proof: TypedProof,
    pub(crate) locale: String,
    pub(crate) client_address: String,
}

pub(crate) async fn redeem_activation_code(context: &Context, typed: Redemption) -> Result<String, Error> {
    let (login_index, locale) = check_fields(context, &typed)?;
    take_proof(context, Form::Activation, &typed.proof, &typed.client_address).await?;
    let limit = context.settings.desk.attempts_per_address;
    count_address(context, "activation", &typed.client_address, limit).await?;

    let open = activation_codes::count_attempt(&mut *context.pool.acquire().await?, &login_index).await?;
    // Without an open code the same hash is made for nobody.
    let account = open
        .as_ref()
        .map_or(AccountId::from_uuid(Uuid::nil()), |open| open.account_id);
    let typed_hash = ActivationCode::parse(&typed.code).map(|code| {
        context
            .secrets
            .code_hash(ACTIVATION_PURPOSE, account, code.as_str())
    });
    let most = context.settings.desk.code_attempts;
    let now = context.now();
    let open = open
        .filter(|open| is_right(open, typed_hash.as_deref()) && open.life.may_be_tried(most, now))
        .ok_or(Error::ActivationRefused)?;
    use_code(context, &open, typed.password, locale).await
}

fn is_right(open: &OpenCode, typed: Option<&[u8]>) -> bool {
    typed.is_some_and(|typed| bool::from(typed.ct_eq(open.code_hash.as_slice())))
}

fn check_fields(context: &Context, typed: &Redemption) -> Result<(Vec<u8>, Locale), Error> {
    let mut wrong = Vec::new();
    let mut keep = |field: WrongField| wrong.push(field);
    let matricule = parse_matricule(&typed.matricule).map_err(&mut keep).ok();
    if typed.code.trim().is_empty() {
        keep(WrongField::new("code", "CODE_REQUIRED", "Type the printed code."));
    }
    let _checked = context
        .passwords
        .check(&typed.password, "password")
        .map_err(&mut keep);
    let locale = parse_locale(&typed.locale).map_err(&mut keep).ok();
    let (Some(matricule), Some(locale), true) = (matricule, locale, wrong.is_empty()) else {
        return Err(Error::Fields(wrong));
    };
    let login_index = context.secrets.login_index(&matricule);
    refuse_own_matricule(context, Some(&login_index), &typed.password, "password")?;
    Ok((login_index, locale))
}

async fn use_code(
    context: &Context,
    open: &OpenCode,
    password: Zeroizing<String>,
    locale: Locale,
) -> Result<String, Error> {
    let hash = context.hasher.hash(password).await?;
    let now = context.now();
    let mut tx = context.begin().await?;
    accounts::lock(&mut tx, open.account_id).await?;
    // Printed by one agent while nobody used the account: no way into one that somebody uses by now.
    if !open.two_agents && accounts::has_password(&mut tx, open.account_id).await? {
        return Err(Error::ActivationRefused);
    }
    if !activation_codes::use_up(&mut tx, open.id, now).await? {
        return Err(Error::ActivationRefused);
    }
    accounts::set_locale(&mut tx, open.account_id, locale).await?;
    let by = By::PrintedCode;
    let device_token = store_password(context, &mut tx, open.account_id, &hash, by, now).await?;
    tx.commit().await?;
    context.wake.now();
    Ok(device_token)
}
