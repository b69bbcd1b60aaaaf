//! Which passwords are taken: length, no common one, not essentially the foundation's own words (NIST SP 800-63B). No rule about kinds of
//! characters, nothing is cut, spaces and every script are welcome.

use std::collections::HashSet;

use super::field::WrongField;

/// Never below this, whatever the settings say.
pub(crate) const LENGTH_FLOOR: usize = 8;
/// Fewer different characters than this is a pattern, not a password.
const FEWEST_DIFFERENT: usize = 5;
/// What must remain of a password once the foundation's words, digits and signs are taken out of it.
const FEWEST_OWN_LETTERS: usize = 8;
/// Runs along which fingers slide: digits, alphabet, the two keyboards in use here.
const RUNS: [&str; 9] = [
    "01234567890123456789",
    "98765432109876543210",
    "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz",
    "zyxwvutsrqponmlkjihgfedcba",
    "qwertyuiopasdfghjklzxcvbnm",
    "azertyuiopqsdfghjklmwxcvbn",
    "ضصثقفغعهخحجدشسيبلاتنمكطئءؤرىةوزظ",
    "mnbvcxzlkjhgfdsapoiuytrewq",
    "nbvcxwmlkjhgfdsqpoiuytreza",
];

/// The rules of one installation.
pub(crate) struct PasswordRules {
    least: usize,
    most: usize,
    common: HashSet<String>,
    context_words: Vec<String>,
}

impl PasswordRules {
    /// `common` is one password a line; lines that start with `#` are comments.
    pub(crate) fn new(least: usize, most: usize, common: &str, context_words: &[String]) -> Self {
        let common = common
            .lines()
            .map(str::trim)
            .filter(|line| !line.is_empty() && !line.starts_with('#'));
        let mut context_words: Vec<String> = context_words
            .iter()
            .map(|word| fold(word))
            .filter(|w| !w.is_empty())
            .collect();
        // Longest first, so that "fondationtadamon" is taken out whole before its parts.
        context_words.sort_by_key(|word| std::cmp::Reverse(word.chars().count()));
        Self {
            least: least.max(LENGTH_FLOOR),
            most,
            common: common.map(fold).collect(),
            context_words,
        }
    }

    /// How many common passwords are known.
    #[cfg(test)]
    fn common_count(&self) -> usize {
        self.common.len()
    }

    /// Takes a new password or says why not; `field` is its name in the form.
    pub(crate) fn check(&self, password: &str, field: &'static str) -> Result<(), WrongField> {
        let length = password.chars().count();
        if length == 0 {
            return Err(WrongField::new(field, "PASSWORD_REQUIRED", "Choose a password."));
        }
        if length < self.least {
            return Err(WrongField::new(
                field,
                "PASSWORD_TOO_SHORT",
                "The password is too short: use a sentence of several words.",
            ));
        }
        if length > self.most {
            return Err(WrongField::new(
                field,
                "PASSWORD_TOO_LONG",
                "The password is too long.",
            ));
        }
        let folded = fold(password);
        if self.is_common(&folded) {
            return Err(WrongField::new(
                field,
                "PASSWORD_COMMON",
                "This password is among the first that are tried: choose another.",
            ));
        }
        if self.is_context(&folded) {
            return Err(WrongField::new(
                field,
                "PASSWORD_CONTEXT",
                "Choose other words than those of the foundation.",
            ));
        }
        Ok(())
    }

    /// Every run of 4 to 8 digits of a password: what may be its owner's matricule, for the caller to compare.
    pub(crate) fn digit_runs(password: &str) -> Vec<String> {
        let digits = kernel::digits::to_ascii_digits(password);
        digits
            .split(|c: char| !c.is_ascii_digit())
            .flat_map(|run| {
                (4..=8.min(run.len())).flat_map(move |length| {
                    (0..=run.len() - length).map(move |start| run[start..start + length].to_owned())
                })
            })
            .collect()
    }

    /// What to say of a password that holds its owner's matricule.
    pub(crate) fn holds_matricule(field: &'static str) -> WrongField {
        WrongField::new(
            field,
            "PASSWORD_CONTEXT",
            "Leave your matricule out of the password.",
        )
    }

    fn is_common(&self, folded: &str) -> bool {
        let different: HashSet<char> = folded.chars().collect();
        if different.len() < FEWEST_DIFFERENT || self.common.contains(folded) || is_run(folded) {
            return true;
        }
        let core: String = folded.chars().filter(|c| c.is_alphanumeric()).collect();
        let stem = core.trim_end_matches(|c: char| c.is_ascii_digit());
        [core.as_str(), stem]
            .into_iter()
            .any(|text| self.common.contains(text) || is_run(text))
            || repeated_unit(&core)
                .is_some_and(|unit| unit.chars().count() <= 4 || self.common.contains(unit) || is_run(unit))
    }

    fn is_context(&self, folded: &str) -> bool {
        let mut rest = folded.to_owned();
        for word in &self.context_words {
            rest = rest.replace(word.as_str(), " ");
        }
        rest != folded && rest.chars().filter(|c| c.is_alphabetic()).count() < FEWEST_OWN_LETTERS
    }
}

