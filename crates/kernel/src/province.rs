//! Morocco's prefectures and provinces by ISO 3166-2 code, with their names, and the list of the air
//! transport support (newsletter no. 2): 25 printed names that are 24 provinces, because Bouarfa is the seat of Figuig.
//!
//! It does not know where a member works, nor since when a province has been on the list: those are facts
//! and rules of the services.

mod table;

use std::fmt;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::digits::is_invisible;
use crate::locale::Locale;
use table::{Air, COUNT, REGIONS, ROWS, Row};

/// A prefecture or province. Serialised as its ISO code; ordered by it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "&'static str")]
pub struct Province(u8);

/// A code or a name that no prefecture or province bears.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("not a prefecture or province of Morocco")]
pub struct UnknownProvince;

/// The two kinds of the administrative division.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// Mostly urban (عمالة).
    Prefecture,
    /// Mostly rural (إقليم).
    Province,
}

/// The 25 names that the air transport support prints, in its order: Arabic, French, ISO code.
pub const AIR_SUPPORT_NAMES: [(&str, &str, &str); 25] = [
    ("الحسيمة", "Al Hoceïma", "MA-HOC"),
    ("وجدة", "Oujda-Angad", "MA-OUJ"),
    ("الناظور", "Nador", "MA-NAD"),
    ("الدريوش", "Driouch", "MA-DRI"),
    ("جرادة", "Jerada", "MA-JRA"),
    ("بركان", "Berkane", "MA-BER"),
    ("تاوريرت", "Taourirt", "MA-TAI"),
    ("كرسيف", "Guercif", "MA-GUF"),
    ("بوعرفة", "Bouarfa", "MA-FIG"),
    ("فكيك", "Figuig", "MA-FIG"),
    ("الراشيدية", "Errachidia", "MA-ERR"),
    ("ورزازات", "Ouarzazate", "MA-OUA"),
    ("ميدلت", "Midelt", "MA-MID"),
    ("تنغير", "Tinghir", "MA-TIN"),
    ("زاكورة", "Zagora", "MA-ZAG"),
    ("طاطا", "Tata", "MA-TAT"),
    ("كلميم", "Guelmim", "MA-GUE"),
    ("أسا الزاك", "Assa-Zag", "MA-ASZ"),
    ("طانطان", "Tan-Tan", "MA-TNT"),
    ("سيدي إفني", "Sidi Ifni", "MA-SIF"),
    ("العيون", "Laâyoune", "MA-LAA"),
    ("بوجدور", "Boujdour", "MA-BOD"),
    ("طرفاية", "Tarfaya", "MA-TAF"),
    ("السمارة", "Es-Semara", "MA-ESM"),
    ("الداخلة", "Oued Ed-Dahab (Dakhla)", "MA-OUD"),
];

impl Province {
    /// Every prefecture and province, in the order of the codes.
    pub fn all() -> impl ExactSizeIterator<Item = Province> {
        (0..COUNT).map(Province)
    }

    /// The provinces of the air transport support, in the order of the codes.
    pub fn air_support() -> impl Iterator<Item = Province> {
        Self::all().filter(|province| province.is_air_support())
    }

    /// Reads an ISO 3166-2 code in its exact spelling, as in `MA-HOC`.
    pub fn from_iso(code: &str) -> Result<Self, UnknownProvince> {
        let at = ROWS
            .binary_search_by(|row| row.iso.cmp(code))
            .map_err(|_| UnknownProvince)?;
        u8::try_from(at).map(Province).map_err(|_| UnknownProvince)
    }

    /// Finds a province by its Arabic or French name or a usual other name. Case, accents, hyphens, the
    /// written forms of alif and a leading "province de", "إقليم" or the like do not matter.
    #[must_use]
    pub fn find_by_name(name: &str) -> Option<Self> {
        let wanted = folded(name);
        if wanted.is_empty() {
            return None;
        }
        let matches = |known: &str| folded(known) == wanted;
        Self::all()
            .find(|province| {
                let row = province.row();
                matches(row.ar) || matches(row.fr) || row.aliases.iter().copied().any(matches)
            })
            .or_else(|| {
                let printed = AIR_SUPPORT_NAMES
                    .iter()
                    .find(|(ar, fr, _)| matches(ar) || matches(fr));
                printed.and_then(|(_, _, iso)| Self::from_iso(iso).ok())
            })
    }

