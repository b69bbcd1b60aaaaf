//! The services: all of them by family, and the page of one with its two tabs, as in the guide.

use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;

use super::{Desk, Page, refusal};
use crate::backend::Audience;
use crate::backend::models::{Benefit, BenefitForm, BenefitState, CeilingLimit, UsedUp};
use crate::error::Error;
use crate::views::{self, FileRow, Frame, Problems, Section, family_icon};
use crate::visit::Visit;

/// A service in the grid.
pub(crate) struct Tile {
    pub(crate) title: String,
    pub(crate) href: String,
    /// One can apply: the reader too.
    pub(crate) open: bool,
    pub(crate) icon: &'static str,
    pub(crate) note: String,
}

/// A family of services.
pub(crate) struct Family {
    pub(crate) name: String,
    pub(crate) icon: &'static str,
    pub(crate) tiles: Vec<Tile>,
    /// How many more the page of all services shows.
    pub(crate) more: i64,
}

/// Most tiles of a family on the home page.
pub(crate) const ON_HOME: usize = 2;

/// The families in the order of the catalogue, open services first.
pub(crate) fn families(frame: &Frame, benefits: &[Benefit], most: Option<usize>) -> Vec<Family> {
    let mut codes: Vec<&str> = Vec::new();
    for benefit in benefits
        .iter()
        .filter(|benefit| benefit.state != BenefitState::Closed)
    {
        if !codes.contains(&benefit.family.as_str()) {
            codes.push(&benefit.family);
        }
    }
    codes
        .into_iter()
        .map(|code| {
            let mut tiles: Vec<Tile> = benefits
                .iter()
                .filter(|benefit| benefit.family == code && benefit.state != BenefitState::Closed)
                .map(|benefit| tile(frame, benefit))
                .collect();
            tiles.sort_by_key(|tile| !tile.open);
            let more = most.map_or(0, |most| tiles.len().saturating_sub(most));
            tiles.truncate(most.unwrap_or(usize::MAX));
            let more = i64::try_from(more).unwrap_or_default();
            Family {
                name: frame.of_family("family", code),
                icon: family_icon(code),
                tiles,
                more,
            }
        })
        .collect()
}

fn tile(frame: &Frame, benefit: &Benefit) -> Tile {
    let is_open = benefit.state == BenefitState::Open;
    let (icon, note) = match (is_open, benefit.not_for_member, benefit.opens_on) {
        (true, _, _) if benefit.is_had_with_the_card() => ("card", frame.t("service-with-card")),
        (true, false, _) => ("plus", String::new()),
        (true, true, _) => ("info", frame.t("not-for-you-tile")),
        (false, _, Some(day)) => ("calendar", frame.t1("opens-on", "date", frame.day(day))),
        (false, _, None) => ("calendar", frame.t("opens-later")),
    };
    Tile {
        title: benefit.title.in_locale(frame.locale).to_owned(),
        href: frame.url(format_args!("/services/{}", benefit.code)),
        open: is_open && !benefit.not_for_member,
        icon,
        note,
    }
}

#[derive(Template)]
#[template(path = "services.html")]
struct List {
    p: Frame,
    families: Vec<Family>,
    open: i64,
}

#[derive(Template)]
#[template(path = "service.html")]
struct Available {
    p: Frame,
    problems: Problems,
    code: String,
    title: String,
    description: String,
    can_apply: bool,
    /// The conditions that the reader's own facts break: then nothing can be asked for.
    broken: Vec<String>,
    /// For whom nothing is left of a ceiling, in words.
    used_up: Vec<String>,
    desk: Desk,
    opens: String,
    /// Nothing is asked for: the card is shown at the partner's.
    with_card: bool,
    /// For whom one may ask, in words.
    persons: String,
    ceilings: Vec<String>,
    /// Each with its hint.
    reasons: Vec<(String, String)>,
    conditions: Vec<String>,
    /// Each with its hint.
    papers: Vec<(String, String)>,
    steps: Vec<String>,
    draft: Option<String>,
}

