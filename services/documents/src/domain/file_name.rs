//! The name that a person's device gave a file: kept for display only, never used for storage, and never able to lead a reader astray.

/// Longest name in characters.
const LONGEST: usize = 120;

/// A name that can be shown: no folders, no control characters, no characters that turn the direction of text, not empty.
pub(crate) fn displayable(given: &str) -> String {
    let last = given.rsplit(['/', '\\']).next().unwrap_or_default();
    let clean: String = last
        .chars()
        .filter(|c| !c.is_control() && !turns_text(*c))
        .collect();
    let clean = clean.trim().trim_start_matches('.').trim();
    if clean.is_empty() {
        return "document.pdf".to_owned();
    }
    if clean.chars().count() <= LONGEST {
        return clean.to_owned();
    }
    // The ending tells the reader what the file is: it survives the cut.
    let ending: String = clean
        .rsplit_once('.')
        .map_or(String::new(), |(_, ending)| format!(".{ending}"));
    let ending = if ending.chars().count() > 10 {
        String::new()
    } else {
        ending
    };
    let kept: String = clean.chars().take(LONGEST - 1 - ending.chars().count()).collect();
    format!("{kept}…{ending}")
}

fn turns_text(c: char) -> bool {
    matches!(c, '\u{061C}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn folders_controls_and_direction_marks_go() {
        assert_eq!(displayable("../../etc/passwd"), "passwd");
        assert_eq!(displayable("C:\\Users\\x\\rapport.pdf"), "rapport.pdf");
        assert_eq!(displayable("rap\u{202E}fdp.exe\r\n"), "rapfdp.exe");
        assert_eq!(displayable("  .. "), "document.pdf");
        assert_eq!(displayable("تقرير طبي.pdf"), "تقرير طبي.pdf");
    }

    #[test]
    fn a_long_name_keeps_its_ending() {
        let name = displayable(&format!("{}.pdf", "a".repeat(300)));
        assert_eq!(name.chars().count(), LONGEST);
        assert!(name.ends_with("….pdf"));
    }

    proptest! {
        #[test]
        fn any_name_becomes_one_that_can_be_shown(given: String) {
            let name = displayable(&given);
            prop_assert!(!name.is_empty() && name.chars().count() <= LONGEST);
            prop_assert!(!name.contains(['/', '\\', '\n', '\r', '\0']));
        }
    }
}
