//! The member's own record as the foundation has it, and the language of messages. Changing the record comes with the agents.

use askama::Template;
use kernel::{Locale, Province};

use super::Page;
use crate::backend::Audience;
use crate::backend::models::Relative;
use crate::views::{Choice, Frame, Section};
use crate::visit::Visit;

struct RelativeLine {
    name: String,
    birth: String,
}

#[derive(Template)]
#[template(path = "profile.html")]
struct Profile {
    p: Frame,
    name: String,
    initials: String,
    matricule: String,
    position: String,
    province: String,
    bank: Option<(String, String, String)>,
    spouses: Vec<RelativeLine>,
    children: Vec<RelativeLine>,
    languages: Vec<Choice>,
    saved: bool,
}

/// A province's name; the code itself when it is not one of the kingdom's.
pub(crate) fn province(iso: &str, locale: Locale) -> String {
    Province::from_iso(iso).map_or_else(|_| iso.to_owned(), |province| province.name(locale).to_owned())
}

pub(crate) async fn show(visit: Visit) -> Page {
    let record = visit.record().await?;
    let frame = visit.heading(Section::None, "profile-title");
    let lines = |relation: &str| {
        let line = |relative: &Relative| RelativeLine {
            name: relative.name.full(visit.locale),
            birth: relative.birth_date.map(|day| frame.day(day)).unwrap_or_default(),
        };
        record
            .family
            .iter()
            .filter(|relative| relative.relation == relation)
            .map(line)
            .collect()
    };
    let language = |locale: Locale, label: &str| Choice {
        value: locale.as_str().to_owned(),
        label: label.to_owned(),
        hint: String::new(),
        chosen: locale == visit.locale,
    };
    let page = Profile {
        name: record.name.full(visit.locale),
        initials: record.name.initials(visit.locale),
        matricule: record.matricule.clone(),
        position: frame.of_family("position", &record.position),
        province: province(&record.province_iso, visit.locale),
        bank: record.bank_account.as_ref().map(|account| {
            (
                account.bank_name.in_locale(visit.locale).to_owned(),
                account.bank_code.clone(),
                account.last_four.clone(),
            )
        }),
        spouses: lines("spouse"),
        children: lines("child"),
        languages: vec![language(Locale::Ar, "العربية"), language(Locale::Fr, "Français")],
        saved: visit.query.get("saved") == "language",
        p: frame,
    };
    Ok(visit.page(&page))
}

pub(crate) async fn set_language(visit: Visit) -> Page {
    let Ok(locale) = Locale::parse(visit.fields.trimmed("language")) else {
        return Ok(visit.go("/profile"));
    };
    let token = visit.token(Audience::Identity).await?;
    visit.backend().set_locale(&token, locale).await?;
    Ok(crate::visit::go_to(&format!(
        "/{}/profile?saved=language",
        locale.as_str()
    )))
}
