//! Parts of the office's pages: what an agent's duties open, the rail of queues and work, an agent's short name.

use askama::Template;
use kernel::Role;

use super::{Frame, part};

/// Roles that examine files.
pub(crate) const REVIEWERS: &[Role] = &[Role::CaseOfficer, Role::HealthReviewer, Role::Validator];

/// What an agent's duties open.
#[derive(Clone, Debug)]
pub(crate) struct AgentNav {
    roles: Vec<Role>,
    /// How colleagues see this agent.
    pub(crate) code: String,
}

impl AgentNav {
    pub(crate) fn of(roles: &[Role], account: &str) -> Self {
        Self {
            roles: roles.to_vec(),
            code: agent_code(account),
        }
    }

    fn has(&self, role: Role) -> bool {
        self.roles.contains(&role)
    }

    pub(crate) fn reviews(&self) -> bool {
        REVIEWERS.iter().any(|role| self.has(*role))
    }

    pub(crate) fn audits(&self) -> bool {
        self.has(Role::Auditor)
    }

    pub(crate) fn serves_the_desk(&self) -> bool {
        self.has(Role::FrontDesk)
    }

    pub(crate) fn administers(&self) -> bool {
        self.has(Role::Administrator)
    }

    /// Nothing of the office is for these duties yet.
    pub(crate) fn has_nothing(&self) -> bool {
        !(self.reviews() || self.audits() || self.serves_the_desk() || self.administers())
    }

    /// No duty counts: none was given, or nobody said yet whether the agent is a member, without which none does.
    pub(crate) fn has_no_duty(&self) -> bool {
        self.roles.is_empty()
    }

    /// The duties in words, as the header shows them.
    pub(crate) fn duties(&self, frame: &Frame) -> String {
        let words: Vec<String> = self
            .roles
            .iter()
            .map(|role| frame.of_family("role", role.as_str()))
            .collect();
        words.join(" · ")
    }
}

/// One line of the rail.
#[derive(Clone, Debug)]
pub(crate) struct RailItem {
    pub(crate) href: String,
    pub(crate) label: String,
    pub(crate) count: Option<i64>,
    pub(crate) current: bool,
}

/// Queues with their counts, and the other work.
#[derive(Clone, Debug, Template)]
#[template(path = "office/rail.html")]
pub(crate) struct Rail {
    pub(crate) label: String,
    pub(crate) queues_heading: String,
    pub(crate) queues: Vec<RailItem>,
    pub(crate) work_heading: String,
    pub(crate) work: Vec<RailItem>,
}

impl Rail {
    pub(crate) fn html(&self) -> String {
        part(self)
    }
}

/// How colleagues are called: the account's last signs. Names of agents are kept nowhere.
pub(crate) fn agent_code(account: &str) -> String {
    let signs: Vec<char> = account.chars().filter(char::is_ascii_hexdigit).collect();
    let short: String = signs.iter().skip(signs.len().saturating_sub(4)).collect();
    short.to_ascii_uppercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_colleague_is_called_by_the_last_signs_of_the_account() {
        assert_eq!(agent_code("01930000-0000-7000-8000-00000000a7c4"), "A7C4");
        assert_eq!(agent_code(""), "");
    }

    #[test]
    fn duties_open_what_is_theirs() {
        assert!(AgentNav::of(&[Role::Validator], "").reviews());
        assert!(!AgentNav::of(&[Role::Administrator], "").reviews());
        assert!(AgentNav::of(&[Role::Finance], "").has_nothing());
        assert!(!AgentNav::of(&[Role::Finance], "").has_no_duty());
        assert!(AgentNav::of(&[], "").has_no_duty());
    }
}
