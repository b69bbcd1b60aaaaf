//! The cast: named families in the first lines of every demonstration roster, one for each case that is hard to get right. They stay the
//! same whatever the seed; birth dates that matter follow the anchor date.
//!
//! Nobody here exists. Who has an address can open an account; `demo load` does so for all but the newcomers, who are left to whoever tries it.

mod newcomers;

use chrono::{Datelike, Days, NaiveDate};

use super::load::Applicant;
use super::load::plan::Household;
use super::roster::line::{Member, Person, Relative, Row};

/// An account of the cast, for the list that `up` prints.
pub(crate) struct Account {
    pub(crate) matricule: String,
    pub(crate) who: &'static str,
    pub(crate) email: String,
    pub(crate) language: &'static str,
}

/// Somebody whose account nobody opened yet, with what the account form asks for.
pub(crate) struct Newcomer {
    pub(crate) who: &'static str,
    pub(crate) form: Applicant,
}

/// A member of the cast with family.
struct Role {
    /// Names the role in texts for operators.
    key: &'static str,
    /// What the role is there to show.
    who: &'static str,
    member: Member,
    relatives: Vec<Relative>,
}

/// The rows of the cast, families together, for a roster of that day.
pub(crate) fn rows(date: NaiveDate) -> Vec<Row> {
    roles(date)
        .into_iter()
        .flat_map(|role| {
            std::iter::once(Row::Member(role.member)).chain(role.relatives.into_iter().map(Row::Relative))
        })
        .collect()
}

/// How many members the cast has.
pub(crate) fn size(date: NaiveDate) -> usize {
    roles(date).len()
}

/// Who can sign in: everybody of the cast who is alive and has an address on file.
pub(crate) fn accounts() -> Vec<Account> {
    open_to_accounts()
        .into_iter()
        .map(|role| Account {
            matricule: role.member.matricule,
            who: role.who,
            email: role.member.email,
            language: role.member.language,
        })
        .collect()
}

/// The same with their families, as the forms ask for it.
pub(crate) fn households() -> Vec<Household> {
    let household = |role: Role| {
        let relatives = role.relatives.iter().map(|relative| relative.row_type);
        let household = Household::of(&role.member, relatives);
        Household {
            form: Applicant::from(role),
            ..household
        }
    };
    open_to_accounts().into_iter().map(household).collect()
}

/// Who is left to open an account by hand.
pub(crate) fn newcomers() -> Vec<Newcomer> {
    newcomers::roles()
        .into_iter()
        .map(|role| Newcomer {
            who: role.who,
            form: Applicant::from(role),
        })
        .collect()
}

impl From<Role> for Applicant {
    fn from(role: Role) -> Self {
        Self {
            key: role.key.to_owned(),
            matricule: role.member.matricule,
            cin: role.member.person.cin,
            position: role.member.position.to_owned(),
            email: role.member.email,
            pension_number: role.member.pension_number,
            locale: role.member.language,
        }
    }
}

fn open_to_accounts() -> Vec<Role> {
    // Accounts do not depend on the day: only birth dates do.
    let any_day = NaiveDate::from_ymd_opt(2026, 1, 1).expect("1 January is a day");
    working(any_day)
        .into_iter()
        .chain(retired_and_survivors(any_day))
        .filter(|role| !role.member.email.is_empty() && role.member.person.death_date.is_none())
        .collect()
}

fn roles(date: NaiveDate) -> Vec<Role> {
    let at_work = working(date);
    let others = retired_and_survivors(date);
    at_work
        .into_iter()
        .chain(others)
        .chain(newcomers::roles())
        .collect()
}

/// Card numbers of the cast, `ZZ100001` and on; the generated members' begin far above.
fn card(n: u32) -> String {
    format!("ZZ{:06}", 100_000 + n)
}

