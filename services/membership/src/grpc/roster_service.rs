//! `RosterService`: the roster, streamed in and reported line by line. One answer per chunk, the summary last.

use std::pin::Pin;

use futures::Stream;
use membership_proto::v1::roster_service_server::RosterService;
use membership_proto::v1::{
    ImportRosterRequest, ImportRosterResponse, RosterChunk, import_roster_request, import_roster_response,
};
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use tonic::{Request, Response, Status, Streaming};
use tracing::Instrument;

use super::convert;
use crate::error::Error;
use crate::use_cases::import_roster::{ImportRoster, Opening, RunningImport};

/// Answers that may wait for a slow reader before the import waits too.
const ANSWERS_WAITING: usize = 4;

pub(super) struct Rosters(pub(super) ImportRoster);

type Answer = Result<ImportRosterResponse, Status>;

#[tonic::async_trait]
impl RosterService for Rosters {
    type ImportRosterStream = Pin<Box<dyn Stream<Item = Answer> + Send>>;

    async fn import_roster(
        &self,
        request: Request<Streaming<ImportRosterRequest>>,
    ) -> Result<Response<Self::ImportRosterStream>, Status> {
        let actor = auth::caller(&request)?.actor();
        let mut stream = request.into_inner();
        let Some(import_roster_request::Part::Opening(opening)) =
            stream.message().await?.and_then(|message| message.part)
        else {
            return Err(Error::BadStream("the first message must be the opening").into());
        };
        let opening = Opening {
            header: opening.header,
            dry_run: opening.dry_run,
            file_sha256: opening.file_sha256,
        };
        let import = self.0.open(opening, actor).await?;
        let (answers, waiting) = mpsc::channel(ANSWERS_WAITING);
        tokio::spawn(run(import, stream, answers).instrument(tracing::Span::current()));
        Ok(Response::new(Box::pin(ReceiverStream::new(waiting))))
    }
}

/// Reads to the end of the stream. Whoever stops listening interrupts the import between two batches.
async fn run(
    mut import: RunningImport,
    mut stream: Streaming<ImportRosterRequest>,
    answers: mpsc::Sender<Answer>,
) {
    loop {
        let chunk = match next_chunk(&mut stream).await {
            Ok(Some(chunk)) => chunk,
            Ok(None) => break,
            Err(status) => return interrupt(import, &answers, status).await,
        };
        let lines = chunk.lines.into_iter().map(|line| (line.number, line.text));
        let progress = match import.lines(lines).await {
            Ok(progress) => convert::progress(progress),
            Err(error) => return interrupt(import, &answers, error.into()).await,
        };
        if answers
            .send(Ok(answer(import_roster_response::Part::Progress(progress))))
            .await
            .is_err()
        {
            return import.interrupt().await;
        }
    }
    match import.finish().await {
        Ok((progress, summary)) => {
            let progress = import_roster_response::Part::Progress(convert::progress(progress));
            let summary = import_roster_response::Part::Summary(convert::summary(&summary));
            // The import is over and recorded: nobody listening any more changes nothing.
            let _nobody_listens = answers.send(Ok(answer(progress))).await;
            let _nobody_listens = answers.send(Ok(answer(summary))).await;
        }
        Err(error) => {
            let _nobody_listens = answers.send(Err(error.into())).await;
        }
    }
}

async fn interrupt(import: RunningImport, answers: &mpsc::Sender<Answer>, status: Status) {
    import.interrupt().await;
    let _nobody_listens = answers.send(Err(status)).await;
}

async fn next_chunk(stream: &mut Streaming<ImportRosterRequest>) -> Result<Option<RosterChunk>, Status> {
    let Some(message) = stream.message().await? else {
        return Ok(None);
    };
    match message.part {
        Some(import_roster_request::Part::Chunk(chunk)) => Ok(Some(chunk)),
        _ => Err(Error::BadStream("only lines may follow the opening").into()),
    }
}

fn answer(part: import_roster_response::Part) -> ImportRosterResponse {
    ImportRosterResponse { part: Some(part) }
}
