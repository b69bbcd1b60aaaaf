//! Whether an agent may open a paper that a grant names. That the agent may work on the file was decided by benefits, which signed the grant.

use kernel::ids::AccountId;

use super::document::ScanState;

/// Why not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Denial {
    /// The grant names another agent.
    NotTheirs,
    /// The installation asks for a scan and the paper had none.
    NotScanned,
    /// The scan found malware.
    Infected,
}

impl Denial {
    /// As the access log keeps it.
    pub(crate) fn code(self) -> &'static str {
        match self {
            Self::NotTheirs => "grant_of_another",
            Self::NotScanned => "not_scanned",
            Self::Infected => "infected",
        }
    }
}

/// `caller` is the account that asks, `agent` the one in the grant.
pub(crate) fn may_open(
    caller: Option<AccountId>,
    agent: AccountId,
    scan_state: &str,
    require_scan: bool,
) -> Result<(), Denial> {
    if caller != Some(agent) {
        return Err(Denial::NotTheirs);
    }
    if scan_state == ScanState::Infected.as_str() {
        return Err(Denial::Infected);
    }
    if require_scan && scan_state != ScanState::Clean.as_str() {
        return Err(Denial::NotScanned);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn only_the_agent_of_the_grant_opens_and_only_a_clean_paper_where_scans_are_asked_for() {
        let agent = AccountId::from_uuid(Uuid::from_u128(1));
        let other = AccountId::from_uuid(Uuid::from_u128(2));
        assert_eq!(may_open(Some(agent), agent, "clean", true), Ok(()));
        assert_eq!(may_open(Some(agent), agent, "not_scanned", false), Ok(()));
        assert_eq!(
            may_open(Some(agent), agent, "not_scanned", true),
            Err(Denial::NotScanned)
        );
        for require_scan in [true, false] {
            assert_eq!(
                may_open(Some(agent), agent, "infected", require_scan),
                Err(Denial::Infected)
            );
        }
        for caller in [Some(other), None] {
            assert_eq!(may_open(caller, agent, "clean", false), Err(Denial::NotTheirs));
        }
    }
}
