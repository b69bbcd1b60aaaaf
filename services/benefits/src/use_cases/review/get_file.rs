//! An agent looks at a file, and leaves a line in its trail.

use kernel::ApplicationId;

use super::Reviewer;
use super::desk::{self, Hold};
use super::view::{self, FileView};
use crate::domain::review::duties::Act;
use crate::error::Error;
use crate::use_cases::Office;

/// # Errors
/// What is no file; a file that is not the agent's to see, which is written down.
pub(crate) async fn get_file(
    office: &Office,
    reviewer: &Reviewer,
    id: ApplicationId,
) -> Result<FileView, Error> {
    let mut tx = office.pool.begin().await?;
    let file = desk::load(office, &mut tx, reviewer, id, Hold::Free).await?;
    if let Err(why) = file.may(reviewer, Act::See) {
        tx.rollback().await?;
        return Err(desk::refused(office, reviewer, id, why).await);
    }
    desk::audit_line(&mut tx, reviewer, id, "looked_at", &[], None).await?;
    let view = view::of(&mut tx, reviewer, file).await?;
    tx.commit().await?;
    Ok(view)
}
