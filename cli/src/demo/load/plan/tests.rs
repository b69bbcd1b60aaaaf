//! What the plan holds, whatever the day: a visitor finds each state and reason, and the services refuse none of it.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use chrono::{Datelike, Days};
use kernel::civil;

use super::calendar::OLDEST;
use super::*;

const SEED: u64 = 1;

/// From the sending to the end.
type Span = (DateTime<Utc>, DateTime<Utc>);

fn anchor() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 22).unwrap()
}

/// Plain days, ends of year, a leap day.
fn anchors() -> Vec<NaiveDate> {
    [
        "2026-11-22",
        "2027-01-01",
        "2027-01-20",
        "2027-03-31",
        "2027-05-11",
        "2027-12-31",
        "2028-02-29",
    ]
    .iter()
    .map(|day| day.parse().unwrap())
    .collect()
}

fn planned(members: usize, seed: u64, date: NaiveDate) -> (Vec<Household>, Vec<PlannedFile>) {
    let households = households(members, seed, date);
    let files = files(&households, seed, date);
    (households, files)
}

fn count(files: &[PlannedFile]) -> BTreeMap<Standing, usize> {
    let mut count = BTreeMap::new();
    for file in files {
        let standing = file.standing().unwrap_or_else(|| panic!("{file:?}"));
        *count.entry(standing).or_default() += 1;
    }
    count
}

fn age(file: &PlannedFile, date: NaiveDate) -> Option<i64> {
    Some((date - civil::civil_date(file.sent()?.0)).num_days())
}

fn amount(file: &PlannedFile) -> i64 {
    let retained = file.steps.iter().find_map(|step| match step.what {
        What::Opinion(retained) => retained,
        _ => None,
    });
    retained.unwrap_or_default() / 2
}

fn concerned(file: &PlannedFile) -> Option<Concerned> {
    file.steps.iter().find_map(|step| match step.what {
        What::Person(concerned) => Some(concerned),
        _ => None,
    })
}

#[test]
fn there_are_about_four_hundred_files_of_fourteen_months_and_every_step_is_possible() {
    for date in anchors() {
        let (_, files) = planned(20_000, SEED, date);
        assert!((370..=430).contains(&files.len()), "{date}: {}", files.len());
        let count = count(&files);
        let few = |standing| count.get(&standing).copied().unwrap_or_default();
        assert!(few(Standing::Draft) >= 10, "{date}: {count:?}");
        assert!(few(Standing::Submitted) >= 15, "{date}: {count:?}");
        assert!(few(Standing::AwaitsProposal) >= 12, "{date}: {count:?}");
        assert!(few(Standing::AwaitsValidation) >= 5, "{date}: {count:?}");
        assert!(few(Standing::AwaitsMember) >= 6, "{date}: {count:?}");
        assert!(few(Standing::AwaitsOpinion) >= 3, "{date}: {count:?}");
        assert!(few(Standing::Withdrawn) >= 12, "{date}: {count:?}");
        assert!(few(Standing::Approved) >= 150, "{date}: {count:?}");
        let first = date - Days::new(OLDEST);
        for step in files.iter().flat_map(|file| &file.steps) {
            let day = civil::civil_date(step.at);
            assert!(day >= first && day < date, "{date}: {step:?}");
        }
        let oldest = files.iter().filter_map(|file| age(file, date)).max();
        assert!(oldest > Some(390), "{date}: {oldest:?}");
    }
}

#[test]
fn the_same_seed_and_day_give_the_same_plan_and_another_seed_another() {
    let plan = |seed| format!("{:?}", planned(20_000, seed, anchor()).1);
    assert_eq!(plan(1), plan(1));
    assert_ne!(plan(1), plan(2));
}

#[test]
fn the_smallest_demonstration_has_every_state_and_every_reason_of_a_refusal() {
    // As the service lists them.
    let reasons = [
        "already_decided",
        "ceiling_reached",
        "conditions_not_met",
        "covered_elsewhere",
        "no_answer",
        "opinion_unfavourable",
        "papers_insufficient",
    ];
    for date in anchors() {
        let (_, files) = planned(20, SEED, date);
        let count = count(&files);
        let refused: Vec<&str> = count
            .keys()
            .filter_map(|standing| match standing {
                Standing::Rejected(reason) => Some(*reason),
                _ => None,
            })
            .collect();
        assert_eq!(refused, reasons, "{date}");
        let states: BTreeSet<&str> = count.keys().map(|standing| standing.state()).collect();
        assert_eq!(states.len(), 7, "{states:?}");
        let benefits: HashSet<_> = files.iter().map(|file| file.benefit.code()).collect();
        assert_eq!(benefits.len(), 2);
    }
}

