//! The forms of a file's page: each posts to the page's own address with the version that the agent saw. What was typed stays when the file has
//! changed meanwhile, when a duty forbids it, or when benefits is away.

use axum::extract::Path;
use axum::http::StatusCode;
use kernel::Money;

use super::file::{Extra, came_from, is_duty, render, step_of};
use super::file_forms::CAUSES;
use super::{paper, require};
use crate::backend::Audience;
use crate::backend::models::Bilingual;
use crate::backend::office::{AskedItem, Change, Outcome};
use crate::error::Error;
use crate::pages::files::known_id;
use crate::pages::{Page, refusal};
use crate::views::{Problems, REVIEWERS};
use crate::visit::Visit;

/// Largest retained cost, in centimes: one million dirhams.
const LARGEST_COST: i64 = 100_000_000;
const LONGEST_NOTE: usize = 1_000;
const LONGEST_ITEM_NOTE: usize = 500;
/// Most answers and papers of one request.
const MOST_ITEMS: usize = 10;

pub(crate) async fn submit(visit: Visit, Path((_, id)): Path<(String, String)>) -> Page {
    require(&visit, REVIEWERS)?;
    let id = known_id(&id)?;
    let action = visit.fields.get("action");
    if action == "open_paper" {
        return paper::ask(&visit, id).await;
    }
    let mut problems = Problems {
        heading: visit.say("problems-heading"),
        ..Problems::default()
    };
    let Some(change) = read(&visit, action, &mut problems) else {
        if problems.is_empty() {
            // No form of ours asks for anything else.
            return Err(Error::Unreadable(StatusCode::UNPROCESSABLE_ENTITY));
        }
        let extra = Extra {
            problems,
            ..Extra::default()
        };
        return render(&visit, id, extra, StatusCode::UNPROCESSABLE_ENTITY).await;
    };
    let version = visit.fields.get("version").parse().unwrap_or_default();
    let token = visit.token(Audience::Benefits).await?;
    let outcome = visit
        .backend()
        .change_file(&token, id, &visit.key(), version, change)
        .await;
    match outcome {
        Ok(Outcome::Done) => Ok(visit.go(done(&visit, id, action))),
        Ok(Outcome::TakenByAnother) => {
            let extra = Extra {
                taken: true,
                ..Extra::default()
            };
            render(&visit, id, extra, StatusCode::CONFLICT).await
        }
        Err(Error::Refused { reason, .. }) if reason == "FILE_CHANGED" => {
            let extra = Extra {
                changed: true,
                ..Extra::default()
            };
            render(&visit, id, extra, StatusCode::CONFLICT).await
        }
        Err(error) => refused(&visit, id, problems, error).await,
    }
}

async fn refused(visit: &Visit, id: &str, mut problems: Problems, error: Error) -> Page {
    problems.heading = visit.say("problems-cannot");
    let status = error.http_status();
    if error.is_transient() && !matches!(error, Error::Unforeseen) {
        let extra = Extra {
            away: true,
            ..Extra::default()
        };
        // The page itself needs benefits: when that is away too, the designed page keeps what was typed.
        return match render(visit, id, extra, status).await {
            Err(again) if again.is_transient() => Err(error),
            outcome => outcome,
        };
    }
    let duty = is_duty(&error);
    refusal(visit, &mut problems, error)?;
    // Too short and too long were told before anybody was asked: what is left is the other language's script.
    for (field, sentence) in &mut problems.lines {
        match field.as_str() {
            "sentence_ar" => *sentence = visit.say("refusal-sentence-not-ar"),
            "sentence_fr" => *sentence = visit.say("refusal-sentence-not-fr"),
            _ => {}
        }
    }
    let status = if duty {
        StatusCode::FORBIDDEN
    } else {
        StatusCode::UNPROCESSABLE_ENTITY
    };
    let extra = Extra {
        problems,
        ..Extra::default()
    };
    render(visit, id, extra, status).await
}

/// Where a form leads that was taken: its own page, which says so.
fn done(visit: &Visit, id: &str, action: &str) -> String {
    let mut address = format!("/office/files/{id}?");
    if let Some(context) = came_from(visit) {
        address.push_str(&context);
        address.push('&');
    }
    if let Some((_, sealed)) = paper::ticket_of(visit, id) {
        address.push_str("paper=");
        address.push_str(&sealed);
        address.push('&');
    }
    let word = match action {
        "validate" => visit.fields.get("verdict"),
        other => other,
    };
    // Only words that the forms know reach the address.
    let word: String = word
        .chars()
        .filter(|sign| sign.is_ascii_lowercase() || *sign == '_')
        .collect();
    format!("{address}done={word}{}", visit.keep_carried())
}

/// What the form asks for; `None` with problems when something must be mended, without when no form of ours looks so.
fn read(visit: &Visit, action: &str, problems: &mut Problems) -> Option<Change> {
    match action {
        "assign" => Some(Change::Assign { take_over: false }),
        "take_over" => Some(Change::Assign { take_over: true }),
        "release" => Some(Change::Release),
        "stop_waiting" => Some(Change::StopWaiting),
        "opinion" => opinion(visit, problems),
        "ask" => ask(visit, problems),
        "propose" => propose(visit, problems),
        "validate" => validate(visit, problems),
        "note" => note(visit, "note", LONGEST_NOTE, problems).map(Change::Note),
        _ => None,
    }
}

