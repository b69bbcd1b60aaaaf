//! The published roster CSV: its columns, how a line is read, how lines make families, and the stable reason of each
//! refusal.
//!
//! Texts for the operator never repeat what a cell holds: a roster is personal data and reports are kept. Whether
//! somebody is already on file is not known here; `family_merge` compares.

mod cells;
mod line;
mod reader;
mod values;

pub(crate) use reader::RosterReader;

use chrono::NaiveDate;
use kernel::{EmailAddress, Locale, Matricule, PensionNumber, Position, Province, Rib};

use super::person::{PersonDetails, Relation};

macro_rules! columns {
    ($( $name:ident = $text:literal, )+) => {
        /// The columns of the contract, in the order of the file.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub(crate) enum Column { $( $name, )+ }

        impl Column {
            pub(crate) const ALL: &'static [Column] = &[ $( Column::$name, )+ ];

            pub(crate) const fn name(self) -> &'static str {
                match self { $( Column::$name => $text, )+ }
            }
        }
    };
}

columns! {
    RowType = "row_type",
    Matricule = "matricule",
    RelativeNo = "relative_no",
    ChildKey = "child_key",
    LastNameFr = "last_name_fr",
    FirstNameFr = "first_name_fr",
    LastNameAr = "last_name_ar",
    FirstNameAr = "first_name_ar",
    Sex = "sex",
    BirthDate = "birth_date",
    Cin = "cin",
    PensionNumber = "pension_number",
    Position = "position",
    PositionFrom = "position_from",
    PositionTo = "position_to",
    ProvinceIso = "province_iso",
    ExternalServices = "external_services",
    Rib = "rib",
    Email = "email",
    Language = "language",
    Disability = "disability",
    GuardianNo = "guardian_no",
    DeathDate = "death_date",
}

/// The header as the contract writes it.
pub(crate) fn header() -> String {
    let names: Vec<_> = Column::ALL.iter().map(|column| column.name()).collect();
    names.join(";")
}

/// Whether a file's first line is the contract's, a byte-order mark and the line's end aside.
pub(crate) fn header_matches(line: &str) -> bool {
    line.trim_start_matches('\u{FEFF}').trim_end_matches(['\r', '\n']) == header()
}

macro_rules! reasons {
    ($( $name:ident = $code:literal, $message:literal; )+) => {
        /// Why a line is bad. The code is part of the contract, the text is for the operator.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub(crate) enum Reason { $( $name, )+ }

        impl Reason {
            #[cfg(test)]
            pub(crate) const ALL: &'static [Reason] = &[ $( Reason::$name, )+ ];

            pub(crate) const fn code(self) -> &'static str {
                match self { $( Reason::$name => $code, )+ }
            }

            pub(crate) const fn message(self) -> &'static str {
                match self { $( Reason::$name => $message, )+ }
            }
        }
    };
}

