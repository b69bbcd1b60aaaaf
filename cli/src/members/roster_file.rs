//! The roster as a file: what makes the whole of it unusable is found before anything is sent, in one pass with bounded memory.
//!
//! What a line means is membership's to say; nothing here looks into a cell.

use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;

use ring::digest;

use crate::exit::Failure;

/// The header of the published contract, `docs/roster-csv.md`.
pub(crate) const HEADER: &str = "row_type;matricule;relative_no;child_key;last_name_fr;first_name_fr;last_name_ar;first_name_ar;sex;birth_date;cin;pension_number;position;position_from;position_to;province_iso;external_services;rib;email;language;disability;guardian_no;death_date";

const BOM: &[u8] = b"\xEF\xBB\xBF";
/// Longer lines are cut: membership refuses them by their length, not by what they hold.
const LONGEST_LINE: usize = 8 * 1024;
const BUFFER: usize = 64 * 1024;

/// A file that may be sent.
#[derive(Debug)]
pub(crate) struct Checked {
    /// The header as it stands in the file.
    pub(crate) header: String,
    /// Lines after the header.
    pub(crate) lines: u64,
    /// SHA-256 in hexadecimal.
    pub(crate) sha256: String,
}

/// Reads the whole file once: encoding, header, number of lines, digest.
pub(crate) fn check(path: &Path) -> Result<Checked, Failure> {
    let name = path.display();
    let mut file =
        File::open(path).map_err(|error| Failure::usage(format!("cannot open {name}: {error}")))?;
    let mut digest = digest::Context::new(&digest::SHA256);
    let mut buffer = vec![0; BUFFER];
    let mut undecided: Vec<u8> = Vec::new();
    let (mut line, mut is_at_start) = (1_u64, true);
    loop {
        let read = file
            .read(&mut buffer)
            .map_err(|error| Failure::usage(format!("cannot read {name}: {error}")))?;
        if read == 0 {
            break;
        }
        let bytes = &buffer[..read];
        digest.update(bytes);
        undecided.extend_from_slice(bytes);
        let valid = match std::str::from_utf8(&undecided) {
            Ok(_) => undecided.len(),
            // A character may be cut at the buffer's end; anything else is not UTF-8.
            Err(error) if error.error_len().is_none() => error.valid_up_to(),
            Err(error) => {
                let before = undecided[..error.valid_up_to()]
                    .iter()
                    .filter(|byte| **byte == b'\n')
                    .count();
                return Err(Failure::refused(format!(
                    "{name} is not UTF-8 (line {}): save it as UTF-8; nothing was applied",
                    line + before as u64
                )));
            }
        };
        let decided = undecided.drain(..valid);
        for byte in decided {
            is_at_start = byte == b'\n';
            line += u64::from(is_at_start);
        }
    }
    if !undecided.is_empty() {
        return Err(Failure::refused(format!(
            "{name} ends in the middle of a character; nothing was applied"
        )));
    }
    let lines = line - u64::from(is_at_start);
    let mut first = Lines::open(path)?;
    let header = first.next_line()?.unwrap_or_default();
    if header.trim_end_matches('\r') != HEADER {
        return Err(Failure::refused(format!(
            "the first line of {name} is not the header of the roster contract (docs/roster-csv.md); nothing was applied"
        )));
    }
    // An export that broke off looks so; a roster of nobody is never meant.
    if lines < 2 {
        return Err(Failure::refused(format!(
            "{name} has no line after its header; nothing was applied"
        )));
    }
    Ok(Checked {
        header,
        lines: lines - 1,
        sha256: hex::encode(digest.finish()),
    })
}

/// The lines of a file, one at a time, without their end.
pub(crate) struct Lines {
    reader: BufReader<File>,
    is_first: bool,
}

impl Lines {
    pub(crate) fn open(path: &Path) -> Result<Self, Failure> {
        let file = File::open(path)
            .map_err(|error| Failure::usage(format!("cannot open {}: {error}", path.display())))?;
        Ok(Self {
            reader: BufReader::with_capacity(BUFFER, file),
            is_first: true,
        })
    }

