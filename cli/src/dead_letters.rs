//! `tadamon dead-letters`: what services gave up (parked events, dead jobs), why, and how it is put in again. Asked of each service by gRPC with
//! the scope `operations.dead_letters`; the service writes a replay into its audit trail.

use std::process::ExitCode;

use chrono::{DateTime, SecondsFormat};
use clap::Subcommand;
use operations_proto::v1::{
    DeadLetter, DeadLetterState, GetDeadLetterRequest, ListDeadLettersRequest, ReplayDeadLetterRequest,
    ReplayOutcome,
};
use platform::clock::Clock;
use platform::status::reason;
use serde_json::json;
use tonic::{Code, Status};

use crate::exit::Failure;
use crate::services::{SERVICES, WhereArgs, is_away};

const SCOPE: &str = "operations.dead_letters";
#[derive(Subcommand, Debug)]
pub(crate) enum DeadLettersCommand {
    /// What every service gave up, the latest first. Exit 0 when nothing, 2 when something, 69 when a service did not answer.
    List(ListArgs),
    /// One of them: cause, trace, ids.
    Show(OneArgs),
    /// Put one in again, and after an event what was held behind it. Running it twice does it once.
    Replay(OneArgs),
}

#[derive(clap::Args, Debug)]
pub(crate) struct ListArgs {
    /// One service only.
    #[arg(long)]
    service: Option<String>,
    /// One JSON object a line.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    place: WhereArgs,
}

#[derive(clap::Args, Debug)]
pub(crate) struct OneArgs {
    /// As listed: benefits/event/benefits-member-facts/0193…
    id: String,
    /// JSON instead of lines.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    place: WhereArgs,
}

pub(crate) async fn run(command: DeadLettersCommand, clock: &Clock) -> Result<ExitCode, Failure> {
    match command {
        DeadLettersCommand::List(args) => list(args, clock).await,
        DeadLettersCommand::Show(args) => show(args, clock).await,
        DeadLettersCommand::Replay(args) => replay(args, clock).await,
    }
}

async fn list(args: ListArgs, clock: &Clock) -> Result<ExitCode, Failure> {
    let mut found = false;
    let mut away = Vec::new();
    for (service, _) in SERVICES {
        if args.service.as_deref().is_some_and(|only| only != service) {
            continue;
        }
        let message = ListDeadLettersRequest { page_size: 200 };
        let (mut client, request) = args.place.call(service, SCOPE, message, clock).await?;
        match client.list_dead_letters(request).await {
            Ok(answer) => {
                let answer = answer.into_inner();
                found |= answer.total > 0;
                for letter in &answer.dead_letters {
                    println!("{}", line(service, letter, args.json));
                }
                let listed = i64::try_from(answer.dead_letters.len()).unwrap_or(i64::MAX);
                if answer.total > listed {
                    eprintln!("{service}: {} more", answer.total - listed);
                }
            }
            Err(status) if is_away(&status) => away.push(service),
            Err(status) => return Err(refused(service, &status)),
        }
    }
    if !away.is_empty() {
        return Err(Failure::unavailable(format!(
            "no answer from {}",
            away.join(", ")
        )));
    }
    if args
        .service
        .as_deref()
        .is_some_and(|only| SERVICES.iter().all(|(name, _)| *name != only))
    {
        return Err(Failure::usage("no service has that name"));
    }
    if found {
        return Ok(crate::exit::with_findings());
    }
    eprintln!("nothing is parked");
    Ok(ExitCode::SUCCESS)
}

/// The service and what it calls the letter.
fn split(id: &str) -> Result<(&str, String), Failure> {
    id.split_once('/')
        .map(|(service, rest)| (service, rest.to_owned()))
        .ok_or_else(|| Failure::usage("take the id as `tadamon dead-letters list` prints it"))
}

