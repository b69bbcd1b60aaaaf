//! `RosterService`: the roster, streamed in and reported line by line. One answer per chunk, the summary last.
//!
//! An import holds the only lock, so it never waits without a bound: a client that is silent or does not read is given up, and shutdown
//! interrupts between two batches.

use std::pin::Pin;
use std::time::Duration;

use futures::{Stream, StreamExt as _};
use membership_proto::v1::roster_service_server::RosterService;
use membership_proto::v1::{
    ImportRosterRequest, ImportRosterResponse, RosterChunk, import_roster_request, import_roster_response,
};
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tonic::{Request, Response, Status, Streaming};
use tracing::Instrument;

use super::convert;
use crate::error::Error;
use crate::use_cases::import_roster::{ImportRoster, Opening, RunningImport};

/// Answers that may wait for a slow reader before the import waits too.
const ANSWERS_WAITING: usize = 4;
/// A client that neither sends nor reads for this long is given up: nobody else can import meanwhile.
const SILENCE: Duration = Duration::from_secs(60);

/// The imports of this process, which end before it does.
#[derive(Clone, Debug, Default)]
pub(crate) struct RunningImports {
    ending: CancellationToken,
    tracker: TaskTracker,
}

impl RunningImports {
    /// From `shutdown` on no import goes on; returns when the last one has recorded its end.
    pub(crate) async fn end_with(self, shutdown: CancellationToken) -> anyhow::Result<()> {
        shutdown.cancelled().await;
        self.ending.cancel();
        self.tracker.close();
        self.tracker.wait().await;
        Ok(())
    }
}

pub(super) struct Rosters {
    pub(super) import: ImportRoster,
    pub(super) running: RunningImports,
}

type Answer = Result<ImportRosterResponse, Status>;

#[tonic::async_trait]
impl RosterService for Rosters {
    type ImportRosterStream = Pin<Box<dyn Stream<Item = Answer> + Send>>;

    async fn import_roster(
        &self,
        request: Request<Streaming<ImportRosterRequest>>,
    ) -> Result<Response<Self::ImportRosterStream>, Status> {
        let actor = auth::caller(&request)?.actor();
        let waiting = Waiting {
            silence: SILENCE,
            ending: self.running.ending.clone(),
        };
        let mut stream = request.into_inner();
        let Some(import_roster_request::Part::Opening(opening)) = waiting
            .on(stream.message())
            .await??
            .and_then(|message| message.part)
        else {
            return Err(Error::BadStream("the first message must be the opening").into());
        };
        let opening = Opening {
            header: opening.header,
            dry_run: opening.dry_run,
            file_sha256: opening.file_sha256,
        };
        let import = self.import.open(opening, actor).await?;
        let (answers, received) = mpsc::channel(ANSWERS_WAITING);
        let run = run(import, stream, answers, waiting).instrument(tracing::Span::current());
        self.running.tracker.spawn(run);
        Ok(Response::new(Box::pin(ReceiverStream::new(received))))
    }
}

/// How long the other side is waited for.
struct Waiting {
    silence: Duration,
    ending: CancellationToken,
}

impl Waiting {
    async fn on<T>(&self, other_side: impl Future<Output = T>) -> Result<T, Error> {
        tokio::select! {
            biased;
            () = self.ending.cancelled() => Err(Error::Ending),
            heard = tokio::time::timeout(self.silence, other_side) => heard.map_err(|_elapsed| Error::ImportSilent),
        }
    }
}

/// Reads to the end of the stream. Whoever stops listening interrupts the import between two batches.
async fn run(
    mut import: RunningImport,
    mut stream: impl Stream<Item = Result<ImportRosterRequest, Status>> + Unpin,
    answers: mpsc::Sender<Answer>,
    waiting: Waiting,
) {
    loop {
        let chunk = match next_chunk(&mut stream, &waiting).await {
            Ok(Some(chunk)) => chunk,
            Ok(None) => break,
            Err(status) => return interrupt(import, &answers, status, &waiting).await,
        };
        let lines = chunk.lines.into_iter().map(|line| (line.number, line.text));
        let progress = match import.lines(lines).await {
            Ok(progress) => convert::progress(progress),
            Err(error) => return interrupt(import, &answers, error.into(), &waiting).await,
        };
        let progress = Ok(answer(import_roster_response::Part::Progress(progress)));
        match waiting.on(answers.send(progress)).await {
            Ok(Ok(())) => {}
            Ok(Err(_nobody_listens)) => return import.interrupt().await,
            Err(error) => return interrupt(import, &answers, error.into(), &waiting).await,
        }
    }
    match import.finish().await {
        Ok((progress, summary)) => {
            let progress = import_roster_response::Part::Progress(convert::progress(progress));
            let summary = import_roster_response::Part::Summary(convert::summary(&summary));
            // The import is over and recorded: nobody listening any more changes nothing.
            for part in [progress, summary] {
                let _nobody_listens = waiting.on(answers.send(Ok(answer(part)))).await;
            }
        }
        Err(error) => {
            let _nobody_listens = waiting.on(answers.send(Err(error.into()))).await;
        }
    }
}

/// Gives up. The lock is free before the reason is told.
async fn interrupt(import: RunningImport, answers: &mpsc::Sender<Answer>, status: Status, waiting: &Waiting) {
    import.interrupt().await;
    if let Err(mpsc::error::TrySendError::Full(answer)) = answers.try_send(Err(status)) {
        let _nobody_listens = waiting.on(answers.send(answer)).await;
    }
}

async fn next_chunk(
    stream: &mut (impl Stream<Item = Result<ImportRosterRequest, Status>> + Unpin),
    waiting: &Waiting,
) -> Result<Option<RosterChunk>, Status> {
    let Some(message) = waiting.on(stream.next()).await? else {
        return Ok(None);
    };
    match message?.part {
        Some(import_roster_request::Part::Chunk(chunk)) => Ok(Some(chunk)),
        _ => Err(Error::BadStream("only lines may follow the opening").into()),
    }
}

fn answer(part: import_roster_response::Part) -> ImportRosterResponse {
    ImportRosterResponse { part: Some(part) }
}

#[cfg(test)]
#[path = "roster_service_tests.rs"]
mod tests;
