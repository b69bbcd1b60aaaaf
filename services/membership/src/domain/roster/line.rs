//! One line of the roster: cells, then the rules of its type. All that is wrong with a line is reported at once.
//!
//! Knows no other line: duplicates and families are `reader`'s.

use chrono::NaiveDate;
use kernel::Matricule;

use super::{Column, Finding, MemberRow, Reason, RelativeRow, cells, values};
use crate::domain::person::{PersonDetails, Relation};

/// Ten times a usual line.
pub(super) const MAX_LINE_BYTES: usize = 4096;

/// What a type of line is, as far as it could be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum RowType {
    Member,
    Relative(Relation),
}

/// A good line.
pub(super) enum Row {
    Member(Box<MemberRow>),
    Relative(Box<RelativeRow>),
}

/// A line, good or bad, with what is needed to find its family.
pub(super) struct Line {
    pub(super) number: u32,
    pub(super) row_type: Option<RowType>,
    pub(super) matricule: Option<Matricule>,
    pub(super) row: Result<Row, Vec<Finding>>,
}

/// Columns that only a member's line may fill.
const MEMBER_ONLY: [Column; 9] = [
    Column::PensionNumber,
    Column::Position,
    Column::PositionFrom,
    Column::PositionTo,
    Column::ProvinceIso,
    Column::ExternalServices,
    Column::Rib,
    Column::Email,
    Column::Language,
];

/// Reads one line. Dates are compared with `today`, the civil day of the import.
pub(super) fn read(number: u32, text: &str, today: NaiveDate) -> Line {
    let whole = |reason| Line {
        number,
        row_type: None,
        matricule: None,
        row: Err(vec![Finding {
            line: number,
            column: None,
            reason,
        }]),
    };
    if text.len() > MAX_LINE_BYTES {
        return whole(Reason::LineTooLong);
    }
    let cells = match cells::split(text) {
        Ok(cells) => cells,
        Err(reason) => return whole(reason),
    };
    let cell = |column: Column| cells.get(column as usize).map_or("", |text| text.trim());
    let row_type = match cell(Column::RowType) {
        "member" => Some(RowType::Member),
        other => Relation::parse(other).map(RowType::Relative),
    };
    let matricule = values::matricule(cell(Column::Matricule)).ok();
    if cells.len() != Column::ALL.len() {
        return Line {
            row_type,
            matricule,
            ..whole(Reason::ColumnCount)
        };
    }
    let mut reading = Reading {
        number,
        cells: &cells,
        today,
        findings: Vec::new(),
    };
    reading.refuse_unsafe_cells();
    let row = if reading.findings.is_empty() {
        reading.row(row_type)
    } else {
        None
    };
    Line {
        number,
        row_type,
        matricule,
        row: match row {
            Some(row) if reading.findings.is_empty() => Ok(row),
            _ => Err(reading.findings),
        },
    }
}

/// A line under examination.
struct Reading<'a> {
    number: u32,
    cells: &'a [String],
    today: NaiveDate,
    findings: Vec<Finding>,
}

