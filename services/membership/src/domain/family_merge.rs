//! Compares a family of the roster with what is on file: who is already known, who is new, what changed, who left.
//!
//! People are recognised by the identity card, by the child key, or by their place in the family together with birth
//! date or name. Two people are never merged in silence: a doubt is a finding and the line is not applied.
//! Writing is the store's; ids are drawn by the caller.

use std::collections::{HashMap, HashSet};

use chrono::NaiveDate;
use uuid::Uuid;

use super::person::{Digest, PersonDetails, Relation, Sex};
use super::roster::{Column, Family, Finding, Reason, RelativeRow};

/// The keyed digests of one line's person.
#[derive(Clone)]
pub(crate) struct Marks {
    pub(crate) cin: Option<Digest>,
    /// Over everything that the line says about the person.
    pub(crate) content: Digest,
}

/// A family whose digest differs from the stored one, or that is new.
pub(crate) struct Incoming {
    pub(crate) family: Family,
    /// Over all lines of the family.
    pub(crate) digest: Digest,
    /// Over the member's line alone.
    pub(crate) own_digest: Digest,
    pub(crate) member: Marks,
    /// In the order of `family.relatives`.
    pub(crate) relatives: Vec<Marks>,
}

/// A person on file.
#[derive(Clone)]
pub(crate) struct KnownPerson {
    pub(crate) cin: Option<Digest>,
    pub(crate) child_key: Option<String>,
    pub(crate) birth_date: NaiveDate,
    pub(crate) sex: Sex,
    pub(crate) last_name_fr: String,
    pub(crate) first_name_fr: String,
    pub(crate) content: Digest,
    /// A member's own line is the authority on a member; a relative's line only links.
    pub(crate) is_member: bool,
}

/// A member on file.
#[derive(Clone)]
pub(crate) struct KnownMember {
    pub(crate) member: Uuid,
    pub(crate) person: Uuid,
    pub(crate) version: i64,
    pub(crate) digest: Digest,
    pub(crate) own_digest: Digest,
}

/// An open link on file.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct KnownLink {
    pub(crate) link: Uuid,
    pub(crate) person: Uuid,
    pub(crate) relation: Relation,
    pub(crate) relative_no: i16,
    pub(crate) guardian_no: Option<i16>,
}

/// What is on file about everybody whom a batch may mean. Grows while the batch is merged.
#[derive(Default)]
pub(crate) struct OnFile {
    pub(crate) members: HashMap<String, KnownMember>,
    pub(crate) persons: HashMap<Uuid, KnownPerson>,
    pub(crate) by_cin: HashMap<Digest, Uuid>,
    pub(crate) by_child_key: HashMap<String, Uuid>,
    pub(crate) links: HashMap<Uuid, Vec<KnownLink>>,
}

impl OnFile {
    /// Adds a person with the look-ups that lead to it.
    pub(crate) fn add_person(&mut self, id: Uuid, person: KnownPerson) {
        if let Some(cin) = &person.cin {
            self.by_cin.insert(cin.clone(), id);
        }
        if let Some(key) = &person.child_key {
            self.by_child_key.insert(key.clone(), id);
        }
        self.persons.insert(id, person);
    }
}

/// A person to write.
pub(crate) struct PersonWrite {
    pub(crate) person: Uuid,
    pub(crate) is_new: bool,
    pub(crate) details: PersonDetails,
    pub(crate) marks: Marks,
    pub(crate) child_key: Option<String>,
}

/// A link to open, in place of `replaces` if there was one.
pub(crate) struct LinkWrite {
    pub(crate) member: Uuid,
    pub(crate) person: Uuid,
    pub(crate) relation: Relation,
    pub(crate) relative_no: i16,
    pub(crate) guardian_no: Option<i16>,
    pub(crate) valid_from: Option<NaiveDate>,
    pub(crate) replaces: Option<Uuid>,
}

