//! A member opens a draft, or finds the one of that benefit that is open already. Nothing is asked of the member yet, and nothing ever of one
//! whose own facts rule the benefit out.

use kernel::ApplicationId;
use platform::ids;

use super::view::View;
use super::{Asker, Office, RequestKey, audit_line, beforehand};
use crate::domain::application::Application;
use crate::error::Error;
use crate::store::applications;

/// # Errors
/// An unknown benefit, one that takes no requests, one that is not open to this member.
pub(crate) async fn start_application(
    office: &Office,
    asker: &Asker,
    request: &RequestKey,
    benefit_code: &str,
) -> Result<View, Error> {
    let mut tx = office.pool.begin().await?;
    if let Some(done) = request.claim(office, &mut tx, asker).await? {
        return office.replay(&mut tx, asker, done).await;
    }

    let benefit = office.catalogue.get(benefit_code).ok_or(Error::BenefitUnknown)?;
    benefit.open_form().ok_or(Error::BenefitNotOpen)?;
    let facts = beforehand::facts_of(&mut tx, asker.member).await?;
    beforehand::must_be_open_to(benefit, facts.as_ref(), asker.now)?;
    let key = office.key_of(&mut tx, asker).await?;
    let open = applications::open_draft(&mut tx, &key, asker.member, benefit_code).await?;

    let application = match open {
        Some(draft) => draft,
        None => {
            let id = ApplicationId::from_uuid(ids::uuid_v7(asker.now));
            let draft = Application::draft(id, asker.member, benefit_code, asker.now);
            if applications::insert_draft(&mut tx, &key, &draft).await? {
                audit_line(&mut tx, asker, id, "started", &[]).await?;
                tracing::info!(application.id = %id, benefit.code = benefit.public_code(), "draft started");
                draft
            } else {
                // Another device was a moment earlier: its draft is the one.
                applications::open_draft(&mut tx, &key, asker.member, benefit_code)
                    .await?
                    .ok_or(Error::NotFound)?
            }
        }
    };
    request.complete(&mut tx, asker, application.id).await?;
    let view = office.view_of(&mut tx, &key, asker, application).await?;
    tx.commit().await?;
    Ok(view)
}
