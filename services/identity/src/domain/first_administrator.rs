//! Whether the first administrator may be made: while there is none, or again the link of one who never set a password. Later administrators
//! are made by administrators, not here.

use kernel::AccountId;

/// An administrator's account as it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Standing {
    pub(crate) id: AccountId,
    pub(crate) has_password: bool,
    /// The login is the one that was asked for.
    pub(crate) same_login: bool,
}

/// What is to be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Step {
    Create,
    RenewLink(AccountId),
}

/// `None`: there is an administrator, and nothing may be changed from outside any more.
pub(crate) fn decide(standing: &[Standing], renew_link: bool) -> Option<Step> {
    match standing {
        [] => Some(Step::Create),
        [only] if renew_link && only.same_login && !only.has_password => Some(Step::RenewLink(only.id)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    const WAITING: Standing = Standing {
        id: AccountId::from_uuid(Uuid::from_u128(1)),
        has_password: false,
        same_login: true,
    };

    #[test]
    fn an_administrator_is_made_while_there_is_none() {
        assert_eq!(decide(&[], false), Some(Step::Create));
        assert_eq!(decide(&[], true), Some(Step::Create));
        assert_eq!(decide(&[WAITING], false), None);
    }

    #[test]
    fn a_lost_link_is_renewed_for_the_same_login_until_a_password_was_set() {
        assert_eq!(decide(&[WAITING], true), Some(Step::RenewLink(WAITING.id)));
        let other = Standing {
            same_login: false,
            ..WAITING
        };
        let open = Standing {
            has_password: true,
            ..WAITING
        };
        assert_eq!(decide(&[other], true), None);
        assert_eq!(decide(&[open], true), None);
        assert_eq!(decide(&[WAITING, open], true), None);
    }
}
