//! The real catalogue and broken ones. What the rules answer for a case is tested beside the assessment.

mod own_terms;

use std::collections::BTreeSet;
use std::path::Path;

use proptest::prelude::*;

use super::*;

/// An installation with its authorisation.
pub(crate) fn authorised() -> Installation {
    Installation {
        cndp_reference: Some("DEMO-0000/0000".to_owned()),
        ..unauthorised()
    }
}

fn unauthorised() -> Installation {
    let insurer = Text {
        ar: "مؤسسات الاحتياط الاجتماعي".to_owned(),
        fr: "la CNOPS".to_owned(),
    };
    Installation {
        cndp_reference: None,
        insurer,
    }
}

pub(crate) fn catalogue() -> Catalogue {
    Catalogue::embedded(&authorised()).expect("the catalogue is valid")
}

#[test]
fn every_file_of_the_folder_is_embedded() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("catalogue");
    let files: BTreeSet<String> = std::fs::read_dir(folder)
        .expect("the folder is there")
        .map(|entry| {
            entry
                .expect("an entry")
                .file_name()
                .to_string_lossy()
                .into_owned()
        })
        .collect();
    let embedded: BTreeSet<String> = embedded::FILES
        .iter()
        .map(|(code, _)| format!("{code}.toml"))
        .collect();
    assert_eq!(files, embedded);
}

#[test]
fn two_files_with_one_code_are_refused_wherever_they_stand_in_the_list() {
    let (code, text) = *embedded::FILES
        .iter()
        .find(|(code, _)| *code == "ctm_discount")
        .expect("the file is embedded");
    let elsewhere: String = text
        .lines()
        .map(|line| {
            if line.starts_with("order = ") {
                "order = 9000"
            } else {
                line
            }
        })
        .map(|line| format!("{line}\n"))
        .collect();
    let refused = Catalogue::from_files(&[(code, text), (code, &elsewhere)], &authorised());
    assert!(refused.is_err_and(|error| error.to_string().contains("code is another service's")));
}

#[test]
fn all_35_services_are_there_and_two_take_requests() {
    let catalogue = catalogue();
    assert_eq!(catalogue.iter().count(), 35);
    let open: Vec<&str> = catalogue
        .iter()
        .filter(|benefit| benefit.open_form().is_some())
        .map(Benefit::code)
        .collect();
    assert_eq!(open, ["exceptional_health_aid", "air_transport_support"]);
    let closed: Vec<&str> = catalogue
        .iter()
        .filter(|benefit| benefit.state() == DeclaredState::Closed)
        .map(Benefit::code)
        .collect();
    assert_eq!(closed, ["covid_test_refund"]);
    let families: BTreeSet<&str> = catalogue
        .iter()
        .map(|benefit| benefit.definition().family.as_str())
        .collect();
    assert_eq!(families.len(), 8);
}

#[test]
fn a_health_benefit_without_an_authorisation_does_not_open() {
    let catalogue = Catalogue::embedded(&unauthorised()).expect("the catalogue is valid");
    let aid = catalogue.get("exceptional_health_aid").expect("the aid");
    assert_eq!(aid.state(), DeclaredState::Planned);
    assert!(aid.open_form().is_none());
}

#[test]
fn what_shows_somebody_s_health_has_a_neutral_code() {
    let catalogue = catalogue();
    let restricted: BTreeSet<&str> = catalogue
        .iter()
        .filter(|benefit| benefit.is_restricted())
        .map(Benefit::code)
        .collect();
    let expected = [
        "exceptional_health_aid",
        "complementary_health",
        "disability_complement",
        "covid_test_refund",
    ];
    assert_eq!(restricted, BTreeSet::from(expected));
    assert_eq!(
        catalogue.get("exceptional_health_aid").map(Benefit::public_code),
        Some("restricted")
    );
    assert_eq!(
        catalogue.get("air_transport_support").map(Benefit::public_code),
        Some("air_transport_support")
    );
}

#[test]
fn request_numbers_carry_the_published_codes() {
    let catalogue = catalogue();
    let codes: BTreeSet<(&str, &str)> = catalogue
        .iter()
        .filter_map(|benefit| Some((benefit.code(), benefit.definition().request_code.as_deref()?)))
        .collect();
    let expected = BTreeSet::from([
        ("children_camp", "Col_E"),
        ("teen_camp", "Col_A"),
        ("family_holiday_booking", "Est"),
        ("agadir_nursery", "Cre"),
        ("interest_refund", "Ris"),
        ("social_advance", "Av_S"),
        ("school_advance", "Av_R"),
        ("eid_advance", "Av_A"),
        ("eid_support", "Aid_A"),
        ("excellence_grant", "Exc"),
        ("air_transport_support", "Tr_A"),
        ("exceptional_health_aid", "Aid_X"),
        ("orphan_schooling_support", "Orp"),
        ("university_grant", "Uni"),
    ]);
    assert_eq!(codes, expected);
}

