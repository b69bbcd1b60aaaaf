//! Why a request is refused: a reason from a closed list, which statistics count, and a sentence in both languages, which the member reads.

use kernel::Money;
use serde::{Deserialize, Serialize};

use super::{Opinion, is_text};
use crate::domain::ceiling::Left;

const SHORTEST_SENTENCE: usize = 10;
const LONGEST_SENTENCE: usize = 600;

/// A refusal as it is kept and told.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Refusal {
    pub(crate) reason: String,
    pub(crate) sentence_ar: String,
    pub(crate) sentence_fr: String,
}

impl std::fmt::Debug for Refusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Refusal")
    }
}

/// A reason with its name and a sentence to start from, in both languages.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Reason {
    pub(crate) code: &'static str,
    /// Of files that a health reviewer examined.
    pub(crate) health_only: bool,
    pub(crate) label_ar: &'static str,
    pub(crate) label_fr: &'static str,
    pub(crate) sentence_ar: &'static str,
    pub(crate) sentence_fr: &'static str,
}

/// Why a refusal cannot be taken as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum RefusalRefused {
    #[error("there is no such reason")]
    Reason,
    #[error("the Arabic sentence is missing, too long, or not in Arabic")]
    SentenceAr,
    #[error("the French sentence is missing, too long, or not in French")]
    SentenceFr,
    #[error("the file says the contrary of the reason")]
    Contradicted,
}

/// Every reason. No sentence speaks of anybody's health.
pub(crate) const REASONS: [Reason; 7] = [
    Reason {
        code: "conditions_not_met",
        health_only: false,
        label_ar: "عدم استيفاء الشروط",
        label_fr: "Conditions non remplies",
        sentence_ar: "لا يستوفي طلبكم جميع شروط هذه الخدمة. الشروط غير المستوفاة مبينة في صفحة الملف.",
        sentence_fr: "Votre demande ne remplit pas toutes les conditions de ce service. Celles qui manquent sont indiquées sur la page du dossier.",
    },
    Reason {
        code: "ceiling_reached",
        health_only: false,
        label_ar: "استنفاد السقف السنوي",
        label_fr: "Plafond annuel atteint",
        sentence_ar: "استنفد السقف السنوي المخصص للشخص المعني. يمكن تقديم طلب جديد ابتداء من السنة المقبلة.",
        sentence_fr: "Le plafond annuel de la personne concernée est atteint. Une nouvelle demande est possible à partir de l’année prochaine.",
    },
    Reason {
        code: "papers_insufficient",
        health_only: false,
        label_ar: "وثائق غير كافية",
        label_fr: "Pièces insuffisantes",
        sentence_ar: "الوثائق المدلى بها لا تكفي لإثبات المصاريف موضوع الطلب.",
        sentence_fr: "Les pièces remises ne suffisent pas à justifier les frais présentés.",
    },
    Reason {
        code: "no_answer",
        health_only: false,
        label_ar: "عدم الإدلاء بالمعلومات المطلوبة",
        label_fr: "Complément non fourni",
        sentence_ar: "لم تصلنا المعلومات أو الوثائق التي طلبناها منكم لاستكمال الملف.",
        sentence_fr: "Le complément que nous vous avons demandé ne nous est pas parvenu.",
    },
    Reason {
        code: "covered_elsewhere",
        health_only: false,
        label_ar: "مصاريف معوض عنها من جهة أخرى",
        label_fr: "Frais pris en charge par ailleurs",
        sentence_ar: "المصاريف موضوع الطلب معوض عنها كليا في إطار تغطية أخرى.",
        sentence_fr: "Les frais présentés sont entièrement pris en charge par une autre couverture.",
    },
    Reason {
        code: "already_decided",
        health_only: false,
        label_ar: "سبق البت في المصاريف نفسها",
        label_fr: "Frais déjà traités",
        sentence_ar: "سبق للمؤسسة أن بتت في المصاريف نفسها بمناسبة طلب آخر.",
        sentence_fr: "Les mêmes frais ont déjà fait l’objet d’une décision de la fondation.",
    },
    Reason {
        code: "opinion_unfavourable",
        health_only: true,
        label_ar: "رأي غير موافق",
        label_fr: "Avis défavorable",
        sentence_ar: "لم يحظ طلبكم برأي موافق بعد دراسة الوثائق المدلى بها.",
        sentence_fr: "Après étude des pièces remises, votre demande n’a pas reçu d’avis favorable.",
    },
];

/// The reasons that a file of this sort may be refused for.
pub(crate) fn reasons(health: bool) -> impl Iterator<Item = &'static Reason> {
    REASONS.iter().filter(move |reason| health || !reason.health_only)
}

pub(crate) fn reason(code: &str) -> Option<&'static Reason> {
    REASONS.iter().find(|reason| reason.code == code)
}

/// What the file itself says, as far as it is known.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Known {
    /// Whether every condition of the rules holds; none where they have nothing to say.
    pub(crate) eligible: Option<bool>,
    pub(crate) left: Option<Left>,
    pub(crate) opinion: Option<Opinion>,
}

