//! Families against what is on file: recognition, sharing, doubt. Digests are plain bytes here.

use kernel::{Locale, Matricule, Position, Province};

use super::super::roster::MemberRow;
use super::*;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn person(first: &str, birth: &str, sex: Sex) -> PersonDetails {
    PersonDetails {
        last_name_fr: "Benali".into(),
        first_name_fr: first.into(),
        last_name_ar: "بنعلي".into(),
        first_name_ar: "اسم".into(),
        sex,
        birth_date: day(birth),
        death_date: None,
        cin: None,
        disability: false,
    }
}

fn marks(details: &PersonDetails, cin: Option<u8>) -> Marks {
    let content = format!("{}{}{cin:?}", details.first_name_fr, details.birth_date);
    Marks {
        cin: cin.map(|byte| vec![byte]),
        content: content.into_bytes(),
    }
}

/// A family under construction: member with a card, relatives with or without.
struct Builder(Incoming);

fn family(matricule: &str, cin: u8, birth: &str, sex: Sex) -> Builder {
    let details = person(matricule, birth, sex);
    let member = MemberRow {
        line: 2,
        matricule: Matricule::parse(matricule).unwrap(),
        person: details.clone(),
        pension_number: None,
        position: Position::Active,
        position_from: day("2010-01-01"),
        position_to: None,
        province: Province::from_iso("MA-RAB").unwrap(),
        external_services: false,
        rib: None,
        email: None,
        language: Locale::Ar,
    };
    Builder(Incoming {
        family: Family {
            member,
            relatives: vec![],
            partial: false,
        },
        digest: vec![],
        own_digest: matricule.as_bytes().to_vec(),
        member: marks(&details, Some(cin)),
        relatives: vec![],
    })
}

impl Builder {
    fn relative(
        mut self,
        relation: Relation,
        details: PersonDetails,
        cin: Option<u8>,
        key: Option<&str>,
    ) -> Self {
        let no = i16::try_from(self.0.relatives.len() + 1).unwrap();
        self.0.relatives.push(marks(&details, cin));
        self.0.family.relatives.push(RelativeRow {
            line: 2 + u32::try_from(no).unwrap(),
            relative_no: no,
            relation,
            child_key: key.map(str::to_owned),
            guardian_no: None,
            person: details,
        });
        self
    }

    fn child(self, first: &str, birth: &str, key: Option<&str>) -> Self {
        self.relative(Relation::Child, person(first, birth, Sex::Female), None, key)
    }

    /// The digest is the text of the family, as the keyed one would be.
    fn done(mut self) -> Incoming {
        let people = self
            .0
            .relatives
            .iter()
            .map(|marks| String::from_utf8_lossy(&marks.content).into_owned());
        self.0.digest = people.collect::<Vec<_>>().join("|").into_bytes();
        self.0
    }
}

/// Ids in order: 1, 2, 3 ...
fn ids() -> impl FnMut() -> Uuid {
    let mut next = 0_u128;
    move || {
        next += 1;
        Uuid::from_u128(next)
    }
}

/// What the store would hold after the plan.
fn keep(plan: &Plan, on_file: &mut OnFile) {
    for write in &plan.links {
        let links = on_file.links.entry(write.member).or_default();
        links.retain(|link| Some(link.link) != write.replaces);
        links.push(KnownLink {
            link: Uuid::from_u128(1000 + u128::from(write.person.as_u128() as u32)),
            person: write.person,
            relation: write.relation,
            relative_no: write.relative_no,
            guardian_no: write.guardian_no,
        });
    }
    for links in on_file.links.values_mut() {
        links.retain(|link| !plan.closed_links.contains(&link.link));
    }
}

fn codes(plan: &Plan) -> Vec<&'static str> {
    plan.findings
        .iter()
        .map(|finding| finding.reason.code())
        .collect()
}

#[test]
fn a_child_of_two_members_is_one_person_linked_twice() {
    let mother = family("90000001", 1, "1985-01-01", Sex::Female)
        .child("Salma", "2015-06-30", Some("C-1"))
        .done();
    let father = family("90000002", 2, "1982-01-01", Sex::Male)
        .child("Salma", "2015-06-30", Some("C-1"))
        .done();
    let plan = merge(&[mother, father], &mut OnFile::default(), ids());
    assert_eq!(codes(&plan), [] as [&str; 0]);
    assert_eq!(plan.persons.len(), 3);
    assert_eq!(plan.links.len(), 2);
    assert_eq!(plan.links[0].person, plan.links[1].person);
}

#[test]
fn a_spouse_who_is_a_member_too_is_one_person_and_the_members_line_holds() {
    let wife = person("90000002", "1988-02-02", Sex::Female);
    let husband = family("90000001", 1, "1985-01-01", Sex::Male)
        .relative(
            Relation::Spouse,
            PersonDetails {
                first_name_fr: "Autre".into(),
                ..wife.clone()
            },
            Some(2),
            None,
        )
        .done();
    let own = family("90000002", 2, "1988-02-02", Sex::Female).done();
    let plan = merge(&[husband, own], &mut OnFile::default(), ids());
    assert_eq!(codes(&plan), [] as [&str; 0]);
    assert_eq!(plan.persons.len(), 2);
    assert_eq!(plan.links[0].person, plan.members[1].person);
    let written = plan
        .persons
        .iter()
        .find(|write| write.person == plan.members[1].person)
        .unwrap();
    assert_eq!(written.details.first_name_fr, "90000002");
}

