//! Lines in the order of the file into families. The member's line comes first, its relatives follow at once.
//!
//! Holds one open family, the matricules seen and the child keys seen: memory grows with the number of members, never
//! with the size of a line or of a family.

use std::collections::{HashMap, HashSet};

use chrono::NaiveDate;
use kernel::Matricule;

use super::line::{self, Line, Row, RowType};
use super::{Column, Family, Finding, Reason, RelativeRow};
use crate::domain::person::{Relation, Sex};

const MAX_RELATIVES: usize = 60;

/// Reads a roster line by line; families and findings are taken out as they become certain.
pub(crate) struct RosterReader {
    today: NaiveDate,
    open: Open,
    matricules: HashSet<Matricule>,
    children: HashMap<String, (NaiveDate, Sex)>,
    families: Vec<Family>,
    findings: Vec<Finding>,
    lines_read: u32,
    lines_bad: u32,
}

/// Whose relatives may follow now.
enum Open {
    Nobody,
    /// The member's line is bad. No matricule: it could not be read.
    BadMember(Option<Matricule>),
    Family(Box<Family>),
}

impl RosterReader {
    /// Dates are compared with `today`, the civil day of the import.
    pub(crate) fn new(today: NaiveDate) -> Self {
        Self {
            today,
            open: Open::Nobody,
            matricules: HashSet::new(),
            children: HashMap::new(),
            families: Vec::new(),
            findings: Vec::new(),
            lines_read: 0,
            lines_bad: 0,
        }
    }

    /// Takes the next line of the file, the header being line 1.
    pub(crate) fn line(&mut self, number: u32, text: &str) {
        self.lines_read += 1;
        let line = line::read(number, text, self.today);
        match (line.row_type, &line.matricule) {
            (Some(RowType::Relative(_)), _) => self.relative(line),
            (None, matricule) if self.is_open_for(matricule.as_ref()) => self.relative(line),
            // A line that does not say what it is, under a matricule of its own, is taken for a bad member.
            (Some(RowType::Member) | None, _) => self.member(line),
        }
    }

    /// No further line follows.
    pub(crate) fn end(&mut self) {
        self.close();
    }

    /// The families that are complete.
    pub(crate) fn take_families(&mut self) -> Vec<Family> {
        std::mem::take(&mut self.families)
    }

    /// How many families are complete and not taken yet.
    pub(crate) fn ready(&self) -> usize {
        self.families.len()
    }

    /// What was found since the last call.
    pub(crate) fn take_findings(&mut self) -> Vec<Finding> {
        std::mem::take(&mut self.findings)
    }

    /// Adds what only a comparison with the file's other half could find: the stored one.
    pub(crate) fn add_findings(&mut self, findings: Vec<Finding>) {
        let lines: HashSet<u32> = findings.iter().map(|finding| finding.line).collect();
        self.lines_bad += u32::try_from(lines.len()).unwrap_or(u32::MAX);
        self.findings.extend(findings);
    }

    pub(crate) fn lines_read(&self) -> u32 {
        self.lines_read
    }

    pub(crate) fn lines_bad(&self) -> u32 {
        self.lines_bad
    }

    fn is_open_for(&self, matricule: Option<&Matricule>) -> bool {
        match &self.open {
            Open::Nobody => false,
            Open::BadMember(open) => open.is_some() && open.as_ref() == matricule,
            Open::Family(family) => Some(&family.member.matricule) == matricule,
        }
    }

    fn member(&mut self, line: Line) {
        self.close();
        let Line {
            number,
            matricule,
            row,
            ..
        } = line;
        let duplicate = matricule
            .as_ref()
            .is_some_and(|matricule| !self.matricules.insert(matricule.clone()));
        if duplicate {
            self.bad(number, Some(Column::Matricule), Reason::DuplicateMatricule);
            self.open = Open::BadMember(matricule);
            return;
        }
        self.open = match row {
            Ok(Row::Member(member)) => Open::Family(Box::new(Family {
                member: *member,
                relatives: Vec::new(),
                partial: false,
            })),
            Ok(Row::Relative(_)) => Open::BadMember(matricule),
            Err(findings) => {
                self.bad_line(findings);
                Open::BadMember(matricule)
            }
        };
    }

    fn relative(&mut self, line: Line) {
        let number = line.number;
        let belongs = self.is_open_for(line.matricule.as_ref());
        match (line.row, &mut self.open) {
            (Err(findings), open) => {
                // Whose relative this is may be unreadable: then it may be one of the open family.
                if let Open::Family(family) = open
                    && (belongs || line.matricule.is_none())
                {
                    family.partial = true;
                }
                self.bad_line(findings);
            }
            (Ok(_), Open::BadMember(_)) if belongs => {
                self.bad(number, None, Reason::MemberLineBad);
            }
            (Ok(Row::Relative(relative)), Open::Family(_)) if belongs => self.join(*relative),
            (Ok(_), _) => {
                self.close();
                self.open = Open::Nobody;
                self.bad(number, Some(Column::Matricule), Reason::RelativeWithoutMember);
            }
        }
    }

    /// A good line of the open family, compared with the family's other lines and with the children seen.
    fn join(&mut self, relative: RelativeRow) {
        let Open::Family(family) = &mut self.open else {
            return;
        };
        let told = (relative.person.birth_date, relative.person.sex);
        let others = &family.relatives;
        let same_no = |other: &RelativeRow| other.relative_no == relative.relative_no;
        let same_key =
            |other: &RelativeRow| other.child_key.is_some() && other.child_key == relative.child_key;
        let known = relative.child_key.as_ref().and_then(|key| self.children.get(key));
        let wrong = if others.len() >= MAX_RELATIVES {
            Some((None, Reason::FamilyTooLarge))
        } else if others.iter().any(same_no) {
            Some((Some(Column::RelativeNo), Reason::DuplicateRelativeNo))
        } else if others.iter().any(same_key) {
            Some((Some(Column::ChildKey), Reason::DuplicateChildKey))
        } else if known.is_some_and(|known| *known != told) {
            Some((Some(Column::ChildKey), Reason::ChildKeyMismatch))
        } else {
            None
        };
        if let Some((column, reason)) = wrong {
            family.partial = true;
            self.bad(relative.line, column, reason);
            return;
        }
        if let Some(key) = &relative.child_key {
            self.children.insert(key.clone(), told);
        }
        family.relatives.push(relative);
    }

    /// The open family is complete: a child's guardian must be in it.
    fn close(&mut self) {
        let Open::Family(mut family) = std::mem::replace(&mut self.open, Open::Nobody) else {
            return;
        };
        let guardians: HashSet<i16> = family
            .relatives
            .iter()
            .filter(|relative| relative.relation == Relation::Guardian)
            .map(|relative| relative.relative_no)
            .collect();
        let has_guardian = |child: &RelativeRow| child.guardian_no.is_none_or(|no| guardians.contains(&no));
        let (kept, orphaned): (Vec<_>, Vec<_>) = family.relatives.into_iter().partition(has_guardian);
        family.relatives = kept;
        family.partial |= !orphaned.is_empty();
        for child in orphaned {
            self.bad(child.line, Some(Column::GuardianNo), Reason::BadGuardianNo);
        }
        self.families.push(*family);
    }

    fn bad(&mut self, line: u32, column: Option<Column>, reason: Reason) {
        self.bad_line(vec![Finding { line, column, reason }]);
    }

    fn bad_line(&mut self, findings: Vec<Finding>) {
        self.lines_bad += 1;
        self.findings.extend(findings);
    }
}

#[cfg(test)]
#[path = "reader_tests.rs"]
mod tests;
