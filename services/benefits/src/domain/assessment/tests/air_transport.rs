//! The air transport support by the vectors of its published terms: one trip whose every condition holds, and what each change does.

use std::sync::LazyLock;

use super::*;

/// Read once: a loop over provinces asks it many times.
static CATALOGUE: LazyLock<Catalogue> = LazyLock::new(catalogue);

const ON: &str = "2020-12-20";

/// Who travels and what was answered.
struct Asked {
    member: MemberFacts,
    answers: Answers,
    uses_left: Option<i64>,
    on: &'static str,
}

/// The member, of the external services in Laâyoune, travelled to Casablanca and back in December 2020 and asks on the 20th.
fn asked() -> Asked {
    let mut member = sample();
    member.workplaces = vec![working_in("MA-LAA", true, None)];
    let person = Some(PersonConcerned {
        relation: Relation::Member,
        person: Some(member.person),
    });
    let paper = complete().papers.into_values().next().expect("a paper");
    let both = ["boarding_pass", "payment_proof"];
    let papers = both.map(|code| (code.to_owned(), GivenPaper { ..paper.clone() }));
    let mut asked = Asked {
        answers: Answers {
            bank_account: complete().bank_account,
            person,
            papers: papers.into(),
            ..Answers::default()
        },
        member,
        uses_left: Some(4),
        on: ON,
    };
    let province = |iso| FieldValue::Province(Province::from_iso(iso).expect("a province"));
    for (code, value) in [
        ("is_return", FieldValue::YesNo(true)),
        ("outward_on", FieldValue::Date(day("2020-12-05"))),
        ("return_on", FieldValue::Date(day("2020-12-08"))),
        ("from_province", province("MA-LAA")),
        ("to_province", province("MA-CAS")),
        ("price", FieldValue::Money(Money::from_centimes(185_000))),
    ] {
        asked.set(code, value);
    }
    asked
}

impl Asked {
    fn set(&mut self, code: &str, value: FieldValue) {
        self.answers.fields.insert(code.to_owned(), value);
    }

    fn with(mut self, code: &str, value: FieldValue) -> Self {
        self.set(code, value);
        self
    }

    fn province(self, code: &str, iso: &str) -> Self {
        self.with(
            code,
            FieldValue::Province(Province::from_iso(iso).expect("a province")),
        )
    }

    fn day(self, code: &str, text: &str) -> Self {
        self.with(code, FieldValue::Date(day(text)))
    }

    /// What the rules decide, papers and all.
    fn decided(&self) -> Decision {
        let open = CATALOGUE
            .get("air_transport_support")
            .and_then(Benefit::open_form)
            .expect("it is open");
        let left = self.uses_left.map(Left::Uses);
        let decision = foresee(
            open.rules,
            open.form,
            &self.answers,
            &self.member,
            left,
            day(self.on),
        );
        decision.expect("the rules answer").expect("the case is whole")
    }

    fn refused(&self) -> Vec<String> {
        self.decided()
            .refusals()
            .map(|condition| condition.code.clone())
            .collect()
    }
}

#[test]
fn thirty_per_cent_of_the_ticket_is_rounded_half_up_to_the_centime() {
    for (price, support) in [
        ("1850.00", "555.00"),
        ("999.99", "300.00"),
        ("1234.55", "370.37"),
        ("3333.35", "1000.01"),
        ("85.00", "25.50"),
        ("133.33", "40.00"),
    ] {
        let price = Money::parse(price).expect("a price");
        let decision = asked().with("price", FieldValue::Money(price)).decided();
        assert_eq!(
            decision.amount.map(|amount| amount.to_string()).as_deref(),
            Some(support),
            "{price}"
        );
    }
}

#[test]
fn a_price_of_nothing_or_less_is_refused_as_an_answer() {
    for centimes in [0, -1] {
        let asked = asked().with("price", FieldValue::Money(Money::from_centimes(centimes)));
        let catalogue = catalogue();
        let form = catalogue
            .get("air_transport_support")
            .and_then(Benefit::form)
            .expect("a form");
        assert_eq!(
            asked.answers.missing(form, Some(&asked.member)),
            [Step::Field("price".to_owned())]
        );
    }
}

#[test]
fn each_condition_refuses_by_its_code() {
    assert_eq!(asked().refused(), Vec::<String>::new());
    for (uses_left, expected) in [
        (Some(1), vec![]),
        (Some(0), vec!["cap_reached"]),
        (None, vec!["cap_reached"]),
    ] {
        let asked = Asked { uses_left, ..asked() };
        assert_eq!(asked.refused(), expected);
    }
    assert_eq!(
        asked().with("is_return", FieldValue::YesNo(false)).refused(),
        ["return_ticket"]
    );
    assert_eq!(
        asked().province("from_province", "MA-RAB").refused(),
        ["listed_airport_province"]
    );
    assert_eq!(
        asked()
            .province("from_province", "MA-CAS")
            .province("to_province", "MA-OUD")
            .refused(),
        Vec::<String>::new()
    );
    for missing in ["boarding_pass", "payment_proof"] {
        let mut asked = asked();
        asked.answers.papers.remove(missing);
        assert_eq!(asked.refused(), ["both_papers"]);
    }
}

