//! `tadamon events tail`: reads along what is published. With the operator's credentials on the bus; nothing is acknowledged, nobody's place
//! moves, and no service's database is opened.

use std::io::Write as _;
use std::process::ExitCode;

use bus::operate::Tailed;
use clap::Subcommand;
use serde_json::{Value, json};

use crate::broker::BrokerArgs;
use crate::exit::Failure;

#[derive(Subcommand, Debug)]
pub(crate) enum EventsCommand {
    /// Print events as they are published, until interrupted.
    Tail(TailArgs),
}

#[derive(clap::Args, Debug)]
pub(crate) struct TailArgs {
    /// Subjects, with the wildcards of NATS: tadamon.events.benefits.>
    #[arg(long, default_value = "tadamon.>")]
    subject: String,
    /// One JSON object a line: subject, headers, data.
    #[arg(long)]
    json: bool,
    /// End after so many.
    #[arg(long)]
    count: Option<u64>,
    #[command(flatten)]
    broker: BrokerArgs,
}

pub(crate) async fn run(command: EventsCommand) -> Result<ExitCode, Failure> {
    let EventsCommand::Tail(args) = command;
    if !args
        .subject
        .strip_prefix(bus::grants::PREFIX)
        .is_some_and(|rest| rest.starts_with('.'))
    {
        return Err(Failure::usage("--subject begins with tadamon."));
    }
    let operator = args.broker.read()?.connect().await?;
    let mut tail = operator.tail(&args.subject).await?;
    eprintln!("listening to {}; end with Ctrl-C", args.subject);
    let mut left = args.count.unwrap_or(u64::MAX);
    while left > 0
        && let Some(message) = tail.next().await
    {
        // A reader that goes away (`| head`) ends the tail.
        if writeln!(std::io::stdout(), "{}", line(&message, args.json)).is_err() {
            break;
        }
        left -= 1;
    }
    Ok(ExitCode::SUCCESS)
}

fn line(message: &Tailed, as_json: bool) -> String {
    if as_json {
        return json!({
            "subject": message.subject,
            "headers": message.headers,
            "data": message.data,
        })
        .to_string();
    }
    let header = |name: &str| message.headers.get(name).map_or("-", String::as_str);
    let lane = if message.subject.contains(".restricted.") {
        " (restricted)"
    } else {
        ""
    };
    let version = header("ce-sequence").trim_start_matches('0');
    let data = match &message.data {
        Value::Object(fields) => fields
            .iter()
            .map(|(name, value)| {
                format!(
                    "{name}={}",
                    value.as_str().map_or(value.to_string(), str::to_owned)
                )
            })
            .collect::<Vec<_>>()
            .join(" "),
        other => other.to_string(),
    };
    let text = format!(
        "{}  {}{lane}  {} v{version}  {data}",
        header("ce-time"),
        header("ce-type"),
        header("ce-subject")
    );
    // Foreign bytes must not drive the operator's terminal.
    text.replace(char::is_control, "\u{fffd}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_is_one_line_and_says_when_it_is_restricted() {
        let message = Tailed {
            subject: "tadamon.restricted.benefits.application.submitted.v1".to_owned(),
            headers: [
                ("ce-time", "2026-11-22T09:00:00.000000Z"),
                ("ce-type", "tadamon.benefits.application.submitted.v1"),
                ("ce-subject", "0193"),
                ("ce-sequence", "00000000000000000042"),
            ]
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .into(),
            data: json!({ "version": "42", "documentIds": ["a"] }),
        };
        let text = line(&message, false);
        assert!(text.starts_with(
            "2026-11-22T09:00:00.000000Z  tadamon.benefits.application.submitted.v1 (restricted)  0193 v42  "
        ));
        assert!(text.contains("version=42") && text.contains("documentIds=[\"a\"]"));
        let rude = Tailed {
            data: json!({ "a": "\u{1b}[2J\nx" }),
            ..message.clone()
        };
        assert!(line(&rude, false).ends_with("a=\u{fffd}[2J\u{fffd}x"));
        let read: Value = serde_json::from_str(&line(&message, true)).unwrap();
        assert_eq!(read["data"]["version"], "42");
    }
}
