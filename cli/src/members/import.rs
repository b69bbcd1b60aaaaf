//! `tadamon members import`: checks the file, gets a token, streams the lines to membership and prints what it answers.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};
use membership_proto::v1::roster_service_client::RosterServiceClient;
use membership_proto::v1::{
    ImportRosterRequest, ImportRosterResponse, RosterChunk, RosterLine, RosterOpening, RosterSummary,
    import_roster_request, import_roster_response,
};
use platform::clock::Clock;
use platform::status::reason;
use tokio::sync::mpsc;
use tonic::{Code, Request, Status, Streaming};

use super::report;
use super::roster_file::{self, Checked, Lines};
use crate::client::{self, ClientArgs};
use crate::exit::{self, Failure};

const SCOPE: &str = "membership.roster.import";
/// From the base of a local installation (deploy/local/ports.toml).
const PORT: u16 = 21;
/// Lines of one message: large enough to be quick, small enough for the progress bar to move.
const CHUNK: usize = 600;
/// Messages that wait before the file is read on.
const WAITING: usize = 4;
/// The longest import that makes sense.
const DEADLINE: Duration = Duration::from_secs(3600);

#[derive(clap::Args, Debug)]
pub(crate) struct ImportArgs {
    /// The roster, in the format of docs/roster-csv.md.
    file: PathBuf,
    /// Check everything, write nothing.
    #[arg(long)]
    dry_run: bool,
    /// JSON lines on standard output instead of sentences.
    #[arg(long)]
    json: bool,
    /// Where membership answers; as the local installation has it unless said.
    #[arg(long, env = "TADAMON_MEMBERSHIP_URL")]
    membership: Option<String>,
    #[command(flatten)]
    client: ClientArgs,
}

pub(crate) async fn run(args: ImportArgs, clock: &Clock) -> Result<ExitCode, Failure> {
    let url = args
        .membership
        .clone()
        .unwrap_or_else(|| args.client.local.url(PORT));
    let channel = args
        .client
        .local
        .channel("membership", &url, "--membership (TADAMON_MEMBERSHIP_URL)")?;
    let checked = roster_file::check(&args.file)?;
    let token = client::token(&args.client, "membership", SCOPE, clock.now()).await?;
    let bar = progress_bar(checked.lines);
    let (messages, stream) = mpsc::channel(WAITING);
    let reading = tokio::task::spawn_blocking({
        let (file, dry_run) = (args.file.clone(), args.dry_run);
        move || send(&file, checked, dry_run, &messages)
    });
    let mut request = Request::new(futures::stream::unfold(
        stream,
        async |mut stream: mpsc::Receiver<_>| stream.recv().await.map(|message| (message, stream)),
    ));
    request.set_timeout(DEADLINE);
    let request = auth::client::with_token(request, &token);
    let answers = RosterServiceClient::new(channel)
        .import_roster(request)
        .await
        .map_err(refused)?;
    let summary = follow(answers.into_inner(), &bar, args.json).await?;
    reading.await.map_err(anyhow::Error::from)??;
    bar.finish_and_clear();
    print(&report::summary(&summary, args.json));
    Ok(if summary.lines_bad == 0 {
        ExitCode::SUCCESS
    } else {
        exit::with_findings()
    })
}

/// On a terminal only: indicatif draws nothing elsewhere.
fn progress_bar(lines: u64) -> ProgressBar {
    let style = ProgressStyle::with_template("{bar:40} {pos}/{len} lines  {elapsed} (about {eta} left)");
    ProgressBar::new(lines).with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
}

