//! Tests of the table of provinces: the 25 printed names, codes, names as people type them, airports.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;

use super::*;

#[test]
fn the_25_printed_names_are_24_provinces_because_bouarfa_is_in_figuig() {
    let mut provinces = BTreeSet::new();
    for (ar, fr, iso) in AIR_SUPPORT_NAMES {
        let province = Province::from_iso(iso).unwrap();
        assert!(province.is_air_support(), "{iso}");
        assert_eq!(Province::find_by_name(ar), Some(province), "{ar}");
        assert_eq!(Province::find_by_name(fr), Some(province), "{fr}");
        provinces.insert(province);
    }
    assert_eq!(provinces.len(), 24);
    assert_eq!(Province::air_support().collect::<BTreeSet<_>>(), provinces);
    assert_eq!(Province::find_by_name("بوعرفة"), Province::find_by_name("Figuig"));
}

#[test]
fn twelve_of_them_have_an_airport_and_no_other_province_names_one() {
    let airports: BTreeMap<_, _> = Province::all()
        .filter_map(|p| p.airport().map(|code| (p.iso(), code)))
        .collect();
    assert_eq!(airports.len(), 12);
    assert_eq!(airports["MA-FIG"], "UAR");
    assert_eq!(airports["MA-HOC"], "AHU");
    assert_eq!(airports["MA-OUD"], "VIL");
    assert!(
        airports
            .keys()
            .all(|iso| Province::from_iso(iso).unwrap().is_air_support())
    );
    assert!(airports.values().all(|code| code.len() == 3));
}

#[test]
fn oujda_and_oued_ed_dahab_are_not_confused() {
    assert_eq!(Province::from_iso("MA-OUJ").unwrap().name_fr(), "Oujda-Angad");
    assert_eq!(Province::from_iso("MA-OUD").unwrap().name_fr(), "Oued Ed-Dahab");
    assert_eq!(Province::find_by_name("الداخلة").unwrap().iso(), "MA-OUD");
    assert_eq!(Province::find_by_name("وجدة").unwrap().iso(), "MA-OUJ");
}

#[test]
fn codes_are_sorted_unique_and_well_formed_and_every_region_has_some() {
    let codes: Vec<_> = Province::all().map(Province::iso).collect();
    assert_eq!(codes.len(), 75);
    assert!(codes.is_sorted_by(|a, b| a < b));
    assert!(
        codes
            .iter()
            .all(|c| c.len() == 6 && c.starts_with("MA-") && c[3..].bytes().all(|b| b.is_ascii_uppercase()))
    );
    let regions: BTreeSet<_> = Province::all().map(Province::region).collect();
    assert_eq!(regions, (1..=12).collect());
    assert_eq!(
        Province::all().filter(|p| p.kind() == Kind::Prefecture).count(),
        13
    );
}

#[test]
fn no_name_leads_to_two_provinces() {
    let mut bearers: BTreeMap<String, BTreeSet<&str>> = BTreeMap::new();
    for row in &ROWS {
        for name in [row.ar, row.fr].iter().chain(row.aliases) {
            bearers.entry(folded(name)).or_default().insert(row.iso);
        }
    }
    let shared: Vec<_> = bearers.iter().filter(|(_, isos)| isos.len() > 1).collect();
    assert!(shared.is_empty(), "{shared:?}");
}

#[test]
fn a_name_is_found_however_it_is_typed() {
    for (typed, iso) in [
        ("rabat", "MA-RAB"),
        ("  FÈS ", "MA-FES"),
        ("Fes", "MA-FES"),
        ("Casablanca", "MA-CAS"),
        ("الدار  البيضاء", "MA-CAS"),
        ("Préfecture de Rabat", "MA-RAB"),
        ("province d'Al Haouz", "MA-HAO"),
        ("province d’Azilal", "MA-AZI"),
        ("إقليم الناظور", "MA-NAD"),
        ("عمالة سلا", "MA-SAL"),
        ("اسفي", "MA-SAF"),
        ("افران", "MA-IFR"),
        ("سيدي افني", "MA-SIF"),
        ("الراشيديه", "MA-ERR"),
        ("Tan Tan", "MA-TNT"),
        ("Laayoune", "MA-LAA"),
        ("العُيون", "MA-LAA"),
        ("e\u{0301}s-semara", "MA-ESM"),
        ("M’diq-Fnideq", "MA-MDF"),
        ("دجاجة", ""),
        ("MA-RAB", ""),
        ("", ""),
        ("  -  ", ""),
        ("province de", ""),
    ] {
        assert_eq!(
            Province::find_by_name(typed)
                .map(Province::iso)
                .unwrap_or_default(),
            iso,
            "{typed:?}"
        );
    }
}

#[test]
fn unknown_codes_and_other_spellings_are_refused() {
    for wrong in [
        "", "MA", "MA-", "MA-01", "MA-XXX", "ma-rab", "MA-RAB ", "FR-75", "RAB",
    ] {
        assert_eq!(Province::from_iso(wrong), Err(UnknownProvince), "{wrong:?}");
    }
}

#[test]
fn regions_and_names_come_in_both_languages() {
    let agadir = Province::find_by_name("Agadir").unwrap();
    assert_eq!(agadir.region_name(Locale::Fr), "Souss-Massa");
    assert_eq!(agadir.region_name(Locale::Ar), "سوس ماسة");
    assert_eq!(agadir.name(Locale::Ar), agadir.name_ar());
    assert_eq!(agadir.name(Locale::Fr), agadir.name_fr());
    let is_arabic = |text: &str| {
        text.chars()
            .all(|c| c == ' ' || ('\u{0600}'..='\u{06FF}').contains(&c))
    };
    assert!(Province::all().all(|p| is_arabic(p.name_ar()) && is_arabic(p.region_name(Locale::Ar))));
}

proptest! {
    #[test]
    fn every_province_reads_back_from_its_code_its_names_and_its_json(index in 0..COUNT) {
        let province = Province(index);
        prop_assert_eq!(province.to_string().parse(), Ok(province));
        prop_assert_eq!(Province::find_by_name(province.name_ar()), Some(province));
        prop_assert_eq!(Province::find_by_name(province.name_fr()), Some(province));
        let json = serde_json::to_string(&province).unwrap();
        prop_assert_eq!(serde_json::from_str::<Province>(&json).unwrap(), province);
    }

    #[test]
    fn reading_any_text_never_panics(text in ".{0,40}") {
        let _ = Province::from_iso(&text);
        let _ = Province::find_by_name(&text);
    }
}
