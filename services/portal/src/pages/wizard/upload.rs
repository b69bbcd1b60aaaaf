//! Sends one paper on to documents as it arrives: a chunk at a time, cut at the limit, never the whole file in memory.
//!
//! The same address serves the form without scripts (answer: the page again, with a tick or a sentence) and the script with its progress bar
//! (answer: JSON).

use std::time::Duration;

use axum::Json;
use axum::body::Body;
use axum::extract::multipart::Field;
use axum::extract::{FromRequest, Multipart, Path, Request};
use axum::http::HeaderMap;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use http_body_util::Limited;

use super::{Draft, Step, open, papers};
use crate::backend::Audience;
use crate::backend::documents::{PaperSender, UploadOpening, Uploaded, paper_channel};
use crate::backend::models::{Answer, PaperNeeded};
use crate::edge;
use crate::error::Error;
use crate::pages::{Page, failures, refusal};
use crate::security::form_token::{self, Standing};
use crate::views::Problems;
use crate::visit::Visit;

/// What is read and thrown away after a refusal, so that a browser that is still sending sees the answer.
const DRAIN_BYTES: u64 = 64 * 1024 * 1024;
const DRAIN_TIME: Duration = Duration::from_secs(20);

/// Fields that a form may bring besides the file. Ours brings two.
const MOST_FIELDS: usize = 16;

pub(crate) async fn submit(
    visit: Visit,
    Path((_, id)): Path<(String, String)>,
    headers: HeaderMap,
    request: Request,
) -> Page {
    let mut draft = match open(&visit, &id, Step::Papers).await? {
        Ok(draft) => draft,
        Err(elsewhere) => return Ok(elsewhere),
    };
    if !Step::Consent.is_answered(&draft.file, &draft.form) {
        return Ok(visit.go(format_args!("/applications/{}/consent", draft.file.id)));
    }
    let settings = visit.portal.settings.upload;
    // Whatever is in the body, whole or not: no more than a paper and what is thrown away after a refusal, and no longer than a slow line needs.
    let most = settings.max_bytes.saturating_add(DRAIN_BYTES);
    let request =
        request.map(|body| Body::new(Limited::new(body, usize::try_from(most).unwrap_or(usize::MAX))));
    let received = tokio::time::timeout(
        Duration::from_secs(settings.max_seconds),
        receive(&visit, &draft, &headers, request),
    );
    let Received { paper, outcome } = received
        .await
        .map_err(|_| Error::Unreadable(StatusCode::REQUEST_TIMEOUT))??;
    let outcome = match outcome {
        Ok(receipt) => attach(&visit, &mut draft, &paper, receipt).await,
        Err(error) => Err(error),
    };
    answer(&visit, draft, &paper, outcome).await
}

/// The address of a paper that was refused, opened again (reload, the other language): the papers stand on their own page.
pub(crate) async fn lead_back(visit: Visit, Path((_, id)): Path<(String, String)>) -> Page {
    let id = crate::pages::files::known_id(&id)?;
    Ok(visit.go(format_args!("/applications/{id}/papers")))
}

/// What came of reading the form: which paper it was for, and the receipt that documents gave.
struct Received {
    paper: String,
    outcome: Result<String, Error>,
}

/// Reads the form to its end; the file is passed on as it comes.
async fn receive(
    visit: &Visit,
    draft: &Draft,
    headers: &HeaderMap,
    request: Request,
) -> Result<Received, Error> {
    let mut form = Multipart::from_request(request, &())
        .await
        .map_err(|_| unreadable())?;
    let (mut form_token, mut paper, mut was) = (String::new(), String::new(), String::new());
    // The fields stand before the file in the form: they are known when its first byte arrives.
    for _ in 0..MOST_FIELDS {
        let Some(field) = form.next_field().await.map_err(|_| unreadable())? else {
            break;
        };
        match field.name() {
            Some(form_token::FIELD) => form_token = short(field).await?,
            Some("paper") => paper = short(field).await?,
            Some("was") => was = short(field).await?,
            Some("file") => {
                let outcome = match edge::inspect_form(visit, headers, &form_token) {
                    Standing::Forged => return Err(Error::Forbidden),
                    Standing::Stale(owner) if owner != visit.owner() => return Err(Error::Forbidden),
                    // Said at the card of the paper; choosing the file again sends it with the page's fresh token.
                    Standing::Stale(_) => Err(refused("FORM_STALE")),
                    Standing::Current => {
                        let needed = needed(draft, &paper)?;
                        if !was.is_empty() && was != draft.paper_there(&paper) {
                            Err(refused("PAPER_CHANGED_ELSEWHERE"))
                        } else {
                            take(visit, needed, field).await
                        }
                    }
                };
                drain(&mut form).await;
                return Ok(Received { paper, outcome });
            }
            _ => {
                short(field).await?;
            }
        }
    }
    Err(unreadable())
}

fn unreadable() -> Error {
    Error::Unreadable(StatusCode::BAD_REQUEST)
}

/// A paper of the form; of a correction, one that was asked for.
fn needed<'a>(draft: &'a Draft, code: &str) -> Result<&'a PaperNeeded, Error> {
    let needed = draft.form.papers.iter().find(|needed| needed.code == code);
    let needed = needed.ok_or_else(unreadable)?;
    if draft.asks_paper(code) {
        Ok(needed)
    } else {
        Err(refused("ANSWER_NOT_ASKED_FOR"))
    }
}

