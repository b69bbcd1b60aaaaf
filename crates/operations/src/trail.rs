//! Whether the audit trail is what was written: chains of records and roots over them, recomputed in pieces that fit a deadline.

use operations_proto::v1::{
    AuditFlaw, AuditFlawKind, AuditRecord, AuditRoot, ListAuditRootsRequest, ListAuditRootsResponse,
    VerifyAuditChainsRequest, VerifyAuditChainsResponse, VerifyAuditRootResponse,
};
use platform::audit::Flaw;
use platform::audit_roots::{self, RecordName, Root};
use sqlx::PgPool;
use uuid::Uuid;

use crate::error::Error;

const ROOTS: i64 = 50;
const MOST_ROOTS: i64 = 200;
const RECORDS: i64 = 500;
const MOST_RECORDS: i64 = 1_000;
/// Records without a chain that one answer names: more says no more.
const WITHOUT_CHAIN: i64 = 100;

fn page(asked: i32, usual: i64, most: i64) -> Result<i64, Error> {
    match i64::from(asked) {
        0 => Ok(usual),
        asked if (1..=most).contains(&asked) => Ok(asked),
        _ => Err(Error::PageSize(most)),
    }
}

pub(crate) async fn list_roots(
    pool: &PgPool,
    request: &ListAuditRootsRequest,
) -> Result<ListAuditRootsResponse, Error> {
    let limit = page(request.page_size, ROOTS, MOST_ROOTS)?;
    let mut conn = pool.acquire().await?;
    let roots = audit_roots::roots_after(&mut conn, request.after_number.max(0), limit).await?;
    let roots = roots.into_iter().map(wire_root).collect();
    Ok(ListAuditRootsResponse { roots })
}

fn wire_root(root: Root) -> AuditRoot {
    AuditRoot {
        number: root.number,
        made_at: Some(root.made_at.into()),
        root: root.root,
    }
}

pub(crate) async fn verify_root(pool: &PgPool, number: i64) -> Result<VerifyAuditRootResponse, Error> {
    let mut conn = pool.acquire().await?;
    let holds = audit_roots::root_holds(&mut conn, number).await?;
    Ok(VerifyAuditRootResponse {
        holds: holds.ok_or(Error::UnknownRoot)?,
    })
}

pub(crate) async fn verify_chains(
    pool: &PgPool,
    request: &VerifyAuditChainsRequest,
) -> Result<VerifyAuditChainsResponse, Error> {
    let limit = page(request.page_size, RECORDS, MOST_RECORDS)?;
    let after = match &request.after {
        Some(after) => RecordName {
            kind: after.record_kind.clone(),
            id: Uuid::parse_str(&after.record_id).map_err(|_| Error::RecordId)?,
        },
        None => RecordName::default(),
    };
    let mut conn = pool.acquire().await?;
    let mut flaws = Vec::new();
    if request.after.is_none() {
        let bare = audit_roots::without_chain(&mut conn, WITHOUT_CHAIN).await?;
        let missing = |record| flaw(record, AuditFlawKind::ChainMissing, 0);
        flaws.extend(bare.into_iter().map(missing));
    }
    let looked = audit_roots::look_at_chains(&mut conn, &after, limit).await?;
    flaws.extend(looked.flaws.into_iter().map(|(record, found)| match found {
        Flaw::Changed(line) => flaw(record, AuditFlawKind::Changed, line),
        Flaw::Missing(line) => flaw(record, AuditFlawKind::Missing, line),
        Flaw::EndDiffers => flaw(record, AuditFlawKind::EndDiffers, 0),
    }));
    Ok(VerifyAuditChainsResponse {
        records: looked.records,
        flaws,
        next: looked.next.map(wire_record),
    })
}

fn flaw(record: RecordName, kind: AuditFlawKind, line: i64) -> AuditFlaw {
    AuditFlaw {
        record: Some(wire_record(record)),
        kind: kind.into(),
        line,
    }
}

fn wire_record(record: RecordName) -> AuditRecord {
    AuditRecord {
        record_kind: record.kind,
        record_id: record.id.to_string(),
    }
}
