//! Names in both scripts, paired, as they are spelled in Morocco. Common ones only: no combination means anybody.

/// French and Arabic spelling.
pub(super) type Name = (&'static str, &'static str);

pub(super) const FAMILY: &[Name] = &[
    ("Aït Baha", "آيت باها"),
    ("Aït Benhaddou", "آيت بنحدو"),
    ("Aït Daoud", "آيت داود"),
    ("Aït Ider", "آيت إيدر"),
    ("Aït Melloul", "آيت ملول"),
    ("Aït Oumghar", "آيت أومغار"),
    ("Aït Salah", "آيت صالح"),
    ("Aït Taleb", "آيت طالب"),
    ("Ben Abdallah", "بن عبد الله"),
    ("Ben Hamou", "بن حمو"),
    ("Ben Tahar", "بن الطاهر"),
    ("Bencheikh", "بنشيخ"),
    ("Benhima", "بنهيمة"),
    ("Benkirane", "بنكيران"),
    ("Benmoussa", "بنموسى"),
    ("Bennani", "بناني"),
    ("Benslimane", "بنسليمان"),
    ("El Hamri", "الحمري"),
    ("El Amrani", "العمراني"),
    ("El Bakkali", "البقالي"),
    ("El Fassi", "الفاسي"),
    ("El Ghazi", "الغازي"),
    ("El Hajji", "الحاجي"),
    ("El Kadiri", "القادري"),
    ("El Khattabi", "الخطابي"),
    ("El Moutawakil", "المتوكل"),
    ("El Ouali", "الوالي"),
    ("El Yaagoubi", "اليعقوبي"),
    ("Alaoui", "العلوي"),
    ("Amrani", "عمراني"),
    ("Azzouzi", "عزوزي"),
    ("Bakkali", "بقالي"),
    ("Belhaj", "بلحاج"),
    ("Bouhaddou", "بوحدو"),
    ("Boukili", "البوكيلي"),
    ("Bousfiha", "بوصفيحة"),
    ("Chafik", "شفيق"),
    ("Cherkaoui", "الشرقاوي"),
    ("Daoudi", "الداودي"),
    ("Fikri", "فكري"),
    ("Filali", "الفيلالي"),
    ("Ghallab", "غلاب"),
    ("Haddad", "حداد"),
    ("Hakimi", "حكيمي"),
    ("Hamdaoui", "الحمداوي"),
    ("Jabri", "الجابري"),
    ("Kabbaj", "القباج"),
    ("Lamrini", "لمريني"),
    ("Loukili", "اللوكيلي"),
    ("Mansour", "منصور"),
    ("Naciri", "الناصري"),
    ("Ouahbi", "وهبي"),
    ("Qadiri", "قادري"),
    ("Rami", "رامي"),
    ("Saïdi", "السعيدي"),
    ("Skalli", "الصقلي"),
    ("Slaoui", "السلاوي"),
    ("Tazi", "التازي"),
    ("Touzani", "التوزاني"),
    ("Zaki", "زكي"),
    ("Zerouali", "الزروالي"),
    ("Ziani", "الزياني"),
];

pub(super) const WOMEN: &[Name] = &[
    ("Aïcha", "عائشة"),
    ("Amal", "أمل"),
    ("Asmae", "أسماء"),
    ("Bouchra", "بشرى"),
    ("Chaïmae", "شيماء"),
    ("Fatiha", "فتيحة"),
    ("Fatima", "فاطمة"),
    ("Ghita", "غيثة"),
    ("Hafsa", "حفصة"),
    ("Hanane", "حنان"),
    ("Ikram", "إكرام"),
    ("Imane", "إيمان"),
    ("Jamila", "جميلة"),
    ("Kaoutar", "كوثر"),
    ("Kenza", "كنزة"),
    ("Laïla", "ليلى"),
    ("Lamia", "لمياء"),
    ("Loubna", "لبنى"),
    ("Malika", "مليكة"),
    ("Mariam", "مريم"),
    ("Meryem", "مريم"),
    ("Naïma", "نعيمة"),
    ("Najat", "نجاة"),
    ("Nawal", "نوال"),
    ("Nezha", "نزهة"),
    ("Oumaïma", "أميمة"),
    ("Rajae", "رجاء"),
    ("Saïda", "سعيدة"),
    ("Sanae", "سناء"),
    ("Siham", "سهام"),
    ("Soukaina", "سكينة"),
    ("Touria", "ثرية"),
    ("Widad", "وداد"),
    ("Wiam", "وئام"),
    ("Zahra", "زهرة"),
    ("Zakia", "زكية"),
];

pub(super) const MEN: &[Name] = &[
    ("Abdelaziz", "عبد العزيز"),
    ("Abdelhak", "عبد الحق"),
    ("Abdellah", "عبد الله"),
    ("Abdelilah", "عبد الإله"),
    ("Adil", "عادل"),
    ("Ahmed", "أحمد"),
    ("Ali", "علي"),
    ("Aziz", "عزيز"),
    ("Badr", "بدر"),
    ("Bilal", "بلال"),
    ("El Mehdi", "المهدي"),
    ("Fouad", "فؤاد"),
    ("Hakim", "حكيم"),
    ("Hassan", "حسن"),
    ("Hicham", "هشام"),
    ("Houssine", "الحسين"),
    ("Ismaïl", "إسماعيل"),
    ("Jamal", "جمال"),
    ("Jaouad", "جواد"),
    ("Kamal", "كمال"),
    ("Khalid", "خالد"),
    ("Larbi", "العربي"),
    ("Marouane", "مروان"),
    ("Mounir", "منير"),
    ("Mourad", "مراد"),
    ("Nabil", "نبيل"),
    ("Noureddine", "نور الدين"),
    ("Othmane", "عثمان"),
    ("Rachid", "رشيد"),
    ("Reda", "رضا"),
    ("Saad", "سعد"),
    ("Saïd", "سعيد"),
    ("Tarik", "طارق"),
    ("Walid", "وليد"),
    ("Younes", "يونس"),
    ("Zakaria", "زكرياء"),
];

/// The local part of an address: `aïcha`, `El Fassi` become `aicha.elfassi`.
pub(crate) fn address_part(first: &str, last: &str) -> String {
    let plain = |text: &str| text.chars().filter_map(ascii).collect::<String>();
    format!("{}.{}", plain(first), plain(last))
}

fn ascii(c: char) -> Option<char> {
    match c {
        'é' | 'è' | 'ê' | 'ë' => Some('e'),
        'à' | 'â' => Some('a'),
        'ï' | 'î' => Some('i'),
        'ô' => Some('o'),
        'û' | 'ü' => Some('u'),
        'ç' => Some('c'),
        other => Some(other.to_ascii_lowercase()).filter(char::is_ascii_lowercase),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_plain_letters() {
        assert_eq!(address_part("Aïcha", "El Fassi"), "aicha.elfassi");
        for (name, _) in FAMILY.iter().chain(WOMEN).chain(MEN) {
            let part = address_part(name, name);
            assert!(
                part.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'.'),
                "{part}"
            );
        }
    }

    #[test]
    fn every_name_is_written_in_both_scripts() {
        for (fr, ar) in FAMILY.iter().chain(WOMEN).chain(MEN) {
            assert!(
                fr.chars().any(|c| c.is_ascii_alphabetic())
                    && ar
                        .chars()
                        .all(|c| c == ' ' || ('\u{0620}'..='\u{064A}').contains(&c)),
                "{fr} {ar}"
            );
        }
    }
}
