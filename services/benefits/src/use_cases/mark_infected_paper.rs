//! A paper was found infected after documents had taken it in: it is marked wherever it stands in its member's applications, so that no draft is sent
//! with it and no file granted on it, agents see why it does not open, and the member of an open file is told. What ended is marked and told to nobody,
//! and so is the file of one who died: nothing is asked of them.

use chrono::{DateTime, Utc};
use kernel::{DocumentId, MemberId};
use platform::audit::{self, Actor, AuditEntry};
use platform::crypto::FieldCipher;
use sqlx::PgConnection;

use super::RECORD;
use crate::domain::catalogue::Catalogue;
use crate::error::Error;
use crate::events::published;
use crate::store::{applications, infected_papers, member_facts};

/// Runs in the transaction of the event that tells it.
///
/// # Errors
/// The database is away, or a row cannot be read.
pub(crate) async fn mark_infected_paper(
    conn: &mut PgConnection,
    cipher: &FieldCipher,
    catalogue: &Catalogue,
    (member, document): (MemberId, DocumentId),
    at: DateTime<Utc>,
) -> Result<(), Error> {
    // First: whoever saves an answer with this paper at this moment holds the application, and looks here once it is theirs.
    infected_papers::insert(conn, document, at).await?;
    let key = cipher.person_key(conn, member.as_uuid(), at).await?;
    let actor = Actor::system("benefits-infected-papers");
    let facts = member_facts::of_member(conn, member).await?;
    let died = facts.is_some_and(|facts| facts.death_date.is_some());
    for application in applications::of_member_locked(conn, &key, member).await? {
        let Some(marked) = application.with_infected(document, at) else {
            continue;
        };
        applications::save_marked(conn, &key, &marked).await?;
        let entry = AuditEntry {
            record_kind: RECORD,
            record_id: marked.id.as_uuid(),
            actor: &actor,
            action: "paper_found_infected",
            fields: &["papers"],
            reason: None,
            at,
        };
        audit::record(conn, entry).await?;
        if marked.stage().is_open() && !died {
            let benefit = catalogue.get(&marked.benefit);
            bus::enqueue(conn, published::paper_infected(&marked, benefit, &actor, at)).await?;
        }
        tracing::warn!(application.id = %marked.id, "a paper of an application was found infected");
    }
    Ok(())
}
