//! Digits as people type and paste them: Arabic-Indic (٠١٢) and Extended Arabic-Indic (۰۱۲) keyboards,
//! no-break spaces and the invisible direction marks that come along when a number is copied from an
//! Arabic page.
//!
//! It does not judge: what remains after cleaning is checked by the type that asked for it.

/// The ASCII digit for an Arabic-Indic (U+0660..U+0669) or Extended Arabic-Indic (U+06F0..U+06F9) digit;
/// any other character is given back unchanged.
#[must_use]
pub fn ascii_digit(c: char) -> char {
    let zero = match c {
        '\u{0660}'..='\u{0669}' => 0x0660,
        '\u{06F0}'..='\u{06F9}' => 0x06F0,
        _ => return c,
    };
    char::from_digit(u32::from(c) - zero, 10).unwrap_or(c)
}

/// The text with every Arabic digit replaced by its ASCII one; nothing else changes.
#[must_use]
pub fn to_ascii_digits(text: &str) -> String {
    text.chars().map(ascii_digit).collect()
}

/// Characters that take no room on the page: direction marks, embeddings and isolates, zero-width
/// characters, the byte-order mark.
#[must_use]
pub fn is_invisible(c: char) -> bool {
    matches!(
        c,
        '\u{061C}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}'
    )
}

/// The text with ASCII digits and without any space (no-break ones too) or invisible character: how
/// every identity number is cleaned before it is checked.
#[must_use]
pub fn squeeze(text: &str) -> String {
    text.chars()
        .filter(|c| !c.is_whitespace() && !is_invisible(*c))
        .map(ascii_digit)
        .collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn both_arabic_sets_become_ascii_digits_and_nothing_else_changes() {
        assert_eq!(to_ascii_digits("٠١٢٣٤٥٦٧٨٩"), "0123456789");
        assert_eq!(to_ascii_digits("۰۱۲۳۴۵۶۷۸۹"), "0123456789");
        assert_eq!(to_ascii_digits("رقم ٤٢ / A-7é"), "رقم 42 / A-7é");
    }

    #[test]
    fn spaces_and_direction_marks_are_squeezed_out() {
        assert_eq!(
            squeeze(" 12\u{00A0}3\u{202F}4\t\u{200F}٥\u{2066}۶\u{2069}\u{FEFF}\n"),
            "123456"
        );
        assert_eq!(squeeze("\u{061C}\u{200B}"), "");
    }

    proptest! {
        #[test]
        fn squeezing_twice_is_squeezing_once(text in ".{0,60}") {
            let once = squeeze(&text);
            prop_assert_eq!(squeeze(&once), once);
        }
    }
}
