//! The desk: a member without a usable address is found by payroll number, identified by a paper, and given a printed code. The number travels in
//! forms, never in an address; the code is shown once.

use askama::Template;
use axum::http::StatusCode;
use kernel::{Locale, Matricule, Role};

use super::{nav, queues, rail, require};
use crate::backend::Audience;
use crate::backend::office::{MemberAtDesk, MemberLabel, Secret};
use crate::error::Error;
use crate::pages::profile::province;
use crate::pages::{Page, refusal};
use crate::views::{self, Choice, Field, Frame, Problems, Rail, Section};
use crate::visit::Visit;

/// Papers by which a person is identified.
const IDENTIFICATIONS: [&str; 4] = ["identity_card", "passport", "residence_card", "professional_card"];
/// Why the mail is no way.
const CAUSES: [&str; 2] = ["no_address", "address_unusable"];

/// Who stands there.
struct Person {
    name: String,
    matricule: String,
    position: String,
    province: String,
    has_address: bool,
    /// Nobody is identified as who died, and no code is made.
    deceased: bool,
}

/// What the sheet says in one language: whoever receives it may read the other one.
struct Sheet {
    lang: &'static str,
    dir: &'static str,
    title: String,
    platform: String,
    member: String,
    name: String,
    matricule: String,
    until: String,
    address: String,
    open: String,
    /// Each with its hint.
    steps: Vec<(String, String)>,
    secret: String,
}

#[derive(Template)]
#[template(path = "office/desk.html")]
struct DeskPage {
    p: Frame,
    rail: Rail,
    problems: Problems,
    matricule: Field,
    person: Option<Person>,
    /// The form that makes a code is there: it is the one that a switch of the language keeps.
    issues: bool,
    /// The first of two identifications is recorded: what comes next, for whom.
    recorded: String,
    identifications: Vec<Choice>,
    causes: Vec<Choice>,
}

#[derive(Template)]
#[template(path = "office/desk_code.html")]
struct CodePage {
    p: Frame,
    matricule: String,
    code: String,
    sheets: Vec<Sheet>,
}

pub(crate) async fn show(visit: Visit) -> Page {
    require(&visit, &[Role::FrontDesk])?;
    // A form that comes back stale or kept still shows whom it was about.
    let typed = visit.typed();
    let found = match Matricule::parse(typed.trimmed("matricule")) {
        Ok(matricule) => find(&visit, &matricule).await.ok(),
        Err(_) => None,
    };
    render(&visit, found, Problems::default(), StatusCode::OK).await
}

pub(crate) async fn submit(visit: Visit) -> Page {
    require(&visit, &[Role::FrontDesk])?;
    let mut problems = Problems {
        heading: visit.say("problems-heading"),
        ..Problems::default()
    };
    let Ok(matricule) = Matricule::parse(visit.fields.trimmed("matricule")) else {
        problems.add("matricule", visit.say("matricule-problem"));
        return render(&visit, None, problems, StatusCode::UNPROCESSABLE_ENTITY).await;
    };
    let found = match find(&visit, &matricule).await {
        Ok(found) => found,
        Err(Error::NotFound) => {
            problems.add("matricule", visit.reason("MEMBER_NOT_FOUND"));
            return render(&visit, None, problems, StatusCode::UNPROCESSABLE_ENTITY).await;
        }
        Err(error) => return Err(error),
    };
    // Who died is shown as such; identity makes no code for them either.
    if visit.fields.get("step") != "issue" || found.deceased {
        return render(&visit, Some(found), problems, StatusCode::OK).await;
    }
    let (identification, cause) = (visit.fields.get("identification"), visit.fields.get("cause"));
    if !IDENTIFICATIONS.contains(&identification) {
        problems.add(
            "identification-identity_card",
            visit.reason("IDENTIFICATION_UNKNOWN"),
        );
    }
    if !CAUSES.contains(&cause) {
        problems.add("cause-no_address", visit.reason("DESK_CAUSE_UNKNOWN"));
    }
    if !problems.is_empty() {
        return render(&visit, Some(found), problems, StatusCode::UNPROCESSABLE_ENTITY).await;
    }
    let token = visit.token(Audience::Identity).await?;
    match visit
        .backend()
        .activation_code(&token, matricule.as_str(), identification, cause)
        .await
    {
        Ok(code) => Ok(code_page(&visit, &found.label, &code)),
        Err(Error::NotFound) => {
            problems.add("matricule", visit.reason("MEMBER_NOT_FOUND"));
            render(&visit, None, problems, StatusCode::UNPROCESSABLE_ENTITY).await
        }
        // Not refused: this agent's part is done, and another's is left.
        Err(Error::Refused { reason, .. }) if reason == "SECOND_AGENT_NEEDED" => {
            let recorded = visit.reason(&reason);
            render_with(&visit, Some(found), problems, recorded, StatusCode::OK).await
        }
        Err(error) => {
            problems.heading = visit.say("problems-cannot");
            refusal(&visit, &mut problems, error)?;
            for (field, _) in &mut problems.lines {
                match field.as_str() {
                    "identification" => "identification-identity_card".clone_into(field),
                    "cause" => "cause-no_address".clone_into(field),
                    _ => {}
                }
            }
            render(&visit, Some(found), problems, StatusCode::UNPROCESSABLE_ENTITY).await
        }
    }
}