impl Reading<'_> {
    /// Cells that a spreadsheet would run, or that no tool shows: nothing else is looked at on such a line.
    fn refuse_unsafe_cells(&mut self) {
        for (column, cell) in Column::ALL.iter().zip(self.cells) {
            let formula = |text: &str| text.starts_with(['=', '+', '-', '@', '\t']);
            if formula(cell) || formula(cell.trim_start()) {
                self.find(*column, Reason::FormulaCell);
            } else if cell.chars().any(char::is_control) {
                self.find(*column, Reason::ControlCharacter);
            }
        }
    }

    fn row(&mut self, row_type: Option<RowType>) -> Option<Row> {
        let Some(row_type) = row_type else {
            self.find(Column::RowType, Reason::UnknownRowType);
            return None;
        };
        match row_type {
            RowType::Member => self.member().map(Box::new).map(Row::Member),
            RowType::Relative(relation) => self.relative(relation).map(Box::new).map(Row::Relative),
        }
    }

    fn member(&mut self) -> Option<MemberRow> {
        for column in [Column::RelativeNo, Column::ChildKey, Column::GuardianNo] {
            self.must_be_empty(column);
        }
        let matricule = self.required(Column::Matricule, values::matricule);
        let person = self.person();
        let cin_given = self.cin_given();
        let position = self.required(Column::Position, values::position);
        let pension_number = self.optional(Column::PensionNumber, values::pension_number);
        let position_from = self.required(Column::PositionFrom, values::date);
        let position_to = self.optional(Column::PositionTo, values::date);
        let province = self.required(Column::ProvinceIso, values::province);
        let external_services = self.value(Column::ExternalServices, values::yes_no);
        let rib = self.optional(Column::Rib, values::rib);
        let email = self.optional(Column::Email, values::email);
        let language = self.required(Column::Language, values::language);
        if !cin_given {
            self.find(Column::Cin, Reason::Missing);
        }
        let asks_for_pension = position.is_some_and(|p| p.requires_pension_number());
        if asks_for_pension && self.cell(Column::PensionNumber).is_empty() {
            self.find(Column::PensionNumber, Reason::PensionNumberMissing);
        }
        if let (Some(from), Some(person)) = (position_from, &person)
            && from < person.birth_date
        {
            self.find(Column::PositionFrom, Reason::PositionBeforeBirth);
        }
        if let (Some(from), Some(Some(to))) = (position_from, position_to)
            && to < from
        {
            self.find(Column::PositionTo, Reason::PositionEndsBeforeStart);
        }
        Some(MemberRow {
            line: self.number,
            matricule: matricule?,
            person: person?,
            pension_number: pension_number?,
            position: position?,
            position_from: position_from?,
            position_to: position_to?,
            province: province?,
            external_services: external_services?,
            rib: rib?,
            email: email?,
            language: language?,
        })
    }

    fn relative(&mut self, relation: Relation) -> Option<RelativeRow> {
        for column in MEMBER_ONLY {
            self.must_be_empty(column);
        }
        self.required(Column::Matricule, values::matricule);
        let relative_no = self.required(Column::RelativeNo, values::relative_no);
        let person = self.person();
        let (child_key, guardian_no) = if relation == Relation::Child {
            (
                self.optional(Column::ChildKey, values::child_key),
                self.optional(Column::GuardianNo, values::guardian_no),
            )
        } else {
            self.must_be_empty(Column::ChildKey);
            self.must_be_empty(Column::GuardianNo);
            (Some(None), Some(None))
        };
        Some(RelativeRow {
            line: self.number,
            relative_no: relative_no?,
            relation,
            child_key: child_key?,
            guardian_no: guardian_no?,
            person: person?,
        })
    }

    fn person(&mut self) -> Option<PersonDetails> {
        let today = self.today;
        let last_name_fr = self.required(Column::LastNameFr, values::name_fr);
        let first_name_fr = self.required(Column::FirstNameFr, values::name_fr);
        let last_name_ar = self.required(Column::LastNameAr, values::name_ar);
        let first_name_ar = self.required(Column::FirstNameAr, values::name_ar);
        let sex = self.required(Column::Sex, values::sex);
        let birth_date = self.required(Column::BirthDate, |t| values::birth_date(t, today));
        let death_date = self.optional(Column::DeathDate, |t| values::death_date(t, today));
        let cin = self.optional(Column::Cin, values::cin);
        let disability = self.value(Column::Disability, values::yes_no);
        if let (Some(birth), Some(Some(death))) = (birth_date, death_date)
            && death < birth
        {
            self.find(Column::DeathDate, Reason::DeathBeforeBirth);
        }
        Some(PersonDetails {
            last_name_fr: last_name_fr?,
            first_name_fr: first_name_fr?,
            last_name_ar: last_name_ar?,
            first_name_ar: first_name_ar?,
            sex: sex?,
            birth_date: birth_date?,
            death_date: death_date?,
            cin: cin?,
            disability: disability?,
        })
    }

    fn cin_given(&self) -> bool {
        !self.cell(Column::Cin).is_empty()
    }

    fn cell(&self, column: Column) -> &str {
        self.cells.get(column as usize).map_or("", |text| text.trim())
    }

    fn find(&mut self, column: Column, reason: Reason) {
        self.findings.push(Finding {
            line: self.number,
            column: Some(column),
            reason,
        });
    }

    fn must_be_empty(&mut self, column: Column) {
        if !self.cell(column).is_empty() {
            self.find(column, Reason::NotForThisRow);
        }
    }

    /// A value that may not be empty.
    fn required<T>(&mut self, column: Column, rule: impl Fn(&str) -> Result<T, Reason>) -> Option<T> {
        if self.cell(column).is_empty() {
            self.find(column, Reason::Missing);
            return None;
        }
        self.value(column, rule)
    }

    /// `Some(None)` when the cell is empty, `None` when it is bad.
    fn optional<T>(&mut self, column: Column, rule: impl Fn(&str) -> Result<T, Reason>) -> Option<Option<T>> {
        if self.cell(column).is_empty() {
            return Some(None);
        }
        self.value(column, rule).map(Some)
    }

    fn value<T>(&mut self, column: Column, rule: impl Fn(&str) -> Result<T, Reason>) -> Option<T> {
        match rule(self.cell(column)) {
            Ok(value) => Some(value),
            Err(reason) => {
                self.find(column, reason);
                None
            }
        }
    }
}
