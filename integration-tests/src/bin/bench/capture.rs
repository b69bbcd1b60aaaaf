//! The statements of one submission, read from the log of the server that executed them, as a script for pgbench. Nobody writes them down: what the
//! service sends in this run is what the limit sends, or the script does not work.

use std::fmt::Write as _;

use anyhow::{Context as _, Result, bail, ensure};
use regex_lite::Regex;
use sqlx::{AssertSqlSafe, Executor as _, PgConnection};

use crate::seed::KEPT;

/// One statement as the server executed it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Statement {
    pub(crate) sql: String,
    /// In the server's own text form; none is NULL.
    pub(crate) parameters: Vec<Option<String>>,
}

/// Values of the captured submission that no two submissions may share and that are not ids.
#[derive(Debug, Clone)]
pub(crate) struct Unique {
    /// The request's number.
    pub(crate) sequence: i64,
    /// The blind index of the open request, `\x..`.
    pub(crate) open_request_key: String,
}

/// Added to a copy's number to give the number of its request: beyond any that the service gave.
const NUMBERS_FROM: usize = 20_000_000;

/// The statements of the one transaction that has `marked` among them, from its BEGIN to its COMMIT.
pub(crate) fn transaction(log: &str, marked: &str) -> Result<Vec<Statement>> {
    let all = read(log)?;
    let process = all
        .iter()
        .rev()
        .find(|(_, statement)| statement.sql.contains(marked))
        .map(|(process, _)| *process)
        .with_context(|| format!("no statement with {marked} is in the server's log"))?;
    let own: Vec<Statement> = all
        .into_iter()
        .filter(|(at, _)| *at == process)
        .map(|(_, statement)| statement)
        .collect();
    let at = own
        .iter()
        .rposition(|statement| statement.sql.contains(marked))
        .unwrap_or_default();
    let begin = own[..at]
        .iter()
        .rposition(|statement| statement.sql == "BEGIN")
        .context("the transaction has no BEGIN")?;
    let length = own[at..]
        .iter()
        .position(|statement| statement.sql == "COMMIT")
        .context("the transaction has no COMMIT")?;
    Ok(own[begin..=at + length].to_vec())
}

/// Every statement with the process that executed it, in the order of the log.
fn read(log: &str) -> Result<Vec<(u32, Statement)>> {
    let head = Regex::new(r"^\d{4}-\d\d-\d\d \S+ \S+ \[(\d+)\] ([A-Z]+):  (.*)$")?;
    let mut entries: Vec<(u32, String, String)> = Vec::new();
    for line in log.lines() {
        if let Some(found) = head.captures(line) {
            let part = |at: usize| found.get(at).map_or("", |part| part.as_str());
            entries.push((part(1).parse()?, part(2).to_owned(), part(3).to_owned()));
        } else if let Some((_, _, text)) = entries.last_mut() {
            text.push('\n');
            text.push_str(line.strip_prefix('\t').unwrap_or(line));
        }
    }
    let mut statements: Vec<(u32, Statement)> = Vec::new();
    for (process, level, text) in entries {
        if level == "LOG" {
            let sql = match text.strip_prefix("statement: ") {
                Some(sql) => Some(sql),
                None => text
                    .strip_prefix("execute ")
                    .and_then(|rest| rest.split_once(": "))
                    .map(|(_, sql)| sql),
            };
            if let Some(sql) = sql {
                let sql = sql.trim().trim_end_matches(';').to_owned();
                let parameters = Vec::new();
                statements.push((process, Statement { sql, parameters }));
            }
        } else if level == "DETAIL"
            && let Some((_, values)) = text.split_once("arameters: ")
            && let Some((_, statement)) = statements.iter_mut().rev().find(|(at, _)| *at == process)
        {
            statement.parameters = parameters(values)?;
        }
    }
    Ok(statements)
}

/// Reads `$1 = 'a', $2 = NULL`.
fn parameters(mut text: &str) -> Result<Vec<Option<String>>> {
    let mut values = Vec::new();
    while let Some((_, rest)) = text.split_once(" = ") {
        if let Some(rest) = rest.strip_prefix("NULL") {
            values.push(None);
            text = rest;
            continue;
        }
        let Some(quoted) = rest.strip_prefix('\'') else {
            bail!("a parameter that is not quoted: {rest}");
        };
        let mut value = String::new();
        let mut characters = quoted.char_indices().peekable();
        let mut end = None;
        while let Some((at, character)) = characters.next() {
            if character == '\'' {
                if characters.peek().is_some_and(|(_, next)| *next == '\'') {
                    characters.next();
                } else {
                    end = Some(at + 1);
                    break;
                }
            }
            value.push(character);
        }
        values.push(Some(value));
        text = &quoted[end.context("a parameter without an end")?..];
    }
    Ok(values)
}

/// The script: the same statements with the same values, but for those that belong to one submission, which follow the number of the copy.
/// `database` has the same tables, and says of which types the parameters are.
pub(crate) async fn script(
    statements: &[Statement],
    unique: &Unique,
    database: &mut PgConnection,
) -> Result<String> {
    let mut script = String::from("\\set i :i + 1\n\\set n :offset + :client_id * :each + :i\n");
    for (at, statement) in statements.iter().enumerate() {
        let types = parameter_types(statement, at, database).await?;
        ensure!(
            types.len() == statement.parameters.len(),
            "{} parameters of {} are known: {}",
            statement.parameters.len(),
            types.len(),
            statement.sql
        );
        let values: Vec<String> = statement
            .parameters
            .iter()
            .zip(&types)
            .map(|(value, ty)| expression(value.as_deref(), ty, unique))
            .collect::<Result<_>>()?;
        writeln!(script, "{};", fill_in(&statement.sql, &values)?)?;
    }
    Ok(script)
}