async fn find(visit: &Visit, matricule: &Matricule) -> Result<MemberAtDesk, Error> {
    let token = visit.token(Audience::Membership).await?;
    visit.backend().member_at_desk(&token, matricule.as_str()).await
}

fn code_page(visit: &Visit, label: &MemberLabel, code: &Secret) -> axum::response::Response {
    let mut frame = visit.heading(Section::None, "desk-code-title");
    frame.scripts = vec!["receipt.js"];
    visit.page(&CodePage {
        matricule: label.matricule.clone(),
        code: code.text.clone(),
        sheets: [Locale::Ar, Locale::Fr]
            .into_iter()
            .map(|locale| sheet(visit, &frame, locale, label, code))
            .collect(),
        p: frame,
    })
}

fn sheet(visit: &Visit, page: &Frame, locale: Locale, label: &MemberLabel, code: &Secret) -> Sheet {
    let frame = &Frame {
        locale,
        ..page.clone()
    };
    let base = &visit.portal.settings.http.public_url;
    Sheet {
        lang: frame.lang(),
        dir: frame.dir(),
        title: frame.t("desk-code-title"),
        platform: frame.t("platform"),
        member: frame.t("receipt-member"),
        name: label.name.full(locale),
        matricule: frame.t("matricule"),
        until: frame.t1("desk-code-until", "when", frame.moment(code.until)),
        address: format!("{base}{}", frame.url("/activate")),
        open: frame.t("desk-code-open"),
        steps: vec![
            (frame.t("desk-code-type"), frame.t("desk-code-type-text")),
            (frame.t("desk-code-password"), frame.t("desk-code-password-text")),
        ],
        secret: frame.t("desk-code-secret"),
    }
}

async fn render(visit: &Visit, found: Option<MemberAtDesk>, problems: Problems, status: StatusCode) -> Page {
    render_with(visit, found, problems, String::new(), status).await
}

async fn render_with(
    visit: &Visit,
    found: Option<MemberAtDesk>,
    problems: Problems,
    recorded: String,
    status: StatusCode,
) -> Page {
    let mut frame = visit.heading(Section::None, "office-desk");
    if !problems.is_empty() {
        frame.title = visit.say1("title-with-problem", "title", &frame.title);
    }
    frame.scripts = vec!["forms.js"];
    frame.keeps_typed = true;
    let typed = visit.typed();
    let choices = |family: &str, field: &str, words: &[&str]| -> Vec<Choice> {
        words
            .iter()
            .map(|word| Choice {
                value: (*word).to_owned(),
                label: frame.of_family(family, word),
                chosen: typed.get(field) == *word,
                ..Choice::default()
            })
            .collect()
    };
    let page = DeskPage {
        issues: recorded.is_empty() && found.as_ref().is_some_and(|found| !found.deceased),
        recorded,
        rail: rail(&frame, &nav(visit)?, &queues(visit).await?, "/office/desk"),
        matricule: Field {
            id: "matricule",
            label: visit.say("matricule"),
            hint: visit.say("desk-matricule-hint"),
            value: typed.trimmed("matricule").to_owned(),
            problem: problems.of("matricule"),
            kind: "text",
            inputmode: "numeric",
            autocomplete: "off",
            maxlength: 20,
            ltr: true,
            required: true,
            pattern: "matricule",
            pattern_message: visit.say("matricule-problem"),
            ..Field::default()
        },
        identifications: choices("identification", "identification", &IDENTIFICATIONS),
        causes: choices("desk-cause", "cause", &CAUSES),
        person: found.map(|found| Person {
            name: found.label.name.full(visit.locale),
            matricule: found.label.matricule,
            position: frame.of_family("position", &found.label.position),
            province: province(&found.label.province_iso, visit.locale),
            has_address: found.has_address,
            deceased: found.deceased,
        }),
        problems,
        p: frame,
    };
    Ok(views::page(status, &page))
}