#[derive(Template)]
#[template(path = "service_history.html")]
struct History {
    p: Frame,
    code: String,
    title: String,
    files: Vec<FileRow>,
}

pub(crate) async fn list(visit: Visit) -> Page {
    let token = visit.token(Audience::Benefits).await?;
    let benefits = visit.backend().list_benefits(&token).await?;
    let frame = visit.heading(Section::Services, "services-title");
    let open = benefits
        .iter()
        .filter(|benefit| benefit.state == BenefitState::Open)
        .count();
    let page = List {
        families: families(&frame, &benefits, None),
        open: i64::try_from(open).unwrap_or_default(),
        p: frame,
    };
    Ok(visit.page(&page))
}

pub(crate) async fn available(visit: Visit, Path((_, code)): Path<(String, String)>) -> Page {
    render(&visit, &code, Problems::default(), StatusCode::OK).await
}

/// Demander: opens a draft, or goes on with the one that is open.
pub(crate) async fn start(visit: Visit, Path((_, code)): Path<(String, String)>) -> Page {
    let token = visit.token(Audience::Benefits).await?;
    match visit
        .backend()
        .start_application(&token, &code, &visit.key())
        .await
    {
        Ok(draft) => Ok(visit.go(format_args!("/applications/{}/account", draft.id))),
        Err(Error::Refused { reason, .. })
            if reason == "IDEMPOTENCY_KEY_REUSED" || reason == "IDEMPOTENCY_KEY_TOO_OLD" =>
        {
            let fresh = platform::ids::uuid_v7(visit.now).to_string();
            let draft = visit.backend().start_application(&token, &code, &fresh).await?;
            Ok(visit.go(format_args!("/applications/{}/account", draft.id)))
        }
        Err(error) => {
            let mut problems = Problems {
                heading: visit.say("problems-cannot"),
                ..Problems::default()
            };
            refusal(&visit, &mut problems, error)?;
            render(&visit, &code, problems, StatusCode::CONFLICT).await
        }
    }
}

pub(crate) async fn history(visit: Visit, Path((_, code)): Path<(String, String)>) -> Page {
    let token = visit.token(Audience::Benefits).await?;
    let (title, files) = tokio::try_join!(
        title_of(&visit, &token, &code),
        visit.backend().list_applications(&token, &code)
    )?;
    let frame = visit.frame(Section::Services, title.clone());
    let files = files
        .iter()
        .map(|file| FileRow::new(&frame, file, title.clone()))
        .collect();
    Ok(visit.page(&History {
        p: frame,
        code,
        title,
        files,
    }))
}

/// The name of any service, open or planned.
async fn title_of(visit: &Visit, token: &str, code: &str) -> Result<String, Error> {
    Ok(summary(visit, token, code)
        .await?
        .title
        .in_locale(visit.locale)
        .to_owned())
}

async fn summary(visit: &Visit, token: &str, code: &str) -> Result<Benefit, Error> {
    let benefits = visit.backend().list_benefits(token).await?;
    benefits
        .into_iter()
        .find(|benefit| benefit.code == code && benefit.state != BenefitState::Closed)
        .ok_or(Error::NotFound)
}

/// The form of an open service; a planned one has none yet and shows its summary only.
async fn form_or_summary(visit: &Visit, token: &str, code: &str) -> Result<BenefitForm, Error> {
    let benefit = summary(visit, token, code).await?;
    if benefit.state == BenefitState::Open {
        return visit.backend().benefit(token, code).await;
    }
    Ok(BenefitForm {
        description: benefit.summary.clone(),
        benefit,
        reasons: Vec::new(),
        consent: None,
        papers: Vec::new(),
        pages: Vec::new(),
        persons_concerned: Vec::new(),
        conditions: Vec::new(),
        next_steps: Vec::new(),
        ceilings: Vec::new(),
        can_apply: false,
        broken: Vec::new(),
        used_up: Vec::new(),
    })
}