/// A member to write.
pub(crate) struct MemberWrite {
    pub(crate) member: Uuid,
    pub(crate) person: Uuid,
    /// The version after the change; 1 for a new member.
    pub(crate) version: i64,
    pub(crate) is_new: bool,
    /// Place of the family in the batch.
    pub(crate) incoming: usize,
    /// The digests to keep.
    pub(crate) digest: Digest,
    pub(crate) own_digest: Digest,
}

/// What a batch writes.
#[derive(Default)]
pub(crate) struct Plan {
    pub(crate) persons: Vec<PersonWrite>,
    pub(crate) members: Vec<MemberWrite>,
    pub(crate) links: Vec<LinkWrite>,
    /// Links of relatives who no longer stand in the family.
    pub(crate) closed_links: Vec<Uuid>,
    pub(crate) findings: Vec<Finding>,
    pub(crate) relatives: u32,
    /// Members of whom nothing changed although their lines did, with the family digest to keep: a line was bad, or the
    /// other parent's line was first.
    pub(crate) unchanged: Vec<(Uuid, Digest)>,
    written: HashMap<Uuid, usize>,
}

impl Plan {
    /// How much there is to write: the same before and after a family means that nothing about it changed.
    fn changes(&self) -> (usize, usize, usize) {
        (self.persons.len(), self.links.len(), self.closed_links.len())
    }
}

/// Merges the families of a batch, in the order of the file.
pub(crate) fn merge(incoming: &[Incoming], on_file: &mut OnFile, mut new_id: impl FnMut() -> Uuid) -> Plan {
    let mut plan = Plan::default();
    for (at, family) in incoming.iter().enumerate() {
        merge_family(at, family, on_file, &mut plan, &mut new_id);
    }
    plan
}

fn merge_family(
    at: usize,
    incoming: &Incoming,
    on_file: &mut OnFile,
    plan: &mut Plan,
    new_id: &mut impl FnMut() -> Uuid,
) {
    let row = &incoming.family.member;
    let before = plan.changes();
    let known = on_file.members.get(row.matricule.as_str()).cloned();
    let person = match own_person(incoming, known.as_ref(), on_file) {
        Ok(person) => person,
        Err((column, reason)) => {
            refuse_family(incoming, column, reason, plan);
            return;
        }
    };
    let person_is_new = person.is_none();
    let person = person.unwrap_or_else(&mut *new_id);
    let write = PersonWrite {
        person,
        is_new: person_is_new,
        details: row.person.clone(),
        marks: incoming.member.clone(),
        child_key: on_file
            .persons
            .get(&person)
            .and_then(|known| known.child_key.clone()),
    };
    write_person(write, true, on_file, plan);
    let member = known.as_ref().map_or_else(&mut *new_id, |known| known.member);
    let version = known.as_ref().map_or(1, |known| known.version + 1);
    let is_certain = merge_relatives(incoming, member, person, on_file, plan, new_id);
    let digest = if is_certain {
        incoming.digest.clone()
    } else {
        in_doubt(&incoming.digest)
    };
    let own_digest = incoming.own_digest.clone();
    let same_line = known.as_ref().is_some_and(|known| known.own_digest == own_digest);
    if same_line && plan.changes() == before {
        plan.unchanged.push((member, digest));
        return;
    }
    plan.members.push(MemberWrite {
        member,
        person,
        version,
        is_new: known.is_none(),
        incoming: at,
        digest: digest.clone(),
        own_digest: own_digest.clone(),
    });
    let known = KnownMember {
        member,
        person,
        version,
        digest,
        own_digest,
    };
    on_file.members.insert(row.matricule.as_str().to_owned(), known);
}

/// Differs from every digest of a family without doubt, so that the next import looks again and reports again.
fn in_doubt(digest: &Digest) -> Digest {
    [digest.as_slice(), b"?"].concat()
}

