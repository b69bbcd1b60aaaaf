//! The member's home: the one thing to do, open files, what the foundation holds, and the services by family.

use askama::Template;

use super::Page;
use super::services::{Family, families};
use super::wizard::correction::AskedPanel;
use crate::backend::Audience;
use crate::backend::models::{Application, FileState};
use crate::error::Error;
use crate::text::text;
use crate::views::{FileRow, Frame, Section};
use crate::visit::Visit;

/// Most open files on the home page; the others stand in the list.
const SHOWN: usize = 5;

/// The one amber panel.
struct Todo {
    heading: String,
    text: String,
    href: String,
    label: String,
}

struct OwnFacts {
    name: String,
    matricule: String,
    position: String,
    province: String,
    last_four: String,
}

#[derive(Template)]
#[template(path = "home.html")]
struct Home {
    p: Frame,
    /// Benefits does not answer: nothing is said of services and files.
    away: bool,
    first_name: String,
    today: String,
    /// What an agent asked for, before anything else there is to do.
    asked: Option<AskedPanel>,
    todo: Option<Todo>,
    files: Vec<FileRow>,
    more: bool,
    own: Option<OwnFacts>,
    families: Vec<Family>,
}

pub(crate) async fn show(visit: Visit) -> Page {
    let token = visit.token(Audience::Benefits).await?;
    let listed = tokio::try_join!(
        visit.backend().list_benefits(&token),
        visit.backend().list_applications(&token, "")
    );
    let frame = visit.heading(Section::Home, "home-title");
    let (benefits, files) = match listed {
        Ok(listed) => listed,
        Err(Error::Away { .. }) => return Ok(visit.page(&without_benefits(&visit, frame))),
        Err(error) => return Err(error),
    };
    let title_of = |file: &Application| {
        benefits
            .iter()
            .find(|benefit| benefit.code == file.benefit_code)
            .map_or_else(
                || visit.say("service-unnamed"),
                |benefit| benefit.title.in_locale(visit.locale).to_owned(),
            )
    };
    // A draft that cannot be sent is nothing to do: its own page says why.
    let can_go_on = |file: &Application| {
        benefits
            .iter()
            .any(|benefit| benefit.code == file.benefit_code && !benefit.not_for_member)
    };
    let todo = todo(&visit, &frame, &files, can_go_on, title_of);
    let is_open = |file: &&Application| !matches!(file.state, FileState::Rejected | FileState::Cancelled);
    let open: Vec<_> = files.iter().filter(is_open).collect();
    let asked = match files.iter().find(|file| file.open_request().is_some()) {
        Some(file) => {
            let lead = home_lead(&frame, file, title_of(file));
            // Without the form the panel cannot name what is asked; then the one that leads to the file stands there.
            let form = visit.backend().benefit(&token, &file.benefit_code).await.ok();
            form.and_then(|form| AskedPanel::of(&visit, &frame, file, &form, lead))
        }
        None => None,
    };
    let page = Home {
        away: false,
        asked,
        first_name: first_name(&visit),
        today: frame.date(Some(visit.now)),
        todo,
        files: open
            .iter()
            .take(SHOWN)
            .map(|file| FileRow::new(&frame, file, title_of(file)))
            .collect(),
        more: !files.is_empty(),
        own: own_facts(&visit, &frame),
        families: families(&frame, &benefits, Some(super::services::ON_HOME)),
        p: frame,
    };
    Ok(visit.page(&page))
}

/// Services and files are away; what membership knows, the card and the messages are there all the same.
fn without_benefits(visit: &Visit, frame: Frame) -> Home {
    Home {
        away: true,
        first_name: first_name(visit),
        today: frame.date(Some(visit.now)),
        asked: None,
        todo: None,
        files: Vec::new(),
        more: false,
        own: own_facts(visit, &frame),
        families: Vec::new(),
        p: frame,
    }
}

fn first_name(visit: &Visit) -> String {
    let record = visit.record.as_ref();
    record
        .map(|record| record.name.first.in_locale(visit.locale).to_owned())
        .unwrap_or_default()
}

/// Which file it is about, and since when.
fn home_lead(frame: &Frame, file: &Application, service: String) -> String {
    let at = file.open_request().and_then(|asked| asked.at);
    let values = [
        ("service", text(service)),
        ("number", text(&file.number)),
        ("date", text(frame.date(at))),
    ];
    frame.texts.with(frame.locale, "asked-home-lead", &values)
}

/// What waits for the member: a paper that was asked for first, else a request begun and not sent.
fn todo(
    visit: &Visit,
    frame: &Frame,
    files: &[Application],
    can_go_on: impl Fn(&Application) -> bool,
    title_of: impl Fn(&Application) -> String,
) -> Option<Todo> {
    let asked = files
        .iter()
        .find(|file| file.state == FileState::InformationRequested);
    let draft = files
        .iter()
        .find(|file| file.state == FileState::Draft && can_go_on(file));
    let (file, heading, text, label) = match (asked, draft) {
        (Some(file), _) => (
            file,
            "todo-information",
            "todo-information-text",
            "todo-information-open",
        ),
        (None, Some(file)) => (file, "todo-draft", "todo-draft-text", "todo-draft-open"),
        (None, None) => return None,
    };
    Some(Todo {
        heading: visit.say(heading),
        text: frame.t2(
            text,
            "service",
            title_of(file),
            "date",
            frame.date(file.updated_at.or(file.created_at)),
        ),
        href: frame.url(format_args!("/applications/{}", file.id)),
        label: visit.say(label),
    })
}

fn own_facts(visit: &Visit, frame: &Frame) -> Option<OwnFacts> {
    let record = visit.record.as_ref()?;
    Some(OwnFacts {
        name: record.name.full(visit.locale),
        matricule: record.matricule.clone(),
        position: frame.of_family("position", &record.position),
        province: super::profile::province(&record.province_iso, visit.locale),
        last_four: record
            .bank_account
            .as_ref()
            .map(|account| account.last_four.clone())
            .unwrap_or_default(),
    })
}