/// A sentence each. A name that cannot be read now is the relation's.
async fn used_up(visit: &Visit, frame: &Frame, form: &BenefitForm) -> Vec<String> {
    if form.used_up.is_empty() {
        return Vec::new();
    }
    let record = visit.record().await.ok();
    let sentence = |used_up: &UsedUp| {
        let name = record.as_ref().and_then(|record| {
            if used_up.relation == "member" {
                return Some(record.name.full(visit.locale));
            }
            let known = record
                .family
                .iter()
                .find(|relative| relative.person_id == used_up.person_id)?;
            Some(known.name.full(visit.locale))
        });
        let name = name.unwrap_or_else(|| frame.of_family("relation", &used_up.relation));
        let word = if used_up.another_year_may {
            "ceiling-used-up-of-year"
        } else {
            "ceiling-used-up"
        };
        frame.t2(word, "person", name, "year", used_up.year.to_string())
    };
    form.used_up.iter().map(sentence).collect()
}

/// The most that one may get, a sentence each.
fn ceilings(frame: &Frame, form: &BenefitForm) -> Vec<String> {
    let sentence = |limit: &CeilingLimit| match *limit {
        CeilingLimit::Money { limit, household } => {
            let key = if household {
                "service-ceiling-money-household"
            } else {
                "service-ceiling-money-person"
            };
            frame.t1(key, "amount", frame.money(limit))
        }
        CeilingLimit::Uses { limit, household } => {
            let key = if household {
                "service-ceiling-uses-household"
            } else {
                "service-ceiling-uses-person"
            };
            frame.tn(key, limit)
        }
    };
    form.ceilings.iter().map(sentence).collect()
}

async fn render(visit: &Visit, code: &str, problems: Problems, status: StatusCode) -> Page {
    let token = visit.token(Audience::Benefits).await?;
    let form = form_or_summary(visit, &token, code).await?;
    let files = if form.can_apply {
        visit.backend().list_applications(&token, code).await?
    } else {
        Vec::new()
    };
    let draft = files
        .iter()
        .find(|file| file.state == crate::backend::models::FileState::Draft);
    let title = form.benefit.title.in_locale(visit.locale).to_owned();
    let frame = visit.frame(Section::Services, title.clone());
    let words = |texts: &[crate::backend::models::Bilingual]| {
        texts
            .iter()
            .map(|text| text.in_locale(visit.locale).to_owned())
            .collect()
    };
    let description = match form.description.in_locale(visit.locale) {
        "" => form.benefit.summary.in_locale(visit.locale),
        description => description,
    };
    let page = Available {
        problems,
        code: code.to_owned(),
        description: description.to_owned(),
        can_apply: form.can_apply,
        broken: words(&form.broken),
        used_up: used_up(visit, &frame, &form).await,
        desk: Desk::of(visit),
        opens: tile(&frame, &form.benefit).note,
        with_card: form.benefit.is_had_with_the_card(),
        persons: form
            .persons_concerned
            .iter()
            .map(|relation| frame.of_family("for-whom", relation))
            .collect::<Vec<_>>()
            .join(" · "),
        ceilings: ceilings(&frame, &form),
        reasons: form
            .reasons
            .iter()
            .map(|reason| {
                (
                    reason.label.in_locale(visit.locale).to_owned(),
                    reason.hint.in_locale(visit.locale).to_owned(),
                )
            })
            .collect(),
        conditions: words(&form.conditions),
        papers: form
            .papers
            .iter()
            .map(|paper| {
                (
                    paper.label.in_locale(visit.locale).to_owned(),
                    paper.hint.in_locale(visit.locale).to_owned(),
                )
            })
            .collect(),
        steps: words(&form.next_steps),
        draft: draft.map(|draft| frame.url(format_args!("/applications/{}", draft.id))),
        title,
        p: frame,
    };
    Ok(views::page(status, &page))
}