reasons! {
    LineTooLong = "LINE_TOO_LONG", "the line has more than 4,096 bytes";
    ColumnCount = "COLUMN_COUNT", "the line does not have 23 cells";
    BadQuoting = "BAD_QUOTING", "a quote is not closed, or text follows a closing quote";
    FormulaCell = "FORMULA_CELL", "a cell may not start with =, +, -, @ or a tab";
    ControlCharacter = "CONTROL_CHARACTER", "a cell may not hold a control character";
    UnknownRowType = "UNKNOWN_ROW_TYPE", "must be member, spouse, child or guardian";
    Missing = "MISSING", "must not be empty";
    NotForThisRow = "NOT_FOR_THIS_ROW", "must be empty on a line of this type";
    BadMatricule = "BAD_MATRICULE", "must be 1 to 8 digits";
    DuplicateMatricule = "DUPLICATE_MATRICULE", "an earlier line of the file has this matricule";
    BadRelativeNo = "BAD_RELATIVE_NO", "must be a whole number from 1 to 99";
    DuplicateRelativeNo = "DUPLICATE_RELATIVE_NO", "another relative of the same member has this number";
    BadChildKey = "BAD_CHILD_KEY", "must be 1 to 40 letters, digits, hyphens or underscores";
    DuplicateChildKey = "DUPLICATE_CHILD_KEY", "another child of the same member has this key";
    ChildKeyMismatch = "CHILD_KEY_MISMATCH", "an earlier line gives the child of this key another birth date or sex";
    BadName = "BAD_NAME", "must be at most 80 letters of the column's script, spaces, hyphens and apostrophes";
    BadSex = "BAD_SEX", "must be F or M";
    BadDate = "BAD_DATE", "must be a date such as 2026-11-22, from 1900 on";
    BirthDateInFuture = "BIRTH_DATE_IN_FUTURE", "lies in the future";
    DeathDateInFuture = "DEATH_DATE_IN_FUTURE", "lies in the future";
    DeathBeforeBirth = "DEATH_BEFORE_BIRTH", "lies before the birth date";
    BadCin = "BAD_CIN", "must be one or two letters followed by one to six digits";
    BadPensionNumber = "BAD_PENSION_NUMBER", "must be 1 to 12 letters or digits";
    PensionNumberMissing = "PENSION_NUMBER_MISSING", "is required when the position is retired";
    UnknownPosition = "UNKNOWN_POSITION", "must be active, seconded, at_disposal, retired or survivor";
    PositionBeforeBirth = "POSITION_BEFORE_BIRTH", "lies before the birth date";
    PositionEndsBeforeStart = "POSITION_ENDS_BEFORE_START", "lies before position_from";
    UnknownProvince = "UNKNOWN_PROVINCE", "must be an ISO 3166-2 code such as MA-RAB";
    BadYesNo = "BAD_YES_NO", "must be yes, no or empty";
    BadRib = "BAD_RIB", "must be 24 digits whose last two are the right key";
    BadEmail = "BAD_EMAIL", "must be an e-mail address";
    UnknownLanguage = "UNKNOWN_LANGUAGE", "must be ar or fr";
    BadGuardianNo = "BAD_GUARDIAN_NO", "must be the relative_no of a guardian of the same member";
    RelativeWithoutMember = "RELATIVE_WITHOUT_MEMBER", "must follow the line of its member";
    MemberLineBad = "MEMBER_LINE_BAD", "not applied because the line of its member is bad";
    FamilyTooLarge = "FAMILY_TOO_LARGE", "a member may have at most 60 relatives in a file";
    MatriculeOfAnotherPerson = "MATRICULE_OF_ANOTHER_PERSON", "on file under this matricule stands somebody with another identity card and birth date";
    CinOfAnotherPerson = "CIN_OF_ANOTHER_PERSON", "on file or earlier in the file, this identity card is somebody else's";
    DuplicateRelative = "DUPLICATE_RELATIVE", "the same person stands twice in the family";
}

/// One thing that is wrong with one line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Finding {
    /// Line in the file, the header being 1.
    pub(crate) line: u32,
    /// `None` when the whole line is concerned.
    pub(crate) column: Option<Column>,
    pub(crate) reason: Reason,
}

/// A member's line.
#[derive(Clone)]
pub(crate) struct MemberRow {
    pub(crate) line: u32,
    pub(crate) matricule: Matricule,
    pub(crate) person: PersonDetails,
    pub(crate) pension_number: Option<PensionNumber>,
    pub(crate) position: Position,
    pub(crate) position_from: NaiveDate,
    pub(crate) position_to: Option<NaiveDate>,
    pub(crate) province: Province,
    pub(crate) external_services: bool,
    pub(crate) rib: Option<Rib>,
    pub(crate) email: Option<EmailAddress>,
    pub(crate) language: Locale,
}

/// The line of a spouse, a child or a guardian.
#[derive(Clone)]
pub(crate) struct RelativeRow {
    pub(crate) line: u32,
    pub(crate) relative_no: i16,
    pub(crate) relation: Relation,
    pub(crate) child_key: Option<String>,
    pub(crate) guardian_no: Option<i16>,
    pub(crate) person: PersonDetails,
}

/// A member with the relatives whose lines are good.
#[derive(Clone)]
pub(crate) struct Family {
    pub(crate) member: MemberRow,
    pub(crate) relatives: Vec<RelativeRow>,
    /// A relative's line was bad: who is missing here may not be taken for gone.
    pub(crate) partial: bool,
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn the_header_is_the_published_one() {
        assert_eq!(
            header(),
            "row_type;matricule;relative_no;child_key;last_name_fr;first_name_fr;last_name_ar;first_name_ar;sex;birth_date;cin;pension_number;position;position_from;position_to;province_iso;external_services;rib;email;language;disability;guardian_no;death_date"
        );
    }

    #[test]
    fn a_byte_order_mark_is_allowed_and_a_missing_added_or_renamed_column_is_not() {
        let header = header();
        assert!(header_matches(&header));
        assert!(header_matches(&format!("\u{FEFF}{header}\r\n")));
        assert!(!header_matches(&header.replace(";rib;", ";")));
        assert!(!header_matches(&format!("{header};is_admin")));
        assert!(!header_matches(&header.replace("rib", "iban")));
        assert!(!header_matches(&header.replace(';', ",")));
        assert!(!header_matches(""));
    }

    #[test]
    fn every_reason_has_a_code_of_its_own() {
        let codes: HashSet<_> = Reason::ALL.iter().map(|reason| reason.code()).collect();
        assert_eq!(codes.len(), Reason::ALL.len());
    }
}
