//! Generated families: positions in the demonstration's shares, spouses, children, and now and then a hard case (two members of one family,
//! twins, 29 February, two spouses, a disability, an orphan with a guardian, no address, no bank account).

use chrono::{Datelike, Days, NaiveDate};

use super::line::{Member, Person, Relative, Row, rib};
use super::names::{FAMILY, MEN, Name, WOMEN, address_part};
use super::places::Places;
use super::random::Random;

/// First numbers of the generated people; the cast's are below.
const FIRST_MATRICULE: u32 = 90_001_000;
const FIRST_CARD: u32 = 110_000;
/// Shares of the positions in thousandths.
const SHARES: [(&str, u64); 5] = [
    ("active", 740),
    ("seconded", 40),
    ("at_disposal", 20),
    ("retired", 180),
    ("survivor", 20),
];
const MARRIED: u64 = 720;
const SECOND_SPOUSE: u64 = 4;
/// Marriages between two members.
const COUPLES: u64 = 40;
const TWINS: u64 = 20;
const DISABILITY: u64 = 12;
const WITHOUT_ADDRESS: u64 = 60;
const RETIREE_WITHOUT_ADDRESS: u64 = 350;
const WITHOUT_ACCOUNT: u64 = 15;
/// Survivors' families whose children have a guardian beside the widow or widower.
const GUARDIAN: u64 = 150;
/// From this age on everybody has an identity card.
const CARD_AGE: i32 = 16;

/// Draws households one after the other.
pub(crate) struct Families {
    random: Random,
    places: Places,
    date: NaiveDate,
    next_member: u32,
    next_card: u32,
}

impl Families {
    pub(crate) fn new(seed: u64, date: NaiveDate) -> Self {
        Self {
            random: Random::new(seed),
            places: Places::new(),
            date,
            next_member: 0,
            next_card: FIRST_CARD,
        }
    }

    /// The rows of one or two members with their families, and how many members that is: at most `left`.
    pub(crate) fn next_household(&mut self, left: usize) -> (Vec<Row>, usize) {
        let member = self.member();
        if member.position == "active" && left > 1 && self.random.permille(COUPLES) {
            return (self.couple(member), 2);
        }
        let relatives = self.relatives(&member);
        let rows = std::iter::once(Row::Member(member))
            .chain(relatives.into_iter().map(Row::Relative))
            .collect();
        (rows, 1)
    }

    fn member(&mut self) -> Member {
        let position = self.position();
        let age = match position {
            "retired" => 61 + self.random.below(22),
            "survivor" => 40 + self.random.below(40),
            _ => 24 + self.random.below(38),
        };
        let sex = if position == "survivor" || self.random.permille(400) {
            'F'
        } else {
            'M'
        };
        let family = *self.random.one_of(FAMILY);
        let birth = self.birth(years(age));
        let person = self.adult(family, sex, birth);
        self.staff(person, position)
    }

    /// A member's own columns around a person.
    fn staff(&mut self, person: Person, position: &'static str) -> Member {
        let number = self.next_member;
        self.next_member += 1;
        let (province, external_services) = self.places.draw(&mut self.random);
        let domain = if position == "active" {
            "finances.example"
        } else {
            "courriel.example"
        };
        let without = if position == "retired" {
            RETIREE_WITHOUT_ADDRESS
        } else {
            WITHOUT_ADDRESS
        };
        let email = if self.random.permille(without) {
            String::new()
        } else {
            format!(
                "{}{number}@{domain}",
                address_part(&person.first_fr, &person.last_fr)
            )
        };
        let rib = if self.random.permille(WITHOUT_ACCOUNT) {
            String::new()
        } else {
            rib(
                ["780", "810", "640", "450"][number as usize % 4],
                1_000_000 + u64::from(number),
            )
        };
        let since = person.birth.year() + if position == "retired" { 60 } else { 24 };
        let latest = self.date.year() - 1;
        let month = 1 + u32::try_from(self.random.below(12)).unwrap_or_default();
        Member {
            matricule: (FIRST_MATRICULE + number).to_string(),
            pension_number: if position == "retired" {
                format!("P{:07}", 1_000_000 + number)
            } else {
                String::new()
            },
            position,
            position_from: NaiveDate::from_ymd_opt(since.min(latest), month, 1).unwrap_or(self.date),
            position_to: None,
            province,
            external_services: external_services && matches!(position, "active"),
            rib,
            email,
            language: if self.random.permille(620) { "ar" } else { "fr" },
            person,
        }
    }