#[test]
fn one_file_has_waited_forty_days_and_none_longer() {
    for date in anchors() {
        let (_, files) = planned(20_000, SEED, date);
        let mut waiting: Vec<i64> = files
            .iter()
            .filter(|file| {
                matches!(
                    file.standing().unwrap().state(),
                    "submitted" | "in_review" | "information_requested"
                )
            })
            .filter_map(|file| age(file, date))
            .collect();
        waiting.sort_unstable();
        assert_eq!(waiting.pop(), Some(40), "{date}");
        assert!(waiting.pop() < Some(40), "{date}");
        let ages: HashSet<i64> = waiting.into_iter().collect();
        assert!(ages.len() >= 20, "{date}: files of all ages wait: {ages:?}");
    }
}

#[test]
fn one_person_is_at_the_ceiling_and_one_just_under_it() {
    for date in anchors() {
        let (households, files) = planned(20, SEED, date);
        let of = |key: &str, benefit: Benefit, person: Concerned| -> Vec<&PlannedFile> {
            files
                .iter()
                .filter(|file| households[file.owner].form.key == key && file.benefit == benefit)
                .filter(|file| concerned(file) == Some(person) && file.standing() == Some(Standing::Approved))
                .collect()
        };
        let aided = |person| {
            let granted = of("retired", Benefit::HealthAid, person);
            let years: HashSet<i32> = granted.iter().map(|file| file.sent().unwrap().1).collect();
            assert_eq!(years.len(), 1, "{date}: one civil year");
            granted.iter().map(|file| amount(file)).sum::<i64>()
        };
        assert!(aided(Concerned::Member) > 2_000_000, "capped by the rules");
        assert_eq!(aided(Concerned::Spouse(0)), 1_995_000);
        let flown = |person| {
            let trips = of("laayoune", Benefit::AirTransport, person);
            let years: HashSet<i32> = trips
                .iter()
                .flat_map(|file| &file.steps)
                .filter_map(|step| match step.what {
                    What::Trip(trip) => Some(trip.outward_on.year()),
                    _ => None,
                })
                .collect();
            assert_eq!(years.len(), 1, "{date}: one civil year");
            trips.len()
        };
        assert_eq!(
            (flown(Concerned::Member), flown(Concerned::Spouse(0))),
            (4, 3),
            "{date}"
        );
    }
}

#[test]
fn nothing_is_asked_for_that_the_rules_refuse() {
    for date in anchors() {
        let (households, files) = planned(20_000, SEED, date);
        let mut trips: BTreeMap<(usize, Concerned, i32), usize> = BTreeMap::new();
        for file in &files {
            let household = &households[file.owner];
            let person = concerned(file);
            let there = match person {
                Some(Concerned::Spouse(index)) => index < household.spouses,
                Some(Concerned::Child(index)) => index < household.children,
                Some(Concerned::Member) | None => true,
            };
            assert!(there, "{file:?}");
            let Some(sent) = file.sent().map(|(at, _)| civil::civil_date(at)) else {
                continue;
            };
            let trip = file.steps.iter().find_map(|step| match step.what {
                What::Trip(trip) => Some(trip),
                _ => None,
            });
            let Some(trip) = trip else { continue };
            assert!(household.airport.is_some(), "{file:?}");
            assert!(
                trip.outward_on <= trip.return_on && trip.return_on <= sent,
                "{file:?}"
            );
            assert!((sent - trip.return_on).num_days() <= 90, "{file:?}");
            let listed = |iso| kernel::Province::from_iso(iso).unwrap().is_air_support();
            assert!(listed(trip.from) || listed(trip.to), "{file:?}");
            assert_ne!(trip.from, trip.to, "{file:?}");
            *trips
                .entry((file.owner, person.unwrap(), trip.outward_on.year()))
                .or_default() += 1;
        }
        assert!(trips.values().all(|count| *count <= 4), "{trips:?}");
    }
}

#[test]
fn every_opinion_follows_an_opening_of_the_paper_that_the_file_has_then() {
    for date in anchors() {
        let (_, files) = planned(20_000, SEED, date);
        for file in &files {
            let mut opened = false;
            for step in &file.steps {
                match step.what {
                    What::Open(Agent::HealthReviewer, "medical_file") => opened = true,
                    What::Paper("medical_file") => opened = false,
                    What::Opinion(_) => assert!(opened, "{file:?}"),
                    _ => {}
                }
            }
        }
    }
}