fn person(last: (&str, &str), first: (&str, &str), sex: char, birth: NaiveDate) -> Person {
    Person {
        last_fr: last.0.to_owned(),
        last_ar: last.1.to_owned(),
        first_fr: first.0.to_owned(),
        first_ar: first.1.to_owned(),
        sex,
        birth,
        cin: String::new(),
        disability: false,
        death_date: None,
    }
}

fn day(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).expect("the cast is born on real days")
}

/// The birthday that falls on the last day of the anchor's month, `years` ago: reached this month, not before it.
fn turning(years: i32, date: NaiveDate) -> NaiveDate {
    let first = date.with_day(1).unwrap_or(date);
    let next = first.checked_add_months(chrono::Months::new(1)).unwrap_or(first);
    let last = next.checked_sub_days(Days::new(1)).unwrap_or(next);
    let birth_month = last
        .with_day(1)
        .and_then(|d| d.with_year(last.year() - years))
        .unwrap_or(last);
    birth_month
        .with_day(last.day())
        .or_else(|| birth_month.with_day(28))
        .unwrap_or(birth_month)
}

/// Somebody in service: number in the cast, person, province, language.
fn member(n: u32, person: Person, province: &'static str, language: &'static str) -> Member {
    let local = super::roster::names::address_part(&person.first_fr, &person.last_fr);
    Member {
        matricule: format!("9{n:07}"),
        person: Person {
            cin: card(n),
            ..person
        },
        pension_number: String::new(),
        position: "active",
        position_from: day(2008, 9, 1),
        position_to: None,
        province,
        external_services: false,
        rib: super::roster::line::rib("780", u64::from(n)),
        email: format!("{local}@finances.example"),
        language,
    }
}

fn retired(n: u32, person: Person, province: &'static str) -> Member {
    let local = super::roster::names::address_part(&person.first_fr, &person.last_fr);
    let base = member(n, person, province, "ar");
    Member {
        pension_number: format!("P7{n:06}"),
        position: "retired",
        position_from: day(2021, 1, 1),
        email: format!("{local}@courriel.example"),
        ..base
    }
}

fn spouse(no: u8, person: Person, cin: u32) -> Relative {
    Relative {
        row_type: "spouse",
        no,
        child_key: String::new(),
        guardian_no: None,
        person: Person {
            cin: card(cin),
            ..person
        },
        matricule: String::new(),
    }
}

fn child(no: u8, person: Person) -> Relative {
    Relative {
        row_type: "child",
        no,
        child_key: String::new(),
        guardian_no: None,
        person,
        matricule: String::new(),
    }
}

fn shared(no: u8, key: &str, person: Person) -> Relative {
    Relative {
        child_key: key.to_owned(),
        ..child(no, person)
    }
}

fn role(key: &'static str, who: &'static str, member: Member, relatives: Vec<Relative>) -> Role {
    let matricule = member.matricule.clone();
    let relatives = relatives
        .into_iter()
        .map(|relative| Relative {
            matricule: matricule.clone(),
            ..relative
        })
        .collect();
    Role {
        key,
        who,
        member,
        relatives,
    }
}

