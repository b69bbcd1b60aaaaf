//! A queue: the files that wait, the longest waiting first; filters stand in the address, the whole row leads to the file.

use askama::Template;
use axum::extract::Path;
use kernel::Role;
use kernel::digits::to_ascii_digits;

use super::{colleague, nav, queues, rail, require};
use crate::backend::Audience;
use crate::backend::models::{Benefit, BenefitState};
use crate::backend::office::{FileLine, MemberLabel, Queue, QueueFilter, Step};
use crate::error::Error;
use crate::fields::Fields;
use crate::pages::Page;
use crate::pages::profile::province;
use crate::views::{Choice, Frame, Rail, Section, Status, describe_state_of};
use crate::visit::Visit;

/// Rows of a page: a desk's screen shows twenty and more of them.
const ROWS: i32 = 25;
/// Ages that one looks for, in days.
const AGES: [i32; 4] = [7, 14, 21, 30];

struct Row {
    href: String,
    number: String,
    title: String,
    member: String,
    position: String,
    province: String,
    status: Status,
    holder: String,
    age: i64,
    /// `late`, `soon` or empty.
    urgency: &'static str,
    cannot_answer: bool,
}

#[derive(Template)]
#[template(path = "office/queue.html")]
struct QueuePage {
    p: Frame,
    rail: Rail,
    name: String,
    count: Option<i64>,
    rows: Vec<Row>,
    benefits: Vec<Choice>,
    assigned: Vec<Choice>,
    ages: Vec<Choice>,
    number: String,
    filtered: bool,
    here: String,
    next: String,
    first: String,
}

pub(crate) async fn show(visit: Visit, Path((_, word)): Path<(String, String)>) -> Page {
    require(
        &visit,
        &[
            Role::CaseOfficer,
            Role::HealthReviewer,
            Role::Validator,
            Role::Auditor,
        ],
    )?;
    let queue = Queue::parse(&word).ok_or(Error::NotFound)?;
    let nav = nav(&visit)?;
    let filter = filter_of(&visit.query);
    let token = visit.token(Audience::Benefits).await?;
    let from = visit.query.get("from");
    let backend = visit.backend();
    let (queues, (lines, next), benefits) = tokio::try_join!(
        queues(&visit),
        files(backend.queue_files(&token, queue, &filter, ROWS, from)),
        backend.list_benefits(&token),
    )?;
    let labels = labels(&visit, &lines).await?;
    let frame = visit.frame(Section::None, visit_name(&visit, queue));
    let here = frame.url(format_args!("/office/queues/{word}"));
    let context = context(queue, &filter);
    let own = context.split_once('&').map_or("", |(_, filters)| filters);
    let mut frame = frame;
    frame.scripts = vec!["office.js"];
    let page = QueuePage {
        rail: rail(&frame, &nav, &queues, &format!("/office/queues/{word}")),
        name: frame.title.clone(),
        count: queues
            .iter()
            .find(|summary| summary.queue == queue)
            .map(|summary| summary.files),
        rows: lines
            .iter()
            .map(|line| {
                let leads_to = if nav.reviews() { "" } else { "/audit" };
                let href = frame.url(format_args!("/office/files/{}{leads_to}?{context}", line.id));
                row(&visit, &frame, line, labels.get(&line.member_id), href)
            })
            .collect(),
        benefits: benefit_choices(&frame, &benefits, &filter.benefit),
        assigned: ["me", "nobody"]
            .into_iter()
            .map(|who| Choice {
                value: who.to_owned(),
                label: frame.of_family("assigned", who),
                chosen: filter.assigned == who,
                ..Choice::default()
            })
            .collect(),
        ages: AGES
            .into_iter()
            .map(|days| Choice {
                value: days.to_string(),
                label: frame.tn("filter-age", i64::from(days)),
                chosen: filter.minimum_age == days,
                ..Choice::default()
            })
            .collect(),
        number: filter.number.clone(),
        filtered: filter != QueueFilter::default(),
        next: if next.is_empty() {
            String::new()
        } else {
            format!("{here}?{own}{}from={next}", if own.is_empty() { "" } else { "&" })
        },
        first: if from.is_empty() {
            String::new()
        } else {
            format!("{here}?{own}")
        },
        here,
        p: frame,
    };
    Ok(visit.page(&page))
}

/// What is no number of a file is the number of none.
async fn files(
    asked: impl Future<Output = Result<(Vec<FileLine>, String), Error>>,
) -> Result<(Vec<FileLine>, String), Error> {
    match asked.await {
        Err(Error::Refused { fields, .. }) if fields.iter().any(|field| field.reason == "REQUEST_NUMBER") => {
            Ok((Vec::new(), String::new()))
        }
        outcome => outcome,
    }
}

fn visit_name(visit: &Visit, queue: Queue) -> String {
    visit.say(&format!("queue-{}", queue.word()))
}