    /// The next line; a longer one than any good line is cut, the byte-order mark is taken off the first.
    pub(crate) fn next_line(&mut self) -> Result<Option<String>, Failure> {
        let gone = |error: std::io::Error| Failure::usage(format!("cannot read the roster: {error}"));
        let mut bytes = Vec::with_capacity(512);
        let mut is_any = false;
        loop {
            let available = self.reader.fill_buf().map_err(gone)?;
            if available.is_empty() {
                break;
            }
            is_any = true;
            let end = available.iter().position(|byte| *byte == b'\n');
            let taken = end.map_or(available.len(), |at| at + 1);
            let room = LONGEST_LINE.saturating_sub(bytes.len());
            bytes.extend_from_slice(&available[..end.unwrap_or(taken).min(room)]);
            self.reader.consume(taken);
            if end.is_some() {
                break;
            }
        }
        if !is_any {
            return Ok(None);
        }
        let text = if std::mem::take(&mut self.is_first) {
            bytes.strip_prefix(BOM).unwrap_or(&bytes)
        } else {
            &bytes
        };
        // A cut line may end in the middle of a character: what it was does not matter any more.
        Ok(Some(String::from_utf8_lossy(text).into_owned()))
    }
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use platform::ids::random;

    use super::*;

    struct Scratch(PathBuf);

    impl Scratch {
        fn with(bytes: &[u8]) -> Self {
            let path =
                std::env::temp_dir().join(format!("tadamon-roster-{}.csv", hex::encode(random::<8>())));
            std::fs::write(&path, bytes).unwrap();
            Self(path)
        }
    }

    impl Drop for Scratch {
        fn drop(&mut self) {
            let _stays_behind = std::fs::remove_file(&self.0);
        }
    }

    fn lines(bytes: &[u8]) -> Vec<String> {
        let scratch = Scratch::with(bytes);
        let mut lines = Lines::open(&scratch.0).unwrap();
        std::iter::from_fn(|| lines.next_line().unwrap()).collect()
    }

    #[test]
    fn a_byte_order_mark_and_windows_line_ends_are_allowed_and_lines_are_counted() {
        for (text, count) in [
            (format!("\u{FEFF}{HEADER}\r\na\r\nb\r\n"), 2),
            (format!("{HEADER}\na\nb"), 2),
            (format!("{HEADER}\n\n"), 1),
        ] {
            assert_eq!(
                check(&Scratch::with(text.as_bytes()).0).unwrap().lines,
                count,
                "{text:?}"
            );
        }
    }

    #[test]
    fn a_wrong_encoding_or_header_or_nothing_after_it_refuses_the_file() {
        let latin: Vec<u8> = [HEADER.as_bytes(), b"\nmember;A\xEFt"].concat();
        let utf16: Vec<u8> = HEADER.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let with_mark: Vec<u8> = [b"\xFF\xFE".as_slice(), &utf16].concat();
        let cut: Vec<u8> = [HEADER.as_bytes(), b"\n\xD8"].concat();
        let missing = HEADER.replace(";rib", "");
        let added = format!("{HEADER};is_admin");
        for bytes in [
            &latin[..],
            &utf16,
            &with_mark,
            &cut,
            b"",
            missing.as_bytes(),
            added.as_bytes(),
            HEADER.as_bytes(),
            format!("\u{FEFF}{HEADER}\r\n").as_bytes(),
        ] {
            assert_eq!(check(&Scratch::with(bytes).0).unwrap_err().code(), 65);
        }
        assert_eq!(check(Path::new("/no/such/file")).unwrap_err().code(), 64);
    }

    #[test]
    fn a_character_cut_by_the_buffer_is_still_a_character() {
        let text = format!("{HEADER}\n{}", "é".repeat(BUFFER));
        check(&Scratch::with(text.as_bytes()).0).unwrap();
        check(&Scratch::with(format!("{HEADER}\nx{}", "é".repeat(BUFFER)).as_bytes()).0).unwrap();
    }

    #[test]
    fn a_very_long_line_is_cut_and_the_next_one_is_whole() {
        let found = lines(&[&vec![b'x'; 3 * BUFFER][..], b"\nnext\n"].concat());
        assert_eq!(
            (found[0].len(), found[1].as_str(), found.len()),
            (LONGEST_LINE, "next", 2)
        );
    }

    #[test]
    fn the_published_page_names_the_header() {
        let page = include_str!("../../../docs/roster-csv.md");
        assert!(page.contains(HEADER));
        for column in HEADER.split(';') {
            assert!(
                page.contains(&format!("| `{column}` |")),
                "{column} has no row in docs/roster-csv.md"
            );
        }
    }
}
