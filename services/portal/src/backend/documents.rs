//! Documents: a paper goes up and comes down as a stream; no whole file is ever held here.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use auth::client::with_token;
use bytes::Bytes;
use documents_proto::v1 as wire;
use futures::channel::mpsc;
use futures::{SinkExt, StreamExt, TryStreamExt, stream};
use tonic::Request;

use super::{Backend, present};
use crate::error::Error;

/// What the first message of an upload says.
pub(crate) struct UploadOpening {
    pub(crate) file_name: String,
    pub(crate) document_class: String,
    pub(crate) idempotency_key: String,
}

/// A paper that documents took in.
#[derive(Clone, Debug)]
pub(crate) struct Uploaded {
    pub(crate) receipt: String,
}

/// A paper on its way to its owner's browser.
pub(crate) struct Download {
    pub(crate) file_name: String,
    pub(crate) media_type: String,
    pub(crate) bytes: futures::stream::BoxStream<'static, Result<Bytes, std::io::Error>>,
}

/// Largest message of an upload; a piece from the browser is a fraction of it.
pub(super) const MESSAGE_LIMIT: usize = 1024 * 1024;
const PIECE: usize = 256 * 1024;
/// Pieces between the browser and documents: a slow side slows the other.
const IN_FLIGHT: usize = 4;

/// The near end of an upload. Only `finish` ends the file: a sender that is dropped (too large, the line broke, the browser left) breaks the call
/// off, so that documents never takes a piece of a file for the whole.
pub(crate) struct PaperSender {
    pieces: mpsc::Sender<Bytes>,
    whole: Arc<AtomicBool>,
}

/// The far end.
pub(crate) struct PaperPieces {
    pieces: mpsc::Receiver<Bytes>,
    whole: Arc<AtomicBool>,
}

pub(crate) fn paper_channel() -> (PaperSender, PaperPieces) {
    let (sender, receiver) = mpsc::channel(IN_FLIGHT);
    let whole = Arc::new(AtomicBool::new(false));
    (
        PaperSender {
            pieces: sender,
            whole: whole.clone(),
        },
        PaperPieces {
            pieces: receiver,
            whole,
        },
    )
}

impl PaperSender {
    /// Passes bytes on; `false` when documents answered already and takes no more.
    pub(crate) async fn send(&mut self, mut bytes: Bytes) -> bool {
        while !bytes.is_empty() {
            let piece = bytes.split_to(bytes.len().min(PIECE));
            if self.pieces.send(piece).await.is_err() {
                return false;
            }
        }
        true
    }

    /// The file has come to its end.
    pub(crate) fn finish(self) {
        self.whole.store(true, Ordering::SeqCst);
    }
}

impl Backend {
    /// Sends the bytes as they come.
    pub(crate) async fn upload(
        &self,
        token: &str,
        opening: UploadOpening,
        paper: PaperPieces,
    ) -> Result<Uploaded, Error> {
        use wire::upload_document_request::Part;
        let opening = wire::UploadOpening {
            file_name: opening.file_name,
            document_class: opening.document_class,
            idempotency_key: opening.idempotency_key,
        };
        let first = stream::once(async move { Part::Opening(opening) });
        let pieces = paper.pieces.map(|piece| Part::Chunk(piece.into()));
        let whole = paper.whole;
        // A client stream can only end well or fail to encode: a message above the limit is how it fails.
        let broken_off = stream::once(async move {
            (!whole.load(Ordering::SeqCst)).then(|| Part::Chunk(vec![0; MESSAGE_LIMIT + 1]))
        });
        let messages = first
            .chain(pieces)
            .chain(broken_off.filter_map(std::future::ready))
            .map(|part| wire::UploadDocumentRequest { part: Some(part) });
        let mut request = with_token(Request::new(messages), token);
        // A slow phone needs longer than a call's usual ten seconds for ten megabytes.
        request.set_timeout(std::time::Duration::from_secs(280));
        let answer = self
            .documents
            .clone()
            .upload_document(request)
            .await?
            .into_inner();
        Ok(Uploaded {
            receipt: answer.receipt,
        })
    }

    /// The owner's own paper.
    pub(crate) async fn download(&self, token: &str, document_id: &str) -> Result<Download, Error> {
        use wire::download_document_response::Part;
        let request = wire::DownloadDocumentRequest {
            document_id: document_id.to_owned(),
            reason: "own_paper".to_owned(),
        };
        let mut stream = self
            .documents
            .clone()
            .download_document(with_token(Request::new(request), token))
            .await?
            .into_inner();
        let first = present(
            stream.message().await?.and_then(|message| message.part),
            "document",
        )?;
        let Part::Document(document) = first else {
            return Err(Error::Unforeseen);
        };
        let bytes = stream
            .map_err(|_| std::io::Error::other("the paper was cut off"))
            .filter_map(async |message| match message {
                Ok(wire::DownloadDocumentResponse {
                    part: Some(Part::Chunk(chunk)),
                }) => Some(Ok(Bytes::from(chunk))),
                Ok(_) => None,
                Err(error) => Some(Err(error)),
            });
        Ok(Download {
            file_name: document.file_name,
            media_type: document.media_type,
            bytes: bytes.boxed(),
        })
    }
}