#[test]
fn the_newsletter_s_thirteen_counts_add_up() {
    let catalogue = catalogue();
    let counts: Vec<u32> = catalogue
        .iter()
        .filter_map(|benefit| benefit.definition().terms.written.processed_files)
        .collect();
    assert_eq!((counts.len(), counts.iter().sum::<u32>()), (13, 9635));
}

#[test]
fn the_aid_asks_for_what_the_guide_shows() {
    let catalogue = catalogue();
    let open = catalogue
        .get("exceptional_health_aid")
        .and_then(Benefit::open_form)
        .expect("the aid is open");
    assert_eq!(open.form.persons_concerned, Relation::ALL);
    let labels: Vec<&str> = open
        .form
        .reasons
        .iter()
        .map(|reason| reason.label.fr.as_str())
        .collect();
    assert_eq!(
        labels,
        [
            "Maladie oncologique",
            "Surcoût de frais médicaux",
            "Traitements médicaux non pris en charge par la CNOPS"
        ]
    );
    assert_eq!(open.form.reasons[0].label.ar, "أمراض السرطان الخبيث");
    assert!(open.form.reasons[0].hint.fr.contains("PET SCAN"));
    let paper = open.form.paper("medical_file").expect("one paper");
    assert_eq!(
        (paper.max_bytes, paper.document_class.as_str()),
        (10_485_760, "health_paper")
    );
    assert_eq!(
        open.benefit.ceiling().map(|ceiling| (ceiling.per, ceiling.bound)),
        Some((
            CeilingHolder::Person,
            Bound::Money(Money::from_dirhams(20_000).expect("an amount"))
        ))
    );
    assert_eq!(open.request_code, "Aid_X");
}

#[test]
fn no_file_names_an_address_or_leaves_the_insurer_open() {
    for (code, text) in embedded::FILES {
        assert!(!text.contains("http"), "{code}");
    }
    let catalogue = catalogue();
    for benefit in catalogue.iter() {
        assert!(
            !format!("{:?}", benefit.definition()).contains("{insurer}"),
            "{}",
            benefit.code()
        );
    }
}

/// One file with a text replaced.
fn changed(file: &str, from: &str, to: &str) -> Result<Catalogue, CatalogueError> {
    let (_, text) = embedded::FILES
        .iter()
        .find(|(code, _)| *code == file)
        .expect("the file");
    assert!(text.contains(from), "the file has {from}");
    let text = text.replacen(from, to, 1);
    Catalogue::from_files(&[(file, &text)], &authorised())
}

/// The air transport support counted by household, as an installation may have it.
pub(crate) fn counted_by_household() -> Catalogue {
    changed("air_transport_support", "per = \"person\"", "per = \"household\"")
        .expect("a setting of the file")
}

/// The aid's file with one text replaced: what is said of it.
fn broken(from: &str, to: &str) -> String {
    said_of("exceptional_health_aid", from, to)
}

fn said_of(file: &str, from: &str, to: &str) -> String {
    let error = changed(file, from, to)
        .err()
        .unwrap_or_else(|| panic!("{to} is taken"));
    match std::error::Error::source(&error) {
        Some(source) => format!("{error}: {source}"),
        None => error.to_string(),
    }
}

#[test]
fn a_definition_that_breaks_a_rule_is_refused_by_name() {
    for (from, to, said) in [
        (
            "code = \"exceptional_health_aid\"",
            "code = \"other\"",
            "file's name",
        ),
        (
            "request_code = \"Aid_X\"",
            "request_code = \"Aid-X\"",
            "request_code",
        ),
        ("request_code = \"Aid_X\"", "", "request_code"),
        ("kind = \"grant\"", "kind = \"booking\"", "cannot be open"),
        ("order = 10", "order = 10\nodrer = 11", "odrer"),
        (
            "document_class = \"health_paper\"",
            "document_class = \"paper\"",
            "document_class",
        ),
        ("max_bytes = 10485760", "max_bytes = 10485761", "larger"),
        (
            "version = \"health-aid-2026-12\"",
            "version = \" \"",
            "consent.version",
        ),
        (
            "handles_health_data = true",
            "handles_health_data = false",
            "health paper",
        ),
        ("limit = \"20000.00\"", "limit = \"0\"", "ceiling"),
        (
            "expression = \"member.alive\"",
            "expression = \"member.awake\"",
            "member.awake",
        ),
        ("code = \"cost_surplus\"", "code = \"oncology\"", "repeated code"),
        (
            "state = \"open\"",
            "state = \"open\"\nopens_on = \"2027-01-01\"",
            "opens_on",
        ),
        ("fr = \"Une participation", "fr = \"\"\n#", "both languages"),
        ("ar = \"مساهمة في", "ar = \"latin\"\n#", "no Arabic letter"),
    ] {
        let error = broken(from, to);
        assert!(error.contains(said), "{to}: {error}");
    }
}

