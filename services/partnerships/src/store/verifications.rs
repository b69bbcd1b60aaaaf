//! `verifications`: each check with its answer. Written once, read by the member's list and by the sale that refers to it.

use chrono::{DateTime, Utc};
use kernel::{AgreementId, MemberId, Money, PartnerId, PersonId, RedemptionId, VerificationId};
use sqlx::PgConnection;
use uuid::Uuid;

use super::StoreError;
use crate::domain::category::Category;
use crate::domain::sale::Verification;

/// A check as it is written down.
pub(crate) struct NewCheck<'a> {
    pub(crate) id: VerificationId,
    pub(crate) at: DateTime<Utc>,
    pub(crate) partner: PartnerId,
    pub(crate) client: &'a str,
    pub(crate) agreement: AgreementId,
    pub(crate) agreement_version: u32,
    pub(crate) offer_code: &'a str,
    pub(crate) counter_code: &'a str,
    /// Whose code it was; none for a code that nobody was given, or of somebody who is no longer in the record.
    pub(crate) holder: Option<(MemberId, PersonId, Category)>,
    pub(crate) refusal: Option<&'static str>,
    pub(crate) percent: u32,
    pub(crate) valid_until: DateTime<Utc>,
}

/// Writes checks down in one statement. The arrays are taken apart side by side while the rows are written, without a table in between that would hold
/// them first.
pub(crate) async fn insert(conn: &mut PgConnection, checks: &[NewCheck<'_>]) -> Result<(), StoreError> {
    let id = |of: fn(&NewCheck<'_>) -> Uuid| checks.iter().map(of).collect::<Vec<Uuid>>();
    let number = |of: fn(&NewCheck<'_>) -> u32| {
        let number = |check| i32::try_from(of(check)).unwrap_or(i32::MAX);
        checks.iter().map(number).collect::<Vec<i32>>()
    };
    let at: Vec<DateTime<Utc>> = checks.iter().map(|check| check.at).collect();
    let until: Vec<DateTime<Utc>> = checks.iter().map(|check| check.valid_until).collect();
    let clients: Vec<&str> = checks.iter().map(|check| check.client).collect();
    let offers: Vec<&str> = checks.iter().map(|check| check.offer_code).collect();
    let counters: Vec<&str> = checks.iter().map(|check| check.counter_code).collect();
    let holders = || checks.iter().map(|check| check.holder);
    let members: Vec<Option<Uuid>> = holders()
        .map(|holder| holder.map(|(member, _, _)| member.as_uuid()))
        .collect();
    let persons: Vec<Option<Uuid>> = holders()
        .map(|holder| holder.map(|(_, person, _)| person.as_uuid()))
        .collect();
    let categories: Vec<Option<&str>> = holders()
        .map(|holder| holder.map(|(_, _, category)| category.as_str()))
        .collect();
    let refusals: Vec<Option<&str>> = checks.iter().map(|check| check.refusal).collect();
    sqlx::query!(
        "INSERT INTO verifications (verification_id, at, partner_id, client_id, agreement_id, agreement_version, offer_code,
                counter_code, member_id, person_id, category, refusal, percent, valid_until)
         SELECT unnest($1::uuid[]), unnest($2::timestamptz[]), unnest($3::uuid[]), unnest($4::text[]), unnest($5::uuid[]),
                unnest($6::integer[]), unnest($7::text[]), unnest($8::text[]), unnest($9::uuid[]), unnest($10::uuid[]),
                unnest($11::text[]), unnest($12::text[]), unnest($13::integer[]), unnest($14::timestamptz[])",
        &id(|check| check.id.as_uuid()),
        &at,
        &id(|check| check.partner.as_uuid()),
        &clients as &[&str],
        &id(|check| check.agreement.as_uuid()),
        &number(|check| check.agreement_version),
        &offers as &[&str],
        &counters as &[&str],
        &members as &[Option<Uuid>],
        &persons as &[Option<Uuid>],
        &categories as &[Option<&str>],
        &refusals as &[Option<&str>],
        &number(|check| check.percent),
        &until
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// A partner's own check, locked, so that two sales of it follow one another.
pub(crate) async fn locked(
    conn: &mut PgConnection,
    partner: PartnerId,
    id: VerificationId,
) -> Result<Option<Verification>, StoreError> {
    let row = sqlx::query!(
        "SELECT at, valid_until, agreement_id, agreement_version, offer_code, person_id, refusal FROM verifications
         WHERE verification_id = $1 AND partner_id = $2 FOR UPDATE",
        id.as_uuid(),
        partner.as_uuid()
    )
    .fetch_optional(conn)
    .await?;
    row.map(|row| {
        Ok(Verification {
            id,
            at: row.at,
            valid_until: row.valid_until,
            agreement: AgreementId::from_uuid(row.agreement_id),
            agreement_version: u32::try_from(row.agreement_version).map_err(|_| StoreError::Corrupt {
                table: "verifications",
            })?,
            offer_code: row.offer_code,
            person: row
                .person_id
                .filter(|_| row.refusal.is_none())
                .map(PersonId::from_uuid),
        })
    })
    .transpose()
}

/// Where a page of the member's list begins: after this check.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct After {
    pub(crate) at: DateTime<Utc>,
    pub(crate) id: VerificationId,
}

/// A check as the member sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SeenCheck {
    pub(crate) id: VerificationId,
    pub(crate) at: DateTime<Utc>,
    pub(crate) partner: PartnerId,
    pub(crate) offer_code: String,
    pub(crate) counter_code: String,
    pub(crate) person: PersonId,
    pub(crate) category: Category,
    pub(crate) refusal: Option<String>,
    pub(crate) percent: u32,
    pub(crate) sale: Option<SeenSale>,
}

/// The sale that followed, the one that stands or else the last that was taken back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SeenSale {
    pub(crate) id: RedemptionId,
    pub(crate) gross: Money,
    pub(crate) reduction: Money,
    pub(crate) occurred_at: DateTime<Utc>,
    pub(crate) cancelled_at: Option<DateTime<Utc>>,
}

