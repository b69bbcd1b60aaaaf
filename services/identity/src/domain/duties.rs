//! Duties that exclude each other (product rule "separation of duties"): two pairs of eyes are two people, and who manages accounts or audits
//! does not work on files. That nobody handles their own or a relative's file is decided where the file is.

use kernel::Role;

/// Roles that one account never holds together.
pub(crate) const EXCLUSIVE: &[(Role, Role)] = &[
    // Who assesses does not validate.
    (Role::CaseOfficer, Role::Validator),
    (Role::HealthReviewer, Role::Validator),
    // Who validates does not pay.
    (Role::Validator, Role::Finance),
    // Who proposes the amount sees a neutral label and no medical paper.
    (Role::CaseOfficer, Role::HealthReviewer),
    // Who manages accounts reads no medical paper.
    (Role::Administrator, Role::HealthReviewer),
    // Who reads the trail writes nothing in it.
    (Role::Auditor, Role::FrontDesk),
    (Role::Auditor, Role::CaseOfficer),
    (Role::Auditor, Role::HealthReviewer),
    (Role::Auditor, Role::Validator),
    (Role::Auditor, Role::Finance),
    (Role::Auditor, Role::Administrator),
];

/// Duties that open no file: all that is left of an agent's while nobody said whether they are a member, since until then nothing keeps them from
/// their own and their relatives' files.
const WITHOUT_FILES: &[Role] = &[Role::Administrator];

/// Duties that read files and say what becomes of them.
const OF_REVIEW: &[Role] = &[Role::CaseOfficer, Role::HealthReviewer, Role::Validator];

/// Whether it is a duty that who is no member may have only by the operator's word: said of a member it would let them at their own file.
pub(crate) fn is_of_review(role: Role) -> bool {
    OF_REVIEW.contains(&role)
}

/// Whether one of these roles waits until it is said whether the agent is a member.
pub(crate) fn need_membership(roles: &[Role]) -> bool {
    roles.iter().any(|role| !WITHOUT_FILES.contains(role))
}

/// The roles that count now.
pub(crate) fn in_force(mut roles: Vec<Role>, membership_said: bool) -> Vec<Role> {
    if !membership_said {
        roles.retain(|role| WITHOUT_FILES.contains(role));
    }
    roles
}

/// The first pair among these roles that one account may not hold.
pub(crate) fn conflict(roles: &[Role]) -> Option<(Role, Role)> {
    EXCLUSIVE
        .iter()
        .copied()
        .find(|(one, other)| roles.contains(one) && roles.contains(other))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn exclude_each_other(one: Role, other: Role) -> bool {
        EXCLUSIVE
            .iter()
            .any(|&(a, b)| (a, b) == (one, other) || (b, a) == (one, other))
    }

    #[test]
    fn each_exclusive_pair_is_refused_in_either_order_and_within_more_roles() {
        for &(one, other) in EXCLUSIVE {
            assert_eq!(conflict(&[one, other]), Some((one, other)));
            assert_eq!(conflict(&[other, one]), Some((one, other)));
            assert!(conflict(&[Role::FrontDesk, other, Role::Finance, one]).is_some());
            assert!(exclude_each_other(other, one));
        }
    }

    #[test]
    fn the_pairs_are_those_of_the_rule_and_no_more() {
        let refused: Vec<String> = Role::ALL
            .iter()
            .flat_map(|one| Role::ALL.iter().map(move |other| (*one, *other)))
            .filter(|(one, other)| one < other && exclude_each_other(*one, *other))
            .map(|(one, other)| format!("{one}+{other}"))
            .collect();
        assert_eq!(
            refused,
            [
                "front_desk+auditor",
                "case_officer+health_reviewer",
                "case_officer+validator",
                "case_officer+auditor",
                "health_reviewer+validator",
                "health_reviewer+administrator",
                "health_reviewer+auditor",
                "validator+finance",
                "validator+auditor",
                "finance+auditor",
                "administrator+auditor",
            ]
        );
    }

    #[test]
    fn who_may_be_a_member_without_anybody_knowing_administers_and_nothing_else() {
        for role in Role::ALL {
            assert_eq!(need_membership(&[*role]), *role != Role::Administrator, "{role}");
            assert!(need_membership(&[Role::Administrator, *role]) || *role == Role::Administrator);
        }
        assert_eq!(in_force(Role::ALL.to_vec(), false), [Role::Administrator]);
        assert_eq!(in_force(Role::ALL.to_vec(), true), Role::ALL);
    }

    #[test]
    fn one_role_alone_never_conflicts() {
        for role in Role::ALL {
            assert_eq!(conflict(&[*role]), None);
        }
        assert_eq!(conflict(&[]), None);
    }

    proptest! {
        #[test]
        fn a_set_is_refused_exactly_when_two_of_it_exclude_each_other(picked in proptest::sample::subsequence(Role::ALL.to_vec(), 0..=7)) {
            let pair = picked.iter().any(|one| picked.iter().any(|other| exclude_each_other(*one, *other)));
            prop_assert_eq!(conflict(&picked).is_some(), pair);
        }
    }
}
