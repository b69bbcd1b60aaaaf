//! Hands a puzzle to the script of a public form, as JSON. The question for readers without scripts comes with the page itself.

use axum::Json;
use axum::extract::Path;
use axum::response::IntoResponse;

use super::{Page, robot};
use crate::visit::Visit;

pub(crate) async fn show(mut visit: Visit, Path((_, form)): Path<(String, String)>) -> Page {
    visit.wants_json = true;
    let challenge = visit
        .backend()
        .challenge(robot::form_of(&form)?, false, visit.locale, &visit.client_address)
        .await?;
    Ok(Json(serde_json::json!({ "id": challenge.id, "puzzle": challenge.puzzle })).into_response())
}
