//! What the account form asks for, by position: formats and the rules of the position. Whether such a person exists is not asked here, so
//! these refusals tell a stranger nothing.

use kernel::{
    Cin, CinError, EmailAddress, EmailError, Locale, Matricule, MatriculeError, PensionNumber,
    PensionNumberError, Position,
};

use super::email;
use super::field::WrongField;

/// The form as it was typed.
#[derive(Clone, Copy)]
pub(crate) struct TypedRequest<'a> {
    pub(crate) matricule: &'a str,
    pub(crate) cin: &'a str,
    pub(crate) position: &'a str,
    pub(crate) email: &'a str,
    pub(crate) pension_number: &'a str,
    pub(crate) locale: &'a str,
}

/// The form once its formats hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct AccountRequest {
    pub(crate) matricule: Matricule,
    pub(crate) cin: Cin,
    pub(crate) position: Position,
    pub(crate) email: EmailAddress,
    /// Only a retiree's; what others typed there is dropped.
    pub(crate) pension_number: Option<PensionNumber>,
    pub(crate) locale: Locale,
}

impl AccountRequest {
    /// Checks every field and answers all that is wrong at once, in the order of the form.
    pub(crate) fn check(
        typed: TypedRequest<'_>,
        professional_domains: &[String],
    ) -> Result<Self, Vec<WrongField>> {
        let mut wrong = Vec::new();
        let matricule = keep(
            Matricule::parse(typed.matricule).map_err(wrong_matricule),
            &mut wrong,
        );
        let cin = keep(Cin::parse(typed.cin).map_err(wrong_cin), &mut wrong);
        let position = keep(parse_position(typed.position), &mut wrong);
        let email = keep(email::parse(typed.email).map_err(wrong_email), &mut wrong);
        let locale = keep(parse_locale(typed.locale), &mut wrong);
        if let (Some(position), Some(email)) = (position, &email)
            && position.requires_professional_email()
            && !email.is_at_one_of(professional_domains)
        {
            wrong.push(WrongField::new(
                "email",
                "EMAIL_NOT_PROFESSIONAL",
                "Staff in service give their professional address.",
            ));
        }
        let pension_number = if position.is_some_and(Position::requires_pension_number) {
            keep(
                PensionNumber::parse(typed.pension_number).map_err(wrong_pension_number),
                &mut wrong,
            )
        } else {
            None
        };
        match (matricule, cin, position, email, locale) {
            (Some(matricule), Some(cin), Some(position), Some(email), Some(locale)) if wrong.is_empty() => {
                Ok(Self {
                    matricule,
                    cin,
                    position,
                    email,
                    pension_number,
                    locale,
                })
            }
            _ => Err(wrong),
        }
    }
}

/// The login of the sign-in form: the same rule and the same reasons as here.
pub(crate) fn parse_matricule(text: &str) -> Result<Matricule, WrongField> {
    Matricule::parse(text).map_err(wrong_matricule)
}

/// An address, with the field that is wrong when it is none.
pub(crate) fn parse_email(text: &str) -> Result<EmailAddress, WrongField> {
    email::parse(text).map_err(wrong_email)
}

/// `ar` or `fr`.
pub(crate) fn parse_locale(text: &str) -> Result<Locale, WrongField> {
    Locale::parse(text).map_err(|_| WrongField::new("locale", "LOCALE_UNKNOWN", "The language is ar or fr."))
}

fn keep<T>(parsed: Result<T, WrongField>, wrong: &mut Vec<WrongField>) -> Option<T> {
    parsed.map_err(|field| wrong.push(field)).ok()
}

fn parse_position(text: &str) -> Result<Position, WrongField> {
    if text.is_empty() {
        return Err(WrongField::new(
            "position",
            "POSITION_REQUIRED",
            "Choose the position.",
        ));
    }
    Position::parse(text)
        .map_err(|_| WrongField::new("position", "POSITION_UNKNOWN", "Choose a position from the list."))
}

fn wrong_matricule(error: MatriculeError) -> WrongField {
    match error {
        MatriculeError::Empty => {
            WrongField::new("matricule", "MATRICULE_REQUIRED", "Type the payroll number.")
        }
        MatriculeError::TooLong { .. } | MatriculeError::NotADigit => WrongField::new(
            "matricule",
            "MATRICULE_FORMAT",
            "A payroll number has 1 to 8 digits.",
        ),
    }
}

