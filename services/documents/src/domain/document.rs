//! A paper as the service knows it.

use chrono::{DateTime, Utc};
use kernel::ids::{DocumentId, MemberId};

/// What the scanner said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ScanState {
    Clean,
    /// No scanner, or it was away: may be submitted; whether an agent may open it is the foundation's setting.
    NotScanned,
    /// Found when it was scanned later: one that is infected when it comes is not taken in.
    Infected,
}

impl ScanState {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Clean => "clean",
            Self::NotScanned => "not_scanned",
            Self::Infected => "infected",
        }
    }
}

/// A paper with its name in the clear.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Document {
    pub(crate) id: DocumentId,
    pub(crate) owner: MemberId,
    pub(crate) document_class: String,
    pub(crate) file_name: String,
    pub(crate) media_type: String,
    pub(crate) size_bytes: i64,
    pub(crate) pages: i32,
    pub(crate) sha256: Vec<u8>,
    pub(crate) scan_state: String,
    pub(crate) uploaded_at: DateTime<Utc>,
}