/// The filters of an address; what is not one of ours narrows nothing.
pub(crate) fn filter_of(query: &Fields) -> QueueFilter {
    let assigned = query.get("assigned");
    QueueFilter {
        benefit: query.trimmed("benefit").chars().take(64).collect(),
        assigned: if matches!(assigned, "me" | "nobody") {
            assigned.to_owned()
        } else {
            String::new()
        },
        number: to_ascii_digits(query.trimmed("number"))
            .chars()
            .take(40)
            .collect(),
        minimum_age: query
            .get("age")
            .parse()
            .ok()
            .filter(|days| AGES.contains(days))
            .unwrap_or_default(),
    }
}

/// Queue and filters as a part of a file's address, so that "next" means the next of this list.
pub(crate) fn context(queue: Queue, filter: &QueueFilter) -> String {
    let mut address = form_urlencoded::Serializer::new(String::new());
    address.append_pair("queue", queue.word());
    let minimum_age = filter.minimum_age.to_string();
    for (name, value) in [
        ("benefit", filter.benefit.as_str()),
        ("assigned", filter.assigned.as_str()),
        ("number", filter.number.as_str()),
        ("age", if filter.minimum_age > 0 { &minimum_age } else { "" }),
    ] {
        if !value.is_empty() {
            address.append_pair(name, value);
        }
    }
    address.finish()
}

/// The list itself, with its filters.
pub(crate) fn list(queue: Queue, filter: &QueueFilter) -> String {
    let address = context(queue, filter);
    match address.split_once('&') {
        Some((_, filters)) => format!("/office/queues/{}?{filters}", queue.word()),
        None => format!("/office/queues/{}", queue.word()),
    }
}

/// Names behind member ids. Without membership the list still shows what waits.
async fn labels(
    visit: &Visit,
    lines: &[FileLine],
) -> Result<std::collections::HashMap<String, MemberLabel>, Error> {
    let mut ids: Vec<String> = lines.iter().map(|line| line.member_id.clone()).collect();
    ids.sort();
    ids.dedup();
    let token = visit.token(Audience::Membership).await?;
    match visit.backend().member_labels(&token, ids).await {
        Err(error) if error.is_transient() => Ok(std::collections::HashMap::new()),
        outcome => outcome,
    }
}

/// The services of which files may exist. One that takes no requests here is not named: of some the name alone tells of an illness.
fn benefit_choices(frame: &Frame, benefits: &[Benefit], chosen: &str) -> Vec<Choice> {
    benefits
        .iter()
        .filter(|benefit| benefit.requested && benefit.state != BenefitState::Planned)
        .map(|benefit| Choice {
            value: benefit.code.clone(),
            label: benefit.title.in_locale(frame.locale).to_owned(),
            chosen: benefit.code == chosen,
            ..Choice::default()
        })
        .collect()
}

fn row(visit: &Visit, frame: &Frame, line: &FileLine, label: Option<&MemberLabel>, href: String) -> Row {
    Row {
        href,
        number: line.number.clone(),
        title: line.title.in_locale(frame.locale).to_owned(),
        member: label
            .map(|label| label.name.full(frame.locale))
            .unwrap_or_default(),
        position: label
            .map(|label| frame.of_family("position", &label.position))
            .unwrap_or_default(),
        province: label
            .map(|label| province(&label.province_iso, frame.locale))
            .unwrap_or_default(),
        status: status(frame, line),
        holder: line
            .assignment
            .as_ref()
            .map(|assignment| colleague(visit, frame, &assignment.agent))
            .unwrap_or_default(),
        age: line.age,
        urgency: line.urgency.word(),
        cannot_answer: line.cannot_answer,
    }
}

/// The state; of an open file in examination, whose turn it is.
pub(crate) fn status(frame: &Frame, line: &FileLine) -> Status {
    let mut status = describe_state_of(frame, line.state);
    if line.state == crate::backend::models::FileState::InReview
        && let Some(step) = line.step
    {
        status.word = frame.of_family("turn", step_word(step));
    }
    status
}

pub(crate) fn step_word(step: Step) -> &'static str {
    match step {
        Step::Opinion => "opinion",
        Step::Examination => "examination",
        Step::Validation => "validation",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn filters_go_into_the_address_and_come_out_of_it_again() {
        let filter = QueueFilter {
            benefit: "exceptional_health_aid".to_owned(),
            assigned: "nobody".to_owned(),
            number: "12/Aid_X/2026".to_owned(),
            minimum_age: 14,
        };
        let address = context(Queue::Examination, &filter);
        assert!(address.starts_with("queue=examination&benefit="), "{address}");
        assert_eq!(filter_of(&Fields::parse(address.as_bytes())), filter);
        let odd = Fields::parse(b"assigned=everybody&age=3&number=%D9%A1%D9%A2");
        let expected = QueueFilter {
            number: "12".to_owned(),
            ..QueueFilter::default()
        };
        assert_eq!(filter_of(&odd), expected);
    }
}
