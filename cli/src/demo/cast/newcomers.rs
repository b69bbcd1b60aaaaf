//! Three members with nothing opened and nothing filed: whoever tries the demonstration opens their accounts by hand. `demo load` leaves them
//! alone, and each has what the whole journey needs: an address, a bank account, a family.

use super::{Member, Role, child, day, member, person, retired, role, spouse};

pub(super) fn roles() -> Vec<Role> {
    let sqalli = ("Sqalli", "الصقلي");
    let tazi = ("Tazi", "التازي");
    let mdaghri = ("Mdaghri", "المدغري");
    vec![
        role(
            "by_hand_active",
            "active in Agadir; spouse and two children",
            member(
                14,
                person(sqalli, ("Mehdi", "المهدي"), 'M', day(1986, 2, 17)),
                "MA-AGD",
                "fr",
            ),
            vec![
                spouse(1, person(tazi, ("Ghita", "غيثة"), 'F', day(1989, 9, 5)), 115),
                child(2, person(sqalli, ("Kenza", "كنزة"), 'F', day(2014, 1, 11))),
                child(3, person(sqalli, ("Rayan", "ريان"), 'M', day(2018, 7, 2))),
            ],
        ),
        role(
            "by_hand_retired",
            "retired; a spouse; reads Arabic",
            retired(
                15,
                person(
                    ("Ouazzani", "الوزاني"),
                    ("Mohammed", "محمد"),
                    'M',
                    day(1957, 6, 24),
                ),
                "MA-MEK",
            ),
            vec![spouse(
                1,
                person(("Kettani", "الكتاني"), ("Latifa", "لطيفة"), 'F', day(1962, 12, 9)),
                116,
            )],
        ),
        role(
            "by_hand_seconded",
            "seconded, private address; spouse and a child",
            Member {
                position: "seconded",
                position_from: day(2024, 1, 15),
                email: "salwa.mdaghri@courriel.example".to_owned(),
                ..member(
                    16,
                    person(mdaghri, ("Salwa", "سلوى"), 'F', day(1983, 3, 28)),
                    "MA-CAS",
                    "fr",
                )
            },
            vec![
                spouse(
                    1,
                    person(("Filali", "الفيلالي"), ("Hicham", "هشام"), 'M', day(1980, 10, 6)),
                    117,
                ),
                child(
                    2,
                    person(("Filali", "الفيلالي"), ("Lina", "لينا"), 'F', day(2013, 5, 19)),
                ),
            ],
        ),
    ]
}