struct SeenRow {
    verification_id: Uuid,
    at: DateTime<Utc>,
    partner_id: Uuid,
    offer_code: String,
    counter_code: String,
    person_id: Option<Uuid>,
    category: Option<String>,
    refusal: Option<String>,
    percent: i32,
    redemption_id: Option<Uuid>,
    gross_centimes: Option<i64>,
    reduction_centimes: Option<i64>,
    occurred_at: Option<DateTime<Utc>>,
    cancelled_at: Option<DateTime<Utc>>,
}

/// The member's checks, the newest first. The page is cut before sales are looked for.
pub(crate) async fn page(
    conn: &mut PgConnection,
    member: MemberId,
    after: Option<After>,
    limit: i64,
) -> Result<Vec<SeenCheck>, StoreError> {
    let (at, id) = after.map_or((None, None), |after| (Some(after.at), Some(after.id.as_uuid())));
    let rows = sqlx::query_as!(
        SeenRow,
        r#"SELECT v.verification_id, v.at, v.partner_id, v.offer_code, v.counter_code, v.person_id, v.category, v.refusal, v.percent,
                sale.redemption_id AS "redemption_id?", sale.gross_centimes AS "gross_centimes?",
                sale.reduction_centimes AS "reduction_centimes?", sale.occurred_at AS "occurred_at?", sale.cancelled_at
         FROM (SELECT * FROM verifications
               WHERE member_id = $1 AND ($2::timestamptz IS NULL OR (at, verification_id) < ($2, $3))
               ORDER BY at DESC, verification_id DESC LIMIT $4) v
         LEFT JOIN LATERAL (SELECT * FROM redemptions r WHERE r.verification_id = v.verification_id
                            ORDER BY r.cancelled_at DESC NULLS FIRST LIMIT 1) sale ON true
         ORDER BY v.at DESC, v.verification_id DESC"#,
        member.as_uuid(),
        at,
        id,
        limit
    )
    .fetch_all(conn)
    .await?;
    rows.into_iter().map(seen).collect()
}

fn seen(row: SeenRow) -> Result<SeenCheck, StoreError> {
    let corrupt = || StoreError::Corrupt {
        table: "verifications",
    };
    let sale = match (
        row.redemption_id,
        row.gross_centimes,
        row.reduction_centimes,
        row.occurred_at,
    ) {
        (Some(id), Some(gross), Some(reduction), Some(occurred_at)) => Some(SeenSale {
            id: RedemptionId::from_uuid(id),
            gross: Money::from_centimes(gross),
            reduction: Money::from_centimes(reduction),
            occurred_at,
            cancelled_at: row.cancelled_at,
        }),
        _ => None,
    };
    Ok(SeenCheck {
        id: VerificationId::from_uuid(row.verification_id),
        at: row.at,
        partner: PartnerId::from_uuid(row.partner_id),
        offer_code: row.offer_code,
        counter_code: row.counter_code,
        person: row.person_id.map(PersonId::from_uuid).ok_or_else(corrupt)?,
        category: row
            .category
            .as_deref()
            .and_then(Category::parse)
            .ok_or_else(corrupt)?,
        refusal: row.refusal,
        percent: u32::try_from(row.percent).map_err(|_| corrupt())?,
        sale,
    })
}

/// Deletes the oldest checks made before then, at most so many. Returns how many: ids begin with their time, so the key finds them.
pub(crate) async fn forget(
    conn: &mut PgConnection,
    before: DateTime<Utc>,
    first_kept: Uuid,
    at_most: i64,
) -> Result<u64, StoreError> {
    Ok(sqlx::query!(
        "DELETE FROM verifications WHERE verification_id IN
            (SELECT verification_id FROM verifications WHERE verification_id < $2 AND at < $1 ORDER BY verification_id LIMIT $3)",
        before,
        first_kept,
        at_most
    )
    .execute(conn)
    .await?
    .rows_affected())
}