/// The member's own person if it is on file; a doubt refuses the line.
fn own_person(
    incoming: &Incoming,
    known: Option<&KnownMember>,
    on_file: &OnFile,
) -> Result<Option<Uuid>, (Column, Reason)> {
    let told = &incoming.family.member.person;
    let by_cin = incoming
        .member
        .cin
        .as_ref()
        .and_then(|cin| on_file.by_cin.get(cin))
        .copied();
    let Some(known) = known else {
        let Some(found) = by_cin else { return Ok(None) };
        let same = on_file
            .persons
            .get(&found)
            .is_some_and(|p| !p.is_member && is_same(p, told));
        return if same {
            Ok(Some(found))
        } else {
            Err((Column::Cin, Reason::CinOfAnotherPerson))
        };
    };
    if by_cin.is_some_and(|found| found != known.person) {
        return Err((Column::Cin, Reason::CinOfAnotherPerson));
    }
    let reused = on_file
        .persons
        .get(&known.person)
        .is_some_and(|p| p.cin != incoming.member.cin && p.birth_date != told.birth_date);
    if reused {
        return Err((Column::Matricule, Reason::MatriculeOfAnotherPerson));
    }
    Ok(Some(known.person))
}

fn refuse_family(incoming: &Incoming, column: Column, reason: Reason, plan: &mut Plan) {
    let family = &incoming.family;
    plan.findings.push(Finding {
        line: family.member.line,
        column: Some(column),
        reason,
    });
    plan.findings
        .extend(family.relatives.iter().map(|relative| Finding {
            line: relative.line,
            column: None,
            reason: Reason::MemberLineBad,
        }));
}

/// Answers whether every good line could be applied.
fn merge_relatives(
    incoming: &Incoming,
    member: Uuid,
    own: Uuid,
    on_file: &mut OnFile,
    plan: &mut Plan,
    new_id: &mut impl FnMut() -> Uuid,
) -> bool {
    let links = on_file.links.get(&member).cloned().unwrap_or_default();
    let mut taken: HashSet<Uuid> = HashSet::from([own]);
    let mut is_certain = true;
    for (row, marks) in incoming.family.relatives.iter().zip(&incoming.relatives) {
        let refused = |column, reason| Finding {
            line: row.line,
            column,
            reason,
        };
        let found = match find_relative(row, marks, &links, &taken, on_file) {
            Ok(found) if found.is_some_and(|person| taken.contains(&person)) => {
                Err(refused(None, Reason::DuplicateRelative))
            }
            Ok(found) => Ok(found),
            Err((column, reason)) => Err(refused(Some(column), reason)),
        };
        let found = match found {
            Ok(found) => found,
            Err(finding) => {
                plan.findings.push(finding);
                is_certain = false;
                continue;
            }
        };
        let person = found.unwrap_or_else(&mut *new_id);
        taken.insert(person);
        // A key that the other parent's line gave is not lost because this line has none.
        let child_key = row.child_key.clone().or_else(|| {
            on_file
                .persons
                .get(&person)
                .and_then(|known| known.child_key.clone())
        });
        plan.relatives += 1;
        let write = PersonWrite {
            person,
            is_new: found.is_none(),
            details: row.person.clone(),
            marks: marks.clone(),
            child_key,
        };
        write_person(write, false, on_file, plan);
        link(row, member, person, &links, plan);
    }
    // A bad line may be anybody's: then nobody is taken for gone.
    if is_certain && !incoming.family.partial {
        plan.closed_links.extend(
            links
                .iter()
                .filter(|link| !taken.contains(&link.person))
                .map(|link| link.link),
        );
    }
    is_certain
}

fn link(row: &RelativeRow, member: Uuid, person: Uuid, links: &[KnownLink], plan: &mut Plan) {
    let open = links.iter().find(|link| link.person == person);
    let unchanged = open.is_some_and(|open| {
        (open.relation, open.relative_no, open.guardian_no)
            == (row.relation, row.relative_no, row.guardian_no)
    });
    if unchanged {
        return;
    }
    plan.links.push(LinkWrite {
        member,
        person,
        relation: row.relation,
        relative_no: row.relative_no,
        guardian_no: row.guardian_no,
        valid_from: (row.relation == Relation::Child).then_some(row.person.birth_date),
        replaces: open.map(|open| open.link),
    });
}

