//! The table `documents`. Every read for a person names the owner, or for an agent the grant, so that nobody can forget to.

use auth::grant::Grant;
use chrono::{DateTime, Utc};
use kernel::ids::{DocumentId, MemberId};
use platform::crypto::{CryptoError, FieldCipher, PersonKey, Place};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::domain::document::Document;
use crate::error::Error;

/// Where a paper's bytes are and how they open.
#[derive(Debug)]
pub(crate) struct Sealed {
    pub(crate) object: String,
    pub(crate) key: PersonKey,
}

/// The place of a paper's content, authenticated with it.
pub(crate) fn content_place(id: DocumentId) -> Place {
    Place {
        table: "documents",
        column: "content",
        row: id.as_uuid(),
    }
}

/// The name of a paper's object; two letters of folder, so that no folder grows without bound.
pub(crate) fn object_of(id: DocumentId) -> String {
    let text = id.as_uuid().simple().to_string();
    format!("{}/{text}", &text[text.len() - 2..])
}

fn name_place(id: DocumentId) -> Place {
    Place {
        table: "documents",
        column: "file_name",
        row: id.as_uuid(),
    }
}

/// Inserts a paper whose object is written already.
pub(crate) async fn insert(
    conn: &mut PgConnection,
    document: &Document,
    object: &str,
    key: &PersonKey,
    wrapped_key: &[u8],
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "INSERT INTO documents (id, owner, document_class, file_name, media_type, size_bytes, pages, sha256, scan_state, object, wrapped_key, uploaded_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
        document.id.as_uuid(),
        document.owner.as_uuid(),
        document.document_class,
        key.seal(name_place(document.id), document.file_name.as_bytes()),
        document.media_type,
        document.size_bytes,
        document.pages,
        document.sha256,
        document.scan_state,
        object,
        wrapped_key,
        document.uploaded_at
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// A row as it is read; the name still sealed.
struct Row {
    owner: Uuid,
    document_class: String,
    file_name: Vec<u8>,
    media_type: String,
    size_bytes: i64,
    pages: i32,
    sha256: Vec<u8>,
    scan_state: String,
    object: String,
    wrapped_key: Vec<u8>,
    uploaded_at: DateTime<Utc>,
}

/// A paper of this owner; `None` for another's as for one that never was.
pub(crate) async fn find(
    conn: &mut PgConnection,
    cipher: &FieldCipher,
    id: DocumentId,
    owner: MemberId,
) -> Result<Option<(Document, Sealed)>, Error> {
    let row = sqlx::query_as!(
        Row,
        "SELECT owner, document_class, file_name, media_type, size_bytes, pages, sha256, scan_state, object, wrapped_key, uploaded_at
         FROM documents WHERE id = $1 AND owner = $2",
        id.as_uuid(),
        owner.as_uuid()
    )
    .fetch_optional(conn)
    .await?;
    row.map(|row| opened(cipher, id, row)).transpose()
}

/// The paper of a grant that benefits signed: the grant is the agent's authority.
pub(crate) async fn find_for_review(
    conn: &mut PgConnection,
    cipher: &FieldCipher,
    grant: &Grant,
) -> Result<Option<(Document, Sealed)>, Error> {
    let id = grant.document_id;
    let row = sqlx::query_as!(
        Row,
        "SELECT owner, document_class, file_name, media_type, size_bytes, pages, sha256, scan_state, object, wrapped_key, uploaded_at
         FROM documents WHERE id = $1",
        id.as_uuid()
    )
    .fetch_optional(conn)
    .await?;
    row.map(|row| opened(cipher, id, row)).transpose()
}

/// Takes the paper that waits longest for the scanner, and nobody asked about since `due`; the next one who asks gets another.
pub(crate) async fn take_not_scanned(
    conn: &mut PgConnection,
    cipher: &FieldCipher,
    now: DateTime<Utc>,
    due: DateTime<Utc>,
) -> Result<Option<(Document, Sealed)>, Error> {
    let taken = sqlx::query_scalar!(
        "UPDATE documents SET scan_tried_at = $1 WHERE id = (
            SELECT id FROM documents WHERE scan_state = 'not_scanned' AND (scan_tried_at IS NULL OR scan_tried_at < $2)
            ORDER BY scan_tried_at NULLS FIRST, uploaded_at LIMIT 1 FOR UPDATE SKIP LOCKED)
         RETURNING id",
        now,
        due
    )
    .fetch_optional(&mut *conn)
    .await?;
    let Some(id) = taken else { return Ok(None) };
    let row = sqlx::query_as!(
        Row,
        "SELECT owner, document_class, file_name, media_type, size_bytes, pages, sha256, scan_state, object, wrapped_key, uploaded_at
         FROM documents WHERE id = $1",
        id
    )
    .fetch_optional(conn)
    .await?;
    row.map(|row| opened(cipher, DocumentId::from_uuid(id), row))
        .transpose()
}

