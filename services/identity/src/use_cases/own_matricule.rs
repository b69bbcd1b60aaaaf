//! No password holds its owner's matricule. The account knows it as a keyed hash only, so every run of digits of the password is hashed and compared.

use kernel::Matricule;

use crate::context::Context;
use crate::domain::password::PasswordRules;
use crate::error::Error;

pub(super) fn refuse_own_matricule(
    context: &Context,
    login_index: Option<&[u8]>,
    password: &str,
    field: &'static str,
) -> Result<(), Error> {
    let Some(own) = login_index else { return Ok(()) };
    let holds = PasswordRules::digit_runs(password).iter().any(|run| {
        Matricule::parse(run).is_ok_and(|matricule| context.secrets.login_index(&matricule) == own)
    });
    if holds {
        Err(Error::field(PasswordRules::holds_matricule(field)))
    } else {
        Ok(())
    }
}
