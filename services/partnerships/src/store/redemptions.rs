//! `redemptions` and `redemption_counters`: sales, and how many of a person's stand in each period of a limit.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use kernel::{AgreementId, Money, PartnerId, PersonId, RedemptionId, VerificationId};
use sqlx::PgConnection;
use uuid::Uuid;

use super::StoreError;
use crate::domain::sale::Redemption;

/// The unique indexes that let one sale stand.
pub(crate) const ONE_PER_VERIFICATION: &str = "redemptions_one_per_verification";
pub(crate) const ONE_PER_REFERENCE: &str = "redemptions_one_per_reference";

pub(crate) async fn insert(
    conn: &mut PgConnection,
    sale: &Redemption,
    client: &str,
) -> Result<(), StoreError> {
    sqlx::query!(
        "INSERT INTO redemptions (redemption_id, verification_id, partner_id, client_id, agreement_id, agreement_version, offer_code,
                counter_code, person_id, partner_reference, gross_centimes, reduction_centimes, occurred_at, recorded_at, version)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)",
        sale.id.as_uuid(),
        sale.verification.as_uuid(),
        sale.partner.as_uuid(),
        client,
        sale.agreement.as_uuid(),
        i32::try_from(sale.agreement_version).unwrap_or(i32::MAX),
        sale.offer_code,
        sale.counter_code,
        sale.person.as_uuid(),
        sale.partner_reference,
        sale.gross.centimes(),
        sale.reduction.centimes(),
        sale.occurred_at,
        sale.recorded_at,
        sale.version
    )
    .execute(conn)
    .await?;
    Ok(())
}

struct Row {
    redemption_id: Uuid,
    verification_id: Uuid,
    partner_id: Uuid,
    agreement_id: Uuid,
    agreement_version: i32,
    offer_code: String,
    counter_code: String,
    person_id: Uuid,
    partner_reference: String,
    gross_centimes: i64,
    reduction_centimes: i64,
    occurred_at: DateTime<Utc>,
    recorded_at: DateTime<Utc>,
    cancelled_at: Option<DateTime<Utc>>,
    version: i64,
}

/// A partner's own sale, locked.
pub(crate) async fn locked(
    conn: &mut PgConnection,
    partner: PartnerId,
    id: RedemptionId,
) -> Result<Option<Redemption>, StoreError> {
    let row = sqlx::query_as!(
        Row,
        "SELECT redemption_id, verification_id, partner_id, agreement_id, agreement_version, offer_code, counter_code, person_id,
                partner_reference, gross_centimes, reduction_centimes, occurred_at, recorded_at, cancelled_at, version
         FROM redemptions WHERE redemption_id = $1 AND partner_id = $2 FOR UPDATE",
        id.as_uuid(),
        partner.as_uuid()
    )
    .fetch_optional(conn)
    .await?;
    row.map(|row| {
        Ok(Redemption {
            id: RedemptionId::from_uuid(row.redemption_id),
            verification: VerificationId::from_uuid(row.verification_id),
            partner: PartnerId::from_uuid(row.partner_id),
            agreement: AgreementId::from_uuid(row.agreement_id),
            agreement_version: u32::try_from(row.agreement_version)
                .map_err(|_| StoreError::Corrupt { table: "redemptions" })?,
            offer_code: row.offer_code,
            counter_code: row.counter_code,
            person: PersonId::from_uuid(row.person_id),
            partner_reference: row.partner_reference,
            gross: Money::from_centimes(row.gross_centimes),
            reduction: Money::from_centimes(row.reduction_centimes),
            occurred_at: row.occurred_at,
            recorded_at: row.recorded_at,
            cancelled_at: row.cancelled_at,
            version: row.version,
        })
    })
    .transpose()
}

/// Writes that a sale was taken back.
pub(crate) async fn cancel(conn: &mut PgConnection, sale: &Redemption) -> Result<(), StoreError> {
    sqlx::query!(
        "UPDATE redemptions SET cancelled_at = $2, version = $3 WHERE redemption_id = $1",
        sale.id.as_uuid(),
        sale.cancelled_at,
        sale.version
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Counts one more sale in a period unless that would pass the limit, which is at least 1. Returns whether it was counted.
pub(crate) async fn take(
    conn: &mut PgConnection,
    sale: &Redemption,
    period: &str,
    limit: u32,
) -> Result<bool, StoreError> {
    let taken = sqlx::query!(
        "INSERT INTO redemption_counters AS counter (partner_id, offer_code, person_id, period, used)
         VALUES ($1, $2, $3, $4, 1)
         ON CONFLICT (partner_id, offer_code, person_id, period) DO UPDATE SET used = counter.used + 1 WHERE counter.used < $5",
        sale.partner.as_uuid(),
        sale.offer_code,
        sale.person.as_uuid(),
        period,
        i32::try_from(limit).unwrap_or(i32::MAX)
    )
    .execute(conn)
    .await?;
    Ok(taken.rows_affected() == 1)
}

/// Of whom sales are counted, at which partner, of what.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Counted<'a> {
    pub(crate) partner: PartnerId,
    pub(crate) offer_code: &'a str,
    /// None: nobody, which is asked like anybody.
    pub(crate) person: Option<PersonId>,
}

/// The sales so far of each, by period.
pub(crate) async fn used(
    conn: &mut PgConnection,
    counted: &[Counted<'_>],
    periods: &[String],
) -> Result<Vec<BTreeMap<String, u32>>, StoreError> {
    let partners: Vec<Uuid> = counted.iter().map(|one| one.partner.as_uuid()).collect();
    let offers: Vec<&str> = counted.iter().map(|one| one.offer_code).collect();
    let persons: Vec<Option<Uuid>> = counted
        .iter()
        .map(|one| one.person.map(PersonId::as_uuid))
        .collect();
    let rows = sqlx::query!(
        r#"WITH given AS MATERIALIZED (SELECT $1::uuid[] AS partners, $2::text[] AS offers, $3::uuid[] AS persons, $4::text[] AS periods)
         SELECT asked.place AS "place!", counter.period, counter.used
         FROM given
         CROSS JOIN LATERAL unnest(given.partners, given.offers, given.persons) WITH ORDINALITY AS asked (partner, offer, person, place)
         JOIN redemption_counters counter ON counter.partner_id = asked.partner AND counter.offer_code = asked.offer
              AND counter.person_id = asked.person AND counter.period = ANY(given.periods)"#,
        &partners,
        &offers as &[&str],
        &persons as &[Option<Uuid>],
        periods
    )
    .fetch_all(conn)
    .await?;
    let mut used = vec![BTreeMap::new(); counted.len()];
    for row in rows {
        let place = usize::try_from(row.place)
            .ok()
            .and_then(|place| place.checked_sub(1));
        if let Some(used) = place.and_then(|place| used.get_mut(place)) {
            used.insert(row.period, u32::try_from(row.used).unwrap_or(u32::MAX));
        }
    }
    Ok(used)
}

/// Counts one sale less in these periods.
pub(crate) async fn give_back(
    conn: &mut PgConnection,
    sale: &Redemption,
    periods: &[String],
) -> Result<(), StoreError> {
    for period in periods {
        sqlx::query!(
            "UPDATE redemption_counters SET used = used - 1
             WHERE partner_id = $1 AND offer_code = $2 AND person_id = $3 AND period = $4 AND used > 0",
            sale.partner.as_uuid(),
            sale.offer_code,
            sale.person.as_uuid(),
            period
        )
        .execute(&mut *conn)
        .await?;
    }
    Ok(())
}