#[test]
fn a_member_has_one_draft_of_a_service_at_a_time_and_files_in_the_order_of_their_steps() {
    for date in anchors() {
        let (households, files) = planned(20_000, SEED, date);
        for (owner, household) in households.iter().enumerate() {
            for benefit in [Benefit::HealthAid, Benefit::AirTransport] {
                let own: Vec<_> = files
                    .iter()
                    .filter(|file| (file.owner, file.benefit) == (owner, benefit))
                    .collect();
                let mut drafted: Vec<_> = own
                    .iter()
                    .map(|file| (file.steps[0].at, file.sent().map(|(at, _)| at)))
                    .collect();
                drafted.sort();
                assert!(
                    drafted
                        .windows(2)
                        .all(|pair| pair[0].1.is_some_and(|sent| sent < pair[1].0)),
                    "{date}: {} {drafted:?}",
                    household.form.matricule
                );
                for file in own {
                    assert!(file.steps.is_sorted_by_key(|step| step.at), "{file:?}");
                }
            }
        }
    }
}

#[test]
fn nobody_who_applies_can_be_real_and_the_newcomers_have_nothing() {
    let (households, _) = planned(20_000, SEED, anchor());
    assert!((50..=60).contains(&households.len()), "{}", households.len());
    let newcomers = crate::demo::cast::newcomers();
    for household in &households {
        let form = &household.form;
        assert!(
            form.matricule.starts_with('9') && form.cin.starts_with("ZZ") && form.email.ends_with(".example")
        );
        assert!(
            newcomers
                .iter()
                .all(|newcomer| newcomer.form.matricule != form.matricule)
        );
    }
}

#[test]
fn the_case_officer_has_no_part_in_the_files_of_their_family() {
    let (households, files) = planned(20, SEED, anchor());
    for file in &files {
        if matches!(households[file.owner].form.key.as_str(), "parent_a" | "parent_b") {
            let text = format!("{:?}", file.steps);
            assert!(
                !text.contains("CaseOfficer,") && !text.contains("CaseOfficer)"),
                "{text}"
            );
        }
    }
}

#[test]
fn numbers_are_given_in_the_order_of_the_dates() {
    let (_, files) = planned(20_000, SEED, anchor());
    let mut sent: Vec<_> = files
        .iter()
        .filter_map(PlannedFile::sent)
        .map(|(at, _)| at)
        .collect();
    let before = sent.len();
    sent.sort();
    sent.dedup();
    assert_eq!(sent.len(), before, "no two at the same instant");
}

#[test]
fn no_two_open_files_are_for_one_person_and_reason_also_of_spouses_who_are_both_members() {
    for date in anchors() {
        let (households, files) = planned(20_000, SEED, date);
        let mut open: BTreeMap<(String, &str), Vec<Span>> = BTreeMap::new();
        for file in files.iter().filter(|file| file.sent().is_some()) {
            let reason = file.steps.iter().find_map(|step| match step.what {
                What::Reason(reason) => Some(reason),
                _ => None,
            });
            let Some(reason) = reason else { continue };
            let key = households[file.owner].form.key.as_str();
            // The spouse of the one is the other.
            let person = match (key, concerned(file).unwrap()) {
                ("parent_a", Concerned::Spouse(0)) => "parent_b Member".to_owned(),
                ("parent_b", Concerned::Spouse(0)) => "parent_a Member".to_owned(),
                ("parent_a" | "parent_b", Concerned::Child(child)) => format!("their child {child}"),
                (key, person) => format!("{key} {person:?}"),
            };
            let ended = matches!(
                file.standing().unwrap(),
                Standing::Approved | Standing::Rejected(_) | Standing::Withdrawn
            );
            let end = if ended {
                file.steps.last().unwrap().at
            } else {
                civil::start_of_day(date)
            };
            open.entry((person, reason))
                .or_default()
                .push((file.sent().unwrap().0, end));
        }
        for (whose, mut spans) in open {
            spans.sort();
            assert!(
                spans.windows(2).all(|pair| pair[0].1 < pair[1].0),
                "{date}: {whose:?} {spans:?}"
            );
        }
    }
}

#[test]
fn nobody_stops_waiting_before_the_member_s_time_to_answer_is_over() {
    // The service's setting: a correction may come until the thirtieth day.
    const DAYS: i64 = 30;
    for date in anchors() {
        let (_, files) = planned(20_000, SEED, date);
        let mut ended = 0;
        for file in &files {
            let mut asked = None;
            for step in &file.steps {
                match step.what {
                    What::Ask(..) => asked = Some(civil::civil_date(step.at)),
                    What::StopWaiting(_) => {
                        ended += 1;
                        let waited = civil::civil_date(step.at) - asked.unwrap();
                        assert!(waited.num_days() > DAYS, "{date}: {file:?}");
                    }
                    _ => {}
                }
            }
        }
        assert!(ended > 0);
    }
}