    fn position(&mut self) -> &'static str {
        let mut at = self.random.below(1000);
        for (position, share) in SHARES {
            if at < share {
                return position;
            }
            at -= share;
        }
        "active"
    }

    /// Two members who are married to one another; their children stand under both with one key.
    fn couple(&mut self, first: Member) -> Vec<Row> {
        let family = *self.random.one_of(FAMILY);
        let sex = if first.person.sex == 'F' { 'M' } else { 'F' };
        let birth = self.birth((self.date.year() - first.person.birth.year()).clamp(24, 60));
        let partner = self.adult(family, sex, birth);
        let second = self.staff(partner, "active");
        let mut children = self.children(&first.person, &second.person, 2);
        for child in &mut children {
            child.child_key = format!("K{}-{}", first.matricule, child.no);
        }
        let mut rows = Vec::with_capacity(4 + 2 * children.len());
        for (member, other) in [(&first, &second), (&second, &first)] {
            rows.push(Row::Member(member.clone()));
            rows.push(Row::Relative(relative("spouse", member, 1, other.person.clone())));
            let under = |child: &Relative| Relative {
                matricule: member.matricule.clone(),
                ..child.clone()
            };
            rows.extend(children.iter().map(|child| Row::Relative(under(child))));
        }
        rows
    }

    fn relatives(&mut self, member: &Member) -> Vec<Relative> {
        let mut relatives = Vec::new();
        let age = self.date.year() - member.person.birth.year();
        let is_survivor = member.position == "survivor";
        let mut partner = member.person.clone();
        if !is_survivor && age >= 26 && self.random.permille(MARRIED) {
            let spouses = if member.person.sex == 'M' && self.random.permille(SECOND_SPOUSE) {
                2
            } else {
                1
            };
            for _ in 0..spouses {
                let family = *self.random.one_of(FAMILY);
                let sex = if member.person.sex == 'F' { 'M' } else { 'F' };
                let difference = years(self.random.below(8));
                let birth = self.birth((age - difference).max(22));
                partner = self.adult(family, sex, birth);
                relatives.push(relative("spouse", member, number(&relatives), partner.clone()));
            }
        }
        if relatives.is_empty() && !is_survivor {
            return relatives;
        }
        let first_no = number(&relatives);
        let mut children = self.children(&member.person, &partner, first_no);
        for child in &mut children {
            child.matricule.clone_from(&member.matricule);
        }
        relatives.extend(children);
        if is_survivor && !relatives.is_empty() && self.random.permille(GUARDIAN) {
            self.add_guardian(member, &mut relatives);
        }
        relatives
    }

    /// A guardian acts for the children who are not of age.
    fn add_guardian(&mut self, member: &Member, relatives: &mut Vec<Relative>) {
        let no = number(relatives);
        let family = *self.random.one_of(FAMILY);
        let birth = self.birth(45);
        let guardian = self.adult(family, 'M', birth);
        for child in relatives
            .iter_mut()
            .filter(|child| self.date.year() - child.person.birth.year() < 18)
        {
            child.guardian_no = Some(no);
        }
        relatives.push(relative("guardian", member, no, guardian));
    }

    /// Up to five children, numbered from `first_no`, with the father's family name.
    fn children(&mut self, one: &Person, other: &Person, first_no: u8) -> Vec<Relative> {
        let father = if one.sex == 'M' { one } else { other };
        let mother_age = self.date.year() - one.birth.year().max(other.birth.year());
        let wanted = self.random.below(4);
        let mut children: Vec<Relative> = Vec::new();
        let mut age = years(self.random.below(6));
        for _ in 0..wanted {
            age += 1 + years(self.random.below(4));
            if age > (mother_age - 20).min(26) {
                break;
            }
            let births = if self.random.permille(TWINS) { 2 } else { 1 };
            let birth = self.birth(age);
            for _ in 0..births {
                let sex = if self.random.permille(490) { 'F' } else { 'M' };
                let (fr, ar) = self.first_name(sex, &children);
                let person = Person {
                    last_fr: father.last_fr.clone(),
                    last_ar: father.last_ar.clone(),
                    first_fr: fr.to_owned(),
                    first_ar: ar.to_owned(),
                    sex,
                    birth,
                    cin: if age > CARD_AGE {
                        self.card()
                    } else {
                        String::new()
                    },
                    disability: self.random.permille(DISABILITY),
                    death_date: None,
                };
                let no = first_no + u8::try_from(children.len()).unwrap_or_default();
                children.push(Relative {
                    row_type: "child",
                    matricule: String::new(),
                    no,
                    child_key: String::new(),
                    guardian_no: None,
                    person,
                });
            }
        }
        children
    }

    /// Brothers and sisters have names of their own.
    fn first_name(&mut self, sex: char, siblings: &[Relative]) -> Name {
        let list = if sex == 'F' { WOMEN } else { MEN };
        loop {
            let name = *self.random.one_of(list);
            if !siblings.iter().any(|sibling| sibling.person.first_fr == name.0) {
                return name;
            }
        }
    }

    fn adult(&mut self, (last_fr, last_ar): Name, sex: char, birth: NaiveDate) -> Person {
        let (first_fr, first_ar) = *self.random.one_of(if sex == 'F' { WOMEN } else { MEN });
        Person {
            last_fr: last_fr.to_owned(),
            last_ar: last_ar.to_owned(),
            first_fr: first_fr.to_owned(),
            first_ar: first_ar.to_owned(),
            sex,
            birth,
            cin: self.card(),
            disability: self.random.permille(DISABILITY),
            death_date: None,
        }
    }

    fn card(&mut self) -> String {
        let number = self.next_card;
        self.next_card += 1;
        format!("ZZ{number:06}")
    }

    /// A birthday of somebody who is `age` years old, or will be this year; 29 February included.
    fn birth(&mut self, age: i32) -> NaiveDate {
        let first =
            NaiveDate::from_ymd_opt(self.date.year() - age - 1, self.date.month(), 1).unwrap_or(self.date);
        let birth = first
            .checked_add_days(Days::new(self.random.below(365)))
            .unwrap_or(first);
        birth.min(self.date)
    }
}

fn years(number: u64) -> i32 {
    i32::try_from(number).unwrap_or_default()
}

fn number(relatives: &[Relative]) -> u8 {
    u8::try_from(relatives.len() + 1).unwrap_or(u8::MAX)
}

fn relative(row_type: &'static str, member: &Member, no: u8, person: Person) -> Relative {
    Relative {
        row_type,
        matricule: member.matricule.clone(),
        no,
        child_key: String::new(),
        guardian_no: None,
        person,
    }
}
