//! What every change of an agent's account begins with: whoever changes it may still do so, and it is not their own. A part of other operations.

use kernel::{AccountId, Role};
use sqlx::PgConnection;

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

/// Who administers reads no health paper, and makes nobody read them either: that role is the operator's to give.
pub(crate) fn may_give(manager: Manager, roles: &[Role], before: &[String]) -> Result<(), Error> {
    let reviewer = Role::HealthReviewer;
    let gives = roles.contains(&reviewer) && !before.iter().any(|word| word == reviewer.as_str());
    match manager {
        Manager::Administrator(_) if gives => Err(Error::OperatorNeeded),
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