/// One spelling for look-ups: lower case, the commonest substitutions undone, Arabic letters without hamza and vowel signs.
fn fold(text: &str) -> String {
    kernel::digits::to_ascii_digits(text)
        .chars()
        .filter(|c| !matches!(c, '\u{064B}'..='\u{0652}' | '\u{0640}'))
        .flat_map(char::to_lowercase)
        .map(|c| match c {
            '@' => 'a',
            '$' => 's',
            'é' | 'è' | 'ê' => 'e',
            'à' | 'â' => 'a',
            'ç' => 'c',
            'أ' | 'إ' | 'آ' => 'ا',
            other => other,
        })
        .collect()
}

/// Whether the text slides along one of the runs, from anywhere in it.
fn is_run(text: &str) -> bool {
    text.chars().count() >= 4
        && RUNS
            .iter()
            .any(|run| run.contains(text) || run.repeat(2).contains(text))
}

/// The shortest text that, repeated, gives this one (the last time possibly cut); `None` when it does not repeat.
fn repeated_unit(text: &str) -> Option<&str> {
    let length = text.chars().count();
    let ends = text.char_indices().map(|(at, _)| at).skip(1).take(length / 2);
    ends.map(|end| &text[..end])
        .find(|unit| text.chars().zip(unit.chars().cycle()).all(|(a, b)| a == b))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn rules_from(least: usize) -> PasswordRules {
        let words = [
            "tadamon",
            "fondation",
            "fosmef",
            "matricule",
            "finances",
            "تضامن",
            "مؤسسة",
        ]
        .map(str::to_owned);
        PasswordRules::new(least, 128, crate::COMMON_PASSWORDS, &words)
    }

    fn reason(password: &str) -> Option<&'static str> {
        rules_from(15)
            .check(password, "password")
            .err()
            .map(|field| field.reason)
    }

    #[test]
    fn the_length_counts_characters_of_any_script_from_15_to_128() {
        assert_eq!(reason(""), Some("PASSWORD_REQUIRED"));
        assert_eq!(reason("grue lampe ocre"), None);
        assert_eq!(reason("grue lampe ocr"), Some("PASSWORD_TOO_SHORT"));
        assert_eq!(reason("قمر نهر جبل بحر"), None);
        assert_eq!(reason("🐫🌵🌴🏜🐪 mint tea 12"), None);
        assert_eq!(reason(&"x1y2z3 quai ".repeat(20)), Some("PASSWORD_TOO_LONG"));
    }

    #[test]
    fn a_sentence_of_64_or_128_characters_is_taken_whole() {
        let words = "brume cactus tortue violon marbre safran gazelle oursin lavande pierre tambour figue comete jasmin ruche sardine boussole canal olive";
        let hundred_and_twenty_eight: String = words.chars().take(128).collect();
        assert_eq!(hundred_and_twenty_eight.chars().count(), 128);
        assert_eq!(reason(&hundred_and_twenty_eight), None);
        assert_eq!(reason(&words.chars().take(64).collect::<String>()), None);
    }

    #[test]
    fn a_common_password_is_refused_in_any_dress() {
        for common in [
            "passwordpassword",
            "PasswordPassword",
            "P@ssw0rdP@ssw0rd",
            "motdepassemotdepasse",
            "123456789012345",
            "azertyuiopqsdfghjklm",
            "qwertyuiopasdfghjkl",
            "aaaaaaaaaaaaaaaaaaaa",
            "abababababababab",
            "azertyazertyazerty",
            "Azerty123456789!",
            "password1234567890",
        ] {
            assert_eq!(reason(common), Some("PASSWORD_COMMON"), "{common}");
        }
    }

    #[test]
    fn words_of_the_foundation_alone_are_refused_and_beside_own_words_are_taken() {
        for context in [
            "Tadamon-Fondation-2026",
            "fosmef@finances2026",
            "matricule90000001",
            "مؤسسة تضامن 2026!",
        ] {
            assert_eq!(reason(context), Some("PASSWORD_CONTEXT"), "{context}");
        }
        assert_eq!(reason("ma fondation de sable rouge"), None);
    }

    #[test]
    fn the_floor_of_eight_holds_whatever_the_setting() {
        let rules = rules_from(4);
        assert_eq!(
            rules.check("bx7 kq!", "password").unwrap_err().reason,
            "PASSWORD_TOO_SHORT"
        );
        assert!(rules.check("bx7 kq!w", "password").is_ok());
        assert_eq!(
            rules.check("password", "password").unwrap_err().reason,
            "PASSWORD_COMMON"
        );
    }

    #[test]
    fn the_committed_list_has_its_size() {
        assert!(rules_from(15).common_count() >= 1_000);
    }

    proptest! {
        #[test]
        fn checking_never_panics(password in ".{0,200}") {
            let _ = rules_from(15).check(&password, "password");
        }
    }
}
