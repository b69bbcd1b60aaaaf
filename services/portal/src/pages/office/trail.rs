//! What was done with a file, and who opened which papers. The auditor sees every line, the openings with their reasons, and whether the chain
//! is whole.

use askama::Template;
use axum::extract::Path;
use kernel::Role;

use super::{actor, nav, queues, rail, require};
use crate::backend::Audience;
use crate::backend::office::{FileLine, Opening};
use crate::error::Error;
use crate::pages::Page;
use crate::pages::files::known_id;
use crate::views::{Frame, Rail, Section};
use crate::visit::Visit;

const LINES: i32 = 50;

struct Line {
    when: String,
    who: String,
    what: String,
    fields: String,
    reason: String,
}

struct OpeningLine {
    when: String,
    who: String,
    paper: String,
    /// Address of the file's trail; empty where a member opened their own paper.
    file: String,
    /// The file's number and service; empty where the line belongs to no file, and on the file's own page.
    number: String,
    service: String,
    reason: String,
    opened: bool,
}

#[derive(Template)]
#[template(path = "office/trail.html")]
struct TrailPage {
    p: Frame,
    rail: Rail,
    back: String,
    lines: Vec<Line>,
    openings: Vec<OpeningLine>,
    audits: bool,
    intact: bool,
    number: String,
    next: String,
    first: String,
}

#[derive(Template)]
#[template(path = "office/openings.html")]
struct OpeningsPage {
    p: Frame,
    rail: Rail,
    openings: Vec<OpeningLine>,
    next: String,
    first: String,
}

pub(crate) async fn show(visit: Visit, Path((_, id)): Path<(String, String)>) -> Page {
    require(
        &visit,
        &[
            Role::CaseOfficer,
            Role::HealthReviewer,
            Role::Validator,
            Role::Auditor,
        ],
    )?;
    let id = known_id(&id)?;
    let nav = nav(&visit)?;
    let from = visit.query.get("from");
    let token = visit.token(Audience::Benefits).await?;
    let (trail, queues) = tokio::try_join!(visit.backend().trail(&token, id, LINES, from), queues(&visit))?;
    let openings = if nav.audits() {
        let token = visit.token(Audience::Documents).await?;
        visit.backend().openings(&token, id, 200, "").await?.0
    } else {
        Vec::new()
    };
    let frame = visit.heading(Section::None, "trail-title");
    let here = frame.url(format_args!("/office/files/{id}/audit"));
    let page = TrailPage {
        rail: rail(&frame, &nav, &queues, ""),
        back: if nav.reviews() {
            frame.url(format_args!("/office/files/{id}"))
        } else {
            frame.url("/office/queues/all")
        },
        lines: trail
            .lines
            .iter()
            .map(|line| Line {
                when: frame.exact_moment(line.at),
                who: actor(&visit, &frame, kind(&line.action, &line.actor_kind), &line.actor),
                what: frame.of_family("audit", &line.action),
                fields: line
                    .fields
                    .iter()
                    .map(|field| frame.of_family("changed", field))
                    .collect::<Vec<_>>()
                    .join(frame.comma()),
                reason: reason(&frame, &line.action, &line.reason),
            })
            .collect(),
        openings: openings
            .iter()
            .map(|opening| opening_line(&visit, &frame, opening, None))
            .collect(),
        audits: nav.audits(),
        intact: trail.intact,
        number: trail.number,
        next: if trail.next.is_empty() {
            String::new()
        } else {
            format!("{here}?from={}", trail.next)
        },
        first: if from.is_empty() { String::new() } else { here },
        p: frame,
    };
    Ok(visit.page(&page))
}

/// Every opening of every paper, the newest first, but of the files that the reader must not see: their own and their relatives'. Whose these are
/// is known to benefits alone, so without it there is no list.
pub(crate) async fn openings(visit: Visit) -> Page {
    require(&visit, &[Role::Auditor])?;
    let nav = nav(&visit)?;
    let from = visit.query.get("from");
    let token = visit.token(Audience::Documents).await?;
    let (openings, next) = visit.backend().openings(&token, "", LINES, from).await?;
    let files = files_of(&visit, &openings).await?;
    let frame = visit.heading(Section::None, "openings-title");
    let here = frame.url("/office/openings");
    let page = OpeningsPage {
        rail: rail(&frame, &nav, &queues(&visit).await?, "/office/openings"),
        openings: openings
            .iter()
            .filter_map(|opening| {
                let file = files.iter().find(|file| file.id == opening.application);
                let shown = file.is_some() || opening.application.is_empty();
                shown.then(|| opening_line(&visit, &frame, opening, file))
            })
            .collect(),
        next: if next.is_empty() {
            String::new()
        } else {
            format!("{here}?from={next}")
        },
        first: if from.is_empty() { String::new() } else { here },
        p: frame,
    };
    Ok(visit.page(&page))
}

/// Whoever tried a file that is not theirs is not the member that it is about.
fn kind<'a>(action: &str, actor_kind: &'a str) -> &'a str {
    match (action, actor_kind) {
        ("foreign_access_refused", "member") => "other_member",
        (_, kind) => kind,
    }
}

/// Why, in words: of an opening what the agent gave, of a refused attempt the duty, of a proposal to refuse its reason.
fn reason(frame: &Frame, action: &str, code: &str) -> String {
    match (action, code) {
        (_, "") => String::new(),
        ("paper_opening_granted", code) => frame.of_family("opening", code),
        ("duty_refused", code) => frame.of_family("refused", code),
        (_, code) => frame.of_family("because", code),
    }
}

/// The files whose papers were opened, as far as the reader may see them.
async fn files_of(visit: &Visit, openings: &[Opening]) -> Result<Vec<FileLine>, Error> {
    let mut ids: Vec<String> = openings
        .iter()
        .map(|opening| opening.application.clone())
        .collect();
    ids.retain(|id| !id.is_empty());
    ids.sort();
    ids.dedup();
    let token = visit.token(Audience::Benefits).await?;
    visit.backend().named_files(&token, ids).await
}

fn opening_line(visit: &Visit, frame: &Frame, opening: &Opening, file: Option<&FileLine>) -> OpeningLine {
    OpeningLine {
        when: frame.exact_moment(opening.at),
        who: actor(visit, frame, &opening.actor_kind, &opening.actor),
        paper: crate::views::agent_code(&opening.document),
        file: if opening.application.is_empty() {
            String::new()
        } else {
            frame.url(format_args!("/office/files/{}/audit", opening.application))
        },
        number: file.map(|file| file.number.clone()).unwrap_or_default(),
        service: file
            .map(|file| file.title.in_locale(frame.locale).to_owned())
            .unwrap_or_default(),
        reason: frame.of_family("opening", &opening.reason),
        opened: opening.opened,
    }
}
