//! The words of every message, in both languages. One exhaustive table per language, so that a new kind of message
//! does not compile until both are written.
//!
//! What never stands here: an illness, the name of a benefit, a request number, a person's name. A message says that
//! there is something to read and where to sign in.

mod ar;
mod fr;

use kernel::Locale;

use crate::domain::message::Kind;

/// What stands in the inbox.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct InboxText {
    pub(crate) title: &'static str,
    pub(crate) body: &'static str,
}

/// What stands in a mail, apart from its link and the hour until which the link is valid.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct MailText {
    pub(crate) subject: &'static str,
    pub(crate) greeting: &'static str,
    /// Before the link.
    pub(crate) opening: &'static [&'static str],
    pub(crate) button: &'static str,
    /// `(before, after)` the hour; only a link that expires has it.
    pub(crate) valid_until: Option<(&'static str, &'static str)>,
    /// After the link.
    pub(crate) closing: &'static [&'static str],
    pub(crate) if_button_fails: &'static str,
    pub(crate) signature: &'static str,
    pub(crate) automatic: &'static str,
}

/// The inbox text; the link to open an account stands in no inbox, but its row is filled like the others.
pub(crate) fn inbox(kind: Kind, locale: Locale) -> InboxText {
    match locale {
        Locale::Ar => ar::inbox(kind),
        Locale::Fr => fr::inbox(kind),
    }
}

pub(crate) fn mail(kind: Kind, locale: Locale) -> MailText {
    match locale {
        Locale::Ar => ar::mail(kind),
        Locale::Fr => fr::mail(kind),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Stems that would show an illness, a benefit or a number, in either language.
    const NEVER: [&str; 18] = [
        "santé",
        "malad",
        "médic",
        "handicap",
        "aide ",
        "prêt",
        "avance",
        "colonie",
        "hadj",
        "bourse",
        "Aid_",
        "صح",
        "مرض",
        "طبي",
        "إعاقة",
        "إعانة",
        "سلفة",
        "منحة",
    ];

    #[test]
    fn no_text_names_an_illness_a_benefit_or_a_number() {
        for kind in Kind::ALL {
            for locale in [Locale::Ar, Locale::Fr] {
                let (inbox, mail) = (inbox(kind, locale), mail(kind, locale));
                let mut all = vec![inbox.title, inbox.body, mail.subject, mail.button];
                all.extend(mail.opening);
                all.extend(mail.closing);
                for text in all {
                    for stem in NEVER {
                        assert!(!text.contains(stem), "{} says {stem}: {text}", kind.as_str());
                    }
                    assert!(!text.contains('/'), "{} may show a number: {text}", kind.as_str());
                }
            }
        }
    }

    #[test]
    fn french_is_set_as_french_is_and_says_one_word_for_one_thing() {
        for kind in Kind::ALL {
            let (inbox, mail) = (inbox(kind, Locale::Fr), mail(kind, Locale::Fr));
            let mut all = vec![inbox.title, inbox.body, mail.subject, mail.button];
            all.extend([mail.if_button_fails, mail.signature, mail.automatic]);
            all.extend(mail.opening.iter().chain(mail.closing));
            for text in all {
                for sign in [" :", " ;", " ?", " !", "« ", " »"] {
                    assert!(
                        !text.contains(sign),
                        "a line may break before or after a sign: {text}"
                    );
                }
                assert!(!text.contains("courriel"), "it is an e-mail everywhere: {text}");
                assert!(!text.contains("la Fondation"), "{text}");
            }
        }
    }

    #[test]
    fn each_language_is_written_in_its_own_script() {
        let arabic = |text: &str| text.chars().any(|c| ('\u{0600}'..='\u{06FF}').contains(&c));
        for kind in Kind::ALL {
            assert!(arabic(inbox(kind, Locale::Ar).body) && arabic(mail(kind, Locale::Ar).subject));
            assert!(!arabic(inbox(kind, Locale::Fr).body) && !arabic(mail(kind, Locale::Fr).subject));
        }
    }
}