#[test]
fn the_same_family_again_writes_nobody_and_a_missing_relative_leaves() {
    let build = || family("90000001", 1, "1985-01-01", Sex::Female).child("Salma", "2015-06-30", None);
    let mut on_file = OnFile::default();
    let mut draw = ids();
    let first = merge(
        &[build().child("Ali", "2018-01-01", None).done()],
        &mut on_file,
        &mut draw,
    );
    keep(&first, &mut on_file);
    let again = merge(
        &[build().child("Ali", "2018-01-01", None).done()],
        &mut on_file,
        &mut draw,
    );
    assert_eq!(
        (
            again.persons.len(),
            again.links.len(),
            again.members.len(),
            again.unchanged.len()
        ),
        (0, 0, 0, 1)
    );
    let fewer = merge(&[build().done()], &mut on_file, &mut draw);
    assert_eq!((fewer.closed_links.len(), fewer.members[0].version), (1, 2));
}

#[test]
fn nobody_is_taken_for_gone_when_a_line_of_the_family_was_bad() {
    let build = || family("90000001", 1, "1985-01-01", Sex::Female);
    let mut on_file = OnFile::default();
    let mut draw = ids();
    let first = merge(
        &[build().child("Salma", "2015-06-30", None).done()],
        &mut on_file,
        &mut draw,
    );
    keep(&first, &mut on_file);
    let mut partial = build().done();
    partial.family.partial = true;
    assert_eq!(merge(&[partial], &mut on_file, &mut draw).closed_links.len(), 0);
}

#[test]
fn twins_who_swap_their_numbers_stay_two_people() {
    let mut on_file = OnFile::default();
    let mut draw = ids();
    let build = |a: &str, b: &str| {
        family("90000001", 1, "1985-01-01", Sex::Female)
            .child(a, "2015-06-30", None)
            .child(b, "2015-06-30", None)
            .done()
    };
    let first = merge(&[build("Salma", "Hiba")], &mut on_file, &mut draw);
    keep(&first, &mut on_file);
    let swapped = merge(&[build("Hiba", "Salma")], &mut on_file, &mut draw);
    assert_eq!((swapped.persons.len(), swapped.links.len()), (0, 2));
}

#[test]
fn a_corrected_birth_date_is_the_same_child_and_another_child_in_the_same_place_is_not() {
    let mut on_file = OnFile::default();
    let mut draw = ids();
    let build = |first: &str, birth: &str| {
        family("90000001", 1, "1985-01-01", Sex::Female)
            .child(first, birth, None)
            .done()
    };
    let first = merge(&[build("Salma", "2015-06-30")], &mut on_file, &mut draw);
    keep(&first, &mut on_file);
    let corrected = merge(&[build("Salma", "2015-07-30")], &mut on_file, &mut draw);
    assert!(!corrected.persons[0].is_new);
    keep(&corrected, &mut on_file);
    let other = merge(&[build("Hiba", "2019-01-01")], &mut on_file, &mut draw);
    assert!(other.persons[0].is_new);
    assert_eq!(other.closed_links.len(), 1);
}

#[test]
fn a_reused_matricule_and_a_foreign_identity_card_are_doubts_and_change_nothing() {
    let mut on_file = OnFile::default();
    let mut draw = ids();
    merge(
        &[family("90000001", 1, "1985-01-01", Sex::Female).done()],
        &mut on_file,
        &mut draw,
    );
    let reused = family("90000001", 9, "1999-09-09", Sex::Male)
        .child("Ali", "2020-01-01", None)
        .done();
    let plan = merge(&[reused], &mut on_file, &mut draw);
    assert_eq!(codes(&plan), ["MATRICULE_OF_ANOTHER_PERSON", "MEMBER_LINE_BAD"]);
    let foreign = family("90000003", 1, "1985-01-01", Sex::Female).done();
    let plan_of_foreign = merge(&[foreign], &mut on_file, &mut draw);
    assert_eq!(codes(&plan_of_foreign), ["CIN_OF_ANOTHER_PERSON"]);
    assert_eq!(plan.members.len() + plan_of_foreign.members.len(), 0);
}

#[test]
fn a_family_applied_in_doubt_is_reported_each_time_and_written_once() {
    let mut on_file = OnFile::default();
    let mut draw = ids();
    merge(
        &[family("90000001", 1, "1985-01-01", Sex::Female).done()],
        &mut on_file,
        &mut draw,
    );
    let doubtful = || {
        family("90000002", 2, "1980-01-01", Sex::Male)
            .relative(
                Relation::Spouse,
                person("X", "1990-01-01", Sex::Female),
                Some(1),
                None,
            )
            .done()
    };
    let first = merge(&[doubtful()], &mut on_file, &mut draw);
    assert_eq!(
        (codes(&first), first.members.len()),
        (vec!["CIN_OF_ANOTHER_PERSON"], 1)
    );
    let second = merge(&[doubtful()], &mut on_file, &mut draw);
    assert_eq!(
        (codes(&second), second.members.len(), second.unchanged.len()),
        (vec!["CIN_OF_ANOTHER_PERSON"], 0, 1)
    );
}

#[test]
fn a_family_with_a_bad_line_is_not_announced_when_nothing_about_it_changed() {
    let mut on_file = OnFile::default();
    let mut draw = ids();
    let build = || family("90000001", 1, "1985-01-01", Sex::Female);
    let first = merge(
        &[build().child("Salma", "2015-06-30", None).done()],
        &mut on_file,
        &mut draw,
    );
    keep(&first, &mut on_file);
    let mut partial = build().done();
    partial.family.partial = true;
    let plan = merge(&[partial], &mut on_file, &mut draw);
    assert_eq!((plan.members.len(), plan.unchanged.len()), (0, 1));
}
