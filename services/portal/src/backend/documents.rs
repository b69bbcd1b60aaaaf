//! Documents: a paper goes up and comes down as a stream; no whole file is ever held here.

use auth::client::with_token;
use bytes::Bytes;
use documents_proto::v1 as wire;
use futures::{Stream, StreamExt, TryStreamExt};
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

impl Backend {
    /// Sends the bytes as they come. Dropping the future gives the upload up: documents then keeps nothing.
    pub(crate) async fn upload(
        &self,
        token: &str,
        opening: UploadOpening,
        chunks: impl Stream<Item = Bytes> + Send + 'static,
    ) -> Result<Uploaded, Error> {
        use wire::upload_document_request::Part;
        let opening = wire::UploadOpening {
            file_name: opening.file_name,
            document_class: opening.document_class,
            idempotency_key: opening.idempotency_key,
        };
        let first = futures::stream::once(async move { Part::Opening(opening) });
        let messages = first.chain(chunks.map(|chunk| Part::Chunk(chunk.into()))).map(|part| wire::UploadDocumentRequest { part: Some(part) });
        let mut request = with_token(Request::new(messages), token);
        // A slow phone needs longer than a call's usual ten seconds for ten megabytes.
        request.set_timeout(std::time::Duration::from_secs(280));
        let answer = self.documents.clone().upload_document(request).await?.into_inner();
        Ok(Uploaded { receipt: answer.receipt })
    }

    /// The owner's own paper.
    pub(crate) async fn download(&self, token: &str, document_id: &str) -> Result<Download, Error> {
        use wire::download_document_response::Part;
        let request = wire::DownloadDocumentRequest { document_id: document_id.to_owned(), reason: "own_paper".to_owned() };
        let mut stream = self.documents.clone().download_document(with_token(Request::new(request), token)).await?.into_inner();
        let first = present(stream.message().await?.and_then(|message| message.part), "document")?;
        let Part::Document(document) = first else { return Err(Error::Unforeseen) };
        let bytes = stream.map_err(|_| std::io::Error::other("the paper was cut off")).filter_map(async |message| match message {
            Ok(wire::DownloadDocumentResponse { part: Some(Part::Chunk(chunk)) }) => Some(Ok(Bytes::from(chunk))),
            Ok(_) => None,
            Err(error) => Some(Err(error)),
        });
        Ok(Download { file_name: document.file_name, media_type: document.media_type, bytes: bytes.boxed() })
    }
}