async fn parameter_types(
    statement: &Statement,
    at: usize,
    database: &mut PgConnection,
) -> Result<Vec<String>> {
    if statement.parameters.is_empty() {
        return Ok(Vec::new());
    }
    let prepare = format!("PREPARE captured_{at} AS {}", statement.sql);
    database
        .execute(AssertSqlSafe(prepare))
        .await
        .with_context(|| format!("preparing {}", statement.sql))?;
    let types = sqlx::query_scalar(
        "SELECT parameter_types::text[] FROM pg_prepared_statements WHERE name = $1 AND from_sql",
    )
    .bind(format!("captured_{at}"))
    .fetch_one(database)
    .await?;
    Ok(types)
}

/// A value as SQL.
fn expression(value: Option<&str>, ty: &str, unique: &Unique) -> Result<String> {
    let Some(value) = value else {
        return Ok(format!("NULL::{ty}"));
    };
    if ty == "bigint" && value == unique.sequence.to_string() {
        return Ok(format!("(:n + {NUMBERS_FROM})::bigint"));
    }
    if ty == "bytea" && value == unique.open_request_key {
        return Ok("sha256(lpad(:n, 12, '0')::bytea)".to_owned());
    }
    let id = Regex::new("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-([0-9a-f]{12})")?;
    let mut parts = Vec::new();
    let mut from = 0;
    for found in id.find_iter(value) {
        parts.push(literal(&value[from..found.start() + KEPT]));
        parts.push("lpad(:n, 12, '0')".to_owned());
        from = found.end();
    }
    if parts.is_empty() {
        return Ok(format!("{}::{ty}", literal(value)));
    }
    if from < value.len() {
        parts.push(literal(&value[from..]));
    }
    Ok(format!("({})::{ty}", parts.join(" || ")))
}

/// A colon would begin a variable of pgbench.
fn literal(value: &str) -> String {
    let escaped = value
        .replace('\\', "\\\\")
        .replace('\'', "\\'")
        .replace(':', "\\x3a")
        .replace('\n', "\\n");
    format!("E'{escaped}'")
}

/// Puts the values in the places `$1`, `$2`.
fn fill_in(sql: &str, values: &[String]) -> Result<String> {
    let place = Regex::new(r"\$(\d+)")?;
    let (mut filled, mut from) = (String::new(), 0);
    for found in place.captures_iter(sql) {
        let (Some(whole), Some(number)) = (found.get(0), found.get(1)) else {
            continue;
        };
        let number: usize = number.as_str().parse()?;
        let value = values
            .get(number.wrapping_sub(1))
            .with_context(|| format!("no value for ${number}: {sql}"))?;
        filled.push_str(&sql[from..whole.start()]);
        filled.push_str(value);
        from = whole.end();
    }
    filled.push_str(&sql[from..]);
    Ok(filled)
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOG: &str = "2026-11-22 20:00:00.001 UTC [7] LOG:  statement: BEGIN
2026-11-22 20:00:00.002 UTC [8] LOG:  execute sqlx_s_1: SELECT 1
2026-11-22 20:00:00.003 UTC [7] LOG:  execute sqlx_s_4: INSERT INTO t (a, b)
\t         VALUES ($1, $2)
2026-11-22 20:00:00.003 UTC [7] DETAIL:  parameters: $1 = 'it''s', $2 = NULL
2026-11-22 20:00:00.004 UTC [7] LOG:  statement: COMMIT
2026-11-22 20:00:00.005 UTC [7] LOG:  statement: BEGIN
";

    fn unique() -> Unique {
        Unique {
            sequence: 42,
            open_request_key: "\\x0a".to_owned(),
        }
    }

    #[test]
    fn a_transaction_is_found_among_those_of_others_with_its_values() {
        let found = transaction(LOG, "INSERT INTO t").expect("it is there");
        let texts: Vec<&str> = found.iter().map(|statement| statement.sql.as_str()).collect();
        assert_eq!(
            texts,
            [
                "BEGIN",
                "INSERT INTO t (a, b)\n         VALUES ($1, $2)",
                "COMMIT"
            ]
        );
        assert_eq!(found[1].parameters, [Some("it's".to_owned()), None]);
    }

    #[test]
    fn what_belongs_to_one_submission_follows_the_number_and_the_rest_stays() {
        let of = |value, ty| expression(Some(value), ty, &unique()).expect("an expression");
        assert_eq!(of("42", "bigint"), "(:n + 20000000)::bigint");
        assert_eq!(of("42", "integer"), "E'42'::integer");
        assert_eq!(of("\\x0a", "bytea"), "sha256(lpad(:n, 12, '0')::bytea)");
        assert_eq!(of("\\x0b", "bytea"), "E'\\\\x0b'::bytea");
        assert_eq!(of("10:20", "text"), "E'10\\x3a20'::text");
        assert_eq!(
            of("{019ab000-0000-7000-8000-00000000000f}", "uuid[]"),
            "(E'{019ab000-0000-7000-8000-' || lpad(:n, 12, '0') || E'}')::uuid[]"
        );
        assert_eq!(
            expression(None, "date", &unique()).expect("an expression"),
            "NULL::date"
        );
    }

    #[test]
    fn values_are_put_in_their_places() {
        let values: Vec<String> = (1..=10).map(|number| format!("v{number}")).collect();
        assert_eq!(
            fill_in("a = $1 AND b = $10 OR $1", &values).expect("all are there"),
            "a = v1 AND b = v10 OR v1"
        );
        assert!(fill_in("$11", &values).is_err());
    }
}
