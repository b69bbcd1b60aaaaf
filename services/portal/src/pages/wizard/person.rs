//! Step 2: for whom? The member, a spouse, a child of the declared family; who has declared none finds a way out.

use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;

use super::{Draft, Step, is_going_back, open};
use crate::backend::models::{Answer, Relative};
use crate::pages::{Desk, Page, refusal};
use crate::views::{self, Choice, Frame, Problems, WizardHead};
use crate::visit::Visit;

struct Group {
    /// `member`, `spouse` or `child`.
    relation: String,
    name: String,
    people: Vec<Choice>,
    /// What to do when nobody is declared.
    none: String,
}

#[derive(Template)]
#[template(path = "wizard/person.html")]
struct Person {
    p: Frame,
    head: WizardHead,
    problems: Problems,
    groups: Vec<Group>,
    desk: Desk,
    saved: String,
}

pub(crate) async fn show(visit: Visit, Path((_, id)): Path<(String, String)>) -> Page {
    match open(&visit, &id, Step::Person).await? {
        Ok(draft) => render(&visit, &draft, Problems::default(), StatusCode::OK).await,
        Err(elsewhere) => Ok(elsewhere),
    }
}

pub(crate) async fn submit(visit: Visit, Path((_, id)): Path<(String, String)>) -> Page {
    let mut draft = match open(&visit, &id, Step::Person).await? {
        Ok(draft) => draft,
        Err(elsewhere) => return Ok(elsewhere),
    };
    let mut problems = Problems {
        heading: visit.say("problems-heading"),
        ..Problems::default()
    };
    // `member`, or `spouse:` and `child:` with the person's id.
    let (relation, person_id) = match visit.fields.trimmed("person").split_once(':') {
        Some((relation, person)) => (relation, person),
        None => (visit.fields.trimmed("person"), ""),
    };
    let answer = Answer::Person {
        relation: relation.to_owned(),
        person_id: person_id.to_owned(),
    };
    let known = draft.form.persons_concerned.iter().any(|known| known == relation);
    if is_going_back(&visit) {
        return draft
            .step_back(&visit, Step::Person, known.then_some(answer))
            .await;
    }
    if !known {
        problems.add("person-0", visit.say("person-choose"));
        return render(&visit, &draft, problems, StatusCode::UNPROCESSABLE_ENTITY).await;
    }
    match draft.save(&visit, answer).await {
        Ok(()) => Ok(draft.onward(&visit, Step::Person)),
        Err(error) => {
            refusal(&visit, &mut problems, error)?;
            for (field, _) in &mut problems.lines {
                "person-0".clone_into(field);
            }
            render(&visit, &draft, problems, StatusCode::UNPROCESSABLE_ENTITY).await
        }
    }
}

async fn render(visit: &Visit, draft: &Draft, problems: Problems, status: StatusCode) -> Page {
    let record = visit.record().await?;
    let (frame, head) = draft.head(visit, Step::Person, "person-step-title", &problems);
    let typed = visit.typed();
    let answers = &draft.file.answers;
    let chosen = match typed.get("person") {
        "" if answers.relation == "member" => "member".to_owned(),
        "" => format!("{}:{}", answers.relation, answers.person_id),
        typed => typed.to_owned(),
    };
    // Told here, where another person can be chosen, and not at the end. A file that is corrected holds a part of the ceiling itself, so that nothing
    // can be said of what is left for it.
    let with_ceiling = |hint: String, relation: &str, person_id: &str| {
        let used_up = draft
            .form
            .used_up
            .iter()
            .filter(|_| !draft.is_correction())
            .find(|used_up| used_up.relation == relation && used_up.person_id == person_id);
        match used_up {
            Some(used_up) => {
                let year = used_up.year.to_string();
                format!("{hint} · {}", frame.t1("ceiling-used-up-here", "year", year))
            }
            None => hint,
        }
    };
    let relative = |relative: &Relative| {
        let value = format!("{}:{}", relative.relation, relative.person_id);
        let birth = relative
            .birth_date
            .map(|day| frame.t1("born-on", "date", frame.day(day)))
            .unwrap_or_default();
        Choice {
            chosen: value == chosen,
            value,
            label: relative.name.full(visit.locale),
            hint: with_ceiling(birth, &relative.relation, &relative.person_id),
        }
    };
    let groups = draft
        .form
        .persons_concerned
        .iter()
        .map(|relation| {
            let people: Vec<Choice> = if relation == "member" {
                let own = Choice {
                    value: "member".to_owned(),
                    label: record.name.full(visit.locale),
                    hint: with_ceiling(visit.say("person-yourself"), "member", ""),
                    chosen: chosen == "member",
                };
                vec![own]
            } else {
                record
                    .family
                    .iter()
                    .filter(|known| known.relation == *relation)
                    .map(relative)
                    .collect()
            };
            let none = match (people.is_empty(), relation.as_str()) {
                (true, "child") => visit.say("person-no-child"),
                (true, _) => visit.say("person-no-spouse"),
                (false, _) => String::new(),
            };
            Group {
                name: frame.of_family("relation", relation),
                relation: relation.clone(),
                people,
                none,
            }
        })
        .collect();
    let page = Person {
        saved: draft.saved(&frame),
        desk: Desk::of(visit),
        p: frame,
        head,
        problems,
        groups,
    };
    Ok(views::page(status, &page))
}
