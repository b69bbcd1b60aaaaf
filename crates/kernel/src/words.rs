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
