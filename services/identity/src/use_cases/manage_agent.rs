//! What every change of an agent's account begins with: whoever changes it may still do so, and it is not their own. A part of other operations.

use kernel::{AccountId, Role};
use sqlx::PgConnection;

use crate::domain::duties;
use crate::error::Error;
use crate::store::agents::{self, Standing};

/// Where an agent's login is sealed for.
pub(crate) const LOGIN_PLACE: &str = "accounts.login";
/// Where an agent's address is sealed for.
pub(crate) const AGENT_EMAIL_PLACE: &str = "accounts.email";

/// Who changes agents' accounts.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Manager {
    /// An agent, by their account.
    Administrator(AccountId),
    /// The operator's command line.
    Operator,
}

/// Who administers reads no health paper, and makes nobody read them either: that role is the operator's to give. And what an administrator says of
/// somebody's membership is checked by nobody: one could close a colleague's account and make them another as no member's, with whose duties they
/// decide on their own file. So those duties are the operator's to give to who is said to be no member.
pub(crate) fn may_give(
    manager: Manager,
    roles: &[Role],
    before: &[String],
    no_membership: bool,
) -> Result<(), Error> {
    let operators =
        |role: Role| role == Role::HealthReviewer || (no_membership && duties::is_of_review(role));
    let gives = roles
        .iter()
        .any(|role| operators(*role) && !before.iter().any(|word| word == role.as_str()));
    match manager {
        Manager::Administrator(_) if gives => Err(Error::OperatorNeeded),
        Manager::Administrator(_) | Manager::Operator => Ok(()),
    }
}

/// The same of an agent who holds duties already and of whom nobody said it.
pub(crate) fn may_say_no_membership(manager: Manager, held: &[String]) -> Result<(), Error> {
    let reviews = held
        .iter()
        .any(|word| Role::parse(word).is_ok_and(duties::is_of_review));
    match manager {
        Manager::Administrator(_) if reviews => Err(Error::OperatorNeeded),
        Manager::Administrator(_) | Manager::Operator => Ok(()),
    }
}

/// Lets one after the other change agents, and refuses an administrator who ceased to be one since their token was made.
pub(crate) async fn hold_authority(conn: &mut PgConnection, manager: Manager) -> Result<(), Error> {
    agents::lock_administration(conn).await?;
    match manager {
        Manager::Operator => Ok(()),
        Manager::Administrator(id) if agents::still_holds(conn, id, Role::Administrator).await? => Ok(()),
        Manager::Administrator(_) => Err(Error::RoleEnded),
    }
}

/// The same, and locks the agent to be changed.
pub(crate) async fn lock_agent(
    conn: &mut PgConnection,
    manager: Manager,
    id: AccountId,
) -> Result<Standing, Error> {
    hold_authority(conn, manager).await?;
    if matches!(manager, Manager::Administrator(own) if own == id) {
        return Err(Error::OwnAccount);
    }
    agents::locked(conn, id).await?.ok_or(Error::AgentNotFound)
}

/// The same for what only an open account can have.
pub(crate) async fn lock_open_agent(
    conn: &mut PgConnection,
    manager: Manager,
    id: AccountId,
) -> Result<Standing, Error> {
    let standing = lock_agent(conn, manager, id).await?;
    if standing.disabled {
        return Err(Error::AgentDisabled);
    }
    Ok(standing)
}