/// The relative's person if it is on file; a doubt refuses the line.
fn find_relative(
    row: &RelativeRow,
    marks: &Marks,
    links: &[KnownLink],
    taken: &HashSet<Uuid>,
    on_file: &OnFile,
) -> Result<Option<Uuid>, (Column, Reason)> {
    let told = &row.person;
    let by_cin = marks
        .cin
        .as_ref()
        .and_then(|cin| on_file.by_cin.get(cin))
        .copied();
    let by_key = row
        .child_key
        .as_ref()
        .and_then(|key| on_file.by_child_key.get(key))
        .copied();
    if let Some(found) = by_cin {
        let is_linked = links.iter().any(|link| link.person == found);
        let same = on_file
            .persons
            .get(&found)
            .is_some_and(|p| is_linked || is_same(p, told));
        if !same || by_key.is_some_and(|other| other != found) {
            return Err((Column::Cin, Reason::CinOfAnotherPerson));
        }
        return Ok(Some(found));
    }
    if by_key.is_some() {
        return Ok(by_key);
    }
    let candidates: Vec<(&KnownLink, &KnownPerson)> = links
        .iter()
        .filter(|link| link.relation == row.relation && !taken.contains(&link.person))
        .filter_map(|link| on_file.persons.get(&link.person).map(|person| (link, person)))
        // Another card or another key is another person.
        .filter(|(_, person)| person.cin.is_none() || marks.cin.is_none())
        .filter(|(_, person)| person.child_key.is_none() || row.child_key.is_none())
        .collect();
    let exact = |person: &KnownPerson| is_same(person, told) && person.first_name_fr == told.first_name_fr;
    let in_place = |link: &KnownLink, person: &KnownPerson| {
        let same_name =
            person.first_name_fr == told.first_name_fr && person.last_name_fr == told.last_name_fr;
        link.relative_no == row.relative_no && (person.birth_date == told.birth_date || same_name)
    };
    let found = candidates
        .iter()
        .find(|(_, person)| exact(person))
        .or_else(|| candidates.iter().find(|(link, person)| in_place(link, person)));
    Ok(found.map(|(link, _)| link.person))
}

fn is_same(known: &KnownPerson, told: &PersonDetails) -> bool {
    known.birth_date == told.birth_date && known.sex == told.sex
}

/// Writes a person once per batch; the last line of the file that says something about it holds.
fn write_person(write: PersonWrite, own_line: bool, on_file: &mut OnFile, plan: &mut Plan) {
    let known = on_file.persons.get(&write.person);
    let is_member = own_line || known.is_some_and(|known| known.is_member);
    if known.is_some_and(|known| known.is_member) && !own_line {
        return;
    }
    let unchanged =
        known.is_some_and(|known| known.content == write.marks.content && known.child_key == write.child_key);
    // A line without an identity card does not take away the one on file.
    let old_cin = known.and_then(|known| known.cin.clone());
    let cin = write.marks.cin.clone().or_else(|| old_cin.clone());
    if let Some(old) = old_cin.filter(|old| cin.as_ref() != Some(old)) {
        on_file.by_cin.remove(&old);
    }
    let details = &write.details;
    on_file.add_person(
        write.person,
        KnownPerson {
            cin,
            child_key: write.child_key.clone(),
            birth_date: details.birth_date,
            sex: details.sex,
            last_name_fr: details.last_name_fr.clone(),
            first_name_fr: details.first_name_fr.clone(),
            content: write.marks.content.clone(),
            is_member,
        },
    );
    if unchanged {
        return;
    }
    match plan
        .written
        .get(&write.person)
        .and_then(|at| plan.persons.get_mut(*at))
    {
        Some(earlier) => {
            *earlier = PersonWrite {
                is_new: earlier.is_new,
                ..write
            }
        }
        None => {
            plan.written.insert(write.person, plan.persons.len());
            plan.persons.push(write);
        }
    }
}

#[cfg(test)]
#[path = "family_merge_tests.rs"]
mod tests;