#[test]
fn the_member_must_work_in_the_external_services_of_a_listed_province_and_live() {
    let refused = |change: fn(&mut MemberFacts)| {
        let mut asked = asked();
        change(&mut asked.member);
        asked.refused()
    };
    assert_eq!(
        refused(|member| member.workplaces = vec![working_in("MA-LAA", false, None)]),
        ["external_services"]
    );
    assert_eq!(
        refused(|member| member.workplaces = vec![working_in("MA-CAS", true, None)]),
        ["province_listed"]
    );
    assert_eq!(
        refused(|member| member.positions = vec![held(Position::Retired, "2005-09-01", None)]),
        ["position_eligible"]
    );
    // Who travelled is the member too.
    assert_eq!(
        refused(|member| member.death_date = Some(day("2020-12-20"))),
        ["member_alive", "traveller_alive"]
    );
}

#[test]
fn the_workplace_of_the_outward_day_counts_whatever_came_after_or_was_before() {
    let moved = |from, on, to| {
        let mut asked = asked();
        asked.member.workplaces = vec![from, to];
        asked.member.workplaces[1].from = Some(day(on));
        asked.refused()
    };
    let there = || working_in("MA-LAA", true, None);
    let away = || working_in("MA-CAS", false, None);
    // The outward flight is on the 5th, the request on the 20th.
    for (on, counts) in [("2020-12-05", false), ("2020-12-06", true), ("2020-12-19", true)] {
        let refused = moved(there(), on, away());
        assert_eq!(
            refused.is_empty(),
            counts,
            "transferred away on {on}: {refused:?}"
        );
        let refused = moved(away(), on, there());
        assert_eq!(
            refused.is_empty(),
            !counts,
            "transferred there on {on}: {refused:?}"
        );
    }
}

#[test]
fn requests_are_taken_from_december_2020_and_within_90_days_of_the_return() {
    let refused = |on| {
        let trip = asked()
            .day("outward_on", "2020-11-20")
            .day("return_on", "2020-11-25");
        Asked { on, ..trip }.refused()
    };
    assert_eq!(refused("2020-11-30"), ["service_open"]);
    assert_eq!(refused("2020-12-01"), Vec::<String>::new());
    assert_eq!(refused("2021-02-23"), Vec::<String>::new());
    assert_eq!(refused("2021-02-24"), ["asked_in_time"]);
}

#[test]
fn no_age_is_asked_of_the_traveller() {
    for birth_date in ["1930-01-01", "2020-12-19"] {
        let mut asked = asked();
        let child = asked.member.relatives[1].person;
        asked.member.relatives[1].birth_date = day(birth_date);
        asked.answers.person = Some(PersonConcerned {
            relation: Relation::Child,
            person: Some(child),
        });
        assert_eq!(asked.refused(), Vec::<String>::new(), "{birth_date}");
    }
}

#[test]
fn the_25_printed_names_are_24_provinces_since_bouarfa_is_figuig() {
    let printed: Vec<&str> = kernel::province::AIR_SUPPORT_NAMES
        .iter()
        .map(|(_, _, iso)| *iso)
        .collect();
    let mut provinces: Vec<Province> = Vec::new();
    for (ar, fr, iso) in kernel::province::AIR_SUPPORT_NAMES {
        let province = Province::find_by_name(fr).expect("a printed name");
        assert_eq!(Province::find_by_name(ar), Some(province));
        assert_eq!(province.iso(), iso);
        provinces.push(province);
    }
    provinces.sort();
    provinces.dedup();
    assert_eq!((printed.len(), provinces.len()), (25, 24));
    assert_eq!(
        Province::find_by_name("Bouarfa"),
        Province::find_by_name("Figuig")
    );
    for province in Province::all() {
        let mut asked = asked();
        asked.member.workplaces = vec![working_in(province.iso(), true, None)];
        let listed = provinces.contains(&province);
        assert_eq!(asked.refused().is_empty(), listed, "{}", province.iso());
    }
}

#[test]
fn two_trips_of_one_traveller_are_two_requests_and_the_same_trip_is_one() {
    let catalogue = catalogue();
    let open = catalogue
        .get("air_transport_support")
        .and_then(Benefit::open_form)
        .expect("it is open");
    let same = |asked: &Asked| super::super::same_request(open, &asked.answers);
    let dearer = asked().with("price", FieldValue::Money(Money::from_centimes(200_000)));
    assert_eq!(same(&asked()), same(&dearer));
    assert_ne!(same(&asked()), same(&asked().day("outward_on", "2020-12-06")));
}
