//! The files of a queue, those first that are oldest by the foundation's days. No answer is opened for it.

use chrono::{DateTime, TimeDelta, Utc};
use kernel::permission::Role;
use kernel::{ApplicationId, RequestNumber, civil};

use super::Reviewer;
use super::list_queues::{Queue, hidden};
use crate::domain::catalogue::Text;
use crate::error::Error;
use crate::store::review_files::{self, AfterFile, FileLine, Filter, Holder, MinimumAge};
use crate::use_cases::Office;
use crate::use_cases::page_token::{self, List};

/// What is asked for.
#[derive(Debug, Clone)]
pub(crate) struct Wanted {
    pub(crate) queue: Queue,
    pub(crate) benefit: Option<String>,
    pub(crate) holder: Holder,
    pub(crate) number: Option<RequestNumber>,
    /// These files alone; absent: no such bound.
    pub(crate) ids: Option<Vec<ApplicationId>>,
    pub(crate) minimum_age_days: u16,
    pub(crate) page_size: i32,
    pub(crate) page_token: String,
    /// Without a token: the page begins after this file's place.
    pub(crate) after: Option<ApplicationId>,
}

/// One page and, unless it is the last, where the next begins.
#[derive(Debug)]
pub(crate) struct FilePage {
    /// Each with the benefit's title, where the catalogue still has it.
    pub(crate) lines: Vec<(FileLine, Option<Text>)>,
    pub(crate) next_page_token: String,
    pub(crate) now: DateTime<Utc>,
    /// Days within which the foundation answers.
    pub(crate) processing_days: u16,
}

/// # Errors
/// A queue of another role; a page size or token that cannot be.
pub(crate) async fn list_files(
    office: &Office,
    reviewer: &Reviewer,
    wanted: &Wanted,
) -> Result<FilePage, Error> {
    let size = page_token::page_size(wanted.page_size)?;
    let of = format!(
        "{}\n{}\n{:?}\n{:?}\n{:?}\n{}\n{:?}",
        reviewer.agent.account,
        wanted.queue.as_str(),
        wanted.benefit,
        wanted.holder,
        wanted.number.as_ref().map(ToString::to_string),
        wanted.minimum_age_days,
        wanted.ids
    );
    let list = List {
        name: "benefits.review_files",
        of: &of,
    };
    let after =
        page_token::read(&office.pages, list, &wanted.page_token)?.map(|(counted_from, id)| AfterFile {
            counted_from,
            id: ApplicationId::from_uuid(id),
        });
    let mut tx = office.pool.begin().await?;
    let hidden = hidden(&mut tx, reviewer).await?;
    let after = match (after, wanted.after) {
        (None, Some(file)) => review_files::place(&mut tx, file, &hidden).await?,
        (after, _) => after,
    };
    let filter = Filter {
        steps: wanted.queue.steps(reviewer)?,
        waiting: wanted.queue == Queue::WaitingForMember,
        benefits: benefits(office, reviewer, wanted),
        holder: wanted.holder,
        number: wanted.number.clone(),
        ids: wanted
            .ids
            .as_ref()
            .map(|ids| ids.iter().map(|id| id.as_uuid()).collect()),
        minimum_age: minimum_age(reviewer.now, wanted.minimum_age_days),
        hidden,
    };
    // One more than the page shows whether there is another.
    let mut lines = review_files::page(&mut tx, &filter, after, i64::from(size) + 1).await?;
    tx.commit().await?;
    let more = lines.len() > usize::try_from(size).unwrap_or(usize::MAX);
    if more {
        lines.pop();
    }
    let next_page_token = match lines.last() {
        Some(last) if more => {
            page_token::write(&office.pages, list, last.clock.counted_from, last.id.as_uuid())
        }
        Some(_) | None => String::new(),
    };
    let title = |line: FileLine| {
        let benefit = office.catalogue.get(&line.benefit);
        let title = benefit.map(|benefit| benefit.definition().title.clone());
        (line, title)
    };
    Ok(FilePage {
        lines: lines.into_iter().map(title).collect(),
        next_page_token,
        now: reviewer.now,
        processing_days: office.review.processing_days,
    })
}

/// The benefits of the list. Who is a health reviewer alone has business with health files alone.
fn benefits(office: &Office, reviewer: &Reviewer, wanted: &Wanted) -> Option<Vec<String>> {
    let other = [Role::CaseOfficer, Role::Validator, Role::Auditor]
        .into_iter()
        .any(|role| reviewer.agent.is(role));
    let health_only = reviewer.agent.is(Role::HealthReviewer) && !other;
    match (&wanted.benefit, health_only) {
        (None, false) => None,
        (Some(code), false) => Some(vec![code.clone()]),
        (asked, true) => Some(
            office
                .catalogue
                .iter()
                .filter(|benefit| benefit.is_restricted())
                .map(|benefit| benefit.code().to_owned())
                .filter(|code| asked.as_ref().is_none_or(|asked| asked == code))
                .collect(),
        ),
    }
}

/// Counting began before the end of the last civil day that is old enough.
fn minimum_age(now: DateTime<Utc>, days: u16) -> Option<MinimumAge> {
    let young = i64::from(days).checked_sub(1).filter(|days| *days >= 0)?;
    Some(MinimumAge {
        days: days.into(),
        before: civil::start_of_day(civil::civil_date(now) - TimeDelta::days(young)),
    })
}
