//! Whether the details that somebody typed are those of one living person on the staff file.
//!
//! The same comparisons are made whether the matricule exists or not, and none ends early: a stranger learns nothing
//! from the answer's time. Only keyed digests are compared; no number and no address is read here.

use kernel::Position;
use subtle::{Choice, ConstantTimeEq};

use super::person::Digest;

/// Length of a keyed digest in bytes.
pub(crate) const DIGEST_BYTES: usize = 32;

/// What was typed, digested.
pub(crate) struct Typed {
    /// `None` when what was typed is not a position.
    pub(crate) position: Option<Position>,
    pub(crate) cin: Digest,
    pub(crate) pension_number: Digest,
    pub(crate) email: Digest,
}

/// What is on file for the typed matricule.
pub(crate) struct OnFile {
    pub(crate) exists: bool,
    pub(crate) deceased: bool,
    pub(crate) position: Position,
    pub(crate) cin: Option<Digest>,
    pub(crate) pension_number: Option<Digest>,
    pub(crate) email: Option<Digest>,
}

impl OnFile {
    /// Stands in for a person whom nobody knows, so that the comparisons have something to compare with.
    pub(crate) fn nobody() -> Self {
        Self {
            exists: false,
            deceased: false,
            position: Position::Active,
            cin: None,
            pension_number: None,
            email: None,
        }
    }
}

/// Every comparison is made, then all are joined.
pub(crate) fn matches(typed: &Typed, on_file: &OnFile) -> bool {
    let cin = equal(&typed.cin, on_file.cin.as_ref());
    let email = equal(&typed.email, on_file.email.as_ref());
    let pension = equal(&typed.pension_number, on_file.pension_number.as_ref());
    let pension_asked = choice(on_file.position.requires_pension_number());
    let position = choice(typed.position == Some(on_file.position));
    let alive = choice(!on_file.deceased);
    let all = choice(on_file.exists) & alive & position & cin & email & (pension | !pension_asked);
    all.into()
}

fn choice(value: bool) -> Choice {
    Choice::from(u8::from(value))
}

/// A missing value is compared too, with zeros, and never equals.
fn equal(typed: &Digest, on_file: Option<&Digest>) -> Choice {
    let nothing = [0_u8; DIGEST_BYTES];
    let other = on_file.map_or(&nothing[..], Vec::as_slice);
    typed.as_slice().ct_eq(other) & choice(on_file.is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn digest(byte: u8) -> Digest {
        vec![byte; DIGEST_BYTES]
    }

    fn typed(position: Position) -> Typed {
        Typed {
            position: Some(position),
            cin: digest(1),
            pension_number: digest(2),
            email: digest(3),
        }
    }

    fn on_file(position: Position) -> OnFile {
        OnFile {
            exists: true,
            deceased: false,
            position,
            cin: Some(digest(1)),
            pension_number: Some(digest(2)),
            email: Some(digest(3)),
        }
    }

    #[test]
    fn all_details_of_one_person_match() {
        for position in Position::ALL {
            assert!(matches(&typed(*position), &on_file(*position)));
        }
    }

    #[test]
    fn one_wrong_detail_is_enough_to_be_nobody() {
        let file = on_file(Position::Active);
        let right = || typed(Position::Active);
        assert!(!matches(
            &Typed {
                cin: digest(9),
                ..right()
            },
            &file
        ));
        assert!(!matches(
            &Typed {
                email: digest(9),
                ..right()
            },
            &file
        ));
        assert!(!matches(
            &Typed {
                position: Some(Position::Retired),
                ..right()
            },
            &file
        ));
        assert!(!matches(
            &Typed {
                position: None,
                ..right()
            },
            &file
        ));
    }

    #[test]
    fn only_a_retiree_must_give_the_right_pension_number() {
        let wrong = |position| Typed {
            pension_number: digest(9),
            ..typed(position)
        };
        assert!(matches(&wrong(Position::Active), &on_file(Position::Active)));
        assert!(!matches(&wrong(Position::Retired), &on_file(Position::Retired)));
    }

    #[test]
    fn the_deceased_the_unknown_and_who_has_no_address_on_file_never_match() {
        let right = typed(Position::Active);
        assert!(!matches(
            &right,
            &OnFile {
                deceased: true,
                ..on_file(Position::Active)
            }
        ));
        assert!(!matches(
            &right,
            &OnFile {
                email: None,
                ..on_file(Position::Active)
            }
        ));
        assert!(!matches(&right, &OnFile::nobody()));
        let zeros = Typed {
            position: Some(Position::Active),
            cin: digest(0),
            pension_number: digest(0),
            email: digest(0),
        };
        assert!(!matches(&zeros, &OnFile::nobody()));
    }
}