/// A small field in front of the file.
async fn short(mut field: Field<'_>) -> Result<String, Error> {
    const MOST: usize = 2_048;
    let mut text = Vec::new();
    while let Some(chunk) = field
        .chunk()
        .await
        .map_err(|_| Error::Unreadable(StatusCode::BAD_REQUEST))?
    {
        text.extend_from_slice(&chunk);
        if text.len() > MOST {
            return Err(Error::Unreadable(StatusCode::PAYLOAD_TOO_LARGE));
        }
    }
    String::from_utf8(text).map_err(|_| Error::Unreadable(StatusCode::BAD_REQUEST))
}

fn refused(reason: &str) -> Error {
    Error::Refused {
        reason: reason.to_owned(),
        fields: Vec::new(),
        retry_after: None,
    }
}

/// The name that the device gave, without control characters; a long one loses its middle, never its ending, which says what the file is.
fn shortened(given: &str) -> String {
    const LONGEST: usize = 200;
    const ENDING: usize = 40;
    let name: Vec<char> = given.chars().filter(|c| !c.is_control()).collect();
    if name.len() <= LONGEST {
        return name.into_iter().collect();
    }
    let (start, end) = (LONGEST - 1 - ENDING, name.len() - ENDING);
    let (start, end) = (name.iter().take(start), name.iter().skip(end));
    start.chain(&['…']).chain(end).collect()
}

/// Passes the file on and gives its receipt.
async fn take(visit: &Visit, needed: &PaperNeeded, mut field: Field<'_>) -> Result<String, Error> {
    let file_name = shortened(field.file_name().unwrap_or_default());
    if file_name.is_empty() {
        return Err(refused("FILE_NOT_CHOSEN"));
    }
    let token = visit.token(Audience::Documents).await?;
    let first = UploadOpening {
        file_name,
        document_class: needed.document_class.clone(),
        // A key for each file that arrives, never one of the page: after a half success the next file from the same page is another file.
        idempotency_key: platform::ids::uuid_v7(visit.portal.clock.now()).to_string(),
    };
    let (sender, pieces) = paper_channel();
    let backend = visit.backend().clone();
    // A task of its own: when the browser leaves, this page's future is dropped, and the call must still be told that the file is not whole. A
    // call that is merely dropped looks to the callee like one that ended well. It ends by itself, at the latest with its deadline.
    let sending = tokio::spawn(async move { backend.upload(&token, first, pieces).await });
    let sending = async { sending.await.unwrap_or(Err(Error::Unforeseen)) };
    let reading = pass_on(&mut field, sender, papers::limit(visit, needed));
    Ok(both(sending, reading).await?.receipt)
}

/// Puts the receipt into the draft. The token that opened the draft was made before the file arrived and may be too old by now.
async fn attach(visit: &Visit, draft: &mut Draft, code: &str, receipt: String) -> Result<(), Error> {
    draft.token = visit.token(Audience::Benefits).await?;
    let paper = Answer::Paper {
        code: code.to_owned(),
        receipt,
    };
    draft.save(visit, paper).await
}

/// Waits for documents' answer while the browser's bytes are passed on. When reading fails (too large, the line broke), the call breaks off and
/// documents keeps nothing. When documents answers first, reading stops.
async fn both(
    sending: impl Future<Output = Result<Uploaded, Error>>,
    reading: impl Future<Output = Result<(), Error>>,
) -> Result<Uploaded, Error> {
    let (mut sending, mut reading) = (std::pin::pin!(sending), std::pin::pin!(reading));
    tokio::select! {
        biased;
        read = &mut reading => { read?; sending.await }
        sent = &mut sending => sent,
    }
}

async fn pass_on(field: &mut Field<'_>, mut sender: PaperSender, limit: u64) -> Result<(), Error> {
    let mut passed: u64 = 0;
    while let Some(chunk) = field
        .chunk()
        .await
        .map_err(|_| Error::Unreadable(StatusCode::BAD_REQUEST))?
    {
        passed += chunk.len() as u64;
        if passed > limit {
            return Err(refused("FILE_TOO_LARGE"));
        }
        if !sender.send(chunk).await {
            // Documents answered before the end, with a refusal: its answer counts.
            std::future::pending::<()>().await;
        }
    }
    sender.finish();
    Ok(())
}

/// Reads what the browser still sends, up to a bound, so that it gets to read the answer.
async fn drain(form: &mut Multipart) {
    let rest = async {
        let mut thrown_away: u64 = 0;
        while let Ok(Some(mut field)) = form.next_field().await {
            while let Ok(Some(chunk)) = field.chunk().await {
                thrown_away += chunk.len() as u64;
                if thrown_away > DRAIN_BYTES {
                    return;
                }
            }
        }
    };
    if tokio::time::timeout(DRAIN_TIME, rest).await.is_err() {
        tracing::info!("a refused upload went on for too long");
    }
}

async fn answer(visit: &Visit, draft: Draft, paper: &str, outcome: Result<(), Error>) -> Page {
    match outcome {
        Ok(()) if visit.wants_json => Ok(Json(serde_json::json!({ "taken": true })).into_response()),
        Ok(()) => Ok(visit.go(format_args!("/applications/{}/papers", draft.file.id))),
        Err(error) if visit.wants_json => Ok(failures::respond(visit, &error)),
        Err(error) => {
            let mut problems = Problems {
                heading: visit.say("problems-heading"),
                ..Problems::default()
            };
            refusal(visit, &mut problems, error)?;
            for (field, _) in &mut problems.lines {
                *field = papers::field_of(paper);
            }
            papers::render(visit, &draft, problems, StatusCode::UNPROCESSABLE_ENTITY)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_name_loses_its_middle_and_keeps_its_ending() {
        let name = shortened(&format!("{}.pdf", "ا".repeat(400)));
        assert_eq!(name.chars().count(), 200);
        assert!(name.contains('…') && name.ends_with("اا.pdf"), "{name}");
        assert_eq!(shortened("rapport\r\n.pdf"), "rapport.pdf");
    }
}