fn opinion(visit: &Visit, problems: &mut Problems) -> Option<Change> {
    let favourable = match visit.fields.get("opinion") {
        "favourable" => true,
        "unfavourable" => {
            return Some(Change::Opinion {
                favourable: false,
                retained_cost: 0,
            });
        }
        _ => {
            problems.add("opinion-favourable", visit.say("opinion-missing"));
            return None;
        }
    };
    let cost = Money::parse(visit.fields.trimmed("retained_cost")).map(Money::centimes);
    match cost {
        Ok(cost) if (1..=LARGEST_COST).contains(&cost) => Some(Change::Opinion {
            favourable,
            retained_cost: cost,
        }),
        Ok(_) | Err(_) => {
            let most = kernel::civil::format_money(Money::from_centimes(LARGEST_COST), visit.locale);
            problems.add("retained_cost", visit.say1("retained-cost-problem", "max", most));
            None
        }
    }
}

fn ask(visit: &Visit, problems: &mut Problems) -> Option<Change> {
    let mut items = Vec::new();
    for (name, _) in visit.fields.iter() {
        let Some(id) = name.strip_prefix("ask_") else {
            continue;
        };
        let typed = visit.fields.get(&format!("cause_{id}"));
        let Some(cause) = CAUSES.into_iter().find(|cause| *cause == typed) else {
            problems.add(&format!("cause_{id}"), visit.say("cause-missing"));
            continue;
        };
        let note = visit.fields.trimmed(&format!("note_{id}")).to_owned();
        if note.chars().count() > LONGEST_ITEM_NOTE {
            problems.add(
                &format!("note_{id}"),
                visit.say1("text-too-long", "max", LONGEST_ITEM_NOTE),
            );
            continue;
        }
        let (field, paper) = match id.split_once('_') {
            Some(("f", field)) => (field.to_owned(), String::new()),
            Some(("p", paper)) => (String::new(), paper.to_owned()),
            _ => continue,
        };
        items.push(AskedItem {
            field,
            paper,
            cause,
            note,
            corrected: false,
        });
    }
    if !problems.is_empty() {
        return None;
    }
    if items.is_empty() {
        problems.add("asks", visit.say("ask-nothing"));
        return None;
    }
    if items.len() > MOST_ITEMS {
        problems.add("asks", visit.say1("ask-too-many", "max", MOST_ITEMS));
        return None;
    }
    Some(Change::Ask(items))
}

fn propose(visit: &Visit, problems: &mut Problems) -> Option<Change> {
    match visit.fields.get("recommendation") {
        "grant" => Some(Change::Propose { refusal: None }),
        "refuse" => refusal_reason(visit, problems).map(|reason| Change::Propose {
            refusal: Some(reason),
        }),
        _ => {
            problems.add("recommendation-grant", visit.say("recommendation-missing"));
            None
        }
    }
}

fn validate(visit: &Visit, problems: &mut Problems) -> Option<Change> {
    match visit.fields.get("verdict") {
        "grant" => Some(Change::Grant {
            amount: visit.fields.get("amount").parse().unwrap_or_default(),
        }),
        "refuse" => {
            let reason = refusal_reason(visit, problems);
            let ar = sentence(visit, "sentence_ar", problems);
            let fr = sentence(visit, "sentence_fr", problems);
            Some(Change::Refuse {
                reason: reason?,
                sentence: Bilingual { ar: ar?, fr: fr? },
            })
        }
        "send_back" => {
            let to = step_of(visit.fields.get("to"));
            if to.is_none() {
                problems.add("to-examination", visit.say("send-back-where"));
            }
            let note = note(visit, "send_back_note", LONGEST_NOTE, problems);
            Some(Change::SendBack { to: to?, note: note? })
        }
        _ => {
            problems.add("verdict-grant", visit.say("verdict-missing"));
            None
        }
    }
}

fn refusal_reason(visit: &Visit, problems: &mut Problems) -> Option<String> {
    let reason = visit.fields.trimmed("refusal_reason");
    if reason.is_empty() {
        problems.add("refusal_reason", visit.say("refusal-reason-missing"));
        return None;
    }
    Some(reason.to_owned())
}

/// A sentence for the member: 10 to 600 characters.
fn sentence(visit: &Visit, field: &str, problems: &mut Problems) -> Option<String> {
    let text = visit.fields.trimmed(field);
    if (10..=600).contains(&text.chars().count()) {
        return Some(text.to_owned());
    }
    problems.add(field, visit.say("refusal-sentence-problem"));
    None
}

fn note(visit: &Visit, field: &str, longest: usize, problems: &mut Problems) -> Option<String> {
    let text = visit.fields.trimmed(field);
    let length = text.chars().count();
    if length == 0 {
        problems.add(field, visit.say("note-missing"));
        return None;
    }
    if length > longest {
        problems.add(field, visit.say1("text-too-long", "max", longest));
        return None;
    }
    Some(text.to_owned())
}
