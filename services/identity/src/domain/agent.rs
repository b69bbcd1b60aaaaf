//! What is asked for when an agent's account is made or changed: formats, and duties that exclude each other. All that is wrong is answered at once.

use kernel::{EmailAddress, Locale, Matricule, Role};

use super::account_request::{parse_email, parse_locale, parse_matricule};
use super::duties;
use super::field::WrongField;

/// The call as it came.
#[derive(Clone, Copy)]
pub(crate) struct TypedAgent<'a> {
    pub(crate) login: &'a str,
    pub(crate) email: &'a str,
    pub(crate) locale: &'a str,
    pub(crate) roles: &'a [String],
    /// Empty for an agent who is no member, which is said too.
    pub(crate) matricule: &'a str,
    pub(crate) no_membership: bool,
}

/// A new agent once the formats hold.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct NewAgent {
    pub(crate) login: Matricule,
    pub(crate) email: EmailAddress,
    pub(crate) locale: Locale,
    pub(crate) roles: Vec<Role>,
    pub(crate) membership: Membership,
}

/// Whether an agent is a member too. Somebody has to say it: silence would let them decide on their own file.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Membership {
    None,
    Of(Matricule),
}

impl Membership {
    /// For the trail.
    pub(crate) const fn as_str(&self) -> &'static str {
        match self {
            Self::None => "no member",
            Self::Of(_) => "member",
        }
    }
}

/// One of the two, and not both.
pub(crate) fn parse_membership(matricule: &str, no_membership: bool) -> Result<Membership, WrongField> {
    match (matricule.trim().is_empty(), no_membership) {
        (true, true) => Ok(Membership::None),
        (false, false) => parse_matricule(matricule).map(Membership::Of),
        (true, false) => Err(WrongField::new(
            "matricule",
            "MEMBERSHIP_UNSAID",
            "The agent's own payroll number, or that the agent is no member.",
        )),
        (false, true) => Err(WrongField::new(
            "matricule",
            "MEMBERSHIP_SAID_TWICE",
            "A payroll number, or no member: not both.",
        )),
    }
}

impl NewAgent {
    pub(crate) fn check(typed: TypedAgent<'_>) -> Result<Self, Vec<WrongField>> {
        // A login has the form of a payroll number; the field bears its own name.
        let login = parse_matricule(typed.login).map_err(|wrong| WrongField {
            field: "login",
            ..wrong
        });
        let membership = parse_membership(typed.matricule, typed.no_membership);
        let (email, locale, roles) = (
            parse_email(typed.email),
            parse_locale(typed.locale),
            parse_roles(typed.roles),
        );
        match (login, email, locale, roles, membership) {
            (Ok(login), Ok(email), Ok(locale), Ok(roles), Ok(membership)) => Ok(Self {
                login,
                email,
                locale,
                roles,
                membership,
            }),
            (login, email, locale, roles, membership) => {
                let wrong = [
                    login.err(),
                    email.err(),
                    locale.err(),
                    roles.err(),
                    membership.err(),
                ];
                Err(wrong.into_iter().flatten().collect())
            }
        }
    }
}

/// Known roles, each once, in one order, at least one, none that excludes another.
pub(crate) fn parse_roles(typed: &[String]) -> Result<Vec<Role>, WrongField> {
    let wrong = |reason, message| Err(WrongField::new("roles", reason, message));
    let Ok(mut roles) = typed
        .iter()
        .map(|word| Role::parse(word))
        .collect::<Result<Vec<Role>, _>>()
    else {
        return wrong("ROLE_UNKNOWN", "A role of the list.");
    };
    roles.sort_unstable();
    roles.dedup();
    if roles.is_empty() {
        return wrong("ROLES_REQUIRED", "An agent has at least one role.");
    }
    if duties::conflict(&roles).is_some() {
        return wrong("ROLES_EXCLUDE_EACH_OTHER", "These duties exclude each other.");
    }
    Ok(roles)
}

/// Why an account was closed: a short list, so that no story about somebody stands in the trail.
pub(crate) fn parse_closing_reason(typed: &str) -> Result<&'static str, WrongField> {
    ["left", "moved", "lost_trust", "other"]
        .into_iter()
        .find(|known| *known == typed)
        .ok_or(WrongField::new(
            "reason",
            "CLOSING_REASON_UNKNOWN",
            "left, moved, lost_trust or other.",
        ))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn roles(words: &[&str]) -> Vec<String> {
        words.iter().map(|word| (*word).to_owned()).collect()
    }

    #[test]
    fn an_agent_has_known_roles_each_once() {
        assert_eq!(
            parse_roles(&roles(&["validator", "front_desk", "validator"])),
            Ok(vec![Role::FrontDesk, Role::Validator])
        );
        assert_eq!(parse_roles(&[]).unwrap_err().reason, "ROLES_REQUIRED");
        assert_eq!(
            parse_roles(&roles(&["director"])).unwrap_err().reason,
            "ROLE_UNKNOWN"
        );
    }

    #[test]
    fn no_account_gets_duties_that_exclude_each_other() {
        for (one, other) in duties::EXCLUSIVE {
            let both = roles(&[one.as_str(), other.as_str()]);
            assert_eq!(
                parse_roles(&both).unwrap_err().reason,
                "ROLES_EXCLUDE_EACH_OTHER",
                "{one} {other}"
            );
        }
    }

    #[test]
    fn everything_wrong_is_said_at_once_in_the_order_of_the_form() {
        let typed = TypedAgent {
            login: "agent",
            email: "",
            locale: "en",
            roles: &[],
            matricule: "x",
            no_membership: false,
        };
        let fields: Vec<&str> = NewAgent::check(typed)
            .unwrap_err()
            .iter()
            .map(|wrong| wrong.field)
            .collect();
        assert_eq!(fields, ["login", "email", "locale", "roles", "matricule"]);
    }
}
