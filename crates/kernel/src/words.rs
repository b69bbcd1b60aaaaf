//! Closed lists of words (a position, a role, a language): one macro gives each enum its snake_case
//! spelling, its reader and its serde form, so that the three can never disagree.
//!
//! It does not translate: labels for people belong to the portal's message files.

use thiserror::Error;

/// A word that is not in the list it should come from. The word itself is not repeated, because it may be
/// something personal typed into the wrong field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("not a known {kind}")]
pub struct UnknownWord {
    /// Which list: "position", "role" ...
    pub kind: &'static str,
}

/// Declares an enum with its spellings: `as_str`, `parse`, `ALL`, `Display`, `FromStr`, serde as a string.
macro_rules! words {
    (
        $(#[$meta:meta])*
        pub enum $name:ident ($kind:literal) {
            $( $(#[$variant_meta:meta])* $variant:ident = $word:literal, )+
        }
    ) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        pub enum $name {
            $( $(#[$variant_meta])* #[serde(rename = $word)] $variant, )+
        }

        impl $name {
            /// Every value, in the order of declaration.
            pub const ALL: &'static [$name] = &[ $( $name::$variant, )+ ];

            /// The spelling used on the wire, in settings and in databases.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $( $name::$variant => $word, )+ }
            }

            /// Reads the exact spelling of [`Self::as_str`]; nothing is trimmed or folded.
            pub fn parse(word: &str) -> Result<Self, $crate::words::UnknownWord> {
                match word {
                    $( $word => Ok($name::$variant), )+
                    _ => Err($crate::words::UnknownWord { kind: $kind }),
                }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::words::UnknownWord;

            fn from_str(word: &str) -> Result<Self, Self::Err> {
                Self::parse(word)
            }
        }
    };
}

pub(crate) use words;

#[cfg(test)]
mod tests {
    use crate::{AgeMode, Assurance, CallerKind, Locale, Position, Role, UnknownWord};

    fn every_word_reads_back<T>(all: &[T], as_str: fn(T) -> &'static str, kind: &'static str)
    where
        T: Copy
            + PartialEq
            + std::fmt::Debug
            + std::fmt::Display
            + std::str::FromStr<Err = UnknownWord>
            + serde::Serialize
            + serde::de::DeserializeOwned,
    {
        for &value in all {
            let word = as_str(value);
            assert_eq!(word.parse::<T>(), Ok(value));
            assert_eq!(value.to_string(), word);
            assert_eq!(serde_json::to_value(value).unwrap(), serde_json::json!(word));
            assert_eq!(
                serde_json::from_value::<T>(serde_json::json!(word)).unwrap(),
                value
            );
            assert!(
                word.bytes().all(|b| b.is_ascii_lowercase() || b == b'_'),
                "{word} is not snake_case"
            );
        }
        for wrong in ["", " ", "ACTIVE", "active ", "no_such_word"] {
            assert_eq!(wrong.parse::<T>(), Err(UnknownWord { kind }));
        }
    }

    #[test]
    fn every_word_of_every_list_reads_back_in_its_one_spelling() {
        every_word_reads_back(Position::ALL, Position::as_str, "position");
        every_word_reads_back(Locale::ALL, Locale::as_str, "locale");
        every_word_reads_back(CallerKind::ALL, CallerKind::as_str, "caller kind");
        every_word_reads_back(Role::ALL, Role::as_str, "role");
        every_word_reads_back(Assurance::ALL, Assurance::as_str, "assurance level");
        every_word_reads_back(AgeMode::ALL, AgeMode::as_str, "age mode");
    }

    #[test]
    fn the_error_names_the_list_and_not_what_was_typed() {
        let error = Position::parse("ZZ123456").unwrap_err();
        assert_eq!(error.to_string(), "not a known position");
    }
}
