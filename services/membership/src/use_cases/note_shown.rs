//! Who was shown what of whom: a line in the member's trail for each agent who saw a name, a record or a match at the desk. Written before the answer
//! leaves; where it cannot be written nothing is shown.

use chrono::{DateTime, Utc};
use platform::audit::{self, Actor, AuditEntry};
use sqlx::PgPool;
use uuid::Uuid;

use crate::error::Error;

/// The trail's name of a member.
const RECORD: &str = "member";

/// What was shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shown {
    /// Name, number and position in a list of files.
    Label,
    /// Family beside a file, and the masked account to those whose work it is.
    Record { account: bool },
    /// Name, whether a mail could be sent and whether the member died, by number at the desk.
    AtDesk,
}

impl Shown {
    const fn action(self) -> &'static str {
        match self {
            Self::Label => "label_shown",
            Self::Record { .. } => "record_shown",
            Self::AtDesk => "found_at_desk",
        }
    }

    const fn fields(self) -> &'static [&'static str] {
        match self {
            Self::Label => &["name", "matricule", "position"],
            Self::Record { account: true } => &["name", "matricule", "position", "family", "bank_account"],
            Self::Record { account: false } => &["name", "matricule", "position", "family"],
            Self::AtDesk => &["name", "matricule", "position", "has_address", "deceased"],
        }
    }
}

/// # Errors
/// The database.
pub(crate) async fn note_shown(
    pool: &PgPool,
    actor: &Actor,
    shown: Shown,
    mut members: Vec<Uuid>,
    at: DateTime<Utc>,
) -> Result<(), Error> {
    // In one order everywhere: two lists with the same members do not wait for each other in a circle.
    members.sort_unstable();
    members.dedup();
    let mut tx = pool.begin().await?;
    for member in members {
        let line = AuditEntry {
            record_kind: RECORD,
            record_id: member,
            actor,
            action: shown.action(),
            fields: shown.fields(),
            reason: None,
            at,
        };
        audit::record(&mut tx, line).await?;
    }
    Ok(tx.commit().await?)
}