/// Reads the file into messages, as quickly as membership takes them.
fn send(
    file: &Path,
    checked: Checked,
    dry_run: bool,
    messages: &mpsc::Sender<ImportRosterRequest>,
) -> Result<(), Failure> {
    let opening = RosterOpening {
        header: checked.header,
        dry_run,
        file_sha256: checked.sha256,
    };
    let mut next = import_roster_request::Part::Opening(opening);
    let mut lines = Lines::open(file)?;
    lines.next_line()?;
    let mut number = 1;
    loop {
        if messages
            .blocking_send(ImportRosterRequest { part: Some(next) })
            .is_err()
        {
            // The call ended: its answer says why.
            return Ok(());
        }
        let mut chunk = Vec::with_capacity(CHUNK);
        while chunk.len() < CHUNK {
            let Some(text) = lines.next_line()? else { break };
            number += 1;
            chunk.push(RosterLine { number, text });
        }
        if chunk.is_empty() {
            return Ok(());
        }
        next = import_roster_request::Part::Chunk(RosterChunk { lines: chunk });
    }
}

/// Prints findings as they come; gives the summary.
async fn follow(
    mut answers: Streaming<ImportRosterResponse>,
    bar: &ProgressBar,
    as_json: bool,
) -> Result<RosterSummary, Failure> {
    while let Some(answer) = answers.message().await.map_err(refused)? {
        match answer.part {
            Some(import_roster_response::Part::Progress(progress)) => {
                bar.suspend(|| {
                    progress
                        .findings
                        .iter()
                        .for_each(|finding| print(&report::finding(finding, as_json)));
                });
                bar.set_position(u64::from(progress.lines_read));
            }
            Some(import_roster_response::Part::Summary(summary)) => return Ok(summary),
            None => {}
        }
    }
    Err(Failure::unavailable(
        "membership ended without a summary; import the file again, what went in is not written twice",
    ))
}

/// A reader that goes away (`| head`) does not stop an import.
fn print(line: &str) {
    let _nobody_reads = writeln!(std::io::stdout(), "{line}");
}

fn refused(status: Status) -> Failure {
    let why = reason(&status).unwrap_or_else(|| format!("{:?}", status.code()));
    match status.code() {
        Code::InvalidArgument | Code::FailedPrecondition | Code::PermissionDenied | Code::Unauthenticated => {
            Failure::refused(format!(
                "membership refused the import: {} [{why}]",
                status.message()
            ))
        }
        _ => Failure::unavailable(format!(
            "membership does not answer or broke off [{why}]; import the file again, what went in is not written twice"
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_and_a_service_that_is_away_have_codes_of_their_own() {
        assert_eq!(
            refused(Status::failed_precondition("another import is running")).code(),
            65
        );
        assert_eq!(refused(Status::invalid_argument("header")).code(), 65);
        assert_eq!(refused(Status::unavailable("away")).code(), 69);
        assert_eq!(refused(Status::internal("broken")).code(), 69);
    }

    #[test]
    fn a_file_is_sent_with_its_opening_first_and_line_numbers_of_the_file() {
        let path = std::env::temp_dir().join(format!(
            "tadamon-send-{}.csv",
            hex::encode(platform::ids::random::<8>())
        ));
        std::fs::write(&path, format!("{}\na\nb\n", roster_file::HEADER)).unwrap();
        let checked = roster_file::check(&path).unwrap();
        let (messages, mut stream) = mpsc::channel(WAITING);
        send(&path, checked, true, &messages).unwrap();
        drop(messages);
        let mut parts = Vec::new();
        while let Ok(message) = stream.try_recv() {
            parts.push(message.part.unwrap());
        }
        let import_roster_request::Part::Opening(opening) = &parts[0] else {
            panic!("an opening comes first")
        };
        assert!(opening.dry_run && opening.file_sha256.len() == 64);
        let import_roster_request::Part::Chunk(chunk) = &parts[1] else {
            panic!("lines follow")
        };
        let sent: Vec<_> = chunk
            .lines
            .iter()
            .map(|line| (line.number, line.text.as_str()))
            .collect();
        assert_eq!(sent, [(2, "a"), (3, "b")]);
        std::fs::remove_file(path).unwrap();
    }
}
