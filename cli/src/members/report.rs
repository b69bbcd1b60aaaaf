//! What an import says: a line per finding, then the sum. For people, or as JSON lines.

use membership_proto::v1::{RosterFinding, RosterSummary};
use serde_json::json;

/// One finding as text: where, which column, what to write instead.
pub(super) fn finding(finding: &RosterFinding, as_json: bool) -> String {
    if as_json {
        let value = json!({
            "line": finding.line, "column": finding.column, "reason": finding.reason, "message": finding.message,
        });
        return value.to_string();
    }
    let column = if finding.column.is_empty() {
        String::new()
    } else {
        format!("{}: ", finding.column)
    };
    format!(
        "line {}: {column}{} [{}]",
        finding.line, finding.message, finding.reason
    )
}

/// The sum at the end.
pub(super) fn summary(summary: &RosterSummary, as_json: bool) -> String {
    if as_json {
        let value = json!({ "summary": {
            "lines_read": summary.lines_read, "lines_bad": summary.lines_bad,
            "members_registered": summary.members_registered, "members_changed": summary.members_changed,
            "members_unchanged": summary.members_unchanged, "relatives": summary.relatives, "dry_run": summary.dry_run,
        }});
        return value.to_string();
    }
    let rehearsal = if summary.dry_run {
        " (dry run: nothing was written)"
    } else {
        ""
    };
    format!(
        "{} lines read, {} bad; members: {} registered, {} changed, {} unchanged; {} relatives{rehearsal}",
        summary.lines_read,
        summary.lines_bad,
        summary.members_registered,
        summary.members_changed,
        summary.members_unchanged,
        summary.relatives
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample(column: &str) -> RosterFinding {
        RosterFinding {
            line: 17,
            column: column.into(),
            reason: "BIRTH_DATE_IN_FUTURE".into(),
            message: "lies in the future".into(),
        }
    }

    #[test]
    fn a_finding_names_line_column_and_reason() {
        assert_eq!(
            finding(&sample("birth_date"), false),
            "line 17: birth_date: lies in the future [BIRTH_DATE_IN_FUTURE]"
        );
        assert_eq!(
            finding(&sample(""), false),
            "line 17: lies in the future [BIRTH_DATE_IN_FUTURE]"
        );
        let parsed: serde_json::Value = serde_json::from_str(&finding(&sample("birth_date"), true)).unwrap();
        assert_eq!(parsed["column"], "birth_date");
    }

    #[test]
    fn a_dry_run_says_that_nothing_was_written() {
        let end = RosterSummary {
            dry_run: true,
            ..RosterSummary::default()
        };
        assert!(summary(&end, false).ends_with("(dry run: nothing was written)"));
        assert!(summary(&end, true).contains("\"dry_run\":true"));
    }
}