fn working(date: NaiveDate) -> Vec<Role> {
    let benali = ("Benali", "بنعلي");
    let sefrioui = ("Sefrioui", "الصفريوي");
    let (houda, anas) = (
        person(("Ouardighi", "الورديغي"), ("Houda", "هدى"), 'F', day(1988, 2, 2)),
        person(sefrioui, ("Anas", "أنس"), 'M', day(1985, 5, 9)),
    );
    let ines = || {
        shared(
            2,
            "D-HA-1",
            person(sefrioui, ("Inès", "إيناس"), 'F', turning(4, date)),
        )
    };
    let external = |n, who: Person, province| Member {
        external_services: true,
        ..member(n, who, province, "ar")
    };
    vec![
        role(
            "laayoune",
            "active, external services in Laâyoune; spouse and two children; four trips this year, so a fifth is refused; a file in every state",
            external(
                1,
                person(("El Hilali", "الهلالي"), ("Amina", "أمينة"), 'F', day(1985, 4, 12)),
                "MA-LAA",
            ),
            vec![
                spouse(1, person(benali, ("Karim", "كريم"), 'M', day(1982, 1, 5)), 101),
                child(2, person(benali, ("Salma", "سلمى"), 'F', day(2015, 6, 30))),
                child(3, person(benali, ("Ilyas", "إلياس"), 'M', day(2019, 3, 17))),
            ],
        ),
        role(
            "single",
            "active in Rabat; no family declared; a health aid granted, 4 200,00 DH",
            member(
                2,
                person(("Berrada", "برادة"), ("Youssef", "يوسف"), 'M', day(1993, 9, 23)),
                "MA-RAB",
                "fr",
            ),
            vec![],
        ),
        role(
            "seconded",
            "seconded, private address; one child with a disability; asked to correct a file",
            Member {
                position: "seconded",
                position_from: day(2022, 3, 1),
                email: "nadia.benjelloun@courriel.example".to_owned(),
                ..member(
                    4,
                    person(
                        ("Benjelloun", "بنجلون"),
                        ("Nadia", "نادية"),
                        'F',
                        day(1979, 11, 3),
                    ),
                    "MA-CAS",
                    "fr",
                )
            },
            vec![child(
                1,
                Person {
                    disability: true,
                    ..person(("Lahlou", "لحلو"), ("Adam", "آدم"), 'M', day(2012, 8, 14))
                },
            )],
        ),
        role(
            "parent_a",
            "active, married to the next one; they share a child who turns 4 this month; files that one case officer may not touch",
            member(5, houda.clone(), "MA-SAL", "ar"),
            vec![spouse(1, anas.clone(), 6), ines()],
        ),
        role(
            "parent_b",
            "active, married to the one before; the same child, once; a case officer too",
            member(6, anas, "MA-SAL", "fr"),
            vec![spouse(1, houda, 5), ines()],
        ),
        role(
            "no_account",
            "active; no bank account on file, so a draft goes no further",
            Member {
                rib: String::new(),
                ..member(
                    8,
                    person(
                        ("Aït Oufkir", "آيت أوفقير"),
                        ("Omar", "عمر"),
                        'M',
                        day(1990, 12, 8),
                    ),
                    "MA-FES",
                    "ar",
                )
            },
            vec![],
        ),
        role(
            "twins",
            "active in the external services of Zagora; twins, and a child who turns 22 this month; trips granted, refused and waiting",
            external(
                9,
                person(
                    ("Aït Hammou", "آيت حمو"),
                    ("Lahcen", "لحسن"),
                    'M',
                    day(1976, 7, 19),
                ),
                "MA-ZAG",
            ),
            vec![
                spouse(
                    1,
                    person(("Oubella", "أوبلا"), ("Fadma", "فاضمة"), 'F', day(1980, 10, 1)),
                    109,
                ),
                child(
                    2,
                    person(("Aït Hammou", "آيت حمو"), ("Rim", "ريم"), 'F', turning(22, date)),
                ),
                child(
                    3,
                    person(
                        ("Aït Hammou", "آيت حمو"),
                        ("Yassir", "ياسر"),
                        'M',
                        day(2014, 5, 25),
                    ),
                ),
                child(
                    4,
                    person(
                        ("Aït Hammou", "آيت حمو"),
                        ("Yasmine", "ياسمين"),
                        'F',
                        day(2014, 5, 25),
                    ),
                ),
            ],
        ),
        role(
            "at_disposal",
            "at the disposal of another body, private address; a child born on 29 February; refused twice",
            Member {
                position: "at_disposal",
                position_from: day(2023, 9, 1),
                email: "samira.chraibi@courriel.example".to_owned(),
                ..member(
                    10,
                    person(("Chraïbi", "الشرايبي"), ("Samira", "سميرة"), 'F', day(1984, 6, 6)),
                    "MA-TNG",
                    "fr",
                )
            },
            vec![child(
                1,
                person(("Guessous", "كسوس"), ("Malak", "ملاك"), 'F', day(2016, 2, 29)),
            )],
        ),
    ]
}

