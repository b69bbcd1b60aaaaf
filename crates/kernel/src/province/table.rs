//! The table behind [`super::Province`]: the country's 75 prefectures and provinces by ISO 3166-2 code, sorted
//! by code, with their region and their place in the air transport support.
//!
//! Names are those of the administrative division of 2015; other usual names stand as aliases. The airport
//! column is filled for the provinces of the air transport support only and says "an airport lies there",
//! not "it is served today".

use super::Kind::{self, Prefecture, Province};

/// Whether the air transport support lists the province, and its airport's IATA code.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Air {
    NotListed,
    NoAirport,
    Airport(&'static str),
}

/// How many there are; small enough for an index of one byte.
pub(super) const COUNT: u8 = 75;

pub(super) struct Row {
    pub(super) iso: &'static str,
    pub(super) ar: &'static str,
    pub(super) fr: &'static str,
    pub(super) kind: Kind,
    /// Number of the region, 1 to 12.
    pub(super) region: u8,
    pub(super) air: Air,
    pub(super) aliases: &'static [&'static str],
}

const fn row(
    iso: &'static str,
    ar: &'static str,
    fr: &'static str,
    kind: Kind,
    region: u8,
    air: Air,
    aliases: &'static [&'static str],
) -> Row {
    Row {
        iso,
        ar,
        fr,
        kind,
        region,
        air,
        aliases,
    }
}