/// No member reads a reason that the page beside it denies: conditions are not unmet while each of them holds, a ceiling is not reached while
/// something of it is left, an opinion is not unfavourable while the one that holds is favourable.
///
/// # Errors
/// [`RefusalRefused::Contradicted`].
pub(crate) fn must_not_be_denied(code: &str, known: Known) -> Result<(), RefusalRefused> {
    let denied = match code {
        "conditions_not_met" => known.eligible == Some(true),
        "ceiling_reached" => match known.left {
            Some(Left::Money(left)) => left > Money::ZERO,
            Some(Left::Uses(left)) => left > 0,
            None => false,
        },
        "opinion_unfavourable" => matches!(known.opinion, Some(Opinion::Favourable { .. })),
        _ => false,
    };
    if denied {
        Err(RefusalRefused::Contradicted)
    } else {
        Ok(())
    }
}

impl Refusal {
    /// # Errors
    /// A reason that is not for this sort of file; a sentence that is not 10 to 600 characters of its own script.
    pub(crate) fn new(
        health: bool,
        code: &str,
        sentence_ar: &str,
        sentence_fr: &str,
    ) -> Result<Self, RefusalRefused> {
        let reason = reasons(health)
            .find(|reason| reason.code == code)
            .ok_or(RefusalRefused::Reason)?;
        let (ar, fr) = (sentence_ar.trim(), sentence_fr.trim());
        let fits = |text| is_text(text, SHORTEST_SENTENCE, LONGEST_SENTENCE);
        // Whoever leaves a language out, or puts one in the other's place, is told before the member reads it.
        if !fits(ar) || !has_arabic(ar) {
            return Err(RefusalRefused::SentenceAr);
        }
        if !fits(fr) || has_arabic(fr) {
            return Err(RefusalRefused::SentenceFr);
        }
        Ok(Self {
            reason: reason.code.to_owned(),
            sentence_ar: ar.to_owned(),
            sentence_fr: fr.to_owned(),
        })
    }
}

fn has_arabic(text: &str) -> bool {
    text.chars().any(|c| ('\u{0621}'..='\u{064A}').contains(&c))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reason_can_be_given_with_the_sentence_it_starts_from() {
        for reason in &REASONS {
            let refusal = Refusal::new(true, reason.code, reason.sentence_ar, reason.sentence_fr);
            assert_eq!(refusal.map(|refusal| refusal.reason).as_deref(), Ok(reason.code));
            assert!(
                has_arabic(reason.label_ar) && !has_arabic(reason.label_fr),
                "{}",
                reason.code
            );
        }
    }

    #[test]
    fn a_refusal_without_a_reason_or_a_sentence_in_each_language_is_refused() {
        let (ar, fr) = (REASONS[0].sentence_ar, REASONS[0].sentence_fr);
        let code = REASONS[0].code;
        let long = "م".repeat(601);
        for (code, ar, fr, expected) in [
            ("", ar, fr, RefusalRefused::Reason),
            ("because", ar, fr, RefusalRefused::Reason),
            (code, "", fr, RefusalRefused::SentenceAr),
            (code, fr, fr, RefusalRefused::SentenceAr),
            (code, &long, fr, RefusalRefused::SentenceAr),
            (code, ar, "", RefusalRefused::SentenceFr),
            (code, ar, "Non.", RefusalRefused::SentenceFr),
            (code, ar, ar, RefusalRefused::SentenceFr),
            (code, ar, "Refus\u{0} sans motif", RefusalRefused::SentenceFr),
        ] {
            assert_eq!(
                Refusal::new(true, code, ar, fr),
                Err(expected),
                "{code} {expected:?}"
            );
        }
    }

    #[test]
    fn a_reason_that_the_file_denies_is_refused() {
        let favourable = Opinion::Favourable {
            retained_cost: Money::from_centimes(100),
        };
        let (some, none) = (Left::Money(Money::from_centimes(1)), Left::Money(Money::ZERO));
        for (code, eligible, left, opinion, denied) in [
            ("conditions_not_met", Some(true), None, None, true),
            ("conditions_not_met", Some(false), None, None, false),
            ("conditions_not_met", None, None, None, false),
            ("ceiling_reached", Some(true), Some(some), None, true),
            ("ceiling_reached", Some(false), Some(none), None, false),
            ("ceiling_reached", None, Some(Left::Uses(1)), None, true),
            ("ceiling_reached", None, Some(Left::Uses(0)), None, false),
            ("ceiling_reached", None, None, None, false),
            ("opinion_unfavourable", None, None, Some(favourable), true),
            (
                "opinion_unfavourable",
                None,
                None,
                Some(Opinion::Unfavourable),
                false,
            ),
            (
                "papers_insufficient",
                Some(true),
                Some(some),
                Some(favourable),
                false,
            ),
        ] {
            let known = Known {
                eligible,
                left,
                opinion,
            };
            assert_eq!(
                must_not_be_denied(code, known).is_err(),
                denied,
                "{code} {known:?}"
            );
        }
    }

    #[test]
    fn an_opinion_is_no_reason_where_nobody_gives_one() {
        let health = REASONS.iter().find(|reason| reason.health_only).expect("one");
        let refused = Refusal::new(false, health.code, health.sentence_ar, health.sentence_fr);
        assert_eq!(refused, Err(RefusalRefused::Reason));
    }

    #[test]
    fn no_reason_names_an_illness() {
        for reason in &REASONS {
            for text in [
                reason.label_ar,
                reason.label_fr,
                reason.sentence_ar,
                reason.sentence_fr,
            ] {
                for stem in ["malad", "cancer", "oncolog", "médic", "مرض", "سرطان", "طبي"] {
                    assert!(!text.to_lowercase().contains(stem), "{text}");
                }
            }
        }
    }
}