fn wrong_cin(error: CinError) -> WrongField {
    match error {
        CinError::Empty => WrongField::new("cin", "CIN_REQUIRED", "Type the identity card number."),
        CinError::Format => WrongField::new(
            "cin",
            "CIN_FORMAT",
            "An identity card number is one or two letters, then one to six digits.",
        ),
    }
}

fn wrong_email(error: EmailError) -> WrongField {
    match error {
        EmailError::Empty => WrongField::new("email", "EMAIL_REQUIRED", "Type the e-mail address."),
        EmailError::Format => WrongField::new(
            "email",
            "EMAIL_FORMAT",
            "An address looks like name@domain.example.",
        ),
    }
}

fn wrong_pension_number(error: PensionNumberError) -> WrongField {
    match error {
        PensionNumberError::Empty => WrongField::new(
            "pension_number",
            "PENSION_NUMBER_REQUIRED",
            "A retiree gives the pension number.",
        ),
        PensionNumberError::TooLong { .. } | PensionNumberError::NotAlphanumeric => WrongField::new(
            "pension_number",
            "PENSION_NUMBER_FORMAT",
            "A pension number has 1 to 12 letters or digits.",
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn domains() -> Vec<String> {
        vec!["finances.example".to_owned()]
    }

    const ACTIVE: TypedRequest<'static> = TypedRequest {
        matricule: "90000001",
        cin: "zz 100001",
        position: "active",
        email: "amina@finances.example",
        pension_number: "",
        locale: "fr",
    };

    fn reasons(typed: TypedRequest<'_>) -> Vec<&'static str> {
        AccountRequest::check(typed, &domains())
            .unwrap_err()
            .into_iter()
            .map(|field| field.reason)
            .collect()
    }

    #[test]
    fn an_active_member_gives_a_professional_address() {
        assert!(AccountRequest::check(ACTIVE, &domains()).is_ok());
        assert_eq!(
            reasons(TypedRequest {
                email: "amina@mail.example",
                ..ACTIVE
            }),
            ["EMAIL_NOT_PROFESSIONAL"]
        );
    }

    #[test]
    fn staff_seconded_or_at_disposal_and_survivors_may_give_a_private_address() {
        for position in ["seconded", "at_disposal", "survivor"] {
            let typed = TypedRequest {
                position,
                email: "amina@mail.example",
                ..ACTIVE
            };
            assert!(AccountRequest::check(typed, &domains()).is_ok(), "{position}");
        }
    }

    #[test]
    fn a_retired_member_must_give_a_pension_number() {
        let retired = TypedRequest {
            position: "retired",
            email: "amina@mail.example",
            ..ACTIVE
        };
        assert_eq!(reasons(retired), ["PENSION_NUMBER_REQUIRED"]);
        assert_eq!(
            reasons(TypedRequest {
                pension_number: "12-34",
                ..retired
            }),
            ["PENSION_NUMBER_FORMAT"]
        );
        let given = AccountRequest::check(
            TypedRequest {
                pension_number: "p 12 34",
                ..retired
            },
            &domains(),
        )
        .unwrap();
        assert_eq!(given.pension_number.unwrap().as_str(), "P1234");
    }

    #[test]
    fn a_pension_number_typed_by_somebody_in_service_is_dropped() {
        let request = AccountRequest::check(
            TypedRequest {
                pension_number: "???",
                ..ACTIVE
            },
            &domains(),
        )
        .unwrap();
        assert_eq!(request.pension_number, None);
    }

    #[test]
    fn every_wrong_field_is_named_at_once_in_the_order_of_the_form() {
        let typed = TypedRequest {
            matricule: "",
            cin: "1234",
            position: "boss",
            email: "amina",
            pension_number: "",
            locale: "de",
        };
        assert_eq!(
            reasons(typed),
            [
                "MATRICULE_REQUIRED",
                "CIN_FORMAT",
                "POSITION_UNKNOWN",
                "EMAIL_FORMAT",
                "LOCALE_UNKNOWN"
            ]
        );
    }

    #[test]
    fn numbers_typed_with_an_arabic_keyboard_are_taken() {
        let request = AccountRequest::check(
            TypedRequest {
                matricule: "٩٠٠٠ ٠٠٠١",
                cin: "ZZ١٠٠٠٠١",
                ..ACTIVE
            },
            &domains(),
        )
        .unwrap();
        assert_eq!(request.matricule.as_str(), "90000001");
        assert_eq!(request.cin.as_str(), "ZZ100001");
    }
}
