//! Step 1: is this the account to pay to? Only the bank and the last four digits are shown. Who says no learns where to lodge the proof, and keeps
//! the draft.

use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;

use super::{Draft, Step, open};
use crate::backend::models::Answer;
use crate::pages::{Desk, Page, refusal};
use crate::views::{self, Frame, Problems, WizardHead};
use crate::visit::Visit;

struct Account {
    bank_code: String,
    bank_name: String,
    last_four: String,
}

#[derive(Template)]
#[template(path = "wizard/account.html")]
struct AccountStep {
    p: Frame,
    head: WizardHead,
    problems: Problems,
    account: Option<Account>,
    holder: String,
    account_id: String,
    choice: String,
    saved: String,
    back: String,
}

#[derive(Template)]
#[template(path = "wizard/lodge.html")]
struct Lodge {
    p: Frame,
    head: WizardHead,
    desk: Desk,
    back: String,
    id: String,
}

pub(crate) async fn show(visit: Visit, Path((_, id)): Path<(String, String)>) -> Page {
    match open(&visit, &id, Step::Account).await? {
        Ok(draft) => render(&visit, &draft, Problems::default(), StatusCode::OK).await,
        Err(elsewhere) => Ok(elsewhere),
    }
}

pub(crate) async fn submit(visit: Visit, Path((_, id)): Path<(String, String)>) -> Page {
    let mut draft = match open(&visit, &id, Step::Account).await? {
        Ok(draft) => draft,
        Err(elsewhere) => return Ok(elsewhere),
    };
    let mut problems = Problems {
        heading: visit.say("problems-heading"),
        ..Problems::default()
    };
    let answer = match (visit.fields.trimmed("choice"), visit.fields.trimmed("account_id")) {
        ("confirmed", id) if !id.is_empty() => Answer::BankAccountConfirmed { id: id.to_owned() },
        ("not_mine", _) => Answer::BankAccountNotMine,
        _ => {
            problems.add("choice-confirmed", visit.say("account-choose"));
            return render(&visit, &draft, problems, StatusCode::UNPROCESSABLE_ENTITY).await;
        }
    };
    let not_mine = matches!(answer, Answer::BankAccountNotMine);
    match draft.save(&visit, answer).await {
        Ok(()) if not_mine => Ok(visit.go(format_args!("/applications/{}/account/lodge", draft.file.id))),
        Ok(()) => Ok(draft.onward(&visit, Step::Account)),
        Err(error) => {
            refusal(&visit, &mut problems, error)?;
            render(&visit, &draft, problems, StatusCode::UNPROCESSABLE_ENTITY).await
        }
    }
}

/// Where to lodge the bank proof; the draft waits.
pub(crate) async fn lodge(visit: Visit, Path((_, id)): Path<(String, String)>) -> Page {
    let draft = match open(&visit, &id, Step::Account).await? {
        Ok(draft) => draft,
        Err(elsewhere) => return Ok(elsewhere),
    };
    let (mut frame, head) = draft.head(&visit, Step::Account, "lodge-title", &Problems::default());
    frame.keeps_typed = false;
    let back = visit.url(format_args!("/applications/{}/account", draft.file.id));
    Ok(visit.page(&Lodge {
        p: frame,
        head,
        desk: Desk::of(&visit),
        back,
        id: draft.file.id,
    }))
}

async fn render(visit: &Visit, draft: &Draft, problems: Problems, status: StatusCode) -> Page {
    let record = visit.record().await?;
    let (frame, head) = draft.head(visit, Step::Account, "account-step-title", &problems);
    let typed = visit.typed();
    let account = record.bank_account.as_ref();
    // What was said of another account says nothing of this one.
    let answered = &draft.file.answers;
    let said_of_this = answered.bank_account_answer != "confirmed"
        || account.is_some_and(|account| account.id == answered.bank_account_id);
    let choice = match typed.get("choice") {
        "" if said_of_this => answered.bank_account_answer.clone(),
        choice => choice.to_owned(),
    };
    let page = AccountStep {
        saved: draft.saved(&frame),
        back: draft.back(visit, Step::Account),
        holder: record.name.full(visit.locale),
        account_id: account.map(|account| account.id.clone()).unwrap_or_default(),
        account: account.map(|account| Account {
            bank_code: account.bank_code.clone(),
            bank_name: account.bank_name.in_locale(visit.locale).to_owned(),
            last_four: account.last_four.clone(),
        }),
        p: frame,
        head,
        problems,
        choice,
    };
    Ok(views::page(status, &page))
}
