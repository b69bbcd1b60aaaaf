//! The agents of the demonstration: one for each role, and a second case officer for the files that the first may not touch.

/// An agent of the cast.
pub(crate) struct DemoAgent {
    /// By which `tadamon demo code` knows them.
    pub(crate) name: &'static str,
    pub(crate) login: &'static str,
    pub(crate) role: &'static str,
    /// Their own payroll number; empty for one who is no member.
    pub(crate) matricule: &'static str,
    pub(crate) locale: &'static str,
    /// What they are there to show.
    pub(crate) who: &'static str,
}

/// Logins follow the first administrator's, far from any payroll number of the roster.
pub(crate) fn agents() -> [DemoAgent; 8] {
    let agent = |name, login, role, who| DemoAgent {
        name,
        login,
        role,
        matricule: "",
        locale: "fr",
        who,
    };
    [
        DemoAgent {
            locale: "ar",
            ..agent(
                "front_desk",
                "99000002",
                "front_desk",
                "front desk; prints activation codes; reads Arabic",
            )
        },
        DemoAgent {
            matricule: CASE_OFFICERS_OWN,
            ..agent(
                "case_officer",
                "99000003",
                "case_officer",
                "case officer, member 90000006 themselves; married to 90000005, whose files they may not touch",
            )
        },
        agent(
            "case_officer_2",
            "99000004",
            "case_officer",
            "case officer without relatives on file",
        ),
        agent(
            "health_reviewer",
            "99000005",
            "health_reviewer",
            "health reviewer; opens medical papers, gives an opinion",
        ),
        agent(
            "validator",
            "99000006",
            "validator",
            "validator; the second pair of eyes",
        ),
        agent("finance", "99000007", "finance", "finance; nothing to pay yet"),
        agent(
            "administrator",
            "99000008",
            "administrator",
            "administrator; manages agents, reads no medical paper",
        ),
        DemoAgent {
            locale: "ar",
            ..agent(
                "auditor",
                "99000009",
                "auditor",
                "auditor; reads the trail, changes nothing; reads Arabic",
            )
        },
    ]
}

/// The member `parent_b` of the cast, whose spouse `parent_a` has an account and files.
const CASE_OFFICERS_OWN: &str = "90000006";

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use chrono::NaiveDate;
    use kernel::permission::Role;

    use super::*;
    use crate::demo::cast;

    #[test]
    fn there_is_one_agent_at_least_for_each_role_each_with_a_name_and_login_of_their_own() {
        let agents = agents();
        for role in Role::ALL {
            assert!(agents.iter().any(|agent| agent.role == role.as_str()), "{role}");
        }
        let names: HashSet<_> = agents.iter().map(|agent| agent.name).collect();
        let logins: HashSet<_> = agents.iter().map(|agent| agent.login).collect();
        assert_eq!((names.len(), logins.len()), (agents.len(), agents.len()));
    }

    #[test]
    fn the_case_officer_is_a_member_whose_spouse_applies() {
        let date = NaiveDate::from_ymd_opt(2026, 11, 22).unwrap();
        let rows: Vec<String> = cast::rows(date).iter().map(ToString::to_string).collect();
        let own = rows
            .iter()
            .find(|row| row.starts_with(&format!("member;{CASE_OFFICERS_OWN};")))
            .unwrap();
        let own_card = own.split(';').find(|cell| cell.starts_with("ZZ")).unwrap();
        // The other one's household names this one's card as the spouse's.
        let spouse = rows
            .iter()
            .find(|row| row.starts_with("spouse;90000005;"))
            .unwrap();
        assert!(spouse.contains(own_card));
        assert!(
            cast::accounts()
                .iter()
                .any(|account| account.matricule == "90000005")
        );
    }

    #[test]
    fn no_agents_login_is_a_payroll_number_of_the_cast() {
        let date = NaiveDate::from_ymd_opt(2026, 11, 22).unwrap();
        for row in cast::rows(date) {
            let row = row.to_string();
            assert!(agents().iter().all(|agent| !row.contains(agent.login)), "{row}");
        }
    }
}
