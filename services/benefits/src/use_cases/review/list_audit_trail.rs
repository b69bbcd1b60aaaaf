//! What was done with a file, the newest first. The auditor sees every line and whether the chain is whole; who works on files sees what is no
//! health matter.

use kernel::ApplicationId;
use kernel::permission::Role;
use platform::audit::{self, AuditLine};
use uuid::Uuid;

use super::Reviewer;
use super::desk::{self, Hold};
use crate::domain::review::duties::Act;
use crate::error::Error;
use crate::use_cases::page_token::{self, List};
use crate::use_cases::{Office, RECORD};

/// Lines about papers of a health file: who opened what is the auditor's to see.
const PAPERS: &str = "paper_opening_granted";

/// One page and, unless it is the last, where the next begins.
#[derive(Debug)]
pub(crate) struct TrailPage {
    pub(crate) lines: Vec<AuditLine>,
    pub(crate) next_page_token: String,
    /// Checked for the auditor alone.
    pub(crate) chain_intact: bool,
    pub(crate) number: String,
}

/// # Errors
/// What is no file; a file that is not the agent's to see, which is written down; a page size or token that cannot be.
pub(crate) async fn list_audit_trail(
    office: &Office,
    reviewer: &Reviewer,
    id: ApplicationId,
    page_size: i32,
    page_token: &str,
) -> Result<TrailPage, Error> {
    let size = page_token::page_size(page_size)?;
    let of = format!("{}\n{id}", reviewer.agent.account);
    let list = List {
        name: "benefits.audit_trail",
        of: &of,
    };
    // The place in a trail is the number of a line.
    let before = page_token::read(&office.pages, list, page_token)?.map(|(at, _)| at.timestamp_micros());
    let auditor = reviewer.agent.is(Role::Auditor);
    let mut tx = office.pool.begin().await?;
    let file = desk::load(office, &mut tx, reviewer, id, Hold::Free).await?;
    let seen = if auditor {
        file.may_be_audited()
    } else {
        file.may(reviewer, Act::See)
    };
    if let Err(why) = seen {
        tx.rollback().await?;
        return Err(desk::refused(office, reviewer, id, why).await);
    }
    let sent = file.application.stage().sent();
    let number = sent.map(|sent| sent.number.to_string()).unwrap_or_default();
    let hide = (!auditor && file.health()).then_some(PAPERS);
    let mut lines =
        audit::of_record(&mut tx, RECORD, id.as_uuid(), before, hide, i64::from(size) + 1).await?;
    let chain_intact = auditor && audit::is_intact(&mut tx, RECORD, id.as_uuid()).await?;
    tx.commit().await?;
    let more = lines.len() > usize::try_from(size).unwrap_or(usize::MAX);
    if more {
        lines.pop();
    }
    let next_page_token = match lines
        .last()
        .and_then(|line| chrono::DateTime::from_timestamp_micros(line.number))
    {
        Some(place) if more => page_token::write(&office.pages, list, place, Uuid::nil()),
        Some(_) | None => String::new(),
    };
    if !auditor {
        for line in &mut lines {
            line.reason = None;
        }
    }
    Ok(TrailPage {
        lines,
        next_page_token,
        chain_intact,
        number,
    })
}