#[test]
fn typed_questions_and_ceilings_that_break_a_rule_are_refused_by_name() {
    for (from, to, said) in [
        ("code = \"outward_on\"", "code = \"Outward\"", "lower-case"),
        ("code = \"outward_on\"", "code = \"papers\"", "common step"),
        ("code = \"price\"", "code = \"is_return\"", "repeated code"),
        ("code = \"ticket\"", "code = \"trip\"", "repeated code"),
        ("kind = \"money\"", "kind = \"float\"", "is not a kind"),
        ("min = \"0.01\"", "min = \"free\"", "not a bound"),
        ("min = \"0.01\"", "min = \"200000.00\"", "min is above max"),
        ("kind = \"yes_no\"", "kind = \"yes_no\"\nmin = \"1\"", "no bounds"),
        ("kind = \"yes_no\"", "kind = \"yes_no\"\nmni = \"1\"", "mni"),
        (
            "not_before = \"outward_on\"",
            "not_before = \"price\"",
            "not_before",
        ),
        (
            "not_before = \"outward_on\"",
            "not_before = \"return_on\"",
            "not_before",
        ),
        (
            "tells_requests_apart = true",
            "tells_requests_apart = true\nrequired = false",
            "tells requests apart",
        ),
        // A fact of the platform's own may not be answered by a field.
        (
            "fact = \"trip.price\"",
            "fact = \"member.province\"",
            "member.province",
        ),
        ("fact = \"trip.price\"", "fact = \"trip.cost\"", "trip.price"),
        ("kind = \"money\"", "kind = \"number\"\n#", "not a bound"),
        ("year_of = \"outward_on\"", "year_of = \"price\"", "year_of"),
        ("unit = \"uses\"", "unit = \"money\"", "ceiling.uses_left"),
        ("limit = \"4\"", "limit = \"0\"", "limit"),
        ("limit = \"4\"", "limit = \"-1\"", "limit"),
        (
            "has(ceiling.uses_left) && ceiling.uses_left > 0",
            "true",
            "would refuse without a reason",
        ),
    ] {
        let error = said_of("air_transport_support", from, to);
        assert!(error.contains(said), "{to}: {error}");
    }
}

#[test]
fn the_air_support_counts_four_trips_of_a_traveller_in_the_year_of_the_outward_flight() {
    let catalogue = catalogue();
    let ceiling = catalogue
        .get("air_transport_support")
        .and_then(Benefit::ceiling)
        .expect("a ceiling");
    assert_eq!(
        (ceiling.per, ceiling.bound),
        (CeilingHolder::Person, Bound::Uses(4))
    );
    assert_eq!(ceiling.year_of.as_deref(), Some("outward_on"));
}

#[test]
fn two_services_share_neither_place_nor_request_code() {
    let (_, text) = embedded::FILES
        .iter()
        .find(|(code, _)| *code == "children_camp")
        .expect("a file");
    let twin = text.replace("code = \"children_camp\"", "code = \"twin\"");
    let twin_elsewhere = twin.replace("order = ", "order = 9");
    let refuse = |twin: &str| {
        Catalogue::from_files(&[("children_camp", text), ("twin", twin)], &authorised())
            .expect_err("twins")
            .to_string()
    };
    assert!(refuse(&twin).contains("order"), "{}", refuse(&twin));
    assert!(
        refuse(&twin_elsewhere).contains("request_code"),
        "{}",
        refuse(&twin_elsewhere)
    );
}

proptest! {
    #[test]
    fn any_text_is_read_or_refused_without_a_panic(text: String) {
        prop_assert!(Catalogue::from_files(&[("some_aid", &text)], &authorised()).is_err());
    }

    #[test]
    fn a_file_with_a_line_torn_out_never_panics(at in 0_usize..400) {
        let (code, text) = embedded::FILES.iter().find(|(code, _)| *code == "exceptional_health_aid").expect("the aid's file");
        let torn: Vec<&str> = text.lines().enumerate().filter(|(line, _)| *line != at).map(|(_, line)| line).collect();
        let _either_way = Catalogue::from_files(&[(code, &torn.join("\n"))], &authorised());
    }
}

