//! Makes the first administrator's account and gives the link that sets its password to the operator who asked. Two at once follow one another,
//! so a repetition finds the account and is refused; nothing goes on the bus and nobody is mailed.

use chrono::{DateTime, Utc};
use kernel::{AccountId, Role};
use platform::audit::{self, Actor, AuditEntry};
use platform::ids::uuid_v7;

use super::issue_link::issue_link;
use super::manage_agent::{AGENT_EMAIL_PLACE, LOGIN_PLACE};
use crate::context::Context;
use crate::domain::account_request::{parse_email, parse_locale, parse_matricule};
use crate::domain::field::WrongField;
use crate::domain::first_administrator::{Step, decide};
use crate::domain::link;
use crate::error::Error;
use crate::store::accounts;
use crate::store::agents::{self, NewAgentAccount};

/// The call as it came.
pub(crate) struct FirstAdministrator<'a> {
    pub(crate) login: &'a str,
    pub(crate) email: &'a str,
    pub(crate) locale: &'a str,
    pub(crate) renew_link: bool,
}

/// The link for the operator.
pub(crate) struct AdministratorLink {
    pub(crate) link: String,
    pub(crate) expires_at: DateTime<Utc>,
}

pub(crate) async fn create_first_administrator(
    context: &Context,
    actor: &Actor,
    asked: FirstAdministrator<'_>,
) -> Result<AdministratorLink, Error> {
    // A login has the form of a payroll number; the field bears its own name.
    let login = parse_matricule(asked.login).map_err(|wrong| WrongField {
        field: "login",
        ..wrong
    });
    let (email, locale) = (parse_email(asked.email), parse_locale(asked.locale));
    let (login, email, locale) = match (login, email, locale) {
        (Ok(login), Ok(email), Ok(locale)) => (login, email, locale),
        (login, email, locale) => {
            let wrong = [login.err(), email.err(), locale.err()];
            return Err(Error::Fields(wrong.into_iter().flatten().collect()));
        }
    };

    let now = context.now();
    let login_index = context.secrets.login_index(&login);
    let mut tx = context.begin().await?;
    agents::lock_administration(&mut tx).await?;
    let standing = agents::administrators(&mut tx, &login_index).await?;
    let (account_id, action, fields): (_, _, &[&str]) = match decide(&standing, asked.renew_link) {
        None => return Err(Error::AdministratorExists),
        Some(Step::Create) => {
            let id = AccountId::from_uuid(uuid_v7(now));
            let new = NewAgentAccount {
                id,
                login_index: &login_index,
                login: &context
                    .secrets
                    .seal(LOGIN_PLACE, id.as_uuid(), login.as_str().as_bytes()),
                email: &context
                    .secrets
                    .seal(AGENT_EMAIL_PLACE, id.as_uuid(), email.as_str().as_bytes()),
                own_member_id: None,
                // Said later, by another administrator or the operator.
                no_membership: false,
                roles: &[Role::Administrator],
                locale,
                now,
            };
            if !agents::insert(&mut tx, new).await? {
                return Err(Error::LoginTaken);
            }
            (id, "administrator_created", &["login", "roles", "link"])
        }
        Some(Step::RenewLink(id)) => {
            accounts::lock(&mut tx, id).await?;
            (id, "administrator_link_renewed", &["link"])
        }
    };
    let issued = issue_link(context, &mut tx, account_id, &email, locale, now).await?;
    let line = AuditEntry {
        record_kind: "account",
        record_id: account_id.as_uuid(),
        actor,
        action,
        fields,
        reason: Some("bootstrap"),
        at: now,
    };
    audit::record(&mut tx, line).await?;
    tx.commit().await?;
    Ok(AdministratorLink {
        link: link::address(&context.settings.portal.url, locale, &issued.token),
        expires_at: issued.expires_at,
    })
}