#[rustfmt::skip]
pub(super) static ROWS: [Row; COUNT as usize] = [
    row("MA-AGD", "أكادير إداوتنان", "Agadir-Ida-Ou-Tanane", Prefecture, 9, Air::NotListed, &["أكادير", "أكادير إدا وتنان", "Agadir"]),
    row("MA-AOU", "أوسرد", "Aousserd", Province, 12, Air::NotListed, &[]),
    row("MA-ASZ", "أسا الزاك", "Assa-Zag", Province, 10, Air::NoAirport, &["آسا الزاك"]),
    row("MA-AZI", "أزيلال", "Azilal", Province, 5, Air::NotListed, &[]),
    row("MA-BEM", "بني ملال", "Béni Mellal", Province, 5, Air::NotListed, &[]),
    row("MA-BER", "بركان", "Berkane", Province, 2, Air::NoAirport, &[]),
    row("MA-BES", "بنسليمان", "Benslimane", Province, 6, Air::NotListed, &[]),
    row("MA-BOD", "بوجدور", "Boujdour", Province, 11, Air::NoAirport, &[]),
    row("MA-BOM", "بولمان", "Boulemane", Province, 3, Air::NotListed, &[]),
    row("MA-BRR", "برشيد", "Berrechid", Province, 6, Air::NotListed, &[]),
    row("MA-CAS", "الدار البيضاء", "Casablanca", Prefecture, 6, Air::NotListed, &["Dar El Beida"]),
    row("MA-CHE", "شفشاون", "Chefchaouen", Province, 1, Air::NotListed, &[]),
    row("MA-CHI", "شيشاوة", "Chichaoua", Province, 7, Air::NotListed, &[]),
    row("MA-CHT", "اشتوكة آيت باها", "Chtouka-Ait Baha", Province, 9, Air::NotListed, &["شتوكة آيت باها", "Chtouka"]),
    row("MA-DRI", "الدريوش", "Driouch", Province, 2, Air::NoAirport, &[]),
    row("MA-ERR", "الراشيدية", "Errachidia", Province, 8, Air::Airport("ERH"), &[]),
    row("MA-ESI", "الصويرة", "Essaouira", Province, 7, Air::NotListed, &[]),
    row("MA-ESM", "السمارة", "Es-Semara", Province, 11, Air::Airport("SMW"), &["Smara", "Es Smara"]),
    row("MA-FAH", "الفحص أنجرة", "Fahs-Anjra", Province, 1, Air::NotListed, &[]),
    row("MA-FES", "فاس", "Fès", Prefecture, 3, Air::NotListed, &["Fez"]),
    row("MA-FIG", "فكيك", "Figuig", Province, 2, Air::Airport("UAR"), &["بوعرفة", "Bouarfa", "فجيج"]),
    row("MA-FQH", "الفقيه بن صالح", "Fquih Ben Salah", Province, 5, Air::NotListed, &[]),
    row("MA-GUE", "كلميم", "Guelmim", Province, 10, Air::Airport("GLN"), &[]),
    row("MA-GUF", "كرسيف", "Guercif", Province, 2, Air::NoAirport, &["جرسيف"]),
    row("MA-HAJ", "الحاجب", "El Hajeb", Province, 3, Air::NotListed, &[]),
    row("MA-HAO", "الحوز", "Al Haouz", Province, 7, Air::NotListed, &[]),
    row("MA-HOC", "الحسيمة", "Al Hoceïma", Province, 1, Air::Airport("AHU"), &[]),
    row("MA-IFR", "إفران", "Ifrane", Province, 3, Air::NotListed, &[]),
    row("MA-INE", "إنزكان آيت ملول", "Inezgane-Ait Melloul", Prefecture, 9, Air::NotListed, &["إنزكان", "Inezgane"]),
    row("MA-JDI", "الجديدة", "El Jadida", Province, 6, Air::NotListed, &[]),
    row("MA-JRA", "جرادة", "Jerada", Province, 2, Air::NoAirport, &[]),
    row("MA-KEN", "القنيطرة", "Kénitra", Province, 4, Air::NotListed, &[]),
    row("MA-KES", "قلعة السراغنة", "El Kelâa des Sraghna", Province, 7, Air::NotListed, &["El Kelaa"]),
    row("MA-KHE", "الخميسات", "Khémisset", Province, 4, Air::NotListed, &[]),
    row("MA-KHN", "خنيفرة", "Khénifra", Province, 5, Air::NotListed, &[]),
    row("MA-KHO", "خريبكة", "Khouribga", Province, 5, Air::NotListed, &[]),
    row("MA-LAA", "العيون", "Laâyoune", Province, 11, Air::Airport("EUN"), &[]),
    row("MA-LAR", "العرائش", "Larache", Province, 1, Air::NotListed, &[]),
    row("MA-MAR", "مراكش", "Marrakech", Prefecture, 7, Air::NotListed, &[]),
    row("MA-MDF", "المضيق الفنيدق", "M'diq-Fnideq", Prefecture, 1, Air::NotListed, &["المضيق", "M'diq"]),
    row("MA-MED", "مديونة", "Médiouna", Province, 6, Air::NotListed, &[]),
    row("MA-MEK", "مكناس", "Meknès", Prefecture, 3, Air::NotListed, &[]),
    row("MA-MID", "ميدلت", "Midelt", Province, 8, Air::NoAirport, &[]),
    row("MA-MOH", "المحمدية", "Mohammadia", Prefecture, 6, Air::NotListed, &[]),
    row("MA-MOU", "مولاي يعقوب", "Moulay Yacoub", Province, 3, Air::NotListed, &[]),
    row("MA-NAD", "الناظور", "Nador", Province, 2, Air::Airport("NDR"), &[]),
    row("MA-NOU", "النواصر", "Nouaceur", Province, 6, Air::NotListed, &["Nouasser"]),
    row("MA-OUA", "ورزازات", "Ouarzazate", Province, 8, Air::Airport("OZZ"), &[]),
    row("MA-OUD", "وادي الذهب", "Oued Ed-Dahab", Province, 12, Air::Airport("VIL"), &["الداخلة", "Dakhla"]),
    row("MA-OUJ", "وجدة أنجاد", "Oujda-Angad", Prefecture, 2, Air::Airport("OUD"), &["وجدة", "Oujda"]),
    row("MA-OUZ", "وزان", "Ouezzane", Province, 1, Air::NotListed, &["Ouazzane"]),
    row("MA-RAB", "الرباط", "Rabat", Prefecture, 4, Air::NotListed, &[]),
    row("MA-REH", "الرحامنة", "Rehamna", Province, 7, Air::NotListed, &["Ben Guerir", "ابن جرير"]),
    row("MA-SAF", "آسفي", "Safi", Province, 7, Air::NotListed, &["أسفي"]),
    row("MA-SAL", "سلا", "Salé", Prefecture, 4, Air::NotListed, &[]),
    row("MA-SEF", "صفرو", "Sefrou", Province, 3, Air::NotListed, &[]),
    row("MA-SET", "سطات", "Settat", Province, 6, Air::NotListed, &[]),
    row("MA-SIB", "سيدي بنور", "Sidi Bennour", Province, 6, Air::NotListed, &[]),
    row("MA-SIF", "سيدي إفني", "Sidi Ifni", Province, 10, Air::NoAirport, &[]),
    row("MA-SIK", "سيدي قاسم", "Sidi Kacem", Province, 4, Air::NotListed, &[]),
    row("MA-SIL", "سيدي سليمان", "Sidi Slimane", Province, 4, Air::NotListed, &[]),
    row("MA-SKH", "الصخيرات تمارة", "Skhirate-Témara", Prefecture, 4, Air::NotListed, &["تمارة", "Témara", "الصخيرات", "Skhirate"]),
    row("MA-TAF", "طرفاية", "Tarfaya", Province, 11, Air::NoAirport, &[]),
    row("MA-TAI", "تاوريرت", "Taourirt", Province, 2, Air::NoAirport, &[]),
    row("MA-TAO", "تاونات", "Taounate", Province, 3, Air::NotListed, &[]),
    row("MA-TAR", "تارودانت", "Taroudannt", Province, 9, Air::NotListed, &["Taroudant"]),
    row("MA-TAT", "طاطا", "Tata", Province, 9, Air::NoAirport, &[]),
    row("MA-TAZ", "تازة", "Taza", Province, 3, Air::NotListed, &[]),
    row("MA-TET", "تطوان", "Tétouan", Province, 1, Air::NotListed, &[]),
    row("MA-TIN", "تنغير", "Tinghir", Province, 8, Air::NoAirport, &["Tinerhir"]),
    row("MA-TIZ", "تيزنيت", "Tiznit", Province, 9, Air::NotListed, &[]),
    row("MA-TNG", "طنجة أصيلة", "Tanger-Assilah", Prefecture, 1, Air::NotListed, &["طنجة", "Tanger"]),
    row("MA-TNT", "طانطان", "Tan-Tan", Province, 10, Air::Airport("TTA"), &["طان طان", "Tantan"]),
    row("MA-YUS", "اليوسفية", "Youssoufia", Province, 7, Air::NotListed, &[]),
    row("MA-ZAG", "زاكورة", "Zagora", Province, 8, Air::Airport("OZG"), &[]),
];

/// The regions by number (1 to 12): Arabic and French name.
pub(super) const REGIONS: [(&str, &str); 12] = [
    ("طنجة تطوان الحسيمة", "Tanger-Tétouan-Al Hoceïma"),
    ("الشرق", "L'Oriental"),
    ("فاس مكناس", "Fès-Meknès"),
    ("الرباط سلا القنيطرة", "Rabat-Salé-Kénitra"),
    ("بني ملال خنيفرة", "Béni Mellal-Khénifra"),
    ("الدار البيضاء سطات", "Casablanca-Settat"),
    ("مراكش آسفي", "Marrakech-Safi"),
    ("درعة تافيلالت", "Drâa-Tafilalet"),
    ("سوس ماسة", "Souss-Massa"),
    ("كلميم واد نون", "Guelmim-Oued Noun"),
    ("العيون الساقية الحمراء", "Laâyoune-Sakia El Hamra"),
    ("الداخلة وادي الذهب", "Dakhla-Oued Ed-Dahab"),
];