    /// The ISO 3166-2 code, as in `MA-HOC`.
    #[must_use]
    pub fn iso(self) -> &'static str {
        self.row().iso
    }

    /// The name in Arabic.
    #[must_use]
    pub fn name_ar(self) -> &'static str {
        self.row().ar
    }

    /// The name in French.
    #[must_use]
    pub fn name_fr(self) -> &'static str {
        self.row().fr
    }

    /// The name in that language.
    #[must_use]
    pub fn name(self, locale: Locale) -> &'static str {
        match locale {
            Locale::Ar => self.name_ar(),
            Locale::Fr => self.name_fr(),
        }
    }

    /// Prefecture or province.
    #[must_use]
    pub fn kind(self) -> Kind {
        self.row().kind
    }

    /// Number of the region, 1 to 12.
    #[must_use]
    pub fn region(self) -> u8 {
        self.row().region
    }

    /// Name of the region in that language.
    #[must_use]
    pub fn region_name(self, locale: Locale) -> &'static str {
        let (ar, fr) = REGIONS[usize::from(self.row().region) - 1];
        match locale {
            Locale::Ar => ar,
            Locale::Fr => fr,
        }
    }

    /// Whether the air transport support lists it.
    #[must_use]
    pub fn is_air_support(self) -> bool {
        self.row().air != Air::NotListed
    }

    /// IATA code of the airport that lies in a province of the air transport support; `None` elsewhere.
    #[must_use]
    pub fn airport(self) -> Option<&'static str> {
        match self.row().air {
            Air::Airport(code) => Some(code),
            Air::NoAirport | Air::NotListed => None,
        }
    }

    fn row(self) -> &'static Row {
        &ROWS[usize::from(self.0)]
    }
}

impl fmt::Debug for Province {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Province({})", self.iso())
    }
}

impl fmt::Display for Province {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.iso())
    }
}

impl std::str::FromStr for Province {
    type Err = UnknownProvince;

    fn from_str(code: &str) -> Result<Self, UnknownProvince> {
        Self::from_iso(code)
    }
}

impl TryFrom<String> for Province {
    type Error = UnknownProvince;

    fn try_from(code: String) -> Result<Self, UnknownProvince> {
        Self::from_iso(&code)
    }
}

impl From<Province> for &'static str {
    fn from(province: Province) -> Self {
        province.iso()
    }
}

/// The name as it is compared: lower case, no accents, one space between words, no generic first word.
fn folded(name: &str) -> String {
    const GENERIC: [&str; 7] = [
        "province de la ",
        "province de ",
        "province d ",
        "prefecture de ",
        "prefecture d ",
        "اقليم ",
        "عماله ",
    ];
    let letters: String = name
        .chars()
        .filter(|c| !is_invisible(*c))
        .flat_map(char::to_lowercase)
        .filter_map(fold)
        .collect();
    let words = letters.split_whitespace().collect::<Vec<_>>().join(" ");
    GENERIC
        .iter()
        .find_map(|first| words.strip_prefix(first))
        .unwrap_or(&words)
        .to_owned()
}

/// One character as it is compared; `None` for marks that are left out.
fn fold(c: char) -> Option<char> {
    Some(match c {
        'à' | 'á' | 'â' | 'ä' => 'a',
        'ç' => 'c',
        'è' | 'é' | 'ê' | 'ë' => 'e',
        'î' | 'ï' | 'í' => 'i',
        'ô' | 'ö' | 'ó' => 'o',
        'ù' | 'û' | 'ü' | 'ú' => 'u',
        'أ' | 'إ' | 'آ' | 'ٱ' => 'ا',
        'ى' => 'ي',
        'ة' => 'ه',
        'ڭ' | 'گ' | 'ݣ' => 'ك',
        // Vowel signs, combining accents and the stretching line carry no meaning in a name.
        '\u{064B}'..='\u{0652}' | '\u{0640}' | '\u{0300}'..='\u{036F}' => return None,
        '-' | '\'' | '\u{2019}' | '\u{2010}'..='\u{2014}' | '(' | ')' | '.' | '_' => ' ',
        other => other,
    })
}

#[cfg(test)]
mod tests;