fn retired_and_survivors(date: NaiveDate) -> Vec<Role> {
    let el_yazghi = ("El Yazghi", "اليازغي");
    let orphan = person(
        ("Bouazza", "بوعزة"),
        ("Taha", "طه"),
        'M',
        day(date.year() - 9, 1, 20),
    );
    let guardian = person(("Bouazza", "بوعزة"), ("Mustapha", "مصطفى"), 'M', day(1965, 3, 3));
    let deceased = person(("Bouazza", "بوعزة"), ("Driss", "إدريس"), 'M', day(1970, 4, 4));
    vec![
        role(
            "retired",
            "retired, pension number P7000003, private address; at the year's ceiling of the health aid and refused for it; a spouse just under it",
            retired(
                3,
                person(
                    ("Aït Lahcen", "آيت لحسن"),
                    ("Abdelkrim", "عبد الكريم"),
                    'M',
                    day(1958, 12, 20),
                ),
                "MA-MAR",
            ),
            vec![spouse(
                1,
                person(("Bennouna", "بنونة"), ("Zineb", "زينب"), 'F', day(1963, 5, 15)),
                103,
            )],
        ),
        role(
            "two_spouses",
            "retired, two spouses, three children, one of age; a file that has waited for 40 days",
            retired(
                11,
                person(el_yazghi, ("Brahim", "إبراهيم"), 'M', day(1959, 8, 8)),
                "MA-ERR",
            ),
            vec![
                spouse(
                    1,
                    person(("Zeroual", "زروال"), ("Rkia", "رقية"), 'F', day(1966, 1, 1)),
                    111,
                ),
                spouse(
                    2,
                    person(("El Ouafi", "الوافي"), ("Mina", "مينة"), 'F', day(1975, 2, 14)),
                    112,
                ),
                child(
                    3,
                    Person {
                        cin: card(113),
                        ..person(el_yazghi, ("Soufiane", "سفيان"), 'M', day(1998, 10, 10))
                    },
                ),
                child(4, person(el_yazghi, ("Hajar", "هاجر"), 'F', day(2009, 9, 9))),
                child(5, person(el_yazghi, ("Nizar", "نزار"), 'M', day(2013, 4, 2))),
            ],
        ),
        role(
            "no_email",
            "retired; no address on file, so only the desk can help",
            Member {
                email: String::new(),
                ..retired(
                    7,
                    person(
                        ("Tahiri", "الطاهري"),
                        ("Fatima Zahra", "فاطمة الزهراء"),
                        'F',
                        day(1955, 3, 30),
                    ),
                    "MA-OUJ",
                )
            },
            vec![],
        ),
        role(
            "survivor",
            "widow of a member, with rights of her own; the health aid is not open to her, as its page says",
            Member {
                position: "survivor",
                position_from: day(2024, 2, 11),
                email: "khadija.zniber@courriel.example".to_owned(),
                ..member(
                    12,
                    person(("Zniber", "زنيبر"), ("Khadija", "خديجة"), 'F', day(1968, 7, 7)),
                    "MA-KEN",
                    "ar",
                )
            },
            vec![child(
                1,
                person(
                    ("Mernissi", "المرنيسي"),
                    ("Hamza", "حمزة"),
                    'M',
                    day(2011, 11, 11),
                ),
            )],
        ),
        role(
            "deceased",
            "deceased; an orphan with a guardian",
            Member {
                email: String::new(),
                ..member(
                    13,
                    Person {
                        death_date: Some(day(2025, 6, 2)),
                        ..deceased
                    },
                    "MA-BEM",
                    "ar",
                )
            },
            vec![
                Relative {
                    row_type: "guardian",
                    ..spouse(1, guardian, 114)
                },
                Relative {
                    guardian_no: Some(1),
                    ..child(2, orphan)
                },
            ],
        ),
    ]
}
