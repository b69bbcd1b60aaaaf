//! The numbers of the text question in words, in French and Arabic, and the reading of what people type for them.

use kernel::Locale;

const FRENCH: [&str; 19] = [
    "zéro", "un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix", "onze", "douze",
    "treize", "quatorze", "quinze", "seize", "dix-sept", "dix-huit",
];

const ARABIC: [&str; 19] = [
    "صفر",
    "واحد",
    "اثنان",
    "ثلاثة",
    "أربعة",
    "خمسة",
    "ستة",
    "سبعة",
    "ثمانية",
    "تسعة",
    "عشرة",
    "أحد عشر",
    "اثنا عشر",
    "ثلاثة عشر",
    "أربعة عشر",
    "خمسة عشر",
    "ستة عشر",
    "سبعة عشر",
    "ثمانية عشر",
];

/// Other spellings in use for the same numbers: feminine or short forms, and the oblique case.
const ALSO: [(&str, u8); 14] = [
    ("une", 1),
    ("اثنين", 2),
    ("إثنان", 2),
    ("ثلاث", 3),
    ("أربع", 4),
    ("خمس", 5),
    ("ست", 6),
    ("سبع", 7),
    ("ثماني", 8),
    ("ثمان", 8),
    ("تسع", 9),
    ("عشر", 10),
    ("إحدى عشر", 11),
    ("اثني عشر", 12),
];

/// The number in words; `None` above 18.
pub(crate) fn in_words(number: u8, locale: Locale) -> Option<&'static str> {
    let words = match locale {
        Locale::Fr => &FRENCH,
        Locale::Ar => &ARABIC,
    };
    words.get(usize::from(number)).copied()
}

/// Reads a typed answer: digits of any of our scripts, or a word in either language. `None` when it is no number from 0 to 99.
pub(crate) fn read(text: &str) -> Option<u8> {
    let digits = kernel::digits::squeeze(text);
    if (1..=2).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit()) {
        return digits.parse().ok();
    }
    let typed = fold(text);
    let mut known = FRENCH
        .iter()
        .zip(0_u8..)
        .chain(ARABIC.iter().zip(0_u8..))
        .map(|(word, number)| (*word, number));
    known
        .find(|(word, _)| fold(word) == typed)
        .or_else(|| ALSO.into_iter().find(|(word, _)| fold(word) == typed))
        .map(|(_, n)| n)
}

/// What two spellings of one word have in common: no capitals, accents, vowel signs or hyphens, one space between words.
fn fold(text: &str) -> String {
    let letters: String = text
        .chars()
        .filter(|c| {
            !kernel::digits::is_invisible(*c)
                && !matches!(c, '\u{064B}'..='\u{0652}' | '\u{0670}' | '\u{0640}')
        })
        .flat_map(char::to_lowercase)
        .map(|c| match c {
            'é' | 'è' | 'ê' => 'e',
            'أ' | 'إ' | 'آ' => 'ا',
            'ة' => 'ه',
            'ى' => 'ي',
            '-' | '\u{2010}'..='\u{2014}' | '.' | '!' => ' ',
            other => other,
        })
        .collect();
    letters.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn each_number_is_read_back_from_its_words_and_digits() {
        for number in 0..=18_u8 {
            for locale in [Locale::Ar, Locale::Fr] {
                assert_eq!(read(in_words(number, locale).unwrap()), Some(number));
            }
            assert_eq!(read(&format!("  {number} ")), Some(number));
        }
        assert_eq!(in_words(19, Locale::Fr), None);
    }

    #[test]
    fn the_ways_people_type_seven_and_seventeen_are_taken() {
        for seven in [
            "7",
            "٧",
            "۷",
            "sept",
            "SEPT",
            " Sept. ",
            "سبعة",
            "سَبْعَة",
            "سبعه",
            "سبع",
            "07",
        ] {
            assert_eq!(read(seven), Some(7), "{seven}");
        }
        for seventeen in ["17", "١٧", "dix-sept", "dix sept", "Dix‑Sept", "سبعة عشر"] {
            assert_eq!(read(seventeen), Some(17), "{seventeen}");
        }
    }

    #[test]
    fn anything_else_is_no_number() {
        for other in ["", " ", "7a", "sept huit", "007", "-7", "سبعون"] {
            assert_eq!(read(other), None, "{other}");
        }
    }

    proptest! {
        #[test]
        fn reading_never_panics(text in ".*") {
            let _ = read(&text);
        }
    }
}
