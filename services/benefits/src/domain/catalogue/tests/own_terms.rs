//! Files of an installation beside those of the release, and instead of them.

use super::*;

#[test]
fn an_installation_s_own_file_is_offered_beside_the_others_and_takes_nobody_s_place() {
    let (code, text) = *embedded::FILES
        .iter()
        .find(|(code, _)| *code == "exceptional_health_aid")
        .expect("the file is embedded");
    let own = text
        .replace(&format!("code = \"{code}\""), "code = \"own_aid\"")
        .replace("\norder = 10\n", "\norder = 9000\n")
        .replace("\"Aid_X\"", "\"Aid_Own\"")
        .replace("\"health_aid_person_year\"", "\"own_aid_person_year\"");
    let read =
        |name: &str, text: &str| Catalogue::with_own(&[(name.to_owned(), text.to_owned())], &authorised());
    let catalogue = read("own_aid", &own).expect("the file breaks no rule");
    assert!(
        catalogue
            .get("own_aid")
            .is_some_and(|benefit| benefit.open_form().is_some())
    );
    assert_eq!(catalogue.iter().count(), embedded::FILES.len() + 1);
    // Under another name, in another's place, with another's request code.
    assert!(read("another_name", &own).is_err());
    assert!(read("own_aid", &own.replace("order = 9000", "order = 10")).is_err());
    assert!(read("own_aid", &own.replace("Aid_Own", "aid_x")).is_err());
}

/// An own file instead of the air transport support's, with some texts replaced.
fn instead_of_the_air_transport_support(changes: &[(&str, &str)]) -> Result<Catalogue, CatalogueError> {
    instead_of("air_transport_support", changes)
}

fn instead_of(code: &str, changes: &[(&str, &str)]) -> Result<Catalogue, CatalogueError> {
    let (_, text) = embedded::FILES
        .iter()
        .find(|(file, _)| *file == code)
        .expect("the file is embedded");
    let own = changes.iter().fold((*text).to_owned(), |text, (from, to)| {
        assert!(text.contains(from), "the file has {from}");
        text.replacen(from, to, 1)
    });
    Catalogue::with_own(&[(code.to_owned(), own)], &authorised())
}

#[test]
fn an_installation_s_own_terms_of_a_service_are_offered_instead_of_the_release_s() {
    let household = ("per = \"person\"", "per = \"household\"");
    let newer = ("\nversion = 3\n", "\nversion = 4\n");
    let catalogue =
        instead_of_the_air_transport_support(&[household, newer]).expect("the file breaks no rule");
    assert_eq!(catalogue.iter().count(), embedded::FILES.len());
    let support = catalogue.get("air_transport_support").expect("it is offered");
    assert_eq!(support.rules().map(RuleSet::version), Some(4));
    assert_eq!(
        support.ceiling().map(|ceiling| ceiling.per),
        Some(CeilingHolder::Household)
    );
}

#[test]
fn own_terms_that_would_change_what_was_decided_under_the_release_s_are_refused() {
    let newer = ("\nversion = 3\n", "\nversion = 4\n");
    let said = |refused: Result<Catalogue, CatalogueError>| refused.expect_err("it is refused").to_string();
    // A decision names the version that judged it: two rule sets of one version could not be told apart.
    let same = said(instead_of_the_air_transport_support(&[(
        "per = \"person\"",
        "per = \"household\"",
    )]));
    assert!(same.contains("rules.version must be above 3"), "{same}");
    let unit = said(instead_of_the_air_transport_support(&[
        newer,
        ("unit = \"uses\"", "unit = \"money\""),
        (
            r#""has(ceiling.uses_left) && ceiling.uses_left > 0""#,
            r#"'has(ceiling.left) && ceiling.left > money("0.00")'"#,
        ),
    ]));
    assert!(unit.contains("another unit"), "{unit}");
    let health = said(instead_of(
        "complementary_health",
        &[("handles_health_data = true", "handles_health_data = false")],
    ));
    assert!(health.contains("handles_health_data must stay true"), "{health}");
    // Open files would wait for an opinion that nobody was to give.
    let became = said(instead_of_the_air_transport_support(&[
        newer,
        ("handles_health_data = false", "handles_health_data = true"),
    ]));
    assert!(became.contains("handles_health_data must stay false"), "{became}");
    // A trip that was paid would not be known again.
    let once = ("granted_once = true", "granted_once = false");
    let apart = ("tells_requests_apart = true", "tells_requests_apart = false");
    for changes in [vec![newer, once], vec![newer, once, apart]] {
        let paid = said(instead_of_the_air_transport_support(&changes));
        assert!(paid.contains("a request that was paid is known again"), "{paid}");
    }
    // Papers and answers of kept requests would have no label, and "reason A" would be another.
    for (gone, wanted) in [
        ("boarding_pass", "the paper boarding_pass must stay"),
        ("to_province", "the field to_province must stay"),
    ] {
        let (line, renamed) = (format!("code = \"{gone}\""), format!("code = \"own_{gone}\""));
        let gone = said(instead_of_the_air_transport_support(&[newer, (&line, &renamed)]));
        assert!(gone.contains(wanted), "{gone}");
    }
    let order = said(instead_of(
        "exceptional_health_aid",
        &[
            ("\nversion = 2\n", "\nversion = 3\n"),
            ("code = \"oncology\"", "code = \"the_other\""),
            ("code = \"cost_surplus\"", "code = \"oncology\""),
            ("code = \"the_other\"", "code = \"cost_surplus\""),
        ],
    ));
    assert!(
        order.contains("must begin with oncology, cost_surplus, uncovered_treatment"),
        "{order}"
    );
}
