//! The contract's rules, one test each, on lines built from a good one. Nobody here is real.

use chrono::NaiveDate;
use proptest::prelude::*;

use super::*;

const MEMBER: &str = "member;90000001;;;El Hilali;Amina;الهلالي;أمينة;F;1985-04-12;ZZ100001;;active;2010-09-01;;MA-LAA;yes;999780000123456789012341;amina.elmansouri@finances.example;ar;;;";
const SPOUSE: &str = "spouse;90000001;1;;Benali;Karim;بنعلي;كريم;M;1982-01-05;ZZ100002;;;;;;;;;;;;";
const CHILD: &str = "child;90000001;2;C-1;Benali;Salma;بنعلي;سلمى;F;2015-06-30;;;;;;;;;;;;;";

fn today() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 22).unwrap()
}

/// The member's line with a right bank account key.
fn member() -> String {
    let rib = kernel::Rib::from_parts("999", "780", "0001234567890123").unwrap();
    with(MEMBER, Column::Rib, rib.as_str())
}

/// The line with one cell replaced.
fn with(line: &str, column: Column, value: &str) -> String {
    let mut cells: Vec<&str> = line.split(';').collect();
    cells[column as usize] = value;
    cells.join(";")
}

/// Reads lines numbered from 2: codes by line, and how many families came out with how many relatives.
fn read(lines: &[String]) -> (Vec<(u32, String, &'static str)>, Vec<usize>) {
    let mut reader = RosterReader::new(today());
    for (number, line) in (2..).zip(lines) {
        reader.line(number, line);
    }
    reader.end();
    let findings = reader.take_findings();
    let coded = findings
        .iter()
        .map(|f| {
            let column = f.column.map_or("", Column::name).to_owned();
            (f.line, column, f.reason.code())
        })
        .collect();
    let families = reader.take_families();
    (coded, families.iter().map(|f| f.relatives.len()).collect())
}

/// The findings of a family whose member's line has one other cell.
fn member_finding(column: Column, value: &str) -> Vec<(String, &'static str)> {
    let (findings, _) = read(&[with(&member(), column, value)]);
    findings.into_iter().map(|(_, c, r)| (c, r)).collect()
}

fn relative_finding(line: &str, column: Column, value: &str) -> Vec<(String, &'static str)> {
    let (findings, _) = read(&[member(), with(line, column, value)]);
    findings.into_iter().map(|(_, c, r)| (c, r)).collect()
}

#[test]
fn a_member_a_spouse_and_a_child_make_one_family() {
    let (findings, families) = read(&[member(), SPOUSE.into(), CHILD.into()]);
    assert_eq!(findings, []);
    assert_eq!(families, [2]);
}

#[test]
fn each_column_of_a_member_has_its_rule() {
    let cases: &[(Column, &str, &str)] = &[
        (Column::Matricule, "123456789", "BAD_MATRICULE"),
        (Column::Matricule, "", "MISSING"),
        (Column::RelativeNo, "1", "NOT_FOR_THIS_ROW"),
        (Column::ChildKey, "x", "NOT_FOR_THIS_ROW"),
        (Column::GuardianNo, "1", "NOT_FOR_THIS_ROW"),
        (Column::LastNameFr, "", "MISSING"),
        (Column::LastNameFr, "Hi1ali", "BAD_NAME"),
        (Column::FirstNameFr, "أمينة", "BAD_NAME"),
        (Column::LastNameAr, "El Hilali", "BAD_NAME"),
        (Column::FirstNameAr, "", "MISSING"),
        (Column::Sex, "X", "BAD_SEX"),
        (Column::BirthDate, "12/04/1985", "BAD_DATE"),
        (Column::BirthDate, "2026-11-23", "BIRTH_DATE_IN_FUTURE"),
        (Column::Cin, "", "MISSING"),
        (Column::Cin, "123456", "BAD_CIN"),
        (Column::PensionNumber, "12-34", "BAD_PENSION_NUMBER"),
        (Column::Position, "posted", "UNKNOWN_POSITION"),
        (Column::Position, "retired", "PENSION_NUMBER_MISSING"),
        (Column::PositionFrom, "", "MISSING"),
        (Column::PositionFrom, "1985-04-11", "POSITION_BEFORE_BIRTH"),
        (Column::PositionTo, "2009-01-01", "POSITION_ENDS_BEFORE_START"),
        (Column::ProvinceIso, "MA-XXX", "UNKNOWN_PROVINCE"),
        (Column::ExternalServices, "oui", "BAD_YES_NO"),
        (Column::Rib, "225330000010000000005700", "BAD_RIB"),
        (Column::Email, "amina(at)finances.example", "BAD_EMAIL"),
        (Column::Language, "en", "UNKNOWN_LANGUAGE"),
        (Column::Language, "", "MISSING"),
        (Column::Disability, "1", "BAD_YES_NO"),
        (Column::DeathDate, "2026-11-23", "DEATH_DATE_IN_FUTURE"),
        (Column::DeathDate, "1980-01-01", "DEATH_BEFORE_BIRTH"),
    ];
    for (column, value, reason) in cases {
        let expected = [(column_of(*column, reason), *reason)];
        assert_eq!(member_finding(*column, value), expected, "{column:?} {value}");
    }
}

/// The cell that is at fault: a retired position without pension number is the pension cell's.
fn column_of(column: Column, reason: &str) -> String {
    if reason == "PENSION_NUMBER_MISSING" {
        Column::PensionNumber.name().to_owned()
    } else {
        column.name().to_owned()
    }
}

#[test]
fn each_column_of_a_relative_has_its_rule() {
    for (line, column, value, reason) in [
        (SPOUSE, Column::RelativeNo, "0", "BAD_RELATIVE_NO"),
        (SPOUSE, Column::RelativeNo, "", "MISSING"),
        (SPOUSE, Column::ChildKey, "C-2", "NOT_FOR_THIS_ROW"),
        (SPOUSE, Column::GuardianNo, "1", "NOT_FOR_THIS_ROW"),
        (SPOUSE, Column::Position, "active", "NOT_FOR_THIS_ROW"),
        (SPOUSE, Column::Email, "a@b.example", "NOT_FOR_THIS_ROW"),
        (SPOUSE, Column::Cin, "Z", "BAD_CIN"),
        (CHILD, Column::ChildKey, "a b", "BAD_CHILD_KEY"),
        (CHILD, Column::GuardianNo, "7", "BAD_GUARDIAN_NO"),
        (CHILD, Column::GuardianNo, "x", "BAD_GUARDIAN_NO"),
    ] {
        let expected = [(column.name().to_owned(), reason)];
        assert_eq!(
            relative_finding(line, column, value),
            expected,
            "{column:?} {value}"
        );
    }
}

#[test]
fn a_cell_that_a_spreadsheet_would_run_makes_the_line_bad_wherever_it_stands() {
    for column in Column::ALL {
        for start in ["=1+1", "+1", "-1", "@sum", "\tx", " =1", "\"=1\""] {
            let found = member_finding(*column, start);
            let formula = (column.name().to_owned(), "FORMULA_CELL");
            assert!(found.contains(&formula), "{column:?} {start}: {found:?}");
        }
    }
    let nul = member_finding(Column::LastNameFr, "El\0Hilali");
    assert_eq!(nul, [("last_name_fr".to_owned(), "CONTROL_CHARACTER")]);
}

#[test]
fn a_bad_member_line_keeps_its_family_in_the_report_and_the_next_family_goes_in() {
    let next = with(
        &with(&member(), Column::Matricule, "90000002"),
        Column::Cin,
        "ZZ100009",
    );
    let (findings, families) = read(&[
        with(&member(), Column::BirthDate, "2030-01-01"),
        SPOUSE.into(),
        CHILD.into(),
        next,
    ]);
    assert_eq!(
        findings,
        [
            (2, "birth_date".to_owned(), "BIRTH_DATE_IN_FUTURE"),
            (3, String::new(), "MEMBER_LINE_BAD"),
            (4, String::new(), "MEMBER_LINE_BAD"),
        ]
    );
    assert_eq!(families, [0]);
}

#[test]
fn a_bad_relative_is_skipped_and_the_family_is_known_to_be_incomplete() {
    let mut reader = RosterReader::new(today());
    reader.line(2, &member());
    reader.line(3, &with(SPOUSE, Column::Sex, "?"));
    reader.line(4, CHILD);
    reader.end();
    let families = reader.take_families();
    assert_eq!(families.len(), 1);
    assert!(families[0].partial);
    assert_eq!(families[0].relatives.len(), 1);
    assert_eq!((reader.lines_read(), reader.lines_bad()), (3, 1));
}

#[test]
fn the_second_line_of_a_matricule_is_refused_with_its_family() {
    let (findings, families) = read(&[member(), SPOUSE.into(), member(), CHILD.into()]);
    assert_eq!(
        findings,
        [
            (4, "matricule".to_owned(), "DUPLICATE_MATRICULE"),
            (5, String::new(), "MEMBER_LINE_BAD"),
        ]
    );
    assert_eq!(families, [1]);
}

#[test]
fn a_relative_that_does_not_follow_its_member_is_refused() {
    let stray = with(SPOUSE, Column::Matricule, "90000077");
    let (findings, families) = read(&[SPOUSE.into(), member(), stray, CHILD.into()]);
    assert_eq!(
        findings,
        [
            (2, "matricule".to_owned(), "RELATIVE_WITHOUT_MEMBER"),
            (4, "matricule".to_owned(), "RELATIVE_WITHOUT_MEMBER"),
            (5, "matricule".to_owned(), "RELATIVE_WITHOUT_MEMBER"),
        ]
    );
    assert_eq!(families, [0]);
}

#[test]
fn a_line_without_23_cells_is_refused_and_still_finds_its_family() {
    let (findings, families) = read(&[format!("{};", member()), SPOUSE.into()]);
    assert_eq!(
        findings,
        [
            (2, String::new(), "COLUMN_COUNT"),
            (3, String::new(), "MEMBER_LINE_BAD")
        ]
    );
    assert_eq!(families, [] as [usize; 0]);
    let (findings, _) = read(&[String::new()]);
    assert_eq!(findings, [(2, String::new(), "COLUMN_COUNT")]);
    let (findings, _) = read(&["x".repeat(MAX_LINE_BYTES_PLUS_ONE)]);
    assert_eq!(findings, [(2, String::new(), "LINE_TOO_LONG")]);
}

const MAX_LINE_BYTES_PLUS_ONE: usize = line::MAX_LINE_BYTES + 1;

#[test]
fn relatives_of_one_member_have_numbers_and_keys_of_their_own() {
    let (findings, _) = read(&[member(), SPOUSE.into(), with(CHILD, Column::RelativeNo, "1")]);
    assert_eq!(findings, [(4, "relative_no".to_owned(), "DUPLICATE_RELATIVE_NO")]);
    let (findings, _) = read(&[member(), CHILD.into(), with(CHILD, Column::RelativeNo, "3")]);
    assert_eq!(findings, [(4, "child_key".to_owned(), "DUPLICATE_CHILD_KEY")]);
}

#[test]
fn both_parents_lines_must_agree_on_the_child_they_share() {
    let other = |column, value| with(&with(CHILD, Column::Matricule, "90000002"), column, value);
    let father = with(
        &with(&member(), Column::Matricule, "90000002"),
        Column::Cin,
        "ZZ100009",
    );
    let good = other(Column::FirstNameFr, "Salma");
    let (findings, families) = read(&[member(), CHILD.into(), father.clone(), good]);
    assert_eq!((findings, families), (vec![], vec![1, 1]));
    let bad = other(Column::BirthDate, "2015-07-01");
    let (findings, _) = read(&[member(), CHILD.into(), father, bad]);
    assert_eq!(findings, [(5, "child_key".to_owned(), "CHILD_KEY_MISMATCH")]);
}

#[test]
fn an_orphans_guardian_stands_in_the_same_family() {
    let guardian = with(&SPOUSE.replacen("spouse", "guardian", 1), Column::RelativeNo, "5");
    let orphan = with(CHILD, Column::GuardianNo, "5");
    let (findings, families) = read(&[member(), orphan, guardian]);
    assert_eq!((findings, families), (vec![], vec![2]));
}

fn cell() -> impl Strategy<Value = String> {
    prop_oneof![
        Just(String::new()),
        Just("member".to_owned()),
        Just("child".to_owned()),
        Just("90000001".to_owned()),
        Just("2015-06-30".to_owned()),
        "\\PC{0,12}",
        any::<String>(),
    ]
}

proptest! {
    #[test]
    fn arbitrary_lines_never_panic_and_are_counted(lines in proptest::collection::vec(any::<String>(), 0..8)) {
        let mut reader = RosterReader::new(today());
        for (number, line) in (2..).zip(&lines) {
            reader.line(number, line);
        }
        reader.end();
        prop_assert_eq!(reader.lines_read() as usize, lines.len());
        prop_assert!(reader.lines_bad() <= reader.lines_read());
    }

    #[test]
    fn arbitrary_cells_never_panic_and_a_bad_line_is_never_silent(rows in proptest::collection::vec(proptest::collection::vec(cell(), 20..25), 0..6)) {
        let mut reader = RosterReader::new(today());
        for (number, row) in (2..).zip(&rows) {
            reader.line(number, &row.join(";"));
        }
        reader.end();
        let kept: usize = reader.take_families().iter().map(|f| 1 + f.relatives.len()).sum();
        prop_assert_eq!(kept + reader.lines_bad() as usize, rows.len());
    }

    #[test]
    fn no_message_repeats_a_cell(secret in "[0-9]{9,12}") {
        for column in Column::ALL {
            let mut reader = RosterReader::new(today());
            reader.line(2, &with(&member(), *column, &secret));
            reader.end();
            for finding in reader.take_findings() {
                prop_assert!(!finding.reason.message().contains(&secret));
            }
        }
    }
}
