//! One line into cells: `;` between them, `"` around a cell that holds one, `""` for a quote inside.
//!
//! A cell never spans two lines. What a cell means is not known here.

use super::Reason;

/// More than the contract has, so that a line with too many cells is recognised without reading all of it.
const MAX_CELLS: usize = 64;

/// The cells of a line, without the line's end.
pub(super) fn split(text: &str) -> Result<Vec<String>, Reason> {
    let mut cells = Vec::with_capacity(23);
    let mut rest = text.strip_suffix('\r').unwrap_or(text);
    loop {
        let (cell, after) = match rest.strip_prefix('"') {
            Some(quoted) => quoted_cell(quoted)?,
            None => match rest.split_once(';') {
                Some((cell, after)) => (cell.to_owned(), Some(after)),
                None => (rest.to_owned(), None),
            },
        };
        cells.push(cell);
        match after {
            Some(_) if cells.len() >= MAX_CELLS => return Err(Reason::ColumnCount),
            Some(after) => rest = after,
            None => return Ok(cells),
        }
    }
}

/// A cell after its opening quote, and what follows the separator; no rest at the end of the line.
fn quoted_cell(text: &str) -> Result<(String, Option<&str>), Reason> {
    let mut cell = String::new();
    let mut rest = text;
    loop {
        let (before, after) = rest.split_once('"').ok_or(Reason::BadQuoting)?;
        cell.push_str(before);
        if let Some(continued) = after.strip_prefix('"') {
            cell.push('"');
            rest = continued;
        } else if after.is_empty() {
            return Ok((cell, None));
        } else {
            let following = after.strip_prefix(';').ok_or(Reason::BadQuoting)?;
            return Ok((cell, Some(following)));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cells(text: &str) -> Result<Vec<String>, Reason> {
        split(text)
    }

    #[test]
    fn cells_stand_between_semicolons_and_may_be_quoted() {
        let of = |parts: &[&str]| Ok(parts.iter().map(|p| (*p).to_owned()).collect::<Vec<_>>());
        assert_eq!(cells("a;b;c"), of(&["a", "b", "c"]));
        assert_eq!(cells("a;;"), of(&["a", "", ""]));
        assert_eq!(cells(""), of(&[""]));
        assert_eq!(cells("\"a;b\";c\r"), of(&["a;b", "c"]));
        assert_eq!(cells("\"a\"\"b\";\"\""), of(&["a\"b", ""]));
    }

    #[test]
    fn an_unclosed_quote_and_text_after_a_quote_are_refused() {
        assert_eq!(cells("\"a;b"), Err(Reason::BadQuoting));
        assert_eq!(cells("\"a\"b;c"), Err(Reason::BadQuoting));
    }

    #[test]
    fn a_line_of_very_many_cells_is_not_read_to_its_end() {
        assert_eq!(cells(&";".repeat(1_000_000)), Err(Reason::ColumnCount));
    }
}