async fn show(args: OneArgs, clock: &Clock) -> Result<ExitCode, Failure> {
    let (service, dead_letter_id) = split(&args.id)?;
    let message = GetDeadLetterRequest { dead_letter_id };
    let (mut client, request) = args.place.call(service, SCOPE, message, clock).await?;
    let answer = client
        .get_dead_letter(request)
        .await
        .map_err(|status| refused(service, &status))?;
    let letter = answer.into_inner().dead_letter.unwrap_or_default();
    if args.json {
        println!("{}", line(service, &letter, true));
    } else {
        for (name, value) in details(service, &letter) {
            if !value.is_empty() {
                println!("{name:<11} {value}");
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}

async fn replay(args: OneArgs, clock: &Clock) -> Result<ExitCode, Failure> {
    let (service, dead_letter_id) = split(&args.id)?;
    let message = ReplayDeadLetterRequest { dead_letter_id };
    let (mut client, request) = args.place.call(service, SCOPE, message, clock).await?;
    let answer = client
        .replay_dead_letter(request)
        .await
        .map_err(|status| refused(service, &status))?
        .into_inner();
    let outcome = answer.outcome();
    if args.json {
        let word = outcome.as_str_name().trim_start_matches("REPLAY_OUTCOME_");
        println!(
            "{}",
            json!({ "outcome": word.to_lowercase(), "held_behind": answer.held_behind })
        );
        return Ok(ExitCode::SUCCESS);
    }
    let behind = match answer.held_behind {
        0 => String::new(),
        held => format!(", and then {held} held behind it"),
    };
    match outcome {
        ReplayOutcome::Requested => println!("put in again{behind}"),
        ReplayOutcome::AlreadyRequested => println!("is put in already{behind}"),
        ReplayOutcome::AlreadyDone => println!("took effect already; nothing was changed"),
        ReplayOutcome::Unspecified => {
            return Err(Failure::unavailable(format!("{service} answered nothing known")));
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn refused(service: &str, status: &Status) -> Failure {
    let why = reason(status).unwrap_or_else(|| format!("{:?}", status.code()));
    if is_away(status) || status.code() == Code::Internal {
        Failure::unavailable(format!("{service} does not answer [{why}]; try again"))
    } else {
        Failure::refused(format!("{service} refused: {} [{why}]", status.message()))
    }
}

fn state(letter: &DeadLetter) -> &'static str {
    match letter.state() {
        DeadLetterState::Unspecified => "unknown",
        DeadLetterState::Failed => "failed",
        DeadLetterState::Held => "held",
        DeadLetterState::Replaying => "replaying",
    }
}

fn instant(at: Option<&pbjson_types::Timestamp>) -> String {
    at.and_then(|at| DateTime::from_timestamp(at.seconds, u32::try_from(at.nanos).ok()?))
        .map(|at| at.to_rfc3339_opts(SecondsFormat::Secs, true))
        .unwrap_or_default()
}

fn details(service: &str, letter: &DeadLetter) -> Vec<(&'static str, String)> {
    let number = |value: i64| {
        if value == 0 {
            String::new()
        } else {
            value.to_string()
        }
    };
    vec![
        ("id", format!("{service}/{}", letter.dead_letter_id)),
        ("state", state(letter).to_owned()),
        ("type", letter.event_type.clone()),
        ("record", letter.record_id.clone()),
        ("version", number(letter.sequence)),
        ("attempts", number(letter.attempts.into())),
        ("cause", letter.cause.replace(char::is_control, " ")),
        ("trace", letter.trace_id.clone()),
        ("happened", instant(letter.happened_at.as_ref())),
        ("given up", instant(letter.parked_at.as_ref())),
    ]
}

fn line(service: &str, letter: &DeadLetter, as_json: bool) -> String {
    let details = details(service, letter);
    if as_json {
        let fields: serde_json::Map<String, serde_json::Value> = details
            .into_iter()
            .map(|(name, value)| (name.replace(' ', "_"), value.into()))
            .collect();
        return serde_json::Value::Object(fields).to_string();
    }
    let value = |name: &str| {
        details
            .iter()
            .find(|(other, _)| *other == name)
            .map_or("", |(_, value)| value.as_str())
    };
    format!(
        "{}  {:9}  {}  {}",
        value("given up"),
        value("state"),
        value("id"),
        value("cause")
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_letter_is_shown_with_its_service_and_without_what_it_does_not_have() {
        let letter = DeadLetter {
            dead_letter_id: "job/email/0193".to_owned(),
            state: DeadLetterState::Failed.into(),
            attempts: 14,
            cause: "smtp\u{1b}[2J_away".to_owned(),
            ..DeadLetter::default()
        };
        let text = line("notifications", &letter, false);
        assert!(text.contains("failed") && text.contains("notifications/job/email/0193"));
        assert!(!text.contains('\u{1b}'));
        let read: serde_json::Value = serde_json::from_str(&line("notifications", &letter, true)).unwrap();
        assert_eq!((&read["attempts"], &read["version"]), (&json!("14"), &json!("")));
    }

    #[test]
    fn an_id_names_its_service_first() {
        assert_eq!(
            split("benefits/event/x/1").unwrap(),
            ("benefits", "event/x/1".to_owned())
        );
        assert_eq!(split("x").unwrap_err().code(), 64);
    }
}