#[test]
fn no_condition_speaks_to_the_member_when_an_agent_reads_it() {
    for benefit in catalogue().iter() {
        let Some(rules) = benefit.rules() else { continue };
        for condition in &rules.definition().conditions {
            let (ar, fr) = match benefit.definition().for_agents.get(&condition.code) {
                Some(text) => (&text.ar, &text.fr),
                None => (&condition.sentence_ar, &condition.sentence_fr),
            };
            let place = format!("{} {}", benefit.code(), condition.code);
            for word in ["vous", "votre", "vos"] {
                let words = fr.to_lowercase();
                assert!(
                    !words
                        .split(|letter: char| !letter.is_alphabetic())
                        .any(|found| found == word),
                    "{place}: {fr}"
                );
            }
            for word in ["أنتم", "كم ", "تعملون"] {
                assert!(!ar.contains(word), "{place}: {ar}");
            }
        }
    }
}

#[test]
fn a_sentence_for_agents_belongs_to_a_condition() {
    let (name, text) = embedded::FILES
        .iter()
        .find(|(name, _)| *name == "air_transport_support")
        .expect("it is embedded");
    let strange = text.replace(
        "external_services.fr = \"L",
        "unheard_of.ar = \"شرط\"\nunheard_of.fr = \"x\"\nexternal_services.fr = \"L",
    );
    let refused = Catalogue::from_files(&[(name, &strange)], &authorised()).expect_err("it is refused");
    assert!(refused.to_string().contains("for_agents.unheard_of"), "{refused}");
}

#[test]
fn a_day_of_the_workplace_is_a_required_date_and_what_is_granted_once_is_told_apart() {
    let (name, text) = embedded::FILES
        .iter()
        .find(|(name, _)| *name == "air_transport_support")
        .expect("it is embedded");
    let refused = |from: &str, to: &str| {
        let changed = text.replace(from, to);
        assert_ne!(&changed, text, "{from}");
        let refused = Catalogue::from_files(&[(name, &changed)], &authorised());
        refused.expect_err("it is refused").to_string()
    };
    for strange in ["price", "unheard_of"] {
        let problem = refused(
            "workplace_on = \"outward_on\"",
            &format!("workplace_on = \"{strange}\""),
        );
        assert!(problem.contains("form.workplace_on"), "{problem}");
    }
    let problem = refused("tells_requests_apart = true\n", "");
    assert!(problem.contains("form.granted_once"), "{problem}");
}

#[test]
fn what_must_differ_names_an_earlier_question_of_its_kind() {
    let (name, text) = embedded::FILES
        .iter()
        .find(|(name, _)| *name == "air_transport_support")
        .expect("it is embedded");
    for strange in ["to_province", "price", "outward_on", "unheard_of"] {
        let changed = text.replace(
            "other_than = \"from_province\"",
            &format!("other_than = \"{strange}\""),
        );
        assert_ne!(&changed, text);
        let refused = Catalogue::from_files(&[(name, &changed)], &authorised()).expect_err("it is refused");
        assert!(refused.to_string().contains("other_than"), "{refused}");
    }
}

#[test]
fn a_reduction_of_a_partner_is_open_without_a_form_and_says_how_one_has_it() {
    let catalogue = catalogue();
    let reduction = catalogue.get("ctm_discount").expect("it is there");
    assert_eq!(reduction.state(), DeclaredState::Open);
    assert!(reduction.open_form().is_none() && reduction.form().is_none());
    let (name, text) = embedded::FILES
        .iter()
        .find(|(name, _)| *name == "ctm_discount")
        .expect("it is embedded");
    let (before, rest) = text.split_once("[description]").expect("a description");
    let after = rest.split_once("# What the documents say").expect("the terms").1;
    let silent = format!("{before}#{after}");
    let refused = Catalogue::from_files(&[(name, &silent)], &authorised()).expect_err("it is refused");
    assert!(refused.to_string().contains("needs a description"), "{refused}");
    // Another kind of service without a form is not open.
    let grant = text.replace("kind = \"partner_discount\"", "kind = \"grant\"");
    assert!(Catalogue::from_files(&[(name, &grant)], &authorised()).is_err());
}

/// The member reads which share of what is paid: the settings are data, and so are the sentences beside them.
#[test]
fn the_steps_of_an_amount_begin_with_what_it_is_taken_of_and_name_the_share() {
    for (code, share, base) in [
        ("exceptional_health_aid", "50", "retained_cost"),
        ("air_transport_support", "30", "price"),
    ] {
        let catalogue = catalogue();
        let rules = catalogue.get(code).and_then(Benefit::rules).expect("rules");
        let definition = rules.definition();
        let setting = definition.settings.get("share").expect("a share");
        assert!(format!("{setting:?}").contains(share), "{setting:?}");
        let steps = &definition.amount_steps;
        assert_eq!(steps[0].code, base, "{code}");
        for label in [&steps[1].label_fr, &steps[1].label_ar] {
            assert!(label.contains(&format!("{share}\u{A0}%")), "{label}");
        }
    }
}