/// When the oldest paper came that the scanner has not seen.
pub(crate) async fn oldest_not_scanned(conn: &mut PgConnection) -> Result<Option<DateTime<Utc>>, Error> {
    let oldest =
        sqlx::query_scalar!("SELECT min(uploaded_at) FROM documents WHERE scan_state = 'not_scanned'");
    Ok(oldest.fetch_one(conn).await?)
}

/// Notes what the scanner found; `false` when the paper is gone or was scanned meanwhile.
pub(crate) async fn note_scanned(
    conn: &mut PgConnection,
    id: DocumentId,
    scan_state: &str,
) -> Result<bool, sqlx::Error> {
    let noted = sqlx::query!(
        "UPDATE documents SET scan_state = $2 WHERE id = $1 AND scan_state = 'not_scanned'",
        id.as_uuid(),
        scan_state
    )
    .execute(conn)
    .await?;
    Ok(noted.rows_affected() == 1)
}

fn opened(cipher: &FieldCipher, id: DocumentId, row: Row) -> Result<(Document, Sealed), Error> {
    let key = cipher.unwrap_key(id.as_uuid(), &row.wrapped_key)?;
    let name = key.open(name_place(id), &row.file_name)?;
    let document = Document {
        id,
        owner: MemberId::from_uuid(row.owner),
        document_class: row.document_class,
        file_name: String::from_utf8(name.to_vec()).map_err(|_| CryptoError::DoesNotOpen)?,
        media_type: row.media_type,
        size_bytes: row.size_bytes,
        pages: row.pages,
        sha256: row.sha256,
        scan_state: row.scan_state,
        uploaded_at: row.uploaded_at,
    };
    let sealed = Sealed {
        object: row.object,
        key,
    };
    Ok((document, sealed))
}

/// Whether the paper exists at all, to tell an attempt at another's from a slip.
pub(crate) async fn exists(conn: &mut PgConnection, id: Uuid) -> Result<bool, sqlx::Error> {
    Ok(
        sqlx::query_scalar!("SELECT count(*) FROM documents WHERE id = $1", id)
            .fetch_one(conn)
            .await?
            == Some(1),
    )
}

/// Keeps those of the papers that are this owner's; a paper that is kept already stays as it is.
pub(crate) async fn keep(
    conn: &mut PgConnection,
    papers: &[Uuid],
    owner: MemberId,
    at: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "UPDATE documents SET kept_at = $3 WHERE id = ANY($1) AND owner = $2 AND kept_at IS NULL",
        papers,
        owner.as_uuid(),
        at
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Deletes papers that nobody kept and that were uploaded before an instant, `limit` at most; gives ids and objects. A paper that is being kept
/// at this moment is passed over.
pub(crate) async fn delete_not_kept(
    conn: &mut PgConnection,
    uploaded_before: DateTime<Utc>,
    limit: i64,
) -> Result<Vec<(Uuid, String)>, sqlx::Error> {
    let rows = sqlx::query!(
        "DELETE FROM documents WHERE id IN (
            SELECT id FROM documents WHERE kept_at IS NULL AND uploaded_at < $1
            ORDER BY uploaded_at LIMIT $2 FOR UPDATE SKIP LOCKED)
         RETURNING id, object",
        uploaded_before,
        limit
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(|row| (row.id, row.object)).collect())
}

/// Those of the objects that a row names.
pub(crate) async fn named_objects(
    conn: &mut PgConnection,
    objects: &[String],
) -> Result<Vec<String>, sqlx::Error> {
    sqlx::query_scalar!("SELECT object FROM documents WHERE object = ANY($1)", objects)
        .fetch_all(conn)
        .await
}
