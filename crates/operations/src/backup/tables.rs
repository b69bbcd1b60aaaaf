//! What is in a database, table by table: rows counted and summed up, whatever their order. Two databases with the same sums hold the same rows.
//!
//! The sum guards against loss and mistake, not against somebody who wants to deceive: that is the audit trail's.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use sqlx::{AssertSqlSafe, PgConnection};

/// The table with the service's name. It is compared by its word: while a restore goes on it says so.
pub(super) const OWNER: &str = "service_identity";

/// Rows and sum of one table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TableSum {
    pub rows: i64,
    pub checksum: String,
}

/// Every table of the schema `public`, partitions with their parent.
///
/// # Errors
/// The database.
pub async fn sums(conn: &mut PgConnection) -> Result<BTreeMap<String, TableSum>, sqlx::Error> {
    let tables: Vec<(String, String)> = sqlx::query_as(
        "SELECT relname::text, oid::regclass::text FROM pg_class
         WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') AND NOT relispartition ORDER BY relname",
    )
    .fetch_all(&mut *conn)
    .await?;
    let mut sums = BTreeMap::new();
    for (table, quoted) in tables {
        // 60 bits of either end of each row's hash, added up: independent of the order of rows, and a row that is there twice counts twice.
        let statement = format!(
            "SELECT count(*), coalesce(sum(('x' || left(hash, 15))::bit(60)::bigint), 0)::text || '.' ||
                              coalesce(sum(('x' || right(hash, 15))::bit(60)::bigint), 0)::text
             FROM (SELECT md5(line::text) AS hash FROM {quoted} AS line) AS hashes"
        );
        let (rows, checksum) = sqlx::query_as(AssertSqlSafe(statement))
            .fetch_one(&mut *conn)
            .await?;
        sums.insert(table, TableSum { rows, checksum });
    }
    Ok(sums)
}

/// The last value of every sequence; 0 when it was never asked.
pub(super) async fn sequences(conn: &mut PgConnection) -> Result<BTreeMap<String, i64>, sqlx::Error> {
    let rows: Vec<(String, i64)> = sqlx::query_as(
        "SELECT sequencename::text, coalesce(last_value, 0) FROM pg_sequences WHERE schemaname = 'public'",
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().collect())
}

/// What two looks at a database differ in, in words; empty when they are the same.
pub(super) fn differences(
    before: &BTreeMap<String, TableSum>,
    after: &BTreeMap<String, TableSum>,
) -> Vec<String> {
    let mut differences = Vec::new();
    for (table, sum) in before.iter().filter(|(table, _)| *table != OWNER) {
        match after.get(table) {
            None => differences.push(format!("{table} is missing")),
            Some(found) if found.rows != sum.rows => {
                differences.push(format!("{table} has {} rows and had {}", found.rows, sum.rows));
            }
            Some(found) if found.checksum != sum.checksum => {
                differences.push(format!("{table} has other rows than it had"));
            }
            Some(_) => {}
        }
    }
    let more = after.keys().filter(|table| !before.contains_key(*table));
    differences.extend(more.map(|table| format!("{table} was not there")));
    differences
}

#[cfg(test)]
mod tests {
    use sqlx::Executor as _;
    use testkit::TestDb;

    use super::*;

    #[tokio::test]
    async fn a_sum_knows_every_row_and_no_order() {
        let db = TestDb::create("sums", platform::db::migrations()).await;
        let mut conn = db.pool.acquire().await.unwrap();
        let made = "CREATE TABLE a (x int, y text, z jsonb, at timestamptz); CREATE TABLE \"B c\" (x int) PARTITION BY RANGE (x);
                    CREATE TABLE b1 PARTITION OF \"B c\" FOR VALUES FROM (0) TO (9)";
        conn.execute(made).await.unwrap();
        conn.execute("INSERT INTO a VALUES (1, 'é', '{\"b\": 1, \"a\": 2}', '2026-11-23 00:00+01'), (2, NULL, NULL, NULL)")
            .await
            .unwrap();
        let first = sums(&mut conn).await.unwrap();
        let names: Vec<&str> = first.keys().map(String::as_str).collect();
        assert!(
            names.contains(&"a") && names.contains(&"B c") && !names.contains(&"b1"),
            "{names:?}"
        );

        // The same rows in another order and another zone.
        conn.execute("DELETE FROM a WHERE x = 1; INSERT INTO a VALUES (1, 'é', '{\"a\": 2, \"b\": 1}', '2026-11-22 23:00Z')")
            .await
            .unwrap();
        assert_eq!(
            differences(&first, &sums(&mut conn).await.unwrap()),
            Vec::<String>::new()
        );

        conn.execute(
            "UPDATE a SET y = 'e' WHERE x = 1; INSERT INTO \"B c\" VALUES (1); CREATE TABLE more ()",
        )
        .await
        .unwrap();
        assert_eq!(
            differences(&first, &sums(&mut conn).await.unwrap()),
            [
                "B c has 1 rows and had 0",
                "a has other rows than it had",
                "more was not there"
            ]
        );
    }
}
